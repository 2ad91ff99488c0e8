#include "server/config/spelling.h"

#include "protocol/base/json.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <sstream>
#include <unordered_map>
#include <utility>
#include <vector>

namespace dragoman_config_data {
extern const std::string_view unicode;
}

namespace dragoman::config {
namespace {

using Pair = std::pair<char32_t, char32_t>;

/// Hangul syllables are counted, not listed (Unicode 3.12): leading consonant, vowel, trailing consonant.
namespace hangul {
constexpr char32_t kSyllables = 0xAC00, kLeading = 0x1100, kVowels = 0x1161, kTrailing = 0x11A7;
constexpr char32_t kVowelCount = 21, kTrailingCount = 28, kCount = 11172;

bool is_syllable(char32_t c) { return c >= kSyllables && c < kSyllables + kCount; }

void decompose(char32_t c, std::u32string& out) {
    const char32_t at = c - kSyllables;
    out += kLeading + at / (kVowelCount * kTrailingCount);
    out += kVowels + at / kTrailingCount % kVowelCount;
    if (at % kTrailingCount != 0) out += kTrailing + at % kTrailingCount;
}

/// 0 where they do not join.
char32_t compose(char32_t first, char32_t second) {
    const char32_t lead = first - kLeading, vowel = second - kVowels, trail = second - kTrailing;
    if (lead < 19 && vowel < kVowelCount) return kSyllables + (lead * kVowelCount + vowel) * kTrailingCount;
    const bool open = is_syllable(first) && (first - kSyllables) % kTrailingCount == 0;
    return open && trail > 0 && trail < kTrailingCount ? first + trail : 0;
}
}  // namespace hangul

struct Tables {
    std::map<Pair, char32_t> composed{};
    std::unordered_map<char32_t, Pair> parts{};
    std::unordered_map<char32_t, char32_t> aliases{};
    std::vector<char32_t> marks{};  // sorted: what joins the character before it
    struct Run {
        char32_t first = 0, last = 0, step = 1;
        std::int32_t added = 0;
    };
    std::vector<Run> lower{};  // in order
};

/// Calls `use` with each two of the hexadecimal numbers in `text`.
template <class Use>
void each_pair(const std::string& text, Use use) {
    std::istringstream in{text};
    std::uint32_t first = 0, second = 0;
    in >> std::hex;
    while (in >> first >> second) use(char32_t{first}, char32_t{second});
}

Tables read_tables() {
    const Json data = Json::parse(dragoman_config_data::unicode);
    Tables all;
    for (const auto& [name, list] : data.at("compositions").items()) {
        const auto mark = static_cast<char32_t>(std::stoul(name, nullptr, 16));
        all.marks.push_back(mark);
        each_pair(list.get<std::string>(), [&](char32_t base, char32_t composed) {
            all.composed[{base, mark}] = composed;
            all.parts[composed] = {base, mark};
        });
    }
    std::sort(all.marks.begin(), all.marks.end());
    each_pair(data.at("aliases").get<std::string>(),
              [&](char32_t alias, char32_t meant) { all.aliases[alias] = meant; });
    for (const Json& run : data.at("lower"))
        all.lower.push_back({.first = run[0], .last = run[1], .step = run[2], .added = run[3]});
    return all;
}

const Tables& tables() {
    static const Tables all = read_tables();
    return all;
}

bool is_mark(char32_t c) { return std::binary_search(tables().marks.begin(), tables().marks.end(), c); }

/// To the last part. The tables hold no circle.
void decompose(char32_t c, std::u32string& out) {
    if (hangul::is_syllable(c)) return hangul::decompose(c, out);
    if (const auto alias = tables().aliases.find(c); alias != tables().aliases.end())
        return decompose(alias->second, out);
    const auto parts = tables().parts.find(c);
    if (parts == tables().parts.end()) {
        out += c;
        return;
    }
    decompose(parts->second.first, out);
    decompose(parts->second.second, out);
}

/// The composed character that `c` makes of the one before it; 0: none.
char32_t joined(char32_t before, char32_t c) {
    if (const char32_t syllable = hangul::compose(before, c); syllable != 0) return syllable;
    const auto found = tables().composed.find({before, c});
    return found == tables().composed.end() ? 0 : found->second;
}

bool is_ascii(std::u32string_view text) {
    return std::all_of(text.begin(), text.end(), [](char32_t c) { return c < 0x80; });
}

}  // namespace

std::u32string code_points(std::string_view text) {
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80    ? 1
                                   : lead >= 0xF0 ? 4
                                   : lead >= 0xE0 ? 3
                                   : lead >= 0xC0 ? 2
                                                  : 0;
        char32_t c = length <= 1 ? lead : lead & (0x7FU >> length);
        bool whole = length > 0 && at + length <= text.size();
        for (std::size_t i = 1; whole && i < length; ++i) {
            const auto byte = static_cast<unsigned char>(text[at + i]);
            whole = (byte & 0xC0U) == 0x80;
            c = (c << 6U) | (byte & 0x3FU);
        }
        out += whole ? c : 0x110000U + lead;
        at += whole ? length : 1;
    }
    return out;
}

std::u32string one_spelling(std::u32string text) {
    if (is_ascii(text)) return text;
    std::u32string parts;
    for (const char32_t c : text) decompose(c, parts);
    for (auto begin = parts.begin(); begin != parts.end();) {
        begin = std::find_if(begin, parts.end(), is_mark);
        const auto end = std::find_if_not(begin, parts.end(), is_mark);
        std::sort(begin, end);
        begin = end;
    }
    std::u32string out;
    std::size_t base = 0;  // the last character that was no mark
    for (const char32_t c : parts) {
        const char32_t one = out.empty() ? 0 : joined(out[base], c);
        if (one != 0) {
            out[base] = one;
            continue;
        }
        out += c;
        if (!is_mark(c)) base = out.size() - 1;
    }
    return out;
}

std::u32string lower_case(std::u32string text) {
    for (char32_t& c : text) {
        if (c < 0x80) {
            if (c >= U'A' && c <= U'Z') c += 32;
            continue;
        }
        const auto& runs = tables().lower;
        const auto run = std::find_if(runs.begin(), runs.end(), [&](const Tables::Run& one) {
            return c >= one.first && c <= one.last && (c - one.first) % one.step == 0;
        });
        if (run != runs.end()) c = static_cast<char32_t>(static_cast<std::int32_t>(c) + run->added);
    }
    return text;
}

}  // namespace dragoman::config
