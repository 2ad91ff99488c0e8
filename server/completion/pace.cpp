#include "server/completion/pace.h"

#include <algorithm>
#include <vector>

namespace dragoman::completion {
namespace {

constexpr Milliseconds kPause{1000};
/// No finger is that fast; two events of one keystroke are.
constexpr Milliseconds kSameKey{10};
constexpr std::size_t kFewestGaps = 5, kMostGaps = 24;
/// Routes come and go with the configuration; they are few.
constexpr std::size_t kMostRoutes = 64;
constexpr double kNewest = 0.3;  // the weight of the newest latency
constexpr double kOverGap = 1.15;

/// 0 up to `from`, 1 from `to` on, straight between.
double ramp(double value, double from, double to) {
    return std::clamp((value - from) / (to - from), 0.0, 1.0);
}

}  // namespace

void Pace::typed(Clock::Time at) {
    if (!last_) {
        last_ = at;
        return;
    }
    const auto gap = std::chrono::duration_cast<Milliseconds>(at - *last_);
    if (gap < kSameKey) return;
    last_ = at;
    if (gap >= kPause) return;
    gaps_.push_back(gap);
    if (gaps_.size() > kMostGaps) gaps_.pop_front();
}

void Pace::answered(const std::string& route, Milliseconds first_text) {
    const auto found = latency_.find(route);
    const auto heard = static_cast<double>(first_text.count());
    if (found != latency_.end()) {
        found->second += kNewest * (heard - found->second);
        return;
    }
    if (latency_.size() == kMostRoutes) latency_.clear();
    latency_.emplace(route, heard);
}

/// What four of five gaps stay below; nothing while too few are known.
std::optional<Milliseconds> Pace::gap() const {
    if (gaps_.size() < kFewestGaps) return std::nullopt;
    std::vector<Milliseconds> sorted{gaps_.begin(), gaps_.end()};
    const auto at = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) * 4 / 5);
    std::nth_element(sorted.begin(), at, sorted.end());
    return *at;
}

Milliseconds Pace::debounce(const std::string& route, Milliseconds configured) const {
    const auto usual = gap();
    if (configured <= Milliseconds{0} || !usual) return configured;
    const auto gap = static_cast<double>(usual->count());
    const double least = static_cast<double>(configured.count()) / 3, most = least * 12;
    const double wish = kOverGap * gap;

    const auto latency = latency_.find(route);
    const double late = latency == latency_.end() ? 1 : ramp(latency->second, gap / 2, gap * 1.5);
    const double worth = 1 - ramp(wish, most, 2 * most);
    const double over = std::clamp(wish, least, most) - least;
    return Milliseconds{static_cast<Milliseconds::rep>(least + late * worth * over + 0.5)};
}

}  // namespace dragoman::completion
