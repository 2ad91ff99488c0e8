#include "server/config/edit_text.h"

#include "protocol/base/utf.h"
#include "server/config/layout.h"
#include "server/config/schema.h"

#include <algorithm>

namespace dragoman::config {
namespace {

using Path = std::vector<std::string>;
using Edited = Result<std::string, Finding>;

// ---- how the text is written

std::string newline_of(std::string_view text) {
    const std::size_t at = text.find('\n');
    return at != std::string_view::npos && at > 0 && text[at - 1] == '\r' ? "\r\n" : "\n";
}

// Whether the key begins a line.
bool has_own_line(std::string_view text, const Object& object, const Member& member) {
    const std::size_t begin = object.before(member);
    return text.substr(begin, member.key.begin - begin).find('\n') != std::string_view::npos;
}

bool is_tight(const Member& member) { return member.value.begin == member.key.end + 1; }

// One level of indentation: that of the root's first member that has a line of its own.
std::string unit_of(std::string_view text, const Object& root) {
    for (const Member& member : root.members) {
        if (!has_own_line(text, root, member)) continue;
        const std::string_view outer = indentation(text, root.open);
        std::string_view inner = indentation(text, member.key.begin);
        if (inner.starts_with(outer)) inner.remove_prefix(outer.size());
        if (!inner.empty()) return std::string{inner};
    }
    return "  ";
}

// How something new is written at one place.
struct Style {
    std::string newline, unit;
    std::string indent{};  // of the line that the value begins on
    bool lines = true;     // objects get a line for each member
    bool tight = false;    // no blank behind colons and commas

