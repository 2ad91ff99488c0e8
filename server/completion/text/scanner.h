// Where a text is code, comment or string, and which brackets are open: one line at a time.
//
// A lexer without a grammar, linear, that recovers from anything: what it does not understand is code, a
// string that is not closed ends with its line, a closer that nothing opened is passed over. Tabs count to
// the next multiple of eight columns. Offsets are those of the text that scan() was given.
#pragma once

#include "server/completion/text/syntax.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

enum class Region { code, line_comment, block_comment, string };

struct Bracket {
    char open = 0;              // as in the text; kInterpolation; kWord
    std::size_t line = 0;       // counted from the scanner's beginning
    std::size_t statement = 0;  // where the first line of the statement begins that it stands in
    int indent = 0;             // of that line
};
inline constexpr char kInterpolation = '$', kWord = 'w';

/// What one line holds. Offsets without meaning are npos.
struct Line {
    static constexpr std::size_t kNowhere = std::string_view::npos;

    std::size_t begin = 0, end = 0;  // without the line break
    bool blank = false;
    int indent = 0;  // columns
    std::size_t statement = 0;
    int statement_indent = 0;
    Region starts_in = Region::code, ends_in = Region::code;
    int depth_before = 0, depth_after = 0, depth_lowest = 0;
    std::size_t fell_at = kNowhere;                          // the closer that first went below the floor
    std::size_t left_at = kNowhere;                          // behind the end of the region it starts in
    std::size_t code_begin = kNowhere, code_end = kNowhere;  // strings count, comments do not
    std::size_t comment_begin = kNowhere;                    // of the line comment that ends it
    bool plain = false;                                      // holds code that is no string
    char closed = 0;                                         // the opener of the bracket closed last

    bool has_code() const { return code_begin != kNowhere; }
    bool is_string() const { return has_code() && !plain; }
    bool is_comment() const { return !blank && !has_code(); }
};

/// Columns of the blanks that `line` begins with.
int columns(std::string_view line);

class Scanner {
public:
    explicit Scanner(const Syntax& syntax) : syntax_{&syntax} {}
    /// As of a text that begins inside of a string which `quote` ends.
    static Scanner within(const Syntax& syntax, std::string_view quote);

    /// Scans the line of `text` that begins at `begin`, in the state that the line before left.
    Line scan(std::string_view text, std::size_t begin);

    Region region() const { return region_; }
    /// What ends the string or the block comment that the scan is in.
    std::string_view delimiter() const { return delimiter_; }
    /// The string that the scan is in may go over lines.
    bool spans_lines() const { return spans_lines_; }
    int depth() const { return depth_; }
    /// Those that are open, but for the innermost of many.
    const std::vector<Bracket>& brackets() const { return brackets_; }
    /// Closers behind `from` that take the depth below `depth` are noted in Line::fell_at.
    void set_floor(int depth, std::size_t from) {
        floor_ = depth;
        floor_begin_ = from;
    }
    /// Signs that the text does not begin where the scanner assumed: in code.
    int oddities() const { return oddities_; }

private:
    static constexpr std::size_t kMostBrackets = 256;

    void step_code();
    void pass_bracket(char c);
    bool begin_comment();
    bool begin_raw_string();
    bool begin_string();
    bool begin_regex();
    void take_word();
    void pass_comment();
    void pass_string();
    void begin_string_at(std::string_view quote, bool spans_lines);
    void open(char bracket);
    void close(char opener);
    void mark_code(std::size_t size, bool plain);
    void begin_line(std::string_view text, std::size_t begin);
    void end_line();
    void note_opening(std::string_view quote);
    bool starts(std::string_view token) const { return rest().starts_with(token); }
    std::string_view rest() const { return text_.substr(at_, line_.end - at_); }
    char before(std::size_t at) const { return at > line_.begin ? text_[at - 1] : '\0'; }
    bool is_command_position(std::size_t at) const;

    const Syntax* syntax_;
    Region region_ = Region::code;
    std::string delimiter_;
    bool escapes_ = false, spans_lines_ = false, interpolates_ = false, is_first_comment_ = true;
    int nesting_ = 0;  // of block comments
    std::vector<Bracket> brackets_;
    int unlisted_ = 0;  // open brackets beyond those in brackets_
    int depth_ = 0, floor_ = -1'000'000, oddities_ = 0;
    std::size_t floor_begin_ = 0, line_number_ = 0;
    char last_code_ = 0;  // of the text so far
    std::size_t last_statement_ = 0;

    // While a line is scanned.
    std::string_view text_;
    std::size_t at_ = 0;
    Line line_;
};

}  // namespace dragoman::completion
