// What is measured, and how it is told: one line a figure, with the value to aim at beside it.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace dragoman::bench {

using SteadyClock = std::chrono::steady_clock;
using Time = SteadyClock::time_point;
using Span = std::chrono::nanoseconds;

/// The value below which the share `part` (0 to 1) of `spans` lies. `spans` is not empty.
Span quantile(std::vector<Span> spans, double part);

/// "1.23 ms" or "87 us".
std::string words(Span span);
/// "median 87 us, p99 210 us".
std::string median_and(const std::vector<Span>& spans, double part);
/// KiB as "12.3 MB".
std::string megabytes(long long kib);

void tell(const std::string& figure, const std::string& target, const std::string& measured);

}  // namespace dragoman::bench
