#include "server/completion/context/names.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
namespace {

constexpr std::size_t kShortestName = 2, kLongestName = 80, kShortestPart = 3;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// FNV-1a, folded to the number of features; names and parts begin differently.
class Hash {
public:
    explicit Hash(bool part) : value_{part ? 0x84222325CBF29CE4ULL : 0xCBF29CE484222325ULL} {}
    void take(char c) { value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL; }
    Feature feature() const {
        const std::uint64_t folded = value_ ^ (value_ >> 37U) ^ (value_ >> 19U);
        return static_cast<Feature>(folded & (kFeatures - 1));
    }

private:
    std::uint64_t value_;
};

bool is_comment(std::string_view line) {
    constexpr std::array<std::string_view, 7> kOpeners{"//", "/*", "* ", "*/", "# ", "-- ", ";;"};
    line = trimmed(line);
    return line == "*" || std::any_of(kOpeners.begin(), kOpeners.end(), [&](std::string_view opener) {
               return line.substr(0, opener.size()) == opener;
           });
}

// A word ends before "_", before an upper case letter that follows a lower case one, and before the last
// of several upper case letters when a lower case one follows it (HTTPServer).
bool part_begins(std::string_view name, std::size_t at) {
    if (!is_upper(name[at])) return false;
    if (!is_upper(name[at - 1])) return true;
    return at + 1 < name.size() && is_lower(name[at + 1]);
}

void add_parts(std::string_view name, std::size_t at, std::vector<Mention>& mentions) {
    std::size_t begin = 0;
    const auto end_part = [&](std::size_t end) {
        if (end >= begin + kShortestPart) {
            Hash hash{true};
            for (std::size_t i = begin; i < end; ++i) hash.take(lower(name[i]));
            mentions.push_back({hash.feature(), true, at});
        }
        begin = end;
    };
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == '_') {
            end_part(i);
            begin = i + 1;
        } else if (i > begin && part_begins(name, i)) {
            end_part(i);
        }
    }
    end_part(name.size());
}

void add_mentions(std::string_view line, std::size_t at, std::vector<Mention>& mentions) {
    std::size_t i = 0;
    while (i < line.size()) {
        if (!is_word(line[i])) {
            ++i;
            continue;
        }
        const std::size_t begin = i;
        Hash hash{false};
        for (; i < line.size() && is_word(line[i]); ++i) hash.take(line[i]);
        const std::size_t size = i - begin;
        if (is_digit(line[begin]) || size < kShortestName || size > kLongestName) continue;
        mentions.push_back({hash.feature(), false, at + begin});
        add_parts(line.substr(begin, size), at + begin, mentions);
    }
}

}  // namespace

std::vector<Mention> find_mentions(std::string_view text) {
    std::vector<Mention> mentions;
    mentions.reserve(text.size() / 5);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = text.substr(begin, end - begin);
        if (!is_comment(line)) add_mentions(line, begin, mentions);
        begin = end + 1;
    }
    return mentions;
}

std::vector<Feature> features_of(std::string_view text) {
    std::vector<Feature> features;
    for (const Mention& mention : find_mentions(text)) features.push_back(mention.feature);
    std::sort(features.begin(), features.end());
    features.erase(std::unique(features.begin(), features.end()), features.end());
    features.shrink_to_fit();
    return features;
}

}  // namespace dragoman::completion
