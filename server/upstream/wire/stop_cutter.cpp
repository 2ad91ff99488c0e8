#include "server/upstream/wire/stop_cutter.h"

#include "server/upstream/wire/think.h"

#include <algorithm>
#include <utility>

namespace dragoman::wire {

StopCutter::StopCutter(std::vector<std::string> stops) : stops_{std::move(stops)} {
    std::erase(stops_, std::string{});
}

std::string StopCutter::feed(std::string_view piece) {
    if (cut_) return {};
    std::string text = std::exchange(held_, {}).append(piece);
    std::size_t first_end = text.npos, start = 0, keep = 0;
    for (const auto& stop : stops_) {
        const std::size_t at = text.find(stop);
        if (at != text.npos) {
            const std::size_t end = at + stop.size();
            if (end < first_end || (end == first_end && at < start)) {
                first_end = end;
                start = at;
            }
        }
        keep = std::max(keep, partial_suffix(text, stop));
    }
    cut_ = first_end != text.npos;
    if (!cut_) {
        start = text.size() - keep;
        held_ = text.substr(start);
    }
    text.resize(start);
    return text;
}

std::string StopCutter::finish() { return std::exchange(held_, {}); }

}  // namespace dragoman::wire
