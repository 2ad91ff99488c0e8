// What of an answer stands behind the cursor already.
//
// Lines are compared whole and with their indentation, because code repeats itself: a "return false" in a
// nested block is not the one that follows. Closers are weighed, because whether a final ")" repeats the one
// behind the cursor depends on who opened what. Brackets in strings and comments count like others: the
// counts only decide about closers that are there twice.

#include "server/completion/lines.h"
#include "server/completion/postprocess.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
namespace {

std::vector<std::string_view> following_lines(const Window& window) {
    auto lines = split_lines(window.suffix);
    lines.erase(lines.begin());  // the rest of the cursor's own
    return lines;
}

bool cursor_line_is_blank(const Window& window) {
    return is_blank(window.line_before()) && is_blank(window.line_after());
}

// The last lines of the answer are the next ones of the file, but for blanks and empty lines: where they
// begin, or npos. One telling line that is indented deeper stands in a block of its own.
std::size_t find_repeated_lines(std::string_view text, const Window& window) {
    constexpr std::size_t kMostLines = 40;
    auto following = following_lines(window);
    std::erase_if(following, is_blank);
    auto answer = split_lines(text);
    const std::string_view first = answer.front();
    std::erase_if(answer, is_blank);
    const std::size_t most = std::min({answer.size(), following.size(), kMostLines});
    for (std::size_t n = most; n >= 1; --n) {
        const auto begin = answer.end() - static_cast<std::ptrdiff_t>(n);
        if (!std::equal(begin, answer.end(), following.begin(), same_line)) continue;
        const auto telling = std::count_if(begin, answer.end(), is_telling);
        const bool on_cursor_line = begin->data() == first.data();
        if (telling == 0 || (on_cursor_line && !cursor_line_is_blank(window))) continue;
        const std::size_t indented =
            indentation(*begin).size() + (on_cursor_line ? window.line_before().size() : std::size_t{0});
        if (telling == 1 && indented > indentation(following.front()).size()) continue;
        return static_cast<std::size_t>(begin->data() - text.data());
    }
    return std::string_view::npos;
}

struct Pair {
    char open, close;
};
constexpr std::array kPairs = {Pair{'(', ')'}, Pair{'[', ']'}, Pair{'{', '}'}, Pair{'<', '>'}};

struct Count {
    int unopened = 0, unclosed = 0;
};

Count count_brackets(std::string_view text, const Pair& pair) {
    Count count;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == pair.open) ++count.unclosed;
        if (text[i] != pair.close) continue;
        if (text[i] == '>' && i > 0 && (text[i - 1] == '-' || text[i - 1] == '=')) continue;  // an arrow
        if (count.unclosed > 0) {
            --count.unclosed;
        } else {
            ++count.unopened;
        }
    }
    return count;
}

bool is_word_border(std::string_view text, std::size_t at) {
    return at == 0 || at >= text.size() || !is_word(text[at - 1]) || !is_word(text[at]);
}

// "x, y)" repeats the ", y)" behind "foo(", "bar(x, y)" does not.
bool closes_as_much(std::string_view text, std::string_view rest) {
    return std::all_of(kPairs.begin(), kPairs.end(), [&](const Pair& pair) {
        return count_brackets(text, pair).unopened >= count_brackets(rest, pair).unopened;
    });
}

