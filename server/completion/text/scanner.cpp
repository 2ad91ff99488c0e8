#include "server/completion/text/scanner.h"

#include "server/completion/text/lines.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

template <typename Words>
bool contains(const Words& words, std::string_view word) {
    return !word.empty() && std::find(words.begin(), words.end(), word) != words.end();
}

std::size_t word_begin(std::string_view text, std::size_t end, std::size_t least) {
    while (end > least && is_word(text[end - 1])) --end;
    return end;
}

// Letters that may stand directly before a quote: r"", f'', u8"", b''.
bool is_string_prefix(std::string_view word) {
    return word.size() <= 2 && word.find_first_not_of("rRbBuUfFL8") == std::string_view::npos;
}

// The bytes of a character literal at the front of `text` with its quotes; 0 when it is none.
std::size_t character_literal(std::string_view text) {
    constexpr std::size_t kLongest = 12;  // '\U0001F600'
    text = text.substr(0, kLongest + 1);
    const bool escaped = text.size() > 1 && text[1] == '\\';
    const auto close = text.find('\'', escaped ? 3 : 2);
    if (close == std::string_view::npos) return 0;
    const std::string_view content = text.substr(1, close - 1);
    const auto characters = std::count_if(content.begin(), content.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // no continuation byte of UTF-8
    });
    return escaped || characters == 1 ? close + 1 : 0;
}

}  // namespace

int columns(std::string_view line) {
    constexpr int kTab = 8;
    int column = 0;
    for (const char c : line) {
        if (c == '\t') {
            column += kTab - column % kTab;
        } else if (c == ' ') {
            ++column;
        } else {
            break;
        }
    }
    return column;
}

Scanner Scanner::within(const Syntax& syntax, std::string_view quote) {
    Scanner scanner{syntax};
    scanner.begin_string_at(quote, true);
    return scanner;
}

Line Scanner::scan(std::string_view text, std::size_t begin) {
    begin_line(text, begin);
    while (at_ < line_.end) {
        switch (region_) {
            case Region::code: step_code(); break;
            case Region::line_comment: at_ = line_.end; break;
            case Region::block_comment: pass_comment(); break;
            case Region::string: pass_string(); break;
        }
    }
    end_line();
    return line_;
}

void Scanner::begin_line(std::string_view text, std::size_t begin) {
    text_ = text;
    at_ = begin;
    line_ = {};
    line_.begin = line_.statement = begin;
    line_.end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, line_.end - begin);
    const auto blanks = line.find_first_not_of(kBlanks);
    line_.blank = blanks == std::string_view::npos;
    line_.indent = line_.statement_indent = columns(line);
    line_.starts_in = region_;
    line_.depth_before = line_.depth_lowest = depth_;
    // A brace on a line of its own belongs to what stands before it.
    const bool is_own_brace = !line_.blank && line[blanks] == '{' && region_ == Region::code;
    if (is_own_brace && std::string_view{";{},"}.find(last_code_) == std::string_view::npos) {
        line_.statement = last_statement_;
    }
}

void Scanner::end_line() {
    line_.ends_in = region_;
    line_.depth_after = depth_;
    const bool continued =
        region_ == Region::string && escapes_ && text_.substr(0, line_.end).ends_with('\\');
    if (region_ == Region::line_comment || (region_ == Region::string && !spans_lines_ && !continued)) {
        if (region_ == Region::string) ++oddities_;
        region_ = Region::code;
    }
    if (line_.has_code()) {
        last_code_ = text_[line_.code_end - 1];
        last_statement_ = line_.statement;
    }
    ++line_number_;
}

void Scanner::mark_code(std::size_t size, bool plain) {
    if (!line_.has_code()) line_.code_begin = at_;
    at_ = std::min(at_ + size, line_.end);
    line_.code_end = at_;
    line_.plain = line_.plain || plain;
}

