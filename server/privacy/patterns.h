// The patterns of data/secrets.json as the search uses them.
//
// A token is a sequence of parts: a literal that begins it, then runs of a character class and further
// literals. A run takes all it can; there is no going back, and a token never begins where its own first run
// could have begun before, so that every character is looked at a bounded number of times.
#pragma once

#include <array>
#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::privacy {

using CharClass = std::bitset<256>;

inline bool holds(const CharClass& set, char c) { return set[static_cast<unsigned char>(c)]; }

/// What a value must be to count: lengths in bytes, entropy in bits a character (Shannon, of the value
/// alone).
struct Demand {
    std::size_t least = 1, most = 256;
    std::size_t digits = 0, uppers = 0;
    std::size_t unbroken = 0;  // letters and digits in one run, somewhere in it
    double entropy = 2.5;
};

struct TokenPattern {
    struct Part {
        std::string literal{};  // empty: a run
        CharClass characters{};
        std::size_t least = 0, most = 0;
        bool secret = false;  // the run that is masked; where no part is, all of the token
    };
    std::string kind{};
    std::vector<std::string> beginnings{};
    std::vector<Part> parts{};  // behind the beginning
    bool inside = false;        // may begin within a word
    Demand demand{};            // of the masked part without the beginning
};

/// A block between two rules, such as "-----BEGIN RSA PRIVATE KEY-----" and its end.
struct BlockPattern {
    std::string kind{}, open{}, close{}, rule{};
    std::vector<std::string> labels{};  // how the words of a rule end
    CharClass content{}, body{};        // of the secret itself; of all that may stand between the rules
    std::size_t least = 0;              // bytes of content in one run
};

struct AssignmentPattern {
    std::string kind{};
    std::vector<std::string> names{};  // how the name ends, lower case, without _ and -
    Demand demand{};
};

struct Patterns {
    std::vector<TokenPattern> tokens{};
    std::array<std::vector<std::size_t>, 256> by_first{};  // tokens whose beginning has this first byte
    std::vector<BlockPattern> blocks{};
    std::vector<AssignmentPattern> assignments{};
    Demand bare{};  // of a value without quotes
    std::vector<std::string> placeholder_within{}, placeholder_begins{}, placeholder_whole{};  // lower case
};

const Patterns& patterns();

std::string lower_ascii(std::string_view text);

/// Whether `value` is what `demand` wants and no placeholder. Linear.
bool is_likely(std::string_view value, const Demand& demand);

}  // namespace dragoman::privacy
