#include "tests/bench/completion/oracle/spans.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <array>

namespace dragoman::bench {
namespace {

using completion::indentation;
using completion::is_blank;
using completion::is_telling;
using completion::is_word;
using completion::same_line;
using completion::split_lines;
using completion::trimmed;

constexpr std::size_t kNone = std::string_view::npos;

std::string_view comment_mark(std::string_view language) {
    if (language == "lua") return "-- ";
    const bool hash = language == "python" || language == "yaml" || language == "shellscript";
    return hash ? "# " : "// ";
}

// Reads the file by lines; answers where a span of a kind lies at one of them.
class Finder {
public:
    explicit Finder(const Source& source) : source_{source}, lines_{split_lines(source.text)} {}

    std::size_t lines() const { return lines_.size(); }
    std::optional<Span> at(std::size_t line, SpanKind kind) const {
        switch (kind) {
            case SpanKind::line_rest: return line_rest(line);
            case SpanKind::line_middle: return line_middle(line);
            case SpanKind::whole_line: return whole_line(line);
            case SpanKind::body: return body(line);
            case SpanKind::function: return function(line);
            case SpanKind::comment: return comment(line);
        }
        return std::nullopt;
    }

private:
    std::size_t offset(std::string_view place) const {
        return static_cast<std::size_t>(place.data() - source_.text.data());
    }
    std::size_t depth(std::size_t line) const { return indentation(lines_[line]).size(); }
    bool is_comment(std::size_t line) const {
        const auto body = trimmed(lines_[line]);
        return body.starts_with(trimmed(comment_mark(source_.language))) || body.starts_with('*') ||
               body.starts_with("/*");
    }
    bool is_code(std::size_t line) const { return !is_blank(lines_[line]) && !is_comment(line); }

    Span span(SpanKind kind, std::size_t begin, std::size_t end) const {
        return {.kind = kind, .source = &source_, .begin = begin, .end = end};
    }
    Span within(SpanKind kind, std::size_t line, std::size_t from, std::size_t to) const {
        const auto start = offset(lines_[line]);
        return span(kind, start + from, start + to);
    }

    // From behind a blank, a "(" or a "=" to the end of the line.
    std::optional<Span> line_rest(std::size_t line) const {
        const std::string_view text = lines_[line];
        if (!is_code(line)) return std::nullopt;
        for (std::size_t i = text.size() / 2; i + 4 < text.size(); ++i) {
            const bool starts = (text[i - 1] == ' ' || text[i - 1] == '(') && is_word(text[i]);
            if (i > depth(line) + 2 && starts) return within(SpanKind::line_rest, line, i, text.size());
        }
        return std::nullopt;
    }

    // The arguments of a call, or what is assigned, with something behind it.
    std::optional<Span> line_middle(std::size_t line) const {
        const std::string_view text = lines_[line];
        if (!is_code(line)) return std::nullopt;
        for (auto open = text.find('('); open != kNone && open > 0; open = text.find('(', open + 1)) {
            if (!is_word(text[open - 1])) continue;
            int depth = 0;
            for (std::size_t i = open; i < text.size(); ++i) {
                if (text[i] == '(') ++depth;
                if (text[i] == ')' && --depth == 0) {
                    if (i < open + 3) break;
                    return within(SpanKind::line_middle, line, open + 1, i);
                }
            }
        }
        const auto equals = text.find(" = ");
        if (equals != kNone && text.ends_with(';') && equals + 6 < text.size()) {
            return within(SpanKind::line_middle, line, equals + 3, text.size() - 1);
        }
        return std::nullopt;
    }

    std::optional<Span> whole_line(std::size_t line) const {
        if (!is_code(line) || !is_telling(lines_[line])) return std::nullopt;
        return within(SpanKind::whole_line, line, depth(line), lines_[line].size());
    }

    // Behind the last line of what is indented deeper than `line`.
    std::size_t block_end(std::size_t line) const {
        std::size_t end = line + 1;
        for (std::size_t i = line + 1; i < lines_.size() && (is_blank(lines_[i]) || depth(i) > depth(line));
             ++i) {
            if (!is_blank(lines_[i])) end = i + 1;
        }
        return end;
    }

    bool opens_block(std::size_t line) const {
        if (!is_code(line)) return false;
        const auto text = trimmed(lines_[line]);
        if (text.ends_with('{') || text.ends_with(':')) return true;
        return text.ends_with(" then") || text.ends_with(" do") || text == "do" ||
               (source_.language == "lua" && text.find("function") != kNone && text.ends_with(')'));
    }

