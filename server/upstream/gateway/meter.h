// Sees to one receipt for each model that was really asked, whichever way a call ends.
#pragma once

#include "server/upstream/gateway/context.h"
#include "server/upstream/gateway/gateway.h"

#include <optional>
#include <string>
#include <string_view>

namespace dragoman::gateway {

/// Part of a call; its end, with a request under way, is a cancel. Loop thread.
class Meter {
public:
    /// Says nothing of a call without a purpose.
    Meter(Context& context, Purpose purpose) : context_{context}, purpose_{std::move(purpose)} {}
    ~Meter() { cancel(); }
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;

    /// A request to `model` ("provider/model") goes out: the first one, or one more of the same call.
    void sent(const std::string& model);
    /// What an attempt used; those of one model are added up.
    void count(const wire::Usage& usage);

    // The end for this model. Nothing where no request went out since the last one.
    void complete() { end("complete"); }
    void cancel() { end("cancelled"); }
    void fail(const Error& error) { end(wire_name(error.kind)); }

private:
    void end(std::string_view outcome);

    Context& context_;
    const Purpose purpose_;
    std::optional<Receipt> open_;
    Clock::Time begun_{};
};

}  // namespace dragoman::gateway
