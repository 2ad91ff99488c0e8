// The chain of models: who takes over, after what, and with what told.

#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using What = http::Failure::What;

namespace {

/// work/a, then work/b, then spare/c.
gateway::ChatCall chain_of(Bench& bench) {
    bench.work.retry_attempts = 0;
    auto spare = bench.work;
    spare.name = "spare";
    spare.base_url = "https://spare.example/v1";
    auto call = bench.question();
    call.chain = {bench.model("a"), bench.model("b"), Bench::model_of(spare, "c")};
    return call;
}

}  // namespace

TEST_CASE("the next model takes over where it may do better, with the reason") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard, chain_of(bench));
    const auto [status, body] =
        GENERATE(table<int, std::string>({{402, ""},
                                          {403, ""},
                                          {404, refusal("no such model", "model_not_found")},
                                          {429, ""},
                                          {500, ""},
                                          {503, ""},
                                          {504, ""}}));
    CAPTURE(status);
    bench.http.last().answer(status, body);
    CHECK(heard.lines == Lines{"began work/a", "fallback work/b"});
    CHECK_FALSE(std::get<gateway::Began>(heard.events[1]).reason.empty());
    REQUIRE(bench.http.count() == 2);
    CHECK(bench.body(1)["model"] == "b");
    bench.http.last().answer(200, whole("Hi"), event_stream());
    CHECK(heard.lines == Lines{"began work/a", "fallback work/b", "text Hi", "completed stop"});
    CHECK(heard.last<gateway::Completed>().model == "work/b");
    CHECK_FALSE(heard.last<gateway::Completed>().notes.empty());
}

TEST_CASE("what the request itself caused goes to no other model") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard, chain_of(bench));
    const auto [status, body] =
        GENERATE(table<int, std::string>({{400, refusal("bad")},
                                          {400, refusal("too long", "context_length_exceeded")},
                                          {400, refusal("filtered", "content_filter")}}));
    bench.http.last().answer(status, body);
    CHECK(heard.ended());
    CHECK(heard.lines.size() == 2);
    CHECK(bench.http.count() == 1);
}

TEST_CASE("trouble with a provider's key or certificate skips its other models") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard, chain_of(bench));
    SECTION("key") { bench.http.last().answer(401, ""); }
    SECTION("certificate") { bench.http.last().fail(What::tls_certificate); }
    CHECK(heard.lines == Lines{"began work/a", "fallback spare/c"});
    CHECK(bench.http.last().request.url.starts_with("https://spare.example/"));
}

TEST_CASE("a key goes to its own provider only, also along a chain") {
    Bench bench;
    auto call = chain_of(bench);
    auto spare = *call.chain[2].provider;
    spare.key.env = "SPARE_KEY";
    bench.environment["SPARE_KEY"] = "sk-spare-99999999999";
    call.chain = {call.chain[0], Bench::model_of(spare, "c")};
    Heard heard;
    const auto handle = bench.ask(heard, std::move(call));
    bench.http.last().answer(500, "");
    REQUIRE(bench.http.count() == 2);
    CHECK(*bench.http.at(0).header("Authorization") == "Bearer sk-live-0123456789abcdef");
    CHECK(*bench.http.at(1).header("Authorization") == "Bearer sk-spare-99999999999");
}

TEST_CASE("once text was shown no other model takes over") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard, chain_of(bench));
    bench.http.last().head(200, event_stream());
    bench.http.last().bytes(chunk("Hel"));
    bench.http.last().fail(What::reset);
    CHECK(heard.lines == Lines{"began work/a", "text Hel", "failed network"});
    CHECK(bench.http.count() == 1);
}

TEST_CASE("when the whole chain fails, the last failure is told") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard, chain_of(bench));
    bench.http.last().answer(500, "");
    bench.http.last().answer(429, "");
    bench.http.last().answer(402, "");
    CHECK(heard.lines ==
          Lines{"began work/a", "fallback work/b", "fallback spare/c", "failed insufficientBalance"});
    CHECK(heard.error().model == "spare/c");
    CHECK(heard.error().provider == "spare");
    CHECK(bench.http.open() == 0);
}

TEST_CASE("each model of a chain has its own attempts") {
    Bench bench;
    auto call = chain_of(bench);
    bench.work.retry_attempts = 1;
    call.chain = {bench.model("a"), bench.model("b")};
    Heard heard;
    const auto handle = bench.ask(heard, std::move(call));
    for (int attempt = 0; attempt < 4; ++attempt) {
        REQUIRE(bench.http.count() == static_cast<std::size_t>(attempt) + 1);
        bench.http.last().answer(500, "");
        bench.clock.advance(Milliseconds{500});
    }
    CHECK(heard.lines == Lines{"began work/a", "retry 2 500ms", "fallback work/b", "retry 2 500ms",
                               "failed upstreamUnavailable"});
}

TEST_CASE("a provider on a long hold is passed over for another one") {
    Bench bench;
    auto question = chain_of(bench);
    question.chain = {question.chain[0], question.chain[2]};
    Heard first, second;
    const auto call = bench.ask(first, question);
    bench.http.last().answer(429, "", {{"Retry-After", "600"}});
    const auto next = bench.ask(second, question);
    CHECK(second.lines == Lines{"began work/a", "fallback spare/c"});
}
