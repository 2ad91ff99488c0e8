#include "server/config/pattern.h"

namespace dragoman::config {
namespace {

// One character or set at the beginning of a pattern, and how often it may stand.
struct Item {
    std::string_view set;  // what is between the brackets, or one character
    bool is_set = false;
    char often = '1';        // '1', '*' or '+'
    std::size_t length = 0;  // in the pattern

    bool holds(char c) const {
        if (!is_set) return set.front() == c;
        for (std::size_t i = 0; i < set.size(); ++i) {
            const bool range = i + 2 < set.size() && set[i + 1] == '-';
            if (set[i] <= c && c <= (range ? set[i + 2] : set[i])) return true;
            if (range) i += 2;
        }
        return false;
    }
};

Item first_item(std::string_view pattern) {
    Item item;
    item.is_set = pattern.front() == '[';
    item.length = item.is_set ? pattern.find(']') + 1 : 1;
    item.set = item.is_set ? pattern.substr(1, item.length - 2) : pattern.substr(0, 1);
    if (item.length < pattern.size() && (pattern[item.length] == '*' || pattern[item.length] == '+')) {
        item.often = pattern[item.length++];
    }
    return item;
}

// Recursive over the items of the pattern only.
bool fits_sequence(std::string_view text, std::string_view pattern) {
    if (pattern.empty()) return text.empty();
    const Item item = first_item(pattern);
    const std::size_t most = item.often == '1' ? 1 : text.size();
    const std::size_t least = item.often == '*' ? 0 : 1;
    std::size_t count = 0;
    while (count < most && count < text.size() && item.holds(text[count])) ++count;
    for (; count >= least; --count) {
        if (fits_sequence(text.substr(count), pattern.substr(item.length))) return true;
        if (count == 0) break;
    }
    return false;
}

}  // namespace

bool fits_pattern(std::string_view text, std::string_view pattern) {
    pattern = pattern.substr(1, pattern.size() - 2);  // ^ and $
    if (!pattern.starts_with('(')) return fits_sequence(text, pattern);
    pattern = pattern.substr(1, pattern.size() - 2);
    for (;;) {
        const std::size_t bar = pattern.find('|');
        if (fits_sequence(text, pattern.substr(0, bar))) return true;
        if (bar == std::string_view::npos) return false;
        pattern.remove_prefix(bar + 1);
    }
}

}  // namespace dragoman::config
