// Ends text before the first stop string, also when that one is split over pieces.
//
// For stop strings that a request cannot carry and for special tokens that servers leak into the text.
// The string that is complete first wins, so that the cut does not depend on how the text was cut up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::wire {

class StopCutter {
public:
    explicit StopCutter(std::vector<std::string> stops);

    /// The text that is settled: before the stop string, or all but what may become one.
    std::string feed(std::string_view piece);
    /// What was held back and turned out to be text.
    std::string finish();
    /// A stop string was found; all later text is dropped.
    bool cut() const { return cut_; }
    /// No stop strings: pieces need not pass through here.
    bool idle() const { return stops_.empty(); }

private:
    std::vector<std::string> stops_;
    std::string held_;
    bool cut_ = false;
};

}  // namespace dragoman::wire
