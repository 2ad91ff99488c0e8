// Ahead of the user: what follows a suggestion is asked for before it is accepted, where that is allowed.

#include "tests/unit/completion/engine_bench.h"

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string kFile = "void f() {\n    first();\n    |\n    last();\n}\n";

struct Ahead : EngineBench {
    Ahead() {
        config::Provider provider = work;
        provider.local = true;
        provide(provider);
    }
    Typist typist{*this, kFile};
    /// Shows "second();".
    std::shared_ptr<Asked> show() {
        auto asked = typist.invoke();
        answer("second();");
        REQUIRE(asked->text() == "second();");
        clock.settle();
        return asked;
    }
};

}  // namespace

TEST_CASE("what follows a shown suggestion is asked for where that costs nothing or the user allowed it") {
    Ahead bench;
    const auto [local, allowed, asked] = GENERATE(table<bool, std::string, bool>(
        {{true, "local", true}, {false, "local", false}, {false, "always", true}, {true, "never", false}}));
    CAPTURE(local, allowed);
    config::Provider provider = bench.work;
    provider.local = local;
    bench.provide(provider);
    bench.settings.completion.look_ahead = allowed;
    bench.show();
    CHECK(bench.http.count() == (asked ? 2U : 1U));
    if (!asked) return;
    CHECK_THAT(bench.body(1)["messages"].back()["content"].get<std::string>(),
               ContainsSubstring("second();<CURSOR/>"));
    CHECK_THAT(bench.steps(), ContainsSubstring("look-ahead"));
}

TEST_CASE("after accepting, what was asked for ahead is there at once") {
    Ahead bench;
    bench.show();
    bench.answer("\n    third();");
    bench.typist.change("second();");
    const auto next = bench.typist.type("\n    ");
    REQUIRE(next->answered());
    CHECK(next->text() == "third();");
    CHECK(bench.http.count() >= 2);
}

TEST_CASE("one that is under way when the suggestion is accepted answers the next request") {
    Ahead bench;
    bench.show();
    bench.typist.change("second();");
    CHECK(bench.http.open() == 1);
    const auto next = bench.typist.type("\n    ");
    CHECK_FALSE(next->answered());
    bench.answer("\n    third();");
    CHECK(next->text() == "third();");
}

TEST_CASE("typing along the suggestion keeps it, typing something else ends it") {
    Ahead bench;
    bench.show();
    REQUIRE(bench.http.open() == 1);
    bench.typist.type("sec");
    CHECK(bench.http.open() == 1);
    bench.typist.type("x");
    CHECK(bench.http.at(1).closed());
}

TEST_CASE("it does not look further ahead by itself") {
    Ahead bench;
    bench.show();
    bench.answer("\n    third();");
    bench.clock.advance(std::chrono::minutes{1});
    CHECK(bench.http.count() == 2);
}
