#include "server/completion/text/surroundings.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace dragoman::completion {
namespace {

using Blocks = Syntax::Blocks;

constexpr std::array<std::string_view, 10> kContinuations = {"else",    "elif",  "elsif",  "elseif", "except",
                                                             "finally", "catch", "rescue", "ensure", "when"};
constexpr std::array<std::string_view, 14> kContinuable = {"if",    "else",  "elif",   "elsif",  "elseif",
                                                           "try",   "catch", "except", "rescue", "unless",
                                                           "begin", "do",    "when",   "finally"};
constexpr std::array<std::string_view, 8> kLabels = {"case",      "default", "public", "private",
                                                     "protected", "signals", "slots",  "internal"};
constexpr std::array<std::string_view, 11> kTypes = {"class",    "struct",    "interface", "impl",
                                                     "trait",    "object",    "module",    "record",
                                                     "protocol", "extension", "union"};
constexpr std::array<std::string_view, 3> kTransparent = {"namespace", "extern", "mod"};
constexpr std::array<std::string_view, 9> kVoidTags = {"br",   "hr",       "img",  "input", "link",
                                                       "meta", "!doctype", "?xml", "source"};

template <typename Words>
bool contains(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

template <typename Words>
bool has_word_of(std::string_view text, const Words& words) {
    for (std::size_t at = 0; at < text.size();) {
        auto end = at;
        while (end < text.size() && is_word(text[end])) ++end;
        if (end > at && contains(words, text.substr(at, end - at))) return true;
        at = std::max(end, at + 1);
    }
    return false;
}

bool is_opening_tag(std::string_view code) {
    const auto open = code.rfind('<');
    if (open == std::string_view::npos || !code.ends_with('>') || code.ends_with("/>")) return false;
    const std::string_view tag = code.substr(open + 1);
    if (tag.starts_with('/') || tag.starts_with("!--")) return false;
    const auto size = std::find_if(tag.begin(), tag.end(), [](char c) { return c == ' ' || c == '>'; });
    return !contains(kVoidTags, tag.substr(0, static_cast<std::size_t>(size - tag.begin())));
}

// The window cut open by what is read first: lines of the prefix, the nearest ones of the suffix.
class Reader {
public:
    explicit Reader(const Window& window) : prefix_{window.prefix}, window_{window} {
        out_.syntax = &syntax_of(window.language);
        out_.line_before = window.line_before();
        out_.line_after = window.line_after();
        read_prefix();
        read_suffix();
    }

    Surroundings read() {
        if (out_.syntax->blocks == Blocks::prose) {
            prose();
        } else if (out_.line_after.find_first_not_of(" \t)]}>;:,'\"`*/") != std::string::npos) {
            decide(Goal::line, "text follows the cursor");
        } else if (out_.cursor.ends_in != Region::code) {
            comment_or_string();
        } else if (is_blank(out_.line_before)) {
            fresh_line();
        } else {
            started_line();
        }
        if (out_.header < 0) enclose();
        return std::move(out_);
    }

private:
    void decide(Goal goal, std::string_view why) {
        out_.goal = goal;
        out_.why = why;
    }

    // The prefix may begin inside of a string: the reading with fewer oddities is taken.
    void read_prefix() {
        scan_prefix(Scanner{*out_.syntax});
        for (const auto quote : out_.syntax->long_quotes) {
            if (quote.empty() || oddities_ == 0 || prefix_.find(quote) == std::string_view::npos) continue;
            Surroundings kept = out_;
            auto kept_lines = std::exchange(lines_, {});
            const int kept_oddities = oddities_;
            scan_prefix(Scanner::within(*out_.syntax, quote));
            if (oddities_ < kept_oddities) continue;
            out_ = std::move(kept);
            lines_ = std::move(kept_lines);
            oddities_ = kept_oddities;
        }
    }

    void scan_prefix(Scanner scanner) {
        lines_.clear();
        lines_.reserve(static_cast<std::size_t>(std::count(prefix_.begin(), prefix_.end(), '\n')));
        std::size_t begin = 0;
        for (auto end = prefix_.find('\n'); end != std::string_view::npos; end = prefix_.find('\n', begin)) {
            lines_.push_back(scanner.scan(prefix_, begin));
            begin = end + 1;
        }
        oddities_ = scanner.oddities();
        out_.scanner = scanner;
        out_.cursor = scanner.scan(prefix_, begin);
        out_.at_cursor = std::move(scanner);
    }

    void read_suffix() {
        std::string_view rest = window_.suffix;
        rest.remove_prefix(out_.line_after.size());
        bool adjacent = true;
        while (!rest.empty()) {
            rest.remove_prefix(1);
            const std::string_view line = rest.substr(0, rest.find('\n'));
            if (!is_blank(line)) {
                out_.next = line;
                out_.next_is_adjacent = adjacent;
                return;
            }
            adjacent = false;
            rest.remove_prefix(line.size());
        }
    }

    std::string_view text_of(const Line& line) const {
        return prefix_.substr(line.begin, line.end - line.begin);
    }
    std::string_view code_of(const Line& line) const {
        return line.has_code() ? prefix_.substr(line.code_begin, line.code_end - line.code_begin)
                               : std::string_view{};
    }

    void prose() {
        const bool subject = window_.language.starts_with("git") && is_blank(window_.prefix);
        const bool follows = !is_blank(out_.line_before) || subject || !is_blank(out_.line_after);
        const bool amid = out_.next_is_adjacent && !lines_.empty() && !lines_.back().blank;
        if (follows || amid) return decide(Goal::line, "a line of prose");
        decide(Goal::prose, "a paragraph begins");
    }

    void comment_or_string() {
        if (out_.cursor.ends_in == Region::line_comment) return line_comment();
        if (out_.cursor.ends_in == Region::block_comment) return block_comment();
        if (!out_.at_cursor.spans_lines()) return decide(Goal::line, "inside of a string");
        const auto opening = std::find_if(lines_.rbegin(), lines_.rend(),
                                          [](const Line& line) { return line.starts_in != Region::string; });
        const bool here = out_.cursor.starts_in != Region::string;
        const Line& line = here || opening == lines_.rend() ? out_.cursor : *opening;
        if (line.plain || out_.at_cursor.delimiter().size() != 3)
            return decide(Goal::line, "inside of a string");
        out_.comment_close = out_.at_cursor.delimiter();
        out_.header = line.indent - 1;
        whole_comment("inside of a docstring", here);
    }

    void line_comment() {
        const std::string_view comment = prefix_.substr(out_.cursor.comment_begin);
        for (const std::string_view marker : out_.syntax->doc_comments) {
            if (marker.empty() || !comment.starts_with(marker)) continue;
            if (out_.next_is_adjacent && trimmed(out_.next).starts_with(marker)) break;
            if (out_.cursor.has_code()) break;
            out_.marker = marker;
            return decide(Goal::comment, "a comment that documents");
        }
        decide(Goal::line, "inside of a line comment");
    }

    void block_comment() {
        out_.comment_close = out_.at_cursor.delimiter();
        const bool opened_here = out_.cursor.starts_in != Region::block_comment;
        const std::string_view line = trimmed(out_.line_before);
        const bool starred = opened_here ? line.find("/**") != std::string_view::npos : line.starts_with('*');
        if (starred && out_.comment_close == "*/") out_.marker = "*";
        whole_comment("inside of a comment", opened_here);
    }

    void whole_comment(std::string_view why, bool opened_here) {
        const std::string_view close = out_.comment_close;
        const std::string_view suffix = window_.suffix;
        const auto at = suffix.find(close);
        const auto open = out_.syntax->comment_open.empty() || close.size() == 3
                              ? std::string_view::npos
                              : suffix.find(out_.syntax->comment_open);
        const bool opens_another = at != std::string_view::npos && at + close.size() < suffix.size() &&
                                   close.size() == 3 && is_word(suffix[at + close.size()]);
        const bool follows = at != std::string_view::npos && at < open && !opens_another && stays_in(at);
        out_.closer = follows ? Closer::follows : Closer::wanted;
        const std::string_view rest = suffix.substr(0, follows ? at : 0);
        const bool goes_on = has_word(rest.substr(std::min(out_.line_after.size(), rest.size())));
        const bool has_text = !opened_here && trimmed(out_.line_before) != std::string_view{out_.marker};
        if (goes_on && out_.next_is_adjacent) return decide(Goal::line, "the comment goes on below");
        if (follows && has_text && !is_blank(out_.line_before)) return decide(Goal::line, why);
        decide(goes_on && out_.marker.empty() ? Goal::prose : Goal::comment, why);
    }

    // Nothing of the suffix before `at` is indented less than the comment.
    bool stays_in(std::size_t at) const {
        auto lines = split_lines(std::string_view{window_.suffix}.substr(0, at));
        return std::all_of(lines.begin() + 1, lines.end(), [&](std::string_view line) {
            return is_blank(line) || columns(line) > out_.header;
        });
    }

    struct Header {
        int indent = 0;
        std::string_view text;
        char bracket = 0;  // that it opens; 0 when none

        bool opens_parenthesis() const { return bracket == '(' || bracket == '['; }
    };

    // `line`, number `number`, is the last one with code before the cursor and opens a block at its end.
    std::optional<Header> header_at(const Line& line, std::size_t number) const {
        if (!line.has_code() || line.ends_in == Region::string) return std::nullopt;
        const auto& brackets = out_.at_cursor.brackets();
        const auto text_from = [&](std::size_t begin) { return prefix_.substr(begin, line.end - begin); };
        if (!brackets.empty() && brackets.back().line == number) {
            const Bracket& bracket = brackets.back();
            const bool is_last = bracket.open == kWord || prefix_[line.code_end - 1] == bracket.open;
            if (!is_last) return std::nullopt;
            return Header{bracket.indent, text_from(bracket.statement), bracket.open};
        }
        if (!ends_as_header(code_of(line), *out_.syntax)) return std::nullopt;
        return Header{line.statement_indent, text_from(line.statement)};
    }

    void started_line() {
        const auto header = header_at(out_.cursor, lines_.size());
        // Behind "key: " its value is meant, on the same line.
        const bool value = ends_with_blank(out_.line_before) && code_of(out_.cursor).ends_with(':');
        if (!header || header->opens_parenthesis() || value)
            return decide(Goal::statement, "a statement has been begun");
        const bool closed_here = begins_with_closer(out_.line_after, *out_.syntax);
        if (!closed_here && is_below(header->indent)) {
            return decide(Goal::statement, "the block has lines already");
        }
        open_body(*header, "a block has just been opened");
    }

    // The block under a header at `indent` has lines below the cursor.
    bool is_below(int indent) const { return !out_.next.empty() && columns(out_.next) > indent; }

    void open_body(const Header& header, std::string_view why) {
        decide(Goal::body, why);
        out_.header = header.indent;
        find_closer(header);
    }

    void find_closer(const Header& header) {
        const std::string_view after = trimmed(out_.line_after);
        const bool on_line = begins_with_closer(after, *out_.syntax);
        const std::string_view next = on_line ? after : std::string_view{out_.next};
        const bool at_header = on_line || header.opens_parenthesis() || columns(next) == header.indent;
        const bool closes = at_header && begins_with_closer(next, *out_.syntax) && closers_suffice();
        // Between `then` and `else` the block of words is still that of the `if`.
        const bool by_words = out_.syntax->blocks == Blocks::words && !out_.at_cursor.brackets().empty();
        const bool is_closed = header.bracket != 0 || by_words || out_.syntax->blocks == Blocks::tags;
        if (is_closed) out_.closer = closes ? Closer::follows : Closer::wanted;
        out_.goes_on = has_word_of(header.text, kContinuable) && !(at_header && continues_block(next));
        out_.is_list = !leading_word(header.text).empty() && !trimmed(header.text).starts_with('-');
    }

    // Where blocks nest without indentation, the closer below may be that of an outer one.
    bool closers_suffice() const {
        const auto& brackets = out_.at_cursor.brackets();
        const auto alike = std::count_if(brackets.begin(), brackets.end(), [&](const Bracket& bracket) {
            return bracket.indent == out_.header && bracket.line != brackets.back().line;
        });
        if (alike == 0 || !window_.suffix_is_whole) return true;
        Scanner scanner{*out_.syntax};
        const std::string_view suffix = window_.suffix;
        for (std::size_t at = 0; at < suffix.size();) at = scanner.scan(suffix, at).end + 1;
        return -scanner.depth() >= static_cast<int>(brackets.size());
    }

    bool is_docstring(const Line& line) const {
        return out_.syntax->blocks == Blocks::indentation && line.is_string();
    }

    void fresh_line() {
        std::size_t above = lines_.size();
        while (above > 0 && (lines_[above - 1].blank || lines_[above - 1].is_comment() ||
                             is_docstring(lines_[above - 1]))) {
            --above;
        }
        const bool adjacent = !lines_.empty() && !lines_.back().blank;
        const bool over_lines = out_.next_is_adjacent && !begins_with_closer(out_.next, *out_.syntax);
        const bool described = adjacent && (lines_.back().is_comment() || is_docstring(lines_.back()));
        if (above > 0) {
            const auto header = header_at(lines_[above - 1], above - 1);
            if (header && is_nested(*header) && !is_transparent(header->text)) {
                if (is_below(header->indent)) return decide(Goal::statement, "among statements");
                return open_body(*header, "a block has just been opened");
            }
        }
        const bool member = is_member_level(above);
        if (described && !over_lines) {
            return decide(member ? Goal::declaration : Goal::paragraph, "a comment tells what comes");
        }
        if (!member) return decide(Goal::statement, "among statements");
        if (above == 0 && !over_lines) return decide(Goal::declaration, "the file begins here");
        if (over_lines) return decide(Goal::statement, "directly above other lines");
        const bool ends_block = adjacent && (lines_.back().depth_after < lines_.back().depth_before ||
                                             lines_.back().indent > cursor_indent());
        if (adjacent && !ends_block && !is_directive(text_of(lines_.back()))) {
            return decide(Goal::statement, "in a group of lines");
        }
        decide(Goal::declaration, "between declarations");
    }

    // In a file without indentation a header of the same column may still be meant.
    bool is_nested(const Header& header) const {
        return out_.line_before.empty() || cursor_indent() > header.indent ||
               out_.syntax->blocks == Blocks::words || !out_.at_cursor.brackets().empty();
    }
    bool is_transparent(std::string_view header) const {
        return contains(kTransparent, leading_word(header));
    }

    int cursor_indent() const {
        if (!out_.line_before.empty() || out_.syntax->blocks != Blocks::indentation) {
            return columns(out_.line_before);
        }
        // No indentation has been typed: in the middle of a body it is that of the lines around.
        const int below = out_.next.empty() ? 0 : columns(out_.next);
        const bool adjacent = !lines_.empty() && !lines_.back().blank;
        return below > 0 || !adjacent ? below : lines_.back().statement_indent;
    }

    // At the top of the file, or directly in a type: where functions stand, not statements.
    bool is_member_level(std::size_t above) const {
        const auto& brackets = out_.at_cursor.brackets();
        for (auto bracket = brackets.rbegin(); bracket != brackets.rend(); ++bracket) {
            if (bracket->open != '{' && bracket->open != kWord) return false;
            const auto line = prefix_.substr(bracket->statement, 400);
            const std::string_view header = line.substr(0, line.find_first_of("{;"));
            if (is_transparent(header)) continue;
            const bool is_function = out_.syntax->raw == Syntax::Raw::cpp && header.find('(') != header.npos;
            return !is_function && !has_word_of(header, std::array<std::string_view, 1>{"enum"}) &&
                   has_word_of(header.substr(0, header.find('\n')), kTypes);
        }
        if (out_.syntax->blocks != Blocks::indentation) {
            return out_.syntax->blocks != Blocks::tags || columns(out_.line_before) == 0;
        }
        const int indent = cursor_indent();
        if (indent == 0) return true;
        while (above > 0 && (!lines_[above - 1].has_code() || lines_[above - 1].statement_indent >= indent)) {
            --above;
        }
        return above > 0 && leading_word(text_of(lines_[above - 1])) == "class";
    }

    // Of a place inside of a block that was opened further up, for an answer that may go to its end.
    void enclose() {
        const auto& brackets = out_.at_cursor.brackets();
        if (out_.goal == Goal::comment || out_.goal == Goal::prose) return;
        if (!brackets.empty() && out_.syntax->blocks != Blocks::indentation) {
            out_.header = brackets.back().indent;
            find_closer({.indent = out_.header, .text = {}, .bracket = brackets.back().open});
            return;
        }
        const int indent = columns(out_.line_before);
        const auto header = std::find_if(lines_.rbegin(), lines_.rend(), [&](const Line& line) {
            return line.has_code() && line.statement_indent < indent;
        });
        if (header != lines_.rend()) out_.header = header->statement_indent;
    }

    std::string_view prefix_;
    const Window& window_;
    Surroundings out_;
    std::vector<Line> lines_;
    int oddities_ = 0;
};

struct FencedCode {
    Window window;
    std::string_view fence;
};

std::string_view fence_of(std::string_view line) {
    const std::string_view text = trimmed(line);
    for (const std::string_view fence : {"```", "~~~"}) {
        if (text.starts_with(fence)) return fence;
    }
    return {};
}

// The code of the fence that the cursor is in, as a file of its own.
std::optional<FencedCode> fenced_code(const Window& window) {
    std::string_view fence, language;
    const char* begin = nullptr;
    auto before = split_lines(window.prefix);
    before.pop_back();  // on a fence itself the cursor is not inside
    for (const std::string_view line : before) {
        const std::string_view found = fence_of(line);
        if (found.empty() || (!fence.empty() && found != fence)) continue;
        const bool opens = fence.empty();
        fence = opens ? found : std::string_view{};
        language = trimmed(trimmed(line).substr(found.size()));
        begin = line.data() + line.size() + 1;
    }
    if (fence.empty()) return std::nullopt;
    FencedCode code{.window = window, .fence = fence};
    code.window.language = language.substr(0, language.find_first_of(" {,"));
    code.window.prefix.erase(0, static_cast<std::size_t>(begin - window.prefix.data()));
    auto after = split_lines(window.suffix);
    for (std::size_t i = 1; i < after.size(); ++i) {
        if (fence_of(after[i]) != fence) continue;
        code.window.suffix.resize(static_cast<std::size_t>(after[i].data() - window.suffix.data()));
        code.window.suffix_is_whole = true;
        break;
    }
    return code;
}

}  // namespace

std::string_view leading_word(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\n)]};"), line.size()));
    const auto end = std::find_if_not(line.begin(), line.end(), is_word);
    return line.substr(0, static_cast<std::size_t>(end - line.begin()));
}