// The rest of the cursor's line at the end of the answer, whole or its beginning; or whole within the
// answer's only line, with more behind it.
std::string_view without_line_rest(std::string_view text, std::string_view line_after) {
    constexpr std::size_t kLongest = 512, kShortest = 3;
    const std::string_view rest = trimmed(line_after);
    if (!has_word(rest) || (!is_word(rest.front()) && !closes_as_much(text, rest))) return text;
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

// Takes characters from the end of an answer that stand behind the cursor too.
class CloserCutter {
public:
    /// `before` and `after` are the surroundings in which brackets are weighed and quotes are paired.
    CloserCutter(std::string_view text, std::string_view before, std::string_view after)
        : text_{text}, end_{text.size()} {
        for (std::size_t i = 0; i < kPairs.size(); ++i) {
            const int wanted =
                count_brackets(before, kPairs.at(i)).unclosed - count_brackets(after, kPairs.at(i)).unopened;
            surplus_.at(i) = count_brackets(text, kPairs.at(i)).unopened - std::max(wanted, 0);
        }
        for (std::size_t i = 0; i < kQuotes.size(); ++i) {
            const auto number = [&](std::string_view in) {
                return std::count(in.begin(), in.end(), kQuotes[i]);
            };
            odd_quotes_.at(i) = (number(before) + number(text) + number(after)) % 2 != 0;
        }
    }

    /// `behind` is what stands there: no words. With `only_closers`, separators go with a closer before them
    /// or not at all.
    std::string_view cut(std::string_view behind, bool only_closers) {
        std::size_t kept = end_;
        while (skip_space(), end_ > 0) {
            const char last = text_[end_ - 1];
            const auto at = behind.rfind(last);
            if (at == std::string_view::npos || !take(last, behind.substr(0, at + 1))) break;
            behind = behind.substr(0, at);
            if (!only_closers || is_closer(last)) kept = end_;
        }
        return text_.substr(0, kept);
    }

private:
    static constexpr std::string_view kQuotes = "'\"`";

    static bool is_closer(char c) {
        return std::any_of(kPairs.begin(), kPairs.end(), [&](const Pair& pair) { return pair.close == c; });
    }
    void skip_space() { end_ = text_.substr(0, end_).find_last_not_of(kSpace) + 1; }

    bool take(char last, std::string_view behind) {
        for (std::size_t i = 0; i < kPairs.size(); ++i) {
            if (last == kPairs.at(i).close && surplus_.at(i)-- <= 0) return false;
        }
        std::size_t length = 1;
        if (const auto quote = kQuotes.find(last); quote != std::string_view::npos) {
            const std::string three(3, last);  // of a docstring
            if (text_.substr(0, end_).ends_with(three) && behind.ends_with(three)) {
                length = 3;
            } else if (!odd_quotes_.at(quote)) {
                return false;
            }
            odd_quotes_.at(quote) = !odd_quotes_.at(quote);
        }
        end_ -= length;
        return true;
    }

    std::string_view text_;
    std::size_t end_;
    std::array<int, kPairs.size()> surplus_{};
    std::array<bool, kQuotes.size()> odd_quotes_{};
};

std::string_view without_closers(std::string_view text, const Window& window) {
    constexpr std::string_view kClosers = ")]}";
    const std::string line_after = window.line_after();
    if (!is_blank(line_after)) {
        const auto words = std::find_if(line_after.begin(), line_after.end(), is_word);
        const std::string behind{line_after.begin(), words};
        return CloserCutter{text, window.line_before(), line_after}.cut(behind, false);
    }
    const auto end = window.suffix.find_first_not_of(")]};, \t\n");
    const std::string behind = window.suffix.substr(0, end);
    if (behind.find_first_of(kClosers) == std::string::npos) return text;
    // Of a file that is cut at the window's end it is not known whether a closer is missing in it.
    const std::string_view before =
        window.suffix_is_whole ? std::string_view{window.prefix} : std::string_view{};
    return CloserCutter{text, before, window.suffix}.cut(behind, true);
}

}  // namespace

std::size_t find_following_line(std::string_view text, const Window& window) {
    const auto following = following_lines(window);
    const auto next = std::find_if(following.begin(), following.end(), has_word);
    if (next == following.end() || !is_telling(*next)) return std::string_view::npos;
    const std::string_view wanted = without_trailing_blanks(*next);
    if (cursor_line_is_blank(window) && std::all_of(following.begin(), next, is_blank)) {
        const std::string first = window.line_before().append(text.substr(0, text.find('\n')));
        if (without_trailing_blanks(first) == wanted) return 0;
    }
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        const std::string_view line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
        if (without_trailing_blanks(line) == wanted) return at + 1;
    }
    return std::string_view::npos;
}

std::string drop_repeated_suffix(std::string_view text, const Window& window) {
    text = text.substr(0, find_following_line(text, window));
    text = text.substr(0, find_repeated_lines(text, window));
    text = without_line_rest(text, window.line_after());
    return std::string{without_closers(text, window)};
}

std::string trim_end(std::string_view text, const Window& window) {
    if (is_blank(text)) return {};
    const std::string_view body = text.substr(0, text.find_last_not_of(kSpace) + 1);
    const std::string line_after = window.line_after();
    const bool text_follows = !line_after.empty() && (is_word(line_after.front()) ||
                                                      std::string_view{"([{<\"'`"}.find(line_after.front()) !=
                                                          std::string_view::npos);
    if (!text_follows) return std::string{body};
    return std::string{text.substr(0, body.size() + indentation(text.substr(body.size())).size())};
}

}  // namespace dragoman::completion
