// Ghost text through the real binary: protocol section 5.
#include "tests/e2e/setup.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int kRequestCancelled = -32800;
const Json kNothing{{"items", Json::array()}};

const std::string kText = "int add(int a, int b) {\n    return \n}\n";
constexpr int kLine = 1, kColumn = 11;
const std::string kLineText = "    return ";

/// What the editor would show after the cursor at (`line`, `column`), for a line of ASCII text. Checks that
/// the item has the form that is safe in every client.
std::string ghost(const Json& item, int line, int column, const std::string& line_text) {
    const Json& range = item.at("range");
    CHECK(range["start"]["line"] == line);
    CHECK(range["end"] == Json{{"line", line}, {"character", column}});
    const auto from = range["start"]["character"].get<std::size_t>();
    const std::string covered = line_text.substr(from, static_cast<std::size_t>(column) - from);
    const auto text = item.at("insertText").get<std::string>();
    CHECK(text.substr(0, covered.size()) == covered);
    CHECK(text.find('\r') == std::string::npos);
    CHECK(item.at("command")["command"] == "dragoman.completionAccepted");
    CHECK(item.at("command")["arguments"].size() == 1);
    return text.substr(covered.size());
}

std::string ghost(const Json& result) {
    REQUIRE(result.at("items").size() >= 1);
    REQUIRE(result.at("items").size() <= 3);
    return ghost(result["items"][0], kLine, kColumn, kLineText);
}

struct Completion : Session {
    explicit Completion(const std::string& dialect = "opencodex", const Json& config = Json::object(),
                        const std::string& text = kText)
        : Session{dialect, config}, uri{editor.uri("a.cpp")} {
        editor.open(uri, "cpp", text);
    }
    int ask(int trigger = 1) { return editor.inline_completion(uri, kLine, kColumn, trigger); }
    void insert(int column, const std::string& text, int version) {
        const Json at{{"line", kLine}, {"character", column}};
        const Json change{{"range", {{"start", at}, {"end", at}}}, {"text", text}};
        editor.notify("textDocument/didChange", {{"textDocument", {{"uri", uri}, {"version", version}}},
                                                 {"contentChanges", Json::array({change})}});
    }
    std::string uri;
};

}  // namespace

TEST_CASE("every gateway's answer becomes ghost text at the cursor") {
    const std::string dialect = GENERATE("opencodex", "opeai", "generic", "open1", "openai", "llamacpp");
    CAPTURE(dialect);
    Completion c{dialect};
    c.gateway.answer(Script::answer("a + b;"));
    CHECK(ghost(c.editor.result(c.ask())) == "a + b;");
    const HttpRequest request = c.gateway.ended(0);
    CHECK(request.json["stream"] == true);
    CHECK_FALSE(request.header("User-Agent").empty());
    if (!c.gateway.key().empty()) CHECK(request.header("Authorization") == "Bearer " + c.gateway.key());
    CHECK_THAT(request.prompt_text(), ContainsSubstring("int add(int a, int b) {\n    return "));
    c.editor.quit();
}

TEST_CASE("a model that knows how to fill a hole is asked to") {
    Completion c{"llamacpp"};
    c.gateway.answer(Script::answer("a + b;"));
    CHECK(ghost(c.editor.result(c.ask())) == "a + b;");
    const HttpRequest request = c.gateway.request(0);
    CHECK(request.path() == "/infill");
    CHECK_THAT(request.json["input_prefix"].get<std::string>(), Catch::Matchers::EndsWith(kLineText));
    CHECK_THAT(request.json["input_suffix"].get<std::string>(), Catch::Matchers::StartsWith("\n}"));
}

TEST_CASE("what chat models add to code is taken away again") {
    struct Case {
        const char* said;
        const char* shown;
    };
    const Case one = GENERATE(Case{"a + b;", "a + b;"}, Case{"```cpp\na + b;\n```", "a + b;"},
                              Case{"    return a + b;", "a + b;"}, Case{"return a + b;", "a + b;"},
                              Case{"a + b;\n}", "a + b;"}, Case{"<think>hm</think>a + b;", "a + b;"});
    CAPTURE(one.said);
    Completion c;
    c.gateway.answer(Script::answer(one.said));
    CHECK(ghost(c.editor.result(c.ask())) == one.shown);
}

TEST_CASE("text that already follows the cursor is not suggested again") {
    Completion c{"opencodex", Json::object(), "int add(int a, int b) {\n    return ;\n}\n"};
    c.gateway.answer(Script::answer("a + b;"));
    CHECK(ghost(c.editor.result(c.ask())) == "a + b");
}

