#include "server/completion/text/extent.h"

#include "server/completion/text/lines.h"
#include "server/completion/text/surroundings.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

constexpr std::size_t kMostBlockLines = 60, kMostStatementLines = 12, kMostBlankLines = 2;

bool ends_with_operator(std::string_view code) {
    if (code.empty() || code.ends_with("++") || code.ends_with("--")) return false;
    return std::string_view{"+-*/%&|^=?\\."}.find(code.back()) != std::string_view::npos;
}

bool is_one_of(char c, std::string_view characters) { return characters.find(c) != std::string_view::npos; }

// Reads an answer, behind what stands before the cursor on its line, line by line up to the end that is
// sought. Only a whole line decides, or the first word of one under way where that is enough; so what is
// certain stays so whatever comes. For an uncertain end the answer counts as if nothing came behind it.
class EndFinder {
public:
    EndFinder(std::string_view answer, const View& view)
        : suffix_{view.suffix()},
          seen_{view.surroundings()},
          text_{seen_.line_before},
          scanner_{seen_.scanner} {
        answer_begin_ = kept_ = text_.size();
        text_ += answer;
        floor_ = seen_.at_cursor.depth();
        scanner_.set_floor(floor_, answer_begin_);
    }

    End find(Extent extent) {
        if (extent == Extent::line) return line();
        if (extent == Extent::statement) return statement();
        switch (seen_.goal) {
            case Goal::declaration: return declaration(false);
            case Goal::paragraph: return declaration(true);
            case Goal::comment: return comment();
            case Goal::prose: return seen_.comment_close.empty() ? prose() : comment();
            default: return seen_.syntax->blocks == Syntax::Blocks::prose ? prose() : body();
        }
    }

private:
    enum class Step { keep, end_before, end_at_closer, end_here };

    End line() {
        while (next()) {
            if (says_something()) return cut(line_.end, is_whole_);
        }
        return all();
    }
    End statement();
    End body();
    End declaration(bool is_paragraph);
    End comment();
    End prose();

    // The next line; false behind the last.
    bool next() {
        if (position_ >= text_.size() && position_ > 0) return false;
        line_ = scanner_.scan(text_, position_);
        is_whole_ = line_.end < text_.size();
        position_ = line_.end + 1;
        return true;
    }
    std::string_view content() const {
        return trimmed(std::string_view{text_}.substr(line_.begin, line_.end - line_.begin));
    }
    std::string_view code() const {
        return line_.has_code()
                   ? std::string_view{text_}.substr(line_.code_begin, line_.code_end - line_.code_begin)
                   : std::string_view{};
    }
    // The answer has text on this line.
    bool says_something() const {
        const auto begin = std::max(line_.begin, answer_begin_);
        return begin < line_.end && !is_blank(std::string_view{text_}.substr(begin, line_.end - begin));
    }
    bool is_cursor_line() const { return line_.begin == 0; }
    bool in_code() const { return line_.starts_in == Region::code; }
    bool fell() const { return line_.fell_at != Line::kNowhere; }
    // The first word of the line is there, with what ends it; of a closer what stands behind it counts, too.
    bool is_head_known() const {
        if (begins_with_closer(content(), *seen_.syntax)) return is_whole_;
        const std::string_view text = content();
        const auto word = std::find_if_not(text.begin(), text.end(), is_word);
        return is_whole_ || (word != text.begin() && word != text.end());
    }
    // #if ... #endif keep to no indentation and end nothing.
    bool is_conditional_directive() const {
        if (seen_.syntax->raw != Syntax::Raw::cpp || !content().starts_with('#')) return false;
        const std::string_view directive = trimmed(content().substr(1));
        return directive.starts_with("if") || directive.starts_with("el") || directive.starts_with("endif") ||
               directive.starts_with("pragma");
    }
    bool ends_fence() const {
        return !seen_.fence.empty() && !is_cursor_line() && content().starts_with(seen_.fence);
    }

    void keep() {
        if (!line_.blank) kept_ = line_.end;
    }
    End cut(std::size_t at, bool certain) const {
        return {std::max(std::min(at, text_.size()), answer_begin_) - answer_begin_, certain};
    }
    End cut_before() const { return cut(kept_, is_head_known()); }
    // The closer that fell stands on this line; what is before it on the line belongs to the part.
    End cut_at_closer() const {
        const bool alone = !is_cursor_line() && begins_with_closer(content(), *seen_.syntax);
        return cut(alone ? kept_ : line_.fell_at, is_whole_);
    }
    End all() const { return cut(text_.size(), false); }

