#include "server/upstream/gateway/backoff.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::gateway;

TEST_CASE("the back-off doubles from half a second to eight and sheds up to a quarter") {
    const auto [made, u, delay] = GENERATE(table<int, double, int>({{0, 0.0, 500},
                                                                    {1, 0.0, 1000},
                                                                    {2, 0.0, 2000},
                                                                    {4, 0.0, 8000},
                                                                    {5, 0.0, 8000},
                                                                    {1000, 0.0, 8000},
                                                                    {0, 1.0, 375},
                                                                    {1, 0.5, 875},
                                                                    {9, 1.0, 6000}}));
    CAPTURE(made, u);
    CHECK(backoff(made, u).count() == delay);
}

TEST_CASE("work that may still run and be billed is not asked for again") {
    const auto [status, wanted] = GENERATE(table<int, bool>(
        {{429, true}, {500, true}, {503, true}, {0, true}, {501, false}, {504, false}, {524, false}}));
    Error error{.kind = ErrorKind::upstream_unavailable};
    error.http_status = status;
    error.retryable = true;
    CAPTURE(status);
    CHECK(worth_retrying(error) == wanted);
    error.retryable = false;
    CHECK_FALSE(worth_retrying(error));
}

TEST_CASE("what the request itself caused is cured by no other model") {
    const auto kind = GENERATE(ErrorKind::bad_request, ErrorKind::context_too_long,
                               ErrorKind::content_filtered, ErrorKind::untrusted);
    CHECK(cure(kind) == Cure::none);
}

TEST_CASE("waits are told in whole seconds, rounded up") {
    CHECK(in_seconds(Milliseconds{1}) == "1 s");
    CHECK(in_seconds(Milliseconds{60'000}) == "60 s");
    CHECK(in_seconds(Milliseconds{60'001}) == "61 s");
}
