#include "server/upstream/http/request_check.h"

#include <algorithm>

namespace dragoman::http {
namespace {

/// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               kMarks.find(c) != std::string_view::npos;
    });
}

/// RFC 9110, 5.5: no control characters but the tab.
bool is_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
}

}  // namespace

std::optional<std::string> find_fault(const Request& request) {
    if (!is_token(request.method)) return "the method is not a word that HTTP allows";
    if (!is_value(request.user_agent))
        return "the User-Agent holds a line break or another control character";
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name)) return "a header's name is empty or holds a character that HTTP does not allow";
        if (!is_value(value))
            return "the header " + name + " holds a line break or another control character";
    }
    // How long the body is is said once, by libcurl: a second opinion is how requests are smuggled.
    for (const char* name : {"Content-Length", "Transfer-Encoding"}) {
        if (find_header(request.headers, name))
            return std::string{"the header "} + name + " is not yours to set";
    }
    return std::nullopt;
}

}  // namespace dragoman::http
