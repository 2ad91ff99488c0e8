// The guard: asked before anything is sent that costs money, and obeyed.
#include "server/upstream/gateway/guard.h"

#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;

namespace {

/// Answers when the test says so.
struct SlowGuard final : gateway::Guard {
    struct Held final : Ticket {
        explicit Held(int& count) : open{count} { ++open; }
        ~Held() override { --open; }
        Held(const Held&) = delete;
        Held& operator=(const Held&) = delete;
        int& open;
    };
    std::unique_ptr<Ticket> admit(gateway::Outlay outlay, Answer answer) override {
        asked.push_back(std::move(outlay));
        answers.push_back(std::move(answer));
        return std::make_unique<Held>(open);
    }
    std::optional<Error> barred(const config::Effective&, const config::ModelRef&) override {
        ++looks;
        return Error{.kind = ErrorKind::over_budget};
    }
    void answer(std::optional<Error> refusal = std::nullopt) {
        const auto give = std::move(answers.back());
        answers.pop_back();
        give(std::move(refusal));
    }

    std::vector<gateway::Outlay> asked;
    std::vector<Answer> answers;
    int open = 0, looks = 0;
};

struct Guarded {
    Bench bench{};
    SlowGuard guard{};
    std::shared_ptr<config::Effective> config = std::make_shared<config::Effective>();

    Guarded() {
        config->budgets = {{.tokens = 10, .setting = "budget"}};
        bench.gateway.guard_with(guard);
    }
    gateway::ChatCall question(const std::vector<std::string>& models = {"m"}) const {
        auto call = bench.question();
        call.purpose = {.role = "chat", .config = config};
        call.chain.clear();
        for (const auto& model : models) call.chain.push_back(bench.model(model));
        return call;
    }
};

const Error kRefused{.kind = ErrorKind::over_budget, .message = "spent", .provider = "work"};

}  // namespace

TEST_CASE("nothing is sent, and no key fetched, before the guard has said so") {
    Guarded g;
    g.bench.work.key = {.kind = config::KeySource::Kind::command, .command = {"pass"}};
    Heard heard;
    const auto call = g.bench.ask(heard, g.question());
    REQUIRE(g.guard.asked.size() == 1);
    CHECK(g.guard.asked[0].prompt_tokens > 0);
    CHECK_FALSE(g.guard.asked[0].background);
    CHECK(g.bench.runner.waiting.empty());
    g.guard.answer();
    CHECK(g.guard.open == 0);
    REQUIRE(g.bench.runner.waiting.size() == 1);
    g.bench.runner.finish("sk-live-1\n");
    g.bench.clock.settle();
    g.bench.http.last().answer(200, whole("Hi"), event_stream());
    CHECK(heard.ended());
}

TEST_CASE("a refusal is the end, with the guard's own error: no retry, no fallback, no receipt") {
    Guarded g;
    int receipts = 0;
    g.bench.gateway.on_receipt([&](const gateway::Receipt&) { ++receipts; });
    Heard heard;
    const auto call = g.bench.ask(heard, g.question({"a", "b"}));
    g.guard.answer(kRefused);
    REQUIRE(heard.ended());
    CHECK(heard.error().kind == ErrorKind::over_budget);
    CHECK(heard.error().message == "spent");
    CHECK(g.guard.asked.size() == 1);
    CHECK(g.bench.http.count() == 0);
    CHECK(receipts == 0);
}

TEST_CASE("a call that is let go takes its question back, also from inside its end") {
    Guarded g;
    Heard heard;
    auto call = g.bench.ask(heard, g.question());
    SECTION("while it waits") {
        call.reset();
        CHECK(g.guard.open == 0);
        CHECK_FALSE(heard.ended());
    }
    SECTION("when it is refused") {
        heard.also = [&](const gateway::Event& event) {
            if (std::holds_alternative<gateway::Failed>(event)) call.reset();
        };
        g.guard.answer(kRefused);
        CHECK(heard.ended());
    }
}

TEST_CASE("what was allowed is tried again without a question; another model is another question") {
    Guarded g;
    g.bench.work.retry_attempts = 1;
    Heard heard;
    const auto call = g.bench.ask(heard, g.question({"a", "b"}));
    g.guard.answer();
    g.bench.http.last().answer(503, "");
    g.bench.clock.advance(Milliseconds{60'000});
    REQUIRE(g.bench.http.count() == 2);
    CHECK(g.guard.asked.size() == 1);
    g.bench.http.last().answer(503, "");
    REQUIRE(g.guard.asked.size() == 2);
    CHECK(g.guard.asked[1].model.id() == "work/b");
    CHECK(g.guard.asked[1].purpose.consent == g.guard.asked[0].purpose.consent);
    CHECK(g.bench.http.count() == 2);
    g.guard.answer();
    g.bench.http.last().answer(200, whole("Hi"), event_stream());
    CHECK(heard.ended());
}

TEST_CASE("without a budget, or without somebody to pay, the guard is not asked") {
    Guarded g;
    Heard heard;
    auto free = g.question();
    SECTION("no budget") { g.config->budgets.clear(); }
    SECTION("no purpose") { free.purpose.config = nullptr; }
    const auto call = g.bench.ask(heard, std::move(free));
    CHECK(g.guard.asked.empty());
    CHECK(g.bench.http.count() == 1);
    g.config->budgets.clear();
    CHECK_FALSE(g.bench.gateway.barred(*g.config, g.bench.model()));
    CHECK(g.guard.looks == 0);
}

TEST_CASE("embeddings ask, lists of models do not") {
    Guarded g;
    std::optional<bool> ended;
    auto call = g.bench.gateway.embed({.role = "embedding", .config = g.config}, g.bench.model("e"), {"one"},
                                      [&](const auto& result) { ended = result.ok(); });
    g.bench.clock.settle();
    REQUIRE(g.guard.asked.size() == 1);
    CHECK(g.guard.asked[0].model.id() == "work/e");
    CHECK(g.guard.asked[0].prompt_tokens > 0);
    CHECK(g.bench.http.count() == 0);
    SECTION("refused") {
        g.guard.answer(kRefused);
        CHECK(ended == false);
        CHECK(g.bench.http.count() == 0);
    }
    SECTION("let go") {
        call.reset();
        CHECK(g.guard.open == 0);
        CHECK_FALSE(ended);
    }
    SECTION("sent") {
        g.guard.answer();
        CHECK(g.bench.http.count() == 1);
    }
    const auto provider = std::make_shared<config::Provider>(g.bench.work);
    const auto list = g.bench.gateway.models(provider, [](const auto&) {});
    g.bench.clock.settle();
    CHECK(g.guard.asked.size() == 1);
}
