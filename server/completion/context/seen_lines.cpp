#include "server/completion/context/seen_lines.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <functional>

namespace dragoman::completion {
namespace {

template <typename Each>
void each_telling_line(std::string_view text, const Each& each) {
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = trimmed(text.substr(begin, end - begin));
        if (is_telling(line)) each(std::hash<std::string_view>{}(line));
        begin = end + 1;
    }
}

}  // namespace

void SeenLines::add(std::string_view text) {
    each_telling_line(text, [&](std::size_t line) { lines_.insert(line); });
}

double SeenLines::share(std::string_view text) const {
    std::size_t all = 0, seen = 0;
    each_telling_line(text, [&](std::size_t line) {
        ++all;
        seen += lines_.count(line);
    });
    return all == 0 ? 1.0 : static_cast<double>(seen) / static_cast<double>(all);
}

}  // namespace dragoman::completion
