#include "server/support/paths.h"

#include <cstdlib>
#include <unistd.h>

namespace dragoman {
namespace {

namespace fs = std::filesystem;

bool is_unreserved(char c) {  // RFC 3986 section 2.3
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            result += text[at];
            continue;
        }
        if (text.size() < at + 3) return std::nullopt;
        const int high = hex_value(text[at + 1]), low = hex_value(text[at + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        result += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return fold(x) == fold(y); });
}

}  // namespace

Environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        if (value == nullptr || *value == '\0') return std::nullopt;
        return value;
    };
}

std::vector<std::string> environment_names(std::string_view prefix) {
    std::vector<std::string> names;
    for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable) {
        const std::string_view text{*variable};
        if (text.starts_with(prefix)) names.emplace_back(text.substr(0, text.find('=')));
    }
    return names;
}

// XDG Base Directory Specification 0.8: a relative path in one of its variables is invalid and ignored.
Paths find_paths(const Environment& environment) {
    const auto absolute = [&](const char* name) -> fs::path {
        const auto value = environment(name);
        return value && value->starts_with('/') ? fs::path{*value} : fs::path{};
    };
    Paths paths;
    paths.home = absolute("HOME");
    const auto folder = [&](const char* name, const char* usual) -> fs::path {
        fs::path base = absolute(name);
        if (base.empty() && !paths.home.empty()) base = paths.home / usual;
        return base.empty() ? base : base / "dragoman";
    };
    if (const auto config = folder("XDG_CONFIG_HOME", ".config"); !config.empty()) {
        paths.config_file = config / "config.json";
    }
    paths.state_dir = folder("XDG_STATE_HOME", ".local/state");
    paths.data_dir = folder("XDG_DATA_HOME", ".local/share");
    return paths;
}

// What follows the host is the path to its last byte: editors that forget to escape # and ? in file
// names exist, and a file: URI has neither query nor fragment to lose.
std::optional<fs::path> path_of_uri(std::string_view uri) {
    constexpr std::string_view kScheme = "file:";
    if (!equal_ignoring_case(uri.substr(0, kScheme.size()), kScheme)) return std::nullopt;
    std::string_view rest = uri.substr(kScheme.size());
    if (rest.starts_with("//")) {
        rest.remove_prefix(2);
        const auto slash = rest.find('/');
        if (slash == std::string_view::npos) return std::nullopt;
        const std::string_view host = rest.substr(0, slash);
        if (!host.empty() && !equal_ignoring_case(host, "localhost")) return std::nullopt;
        rest.remove_prefix(slash);
    }
    auto path = percent_decode(rest);
    if (!path || !path->starts_with('/') || path->find('\0') != std::string::npos) return std::nullopt;
    return fs::path{std::move(*path)};
}

fs::path path_in_uri(const std::string& uri) {
    if (auto file = path_of_uri(uri)) return std::move(*file);
    const auto scheme = uri.find(':');
    std::string rest = uri.substr(scheme == std::string::npos ? 0 : scheme + 1);
    rest.resize(std::min(rest.find_first_of("?#"), rest.size()));
    if (rest.starts_with("//")) rest.erase(0, std::min(rest.find('/', 2), rest.size()));
    const bool absolute = rest.starts_with('/');
    const auto path = path_of_uri((absolute ? "file://" : "file:///") + rest);  // for its escapes
    if (!path) return rest;
    return absolute ? *path : path->relative_path();
}

std::string uri_of_path(const fs::path& path) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string uri = "file://";
    for (const char c : path.native()) {
        if (is_unreserved(c) || c == '/') {
            uri += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            uri += {'%', kHex[byte >> 4], kHex[byte & 15]};
        }
    }
    return uri;
}

fs::path expand_home(std::string_view path, const fs::path& home) {
    if (home.empty() || (path != "~" && !path.starts_with("~/"))) return path;
    return path.size() <= 2 ? home : home / path.substr(2);
}

}  // namespace dragoman
