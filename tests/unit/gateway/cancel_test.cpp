// Letting go of a call: at any moment, from anywhere, nothing is heard after it and nothing stays open.

#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;

namespace {

struct Stage {
    std::string name;
    std::function<void(Bench&)> reach;
};

const std::vector<Stage>& stages() {
    static const std::vector<Stage> all{
        {"before its first turn", [](Bench&) {}},
        {"waiting for the key", [](Bench& bench) { bench.clock.settle(); }},
        {"before the head",
         [](Bench& bench) {
             bench.clock.settle();
             bench.runner.finish("sk-live-0123456789abcdef\n");
             bench.clock.settle();
         }},
        {"after the head",
         [](Bench& bench) {
             stages()[2].reach(bench);
             bench.http.last().head(200, event_stream());
         }},
        {"in the body",
         [](Bench& bench) {
             stages()[3].reach(bench);
             bench.http.last().bytes(chunk("Hi"));
         }},
        {"waiting for usage",
         [](Bench& bench) {
             stages()[4].reach(bench);
             bench.http.last().bytes(finish());
         }},
        {"waiting to try again",
         [](Bench& bench) {
             stages()[2].reach(bench);
             bench.http.last().answer(500, "");
         }},
        {"after the end",
         [](Bench& bench) {
             stages()[4].reach(bench);
             bench.http.last().answer(200, "");
         }},
    };
    return all;
}

void use_key_command(Bench& bench) {
    bench.work.key = {.kind = config::KeySource::Kind::command, .command = {"pass", "work"}};
}

}  // namespace

TEST_CASE("a call that is let go is silent from then on and closes its connection") {
    Bench bench;
    use_key_command(bench);
    const auto& stage = stages().at(GENERATE(range(std::size_t{0}, std::size_t{7})));
    CAPTURE(stage.name);
    Heard heard;
    auto call = bench.gateway.chat(bench.question(), heard.sink());
    stage.reach(bench);
    const auto before = heard.lines;
    const auto sent = bench.http.count();
    call.reset();
    CHECK(bench.http.open() == 0);
    if (!bench.runner.waiting.empty()) bench.runner.finish("sk-live-0123456789abcdef\n");
    bench.clock.advance(Milliseconds{1'000'000});
    CHECK(heard.lines == before);
    CHECK(bench.http.count() == sent);
    CHECK(bench.clock.waiting() == 0);
}

TEST_CASE("a call may be let go inside its sink, at any event") {
    Bench bench;
    const std::size_t stop_at = GENERATE(range(std::size_t{1}, std::size_t{6}));
    CAPTURE(stop_at);
    auto heard = std::make_unique<Heard>();
    std::unique_ptr<gateway::Call> call;
    heard->also = [&](const gateway::Event&) {
        if (heard->lines.size() == stop_at) call.reset();
    };
    call = bench.gateway.chat(bench.question(), heard->sink());
    bench.clock.settle();  // 1: began
    if (stop_at > 1) {
        bench.http.last().answer(500, "");  // 2: retry
        bench.clock.advance(Milliseconds{500});
    }
    if (stop_at > 2) {
        bench.http.last().head(200, event_stream());
        bench.http.last().bytes(chunk("a") + chunk("b") + finish() + kDone);  // 3, 4: text; 5: completed
    }
    CHECK(heard->lines.size() == stop_at);
    CHECK(call == nullptr);
    bench.clock.advance(Milliseconds{1'000'000});
    CHECK(heard->lines.size() == stop_at);
    CHECK(bench.http.open() == 0);
}

TEST_CASE("a call may be let go inside the sink that hears its failure") {
    Bench bench;
    const int way = GENERATE(range(0, 4));
    CAPTURE(way);
    if (way == 0) bench.environment.clear();
    if (way == 1) bench.work.base_url = "";
    Heard heard;
    std::unique_ptr<gateway::Call> call;
    heard.also = [&](const gateway::Event& event) {
        if (std::holds_alternative<gateway::Failed>(event)) call.reset();
    };
    call = bench.gateway.chat(bench.question(), heard.sink());
    bench.clock.settle();
    if (way == 2) bench.http.last().answer(400, refusal("no"));
    if (way == 3) {
        bench.http.last().head(200, event_stream());
        bench.http.last().bytes(chunk("a"));
        bench.http.last().fail(http::Failure::What::reset);
    }
    CHECK(call == nullptr);
    CHECK(heard.ended());
    CHECK(bench.http.open() == 0);
}

TEST_CASE("a sink may begin another call") {
    Bench bench;
    Heard first, second;
    std::unique_ptr<gateway::Call> call, next;
    first.also = [&](const gateway::Event& event) {
        if (!std::holds_alternative<gateway::Completed>(event)) return;
        call.reset();
        next = bench.gateway.chat(bench.question(), second.sink());
    };
    call = bench.ask(first);
    bench.http.last().answer(200, whole("one"), event_stream());
    bench.clock.settle();
    REQUIRE(bench.http.count() == 2);
    bench.http.last().answer(200, whole("two"), event_stream());
    CHECK(second.lines == Lines{"began work/m", "text two", "completed stop"});
}

TEST_CASE("calls that wait for one key all get it") {
    Bench bench;
    use_key_command(bench);
    Heard first, second, third;
    auto one = bench.ask(first);
    auto two = bench.ask(second);
    const auto three = bench.ask(third);
    CHECK(bench.runner.waiting.size() == 1);
    two.reset();
    bench.runner.finish("sk-live-0123456789abcdef\n");
    bench.clock.settle();
    CHECK(bench.http.count() == 2);
    CHECK(second.lines == Lines{"began work/m"});
}

TEST_CASE("the gateway may go while answered responses are still ending") {
    Heard heard;
    {
        Bench bench;
        auto call = bench.ask(heard);
        bench.http.last().head(200, event_stream());
        bench.http.last().bytes(whole("Hi"));
        call.reset();
        CHECK(bench.http.open() == 1);
    }
    CHECK(heard.lines.back() == "completed stop");
}