void Scanner::step_code() {
    const char c = text_[at_];
    switch (syntax_->kind_of(c)) {
        case Syntax::Kind::blank: ++at_; return;
        case Syntax::Kind::plain: mark_code(1, true); return;
        case Syntax::Kind::word: take_word(); return;
        case Syntax::Kind::raw_word:
            if (!begin_raw_string()) take_word();
            return;
        case Syntax::Kind::bracket: return pass_bracket(c);
        case Syntax::Kind::special: break;
    }
    if (!begin_comment() && !begin_raw_string() && !begin_string() && !begin_regex()) pass_bracket(c);
}

void Scanner::pass_bracket(char c) {
    switch (c) {
        case '(':
        case '[':
        case '{': open(c); break;
        case ')': close('('); break;
        case ']': close('['); break;
        case '}': close('{'); break;
        default: mark_code(1, true);
    }
}

bool Scanner::begin_comment() {
    const std::string_view open = syntax_->comment_open, close = syntax_->comment_close;
    const bool is_lua_block = syntax_->raw == Syntax::Raw::lua && starts("--[");
    if (is_lua_block) {
        const auto bracket = rest().find('[', 3);
        const bool is_long = bracket != std::string_view::npos &&
                             rest().substr(3, bracket - 3).find_first_not_of('=') == std::string_view::npos;
        if (is_long) {
            delimiter_ = "]" + std::string{rest().substr(3, bracket - 3)} + "]";
            region_ = Region::block_comment;
            nesting_ = 1;
            at_ += bracket + 1;
            return true;
        }
    }
    if (!open.empty() && starts(open)) {
        delimiter_ = close;
        region_ = Region::block_comment;
        is_first_comment_ = false;
        nesting_ = 1;
        at_ += open.size();
        return true;
    }
    // The text began inside of a comment: all so far was none of the code.
    if (!close.empty() && is_first_comment_ && starts(close)) {
        brackets_.clear();
        depth_ = unlisted_ = 0;
        is_first_comment_ = false;
        line_.code_begin = line_.code_end = Line::kNowhere;
        line_.plain = false;
        at_ += close.size();
        return true;
    }
    for (const std::string_view marker : syntax_->line_comments) {
        if (marker.empty() || !starts(marker)) continue;
        const char previous = before(at_);
        const bool apart = previous == '\0' || previous == ' ' || previous == '\t' || previous == ';';
        if (syntax_->comments_stand_apart && !apart) continue;
        line_.comment_begin = at_;
        region_ = Region::line_comment;
        return true;
    }
    return false;
}

bool Scanner::begin_raw_string() {
    const std::string_view text = rest();
    std::size_t content = std::string_view::npos;
    std::string delimiter;
    if (syntax_->raw == Syntax::Raw::cpp && text.front() == 'R' && text.substr(1).starts_with('"')) {
        constexpr std::size_t kLongest = 19;  // R"16 characters(
        const auto parenthesis = text.substr(0, kLongest).find('(');
        if (parenthesis == std::string_view::npos) return false;
        delimiter = ")" + std::string{text.substr(2, parenthesis - 2)} + "\"";
        content = parenthesis + 1;
    } else if (syntax_->raw == Syntax::Raw::rust && (text.front() == 'r' || text.starts_with("br"))) {
        const auto hashes = text.find('r') + 1;
        const auto quote = std::min(text.find_first_not_of('#', hashes), text.size());
        if (quote == text.size() || text[quote] != '"') return false;
        delimiter = "\"" + std::string(quote - hashes, '#');
        content = quote + 1;
    } else if (syntax_->raw == Syntax::Raw::lua && text.front() == '[') {
        const auto bracket = std::min(text.find_first_not_of('=', 1), text.size());
        if (bracket == text.size() || text[bracket] != '[') return false;
        delimiter = "]" + std::string(bracket - 1, '=') + "]";
        content = bracket + 1;
    }
    if (content == std::string_view::npos || is_word(before(at_))) return false;
    mark_code(content, false);
    begin_string_at(delimiter, true);
    escapes_ = false;
    return true;
}

