// A request's way in time: debounce, supersede, cancel, one answer.

#include "tests/unit/completion/engine_bench.h"

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Outcome = completion::TrailEntry::Outcome;

namespace {

const std::string kFile = "int add(int a, int b) {\n    return |\n}\n";

}  // namespace

TEST_CASE("an automatic request waits for exactly the debounce") {
    EngineBench bench;
    bench.settings.completion.debounce_ms = 75;
    const auto asked = bench.ask(EngineBench::typed(kFile));
    bench.clock.advance(Milliseconds{74});
    CHECK(bench.http.count() == 0);
    CHECK(bench.engine.in_flight() == 0);
    bench.clock.advance(Milliseconds{1});
    REQUIRE(bench.http.count() == 1);
    CHECK(bench.engine.in_flight() == 1);
    bench.answer("a + b;");
    CHECK(asked->text() == "a + b;");
    CHECK(bench.engine.in_flight() == 0);
    CHECK(bench.trail().at(0).debounce == Milliseconds{75});
}

TEST_CASE("an invoked request does not wait") {
    EngineBench bench;
    bench.settings.completion.debounce_ms = 10'000;
    const auto asked = bench.ask(EngineBench::request(kFile));
    CHECK(bench.http.count() == 0);  // never from inside request()
    bench.clock.settle();
    CHECK(bench.http.count() == 1);
    CHECK(bench.trail().empty());
}

TEST_CASE("a newer request ends the older one of its document from inside request()") {
    EngineBench bench;
    const int stage = GENERATE(0, 1, 2, 3);  // waiting, asked, head came, text came
    CAPTURE(stage);
    const auto older = bench.ask(EngineBench::typed(kFile));
    if (stage >= 1) bench.clock.advance(Milliseconds{75});
    if (stage >= 2) bench.http.last().head(200, event_stream());
    if (stage >= 3) bench.http.last().bytes(chunk("a +"));
    const auto newer =
        bench.ask(EngineBench::request(kFile, GENERATE("file:///p/a.cpp", "file:///p/%61.cpp")));
    REQUIRE(older->answered());
    CHECK(older->result().superseded);
    CHECK(older->result().items.empty());
    CHECK_FALSE(older->result().failure);
    CHECK(bench.trail().at(0).outcome == Outcome::superseded);
    bench.clock.settle();
    CHECK(bench.http.open() == 1);  // the one that is under way serves the newer one
    if (stage >= 2) {
        bench.http.last().bytes(chunk(stage == 2 ? "a + b;" : " b;") + finish() + kDone);
    } else {
        bench.answer("a + b;");
    }
    CHECK(newer->text() == "a + b;");
    CHECK(bench.http.count() == 1);
    older->ticket.reset();
    CHECK(bench.order == Lines{"1 superseded", "2 answered"});
    CHECK(bench.engine.in_flight() == 0);
}

TEST_CASE("of a burst only the last is asked, and all are told in order") {
    EngineBench bench;
    std::vector<std::shared_ptr<EngineBench::Asked>> burst;
    for (int i = 0; i < 10; ++i) {
        burst.push_back(bench.ask(EngineBench::typed(kFile)));
        bench.clock.advance(Milliseconds{20});
    }
    bench.clock.advance(Milliseconds{75});
    REQUIRE(bench.http.count() == 1);
    bench.answer("a + b;");
    CHECK(burst.back()->text() == "a + b;");
    CHECK(bench.order == Lines{"1 superseded", "2 superseded", "3 superseded", "4 superseded", "5 superseded",
                               "6 superseded", "7 superseded", "8 superseded", "9 superseded",
                               "10 answered"});
}

TEST_CASE("requests of two documents do not know each other") {
    EngineBench bench;
    const auto one = bench.ask(kFile);
    const auto other = bench.ask(EngineBench::request(kFile, "file:///p/b.cpp"));
    bench.clock.settle();
    REQUIRE(bench.http.count() == 2);
    CHECK(bench.engine.in_flight() == 2);
    bench.http.at(1).answer(200, whole("b + a;"), event_stream());
    bench.http.at(0).answer(200, whole("a + b;"), event_stream());
    CHECK(one->text() == "a + b;");
    CHECK(other->text() == "b + a;");
}

TEST_CASE("a dropped ticket is never answered, and the transfer closes when nobody comes back") {
    EngineBench bench;
    const int stage = GENERATE(0, 1, 2, 3);
    CAPTURE(stage);
    const auto asked = bench.ask(EngineBench::typed(kFile));
    if (stage >= 1) bench.clock.advance(Milliseconds{75});
    if (stage >= 2) bench.http.last().head(200, event_stream());
    if (stage >= 3) bench.http.last().bytes(chunk("a +"));
    asked->ticket.reset();
    bench.clock.advance(Milliseconds{500});
    CHECK(bench.http.open() == 0);
    CHECK(bench.engine.in_flight() == 0);
    bench.clock.advance(std::chrono::minutes{1});
    CHECK_FALSE(asked->answered());
    REQUIRE(bench.trail().size() == 1);
    CHECK(bench.trail().at(0).outcome == Outcome::cancelled);
    CHECK(bench.http.count() == (stage == 0 ? 0U : 1U));
}

