// The daemon's Clock, on the loop's reactor.
#pragma once

#include "server/support/clock.h"

#include <boost/asio/io_context.hpp>

namespace dragoman {

/// Loop thread only. `context` must outlive the clock and every Timer it made.
class LoopClock final : public Clock {
public:
    explicit LoopClock(boost::asio::io_context& context) : context_{context} {}

    Time now() const override { return std::chrono::steady_clock::now(); }
    WallTime wall() const override { return std::chrono::system_clock::now(); }
    Timer after(Milliseconds delay, std::function<void()> due) override;

private:
    boost::asio::io_context& context_;
};

}  // namespace dragoman
