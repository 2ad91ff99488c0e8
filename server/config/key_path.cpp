#include "server/config/key_path.h"

#include "protocol/base/json.h"
#include "protocol/base/utf.h"

#include <algorithm>
#include <optional>

namespace dragoman::config {
namespace {

using Parts = std::vector<std::string>;
using Read = Result<Parts, std::string>;

std::string fault(std::string_view key, std::string_view why) {
    return "the key " + one_line(std::string{key}, 80) + " cannot be read: " + std::string{why};
}

// RFC 6901 section 4: ~1 is a slash, ~0 a tilde, anything else behind a tilde an error.
std::optional<std::string> unescaped(std::string_view token) {
    std::string out;
    for (std::size_t at = 0; at < token.size(); ++at) {
        if (token[at] != '~') {
            out += token[at];
            continue;
        }
        const char next = at + 1 < token.size() ? token[++at] : '\0';
        if (next != '0' && next != '1') return std::nullopt;
        out += next == '0' ? '~' : '/';
    }
    return out;
}

Read read_pointer(std::string_view key) {
    Parts out;
    for (std::size_t begin = 1; begin <= key.size();) {
        const std::size_t end = std::min(key.find('/', begin), key.size());
        auto part = unescaped(key.substr(begin, end - begin));
        if (!part) return fault(key, "in a JSON pointer ~ is written ~0 and / is written ~1");
        out.push_back(std::move(*part));
        begin = end + 1;
    }
    return out;
}

// Behind the closing quote of the string that begins at `at`; npos where it has none.
std::size_t quoted_end(std::string_view key, std::size_t at) {
    for (++at; at < key.size(); ++at) {
        if (key[at] == '\\') {
            ++at;
        } else if (key[at] == '"') {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

Read read_dotted(std::string_view key) {
    Parts out;
    for (std::size_t begin = 0; begin <= key.size();) {
        const bool quoted = begin < key.size() && key[begin] == '"';
        const std::size_t end = quoted ? quoted_end(key, begin) : std::min(key.find('.', begin), key.size());
        if (end == std::string_view::npos) return fault(key, "a \" is never closed");
        const std::string_view part = key.substr(begin, end - begin);
        if (part.empty()) return fault(key, "a name between its dots is missing");
        if (quoted) {
            const auto text = parse_json(part);
            if (!text || !text->is_string()) return fault(key, "what stands in quotes is no JSON string");
            out.push_back(text->get<std::string>());
        } else {
            out.emplace_back(part);
        }
        if (end < key.size() && key[end] != '.') return fault(key, "a dot is expected behind the quotes");
        begin = end + 1;
    }
    return out;
}

}  // namespace

Read read_key_path(std::string_view key) {
    if (!is_valid_utf8(key)) return std::string{"the key is not UTF-8"};
    return key.starts_with('/') ? read_pointer(key) : read_dotted(key);
}

}  // namespace dragoman::config
