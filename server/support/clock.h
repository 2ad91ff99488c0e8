// Time as a parameter: whoever needs to know the hour or to be woken asks a Clock.
//
// The daemon has one (LoopClock, on the loop's reactor); tests have FakeClock, whose hands they turn.
// Nothing else in the project reads a system clock or sleeps.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace dragoman {

using Milliseconds = std::chrono::milliseconds;

/// A wake-up call that was ordered. Destroying or resetting it takes the order back; once that
/// happened the function is never called. The function is called at most once, on the loop thread,
/// never from inside Clock::after. It may destroy its own Timer.
class Timer {
public:
    /// What the clock keeps for one order; its destructor cancels.
    struct Order {
        virtual ~Order() = default;
    };

    Timer() = default;
    explicit Timer(std::unique_ptr<Order> order) : order_{std::move(order)} {}

    void reset() { order_.reset(); }
    /// True from the order until reset(); a timer that has fired stays "armed" until reset.
    explicit operator bool() const { return order_ != nullptr; }

private:
    std::unique_ptr<Order> order_;
};

class Clock {
public:
    using Time = std::chrono::steady_clock::time_point;
    using WallTime = std::chrono::system_clock::time_point;

    virtual ~Clock() = default;

    /// Monotonic; for durations and deadlines.
    virtual Time now() const = 0;
    /// What a calendar shows; for time stamps and absolute Retry-After dates.
    virtual WallTime wall() const = 0;
    /// Calls `due` on the loop once `delay` has passed (zero: at the next turn of the loop).
    [[nodiscard]] virtual Timer after(Milliseconds delay, std::function<void()> due) = 0;
};

}  // namespace dragoman
