// What a gateway refuses once is not sent to it again.

#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;

namespace {

const std::string kNoTemperature = refusal(
    "Unsupported value: 'temperature' does not support 0.5 with this model. Only the default (1) value is "
    "supported.",
    "unsupported_value", "temperature");
const std::string kNoRoute = refusal("Invalid URL (POST /v1/chat/completions)");

gateway::ChatCall warm_question(const Bench& bench) {
    auto call = bench.question();
    call.request.sampling.temperature = 0.5;
    return call;
}

}  // namespace

TEST_CASE("a refused field is left out at once, and in the next request from the start") {
    Bench bench;
    Heard first, second;
    auto call = bench.ask(first, warm_question(bench));
    REQUIRE(bench.body(0).contains("temperature"));
    bench.http.last().answer(400, kNoTemperature);
    REQUIRE(bench.http.count() == 2);
    CHECK_FALSE(bench.body(1).contains("temperature"));
    bench.http.last().answer(200, whole("Hi"), event_stream());
    CHECK(first.lines == Lines{"began work/m", "text Hi", "completed stop"});
    CHECK(first.last<gateway::Completed>().notes == Lines{"temperature left out"});

    call = bench.ask(second, warm_question(bench));
    CHECK_FALSE(bench.body(2).contains("temperature"));

    SECTION("but other models are asked as before") {
        auto other = warm_question(bench);
        other.chain = {bench.model("n")};
        call = bench.ask(second, std::move(other));
        CHECK(bench.body(3).contains("temperature"));
    }
    SECTION("for a day") {
        bench.clock.advance(std::chrono::hours{24});
        call = bench.ask(second, warm_question(bench));
        CHECK(bench.body(3).contains("temperature"));
    }
}

TEST_CASE("a refusal of a completion's field is adapted to as well") {
    Bench bench;
    auto question = warm_question(bench);
    question.policy.background = true;
    Heard heard;
    const auto call = bench.ask(heard, std::move(question));
    bench.http.last().answer(400, kNoTemperature);
    CHECK(bench.http.count() == 2);
}

TEST_CASE("an adaptation that did not help is not remembered") {
    Bench bench;
    Heard first, second;
    auto call = bench.ask(first, warm_question(bench));
    bench.http.last().answer(400, kNoTemperature);
    bench.http.last().answer(400, refusal("still no"));
    CHECK(first.lines.back() == "failed badRequest");
    call = bench.ask(second, warm_question(bench));
    CHECK(bench.body(2).contains("temperature"));
}

TEST_CASE("at most four fields of one request are adapted") {
    Bench bench;
    auto question = warm_question(bench);
    question.request.sampling.top_p = 0.5;
    question.request.sampling.presence_penalty = 0.5;
    question.request.sampling.frequency_penalty = 0.5;
    question.request.sampling.seed = 7;
    Heard heard;
    const auto call = bench.ask(heard, std::move(question));
    for (const auto* field : {"temperature", "top_p", "presence_penalty", "frequency_penalty", "seed"}) {
        bench.http.last().answer(400, refusal("Unsupported parameter: '" + std::string{field} + "'",
                                              "unsupported_parameter", field));
    }
    CHECK(bench.http.count() == 5);
    CHECK(heard.lines == Lines{"began work/m", "failed badRequest"});
}

TEST_CASE("where one chat API does not exist the other is asked, and remembered for that gateway") {
    Bench bench;
    bench.work.api = config::Api::automatic;
    Heard first, second;
    auto call = bench.ask(first);
    CHECK(bench.http.last().request.url.ends_with("/chat/completions"));
    const int way = GENERATE(range(0, 4));
    switch (way) {
        case 0: bench.http.last().answer(404, kNoRoute); break;
        case 1: bench.http.last().answer(405, ""); break;
        case 2: bench.http.last().answer(404, "404 page not found"); break;
        default:
            bench.http.last().answer(200, "<!doctype html><title>Portal</title>",
                                     {{"Content-Type", "text/html"}});
    }
    CAPTURE(way);
    REQUIRE(bench.http.count() == 2);
    CHECK(bench.http.last().request.url.ends_with("/responses"));
    bench.http.last().answer(200, response("Hi"), event_stream());
    CHECK(first.lines == Lines{"began work/m", "text Hi", "completed stop"});
    CHECK(first.last<gateway::Completed>().route == "responses");

    auto question = bench.question();
    question.chain = {bench.model("other-model")};
    call = bench.ask(second, std::move(question));
    CHECK(bench.http.last().request.url.ends_with("/responses"));
}