    std::string inner() const { return newline + indent + unit; }
    Style deeper() const {
        Style out = *this;
        out.indent += unit;
        return out;
    }
};

Style style_of(std::string_view text, const Object& root) {
    return {.newline = newline_of(text), .unit = unit_of(text, root)};
}

std::string printed(const Json& value, const Style& style);

std::string printed_member(const std::string& name, const Json& value, const Style& style) {
    return dump_json(name) + (style.tight ? ":" : ": ") + printed(value, style);
}

std::string printed(const Json& value, const Style& style) {
    if (!value.is_structured() || value.empty()) return dump_json(value);
    const bool flat =
        std::none_of(value.begin(), value.end(), [](const Json& one) { return one.is_structured(); });
    const bool lines = style.lines && !(value.is_array() && flat);
    std::string out;
    for (const auto& [name, one] : value.items()) {
        if (!out.empty()) out += lines || style.tight ? "," : ", ";
        if (lines) out += style.inner();
        out += value.is_object() ? printed_member(name, one, style.deeper()) : printed(one, style.deeper());
    }
    if (lines) out += style.newline + style.indent;
    return (value.is_object() ? "{" : "[") + out + (value.is_object() ? "}" : "]");
}

// ---- a new member

// What stands behind a value on its line: block comments, then perhaps a comment up to the line's end.
struct Tail {
    std::size_t end;
    bool ends_line = false;
};
Tail tail_of(std::string_view text, std::size_t at) {
    for (;;) {
        const std::size_t next = skip_spaces(text, at);
        const std::string_view rest = text.substr(next);
        if (rest.starts_with("//")) {
            const std::size_t end = std::min(text.find('\n', next), text.size());
            return {end > 0 && text[end - 1] == '\r' ? end - 1 : end, true};
        }
        if (!rest.starts_with("/*")) return {at};
        at = text.find("*/", next + 2) + 2;
    }
}

std::string spliced(std::string_view text, Span span, std::string_view by) {
    std::string out{text.substr(0, span.begin)};
    out += by;
    out += text.substr(span.end);
    return out;
}

// Into an object without members.
std::string with_first(std::string_view text, const Object& object, const std::string& name,
                       const Json& value, Style style) {
    const Span inside{object.open + 1, object.close};
    const std::string_view interior = text.substr(inside.begin, inside.end - inside.begin);
    style.indent = indentation(text, object.open);
    style.lines = style.lines || interior.find('\n') != std::string_view::npos;
    const std::string member = printed_member(name, value, style.lines ? style.deeper() : style);
    if (is_blank(interior)) {
        if (style.lines) {
            return spliced(text, inside, style.inner() + member + style.newline + style.indent);
        }
        const std::string pad = interior.empty() ? "" : " ";
        return spliced(text, inside, pad + member + pad);
    }
    // Behind the comments.
    const std::size_t end = interior.find_last_not_of(" \t\r\n") + 1 + inside.begin;
    const bool apart = text.substr(end, object.close - end).find('\n') != std::string_view::npos;
    return spliced(text, {end, end}, (apart ? style.inner() : " ") + member);
}

// Behind the last member. The comma goes to its value, before what is remarked on it.
std::string with_another(std::string_view text, const Object& object, const std::string& name,
                         const Json& value, Style style) {
    const Member& last = object.members.back();
    const Tail tail = tail_of(text, last.value.end);
    style.tight = is_tight(last);
    style.lines = has_own_line(text, object, last);
    std::string gap;
    if (style.lines) {
        style.indent = indentation(text, last.key.begin);
        gap = style.newline + style.indent;
    } else if (tail.ends_line) {
        style.indent = std::string{indentation(text, object.open)} + style.unit;
        gap = style.newline + style.indent;
    } else {
        const std::size_t begin = object.before(last);
        const std::string_view usual = text.substr(begin, last.key.begin - begin);
        gap = object.members.size() > 1 && is_blank(usual) ? std::string{usual} : style.tight ? "" : " ";
    }
    const std::string remarks{text.substr(last.value.end, tail.end - last.value.end)};
    return spliced(text, {last.value.end, tail.end},
                   "," + remarks + gap + printed_member(name, value, style));
}

// Into the last of `objects`, which lead there from the root.
std::string added(std::string_view text, const std::vector<Object>& objects, const std::string& name,
                  const Json& value) {
    const Object& object = objects.back();
    Style style = style_of(text, objects.front());
    if (!object.members.empty()) return with_another(text, object, name, value, std::move(style));
    if (objects.size() > 1) {
        const Object& parent = objects[objects.size() - 2];
        const auto holder = std::find_if(parent.members.begin(), parent.members.end(),
                                         [&](const Member& one) { return one.value.begin == object.open; });
        style.lines = has_own_line(text, parent, *holder);
    }
    return with_first(text, object, name, value, std::move(style));
}

// ---- a member taken out

// Where what may go with the white space before `key` begins: its spaces, and the line break before them
// where the line would be left empty and no comment needs it to end.
std::size_t blank_before(std::string_view text, std::size_t from, Span member) {
    std::size_t begin = member.begin;
    while (begin > from && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
    if (begin == from || text[begin - 1] != '\n') return begin;
    const std::size_t next = skip_spaces(text, member.end);
    const bool ends_line = next == text.size() || text[next] == '\n' || text[next] == '\r';
    const std::string_view line =
        text.substr(line_begin(text, begin - 1), begin - line_begin(text, begin - 1));
    if (!ends_line && line.find("//") != std::string_view::npos) return begin;
    --begin;
    return begin > from && text[begin - 1] == '\r' ? begin - 1 : begin;
}

bool comment_at(std::string_view text, std::size_t at) {
    return text.substr(at).starts_with("//") || text.substr(at).starts_with("/*");
}

std::string without_last(std::string_view text, const Object& object) {
    const Member& member = object.members.back();
    const bool alone = object.members.size() == 1;
    Span span{member.key.begin, member.value.end};
    const std::size_t next = skip_spaces(text, span.end);
    if (comment_at(text, next)) {
        span.end = next;  // the remark keeps its place
    } else {
        span.begin = blank_before(text, object.before(member), span);
    }
    std::string out = spliced(text, span, "");
    if (!alone) out.erase(object.before(member) - 1, 1);
    const std::size_t close = object.close - (span.end - span.begin);
    const std::size_t begin = object.open + 1;
    if (alone && is_blank(std::string_view{out}.substr(begin, close - begin)))
        out.erase(begin, close - begin);
    return out;
}

std::string without_earlier(std::string_view text, const Member& member) {
    const std::string_view between = text.substr(member.value.end, member.comma - member.value.end);
    if (!is_blank(between)) {
        // A remark stands before the comma.
        return spliced(spliced(text, {member.comma, member.comma + 1}, ""),
                       {member.key.begin, member.value.end}, "");
    }
    Span span{member.key.begin, skip_spaces(text, member.comma + 1)};
    const std::size_t begin = line_begin(text, span.begin);
    const std::size_t line_break = text[span.end] == '\r' ? span.end + 1 : span.end;
    if (text[line_break] == '\n') {
        if (is_blank(text.substr(begin, span.begin - begin))) {
            span = {begin, line_break + 1};
        } else {
            while (text[span.begin - 1] == ' ' || text[span.begin - 1] == '\t') --span.begin;
        }
    }
    return spliced(text, span, "");
}

std::string without(std::string_view text, const Object& object, const Member& member) {
    if (member.comma != std::string_view::npos) return without_earlier(text, member);
    return without_last(text, object);
}

bool holds_only(std::string_view text, const Object& object, const Member& member) {
    const auto blank = [&](std::size_t begin, std::size_t end) {
        return is_blank(text.substr(begin, end - begin));
    };
    return object.members.size() == 1 && blank(object.open + 1, member.key.begin) &&
           blank(member.value.end, object.close);
}

// The objects on the way to `path`, from the root on; fewer where the way ends earlier.
std::vector<Object> objects_along(std::string_view text, const Path& path) {
    std::vector<Object> out{root_of(text)};
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        const Member* member = out.back().find(path[i]);
        if (member == nullptr || text[member->value.begin] != '{') break;
        out.push_back(object_at(text, member->value.begin));
    }
    return out;
}

enum class Parents { keep, prune };

// Takes out what counts at `path`; the text itself where nothing does.
std::string removed(std::string text, const Path& path, Parents parents) {
    for (;;) {  // once for each time that it is said
        const auto objects = objects_along(text, path);
        std::size_t level = objects.size() - 1;
        const Member* member = level + 1 == path.size() ? objects[level].find(path[level]) : nullptr;
        if (member == nullptr) return text;
        while (parents == Parents::prune && level > 0 && holds_only(text, objects[level], *member)) {
            --level;
            member = objects[level].find(path[level]);
        }
        text = without(text, objects[level], *member);
    }
}

// ---- a value replaced

std::string replaced(std::string_view text, const std::vector<Object>& objects, const Member& member,
                     const Json& value) {
    Style style = style_of(text, objects.front());
    style.indent = indentation(text, member.key.begin);
    style.lines = has_own_line(text, objects.back(), member);
    style.tight = is_tight(member);
    return spliced(text, member.value, printed(value, style));
}

Path below(const Path& path, const std::string& name) {
    Path out = path;
    out.push_back(name);
    return out;
}

// An object in the place of an object: member by member, so that the comments between them stay.
Edited merged(std::string_view text, const Path& path, const Object& old, const Json& value) {
    std::string out{text};
    for (const Member& member : old.members) {
        if (!value.contains(member.name))
            out = removed(std::move(out), below(path, member.name), Parents::keep);
    }
    for (const auto& [name, one] : value.items()) {
        Edited next = set_value(out, below(path, name), one);
        if (!next) return next;
        out = std::move(next).value();
    }
    return out;
}

Json wrapped(const Path& path, std::size_t from, Json value) {
    for (std::size_t i = path.size(); i-- > from;) {
        Json outer = Json::object();
        outer[path[i]] = std::move(value);
        value = std::move(outer);
    }
    return value;
}

// For a text of blanks and comments alone.
std::string begun(std::string_view text, const Path& path, const Json& value) {
    const Style style{.newline = newline_of(text), .unit = "  "};
    std::string out{text};
    const bool in_line = !out.empty() && out != kByteOrderMark && out.back() != '\n';
    if (in_line) out += style.newline;
    return out + printed(wrapped(path, 0, value), style) + style.newline;
}

// Each time that a name is said again costs a reading of the whole text.
Result<Text, Finding> read_to_edit(std::string_view text) {
    auto read = read_text(text);
    if (read && read->findings.size() >= kMostFindings) {
        return Finding{read->findings.front().span,
                       "names are said twice in too many places, from this one on; leave one of each"};
    }
    return read;
}

}  // namespace

bool says_nothing(std::string_view text) {
    const Blanks all = skip_blanks(text, text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    return all.closed && all.end == text.size();
}

Edited set_value(std::string_view text, const Path& path, const Json& value) {
    for (const std::string& name : path) {
        if (!is_valid_utf8(name))
            return Finding{{},
                           "the name " + one_line(name, 80) + " is not UTF-8, so that no file can hold it"};
    }
    if (says_nothing(text)) {
        std::string out = begun(text, path, value);
        const auto read = read_text(out);
        return read ? Edited{std::move(out)} : Edited{read.error()};
    }
    const auto read = read_to_edit(text);
    if (!read) return read.error();
    const auto objects = objects_along(text, path);
    const std::size_t level = objects.size() - 1;
    const Member* member = objects.back().find(path[level]);
    if (member == nullptr) return added(text, objects, path[level], wrapped(path, level + 1, value));
    if (level + 1 < path.size()) {
        const Path so_far(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(level) + 1);
        return Finding{member->value, '"' + dotted(so_far) + "\" is no object, so nothing can be set in it"};
    }
    const Json* old = &read->value;
    for (const std::string& name : path) old = &old->at(name);
    if (*old == value) return std::string{text};
    if (old->is_object() && value.is_object())
        return merged(text, path, object_at(text, member->value.begin), value);
    return replaced(text, objects, *member, value);
}

Edited unset_value(std::string_view text, const Path& path) {
    if (says_nothing(text)) return std::string{text};
    const auto read = read_to_edit(text);
    if (!read) return read.error();
    return removed(std::string{text}, path, Parents::prune);
}

}  // namespace dragoman::config
