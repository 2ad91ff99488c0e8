#include "server/config/suggest.h"

#include <algorithm>

namespace dragoman::config {
namespace {

constexpr std::size_t kLongest = 64;

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

// Optimal string alignment: Levenshtein's distance with neighbours swapped as one change.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] =
                std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

}  // namespace

std::string nearest(std::string_view written, const std::vector<std::string>& known) {
    if (written.size() > kLongest) return {};
    const std::string wanted = lower(written);
    std::string best;
    std::size_t least = std::max<std::size_t>(1, wanted.size() / 3) + 1;
    for (const std::string& word : known) {
        const std::size_t apart = std::max(word.size(), wanted.size()) - std::min(word.size(), wanted.size());
        if (apart >= least) continue;
        const std::size_t changes = distance(wanted, lower(word));
        if (changes < least) {
            least = changes;
            best = word;
        }
    }
    return best;
}

std::string listed(const std::vector<std::string>& words, std::string_view conjunction) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) out += i + 1 == words.size() ? " " + std::string{conjunction} + " " : ", ";
        out += '"' + words[i] + '"';
    }
    return out;
}

}  // namespace dragoman::config
