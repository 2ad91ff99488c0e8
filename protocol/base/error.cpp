#include "protocol/base/error.h"

namespace dragoman {

std::string_view wire_name(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::not_configured: return "notConfigured";
        case ErrorKind::no_key: return "noKey";
        case ErrorKind::untrusted: return "untrusted";
        case ErrorKind::bad_request: return "badRequest";
        case ErrorKind::context_too_long: return "contextTooLong";
        case ErrorKind::unauthorized: return "unauthorized";
        case ErrorKind::insufficient_balance: return "insufficientBalance";
        case ErrorKind::forbidden: return "forbidden";
        case ErrorKind::model_not_found: return "modelNotFound";
        case ErrorKind::rate_limited: return "rateLimited";
        case ErrorKind::upstream_unavailable: return "upstreamUnavailable";
        case ErrorKind::network: return "network";
        case ErrorKind::tls: return "tls";
        case ErrorKind::timeout: return "timeout";
        case ErrorKind::bad_response: return "badResponse";
        case ErrorKind::content_filtered: return "contentFiltered";
        case ErrorKind::over_budget: return "overBudget";
    }
    return "badResponse";
}

}  // namespace dragoman
