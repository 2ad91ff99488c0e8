#include "server/upstream/wire/endpoints.h"

#include "server/upstream/wire/text.h"

#include <array>
#include <cctype>
#include <optional>

namespace dragoman::wire {
namespace {

/// What people paste with the base; longer paths before their own endings.
constexpr std::array<std::string_view, 9> kEndpoints = {
    "/chat/completions", "/fim/completions", "/completions", "/responses", "/embeddings",
    "/models",           "/balance",         "/credits",     "/infill"};

std::string_view last_segment(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view parent(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

/// "v1", "v1beta", "v2.1", "beta".
bool is_version(std::string_view segment) {
    if (segment == "beta") return true;
    return segment.size() >= 2 && segment[0] == 'v' && segment[1] >= '0' && segment[1] <= '9' &&
           std::all_of(segment.begin() + 1, segment.end(),
                       [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.'; });
}

/// `path` without the version segment it ends in, or nothing when it ends in none: "/api" of "/api/v1",
/// "" of "/v1beta/openai".
std::optional<std::string_view> before_version(std::string_view path) {
    const auto last = last_segment(path);
    if (path.empty()) return std::nullopt;
    if (is_version(last)) return parent(path);
    const auto above = parent(path);
    if (last == "openai" && !above.empty() && is_version(last_segment(above))) return parent(above);
    return std::nullopt;
}

struct Split {
    std::string_view origin, path;  // "https://host:1" and "/api/v1"
};

Split split(std::string_view url) {
    const auto scheme = url.find("://");
    const auto slash = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
    if (slash == std::string_view::npos) return {url, {}};
    return {url.substr(0, slash), url.substr(slash)};
}

std::string_view without_slashes(std::string_view path) {
    while (path.ends_with('/')) path.remove_suffix(1);
    return path;
}

/// What is wrong with `url`, trimmed; empty: nothing.
std::string complaint(std::string_view url) {
    if (url.empty()) return "the base URL is empty";
    const bool blank = std::any_of(url.begin(), url.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == '\x7F' || c == '\\';
    });
    if (blank) return "the base URL has a blank, a control character or a back slash inside";
    const std::string low = lower_ascii(url.substr(0, 8));
    if (!low.starts_with("https://") && !low.starts_with("http://")) {
        return "the base URL must begin with https:// (or http:// for a local server)";
    }
    if (url.find_first_of("?#") != std::string_view::npos)
        return "the base URL must not have a query or a fragment";
    const auto origin = split(url).origin;
    const auto authority = origin.substr(origin.find("://") + 3);
    if (authority.empty() || authority.front() == ':') return "the base URL has no host";
    if (contains(authority, "@")) return "the base URL must not hold a user name or password";
    return {};
}

}  // namespace

Result<std::string, std::string> normalise_base_url(std::string_view text) {
    const auto url = trim_ascii(text);
    if (auto wrong = complaint(url); !wrong.empty()) return Result<std::string, std::string>::failure(wrong);
    const auto [origin, pasted] = split(url);
    std::string_view path = without_slashes(pasted);
    for (const auto endpoint : kEndpoints) {
        if (!path.ends_with(endpoint)) continue;
        path = without_slashes(path.substr(0, path.size() - endpoint.size()));
        break;
    }
    // Scheme and host compare without case, and the result is a key of caches.
    return lower_ascii(origin) + std::string{path} + (before_version(path) ? "" : "/v1");
}

std::string endpoint_url(std::string_view base, std::string_view path) {
    return std::string{without_slashes(base)} + std::string{path};
}

std::string root_url(std::string_view base, std::string_view path) {
    const auto [origin, versioned] = split(without_slashes(base));
    return std::string{origin} + std::string{before_version(versioned).value_or(versioned)} +
           std::string{path};
}

}  // namespace dragoman::wire
