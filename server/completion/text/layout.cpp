#include "server/completion/text/layout.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
Layout layout_of(const Window& window) {
    constexpr std::size_t kWidest = 8;
    constexpr std::size_t kClear = 10;  // times as many of one kind as of the other
    std::size_t tabs = 0, blanks = 0, last = 0;
    std::array<std::size_t, kWidest + 1> steps{};
    const auto look = [&](std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            const std::string_view line = text.substr(at, text.find('\n', at) - at);
            at += line.size() + 1;
            const std::size_t depth = indentation(line).size();
            if (depth == 0 && line.empty()) continue;
            if (line.front() == '\t') {
                ++tabs;
                continue;
            }
            if (depth >= 2) ++blanks;
            if (depth > last && depth - last <= kWidest) ++steps.at(depth - last);
            last = depth;
        }
    };
    look(window.prefix);
    look(window.suffix);
    Layout layout;
    if (tabs > 0 && tabs >= blanks * kClear) layout.unit = Layout::Unit::tabs;
    if (blanks > 0 && blanks >= tabs * kClear) layout.unit = Layout::Unit::blanks;
    steps[1] = 0;
    const auto most = std::max_element(steps.begin(), steps.end());
    if (*most > 0) layout.width = static_cast<std::size_t>(most - steps.begin());
    return layout;
}

}  // namespace dragoman::completion
