#include "server/completion/context/readiness.h"

#include "tests/support/fake_clock.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::completion;
using namespace std::chrono_literals;

TEST_CASE("where nothing is under way, waiting ends at the next turn of the loop") {
    test::FakeClock clock;
    Readiness readiness{clock};
    int called = 0;
    const auto waiting = readiness.wait("a", 50ms, [&] { ++called; });
    CHECK(called == 0);
    clock.settle();
    CHECK(called == 1);
    clock.advance(1s);
    CHECK(called == 1);
}

TEST_CASE("waiting ends with the look-up, or after the time it was given") {
    test::FakeClock clock;
    Readiness readiness{clock};
    const auto end = readiness.begin("a");
    int called = 0;
    const auto waiting = readiness.wait("a", 50ms, [&] { ++called; });
    SECTION("with the look-up") {
        clock.advance(49ms);
        CHECK(called == 0);
        end();
        CHECK(called == 1);
    }
    SECTION("after its time") {
        clock.advance(50ms);
        CHECK(called == 1);
        end();
    }
    clock.advance(1s);
    CHECK(called == 1);
}

TEST_CASE("a dropped handle is silent, also when another's call drops it") {
    test::FakeClock clock;
    Readiness readiness{clock};
    const auto end = readiness.begin("a");
    int called = 0;
    std::unique_ptr<Sources::Waiting> first, second;
    first = readiness.wait("a", 1s, [&] {
        ++called;
        first.reset();
        second.reset();
    });
    second = readiness.wait("a", 1s, [&] { ++called; });
    end();
    clock.advance(2s);
    CHECK(called == 1);
}

TEST_CASE("the end of an older look-up does not end a newer one, nor one of another document") {
    test::FakeClock clock;
    Readiness readiness{clock};
    const auto old = readiness.begin("a");
    const auto other = readiness.begin("b");
    const auto end = readiness.begin("a");
    int called = 0;
    const auto waiting = readiness.wait("a", 1s, [&] { ++called; });
    old();
    other();
    CHECK(called == 0);
    end();
    CHECK(called == 1);
}

TEST_CASE("a look-up may end after all else is gone") {
    test::FakeClock clock;
    auto readiness = std::make_unique<Readiness>(clock);
    const auto end = readiness->begin("a");
    int called = 0;
    auto waiting = readiness->wait("a", 1s, [&] { ++called; });
    readiness.reset();
    end();
    waiting.reset();
    clock.advance(2s);
    CHECK(called == 0);
}
