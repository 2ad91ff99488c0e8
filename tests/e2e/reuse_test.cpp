// What was paid for is used, through the real binary: typing through, joining, keeping what comes behind.
#include "tests/e2e/setup.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int kRequestCancelled = -32800;
const std::string kText = "void f() {\n    first();\n    \n    last();\n}\n";
constexpr int kLine = 2;

/// Somebody who types on line 2, as VS Code tells it: the change, then a cancel, then a new request.
struct Typing : Session {
    explicit Typing(const std::string& dialect = "opencodex", const Json& config = Json::object())
        : Session{dialect, config}, uri{editor.uri("a.cpp")} {
        editor.open(uri, "cpp", kText);
    }
    int ask(int trigger = 2) { return editor.inline_completion(uri, line, column, trigger); }
    void type(const std::string& text) {
        const Json at{{"line", line}, {"character", column}};
        const Json change{{"range", {{"start", at}, {"end", at}}}, {"text", text}};
        editor.notify("textDocument/didChange", did_change(uri, ++version, Json::array({change})));
        for (const char c : text) {
            column = c == '\n' ? 0 : column + 1;
            if (c == '\n') ++line;
        }
    }
    /// The first item's text, or nothing.
    std::string shown(int id) {
        const Json result = editor.result(id);
        return result["items"].empty() ? "" : result["items"][0]["insertText"].get<std::string>();
    }
    Json newest() { return editor.call("dragoman/trail", {{"limit", 1}})["entries"][0]; }

    std::string uri;
    int line = kLine, column = 4, version = 1;
};

}  // namespace

TEST_CASE("typing through a suggestion asks nobody") {
    Typing t;
    t.gateway.answer(Script::answer("second(1, 2);"));
    CHECK(t.shown(t.ask(1)) == "second(1, 2);");
    std::string rest = "second(1, 2);";
    while (rest.size() > 1) {
        t.type(rest.substr(0, 1));
        rest.erase(0, 1);
        CHECK(t.shown(t.ask()) == rest);
        CHECK(t.newest()["source"] == "cache");
    }
    CHECK(t.gateway.journal().requests.size() == 1);
    t.editor.quit();
}

TEST_CASE("an answer under way serves the keystrokes that agree with it") {
    Typing t;
    t.gateway.answer(Script{}.text("sec").hold().text("ond();").finish());
    const int first = t.ask();
    t.gateway.wait_held();
    t.type("s");
    t.editor.cancel(first);
    const int second = t.ask();
    t.type("e");
    t.editor.cancel(second);
    const int third = t.ask();
    t.editor.call("dragoman/config");  // all that was taken
    t.gateway.release();
    CHECK(t.shown(third) == "cond();");
    CHECK(t.editor.error(first)["code"] == kRequestCancelled);
    CHECK(t.editor.error(second)["code"] == kRequestCancelled);
    CHECK(t.newest()["source"] != "upstream");  // in flight, or from memory where it had just ended
    CHECK(t.gateway.journal().requests.size() == 1);
    t.editor.quit();
}

TEST_CASE("one that disagrees is closed before anybody asks again") {
    Typing t;
    t.gateway.answer(Script{}.text("second").hold().text("();").finish());
    t.gateway.answer(Script::answer("();"));
    const int first = t.ask(1);
    t.gateway.wait_held();
    t.editor.call("dragoman/config");
    t.type("third");
    CHECK(t.gateway.ended(0).fate == HttpRequest::Fate::client_closed);
    const int second = t.ask();
    CHECK(t.shown(second) == "();");
    CHECK(t.editor.error(first)["code"] == kRequestCancelled);
    t.editor.quit();
}

TEST_CASE("the next line is there once the first was accepted") {
    Typing t;
    t.gateway.answer(Script{}.text("second();\n").hold().text("    third();\n    fourth();").finish());
    const int first = t.ask(1);
    CHECK(t.shown(first) == "second();");  // while the gateway still holds
    t.gateway.release();
    t.gateway.ended(0);
    t.type("second();");
    t.editor.call("dragoman/config");
    t.type("\n    ");
    CHECK(t.shown(t.ask()) == "third();");
    t.type("third();\n    ");
    CHECK(t.shown(t.ask()) == "fourth();");
    CHECK(t.gateway.journal().requests.size() == 1);
    t.editor.quit();
}

TEST_CASE("what follows is asked for ahead where the user allows it, and told") {
    const std::string allowed = GENERATE("always", "local", "never");
    CAPTURE(allowed);
    Typing t{"opencodex", {{"completion", {{"lookAhead", allowed}}}}};
    t.gateway.answer(Script::answer("second();"));
    t.gateway.answer(Script::answer("\n    third();"));
    CHECK(t.shown(t.ask(1)) == "second();");
    if (allowed != "always") {
        t.editor.call("dragoman/config");
        CHECK(t.gateway.journal().requests.size() == 1);
        return t.editor.quit();
    }
    CHECK_THAT(t.gateway.ended(1).prompt_text(), ContainsSubstring("second();"));
    t.type("second();\n    ");
    CHECK(t.shown(t.ask()) == "third();");
    CHECK_THAT(t.editor.call("dragoman/trail", {{"limit", 5}}).dump(), ContainsSubstring("look-ahead"));
    t.editor.quit();
}

TEST_CASE("a repository cannot have requests made ahead") {
    Session s{"opencodex"};
    CHECK(s.editor.call("dragoman/config")["effective"]["completion"]["lookAhead"] == "never");
    s.editor.notify("workspace/didChangeConfiguration",
                    {{"settings", {{"dragoman", {{"completion", {{"lookAhead", "always"}}}}}}}});
    CHECK(s.editor.call("dragoman/config")["effective"]["completion"]["lookAhead"] == "never");
    s.editor.quit();
}