TEST_CASE("a ticket may be dropped inside its answer, after it, and after the engine") {
    EngineBench bench;
    std::unique_ptr<completion::Engine::Ticket> inside;
    int answers = 0;
    auto request = EngineBench::request(kFile);
    request.config = std::make_shared<config::Effective>(bench.settings);
    inside = bench.engine.request(request, [&](const completion::InlineResult&) {
        ++answers;
        inside.reset();
    });
    bench.clock.settle();
    bench.answer("a + b;");
    CHECK(answers == 1);
    CHECK(bench.trail().size() == 1);

    auto engine = std::make_unique<completion::Engine>(bench.clock, bench.gateway, bench.sources);
    auto late = engine->request(request, [&](const completion::InlineResult&) { ++answers; });
    bench.clock.settle();
    engine.reset();
    CHECK(bench.http.open() == 0);
    late.reset();
    bench.clock.advance(std::chrono::minutes{1});
    CHECK(answers == 1);
}

TEST_CASE("the answer may ask again from inside") {
    EngineBench bench;
    std::unique_ptr<completion::Engine::Ticket> first, second;
    int superseded = 0, answers = 0;
    auto request = EngineBench::request(kFile);
    request.config = std::make_shared<config::Effective>(bench.settings);
    first = bench.engine.request(request, [&](const completion::InlineResult& result) {
        superseded += result.superseded ? 1 : 0;
        second = bench.engine.request(request, [&](const completion::InlineResult&) { ++answers; });
    });
    bench.clock.settle();
    bench.answer("a + b;");
    bench.clock.settle();  // the second is answered from memory
    CHECK(superseded == 0);
    CHECK(answers == 1);
}

TEST_CASE("activity is told when it changes") {
    EngineBench bench;
    std::vector<int> seen;
    bench.engine.on_activity = [&] { seen.push_back(bench.engine.in_flight()); };
    const auto asked = bench.ask(kFile);
    bench.answer("a + b;");
    CHECK(seen == std::vector{1, 0});
}

TEST_CASE("a time-out gives what is usable, or says that nothing came") {
    EngineBench bench;
    bench.settings.completion.timeout_ms = 1000;
    const auto asked = bench.ask(kFile);
    const std::string said = GENERATE("", "a + ", "a +\n        b + ", "<think>hm");
    CAPTURE(said);
    if (!said.empty()) bench.say({said});
    bench.clock.advance(Milliseconds{999});
    CHECK_FALSE(asked->answered());
    bench.clock.advance(Milliseconds{1});
    CHECK(bench.http.open() == 0);
    if (said.starts_with("a")) {
        CHECK(asked->text() == "a +");
        CHECK_FALSE(asked->result().failure);
    } else {
        CHECK(asked->result().items.empty());
        REQUIRE(asked->result().failure);
        CHECK(asked->result().failure->kind == ErrorKind::timeout);
        CHECK(bench.trail().at(0).outcome == Outcome::failed);
    }
    CHECK_THAT(bench.steps(), ContainsSubstring("completion.timeoutMs"));
    CHECK(bench.trail().at(0).total == Milliseconds{1000});
}

TEST_CASE("the line that is wanted is shown as soon as it is whole") {
    EngineBench bench;
    const auto asked = bench.ask("int x = foo(|bar);\n");
    bench.say({"a", ", "});
    CHECK_FALSE(asked->answered());
    bench.http.last().bytes(chunk("\nmore"));
    CHECK(asked->text() == "a, ");
    bench.clock.advance(Milliseconds{300});
    CHECK(bench.http.open() == 0);
    CHECK_THAT(bench.steps(), ContainsSubstring("stop: "));
}

TEST_CASE("an answer that runs into the following line is stopped there") {
    EngineBench bench;
    const auto asked = bench.ask("int f() {\n    |\n    return 1;\n}\n");
    bench.say({"g();"});
    CHECK_FALSE(asked->answered());
    bench.http.last().bytes(chunk("\n    return 1;\n}\n"));
    CHECK(asked->text() == "g();");
    bench.clock.advance(Milliseconds{300});
    CHECK(bench.http.open() == 0);
}

TEST_CASE("a model that never stops is stopped") {
    EngineBench bench;
    const auto asked = bench.ask(kFile);
    bench.say({});
    for (int i = 0; i < 100 && !asked->answered(); ++i)
        bench.http.last().bytes(chunk(std::string(1024, 'a')));
    REQUIRE(asked->answered());
    CHECK(bench.http.open() == 0);
}

TEST_CASE("the trail is newest first, of one document or all, and bounded") {
    EngineBench bench;
    bench.settings.completion.enabled = false;
    for (int i = 0; i < 250; ++i) {
        const auto asked =
            bench.ask(EngineBench::request("|", i % 2 == 0 ? "file:///p/a.cpp" : "file:///p/b.cpp"));
        bench.clock.advance(Milliseconds{1});
        CHECK(asked->answered());
    }
    CHECK(bench.trail(1000).size() == 200);
    CHECK(bench.trail(3).size() == 3);
    CHECK(bench.trail(0).empty());
    CHECK(bench.trail(3).at(0).time > bench.trail(3).at(1).time);
    const auto one = bench.engine.trail("file:///p/%61.cpp", 1000);
    CHECK(one.size() == 100);
    CHECK(one.at(0).uri == "file:///p/a.cpp");
    CHECK(bench.engine.trail("file:///p/c.cpp", 10).empty());
}

TEST_CASE("what the editor tells is kept with its suggestion, unknown ids are not") {
    EngineBench bench;
    const auto asked = bench.ask(kFile);
    bench.answer("a + b;");
    const std::string id = asked->result().items.at(0).id;
    bench.engine.shown(id);
    bench.engine.partially_accepted(id, 3);
    bench.engine.accepted(id);
    bench.engine.accepted("unknown");
    CHECK_THAT(bench.steps(),
               Catch::Matchers::EndsWith("editor: shown; editor: accepted up to byte 3; editor: accepted; "));
    for (int i = 0; i < 1000; ++i) bench.engine.shown(id);
    CHECK(bench.trail().at(0).steps.size() <= 100);
}
