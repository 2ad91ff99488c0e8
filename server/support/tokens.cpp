#include "server/support/tokens.h"

namespace dragoman {
namespace {

enum class Kind { letter, digit, blank, newline, symbol, other };

Kind kind_of(unsigned char c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return Kind::letter;
    if (c >= '0' && c <= '9') return Kind::digit;
    if (c == ' ' || c == '\t') return Kind::blank;
    if (c == '\n' || c == '\r') return Kind::newline;
    return c < 0x80 ? Kind::symbol : Kind::other;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// Twelfths of a token, so that halves, thirds and quarters add up.
constexpr std::size_t kToken = 12;

// A word is one token up to six letters; longer ones break about every five. A blank before it is free.
std::size_t word(std::size_t letters) { return letters <= 6 ? kToken : kToken + (letters - 6) * kToken / 5; }

// One byte beyond ASCII, counted by what it begins: two bytes hold the alphabets (Latin with accents, Greek,
// Cyrillic, Hebrew, Arabic), three the scripts of which tokenizers know few runs (Chinese, Japanese), four
// the pictures. What follows a lead byte is free.
std::size_t beyond_ascii(unsigned char c) {
    if (c < 0xC0) return 0;
    return c < 0xE0 ? kToken / 2 : c < 0xF0 ? kToken : 2 * kToken;
}

}  // namespace

std::size_t estimate_tokens(std::string_view text) {
    std::size_t cost = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const Kind kind = kind_of(static_cast<unsigned char>(text[at++]));
        // camelCase breaks before the capital.
        while (at < text.size() && kind_of(static_cast<unsigned char>(text[at])) == kind &&
               !(kind == Kind::letter && is_upper(text[at]) && is_lower(text[at - 1]))) {
            ++at;
        }
        const std::size_t length = at - begin;
        switch (kind) {
            case Kind::letter: cost += word(length); break;
            case Kind::digit: cost += (length + 2) / 3 * kToken; break;
            case Kind::blank: cost += length < 2 ? 0 : kToken + length / 16 * kToken; break;
            case Kind::newline: cost += kToken / 2 * (1 + length / 4); break;
            // Pairs such as "()" and "::" are often one token.
            case Kind::symbol: cost += kToken * 2 / 3 + length * kToken / 3; break;
            case Kind::other:
                for (std::size_t i = begin; i < at; ++i)
                    cost += beyond_ascii(static_cast<unsigned char>(text[i]));
                break;
        }
    }
    return (cost + kToken - 1) / kToken;
}

}  // namespace dragoman