TEST_CASE("documents with CRLF and characters beyond one unit get their text in the right place",
          "[E61][F70]") {
    struct Case {
        const char* encoding;
        int column;
    };
    const Case one = GENERATE(Case{"utf-8", 17}, Case{"utf-16", 15}, Case{"utf-32", 14});
    Gateway gateway;
    TestEditor editor{options_for(gateway)};
    editor.initialize(
        {{"capabilities", {{"general", {{"positionEncodings", Json::array({one.encoding})}}}}}});
    editor.open(editor.uri("a.cpp"), "cpp", "void f() {\r\n    s = \"🐉\" + \r\n}\r\n");
    gateway.answer(Script::answer("name;\r\ng();"));
    const Json result = editor.result(editor.inline_completion(editor.uri("a.cpp"), 1, one.column));
    REQUIRE(result["items"].size() == 1);
    const Json& item = result["items"][0];
    CHECK(item["range"]["end"] == Json{{"line", 1}, {"character", one.column}});
    CHECK(item["insertText"].get<std::string>().find('\r') == std::string::npos);
    CHECK_THAT(gateway.request(0).prompt_text(), ContainsSubstring("s = \"🐉\" + "));
    editor.quit();
}

TEST_CASE("all dialects of the request are understood") {
    const Json context = GENERATE(Json{{"triggerKind", 0}}, Json{{"triggerKind", 1}},
                                  Json{{"triggerKind", 2}}, Json::object(), Json(nullptr));
    CAPTURE(context.dump());
    Completion c;
    c.gateway.answer(Script::answer("a + b;"));
    Json params{{"textDocument", {{"uri", c.uri}}}, {"position", {{"line", kLine}, {"character", kColumn}}}};
    if (!context.is_null()) params["context"] = context;
    CHECK(ghost(c.editor.call("textDocument/inlineCompletion", params)) == "a + b;");
}

TEST_CASE("with an entry selected in the menu the suggestion begins with it, or there is none") {
    const bool old_range = GENERATE(false, true);
    const bool fits = GENERATE(true, false);
    Completion c{"opencodex", Json::object(), "int add(int a, int b) {\n    retu\n}\n"};
    c.gateway.answer(Script::answer(fits ? "rn a + b;" : "xyz"));
    const Json start{{"line", 1}, {"character", 4}}, end{{"line", 1}, {"character", 8}};
    const Json range = old_range ? Json::array({start, end}) : Json{{"start", start}, {"end", end}};
    const Json result = c.editor.call(
        "textDocument/inlineCompletion",
        {{"textDocument", {{"uri", c.uri}}},
         {"position", end},
         {"context",
          {{"triggerKind", 2}, {"selectedCompletionInfo", {{"range", range}, {"text", "return"}}}}}});
    for (const Json& item : result["items"]) {
        CHECK(item["range"] == Json{{"start", start}, {"end", end}});
        CHECK_THAT(item["insertText"].get<std::string>(), Catch::Matchers::StartsWith("return"));
    }
    c.editor.quit();
}

TEST_CASE("nothing to say is an empty list, whatever the reason") {
    Completion c;
    const auto at = [&](const std::string& uri, int line, int column) {
        return c.editor.result(c.editor.inline_completion(uri, line, column));
    };
    SECTION("a document that was never opened") { CHECK(at(c.editor.uri("other.cpp"), 0, 0) == kNothing); }
    SECTION("a document that was closed") {
        c.editor.notify("textDocument/didClose", {{"textDocument", {{"uri", c.uri}}}});
        CHECK(at(c.uri, kLine, kColumn) == kNothing);
    }
    SECTION("a line beyond the text") { CHECK(at(c.uri, 1000, 0) == kNothing); }
    SECTION("an excluded file") {
        c.editor.open(c.editor.uri("app/.env"), "plaintext", "KEY=\n");
        CHECK(at(c.editor.uri("app/.env"), 0, 4) == kNothing);
    }
    SECTION("an older version") {
        c.insert(kColumn, "x", 7);
        CHECK(c.editor.call("textDocument/inlineCompletion",
                            {{"textDocument", {{"uri", c.uri}, {"version", 1}}},
                             {"position", {{"line", kLine}, {"character", kColumn}}}}) == kNothing);
    }
    CHECK(c.gateway.journal().requests.empty());
    c.editor.quit();
}

