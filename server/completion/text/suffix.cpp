// What of an answer stands behind the cursor already.
//
// Lines are compared whole and with their indentation, because code repeats itself: a "return false" in a
// nested block is not the one that follows.

#include "server/completion/text/brackets.h"
#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

// Equal but for blanks, the kind of quotes and a last separator: formatted by another hand.
bool nearly_same_line(std::string_view a, std::string_view b) {
    const auto next = [](std::string_view& text) -> char {
        text.remove_prefix(indentation(text).size());
        if (text.empty() || (text.size() == 1 && (text.front() == ',' || text.front() == ';'))) return '\0';
        const char c = text.front() == '\'' ? '"' : text.front();
        text.remove_prefix(1);
        return c;
    };
    a = without_trailing_blanks(a);
    b = without_trailing_blanks(b);
    for (;;) {
        const char from_a = next(a), from_b = next(b);
        if (from_a != from_b) return false;
        if (from_a == '\0') return true;
    }
}

bool cursor_line_is_blank(const View& view) {
    return is_blank(view.line_before()) && is_blank(view.line_after());
}

// The last lines of the answer are the next ones of the file, but for blanks and empty lines: where they
// begin, or npos. One telling line that is indented deeper stands in a block of its own.
std::size_t find_repeated_lines(std::string_view text, const View& view) {
    constexpr std::size_t kMostLines = 40;
    std::vector<std::string_view> following;
    for (const std::string_view line : view.lines_after()) {
        if (following.size() == kMostLines) break;
        if (!is_blank(line)) following.push_back(line);
    }
    auto answer = split_lines(text);
    const std::string_view first = answer.front();
    std::erase_if(answer, is_blank);
    const std::size_t most = std::min({answer.size(), following.size(), kMostLines});
    for (std::size_t n = most; n >= 1; --n) {
        const auto begin = answer.end() - static_cast<std::ptrdiff_t>(n);
        if (!std::equal(begin, answer.end(), following.begin(), nearly_same_line)) continue;
        const auto telling = std::count_if(begin, answer.end(), is_telling);
        const bool on_cursor_line = begin->data() == first.data();
        if (telling == 0 || (on_cursor_line && !cursor_line_is_blank(view))) continue;
        const std::size_t indented =
            indentation(*begin).size() + (on_cursor_line ? view.line_before().size() : std::size_t{0});
        if (telling == 1 && indented > indentation(following.front()).size()) continue;
        return static_cast<std::size_t>(begin->data() - text.data());
    }
    return std::string_view::npos;
}

bool is_word_border(std::string_view text, std::size_t at) {
    return at == 0 || at >= text.size() || !is_word(text[at - 1]) || !is_word(text[at]);
}

// "x, y)" repeats the ", y)" behind "foo(", "bar(x, y)" does not.
bool closes_as_much(std::string_view text, std::string_view rest) {
    const Counts own = count(text), behind = count(rest);
    constexpr std::size_t kSure = 3;  // the last pair is comparisons and redirections as often
    for (std::size_t i = 0; i < kSure; ++i) {
        if (own.brackets.at(i).unopened < behind.brackets.at(i).unopened) return false;
    }
    return true;
}

// The rest of the cursor's line at the end of the answer, whole or its beginning; or whole within the
// answer's only line, with more behind it.
std::string_view without_line_rest(std::string_view text, std::string_view line_after) {
    constexpr std::size_t kLongest = 512, kShortest = 3, kLongEnough = 5;
    const std::string_view rest = trimmed(line_after);
    const bool is_known = has_word(rest) || (rest.size() >= kLongEnough &&
                                             rest.find_first_not_of(")]};,") != std::string_view::npos);
    if (!is_known || (!is_word(rest.front()) && !closes_as_much(text, rest))) return text;
    const std::string_view body = text.substr(0, text.find_last_not_of(kSpace) + 1);
    if (rest.size() >= kShortest && body.ends_with(rest) && is_word_border(body, body.size() - rest.size())) {
        return text.substr(0, body.size() - rest.size());
    }
    if (!is_telling(rest)) return text;
    for (std::size_t length = std::min({body.size(), rest.size(), kLongest}); length > 0; --length) {
        const std::size_t at = body.size() - length;
        if (body.substr(at) == rest.substr(0, length) && is_telling(rest.substr(0, length)) &&
            is_word_border(body, at) && is_word_border(rest, length)) {
            return text.substr(0, at);
        }
    }
    if (rest.size() <= kShortest || body.find('\n') != std::string_view::npos) return text;
    const auto at = body.find(rest);
    const bool within =
        at != std::string_view::npos && is_word_border(body, at) && is_word_border(body, at + rest.size());
    return within ? text.substr(0, at) : text;
}

std::size_t find_following_line(std::string_view text, const View& view) {
    const auto& following = view.lines_after();
    const auto next = std::find_if(following.begin(), following.end(), has_word);
    if (next == following.end() || !is_telling(*next)) return std::string_view::npos;
    const std::string_view wanted = without_trailing_blanks(*next);
    if (cursor_line_is_blank(view) && std::all_of(following.begin(), next, is_blank)) {
        const std::string first = std::string{view.line_before()}.append(text.substr(0, text.find('\n')));
        if (without_trailing_blanks(first) == wanted) return 0;
    }
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        const std::string_view line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
        if (without_trailing_blanks(line) == wanted) return at + 1;
    }
    return std::string_view::npos;
}

}  // namespace

Draft stop_at_following_line(std::string_view text, const View& view) {
    const auto at = find_following_line(text, view);
    const bool met = at != std::string_view::npos;
    // Where it comes right behind the answer's first line, that said the rest of the cursor's line, too.
    const std::string_view line_after = view.line_after();
    const std::string_view rest = trimmed(line_after), first = text.substr(0, text.find('\n'));
    const std::string_view body = without_trailing_blanks(first);
    const bool said_rest = !rest.empty() && body.ends_with(rest);
    const bool only_line = is_blank(text.substr(first.size(), met ? at - std::min(at, first.size()) : at));
    if (met && said_rest && only_line && at > 0) text = body.substr(0, body.size() - rest.size());
    return {.text = std::string{text.substr(0, at)}, .open = said_rest && only_line && !met, .ended = met};
}

std::string drop_repeated_suffix(std::string_view text, const View& view) {
    text = text.substr(0, find_repeated_lines(text, view));
    return std::string{without_line_rest(text, view.line_after())};
}

std::string trim_end(std::string_view text, const View& view) {
    if (is_blank(text)) return {};
    const std::string_view body = text.substr(0, text.find_last_not_of(kSpace) + 1);
    const std::string_view line_after = view.line_after();
    const bool text_follows = !line_after.empty() && (is_word(line_after.front()) ||
                                                      std::string_view{"([{<\"'`"}.find(line_after.front()) !=
                                                          std::string_view::npos);
    if (!text_follows) return std::string{body};
    return std::string{text.substr(0, body.size() + indentation(text.substr(body.size())).size())};
}

}  // namespace dragoman::completion
