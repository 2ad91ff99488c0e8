#include "server/upstream/gateway/backoff.h"

#include <algorithm>
#include <cmath>

namespace dragoman::gateway {

Milliseconds backoff(int retries_made, double u) {
    const double seconds = std::min(0.5 * std::exp2(std::clamp(retries_made, 0, 10)), 8.0);
    return Milliseconds{std::lround(1000.0 * seconds * (1.0 - 0.25 * std::clamp(u, 0.0, 1.0)))};
}

bool worth_retrying(const Error& error) {
    switch (error.http_status) {
        case 501:
        case 504:
        case 524: return false;
        default: return error.retryable;
    }
}

Cure cure(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::insufficient_balance:
        case ErrorKind::forbidden:
        case ErrorKind::model_not_found:
        case ErrorKind::rate_limited:
        case ErrorKind::upstream_unavailable:
        case ErrorKind::network:
        case ErrorKind::timeout: return Cure::other_model;
        case ErrorKind::no_key:
        case ErrorKind::unauthorized:
        case ErrorKind::tls:
        case ErrorKind::bad_response: return Cure::other_provider;
        case ErrorKind::not_configured:
        case ErrorKind::untrusted:
        case ErrorKind::bad_request:
        case ErrorKind::context_too_long:
        case ErrorKind::content_filtered: return Cure::none;
        case ErrorKind::over_budget: return Cure::none;
    }
    return Cure::none;
}

std::string in_seconds(Milliseconds time) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace dragoman::gateway
