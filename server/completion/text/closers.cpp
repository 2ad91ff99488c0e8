// Closers at the end of an answer that are one too many.
//
// Whether a final ")" repeats the one behind the cursor depends on who opened what, so brackets are weighed.

#include "server/completion/text/brackets.h"
#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"
#include "server/completion/text/surroundings.h"
#include "server/completion/text/talk.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
namespace {

void close(BracketCount& count) {
    if (count.unclosed > 0) {
        --count.unclosed;
    } else {
        ++count.unopened;
    }
}

}  // namespace

Counts count(std::string_view text) {
    Counts counts;
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (text[i]) {
            case '\'': ++counts.quotes[0]; break;
            case '"': ++counts.quotes[1]; break;
            case '`': ++counts.quotes[2]; break;
            case '(': ++counts.brackets[0].unclosed; break;
            case ')': close(counts.brackets[0]); break;
            case '[': ++counts.brackets[1].unclosed; break;
            case ']': close(counts.brackets[1]); break;
            case '{': ++counts.brackets[2].unclosed; break;
            case '}': close(counts.brackets[2]); break;
            case '<': ++counts.brackets[3].unclosed; break;
            case '>':
                if (i > 0 && (text[i - 1] == '-' || text[i - 1] == '=')) break;  // an arrow
                close(counts.brackets[3]);
                break;
            default: break;
        }
    }
    return counts;
}

namespace {

// Takes characters from the end of an answer that stand behind the cursor too.
class CloserCutter {
public:
    CloserCutter(std::string_view text, const Closing& closing) : text_{text}, end_{text.size()} {
        const Counts own = count(text);
        for (std::size_t i = 0; i < kBracketPairs.size(); ++i) {
            const int wanted = closing.before.brackets.at(i).unclosed - closing.after.brackets.at(i).unopened;
            surplus_.at(i) = own.brackets.at(i).unopened - std::max(wanted, 0);
        }
        for (std::size_t i = 0; i < kQuotes.size(); ++i) {
            const int all = closing.before.quotes.at(i) + own.quotes.at(i) + closing.after.quotes.at(i);
            odd_quotes_.at(i) = all % 2 != 0;
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
    static bool is_closer(char c) {
        return std::any_of(kBracketPairs.begin(), kBracketPairs.end(),
                           [&](const BracketPair& pair) { return pair.close == c; });
    }
    void skip_space() { end_ = text_.substr(0, end_).find_last_not_of(kSpace) + 1; }

    bool take(char last, std::string_view behind) {
        for (std::size_t i = 0; i < kBracketPairs.size(); ++i) {
            if (last == kBracketPairs.at(i).close && surplus_.at(i)-- <= 0) return false;
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
    std::array<int, kBracketPairs.size()> surplus_{};
    std::array<bool, kQuotes.size()> odd_quotes_{};
};

std::string_view without_closers(std::string_view text, const View& view) {
    const Closing& closing = view.closing();
    if (closing.behind.empty()) return text;
    return CloserCutter{text, closing}.cut(closing.behind, closing.only_closers);
}

// A final ")" or "]" that nothing opened, neither in the answer nor anywhere before it. Where there are
// quotes it may stand in them.
std::string_view without_unopened(std::string_view text, const View& view) {
    const std::string_view body = text.substr(0, text.find_last_not_of(" \t\n;,") + 1);
    const bool may_be = body.ends_with(')') || body.ends_with(']');
    if (!may_be || text_is_expected(view) || text.find_first_of("'\"`") != std::string_view::npos)
        return text;
    const std::size_t kind = body.ends_with(')') ? 0 : 1;
    const Surroundings& seen = view.surroundings();
    const auto& brackets = seen.at_cursor.brackets();
    const auto opened = std::count_if(brackets.begin(), brackets.end(), [&](const Bracket& one) {
        return one.open == kBracketPairs.at(kind).open;
    });
    if (opened >= count(text).brackets.at(kind).unopened || seen.at_cursor.oddities() > 0) return text;
    return body.substr(0, body.size() - 1);
}

}  // namespace

std::string drop_surplus_closers(std::string_view text, const View& view) {
    return std::string{without_unopened(without_closers(text, view), view)};
}

}  // namespace dragoman::completion