bool continues_block(std::string_view line) { return contains(kContinuations, leading_word(line)); }

bool begins_with_closer(std::string_view line, const Syntax& syntax) {
    const std::string_view text = trimmed(line);
    if (text.empty()) return false;
    if (std::string_view{")]}"}.find(text.front()) != std::string_view::npos) return true;
    if (syntax.blocks == Blocks::tags) return text.starts_with("</");
    return syntax.blocks == Blocks::words &&
           (contains(syntax.closers, leading_word(text)) || continues_block(text));
}

bool ends_as_header(std::string_view code, const Syntax& syntax) {
    if (syntax.blocks == Blocks::tags) return is_opening_tag(code);
    for (const std::string_view end : syntax.header_ends) {
        if (end.empty() || !code.ends_with(end)) continue;
        const std::string_view before = code.substr(0, code.size() - end.size());
        if (end == ":") {
            const bool labels = syntax.semicolons || syntax.quote_is_char;
            if (!labels || contains(kLabels, leading_word(code))) return true;
        } else if (before.empty() || before.back() == ' ' || before.back() == '\t') {
            return true;
        }
    }
    return false;
}

bool is_directive(std::string_view line) {
    const std::string_view text = trimmed(line);
    return text.starts_with('@') || text.starts_with("#[") || text.starts_with("template");
}

Surroundings read_surroundings(const Window& window) {
    if (window.language != "markdown") return Reader{window}.read();
    const auto code = fenced_code(window);
    if (!code) return Reader{window}.read();
    Surroundings seen = Reader{code->window}.read();
    seen.fence = code->fence;
    return seen;
}

}  // namespace dragoman::completion
