// What of an answer stands before the cursor already.

#include "server/completion/lines.h"
#include "server/completion/postprocess.h"

#include <algorithm>
#include <optional>

namespace dragoman::completion {
namespace {

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

// The answer begins with the last n lines before the cursor, the current one included (n of 2 and more).
std::optional<std::string_view> after_whole_lines(std::string_view text, const Window& window,
                                                  std::string_view line) {
    constexpr std::size_t kMostLines = 400;
    const auto before = split_lines(window.prefix);
    const auto answer = split_lines(text, kMostLines);
    const std::string_view current = trimmed(line);
    for (std::size_t n = std::min(before.size(), answer.size()); n >= 2; --n) {
        const auto first = before.end() - static_cast<std::ptrdiff_t>(n);
        if (!std::equal(first, before.end() - 1, answer.begin(), same_line)) continue;
        if (std::none_of(first, before.end() - 1, is_telling)) continue;
        const std::string_view last = answer[n - 1];
        const std::string_view body = without_leading_blanks(last);
        if (!body.starts_with(current)) continue;
        const auto skipped = current.empty() ? std::size_t{0} : last.size() - body.size() + current.size();
        const auto at = static_cast<std::size_t>(last.data() - text.data());
        const std::string_view rest = text.substr(at + skipped);
        if (current.empty()) return rest;
        if (const auto next = go_on(rest, current, line)) return next;
    }
    return std::nullopt;
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

std::string drop_repeated_prefix(std::string_view text, const Window& window) {
    const std::string line = window.line_before();
    if (const auto rest = after_whole_lines(text, window, line)) return std::string{*rest};
    if (const auto rest = after_current_line(text, line)) return std::string{*rest};
    if (is_prose_language(window.language)) return std::string{text};
    return std::string{after_word_under_way(text, line).value_or(text)};
}

std::string fit_indentation(std::string_view text, const Window& window) {
    const std::string line = window.line_before();
    const auto content = text.find_first_not_of(kSpace);
    if (content == std::string_view::npos) return {};
    const auto last_break = text.rfind('\n', content);
    const std::string_view own = text.substr(last_break + 1, content - last_break - 1);  // npos + 1 is 0
    if (is_blank(line)) {
        // Empty lines at the start would leave the cursor's line empty.
        text.remove_prefix(last_break + 1);
        if (line.empty()) return std::string{text};
        return std::string{text.substr(own.starts_with(line) ? line.size() : own.size())};
    }
    if (!ends_with_blank(line)) return std::string{text};
    constexpr std::string_view kOpensALine = "{([;:,}>";
    const bool line_is_over = kOpensALine.find(trimmed(line).back()) != std::string_view::npos;
    const bool deeper = own.size() > indentation(line).size();
    if (last_break == std::string_view::npos || (!line_is_over && !deeper)) text.remove_prefix(content);
    return std::string{text};
}

std::string first_line(std::string_view text, const Window& window) {
    const auto content = text.find_first_not_of(kSpace);
    if (content == std::string_view::npos) return {};
    const auto last_break = text.rfind('\n', content);
    if (last_break != std::string_view::npos) {
        const std::string line = window.line_before();
        const bool deeper = content - last_break - 1 > indentation(line).size();
        if (deeper && !is_blank(line)) return {};
        text.remove_prefix(content);
    }
    return std::string{text.substr(0, text.find('\n'))};
}

std::string drop_half_line(std::string_view text) {
    const auto last_break = text.rfind('\n');
    const bool only_line = last_break == std::string_view::npos || is_blank(text.substr(0, last_break));
    return std::string{only_line ? text : text.substr(0, last_break)};
}

}  // namespace dragoman::completion
