// The calendar day of this machine's time zone, which is what people mean by "today".
#pragma once

#include "server/support/clock.h"

#include <string>

namespace dragoman {

struct LocalDay {
    std::string name{};  // "2026-01-31"
    /// Its first moment and that of the next day: 23 or 25 hours apart where the clocks are changed.
    Clock::WallTime begin{}, end{};
};

/// The day that holds `time`.
LocalDay local_day(Clock::WallTime time);

}  // namespace dragoman
