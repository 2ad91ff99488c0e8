// What follows an attempt that failed: the second half of StreamCall.

#include "protocol/base/utf.h"
#include "server/upstream/gateway/backoff.h"
#include "server/upstream/gateway/stream_call.h"
#include "server/upstream/wire/adapt.h"

#include <spdlog/fmt/fmt.h>

#include <utility>

namespace dragoman::gateway {
namespace {

/// Fields that may be changed for one request before its refusal counts.
constexpr int kAdaptations = 4;

bool may_be_about_fields(const Error& error) {
    return error.http_status == 400 || error.http_status == 422 || error.http_status == 500;
}

}  // namespace

void StreamCall::recover(Error error, bool lost_connection) {
    sign(error, provider(), model().model.id, trial_.head);
    if (!shown_) {
        if (renew_key(error)) return;
        if (switch_api(error)) return;
        if (adapt(error)) return;
        if (retry(error, lost_connection)) return;
        if (fall_back(error)) return;
    }
    fail(std::move(error));
}

bool StreamCall::renew_key(const Error& error) {
    if (error.kind != ErrorKind::unauthorized || trial_.key_renewed) return false;
    if (!context_.keys.refresh(provider())) return false;
    trial_.key_renewed = true;
    note("key fetched anew");
    proceed();
    return true;
}

bool StreamCall::switch_api(Error& error) {
    if (!trial_.api_open || !wire::refuses_endpoint(error)) return false;
    if (trial_.refused_by_api) {  // both do: what the first one said is more to the point
        error = std::move(*trial_.refused_by_api);
        trial_.api_open = false;
        trial_.adapted = kAdaptations;
        return false;
    }
    trial_.refused_by_api = error;
    trial_.api = trial_.api == config::Api::responses ? config::Api::chat : config::Api::responses;
    note(fmt::format("switched to {}", plan_->route(trial_.api)));
    proceed();
    return true;
}

bool StreamCall::adapt(const Error& error) {
    if (trial_.adapted >= kAdaptations || !may_be_about_fields(error)) return false;
    auto next = wire::adapt(trial_.dialect, error, trial_.ask.outgoing.body);
    if (!next || *next == trial_.dialect || loses_the_question(trial_.dialect, *next)) return false;
    ++trial_.adapted;
    note(describe_change(trial_.dialect, *next));
    trial_.dialect = std::move(*next);
    proceed();
    return true;
}

bool StreamCall::retry(Error& error, bool lost_connection) {
    Milliseconds delay{};
    if (policy_.background) {
        if (!lost_connection || trial_.retries > 0) return false;
    } else {
        if (!worth_retrying(error)) return false;
        if (error.retry_after && *error.retry_after > kLongestWait) {
            error.message = fmt::format("{}; try again in {}", one_line(error.message, 250),
                                        in_seconds(*error.retry_after));
            return false;
        }
        if (trial_.retries >= provider().retry_attempts) return false;
        delay = error.retry_after.value_or(backoff(trial_.retries, context_.random()));
    }
    ++trial_.retries;
    emit(Retry{.attempt = trial_.retries + 1, .delay = delay, .reason = error.message});
    if (!over_) later(delay, &StreamCall::proceed);
    return true;
}

bool StreamCall::fall_back(const Error& error) {
    const Cure who = cure(error.kind);
    if (shown_ || who == Cure::none) return false;
    for (std::size_t next = index_ + 1; next < chain_.size(); ++next) {
        if (who == Cure::other_provider && chain_[next].provider->name == provider().name) continue;
        meter_.fail(error);
        note(fmt::format("{} left: {}", model().id(), wire_name(error.kind)));
        begin_model(next, error.message);
        return true;
    }
    return false;
}

}  // namespace dragoman::gateway
