// URLs of gateways, and the origin that a key is bound to.
//
// Strict on purpose: what this parser and libcurl could read differently (user-info, back slashes,
// control or non-ASCII characters, percent escapes in the host) is refused, so the origin that a key
// was released for is the origin that is connected to.
#pragma once

#include "protocol/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace dragoman {

/// Scheme, host and port: who answers. Two URLs with equal origins may share a key and a connection.
struct Origin {
    std::string scheme;      // "http" or "https"
    std::string host;        // lower case, no trailing dot; IPv6 without brackets
    std::uint16_t port = 0;  // never 0 after parsing

    std::string to_string() const;  // "https://host" or "http://host:8080"; IPv6 in brackets
    /// localhost, 127.0.0.0/8 or ::1, as a literal: no name is resolved.
    bool is_loopback() const;

    friend bool operator==(const Origin&, const Origin&) = default;
    friend auto operator<=>(const Origin&, const Origin&) = default;
};

struct Url {
    Origin origin;
    std::string path;   // begins with '/'; "/" when the text had none
    std::string query;  // with its '?', or empty

    std::string to_string() const;
};

/// Reads an absolute http or https URL; ASCII blanks around it are trimmed. The error is one sentence
/// that names what is wrong, without quoting user-info.
Result<Url, std::string> parse_url(std::string_view text);

}  // namespace dragoman
