// Figures of completion, a function each; see tests/bench/sections.h.
#pragma once

#include <string>

namespace dragoman::bench {

/// Types a recorded session in simulated time, against the same gateway: with the completion engine, and with
/// the plain way (wait 75 ms after a key, ask, end that at the next key). `record` is the path of typing.txt.
/// `people` take other suggestions, at gateways that are wrong in other places: one alone is chance.
void measure_replay(const std::string& record, unsigned people);

}  // namespace dragoman::bench
