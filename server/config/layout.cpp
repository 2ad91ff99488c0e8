#include "server/config/layout.h"

#include <algorithm>

namespace dragoman::config {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::size_t past_blanks(std::string_view text, std::size_t at) { return skip_blanks(text, at).end; }

std::size_t skip_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
    }
    return at + 1;
}

// Behind the value at `at`. The text parses, so counting brackets is enough.
std::size_t skip_value(std::string_view text, std::size_t at) {
    std::size_t depth = 0;
    do {
        const char c = text[at];
        if (c == '"') {
            at = skip_string(text, at);
        } else if (c == '{' || c == '[') {
            ++depth;
            ++at;
        } else if (c == '}' || c == ']') {
            --depth;
            ++at;
        } else if (c == ',' || c == ':') {
            ++at;
        } else {
            at = std::min(text.find_first_of(" \t\r\n,:{}[]\"/", at), text.size());
        }
        if (depth > 0) at = past_blanks(text, at);
    } while (depth > 0);
    return at;
}

std::string decoded(std::string_view text, Span key) {
    const auto name = parse_json(text.substr(key.begin, key.end - key.begin));
    return name && name->is_string() ? name->get<std::string>() : std::string{};
}

}  // namespace

const Member* Object::find(std::string_view name) const {
    const auto found = std::find_if(members.rbegin(), members.rend(),
                                    [&](const Member& member) { return member.name == name; });
    return found == members.rend() ? nullptr : &*found;
}

Object object_at(std::string_view text, std::size_t open) {
    Object out;
    out.open = open;
    std::size_t at = past_blanks(text, open + 1);
    while (text[at] != '}') {
        Member member;
        member.key = {at, skip_string(text, at)};
        member.name = decoded(text, member.key);
        at = past_blanks(text, past_blanks(text, member.key.end) + 1);
        member.value = {at, skip_value(text, at)};
        at = past_blanks(text, member.value.end);
        if (text[at] == ',') {
            member.comma = at;
            at = past_blanks(text, at + 1);
        }
        out.members.push_back(std::move(member));
    }
    out.close = at;
    return out;
}

Object root_of(std::string_view text) {
    const std::size_t mark = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    return object_at(text, past_blanks(text, mark));
}

std::size_t skip_spaces(std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of(" \t", at), text.size());
}

std::size_t line_begin(std::string_view text, std::size_t at) {
    if (at == 0) return 0;
    const std::size_t before = text.rfind('\n', at - 1);
    return before == kNone ? 0 : before + 1;
}

std::string_view indentation(std::string_view text, std::size_t at) {
    const std::size_t begin = line_begin(text, at);
    return text.substr(begin, skip_spaces(text, begin) - begin);
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == kNone; }

}  // namespace dragoman::config
