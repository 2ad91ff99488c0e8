// URIs as identities. VS Code writes file:///c%3A/x where others write file:///C:/x, some escape blanks and
// letters beyond ASCII and some do not; all of them name one file.
#include "server/documents/documents.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace dragoman {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void to_lower(std::string& text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
}

// Length of the scheme (RFC 3986, 3.1), or 0.
std::size_t scheme_length(std::string_view uri) {
    const std::size_t colon = uri.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_letter(uri[0])) return 0;
    const auto allowed = [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    return std::all_of(uri.begin(), uri.begin() + static_cast<std::ptrdiff_t>(colon), allowed) ? colon : 0;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Decoding these would change where a part of the URI ends, or hide a control character.
bool must_stay_escaped(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F || c == '/' || c == '%' || c == '?' || c == '#';
}

// Every escape decoded that may be, the others with digits in upper case, a stray % escaped.
std::string decode(std::string_view path) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string decoded;
    decoded.reserve(path.size());
    for (std::size_t at = 0; at < path.size(); ++at) {
        if (path[at] != '%') {
            decoded += path[at];
            continue;
        }
        const int high = at + 2 < path.size() ? hex_digit(path[at + 1]) : -1;
        const int low = at + 2 < path.size() ? hex_digit(path[at + 2]) : -1;
        if (high < 0 || low < 0) {
            decoded += "%25";
            continue;
        }
        const char c = static_cast<char>(high * 16 + low);
        if (must_stay_escaped(c)) {
            decoded += '%';
            decoded += kDigits[static_cast<std::size_t>(high)];
            decoded += kDigits[static_cast<std::size_t>(low)];
        } else {
            decoded += c;
        }
        at += 2;
    }
    return decoded;
}

}  // namespace

std::string normalise_uri(std::string_view uri) {
    const std::size_t colon = scheme_length(uri);
    std::string scheme{uri.substr(0, colon)};
    to_lower(scheme);
    std::string_view rest = uri.substr(colon);  // from the colon on
    if (scheme != "file") return scheme.append(rest);

    rest.remove_prefix(1);
    std::string host;
    if (rest.substr(0, 2) == "//") {
        rest.remove_prefix(2);
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        host = rest.substr(0, slash);
        rest.remove_prefix(slash);
        to_lower(host);
        if (host == "localhost") host.clear();  // RFC 8089, 2
    }
    std::string path = decode(rest);
    const bool drive = path.size() >= 3 && path[0] == '/' && is_letter(path[1]) && path[2] == ':' &&
                       (path.size() == 3 || path[3] == '/');
    if (drive && path[1] <= 'Z') path[1] = static_cast<char>(path[1] - 'A' + 'a');
    return "file://" + host + path;
}

}  // namespace dragoman
