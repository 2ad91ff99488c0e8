#include "server/support/local_day.h"

#include <array>
#include <ctime>

namespace dragoman {
namespace {

/// The first moment of the day that lies `days` after that of `parts`; mktime finds the date that is meant.
Clock::WallTime midnight(const std::tm& parts, int days) {
    std::tm day{};
    day.tm_year = parts.tm_year;
    day.tm_mon = parts.tm_mon;
    day.tm_mday = parts.tm_mday + days;
    day.tm_isdst = -1;
    return std::chrono::system_clock::from_time_t(std::mktime(&day));
}

}  // namespace

LocalDay local_day(Clock::WallTime time) {
    const std::time_t seconds =
        std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
    std::tm parts{};
    std::array<char, 32> name{};
    ::localtime_r(&seconds, &parts);
    return {.name = {name.data(), std::strftime(name.data(), name.size(), "%Y-%m-%d", &parts)},
            .begin = midnight(parts, 0),
            .end = midnight(parts, 1)};
}

}  // namespace dragoman