void Scanner::begin_string_at(std::string_view quote, bool spans_lines) {
    delimiter_ = quote;
    region_ = Region::string;
    spans_lines_ = spans_lines;
    escapes_ = quote.size() != 1 || syntax_->verbatim.find(quote.front()) == std::string_view::npos;
    interpolates_ = spans_lines && quote == "`" && !syntax_->interpolation.empty();
}

// A string over lines that begins a line is a docstring, or stands where a value is wanted.
void Scanner::note_opening(std::string_view quote) {
    constexpr std::string_view kWantsValue = ":=([{,+%>|?";
    const bool begins_line = !line_.has_code() && last_code_ != 0;
    if (quote.size() == 3 && begins_line && kWantsValue.find(last_code_) == std::string_view::npos)
        ++oddities_;
}

bool Scanner::begin_string() {
    for (const std::string_view quote : syntax_->long_quotes) {
        if (quote.empty() || !starts(quote)) continue;
        note_opening(quote);
        mark_code(quote.size(), false);
        begin_string_at(quote, true);
        return true;
    }
    const char c = text_[at_];
    if (c == '\'' && syntax_->quote_is_char) {
        const bool in_word = is_word(before(at_)) &&
                             !is_string_prefix(text_.substr(word_begin(text_, at_, line_.begin),
                                                            at_ - word_begin(text_, at_, line_.begin)));
        const std::size_t literal = in_word ? 0 : character_literal(rest());
        mark_code(std::max<std::size_t>(literal, 1), literal == 0);
        return true;
    }
    if (syntax_->quotes.find(c) == std::string_view::npos) return false;
    const auto word = word_begin(text_, at_, line_.begin);
    const bool apostrophe = c == '\'' && word < at_ && !is_string_prefix(text_.substr(word, at_ - word));
    const std::string quote(1, c);
    mark_code(1, apostrophe);
    if (!apostrophe) begin_string_at(quote, false);
    return true;
}

bool Scanner::begin_regex() {
    if (!syntax_->regex_literals || text_[at_] != '/') return false;
    if (line_.has_code()) {
        const char last = text_[line_.code_end - 1];
        const auto word = word_begin(text_, line_.code_end, line_.begin);
        const std::string_view name = text_.substr(word, line_.code_end - word);
        const bool behind_value =
            is_word(last) || std::string_view{")]}\"'`"}.find(last) != std::string_view::npos;
        if (behind_value && name != "return" && name != "typeof" && name != "case" && name != "in")
            return false;
    }
    constexpr std::size_t kLongest = 400;
    bool in_class = false;
    for (std::size_t i = at_ + 1; i < std::min(line_.end, at_ + kLongest); ++i) {
        const char c = text_[i];
        if (c == '\\') {
            ++i;
        } else if (c == '[') {
            in_class = true;
        } else if (c == ']') {
            in_class = false;
        } else if (c == '/' && !in_class) {
            mark_code(i + 1 - at_, true);
            return true;
        }
    }
    return false;
}

bool Scanner::is_command_position(std::size_t at) const {
    if (!line_.has_code()) return true;
    const char last = text_[line_.code_end - 1];
    if (std::string_view{";&|({="}.find(last) != std::string_view::npos) return true;
    const auto word = word_begin(text_, line_.code_end, line_.begin);
    const std::string_view name = text_.substr(word, line_.code_end - word);
    return line_.code_end < at && (name == "then" || name == "do" || name == "else");
}

