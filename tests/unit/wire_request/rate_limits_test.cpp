#include "server/upstream/wire/rate_limits.h"

using namespace dragoman::wire;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

// 2026-01-01T00:00:00Z
constexpr auto kNow = std::chrono::system_clock::time_point{std::chrono::seconds{1'767'225'600}};

std::optional<milliseconds> after(const char* value) { return retry_after({{"Retry-After", value}}, kNow); }

std::optional<milliseconds> hold(const char* remaining, const char* reset) {
    return rate_limit_hold({{"X-RateLimit-Remaining", remaining}, {"X-RateLimit-Reset", reset}}, kNow);
}

}  // namespace

TEST_CASE("Retry-After is read as seconds, fractions and dates") {
    CHECK(after("60") == 60s);
    CHECK(after(" 60 ") == 60s);
    CHECK(after("1.5") == 1500ms);
    CHECK(after("Thu, 01 Jan 2026 00:01:00 GMT") == 60s);
    CHECK(after("1e9") == 24h);
}

TEST_CASE("a useless Retry-After counts as none") {
    for (const auto* value : {"Wed, 31 Dec 2025 23:59:59 GMT", "-5", "0", "nan", "inf", "abc", "", "1e999",
                              "12abc", "Thu, 99 Jan 2026 00:00:00 GMT", "Thu, 01 Jan 9999 00:00:00 GMT",
                              "Thu, 01 Jan 0001 00:00:00 GMT"}) {
        CAPTURE(value);
        CHECK_FALSE(after(value));
    }
    CHECK_FALSE(retry_after({}, kNow));
    CHECK(after("0.0001") == 1ms);
}

TEST_CASE("milliseconds outrank seconds, whatever the case of the names") {
    CHECK(retry_after({{"retry-after", "9"}, {"Retry-After-Ms", "250"}}, kNow) == 250ms);
    CHECK(retry_after({{"RETRY-AFTER", "9"}, {"retry-after-ms", "junk"}}, kNow) == 9s);
}

TEST_CASE("the server's own clock is used for its dates") {
    const Headers skewed = {{"Date", "Thu, 01 Jan 2026 05:00:00 GMT"},
                            {"Retry-After", "Thu, 01 Jan 2026 05:00:07 GMT"}};
    CHECK(retry_after(skewed, kNow) == 7s);
}

TEST_CASE("a spent allowance holds until it is reset") {
    struct Row {
        const char* reset;
        std::optional<milliseconds> expected;
    };
    const std::vector<Row> rows = {{"1s", 1s},
                                   {"6m0s", 6min},
                                   {"2ms", 2ms},
                                   {"0s", std::nullopt},
                                   {"59m3.5s", 59min + 3500ms},
                                   {"1h2m3.5s", 1h},  // held for an hour at most
                                   {"17", 17s},
                                   {"17.2s", 17200ms},
                                   {"-5", std::nullopt},
                                   {"250µs", 1ms},
                                   {"2026-01-01T00:00:30Z", 30s},
                                   {"2026-01-01T08:00:30+08:00", 30s},
                                   {"2025-12-31T18:30:30-0530", 30s},
                                   {"2026-01-01T00:00:30.250Z", 30250ms},
                                   {"2026-01-01 00:00:30", 30s},
                                   {"2025-12-31T23:00:00Z", std::nullopt},
                                   {"1767225630000", 30s},  // epoch, milliseconds
                                   {"1767225630", 30s},     // epoch, seconds
                                   {"tomorrow", std::nullopt},
                                   {"", std::nullopt},
                                   {"5x", std::nullopt},
                                   {"2026-13-01T00:00:00Z", std::nullopt}};
    for (const auto& row : rows) {
        CAPTURE(row.reset);
        CHECK(hold("0", row.reset) == row.expected);
        CHECK_FALSE(hold("1", row.reset));
    }
}

TEST_CASE("a duration of several units is summed") { CHECK(hold("0", "0h59m59.9s") == 59min + 59900ms); }

TEST_CASE("each vendor's pair of headers is known and the longest wins") {
    for (const auto& [remaining, reset] : std::vector<std::pair<const char*, const char*>>{
             {"x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
             {"x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"},
             {"ratelimit-remaining", "ratelimit-reset"},
             {"anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"}}) {
        CAPTURE(remaining);
        CHECK(rate_limit_hold({{remaining, "0"}, {reset, "5"}}, kNow) == 5s);
        CHECK_FALSE(rate_limit_hold({{remaining, "0"}}, kNow));
    }
    CHECK(rate_limit_hold({{"x-ratelimit-remaining-requests", "0"},
                           {"x-ratelimit-reset-requests", "5s"},
                           {"x-ratelimit-remaining-tokens", "0"},
                           {"x-ratelimit-reset-tokens", "9s"}},
                          kNow) == 9s);
}
