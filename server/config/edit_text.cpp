#include "server/config/edit_text.h"

#include "protocol/base/utf.h"
#include "server/config/layout.h"
#include "server/config/schema.h"

#include <algorithm>
#include <map>

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

void splice(std::string& text, Span span, std::string_view by) {
    text.replace(span.begin, span.end - span.begin, by);
}

// Into an object without members.
void add_first(std::string& text, const Object& object, const std::string& name, const Json& value,
               Style style) {
    const Span inside{object.open + 1, object.close};
    const auto interior = std::string_view{text}.substr(inside.begin, inside.end - inside.begin);
    style.indent = indentation(text, object.open);
    style.lines = style.lines || interior.find('\n') != std::string_view::npos;
    const std::string member = printed_member(name, value, style.lines ? style.deeper() : style);
    if (is_blank(interior)) {
        const std::string pad = interior.empty() ? "" : " ";
        return splice(
            text, inside,
            style.lines ? style.inner() + member + style.newline + style.indent : pad + member + pad);
    }
    // Behind the comments.
    const std::size_t end = interior.find_last_not_of(" \t\r\n") + 1 + inside.begin;
    const bool apart =
        std::string_view{text}.substr(end, object.close - end).find('\n') != std::string_view::npos;
    splice(text, {end, end}, (apart ? style.inner() : " ") + member);
}

// Behind the last member. The comma goes to its value, before what is remarked on it.
void add_more(std::string& text, const Object& object, const Json& members, Style style) {
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
        const auto usual = std::string_view{text}.substr(begin, last.key.begin - begin);
        gap = object.members.size() > 1 && is_blank(usual) ? std::string{usual} : style.tight ? "" : " ";
    }
    std::string added = "," + text.substr(last.value.end, tail.end - last.value.end);
    for (const auto& [name, value] : members.items()) {
        if (added.size() > 1 + tail.end - last.value.end) added += ",";
        added += gap + printed_member(name, value, style);
        style.lines = style.lines || tail.ends_line;
    }
    splice(text, {last.value.end, tail.end}, added);
}

// `members`, at least one, into the object at `open`. `own_line`: it is the value of a member that begins a
// line.
void add(std::string& text, std::size_t open, const Json& members, Style style, bool own_line) {
    const Object object = object_at(text, open);
    if (!object.members.empty()) return add_more(text, object, members, std::move(style));
    Json rest = members;
    const std::string name = rest.begin().key();
    style.lines = own_line;
    add_first(text, object, name, rest.begin().value(), style);
    rest.erase(name);
    if (!rest.empty()) add_more(text, object_at(text, open), rest, std::move(style));
}

