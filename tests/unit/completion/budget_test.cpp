// A budget that is spent: nothing is sent that nobody asked for, and what was paid for is still shown.
#include "server/upstream/gateway/guard.h"
#include "tests/unit/completion/engine_bench.h"

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Lets calls through that somebody asked for, and others while there is something left.
struct Purse final : gateway::Guard {
    explicit Purse(Clock& hands) : clock{hands} {}

    struct Held final : Ticket {
        Timer timer;
    };
    std::unique_ptr<Ticket> admit(gateway::Outlay outlay, Answer answer) override {
        auto ticket = std::make_unique<Held>();
        ticket->timer = clock.after(outlay.background ? Milliseconds{0} : thinking, [this, outlay, answer] {
            answer(outlay.background ? refusal() : std::nullopt);
        });
        return ticket;
    }
    std::optional<Error> barred(const config::Effective&, const config::ModelRef&) override {
        return known ? refusal() : std::nullopt;
    }
    std::optional<Error> refusal() const {
        if (!spent) return std::nullopt;
        return Error{.kind = ErrorKind::over_budget, .message = "today's budget is spent"};
    }

    Clock& clock;
    Milliseconds thinking{0};  // of the user who is asked
    bool spent = false, known = true;
};

struct Limited : EngineBench {
    Purse purse{clock};
    Typist typist{*this, "int x = |\n"};

    Limited() {
        settings.budgets = {{.tokens = 10, .setting = "budget"}};
        settings.completion.debounce_ms = 0;
        gateway.guard_with(purse);
    }
};

}  // namespace

TEST_CASE("a spent budget ends an automatic request without a call, with its reason in the trail") {
    Limited bench;
    bench.purse.spent = true;
    SECTION("known before the pause") { bench.purse.known = true; }
    SECTION("told when the call is about to be sent") { bench.purse.known = false; }
    const auto asked = bench.typist.type("f");
    bench.clock.advance(Milliseconds{1'000});
    REQUIRE(asked->answered());
    REQUIRE(asked->result().failure);
    CHECK(asked->result().failure->kind == ErrorKind::over_budget);
    CHECK(bench.http.count() == 0);
    CHECK_THAT(bench.steps(), ContainsSubstring("budget: today's budget is spent"));
}

TEST_CASE("what was paid for is shown though the budget is spent since") {
    Limited bench;
    const auto first = bench.typist.type("f");
    bench.clock.advance(Milliseconds{1'000});
    bench.answer("oo();");
    REQUIRE(first->text() == "oo();");
    bench.purse.spent = true;
    const auto next = bench.typist.type("o");
    CHECK(next->text() == "o();");
    CHECK(bench.http.count() == 1);
}

TEST_CASE("nothing is asked for ahead beyond a budget") {
    Limited bench;
    bench.settings.completion.look_ahead = "always";
    const auto first = bench.typist.invoke();
    bench.clock.settle();
    bench.purse.spent = true;
    bench.answer("foo();");
    REQUIRE(first->answered());
    bench.clock.advance(Milliseconds{1'000});
    CHECK(bench.http.count() == 1);
}

TEST_CASE("the time that the user takes to allow a call is not the model's") {
    Limited bench;
    bench.purse.thinking = std::chrono::minutes{5};
    const Milliseconds limit{bench.settings.completion.timeout_ms};
    const auto asked = bench.typist.invoke();
    bench.clock.advance(bench.purse.thinking);
    bench.clock.settle();
    REQUIRE(bench.http.count() == 1);
    bench.clock.advance(limit - Milliseconds{1});
    CHECK_FALSE(asked->answered());
    SECTION("an answer in its own time is shown") {
        bench.answer("foo();");
        CHECK(asked->text() == "foo();");
    }
    SECTION("none ends the request") {
        bench.clock.advance(Milliseconds{1});
        REQUIRE(asked->answered());
        REQUIRE(asked->result().failure);
        CHECK(asked->result().failure->kind == ErrorKind::timeout);
    }
}

TEST_CASE("a call that is tried again gets no more time for that") {
    Limited bench;
    bench.purse.thinking = std::chrono::minutes{5};
    const Milliseconds limit{bench.settings.completion.timeout_ms};
    const auto asked = bench.typist.invoke();
    bench.clock.advance(bench.purse.thinking);
    bench.clock.settle();
    bench.clock.advance(limit / 2);
    bench.http.last().answer(503, "");
    bench.clock.advance(limit / 2 - Milliseconds{1});
    REQUIRE(bench.http.count() > 1);
    CHECK_FALSE(asked->answered());
    bench.clock.advance(Milliseconds{2});
    REQUIRE(asked->answered());
    REQUIRE(asked->result().failure);
    CHECK(asked->result().failure->kind == ErrorKind::timeout);
}
