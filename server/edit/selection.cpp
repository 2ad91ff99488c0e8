#include "server/edit/selection.h"

#include "server/completion/text/lines.h"
#include "server/completion/text/window.h"

#include <algorithm>

namespace dragoman::edit {
namespace {

constexpr std::size_t kMostBefore = 12'000, kMostAfter = 8'000;  // bytes
constexpr std::size_t kMostBlockLines = 400;

std::string line_end_near(const Text& text, std::size_t offset) {
    for (const std::size_t line : {text.line_of(offset), std::size_t{0}}) {
        if (line + 1 < text.line_count()) return text.slice(text.line_end(line), text.line_start(line + 1));
    }
    return "\n";
}

bool blank_line(const Text& text, std::size_t line) { return completion::is_blank(text.line(line)); }

std::size_t depth(const Text& text, std::size_t line) {
    return completion::indentation(text.line(line)).size();
}

bool closes(const Text& text, std::size_t line) {
    const std::string body{completion::trimmed(text.line(line))};
    return !body.empty() && (std::string_view{"})]"}.find(body.front()) != std::string_view::npos ||
                             body == "end" || body == "end;");
}

/// The next line with something on it; line_count() where there is none.
std::size_t next_line(const Text& text, std::size_t line) {
    do ++line;
    while (line < text.line_count() && blank_line(text, line));
    return line;
}

std::size_t opening_line(const Text& text, std::size_t line) {
    const std::size_t next = next_line(text, line);
    const bool opens = next < text.line_count() && depth(text, next) > depth(text, line);
    if (opens || blank_line(text, line)) return line;
    const std::size_t own = closes(text, line) ? depth(text, line) + 1 : depth(text, line);
    const std::size_t least = line - std::min(line, kMostBlockLines);
    for (std::size_t at = line; at > least; --at) {
        if (!blank_line(text, at - 1) && depth(text, at - 1) < own) return at - 1;
    }
    return line;
}

}  // namespace

std::string Selection::line_before() const {
    const auto newline = before.rfind('\n');
    return newline == std::string::npos ? before : before.substr(newline + 1);
}

bool Selection::begins_a_line() const { return completion::is_blank(line_before()); }

std::string Selection::indentation() const {
    const std::string line = line_before();
    const std::string own{completion::indentation(line)};
    return own.size() < line.size() ? own : own + std::string{completion::indentation(text)};
}

Selection take_selection(const DocumentSnapshot& document, std::size_t begin, std::size_t end) {
    Selection selection;
    selection.text = document.text.slice(begin, end);
    selection.before =
        completion::take_window(document.text, begin, {.prefix = kMostBefore, .suffix = 0}).prefix;
    selection.after = completion::take_window(document.text, end, {.prefix = 8, .suffix = kMostAfter}).suffix;
    selection.language = document.language_id;
    selection.line_end = line_end_near(document.text, begin);
    return selection;
}

Extent block_around(const Text& text, std::size_t offset) {
    const std::size_t first = opening_line(text, text.line_of(offset));
    std::size_t last = first;
    for (std::size_t line = next_line(text, first);
         line < text.line_count() && line < first + kMostBlockLines; line = next_line(text, line)) {
        const bool deeper = depth(text, line) > depth(text, first);
        if (!deeper && (!closes(text, line) || depth(text, line) < depth(text, first))) break;
        last = line;
        if (!deeper) break;
    }
    return {text.line_start(first), text.line_end(last)};
}

Extent lines_around(const Text& text, std::size_t begin, std::size_t end) {
    const std::size_t first = text.line_of(begin);
    std::size_t last = text.line_of(end);
    if (last > first && end == text.line_start(last)) --last;
    const bool part_of_line =
        first == last && completion::trimmed(text.slice(begin, std::min(end, text.line_end(last)))) !=
                             completion::trimmed(text.line(first));
    if (part_of_line || begin == end) return block_around(text, begin);
    return {text.line_start(first), text.line_end(last)};
}

}  // namespace dragoman::edit
