// How long to wait after a keystroke before asking: from how this person types and how this route answers.
//
// A debounce does one thing: it spares requests that the next keystroke makes useless. It does that only
// where it is longer than the usual gap between two keystrokes, and it is worth it only where the answer
// would come after the next keystroke anyway. So, with
//   gap      what four of five recent gaps stay below (pauses, from a second on, are no rhythm),
//   latency  how long the route takes to its first text, averaged with the newest counting most,
//   least    a third of what is configured, most: four times it,
// the wait is
//   least + late * worth * (min(1.15 * gap, most) - least)
// where `late` rises from 0 to 1 while latency goes from half a gap to one and a half (how likely the next
// key comes before the answer), and `worth` falls from 1 to 0 while 1.15 * gap goes from `most` to twice of
// it (whoever types that slowly cannot be waited for). Straight lines, so that a little more haste never
// makes a jump. A route that was never heard of counts as slow. Pure: times are given.
#pragma once

#include "server/support/clock.h"

#include <deque>
#include <map>
#include <optional>
#include <string>

namespace dragoman::completion {

class Pace {
public:
    /// The text was typed in (deleting counts). Several at one moment (an editor that closes a bracket, a
    /// paste in parts) are one.
    void typed(Clock::Time at);
    /// The route (model and how it is asked) gave its first text after that long.
    void answered(const std::string& route, Milliseconds first_text);
    /// `configured` is completion.debounceMs: what is waited while nothing is known; 0 stays 0. Otherwise at
    /// least a third and at most four times of it.
    Milliseconds debounce(const std::string& route, Milliseconds configured) const;

private:
    std::optional<Milliseconds> gap() const;

    std::optional<Clock::Time> last_;
    std::deque<Milliseconds> gaps_;          // newest last
    std::map<std::string, double> latency_;  // ms, by route
};

}  // namespace dragoman::completion