    bool is_unfinished(int target) const;
    bool may_go_on_deeper() const;
    int statement_target() const;
    bool string_goes_on_below() const;
    Step step_statement(int indent, int target) const;
    bool belongs_outdented() const;
    bool leaves_comment() const;
    Step step_body();
    Step close_body();
    Step step_declaration(int indent, bool is_paragraph);

    const std::string_view suffix_;
    const Surroundings& seen_;
    std::string text_;
    Scanner scanner_;
    std::size_t answer_begin_ = 0;
    int floor_ = 0;  // the depth at the cursor

    Line line_{};
    bool is_whole_ = false;
    std::size_t position_ = 0;
    std::size_t kept_ = 0;  // behind the last line that belongs to the part
    std::size_t blank_lines_ = 0;

    // What has been seen of the part so far.
    bool has_header_ = false, wants_more_ = false, goes_on_ = false;  // of a statement
    bool has_code_ = false, has_deeper_ = false, is_complete_ = false, is_directive_ = false;
};

// What stands on the line asks for more, whatever the next line is.
bool EndFinder::is_unfinished(int target) const {
    return line_.depth_after > target || line_.ends_in == Region::block_comment ||
           (line_.ends_in == Region::string && scanner_.spans_lines()) || ends_with_operator(code());
}

// A statement that lacks its ";" goes on where the next line is indented deeper.
bool EndFinder::may_go_on_deeper() const {
    const bool at_end = !is_cursor_line() || is_blank(seen_.line_after);
    return seen_.syntax->semicolons && at_end && line_.has_code() && !is_one_of(code().back(), ";},:{");
}

// The depth at which the statement that begins on this line is over. What the rest of the cursor's line
// closes of it stays open.
int EndFinder::statement_target() const {
    if (!is_cursor_line()) return line_.depth_lowest;
    Scanner rest{*seen_.syntax};
    rest.scan(seen_.line_after, 0);
    const int opened = std::max(0, floor_ - line_.depth_before);
    return std::min(line_.depth_lowest, line_.depth_before) + std::min(opened, std::max(0, -rest.depth()));
}

// The string that this line leaves open is closed by the suffix: read from inside of it, that makes more
// sense.
bool EndFinder::string_goes_on_below() const {
    if (line_.ends_in != Region::string || !scanner_.spans_lines()) return false;
    const std::string_view below = std::string_view{suffix_}.substr(seen_.line_after.size());
    Scanner outside{*seen_.syntax}, inside = Scanner::within(*seen_.syntax, scanner_.delimiter());
    for (std::size_t at = 0; at < below.size();) {
        outside.scan(below, at);
        at = inside.scan(below, at).end + 1;
    }
    return inside.oddities() < outside.oddities();
}

EndFinder::Step EndFinder::step_statement(int indent, int target) const {
    if (wants_more_) {
        const bool astray = in_code() && !line_.blank && line_.indent < indent && !is_conditional_directive();
        return astray ? Step::end_before : Step::keep;
    }
    if (line_.blank) return has_header_ ? Step::keep : Step::end_before;
    if (!in_code() || line_.depth_before > target || line_.indent > indent) return Step::keep;
    if (line_.indent < indent || ends_fence()) return Step::end_before;
    if (goes_on_ && continues_block(content())) return Step::keep;
    const bool closes_tag = has_header_ && seen_.syntax->blocks == Syntax::Blocks::tags &&
                            begins_with_closer(content(), *seen_.syntax);
    return closes_tag ? Step::end_here : Step::end_before;
}

