// Counting brackets and quotes.
//
// Those in strings and comments count like others: the counts only decide about closers that are there twice.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace dragoman::completion {

struct BracketPair {
    char open, close;
};
inline constexpr std::array kBracketPairs = {BracketPair{'(', ')'}, BracketPair{'[', ']'},
                                             BracketPair{'{', '}'}, BracketPair{'<', '>'}};
inline constexpr std::string_view kQuotes = "'\"`";

struct BracketCount {
    int unopened = 0, unclosed = 0;
};
struct Counts {
    std::array<BracketCount, kBracketPairs.size()> brackets{};  // as in kBracketPairs
    std::array<int, kQuotes.size()> quotes{};
};
Counts count(std::string_view text);

/// What stands behind a cursor that may close what an answer closes, too.
struct Closing {
    std::string behind;        // closers and what separates them; empty: nothing closes there
    Counts before, after;      // of the surroundings in which brackets are weighed and quotes are paired
    bool only_closers = true;  // separators go with a closer before them or not at all
};

}  // namespace dragoman::completion
