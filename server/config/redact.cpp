#include "server/config/redact.h"

#include <algorithm>
#include <array>

namespace dragoman::config {
namespace {

constexpr std::string_view kMask = "***";

// Parts of names, without case, '-' and '_'.
constexpr std::array<std::string_view, 9> kSecretParts = {"authorization", "apikey",     "token",
                                                          "secret",        "password",   "passwd",
                                                          "cookie",        "credential", "subscriptionkey"};

std::string plain(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '-' || c == '_' || c == '.') continue;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
}

// "https://user:password@host/v1?api_key=x" as "https://***@host/v1?api_key=***".
std::string masked_url(std::string text) {
    const std::size_t scheme = text.find("://");
    if (scheme == std::string::npos) return text;
    const std::size_t host = scheme + 3;
    const std::size_t authority_end = std::min(text.find_first_of("/?#", host), text.size());
    const std::size_t at = text.rfind('@', authority_end);
    if (at != std::string::npos && at >= host) text.replace(host, at - host, kMask);

    std::size_t parameter = text.find('?');
    while (parameter != std::string::npos) {
        const std::size_t end = std::min(text.find('&', parameter + 1), text.size());
        const std::size_t equals = text.find('=', parameter);
        const bool named =
            equals < end && (is_secret_name(text.substr(parameter + 1, equals - parameter - 1)) ||
                             text.compare(parameter + 1, equals - parameter - 1, "key") == 0);
        if (named) text.replace(equals + 1, end - equals - 1, kMask);
        parameter = text.find('&', parameter + 1);
    }
    return text;
}

}  // namespace

bool is_secret_name(std::string_view name) {
    const std::string text = plain(name);
    const auto holds = [&](std::string_view part) { return text.find(part) != std::string::npos; };
    return std::any_of(kSecretParts.begin(), kSecretParts.end(), holds);
}

Json redacted(const Json& value) {
    if (value.is_string()) return masked_url(value.get<std::string>());
    Json out = value;
    if (value.is_array()) {
        for (Json& item : out) item = redacted(item);
    }
    if (value.is_object()) {
        for (const auto& [name, member] : value.items()) {
            const bool text = member.is_string() || member.is_array();  // numbers: max_tokens and its like
            out[name] = text && is_secret_name(name) ? Json(kMask) : redacted(member);
        }
    }
    return out;
}

}  // namespace dragoman::config