TEST_CASE("the chat API is not left for reasons that are no missing endpoint") {
    Bench bench;
    bench.work.api = config::Api::automatic;
    bench.work.retry_attempts = 0;
    Heard heard;
    const auto call = bench.ask(heard);
    bench.http.last().answer(GENERATE(401, 402, 429, 500, 502, 503), "");
    CHECK(heard.ended());
    CHECK(bench.http.count() == 1);
}

TEST_CASE("a configured API is not changed") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    bench.http.last().answer(404, kNoRoute);
    CHECK(heard.lines == Lines{"began work/m", "failed badResponse"});
    CHECK(bench.http.count() == 1);
}

TEST_CASE("where neither API exists the first refusal is told, and nothing is learned") {
    Bench bench;
    bench.work.api = config::Api::automatic;
    Heard first, second;
    auto call = bench.ask(first);
    bench.http.last().answer(404, kNoRoute);
    bench.http.last().answer(405, "");
    CHECK(first.lines == Lines{"began work/m", "failed badResponse"});
    CHECK(first.error().http_status == 404);
    CHECK(bench.http.count() == 2);
    call = bench.ask(second);
    CHECK(bench.http.last().request.url.ends_with("/chat/completions"));
}

TEST_CASE("a cache key goes only to gateways that are known to take one, until they refuse it") {
    Bench bench;
    auto question = bench.question();
    question.request.prompt_cache_key = "document";
    Heard heard;
    auto call = bench.ask(heard, question);
    CHECK_FALSE(bench.body(0).contains("prompt_cache_key"));

    bench.work.prompt_cache_key = true;
    bench.work.api = GENERATE(config::Api::chat, config::Api::responses);
    question.chain = {bench.model()};
    call = bench.ask(heard, question);
    CHECK(bench.body(1).at("prompt_cache_key") == "document");
    bench.http.last().answer(400, refusal("Unknown parameter: 'prompt_cache_key'."));
    REQUIRE(bench.http.count() == 3);
    CHECK_FALSE(bench.body(2).contains("prompt_cache_key"));

    gateway::FillCall hole{
        .purpose = {}, .model = bench.model("codestral"), .route = "mistral-fim", .request = {}};
    hole.request.prefix = "a";
    hole.request.prompt_cache_key = "document";
    call = bench.gateway.fill(hole, heard.sink());
    bench.clock.settle();
    CHECK(bench.body(3).at("prompt_cache_key") == "document");
    bench.work.prompt_cache_key = false;
    hole.model = bench.model("codestral");
    call = bench.gateway.fill(hole, heard.sink());
    bench.clock.settle();
    CHECK_FALSE(bench.body(4).contains("prompt_cache_key"));
}

TEST_CASE("a completion that asks for no reasoning is sent again without when that is refused") {
    Bench bench;
    bench.work.reasoning_switch = "template";
    auto question = bench.question();
    question.chain = {bench.model("qwen3-8b")};
    question.request.sampling.avoid_reasoning = true;
    question.policy.background = true;
    Heard heard;
    auto call = bench.ask(heard, question);
    CHECK(bench.body(0).at("chat_template_kwargs") == Json{{"enable_thinking", false}});
    bench.http.last().answer(422, R"({"detail":[{"loc":["body","chat_template_kwargs"],)"
                                  R"("msg":"Extra inputs are not permitted"}]})");
    REQUIRE(bench.http.count() == 2);
    CHECK_FALSE(bench.body(1).contains("chat_template_kwargs"));
    bench.http.last().answer(200, whole("x"), event_stream());
    CHECK(heard.last<gateway::Completed>().notes == Lines{"chat_template_kwargs left out"});
    call = bench.ask(heard, question);
    CHECK_FALSE(bench.body(2).contains("chat_template_kwargs"));
}
