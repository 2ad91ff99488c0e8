#include "server/upstream/gateway/attempt.h"

#include "server/upstream/gateway/http_errors.h"
#include "server/upstream/wire/errors.h"

#include <utility>

namespace dragoman::gateway {
namespace {

/// How long a response may take to end after its answer did, for the connection's sake.
constexpr Milliseconds kLinger{50};
/// How long usage and the closing marker may follow the finish reason (upstream.md QF10).
constexpr Milliseconds kStragglers{2'000};

}  // namespace

void Lingering::keep(std::shared_ptr<Attempt> attempt) {
    const Attempt* name = attempt.get();
    kept_[name] = {.attempt = std::move(attempt),
                   .timer = clock_.after(kLinger, [this, name] { drop(name); })};
}

Attempt::Attempt(Clock& clock, Lingering& lingering, std::shared_ptr<const config::Provider> provider,
                 Origin origin, wire::DecoderOptions reading, Owner& owner)
    : clock_{clock},
      lingering_{lingering},
      provider_{std::move(provider)},
      origin_{std::move(origin)},
      redact_{reading.redact},
      decoder_{std::move(reading)},
      owner_{&owner} {}

void Attempt::start(http::Client& client, http::Request request) {
    limits_ = request.timeouts;
    transfer_ = client.start(std::move(request), *this);
}

void Attempt::abandon() {
    owner_ = nullptr;
    grace_.reset();
    transfer_.reset();
}

void Attempt::on_head(const http::Head& head) {
    const auto self = shared_from_this();
    head_ = head;
    if (redact_) {
        for (auto& [name, value] : head_->headers) value = redact_(value);
    }
    if (head.status >= 300 && head.status < 400) {
        // Not followed: a key belongs to one origin.
        return end({.error = wire::read_error(head_->status, head_->headers, {})});
    }
    decoder_.head(head_->status, head_->headers);
    owner_->on_head(*head_);
}

void Attempt::on_bytes(std::string_view bytes) {
    if (!owner_) return;  // lingering
    const auto self = shared_from_this();
    wire::Events events;
    decoder_.feed(bytes, events);
    give(events);
    watch_for_stragglers();
}

void Attempt::on_end(const std::optional<http::Failure>& failure, const http::Timings&) {
    const auto self = shared_from_this();
    body_over_ = true;
    if (!owner_) return lingering_.drop(this);
    failure_ = failure;
    if (!head_) {
        return end({.error = failure ? failure_as_error() : truncated_error(),
                    .lost_connection = failure && lost_connection(*failure)});
    }
    wire::Events events;
    decoder_.end(failure ? wire::Decoder::End::cut : wire::Decoder::End::complete, events);
    give(events);
    if (owner_) give_terminal(wire::Truncated{});
}

void Attempt::give(const wire::Events& events) {
    for (const auto& event : events) {
        if (!owner_) return;
        const bool terminal = std::holds_alternative<wire::Done>(event) ||
                              std::holds_alternative<wire::Truncated>(event) ||
                              std::holds_alternative<wire::Failed>(event);
        terminal ? give_terminal(event) : owner_->on_wire_event(event);
    }
}

void Attempt::give_terminal(const wire::Event& event) {
    Ending ending;
    const auto* failed = std::get_if<wire::Failed>(&event);
    // How the connection failed explains a broken answer best, unless the gateway was saying why itself.
    const bool explained = failed && head_->status >= 400;
    if (!std::holds_alternative<wire::Done>(event) && failure_ && !explained) {
        ending.error = failure_as_error();
    } else if (failed) {
        ending.error = failed->error;
    } else if (std::holds_alternative<wire::Truncated>(event)) {
        ending.error = truncated_error();
    }
    if (ending.error) {
        auto& error = *ending.error;
        if (error.http_status == 0) error.http_status = head_->status;
        if (!error.retry_after) error.retry_after = wire::retry_after(head_->headers, clock_.wall());
        if (error.kind == ErrorKind::rate_limited) {
            if (!error.retry_after) error.retry_after = wire::rate_limit_hold(head_->headers, clock_.wall());
            ending.hold = error.retry_after;
        }
    } else {
        ending.hold = wire::rate_limit_hold(head_->headers, clock_.wall());
    }
    end(std::move(ending));
}

void Attempt::watch_for_stragglers() {
    if (!owner_ || grace_ || !decoder_.finished()) return;
    grace_ = clock_.after(kStragglers, [this] {
        const auto self = shared_from_this();
        wire::Events events;
        decoder_.end(wire::Decoder::End::limit, events);
        give(events);
    });
}

void Attempt::end(Ending ending) {
    grace_.reset();
    Owner* owner = std::exchange(owner_, nullptr);
    if (!body_over_) lingering_.keep(shared_from_this());
    owner->on_ending(std::move(ending));
}

Error Attempt::failure_as_error() const {
    Error error = failure_error(*failure_, *provider_, origin_.to_string(), limits_);
    if (head_) error.http_status = head_->status;
    return error;
}

}  // namespace dragoman::gateway