End EndFinder::statement() {
    do {
        if (!next()) return all();
    } while (!says_something());
    keep();
    if (!is_whole_) return all();
    const End only = cut(line_.end, true);
    const int indent = line_.indent, target = statement_target();
    const bool goes_on_below = !seen_.next.empty() && columns(seen_.next) > indent;
    if (!in_code() || line_.is_comment() || goes_on_below || string_goes_on_below()) return only;
    // A closer below at the statement's own indentation is one that it leaves open.
    const bool is_closed_below = columns(seen_.next) == indent && seen_.header < indent &&
                                 begins_with_closer(seen_.next, *seen_.syntax);
    const std::string_view word = leading_word(content());
    goes_on_ = word == "if" || word == "try" || word == "do" || word == "unless" || word == "else";
    for (std::size_t lines = 1;; ++lines) {
        if (lines > kMostStatementLines) return only;
        if (line_.indent == indent) has_header_ = has_header_ || ends_as_header(code(), *seen_.syntax);
        wants_more_ = is_unfinished(target);
        if (!wants_more_ && !has_header_ && !goes_on_ && !may_go_on_deeper()) return cut(kept_, is_whole_);
        if (!next()) return all();
        if (is_closed_below && line_.depth_before > target && line_.depth_lowest <= target &&
            begins_with_closer(content(), *seen_.syntax)) {
            return cut(kept_, is_whole_);
        }
        switch (step_statement(indent, target)) {
            case Step::end_before:
                if (line_.blank && !is_whole_) return all();
                return wants_more_ ? cut(only.at + answer_begin_, is_head_known()) : cut_before();
            case Step::end_at_closer:
            case Step::end_here: return cut(line_.end, is_whole_);
            case Step::keep: keep();
        }
    }
}

// A line closes the block that the cursor is in.
EndFinder::Step EndFinder::close_body() {
    const bool reopens = line_.depth_after >= floor_ && seen_.goes_on;
    if (reopens) return Step::keep;
    if (seen_.closer != Closer::wanted) return fell() ? Step::end_at_closer : Step::end_before;
    is_complete_ = true;
    return seen_.goes_on ? Step::keep : Step::end_here;
}

// A line that is indented no more than the header is, and closes nothing.
bool EndFinder::belongs_outdented() const {
    if (is_conditional_directive()) return true;
    if (line_.indent < seen_.header) return false;
    if (seen_.is_list && content().starts_with("- ")) return true;
    if (seen_.goes_on && (continues_block(content()) || content().starts_with('{'))) return true;
    return seen_.syntax->blocks == Syntax::Blocks::brackets && !leading_word(content()).empty() &&
           ends_as_header(code(), *seen_.syntax);
}

EndFinder::Step EndFinder::step_body() {
    if (line_.blank) return ++blank_lines_ > kMostBlankLines ? Step::end_before : Step::keep;
    blank_lines_ = 0;
    if (ends_fence()) return Step::end_before;
    if (is_complete_) {  // it was an `if` whose `else` may stand on a line of its own
        is_complete_ = line_.indent < seen_.header || !continues_block(content());
        return is_complete_ ? Step::end_before : Step::keep;
    }
    const bool outdented =
        !is_cursor_line() && in_code() && line_.depth_before <= floor_ && line_.indent <= seen_.header;
    const bool closes = begins_with_closer(content(), *seen_.syntax);
    if (outdented && closes && seen_.syntax->blocks == Syntax::Blocks::tags) return close_body();
    if (outdented && !closes) return belongs_outdented() ? Step::keep : Step::end_before;
    if (fell()) return close_body();
    return outdented && !belongs_outdented() ? Step::end_before : Step::keep;
}

End EndFinder::body() {
    std::size_t lines = 0;
    while (next()) {
        switch (step_body()) {
            case Step::end_before:
                if (line_.blank) return cut(kept_, is_whole_);
                return cut(kept_, is_whole_ || (is_head_known() && line_.indent < seen_.header));
            case Step::end_at_closer: return cut_at_closer();
            case Step::end_here: return cut(line_.end, is_whole_);
            case Step::keep: keep();
        }
        if (++lines > kMostBlockLines) return cut(kept_, is_whole_);
    }
    return all();
}

