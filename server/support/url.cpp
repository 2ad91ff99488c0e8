#include "server/support/url.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <netinet/in.h>
#include <optional>

namespace dragoman {
namespace {

constexpr std::size_t kUrlLimit = 8192;
constexpr std::size_t kHostLimit = 253;  // RFC 1035 section 2.3.4, as text
constexpr std::size_t kLabelLimit = 63;

/// What is wrong with a part, as the sentence parse_url ends with; nothing when it is fine.
using Flaw = std::optional<std::string>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

std::string lower(std::string_view text) {
    std::string result{text};
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

Flaw check_characters(std::string_view text) {
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) return "the URL holds a character beyond ASCII; write a host name in its xn-- form";
        if (byte < 0x20 || byte == 0x7f) return "the URL holds a control character";
        if (c == ' ') return "the URL holds a blank";
        if (c == '\\') return "the URL holds a backslash; use / instead";
    }
    return std::nullopt;
}

// RFC 3986 characters only. Braces are not, which catches a {placeholder} that was never filled in.
Flaw check_path_and_query(std::string_view text) {
    if (text.find('#') != std::string_view::npos)
        return "the URL has a fragment (#), which no server gets to see";
    if (text.find_first_of("\"<>^`{|}") != std::string_view::npos) {
        return "the URL holds one of \" < > ^ ` { | }, which must be percent-encoded";
    }
    for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        if (text.size() < at + 3 || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) {
            return "the URL holds a % that is not followed by two hex digits";
        }
        if (text.substr(at + 1, 2) == "00") return "the URL holds an encoded NUL (%00)";
    }
    return std::nullopt;
}

bool is_ipv4(const std::string& host) {
    in_addr address{};
    return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

// Resolvers read 0177.1, 0x7f.1 and 2130706433 as addresses. A name whose last label is a number is
// taken for one (WHATWG URL, "ends in a number"), and only the plain dotted quad is let through.
bool ends_in_number(std::string_view host) {
    const std::string_view last = host.substr(host.rfind('.') + 1);
    return std::all_of(last.begin(), last.end(), is_digit) ||
           (last.starts_with("0x") && std::all_of(last.begin() + 2, last.end(), is_hex));
}

Flaw read_name(std::string_view text, std::string& host) {
    host = lower(text);
    if (host.ends_with('.')) host.pop_back();
    if (host.empty()) return "the URL has no host";
    if (host.find('%') != std::string::npos) return "the URL's host holds a percent escape";
    if (host.size() > kHostLimit) return "the URL's host is longer than a host name can be";

    std::size_t start = 0;
    while (start <= host.size()) {
        const std::size_t end = std::min(host.find('.', start), host.size());
        if (end == start || end - start > kLabelLimit) return "the URL's host is not a valid host name";
        start = end + 1;
    }
    const auto usual = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; };
    if (!std::all_of(host.begin(), host.end(), usual)) return "the URL's host is not a valid host name";
    if (ends_in_number(host) && !is_ipv4(host)) {
        return "the URL's host is a number but not an IPv4 address such as 127.0.0.1";
    }
    return std::nullopt;
}

Flaw read_ipv6(std::string_view text, std::string& host) {
    in6_addr address{};
    std::array<char, INET6_ADDRSTRLEN> canonical{};
    if (inet_pton(AF_INET6, std::string{text}.c_str(), &address) != 1 ||
        inet_ntop(AF_INET6, &address, canonical.data(), canonical.size()) == nullptr) {
        return "the URL's host in brackets is not an IPv6 address; a zone (%eth0) cannot be given";
    }
    host = canonical.data();
    return std::nullopt;
}

Flaw read_port(std::string_view text, std::uint16_t& port) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (text.empty() || problem != std::errc{} || end != text.data() + text.size() || port == 0) {
        return "the URL's port is not a number from 1 to 65535";
    }
    return std::nullopt;
}

Flaw read_authority(std::string_view text, Origin& origin) {
    if (text.find('@') != std::string_view::npos) {
        return "the URL holds user-info (something before an @); a key is configured with \"key\"";
    }
    std::string_view host = text;
    std::optional<std::string_view> port;
    Flaw flaw;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return "the URL's host begins with [ but has no ]";
        host = text.substr(1, close - 1);
        const std::string_view rest = text.substr(close + 1);
        if (rest.starts_with(':')) port = rest.substr(1);
        if (!rest.empty() && !port) return "the URL has something other than a port after its host";
        flaw = read_ipv6(host, origin.host);
    } else {
        if (const auto colon = text.find(':'); colon != std::string_view::npos) {
            host = text.substr(0, colon);
            port = text.substr(colon + 1);
        }
        flaw = read_name(host, origin.host);
    }
    if (flaw) return flaw;
    origin.port = origin.scheme == "https" ? 443 : 80;
    return port ? read_port(*port, origin.port) : std::nullopt;
}

Flaw read_url(std::string_view text, Url& url) {
    if (text.empty()) return "the URL is empty";
    if (text.size() > kUrlLimit) return "the URL is longer than 8192 bytes";
    if (auto flaw = check_characters(text)) return flaw;

    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return "the URL does not begin with https:// or http://";
    url.origin.scheme = lower(text.substr(0, colon));
    if (url.origin.scheme != "http" && url.origin.scheme != "https") {
        return "the URL does not begin with https:// or http://";
    }
    text.remove_prefix(colon + 3);
    const auto authority_end = std::min(text.find_first_of("/?#"), text.size());
    if (auto flaw = read_authority(text.substr(0, authority_end), url.origin)) return flaw;

    text.remove_prefix(authority_end);
    if (auto flaw = check_path_and_query(text)) return flaw;
    const auto query = std::min(text.find('?'), text.size());
    url.path = query == 0 ? "/" : text.substr(0, query);
    url.query = text.substr(query);
    return std::nullopt;
}

}  // namespace

std::string Origin::to_string() const {
    std::string text = scheme + "://";
    text += host.find(':') == std::string::npos ? host : '[' + host + ']';
    if (port != (scheme == "https" ? 443 : 80)) text += ':' + std::to_string(port);
    return text;
}

bool Origin::is_loopback() const {
    return host == "localhost" || host == "::1" || (host.starts_with("127.") && is_ipv4(host));
}

std::string Url::to_string() const { return origin.to_string() + path + query; }

Result<Url, std::string> parse_url(std::string_view text) {
    Url url;
    if (auto flaw = read_url(trim(text), url)) return std::move(*flaw);
    return url;
}

}  // namespace dragoman
