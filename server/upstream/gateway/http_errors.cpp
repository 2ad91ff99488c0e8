#include "server/upstream/gateway/http_errors.h"

#include "protocol/base/utf.h"
#include "server/upstream/gateway/backoff.h"

#include <spdlog/fmt/fmt.h>

#include <array>

namespace dragoman::gateway {
namespace {

using What = http::Failure::What;

// {0} is the origin, {1} the provider's name, {2} the limit that ran out.
struct Reading {
    What what;
    ErrorKind kind;
    bool retryable;
    std::string_view message, hint;
};
constexpr std::array kReadings{
    Reading{What::bad_request, ErrorKind::not_configured, false, "The request to {0} could not be formed",
            "Check baseUrl and headers of providers.{1}."},
    Reading{What::resolve, ErrorKind::network, true, "The name of {0} could not be resolved",
            "Check the network and baseUrl of providers.{1}; behind a proxy, set its proxy."},
    Reading{What::connect, ErrorKind::network, true, "No connection to {0}",
            "Check that the server runs and that baseUrl of providers.{1} is right; behind a proxy, set its "
            "proxy."},
    Reading{What::proxy, ErrorKind::network, false, "The proxy on the way to {0} refused",
            "Check proxy of providers.{1}, or the proxy variables of the environment."},
    Reading{What::tls_handshake, ErrorKind::tls, false, "No secure connection to {0}",
            "Check baseUrl of providers.{1}: scheme, host and port."},
    Reading{
        What::tls_certificate, ErrorKind::tls, false, "The certificate of {0} is not trusted",
        "If the gateway has a certificate authority of its own, name its file in caFile of providers.{1}."},
    Reading{What::connect_timeout, ErrorKind::timeout, true, "{0} could not be reached within {2}",
            "Check the network, or raise timeouts.connectMs of providers.{1}."},
    Reading{What::first_byte_timeout, ErrorKind::timeout, false, "{0} did not begin to answer within {2}",
            "Raise timeouts.firstByteMs of providers.{1}, or choose a faster model."},
    Reading{What::idle_timeout, ErrorKind::timeout, false, "{0} fell silent for {2}",
            "Raise timeouts.idleMs of providers.{1}."},
    Reading{What::total_timeout, ErrorKind::timeout, false, "The answer of {0} took longer than {2}",
            "Raise timeouts.totalMs of providers.{1}, or ask for less at a time."},
    Reading{What::reset, ErrorKind::network, true, "The connection to {0} broke", "Try again."},
    Reading{What::short_body, ErrorKind::network, true,
            "The connection to {0} was closed before the answer ended", "Try again."},
    Reading{What::too_large, ErrorKind::bad_response, false, "The answer of {0} is too large to be one",
            "Check baseUrl of providers.{1}."},
    Reading{What::protocol, ErrorKind::bad_response, false, "What {0} sent is not HTTP as it was asked for",
            "Check baseUrl of providers.{1}: scheme, host and port."},
};

const Reading& reading(What what) {
    for (const auto& entry : kReadings) {
        if (entry.what == what) return entry;
    }
    return kReadings.back();
}

Milliseconds limit(What what, const http::Timeouts& limits) {
    switch (what) {
        case What::connect_timeout: return limits.connect;
        case What::first_byte_timeout: return limits.first_byte;
        case What::idle_timeout: return limits.idle;
        default: return limits.total;
    }
}

}  // namespace

Error failure_error(const http::Failure& failure, const config::Provider& provider, std::string_view origin,
                    const http::Timeouts& limits) {
    const auto& [what, kind, retryable, message, hint] = reading(failure.what);
    const std::string time = fmt::format("{} ms", limit(failure.what, limits).count());
    Error error{.kind = kind};
    error.message = fmt::format(fmt::runtime(message), origin, provider.name, time);
    if (!failure.detail.empty()) error.message += ": " + one_line(failure.detail, 200);
    error.hint = fmt::format(fmt::runtime(hint), origin, provider.name, time);
    error.retryable = retryable;
    // Background requests bring limits of their own.
    const auto& usual = provider.timeouts;
    const bool first_byte = what == What::first_byte_timeout && limits.first_byte.count() != usual.first_byte;
    const bool total = what == What::total_timeout && limits.total.count() != usual.total;
    if (first_byte || total) error.hint = "Raise completion.timeoutMs, or choose a faster model.";
    return error;
}

bool lost_connection(const http::Failure& failure) {
    switch (failure.what) {
        case What::resolve:
        case What::connect:
        case What::reset:
        case What::short_body: return true;
        default: return false;
    }
}

Error pause_error(const config::Provider& provider, Milliseconds left) {
    Error error{.kind = ErrorKind::rate_limited};
    error.message =
        fmt::format("Provider {} asked for a pause; try again in {}", provider.name, in_seconds(left));
    error.hint = "Wait, or choose a model of another provider.";
    error.retry_after = left;
    error.retryable = true;
    return error;
}

Error truncated_error() {
    Error error{.kind = ErrorKind::network};
    error.message = "The stream ended before the answer did";
    error.hint = "Try again; if it happens often, a proxy between here and the gateway may cut long answers.";
    error.retryable = true;
    return error;
}

}  // namespace dragoman::gateway
