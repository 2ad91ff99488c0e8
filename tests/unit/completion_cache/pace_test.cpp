#include "server/completion/pace.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using completion::Pace;
using Gaps = std::vector<int>;

namespace {

constexpr Milliseconds kConfigured{75};
const std::string kRoute = "work/m fim";

/// Someone whose keys come with these gaps, `rounds` times over.
Pace typing(const Gaps& gaps, int rounds = 1) {
    Pace pace;
    Clock::Time now{std::chrono::hours{1}};
    pace.typed(now);
    for (int round = 0; round < rounds; ++round) {
        for (const int gap : gaps) pace.typed(now += Milliseconds{gap});
    }
    return pace;
}

Pace on_route(Pace pace, int latency) {
    pace.answered(kRoute, Milliseconds{latency});
    return pace;
}

long long wait(const Pace& pace, Milliseconds configured = kConfigured) {
    return pace.debounce(kRoute, configured).count();
}

}  // namespace

TEST_CASE("the wait is what is configured while nobody has typed five gaps") {
    CHECK(wait(Pace{}) == 75);
    CHECK(wait(on_route(typing({100, 100, 100, 100}), 400)) == 75);
    CHECK(wait(on_route(typing({100, 100, 100, 100, 100}), 400)) != 75);
}

TEST_CASE("a wait of nothing stays nothing") {
    CHECK(wait(on_route(typing({120}, 20), 900), Milliseconds{0}) == 0);
}

TEST_CASE("fast typing on a slow route waits a little longer than a gap") {
    for (const int gap : {80, 120, 180, 240}) {
        const auto waited = wait(on_route(typing({gap}, 20), 600));
        CHECK(waited > gap);
        CHECK(waited < gap * 5 / 4);
    }
}

TEST_CASE("one of five gaps may be longer than the wait") {
    CHECK(wait(on_route(typing({100, 110, 120, 105, 300}, 4), 600)) < 200);
    CHECK(wait(on_route(typing({100, 250, 120, 240, 300}, 4), 600)) > 240);
}

TEST_CASE("a route that answers between two keys is asked soon") {
    CHECK(wait(on_route(typing({150}, 20), 40)) == 25);
    CHECK(wait(on_route(typing({150}, 20), 75)) == 25);
}

TEST_CASE("who types too slowly to be waited for is answered soon") {
    CHECK(wait(on_route(typing({700}, 20), 900)) == 25);
}

TEST_CASE("a route never heard of counts as slow") {
    CHECK(wait(typing({120}, 20)) == wait(on_route(typing({120}, 20), 5000)));
}

TEST_CASE("routes are known apart") {
    Pace pace = on_route(typing({150}, 20), 40);
    pace.answered("far/m chat", Milliseconds{2000});
    CHECK(pace.debounce(kRoute, kConfigured) == Milliseconds{25});
    CHECK(pace.debounce("far/m chat", kConfigured) > Milliseconds{150});
}

TEST_CASE("a route that grows slow is noticed after a few answers") {
    Pace pace = on_route(typing({150}, 20), 40);
    for (int i = 0; i < 6; ++i) pace.answered(kRoute, Milliseconds{800});
    CHECK(wait(pace) > 150);
}

TEST_CASE("pauses are no rhythm") {
    Gaps gaps;
    for (int i = 0; i < 10; ++i) gaps.insert(gaps.end(), {110, 130, 2500, 1000, 60'000});
    CHECK(wait(on_route(typing(gaps), 600)) == wait(on_route(typing({110, 130}, 10), 600)));
}

TEST_CASE("a key that changes the text twice is one key") {
    CHECK(wait(on_route(typing({120, 0, 2}, 20), 600)) == wait(on_route(typing({122}, 20), 600)));
}

TEST_CASE("what was typed long ago is forgotten") {
    Gaps gaps(50, 250);
    gaps.insert(gaps.end(), 30, 90);
    CHECK(wait(on_route(typing(gaps), 600)) < 110);
}

TEST_CASE("the wait stays between a third and four times of what is configured") {
    const int configured = GENERATE(1, 30, 75, 200, 1000);
    for (int gap = 10; gap < 1000; gap += 30) {
        for (int latency = 0; latency < 3000; latency += 170) {
            const auto waited = wait(on_route(typing({gap}, 10), latency), Milliseconds{configured});
            CHECK(waited * 3 >= configured - 2);
            CHECK(waited <= configured * 4);
        }
    }
}

TEST_CASE("a little more haste makes no jump in the wait") {
    for (int latency = 0; latency < 1500; latency += 50) {
        auto before = wait(on_route(typing({10}, 10), latency));
        for (int gap = 11; gap < 1000; ++gap) {
            const auto now = wait(on_route(typing({gap}, 10), latency));
            CHECK(std::abs(now - before) <= 8);
            before = now;
        }
    }
}