TEST_CASE("a model that has nothing to add shows nothing") {
    const std::string said = GENERATE("", " ", "\n", "```\n```");
    Completion c;
    c.gateway.answer(said.empty() ? Script{}.finish() : Script::answer(said));
    CHECK(c.editor.result(c.ask()) == kNothing);
}

TEST_CASE(
    "without configuration, key or luck upstream there is nothing to show, and a status that says why") {
    struct Case {
        const char* name;
        Json config;
        const char* refusal;
        const char* kind;
    };
    const Case one =
        GENERATE(Case{"unknown provider", {{"completion", {{"model", "nobody/m"}}}}, "", "notConfigured"},
                 Case{"no key", {{"providers", {{"gw", {{"key", {{"env", "UNSET_KEY"}}}}}}}}, "", "noKey"},
                 Case{"no money", Json::object(), "402", "insufficientBalance"},
                 Case{"wrong key", Json::object(), "401", "unauthorized"},
                 Case{"broken", Json::object(), "500", "upstreamUnavailable"});
    CAPTURE(one.name);
    const int trigger = GENERATE(1, 2);
    Completion c{"opencodex", one.config};
    if (*one.refusal != 0)
        c.gateway.answer_when(Gateway::to("POST", "/chat/completions"),
                              Script::refuse("opencodex", one.refusal));
    CHECK(c.editor.result(c.ask(trigger)) == kNothing);
    const Json status =
        c.editor.notification("dragoman/status", [](const Json& p) { return p.contains("error"); });
    CHECK(status["error"]["kind"] == one.kind);
    CHECK_FALSE(status["message"].get<std::string>().empty());
    if (trigger == 1) static_cast<void>(c.editor.notification("window/showMessage"));
    c.editor.quit();
    const auto shown = c.editor.received();
    CHECK(std::count_if(shown.begin(), shown.end(), [](const Json& message) {
              return message.value("method", "") == "window/showMessage";
          }) == (trigger == 1 ? 1 : 0));
}

TEST_CASE("a newer request answers the older one first, though nobody cancelled it", "[D53]") {
    Completion c;
    c.gateway.answer(Script{}.text("a +").hold().text(" b;").finish());
    const int older = c.ask();
    c.gateway.wait_held();
    const int newer = c.ask();
    CHECK(c.editor.error(older)["code"] == kRequestCancelled);
    CHECK_FALSE(c.editor.has_response(newer));
    c.gateway.release();
    CHECK_FALSE(c.editor.result(newer)["items"].empty());
    CHECK(c.editor.position_of_response(older) < c.editor.position_of_response(newer));
    c.editor.quit();
}

TEST_CASE("of ten requests in a row the last one is answered with text, the others before it", "[D54]") {
    Completion c;
    c.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script::answer("a + b;"));
    std::vector<int> ids;
    for (int i = 0; i < 10; ++i) ids.push_back(c.ask(2));
    CHECK(ghost(c.editor.result(ids.back())) == "a + b;");
    for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
        CHECK(c.editor.error(ids[i])["code"] == kRequestCancelled);
        CHECK(c.editor.position_of_response(ids[i]) < c.editor.position_of_response(ids.back()));
    }
    c.editor.quit();
}

TEST_CASE("requests for two documents do not disturb each other") {
    Completion c;
    const std::string other = c.editor.uri("b.cpp");
    c.editor.open(other, "cpp", kText);
    c.gateway.answer(Script{}.text("a +").hold().text(" b;").finish());
    const int first = c.ask();
    c.gateway.wait_held();
    c.gateway.answer(Script::answer("b + a;"));
    CHECK(ghost(c.editor.result(c.editor.inline_completion(other, kLine, kColumn))) == "b + a;");
    c.gateway.release();
    CHECK(ghost(c.editor.result(first)) == "a + b;");
    c.editor.quit();
}

TEST_CASE("a cancelled request is answered once, and cancelling again changes nothing", "[D50][D51][D52]") {
    Completion c;
    c.gateway.answer(Script{}.text("a").hold().finish());
    const int id = c.ask();
    c.gateway.wait_held();
    c.editor.cancel(id);
    c.editor.cancel(id);
    CHECK(c.editor.error(id)["code"] == kRequestCancelled);
    c.editor.cancel(id);
    c.gateway.release();
    c.editor.quit();
}

