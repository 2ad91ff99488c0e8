#include "server/store/query.h"

#include "protocol/base/utf.h"
#include "protocol/base/visible.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace dragoman::store {
namespace {

struct Range {
    char32_t first, last;
};

bool holds(const auto& ranges, char32_t code) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [code](const Range& range) { return code >= range.first && code <= range.last; });
}

/// Scripts without blanks between words (Unicode 15, line breaking classes SA and ID): Thai, Lao, Tibetan,
/// Myanmar, Khmer and their kin, Chinese characters, kana. Korean has blanks.
constexpr std::array kUnspaced = {
    Range{0x0E00, 0x0FFF},   Range{0x1000, 0x109F},   Range{0x1780, 0x17FF}, Range{0x1950, 0x19DF},
    Range{0x1A20, 0x1AAF},   Range{0x2E80, 0x2FDF},   Range{0x3005, 0x3007}, Range{0x3021, 0x312F},
    Range{0x3190, 0x31FF},   Range{0x3400, 0x9FFF},   Range{0xA000, 0xA4CF}, Range{0xA9E0, 0xA9FF},
    Range{0xAA60, 0xAADF},   Range{0xF900, 0xFAFF},   Range{0xFF66, 0xFF9F}, Range{0x16FE0, 0x18DFF},
    Range{0x1AFF0, 0x1B16F}, Range{0x20000, 0x3FFFF},
};
/// Beyond ASCII, what is no part of a word: signs of Latin-1, punctuation, arrows, mathematics, drawings,
/// emoji.
constexpr std::array kSigns = {
    Range{0x0080, 0x00A9},   Range{0x00AB, 0x00B1},   Range{0x00B4, 0x00B4}, Range{0x00B6, 0x00B8},
    Range{0x00BB, 0x00BB},   Range{0x00BF, 0x00BF},   Range{0x00D7, 0x00D7}, Range{0x00F7, 0x00F7},
    Range{0x2000, 0x206F},   Range{0x20A0, 0x20CF},   Range{0x2190, 0x245F}, Range{0x2500, 0x2775},
    Range{0x2794, 0x2BFF},   Range{0x2E00, 0x2E7F},   Range{0x3000, 0x3004}, Range{0x3008, 0x3020},
    Range{0xFF00, 0xFF0F},   Range{0xFF1A, 0xFF20},   Range{0xFF3B, 0xFF40}, Range{0xFF5B, 0xFF65},
    Range{0x1F000, 0x1F0FF}, Range{0x1F300, 0x1FAFF},
};

bool is_letter_or_digit(char32_t code) {
    if (code >= 0x80) return !holds(kSigns, code);
    return (code >= U'a' && code <= U'z') || (code >= U'A' && code <= U'Z') || (code >= U'0' && code <= U'9');
}

bool is_in_index(std::string_view word) {
    bool counts = false;
    for (std::size_t at = 0; at < word.size();) {
        const char32_t code = next_character(word, at);
        if (holds(kUnspaced, code)) return false;
        counts = counts || is_letter_or_digit(code);
    }
    return counts;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    for (bool inside = false; const char c : text) {
        const bool blank = static_cast<unsigned char>(c) <= ' ';
        if (!blank && !inside) out.emplace_back();
        if (!blank) out.back() += c;
        inside = !blank;
    }
    return out;
}

/// As FTS5 takes it: quoted, so that nothing in it is an operator, and the beginning of a word.
std::string beginning(std::string word) {
    std::replace(word.begin(), word.end(), '"', ' ');
    return '"' + word + "\"*";
}

/// A pattern of LIKE that stands for `text` anywhere, with no character of it special.
std::string anywhere(const std::string& text) {
    std::string out = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out + "%";
}

constexpr int kTitle = 3, kMatch = 4, kFirstPart = 5;  // numbers of parameters

}  // namespace

Query::Query(const std::string& text, bool indexed) : text_{text} {
    for (std::string& word : words_of(text)) {
        if (indexed && is_in_index(word)) {
            match_ += (match_.empty() ? "" : " ") + beginning(std::move(word));
        } else {
            parts_.push_back(std::move(word));
        }
    }
}

std::string Query::filter() const {
    if (text_.empty()) return {};
    const std::string title = "WHERE title LIKE ?" + std::to_string(kTitle) + " ESCAPE '\\' ";
    if (match_.empty() && parts_.empty()) return title;
    const std::string matching = "FROM search WHERE search MATCH ?" + std::to_string(kMatch);
    if (parts_.empty()) return title + "OR number IN (SELECT DISTINCT rowid >> 20 " + matching + ") ";
    std::string turns = match_.empty() ? "" : "number IN (SELECT rowid " + matching + ") ";
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const std::string like =
            " LIKE ?" + std::to_string(kFirstPart + static_cast<int>(i)) + " ESCAPE '\\'";
        turns += (turns.empty() ? "(prompt" : "AND (prompt") + like + " OR answer" + like + ") ";
    }
    return title + "OR number IN (SELECT DISTINCT number >> 20 FROM turns WHERE " + turns + ") ";
}

void Query::bind(Statement& statement) const {
    if (text_.empty()) return;
    statement.bind(kTitle, anywhere(text_));
    if (!match_.empty()) statement.bind(kMatch, match_);
    for (std::size_t i = 0; i < parts_.size(); ++i)
        statement.bind(kFirstPart + static_cast<int>(i), anywhere(parts_[i]));
}

}  // namespace dragoman::store
