#include "server/support/loop_clock.h"

#include <catch2/catch_all.hpp>

using namespace std::chrono_literals;

TEST_CASE("a timer that was reset is never called, one that was kept is called once") {
    boost::asio::io_context loop;
    dragoman::LoopClock clock{loop};
    int kept = 0, dropped = 0;
    auto a = clock.after(0ms, [&] { ++kept; });
    auto b = clock.after(0ms, [&] { ++dropped; });
    b.reset();
    CHECK(kept == 0);
    loop.run();
    CHECK(kept == 1);
    CHECK(dropped == 0);
}

TEST_CASE("a timer may take itself back while it is called") {
    boost::asio::io_context loop;
    dragoman::LoopClock clock{loop};
    int calls = 0;
    dragoman::Timer timer;
    timer = clock.after(0ms, [&] {
        ++calls;
        timer.reset();
    });
    loop.run();
    CHECK(calls == 1);
}
