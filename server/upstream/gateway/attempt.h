// One HTTP request and the reading of its answer, to exactly one end. No retry, no judgement.
//
// An attempt whose answer is whole outlives its caller for a moment (Lingering): a server that ends its
// response cleanly leaves a connection the next request can use, one that does not is closed.
#pragma once

#include "server/config/config.h"
#include "server/support/clock.h"
#include "server/support/url.h"
#include "server/upstream/http/http.h"
#include "server/upstream/wire/decoder.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace dragoman::gateway {

class Attempt;

/// Answered attempts whose response may still be ending. Loop thread.
class Lingering {
public:
    explicit Lingering(Clock& clock) : clock_{clock} {}
    void keep(std::shared_ptr<Attempt> attempt);
    void drop(const Attempt* attempt) { kept_.erase(attempt); }

private:
    struct Kept {
        std::shared_ptr<Attempt> attempt;
        Timer timer;
    };
    Clock& clock_;
    std::map<const Attempt*, Kept> kept_;
};

/// How an attempt ended.
struct Ending {
    std::optional<Error> error{};        // nothing: the answer is whole; not signed yet, may quote a key
    bool lost_connection = false;        // before any byte of an answer: another connection may do
    std::optional<Milliseconds> hold{};  // the gateway wants no request for so long
};

/// Loop thread.
class Attempt final : public http::Listener, public std::enable_shared_from_this<Attempt> {
public:
    /// Each function may abandon or drop the attempt, after which none is called again.
    struct Owner {
        virtual ~Owner() = default;
        virtual void on_head(const http::Head& head) = 0;
        /// Everything but Done, Truncated and Failed, which are the ending.
        virtual void on_wire_event(const wire::Event& event) = 0;
        virtual void on_ending(Ending ending) = 0;
    };

    Attempt(Clock& clock, Lingering& lingering, std::shared_ptr<const config::Provider> provider,
            Origin origin, wire::DecoderOptions reading, Owner& owner);

    /// Sends. Calls nothing from inside.
    void start(http::Client& client, http::Request request);
    /// Closes the connection and silences.
    void abandon();

    void on_head(const http::Head& head) override;
    void on_bytes(std::string_view bytes) override;
    void on_end(const std::optional<http::Failure>& failure, const http::Timings& timings) override;

private:
    void give(const wire::Events& events);
    void give_terminal(const wire::Event& event);
    void watch_for_stragglers();
    void end(Ending ending);
    Error failure_as_error() const;

    Clock& clock_;
    Lingering& lingering_;
    std::shared_ptr<const config::Provider> provider_;
    Origin origin_;
    std::function<std::string(std::string_view)> redact_;  // of `reading`
    wire::Decoder decoder_;
    Owner* owner_;
    http::Timeouts limits_{};
    std::optional<http::Head> head_;
    std::optional<http::Failure> failure_;
    bool body_over_ = false;
    Timer grace_;
    std::unique_ptr<http::Transfer> transfer_;  // last: its end silences the listener that the rest is
};

}  // namespace dragoman::gateway