// Into the last of `objects`, which lead there from the root.
std::string with_member(std::string_view text, const std::vector<Object>& objects, const std::string& name,
                        const Json& value) {
    bool own_line = true;
    if (objects.size() > 1) {
        const Object& parent = objects[objects.size() - 2];
        const auto holder =
            std::find_if(parent.members.begin(), parent.members.end(),
                         [&](const Member& one) { return one.value.begin == objects.back().open; });
        own_line = has_own_line(text, parent, *holder);
    }
    std::string out{text};
    add(out, objects.back().open, Json::object({{name, value}}), style_of(text, objects.front()), own_line);
    return out;
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

void take_last(std::string& text, const Object& object) {
    const Member& member = object.members.back();
    const bool alone = object.members.size() == 1;
    Span span{member.key.begin, member.value.end};
    const std::size_t next = skip_spaces(text, span.end);
    if (comment_at(text, next)) {
        span.end = next;  // the remark keeps its place
    } else {
        span.begin = blank_before(text, object.before(member), span);
    }
    splice(text, span, "");
    if (!alone) text.erase(object.before(member) - 1, 1);
    const std::size_t close = object.close - (span.end - span.begin);
    const std::size_t begin = object.open + 1;
    if (alone && is_blank(std::string_view{text}.substr(begin, close - begin)))
        text.erase(begin, close - begin);
}

// Takes a member that another one follows out of what `text` goes on with behind `out`, where its key would
// be next: what leads up to it may go from `out`. Where `text` then goes on.
std::size_t take_earlier(std::string& out, std::string_view text, const Member& member) {
    const std::string_view between = text.substr(member.value.end, member.comma - member.value.end);
    if (!is_blank(between)) {
        out += between;  // a remark stands before the comma
        return member.comma + 1;
    }
    const std::size_t next = skip_spaces(text, member.comma + 1);
    const std::size_t line_break = text[next] == '\r' ? next + 1 : next;
    if (text[line_break] != '\n') return next;
    const std::size_t begin = line_begin(out, out.size());
    if (is_blank(std::string_view{out}.substr(begin))) {
        out.resize(begin);
        return line_break + 1;
    }
    while (out.back() == ' ' || out.back() == '\t') out.pop_back();
    return next;
}

void take(std::string& text, const Object& object, const Member& member) {
    if (member.comma == std::string_view::npos) return take_last(text, object);
    std::string out = text.substr(0, member.key.begin);
    const std::size_t rest = take_earlier(out, text, member);
    text = out.append(text, rest);
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

// Takes out what is said at `path`, and parents that then hold nothing; the text itself where nothing is.
std::string removed(std::string text, const Path& path) {
    for (;;) {  // once for each time that it is said
        const auto objects = objects_along(text, path);
        std::size_t level = objects.size() - 1;
        const Member* member = level + 1 == path.size() ? objects[level].find(path[level]) : nullptr;
        if (member == nullptr) return text;
        while (level > 0 && holds_only(text, objects[level], *member)) {
            --level;
            member = objects[level].find(path[level]);
        }
        take(text, objects[level], *member);
    }
}

// ---- a value replaced

// Writes a text anew with values in the place of others. An object takes the place of an object member by
// member, so that the comments between them stay; one pass from the front does it all, however many change.
class Rewriting {
public:
    Rewriting(std::string_view text, Style style) : text_{text}, style_{std::move(style)} {}

    /// The text with `value` where `old` is the value of a member of `object`.
    std::string with(const Object& object, const Member& member, const Json& old, const Json& value) {
        out_ = text_.substr(0, member.value.begin);
        put(member, old, value, has_own_line(text_, object, member), line_indent(member.key.begin));
        return out_.append(text_.substr(member.value.end));
    }

private:
    std::string line_indent(std::size_t at) const { return std::string{indentation(out_, at)}; }

    // Behind the colon of `member`.
    void put(const Member& member, const Json& old, const Json& value, bool own_line, std::string indent) {
        if (old == value) {
            out_ += text_.substr(member.value.begin, member.value.end - member.value.begin);
        } else if (old.is_object() && value.is_object()) {
            put_object(member.value.begin, old, value, own_line);
        } else {
            Style style = style_;
            style.indent = std::move(indent);
            style.lines = own_line;
            style.tight = is_tight(member);
            out_ += printed(value, style);
        }
    }

    void put_object(std::size_t open, const Json& old, const Json& wanted, bool own_line) {
        const Object object = object_at(text_, open);
        std::map<std::string_view, const Member*> counting;  // of a name said twice the last
        for (const Member& member : object.members) counting[member.name] = &member;

        const std::size_t begin = out_.size();
        out_ += '{';
        std::size_t at = open + 1, before = out_.size();
        for (const Member& member : object.members) {
            out_ += text_.substr(at, member.key.begin - at);
            const bool stays = wanted.contains(member.name), last = &member == &object.members.back();
            if (!stays && !last) {
                at = take_earlier(out_, text_, member);
                continue;
            }
            const std::size_t key = out_.size();
            out_ += text_.substr(member.key.begin, member.value.begin - member.key.begin);
            const Json& was = old.at(member.name);
            if (stays && counting.at(member.name) == &member) {
                const Json& is = wanted.at(member.name);
                const bool line =
                    std::string_view{out_}.substr(before, key - before).find('\n') != std::string_view::npos;
                put(member, was, is, line, is.is_structured() ? line_indent(key) : "");
            } else {
                put(member, was, was, false, "");
            }
            at = last ? member.value.end : member.comma + 1;
            out_ += text_.substr(member.value.end, at - member.value.end);
            before = out_.size();
        }
        out_ += text_.substr(at, object.close + 1 - at);

        if (!object.members.empty() && !wanted.contains(object.members.back().name))
            take_last(out_, object_at(out_, begin));
        Json added = Json::object();
        for (const auto& [name, value] : wanted.items()) {
            if (!old.contains(name)) added[name] = value;
        }
        if (!added.empty()) add(out_, begin, added, style_, own_line);
    }

    std::string_view text_;
    Style style_;
    std::string out_;
};

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
    if (member == nullptr) return with_member(text, objects, path[level], wrapped(path, level + 1, value));
    if (level + 1 < path.size()) {
        const Path so_far(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(level) + 1);
        return Finding{member->value, '"' + dotted(so_far) + "\" is no object, so nothing can be set in it"};
    }
    const Json* old = &read->value;
    for (const std::string& name : path) old = &old->at(name);
    return Rewriting{text, style_of(text, objects.front())}.with(objects.back(), *member, *old, value);
}

Edited unset_value(std::string_view text, const Path& path) {
    if (says_nothing(text)) return std::string{text};
    const auto read = read_to_edit(text);
    if (!read) return read.error();
    return removed(std::string{text}, path);
}

}  // namespace dragoman::config
