// How long a test waits for something that must come. A limit, never a delay: waits end with the event.
#pragma once

#include <chrono>

namespace dragoman::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kSlowness = 4;
#else
inline constexpr int kSlowness = 1;
#endif

inline constexpr std::chrono::milliseconds kPatience = std::chrono::seconds{20} * kSlowness;

}  // namespace dragoman::test
