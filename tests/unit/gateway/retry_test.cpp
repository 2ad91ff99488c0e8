// Asking again: when, how often, after how long, and with which key.

#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using What = http::Failure::What;

namespace {

/// Ends the current attempt in a way that asking again may cure.
void break_attempt(Bench& bench, int way) {
    auto& exchange = bench.http.last();
    switch (way) {
        case 0: return exchange.fail(What::connect);
        case 1: return exchange.fail(What::reset);
        case 2: return exchange.answer(500, refusal("oops"));
        case 3: return exchange.answer(503, "");
        case 4: return exchange.answer(429, "");
        case 5: return exchange.answer(408, "");
        case 6: return exchange.answer(409, "");
        case 7: return exchange.answer(200, "");
        case 8: exchange.head(200, event_stream()); return exchange.fail(What::reset);
        case 9: return exchange.fail(What::connect_timeout);
        default: return exchange.answer(529, "<html>");
    }
}

}  // namespace

TEST_CASE("what time may cure is asked again, with the back-off of the SDKs") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    const int way = GENERATE(range(0, 11));
    CAPTURE(way);
    break_attempt(bench, way);
    CHECK(heard.lines == Lines{"began work/m", "retry 2 500ms"});
    CHECK(bench.http.open() == 0);
    bench.clock.advance(Milliseconds{499});
    CHECK(bench.http.count() == 1);
    bench.clock.advance(Milliseconds{1});
    REQUIRE(bench.http.count() == 2);

    bench.chance = 1;
    break_attempt(bench, (way + 3) % 11);
    CHECK(heard.lines.back() == "retry 3 750ms");
    bench.clock.advance(Milliseconds{750});
    REQUIRE(bench.http.count() == 3);
    SECTION("until an answer comes") {
        bench.http.last().answer(200, whole("Hi"), event_stream());
        CHECK(heard.lines ==
              Lines{"began work/m", "retry 2 500ms", "retry 3 750ms", "text Hi", "completed stop"});
    }
    SECTION("until the attempts are used up") {
        break_attempt(bench, way);
        CHECK(heard.lines.size() == 4);
        CHECK(heard.ended());
        bench.clock.advance(Milliseconds{100'000});
        CHECK(bench.http.count() == 3);
    }
}

TEST_CASE("what time does not cure ends the call at once") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    const auto [status, body, kind] = GENERATE(table<int, std::string, std::string>(
        {{400, refusal("no"), "badRequest"},
         {402, "", "insufficientBalance"},
         {403, "", "forbidden"},
         {404, refusal("The model `m` does not exist", "model_not_found"), "modelNotFound"},
         {429, refusal("You exceeded your current quota", "insufficient_quota"), "insufficientBalance"},
         {501, "", "badRequest"},
         {503, refusal("no channel", "model_not_found"), "modelNotFound"},
         {504, "", "upstreamUnavailable"},
         {524, "<html>", "upstreamUnavailable"}}));
    CAPTURE(status);
    bench.http.last().answer(status, body);
    CHECK(heard.lines == Lines{"began work/m", "failed " + kind});
    CHECK(heard.error().http_status == status);
    bench.clock.advance(Milliseconds{100'000});
    CHECK(bench.http.count() == 1);
}

TEST_CASE("a gateway's own wait is kept when it is a minute, and told when it is longer") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    const int status = GENERATE(429, 503);
    SECTION("a minute") {
        bench.http.last().answer(status, "", {{"Retry-After", "60"}});
        CHECK(heard.lines.back() == "retry 2 60000ms");
        bench.clock.advance(Milliseconds{59'999});
        CHECK(bench.http.count() == 1);
        bench.clock.advance(Milliseconds{1});
        REQUIRE(bench.http.count() == 2);
        bench.http.last().answer(200, whole("Hi"), event_stream());
        CHECK(heard.lines.back() == "completed stop");
    }
    SECTION("an hour") {
        bench.http.last().answer(status, "", {{"Retry-After", "3600"}});
        REQUIRE(heard.ended());
        CHECK(heard.error().retry_after == Milliseconds{3'600'000});
        CHECK(heard.error().message.find("try again in 3600 s") != std::string::npos);
        bench.clock.advance(Milliseconds{3'600'000});
        CHECK(bench.http.count() == 1);
    }
    SECTION("a date") {
        bench.clock.set_wall(Clock::WallTime{std::chrono::seconds{1'700'000'000}});  // 2023-11-14 22:13:20
        bench.http.last().answer(status, "", {{"Retry-After", "Tue, 14 Nov 2023 22:13:30 GMT"}});
        CHECK(heard.lines.back() == "retry 2 10000ms");
    }
}

TEST_CASE("after a 401 the key is fetched anew, once") {
    Bench bench;
    bench.work.key = {.kind = config::KeySource::Kind::file, .file = "/keys/work"};
    bench.files.write("/keys/work", "sk-old-key-00000000");
    Heard heard;
    const auto call = bench.ask(heard);
    REQUIRE(bench.http.count() == 1);
    CHECK(*bench.http.last().header("Authorization") == "Bearer sk-old-key-00000000");
    bench.files.write("/keys/work", "sk-new-key-11111111");
    bench.http.last().answer(401, refusal("Incorrect API key"));
    bench.clock.settle();
    REQUIRE(bench.http.count() == 2);
    CHECK(*bench.http.last().header("Authorization") == "Bearer sk-new-key-11111111");
    SECTION("and it fits") {
        bench.http.last().answer(200, whole("Hi"), event_stream());
        CHECK(heard.lines == Lines{"began work/m", "text Hi", "completed stop"});
    }
    SECTION("and it does not") {
        bench.http.last().answer(401, refusal("Incorrect API key"));
        CHECK(heard.lines == Lines{"began work/m", "failed unauthorized"});
        CHECK(bench.http.count() == 2);
    }
}

TEST_CASE("a key from the environment is not asked for twice") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    bench.http.last().answer(401, "");
    bench.clock.settle();
    CHECK(heard.lines == Lines{"began work/m", "failed unauthorized"});
    CHECK(bench.http.count() == 1);
    CHECK_THAT(heard.error().hint, Catch::Matchers::EndsWith("The setting is providers.work.key, now: " +
                                                             bench.work.key.describe() + "."));
}

TEST_CASE("a completion reconnects once, at once, and waits for nothing") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask_in_background(heard);
    SECTION("a lost connection") {
        bench.http.last().fail(GENERATE(What::connect, What::reset, What::resolve));
        CHECK(heard.lines == Lines{"began work/m", "retry 2 0ms"});
        bench.clock.settle();
        REQUIRE(bench.http.count() == 2);
        bench.http.last().fail(What::reset);
        CHECK(heard.lines.back() == "failed network");
    }
    SECTION("a connection lost after the head") {
        bench.http.last().head(200, event_stream());
        bench.http.last().fail(What::reset);
        CHECK(heard.lines == Lines{"began work/m", "failed network"});
    }
    SECTION("a timeout") {
        bench.http.last().fail(GENERATE(What::connect_timeout, What::first_byte_timeout));
        CHECK(heard.lines == Lines{"began work/m", "failed timeout"});
    }
    SECTION("a status") {
        bench.http.last().answer(GENERATE(429, 500, 503), "", {{"Retry-After", "1"}});
        CHECK(heard.ended());
    }
    SECTION("nothing") {
        bench.http.last().answer(200, "");
        CHECK(heard.ended());
    }
    const auto sent = bench.http.count();
    bench.clock.advance(Milliseconds{100'000});
    CHECK(bench.http.count() == sent);
    CHECK(bench.http.open() == 0);
}

TEST_CASE("after a 429 with a delay all requests of that provider wait") {
    Bench bench;
    Heard first;
    const auto call = bench.ask(first);
    CHECK_FALSE(bench.gateway.held_until(bench.work));
    bench.http.last().answer(429, "", {{"Retry-After", "20"}});
    REQUIRE(bench.gateway.held_until(bench.work));
    CHECK(*bench.gateway.held_until(bench.work) - bench.clock.now() == std::chrono::seconds{20});

    Heard chat, completion, other;
    bench.clock.advance(Milliseconds{5'000});
    const auto second = bench.ask(chat);
    CHECK(chat.lines == Lines{"began work/m", "retry 1 15000ms"});
    const auto third = bench.ask_in_background(completion);
    CHECK(completion.lines == Lines{"began work/m", "failed rateLimited"});
    CHECK(completion.error().retry_after == Milliseconds{15'000});
    CHECK(bench.http.count() == 1);

    auto elsewhere = bench.question();
    auto provider = bench.work;
    provider.name = "elsewhere";
    elsewhere.chain = {Bench::model_of(provider, "m")};
    const auto fourth = bench.ask(other, std::move(elsewhere));
    CHECK(bench.http.count() == 2);

    bench.clock.advance(Milliseconds{15'000});
    CHECK(bench.http.count() == 4);
    CHECK_FALSE(bench.gateway.held_until(bench.work));
}

TEST_CASE("a long hold fails at once and says when to come back") {
    Bench bench;
    Heard first, second;
    const auto call = bench.ask(first);
    bench.http.last().answer(429, "", {{"Retry-After", "600"}});
    const auto held = bench.ask(second);
    CHECK(second.lines == Lines{"began work/m", "failed rateLimited"});
    CHECK(second.error().retry_after == Milliseconds{600'000});
    CHECK(second.error().message.find("600 s") != std::string::npos);
    CHECK(second.error().model == "work/m");
}

TEST_CASE("a wait that others prolong is given up after a minute") {
    Bench bench;
    Heard waiting, other;
    const auto first = bench.ask(other);
    const auto still = bench.ask(other);
    bench.http.at(0).answer(429, "", {{"Retry-After", "40"}});
    const auto call = bench.ask(waiting);
    CHECK(waiting.lines.back() == "retry 1 40000ms");
    bench.clock.advance(Milliseconds{39'999});
    bench.http.at(1).answer(429, "", {{"Retry-After", "40"}});
    bench.clock.advance(Milliseconds{1});
    CHECK(waiting.lines.back() == "failed rateLimited");
}

TEST_CASE("a spent allowance on a good answer holds the next request") {
    Bench bench;
    Heard first, second;
    const auto call = bench.ask(first);
    bench.http.last().answer(200, whole("Hi"),
                             {{"Content-Type", "text/event-stream"},
                              {"Date", "Thu, 01 Jan 2026 00:00:00 GMT"},
                              {"X-RateLimit-Remaining", "0"},
                              {"X-RateLimit-Reset", "2026-01-01T00:00:30Z"}});
    CHECK(first.lines.back() == "completed stop");
    const auto next = bench.ask(second);
    CHECK(second.lines == Lines{"began work/m", "retry 1 30000ms"});
    bench.clock.advance(Milliseconds{30'000});
    CHECK(bench.http.count() == 2);
}