TEST_CASE("of a burst of automatic requests only the last reaches the gateway") {
    Completion c{"opencodex", {{"completion", {{"debounceMs", 400}}}}};
    c.gateway.answer(Script::answer(" + b;"));
    int last = 0;
    for (int i = 0; i < 5; ++i) {
        c.insert(kColumn + i, "a", i + 2);
        last = c.editor.inline_completion(c.uri, kLine, kColumn + i + 1, 2);
    }
    CHECK(c.editor.result(last)["items"].size() == 1);
    CHECK(c.gateway.journal().requests.size() == 1);
    CHECK_THAT(c.gateway.request(0).prompt_text(), ContainsSubstring("return aaaaa"));
    c.editor.quit();
}

TEST_CASE("an invoked request does not wait for the debounce") {
    Completion c{"opencodex", {{"completion", {{"debounceMs", 3'600'000}}}}};
    c.gateway.answer(Script::answer("a + b;"));
    CHECK(ghost(c.editor.result(c.ask(1))) == "a + b;");
}

TEST_CASE("the trail says why nothing appeared") {
    Completion c;
    c.gateway.answer(Script::refuse("opencodex", "500"));
    CHECK(c.editor.result(c.ask()) == kNothing);
    const Json entry = c.editor.call("dragoman/trail", {{"limit", 1}})["entries"][0];
    CHECK(entry["outcome"] == "failed");
    CHECK(entry["position"] == Json{{"line", kLine}, {"character", kColumn}});
    CHECK_FALSE(entry["steps"].empty());
}

TEST_CASE("what clients tell about a suggestion is taken, known or not") {
    Completion c;
    c.gateway.answer(Script::answer("a + b;"));
    const Json item = c.editor.result(c.ask())["items"][0];
    c.editor.notify("textDocument/didShowCompletion", {{"item", item}});
    c.editor.notify("textDocument/didPartiallyAcceptCompletion", {{"item", item}, {"acceptedLength", 3}});
    c.editor.notify("textDocument/didShowCompletion", {{"item", {{"insertText", "unknown"}}}});
    c.editor.notify("textDocument/didFocus", {{"textDocument", {{"uri", c.uri}}}});
    c.editor.notify("textDocument/didFocus");
    const auto run = [&](const Json& arguments) {
        return c.editor.call("workspace/executeCommand",
                             {{"command", "dragoman.completionAccepted"}, {"arguments", arguments}});
    };
    CHECK(run(item["command"]["arguments"]).is_null());
    CHECK(run(item["command"]["arguments"]).is_null());
    CHECK(run(Json::array({"unknown"})).is_null());
    CHECK(run(Json::array()).is_null());
    c.editor.quit();
}

TEST_CASE("the connection is warmed before it is needed, with nothing that costs") {
    Completion c;
    REQUIRE(c.gateway.wait_for([](const Journal& seen) { return seen.connections == 1; }));
    CHECK(c.gateway.journal().requests.empty());
    CHECK(c.gateway.journal().heads.empty());
    c.gateway.answer(Script::answer("a + b;"));
    CHECK(ghost(c.editor.result(c.ask())) == "a + b;");
    CHECK(c.gateway.journal().connections == 1);
    c.editor.quit();
}

TEST_CASE("several completions share one connection") {
    Completion c;
    c.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script::answer("a + b;"));
    for (int i = 0; i < 3; ++i) {
        c.insert(0, "x", i + 2);
        CHECK_FALSE(
            c.editor.result(c.editor.inline_completion(c.uri, kLine, kColumn + i + 1))["items"].empty());
    }
    const auto requests = c.gateway.journal().requests;
    REQUIRE(requests.size() == 3);
    CHECK(requests[1].connection == requests[0].connection);
    CHECK(requests[2].connection == requests[0].connection);
}

TEST_CASE("switched off means silent") {
    const Json off = GENERATE(Json{{"completion", {{"enabled", false}}}},
                              Json{{"completion", {{"disabledLanguages", Json::array({"cpp"})}}}});
    Completion c{"opencodex", off};
    CHECK(c.editor.result(c.ask(2)) == kNothing);
    CHECK(c.gateway.journal().requests.empty());
    c.editor.quit();
}

TEST_CASE("an editor without ghost text gets the same suggestion in its menu") {
    Completion c{"opencodex", {{"completion", {{"menu", true}}}}};
    c.gateway.answer(Script::answer("a + b;"));
    const Json list = c.editor.result(c.editor.request(
        "textDocument/completion",
        {{"textDocument", {{"uri", c.uri}}}, {"position", {{"line", kLine}, {"character", kColumn}}}}));
    CHECK(list["isIncomplete"] == true);
    REQUIRE(list["items"].size() == 1);
    CHECK(list["items"][0]["label"] == "a + b;");
    CHECK(list["items"][0]["textEdit"]["newText"] == "a + b;");
    c.editor.quit();
}
