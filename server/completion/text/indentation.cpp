// Where the lines of an answer stand.
//
// An answer goes on at the cursor, so its first line has no indentation of its own and the others count
// theirs from the margin. Models also give the first line its full indentation, or all lines as if the margin
// were at the cursor. The second line that says something tells which: it cannot stand further left than the
// block it is in, unless it closes that.

#include "server/completion/text/layout.h"
#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"
#include "server/completion/text/view.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
namespace {

// The first line, placed, and the indentation that it came with.
struct Placed {
    std::string_view text;
    std::size_t own = 0;
};

Placed place_first_line(std::string_view text, std::string_view line) {
    const auto content = text.find_first_not_of(kSpace);
    if (content == std::string_view::npos) return {};
    const auto last_break = text.rfind('\n', content);
    const std::string_view own = text.substr(last_break + 1, content - last_break - 1);  // npos + 1 is 0
    if (is_blank(line)) {
        // Empty lines at the start would leave the cursor's line empty.
        text.remove_prefix(last_break + 1);
        if (line.empty()) return {.text = text, .own = 0};
        return {.text = text.substr(own.starts_with(line) ? line.size() : own.size()), .own = own.size()};
    }
    if (!ends_with_blank(line)) return {.text = text};
    constexpr std::string_view kOpensALine = "{([;:,}>";
    const bool line_is_over = kOpensALine.find(trimmed(line).back()) != std::string_view::npos;
    const bool deeper = own.size() > indentation(line).size();
    if (last_break == std::string_view::npos || (!line_is_over && !deeper)) text.remove_prefix(content);
    return {.text = text};
}

bool begins_with_word(std::string_view line, const auto& words) {
    const auto end =
        static_cast<std::size_t>(std::find_if_not(line.begin(), line.end(), is_word) - line.begin());
    const std::string_view word = line.substr(0, end);
    return !word.empty() && std::find(words.begin(), words.end(), word) != words.end();
}

// Stands further left than its block without ending it, or ends it: says nothing about the others.
bool says_nothing(std::string_view line) {
    constexpr std::array<std::string_view, 12> kMiddle = {"else",   "elif",    "elseif", "elsif",
                                                          "except", "finally", "catch",  "rescue",
                                                          "ensure", "when",    "case",   "default"};
    const std::string_view body = trimmed(line);
    const bool label = body.ends_with(':') && body.find_first_of(" (") == std::string_view::npos;
    return begins_with_word(body, kMiddle) || label || body.starts_with('#');
}

// Something that the next line stands in: a bracket, a colon, a block by words.
bool opens_block(std::string_view line, std::string_view language) {
    const Syntax& syntax = syntax_of(language);
    Scanner scanner{syntax};
    const Line read = scanner.scan(line, 0);
    if (!read.has_code() || language == "yaml") return trimmed(line).ends_with(':');
    return read.depth_after > read.depth_lowest ||
           ends_as_header(line.substr(read.code_begin, read.code_end - read.code_begin), syntax);
}

bool is_comment(std::string_view line, std::string_view language) {
    return Scanner{syntax_of(language)}.scan(line, 0).is_comment();
}

// In a language whose blocks end where the indentation does, a line further left may simply be outside.
bool may_be_outside(std::string_view line, std::string_view before, bool after_gap, std::size_t base,
                    const View& view) {
    constexpr std::array<std::string_view, 5> kLast = {"return", "raise", "break", "continue", "pass"};
    constexpr std::array<std::string_view, 6> kTop = {"def", "class", "async", "import", "from", "if"};
    if (syntax_of(view.language()).blocks != Syntax::Blocks::indentation) return false;
    if (is_comment(before, view.language())) return false;  // the block has nothing yet
    if (const auto next = view.next_line(); indentation(next).size() >= base)
        return false;  // the block goes on
    return view.language() != "python" || after_gap || begins_with_word(trimmed(before), kLast) ||
           begins_with_word(line, kTop) || line.starts_with('@');
}

int opened(std::string_view line, std::string_view language) {
    Scanner scanner{syntax_of(language)};
    scanner.scan(line, 0);
    return scanner.depth();
}

enum class Margin { at_margin, at_cursor, unknown };

// What a line at `depth` tells, behind `before`; `own` is what the first line came with.
Margin judge(std::string_view line, std::string_view before, bool after_gap, std::size_t own,
             std::size_t base, const View& view) {
    const std::size_t depth = indentation(line).size();
    const bool is_item = view.language() == "yaml" && depth == base && trimmed(line).starts_with("- ");
    if (depth > base || is_item) return Margin::at_margin;
    const bool closes = begins_with_closer(trimmed(line), syntax_of(view.language()));
    if (opens_block(before, view.language())) {
        if (closes) return depth == base ? Margin::at_margin : Margin::at_cursor;
        return depth > own ? Margin::at_cursor : Margin::at_margin;
    }
    if (depth == base || line == view.next_line()) return Margin::at_margin;
    if (closes) return opened(before, view.language()) > 0 ? Margin::at_cursor : Margin::at_margin;
    if (says_nothing(line)) return Margin::unknown;
    constexpr std::string_view kOver = ";}:";
    const bool goes_on = trimmed(before).find_last_of(kOver) != trimmed(before).size() - 1;
    if (depth != own && (depth < own || !goes_on)) return Margin::at_margin;
    return may_be_outside(line, before, after_gap, base, view) ? Margin::at_margin : Margin::at_cursor;
}

// Strings that go over lines: a docstring moves with its block, the inside of another stays as it is.
class StringLines {
public:
    StringLines(std::string_view language, std::string_view first) : scanner_{syntax_of(language)} {
        pass(first);
    }

