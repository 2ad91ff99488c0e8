// What can go wrong between an editor's wish and a gateway's answer: one closed list.
//
// The kinds are the words of the editor protocol (docs/protocol.md, Errors) and travel in `data.kind`.
// A message is one sentence for a person; a hint says what to do next. Neither ever holds a key.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dragoman {

enum class ErrorKind {
    not_configured,        // no provider or model for this role, or an unknown name
    no_key,                // the key source gave nothing
    untrusted,             // the project asks for something that needs the user's approval
    bad_request,           // 400 or 422 and none of the kinds below
    context_too_long,      // the prompt does not fit the model
    unauthorized,          // 401
    insufficient_balance,  // 402, or a body that says the money or quota is gone
    forbidden,             // 403: key group, model allow-list, missing User-Agent
    model_not_found,       // 404, 400 or 503 that says so
    rate_limited,          // 429
    upstream_unavailable,  // 500, 502, 503, 504, 520-529
    network,               // DNS, connect, reset, premature end of a stream
    tls,                   // certificate or handshake
    timeout,               // connect, first byte, idle or total limit
    bad_response,          // what came is not the API: HTML, JSON of another shape, oversize
    content_filtered,      // refused by the provider's filter with no text
    over_budget,           // the user's own limit for today is reached, or cannot be checked
};

/// The kind's name on the wire: "notConfigured", "noKey", ...
std::string_view wire_name(ErrorKind kind);

/// Every kind, in the order of the list above.
inline constexpr int kErrorKindCount = static_cast<int>(ErrorKind::over_budget) + 1;

struct Error {
    ErrorKind kind{};
    std::string message{};  // one sentence for a person, no key, no line breaks
    std::string hint{};     // what to do next

    std::string provider{};  // configuration name of the provider, when one was involved
    std::string model{};     // "provider/model", when one was involved
    int http_status = 0;     // 0: no HTTP answer came
    std::string upstream_code{};
    std::string upstream_message{};  // the gateway's own words, shortened
    std::string request_id{};        // the gateway's id of the request, for its support
    std::string param{};             // the request field the gateway refused, when it named one
    std::optional<std::chrono::milliseconds> retry_after{};
    std::string partial_text{};  // what had been shown when a stream broke
    bool retryable = false;      // the same request may succeed later

    // Of context_too_long, where the gateway told: tokens of prompt and answer together, and of this prompt.
    std::optional<std::int64_t> context_limit{}, prompt_tokens{};

    friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace dragoman
