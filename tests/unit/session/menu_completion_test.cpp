// Suggestions in the completion menu, for editors without ghost text.
#include "tests/unit/session/bench.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;

namespace {

const std::string kUri = "file:///p/a.cpp";

/// A session that offers the menu (or not), with one open file.
struct Menu : test::SessionBench {
    Json capabilities;

    explicit Menu(bool on = true, const std::string& text = "int f() {\n    ret\n}\n") {
        request("init", "initialize",
                {{"capabilities", Json::object()},
                 {"initializationOptions", {{"completion", {{"menu", on}, {"debounceMs", 0}}}}}});
        capabilities = responses("init").at(0)["result"]["capabilities"];
        notify("initialized");
        notify("textDocument/didOpen",
               {{"textDocument", {{"uri", kUri}, {"languageId", "cpp"}, {"version", 1}, {"text", text}}}});
        clock.settle();
        static_cast<void>(sent());
    }
    void ask(int id, int line = 1, int character = 7) {
        request(
            id, "textDocument/completion",
            {{"textDocument", {{"uri", kUri}}}, {"position", {{"line", line}, {"character", character}}}});
        clock.settle();
    }
    /// What the model says to the last request, with the answer to the request `id`.
    Json answer(int id, const std::string& text) {
        const Json message{{"message", {{"content", text}}}, {"finish_reason", "stop"}};
        http.last().answer(200, Json{{"choices", Json::array({message})}}.dump(),
                           {{"Content-Type", "application/json"}});
        clock.settle();
        const auto answers = responses(id);
        REQUIRE(answers.size() == 1);
        return answers[0]["result"];
    }
};

}  // namespace

TEST_CASE("the menu is offered where completion.menu says so") {
    CHECK(Menu{true}.capabilities["completionProvider"] == Json::object());
    CHECK_FALSE(Menu{false}.capabilities.contains("completionProvider"));
}

TEST_CASE("without completion.menu the menu stays empty and nobody is asked") {
    Menu menu{false};
    menu.ask(1);
    const auto answers = menu.responses(1);
    REQUIRE(answers.size() == 1);
    CHECK(answers[0]["result"] == nullptr);
    CHECK(menu.http.count() == 0);
}

TEST_CASE("a menu item begins with the word under way") {
    Menu menu;
    menu.ask(1);
    const Json list = menu.answer(1, "urn 1;");
    CHECK(list["isIncomplete"] == true);
    REQUIRE(list["items"].size() == 1);
    const Json& item = list["items"][0];
    CHECK(item["label"] == "return 1;");
    CHECK(item["filterText"] == "return 1;");
    CHECK(item["textEdit"]["newText"] == "return 1;");
    CHECK(item["textEdit"]["range"]["start"] == Json{{"line", 1}, {"character", 4}});
    CHECK(item["textEdit"]["range"]["end"] == Json{{"line", 1}, {"character", 7}});
}

TEST_CASE("without a word under way a menu item begins at the cursor") {
    Menu menu{true, "int f() {\n    return \n}\n"};
    menu.ask(1, 1, 11);
    const Json list = menu.answer(1, "1;");
    REQUIRE(list["items"].size() == 1);
    CHECK(list["items"][0]["textEdit"]["newText"] == "1;");
    CHECK(list["items"][0]["textEdit"]["range"]["start"] == Json{{"line", 1}, {"character", 11}});
}

TEST_CASE("a word beyond ASCII is covered in the editor's units") {
    Menu menu{true, "int f() {\n    x = grö\n}\n"};
    menu.ask(1, 1, 11);
    const Json list = menu.answer(1, "ße;");
    REQUIRE(list["items"].size() == 1);
    CHECK(list["items"][0]["label"] == "größe;");
    CHECK(list["items"][0]["textEdit"]["range"]["start"] == Json{{"line", 1}, {"character", 8}});
}

TEST_CASE("a menu with nothing to say is an empty list") {
    Menu menu;
    menu.ask(1);
    CHECK(menu.answer(1, "")["items"] == Json::array());
}

TEST_CASE("a menu asked for again ends the one before") {
    Menu menu;
    menu.ask(1);
    menu.ask(2);
    const auto sent = menu.responses(1);
    REQUIRE(sent.size() == 1);
    CHECK(sent[0]["error"]["code"] == -32800);
    CHECK(menu.answer(2, "urn 2;")["items"].size() == 1);
}

TEST_CASE("a menu item that was accepted is known by its id") {
    Menu menu;
    menu.ask(1);
    const Json command = menu.answer(1, "urn 1;")["items"][0]["command"];
    menu.request(2, "workspace/executeCommand",
                 {{"command", command["command"]}, {"arguments", command["arguments"]}});
    CHECK(menu.responses(2).size() == 1);
    const auto trail = menu.completion.trail({}, 1);
    REQUIRE(trail.size() == 1);
    REQUIRE_FALSE(trail[0].steps.empty());
    CHECK(trail[0].steps.back().detail.find("accepted") != std::string::npos);
}

TEST_CASE("a menu asked for without a place names what is missing") {
    Menu menu;
    menu.request(1, "textDocument/completion", {{"textDocument", {{"uri", kUri}}}});
    const auto answers = menu.responses(1);
    REQUIRE(answers.size() == 1);
    CHECK(answers[0]["error"]["code"] == -32602);
    CHECK(answers[0]["error"]["message"].get<std::string>().find("position") != std::string::npos);
}