    bool inside() const { return scanner_.region() == Region::string && scanner_.spans_lines(); }
    bool stays() const { return inside() && !is_docstring_; }
    void pass(std::string_view line) {
        const bool was_inside = inside();
        scanner_.scan(line, 0);
        if (!was_inside)
            is_docstring_ = trimmed(line).starts_with("\"\"\"") || trimmed(line).starts_with("'''");
    }

private:
    Scanner scanner_;
    bool is_docstring_ = false;
};

Margin find_margin(const std::vector<std::string_view>& lines, const Placed& placed,
                   std::string_view line_before, const View& view, bool& open) {
    const std::string before = std::string{line_before}.append(lines.front());
    const std::size_t base = indentation(line_before).size();
    StringLines strings{view.language(), before};
    bool after_gap = false;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (strings.stays()) return Margin::at_margin;
        const bool inside = strings.inside();
        strings.pass(lines[i]);
        after_gap |= is_blank(lines[i]);
        if (is_blank(lines[i])) continue;
        const std::size_t depth = indentation(lines[i]).size();
        if (inside && depth < base) return depth == placed.own ? Margin::at_cursor : Margin::at_margin;
        const Margin margin = judge(lines[i], before, after_gap, placed.own, base, view);
        if (margin != Margin::unknown) return margin;
        open = true;
    }
    return Margin::unknown;
}

Draft restore(const Placed& placed, std::string_view line_before, const View& view) {
    const std::string_view base = indentation(line_before);
    Draft draft{.text = std::string{placed.text}};
    constexpr std::size_t kDeepest = 256;  // more is no indentation
    if (placed.own >= base.size() || base.size() > kDeepest || is_prose_language(view.language()))
        return draft;
    const auto lines = split_lines(placed.text);
    const Margin margin = find_margin(lines, placed, line_before, view, draft.open);
    draft.open = draft.open && margin == Margin::unknown;
    if (margin != Margin::at_cursor) return draft;
    draft.text = lines.front();
    StringLines strings{view.language(), std::string{line_before}.append(lines.front())};
    for (auto line = lines.begin() + 1; line != lines.end(); ++line) {
        draft.text += '\n';
        if (!is_blank(*line) && !strings.stays()) draft.text += base.substr(placed.own);
        if (!is_blank(*line)) draft.text += *line;
        strings.pass(*line);
    }
    return draft;
}

// How many blanks an answer means by a level, by its first line that has some.
std::size_t width_of(std::size_t blanks, std::size_t levels_above, bool in_block) {
    constexpr std::array<std::size_t, 4> kWidths = {4, 2, 8, 3};
    for (const std::size_t width : kWidths) {
        for (const std::size_t levels : {levels_above + (in_block ? 1 : 0), std::size_t{1}, levels_above}) {
            if (levels > 0 && blanks == width * levels) return width;
        }
    }
    return kWidths.front();
}

}  // namespace

Draft convert_indentation(std::string_view text, const View& view) {
    using Unit = Layout::Unit;
    const bool has_any = text.starts_with(' ') || text.starts_with('\t') ||
                         text.find("\n ") != std::string_view::npos ||
                         text.find("\n\t") != std::string_view::npos;
    if (!has_any || is_prose_language(view.language())) return {.text = std::string{text}};
    const Layout layout = view.layout();
    if (layout.unit == Unit::unknown) return {.text = std::string{text}};
    const std::string_view line_before = view.line_before();
    const std::size_t levels_above = indentation(line_before).size();
    std::string out, before{line_before};
    std::size_t width = 0;
    bool first = true;
    for (const std::string_view line : split_lines(text)) {
        if (!first) out += '\n';
        const std::string_view indent =
            first && !is_blank(line_before) ? line.substr(0, 0) : indentation(line);
        first = false;
        std::size_t columns = 0;
        for (const char c : indent) {
            if (c == '\t') {
                out += layout.unit == Unit::tabs ? "\t" : std::string(layout.width, ' ');
            } else if (layout.unit == Unit::blanks) {
                out += ' ';
            } else {
                ++columns;
            }
        }
        if (columns > 1 && width == 0) {
            width = width_of(columns, levels_above, opens_block(before, view.language()));
        }
        if (width > 0 && columns > 1) {
            out.append(columns / width, '\t').append(columns % width, ' ');
        } else {
            out.append(columns, ' ');
        }
        out += line.substr(indent.size());
        before = line;
    }
    return {.text = std::move(out)};
}

Draft fit_indentation(std::string_view text, const View& view) {
    const std::string_view line = view.line_before();
    return restore(place_first_line(text, line), line, view);
}

}  // namespace dragoman::completion
