// Sees to one receipt for each model that was really asked, whichever way a call ends, and to a guess of what
// it used where the gateway does not tell.
#pragma once

#include "server/upstream/gateway/context.h"
#include "server/upstream/gateway/gateway.h"
#include "server/upstream/wire/tokens.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dragoman::gateway {

/// Of a request's body, without the gateway's tokenizer: its texts, and its pictures by their number.
std::int64_t prompt_tokens(const std::string& model, const Json& body);

/// Part of a call; its end, with a request under way, is a cancel. Loop thread.
class Meter {
public:
    /// Says nothing of a call without a purpose.
    Meter(Context& context, Purpose purpose) : context_{context}, purpose_{std::move(purpose)} {}
    ~Meter() { cancel(); }
    Meter(const Meter&) = delete;
    Meter& operator=(const Meter&) = delete;

    /// A request to `model` ("provider/model") goes out: the first one, or one more of the same call.
    void sent(const std::string& model, std::int64_t prompt_tokens);
    /// A piece of the answer or of the model's reasoning.
    void heard(std::string_view piece);
    /// What an attempt used; those of one model are added up.
    void count(const wire::Usage& usage);

    // The end for this model. Nothing where no request went out since the last one.
    void complete() { end("complete", true); }
    void cancel() { end("cancelled", true); }
    void fail(const Error& error);

    /// With a request under way: the receipt of a cancel now.
    Receipt receipt() const;
    const Purpose& purpose() const { return purpose_; }

private:
    void end(std::string_view outcome, bool was_work);

    Context& context_;
    const Purpose purpose_;
    std::optional<Receipt> open_;
    std::optional<wire::TokenCounter> counter_;  // the model's, while a request is under way
    wire::TokenCounter::Sum heard_;              // since the last request
    Clock::Time begun_{};
};

}  // namespace dragoman::gateway