    std::optional<Span> body(std::size_t line) const {
        constexpr std::size_t kMostLines = 12;
        if (!opens_block(line)) return std::nullopt;
        const std::size_t end = block_end(line);
        if (end == line + 1 || end > line + 1 + kMostLines || is_blank(lines_[line + 1])) return std::nullopt;
        for (std::size_t i = line + 1; i < end; ++i) {
            if (!is_blank(lines_[i]) && depth(i) < depth(line + 1)) return std::nullopt;
        }
        return span(SpanKind::body, offset(lines_[line + 1]) + depth(line + 1),
                    offset(lines_[end - 1]) + lines_[end - 1].size());
    }

    std::optional<Span> function(std::size_t line) const {
        constexpr std::size_t kMostLines = 25;
        if (line == 0 || !opens_block(line) || depth(line) > 0 || !is_blank(lines_[line - 1]))
            return std::nullopt;
        if (lines_[line].find('(') == kNone) return std::nullopt;
        std::size_t end = block_end(line);
        if (end == line + 1 || end >= lines_.size()) return std::nullopt;
        if (std::string_view{"})e"}.find(lines_[end].substr(0, 1)) != kNone && !is_blank(lines_[end])) ++end;
        if (end >= lines_.size() || !is_blank(lines_[end]) || end > line + kMostLines) return std::nullopt;
        return span(SpanKind::function, offset(lines_[line]),
                    offset(lines_[end - 1]) + lines_[end - 1].size());
    }

    // What a comment says behind its first words.
    std::optional<Span> comment(std::size_t line) const {
        const std::string_view text = lines_[line];
        const auto mark = comment_mark(source_.language);
        if (!trimmed(text).starts_with(mark)) return std::nullopt;
        const auto words = text.find(mark) + mark.size();
        const auto cut = text.find(' ', words + 6);
        if (cut == kNone || cut + 8 > text.size()) return std::nullopt;
        return within(SpanKind::comment, line, cut + 1, text.size());
    }

    const Source& source_;
    std::vector<std::string_view> lines_;
};

std::string_view next_line(std::string_view after) {
    auto lines = split_lines(after);
    lines.erase(lines.begin());
    const auto next = std::find_if_not(lines.begin(), lines.end(), is_blank);
    return next == lines.end() ? std::string_view{} : *next;
}

// Nobody could tell what is hidden from a repetition, or would want it.
bool is_ambiguous(const Span& span) {
    const std::string_view hidden = span.hidden();
    if (trimmed(hidden).size() != hidden.size() || hidden.size() < 4)
        return true;  // begins or ends in blanks
    const auto before = split_lines(span.before());
    const std::string_view current = trimmed(before.back());
    if (!current.empty() && hidden.starts_with(current)) return true;
    const auto above = std::find_if_not(before.rbegin() + 1, before.rend(), is_blank);
    const std::string_view below = next_line(span.after());
    const std::string rest{trimmed(span.after().substr(0, span.after().find('\n')))};
    if (completion::has_word(rest) && hidden.ends_with(rest)) return true;
    for (const std::string_view line : split_lines(hidden)) {
        if (is_telling(line) && !below.empty() && same_line(line, below)) return true;
        if (is_telling(line) && above != before.rend() && same_line(line, *above)) return true;
    }
    return false;
}

}  // namespace

const char* name_of(SpanKind kind) {
    switch (kind) {
        case SpanKind::line_rest: return "rest of a line";
        case SpanKind::line_middle: return "middle of a line";
        case SpanKind::whole_line: return "whole line";
        case SpanKind::body: return "body of a block";
        case SpanKind::function: return "whole function";
        case SpanKind::comment: return "comment";
    }
    return "";
}

std::optional<Span> hide(const Source& source, SpanKind kind, Dice& dice) {
    const bool prose = source.language == "markdown";
    if (prose && kind != SpanKind::line_rest && kind != SpanKind::whole_line) return std::nullopt;
    const Finder finder{source};
    const std::size_t start = dice.below(finder.lines());
    for (std::size_t i = 0; i < finder.lines(); ++i) {
        const auto found = finder.at((start + i) % finder.lines(), kind);
        if (found && !is_ambiguous(*found)) return found;
    }
    return std::nullopt;
}

}  // namespace dragoman::bench