void Scanner::take_word() {
    auto end = at_;
    while (end < line_.end && is_word(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    const char next = end < line_.end ? text_[end] : '\0';
    const bool is_prefix = (next == '"' || next == '\'') && is_string_prefix(word);
    const char previous = before(at_);
    if (syntax_->blocks == Syntax::Blocks::words && previous != '.' && previous != ':' && previous != '$') {
        const bool anywhere = !syntax_->openers[0].empty();
        const bool leads = is_command_position(at_);
        const bool loops = !brackets_.empty() && brackets_.back().open == kWord &&
                           brackets_.back().line == line_number_ && !syntax_->leading_openers[0].empty();
        const bool key = next == ':' && word == "do";
        const bool again = word == "do" && loops;  // `while x do`: opened by its first word
        if (contains(syntax_->openers, word) ? !key && !again
                                             : leads && contains(syntax_->leading_openers, word)) {
            open(kWord);
            at_ = end;
            line_.code_end = end;
            return;
        }
        if ((anywhere || leads) && contains(syntax_->closers, word)) {
            close(kWord);
            at_ = end;
            line_.code_end = end;
            return;
        }
    }
    mark_code(end - at_, !is_prefix);
}

void Scanner::pass_comment() {
    const std::string_view open = syntax_->comment_open;
    while (at_ < line_.end) {
        const char c = text_[at_];
        if (c != delimiter_.front() && (open.empty() || c != open.front())) {
            ++at_;
        } else if (starts(delimiter_)) {
            at_ += delimiter_.size();
            if (--nesting_ > 0) continue;
            region_ = Region::code;
            if (line_.left_at == Line::kNowhere && line_.starts_in == Region::block_comment)
                line_.left_at = at_;
            return;
        } else if (syntax_->comments_nest && !open.empty() && starts(open)) {
            ++nesting_;
            at_ += open.size();
        } else {
            ++at_;
        }
    }
}

void Scanner::pass_string() {
    while (at_ < line_.end) {
        const char c = text_[at_];
        if (c != '\\' && c != '$' && c != delimiter_.front()) {
            mark_code(1, false);
        } else if (escapes_ && c == '\\') {
            mark_code(2, false);
        } else if (starts(delimiter_)) {
            mark_code(delimiter_.size(), false);
            region_ = Region::code;
            if (line_.left_at == Line::kNowhere && line_.starts_in == Region::string) line_.left_at = at_;
            if (spans_lines_ && at_ < line_.end && is_word(text_[at_])) ++oddities_;
            return;
        } else if (interpolates_ && starts(syntax_->interpolation)) {
            region_ = Region::code;
            open(kInterpolation);
            ++at_;  // the second byte of "${"
            return;
        } else {
            mark_code(1, false);
        }
    }
}

void Scanner::open(char bracket) {
    if (brackets_.size() < kMostBrackets) {
        brackets_.push_back({bracket, line_number_, line_.statement, line_.statement_indent});
    } else {
        ++unlisted_;
    }
    ++depth_;
    mark_code(1, true);
}

void Scanner::close(char opener) {
    if (unlisted_ > 0) {  // whatever it was
        --unlisted_;
        line_.closed = opener;
        line_.depth_lowest = std::min(line_.depth_lowest, --depth_);
        if (depth_ < floor_ && at_ >= floor_begin_ && line_.fell_at == Line::kNowhere) line_.fell_at = at_;
        return mark_code(1, true);
    }
    const auto matches = [&](const Bracket& bracket) {
        return bracket.open == opener || (opener == '{' && bracket.open == kInterpolation);
    };
    constexpr std::ptrdiff_t kMostUnclosed = 64;  // brackets that one closer may close with its own
    const auto end = brackets_.rbegin() + std::min(std::ssize(brackets_), kMostUnclosed);
    const auto match = std::find_if(brackets_.rbegin(), end, matches);
    line_.closed = opener;
    const bool known = match != end;
    if (known || brackets_.empty()) {
        const Bracket bracket = known ? *match : Bracket{};
        depth_ -= known ? static_cast<int>(match - brackets_.rbegin()) + 1 : 1;
        if (known) brackets_.erase(std::prev(match.base()), brackets_.end());
        line_.depth_lowest = std::min(line_.depth_lowest, depth_);
        if (depth_ < floor_ && at_ >= floor_begin_ && line_.fell_at == Line::kNowhere) line_.fell_at = at_;
        if (known && bracket.line < line_number_) {
            line_.statement = bracket.statement;
            line_.statement_indent = bracket.indent;
        }
        if (bracket.open == kInterpolation) {
            mark_code(1, false);
            begin_string_at("`", true);
            return;
        }
    }
    mark_code(1, true);
}

}  // namespace dragoman::completion
