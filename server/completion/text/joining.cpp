// What of an answer stands before the cursor already.

#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

namespace dragoman::completion {
namespace {

// Further up a model does not begin.
constexpr std::size_t kMostLines = 400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view without_leading_blanks(std::string_view text) {
    return text.substr(indentation(text).size());
}

// `repeated` has been read from the answer, `rest` comes behind it: what goes on from the cursor.
// "return " answered by "returned" repeats nothing.
std::optional<std::string_view> go_on(std::string_view rest, std::string_view repeated,
                                      std::string_view line) {
    if (!ends_with_blank(line)) return rest;
    if (!rest.empty() && !repeated.empty() && is_word(rest.front()) && is_word(repeated.back()))
        return std::nullopt;
    return without_leading_blanks(rest);
}

// For every number of lines that `lines` begins with: how many of its first lines these end with at most, all
// of them aside (the failure function of Knuth, Morris and Pratt).
std::vector<std::size_t> borders_of(const std::vector<std::string_view>& lines) {
    std::vector<std::size_t> borders(lines.size() + 1, 0);
    for (std::size_t i = 1, length = 0; i < lines.size(); ++i) {
        while (length > 0 && !same_line(lines[i], lines[length])) length = borders[length];
        if (same_line(lines[i], lines[length])) ++length;
        borders[i + 1] = length;
    }
    return borders;
}

// Reads lines one after the other; knows with how many first lines of a pattern those read so far end.
class LineMatch {
public:
    explicit LineMatch(const std::vector<std::string_view>& pattern)
        : pattern_{pattern}, borders_{borders_of(pattern)} {}

    void read(std::string_view line) {
        while (length_ > 0 && (length_ == pattern_.size() || !same_line(line, pattern_[length_])))
            length_ = borders_[length_];
        if (length_ < pattern_.size() && same_line(line, pattern_[length_])) ++length_;
    }
    std::size_t length() const { return length_; }
    /// The next smaller such number.
    std::size_t below(std::size_t length) const { return borders_[length]; }

private:
    const std::vector<std::string_view>& pattern_;
    std::vector<std::size_t> borders_;
    std::size_t length_ = 0;
};

// The whole lines before the cursor that a repetition may begin with.
std::span<const std::string_view> near_lines(const View& view) {
    const auto& lines = view.lines_before();
    const std::size_t whole = lines.size() - 1;
    return std::span{lines}.subspan(whole - std::min(whole, kMostLines - 1), std::min(whole, kMostLines - 1));
}

// Where an answer stands among the lines before the cursor.
struct Repeated {
    std::optional<std::string_view>
        rest;                 // it begins with the last of them, the current one included: what follows
    bool on_the_way = false;  // its whole lines are lines of the prefix, not at the cursor yet
};

Repeated find_repeated(std::string_view text, const View& view, std::string_view line) {
    const auto answer = split_lines(text, kMostLines);
    const std::string_view current = trimmed(line);
    Repeated out;
    std::vector<std::string_view> pattern;
    std::transform(answer.begin(), answer.end(), std::back_inserter(pattern), trimmed);
    LineMatch match{pattern};
    for (const std::string_view each : near_lines(view)) {
        match.read(each);
        out.on_the_way |= answer.size() > 1 && match.length() + 1 >= answer.size();
    }
    const auto telling =
        static_cast<std::size_t>(std::find_if(answer.begin(), answer.end(), is_telling) - answer.begin());
    for (std::size_t n = match.length(); n > telling; n = match.below(n)) {
        if (n == answer.size()) continue;
        const std::string_view last = answer[n];
        const std::string_view body = without_leading_blanks(last);
        if (!body.starts_with(current)) continue;
        const auto skipped = current.empty() ? std::size_t{0} : last.size() - body.size() + current.size();
        out.rest = text.substr(static_cast<std::size_t>(last.data() - text.data()) + skipped);
        if (!current.empty()) out.rest = go_on(*out.rest, current, line);
        if (out.rest) break;
    }
    return out;
}

std::optional<std::string_view> after_current_line(std::string_view text, std::string_view line) {
    const std::string_view current = trimmed(line);
    const std::string_view body = text.substr(std::min(text.find_first_not_of(kSpace), text.size()));
    // A column of numbers, or brackets, may well go on as it began.
    const bool names =
        std::any_of(current.begin(), current.end(), [](char c) { return is_word(c) && !is_digit(c); });
    if (!names || current.size() < 2 || !body.starts_with(current)) return std::nullopt;
    return go_on(body.substr(current.size()), current, line);
}

// "std::vec" answered by "vector<int>".
std::optional<std::string_view> after_word_under_way(std::string_view text, std::string_view line) {
    constexpr std::size_t kShortestWord = 3;
    const auto end = std::find_if_not(line.rbegin(), line.rend(), is_word);
    const std::string_view word = line.substr(static_cast<std::size_t>(line.rend() - end));
    const bool is_name = word.size() >= kShortestWord && !is_digit(word.front());
    if (!is_name || !text.starts_with(word)) return std::nullopt;
    return text.substr(word.size());
}

}  // namespace

Draft drop_repeated_prefix(std::string_view text, const View& view) {
    const std::string_view line = view.line_before();
    const Repeated repeated = find_repeated(text, view, line);
    const auto rest_of = [&]() -> std::string_view {
        if (repeated.rest) return *repeated.rest;
        if (const auto rest = after_current_line(text, line)) return *rest;
        if (is_prose_language(view.language())) return text;
        return after_word_under_way(text, line).value_or(text);
    };
    return {.text = std::string{rest_of()}, .open = repeated.on_the_way};
}

}  // namespace dragoman::completion