EndFinder::Step EndFinder::step_declaration(int indent, bool is_paragraph) {
    if (line_.blank) {
        ++blank_lines_;
        return Step::keep;
    }
    const bool behind_blank = blank_lines_ > 0;
    blank_lines_ = 0;
    if (ends_fence()) return Step::end_before;
    const bool is_outer = in_code() && line_.depth_before <= floor_ && !is_cursor_line();
    const bool closes = is_one_of(content().front(), ")]}") || begins_with_closer(content(), *seen_.syntax);
    const bool goes_on = closes || continues_block(content()) || content().starts_with('{');
    if (is_outer && !(closes && fell())) {
        if (line_.indent < indent && !is_conditional_directive()) return Step::end_before;
        const bool is_deeper = line_.indent > indent;
        if (behind_blank && has_code_ && !goes_on && (!is_deeper || (is_paragraph && !has_deeper_))) {
            return Step::end_before;
        }
        const bool is_over = is_complete_ || has_deeper_;
        if (!is_deeper && is_over && !goes_on && !is_paragraph) return Step::end_before;
        has_deeper_ = is_deeper && !is_complete_;
        if (!is_deeper) is_directive_ = is_directive(content());
    }
    if (fell()) return Step::end_at_closer;
    if (!line_.is_comment() && in_code()) has_code_ = true;
    const bool ends =
        line_.closed == '{' || line_.closed == kWord || (line_.has_code() && code().ends_with(';'));
    is_complete_ = ends && line_.closed != 0 && line_.depth_after == floor_ &&
                   (line_.depth_before > floor_ || line_.closed == '{');
    if (line_.depth_before > floor_ && line_.depth_after == floor_ && !is_directive_) has_deeper_ = true;
    const bool ends_here = is_complete_ && !is_paragraph && !goes_on_;
    return ends_here && seen_.syntax->blocks != Syntax::Blocks::indentation ? Step::end_here : Step::keep;
}

End EndFinder::declaration(bool is_paragraph) {
    std::size_t lines = 0;
    int indent = -1;
    while (next()) {
        if (indent < 0 && !line_.blank) {
            indent = line_.indent;
            const std::string_view word = leading_word(content());
            goes_on_ = word == "if" || word == "try" || word == "do";
            is_directive_ = is_directive(content());
        }
        switch (step_declaration(indent, is_paragraph)) {
            case Step::end_before: return cut_before();
            case Step::end_at_closer: return cut_at_closer();
            case Step::end_here: return cut(line_.end, is_whole_);
            case Step::keep: keep();
        }
        if (++lines > kMostBlockLines) return cut(kept_, is_whole_);
    }
    return all();
}

// The line stands outside of the comment. Decided by what the line begins with, before what closes.
bool EndFinder::leaves_comment() const {
    const std::string_view close = seen_.comment_close;
    const bool closes = !close.empty() && content().starts_with(close);
    if (is_cursor_line() || line_.blank || closes) return false;
    const bool is_docstring = close.size() == 3;
    return !content().starts_with(seen_.marker) || (is_docstring && line_.indent <= seen_.header);
}

End EndFinder::comment() {
    const std::string_view close = seen_.comment_close;
    std::size_t lines = 0;
    while (next()) {
        if (leaves_comment()) {
            const bool may_become = seen_.marker.starts_with(content()) || close.starts_with(content());
            return cut(kept_, is_whole_ || !may_become);
        }
        const bool is_paragraph = seen_.goal == Goal::prose && kept_ > answer_begin_;
        const bool ends_blank = !seen_.marker.empty() || is_paragraph;
        if (line_.blank && ends_blank && !is_cursor_line() && is_whole_) return cut(kept_, true);
        const auto close_at =
            close.empty() ? std::string_view::npos : text_.find(close, std::max(line_.begin, answer_begin_));
        if (close_at < line_.end) {
            const bool alone = !is_cursor_line() && content().starts_with(close);
            if (seen_.closer == Closer::wanted) return cut(close_at + close.size(), true);
            return cut(alone ? kept_ : close_at, true);
        }
        keep();
        if (++lines > kMostBlockLines) return cut(kept_, is_whole_);
    }
    return all();
}

End EndFinder::prose() {
    bool in_fence = false, begun = false;
    while (next()) {
        const bool is_fence = content().starts_with("```") || content().starts_with("~~~");
        if (line_.blank && begun && !in_fence && is_whole_) return cut(kept_, true);
        if (is_fence) in_fence = !in_fence;
        if (is_fence && !in_fence) return cut(line_.end, is_whole_);
        begun = begun || says_something();
        keep();
    }
    return all();
}

}  // namespace

Wanted wanted_extent(const View& view, std::string_view multiline) {
    if (multiline == "always") return {Extent::block, "always several lines"};
    if (multiline == "never") return {Extent::line, "never more than a line"};
    const Surroundings& seen = view.surroundings();
    switch (seen.goal) {
        case Goal::line: return {Extent::line, seen.why};
        case Goal::statement: return {Extent::statement, seen.why};
        default: return {Extent::block, seen.why};
    }
}

End find_end(std::string_view answer, const View& view, Extent extent) {
    return EndFinder{answer, view}.find(extent);
}

}  // namespace dragoman::completion
