// Edits and code actions through the real binary: protocol section 7.
#include "tests/e2e/setup.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Fate = HttpRequest::Fate;

namespace {

constexpr int kRequestCancelled = -32800, kContentModified = -32801, kRequestFailed = -32803,
              kInvalidParams = -32602;

Json range(int line, int character, int end_line, int end_character) {
    return {{"start", {{"line", line}, {"character", character}}},
            {"end", {{"line", end_line}, {"character", end_character}}}};
}

/// A document of four lines, whose second and third are to be edited.
struct Editing : Session {
    explicit Editing(const Json& config = Json::object(), const Json& client = Json::object(),
                     const std::string& dialect = "opencodex")
        : Session{dialect, config, client}, uri{editor.uri("a.cpp")} {
        editor.open(uri, "cpp", text, 3);
    }
    int edit(const Json& more = Json::object()) {
        Json params{{"textDocument", {{"uri", uri}}},
                    {"range", range(1, 0, 3, 0)},
                    {"instruction", "Return two."},
                    {"partialResultToken", "t"}};
        params.merge_patch(more);
        return editor.request("dragoman/edit", params);
    }
    /// The daemon knows of it when this returns.
    void change(const Json& changes) {
        editor.notify("textDocument/didChange", did_change(uri, 4, changes));
        editor.call("dragoman/chat/list");
    }
    int run(const std::string& action, const Json& more = Json::object()) {
        Json argument{{"action", action}, {"uri", uri}, {"range", range(1, 0, 3, 0)}};
        argument.merge_patch(more);
        return editor.request("workspace/executeCommand",
                              {{"command", "dragoman.codeAction"}, {"arguments", Json::array({argument})}});
    }
    std::string shown() { return editor.notification("window/showMessage")["message"].get<std::string>(); }
    const std::string text = "int f() {\n    int x = 1;\n    return x;\n}\n";
    const std::string uri;
};

const Json kPlain{
    {"capabilities",
     {{"window", {{"workDoneProgress", true}}},
      {"textDocument", {{"codeAction", {{"codeActionLiteralSupport", Json::object()}}}}},
      {"workspace",
       {{"applyEdit", true},
        {"workspaceEdit", {{"documentChanges", true}, {"changeAnnotationSupport", Json::object()}}}}}}}};

}  // namespace

TEST_CASE("an edit streams its text and ends in a versioned change of the lines that differ") {
    Editing s{{{"providers",
                {{"gw",
                  {{"models",
                    {{"deepseek-v4-flash",
                      {{"price", {{"input", 1.0}, {"output", 2.0}, {"currency", "USD"}}}}}}}}}}}},
              Json::object(),
              "opeai"};
    s.gateway.answer(Script{}
                         .reasoning("Hm.")
                         .text("```cpp\n    int x = 2;\n    ret")
                         .hold()
                         .text("urn x;\n```\nThis returns two.")
                         .finish()
                         .usage({.input = 1'000'000, .output = 500'000}));
    const int id = s.edit();
    CHECK(joined(s.editor.progress_until("t", is_text), "text") == "    int x = 2;");
    s.gateway.release();
    const Json result = s.editor.result(id);
    const auto events = s.editor.progress_so_far("t");
    CHECK(events.front() == Json{{"kind", "begin"}, {"model", result["model"]}});
    CHECK(joined(events, "reasoning") == "Hm.");
    CHECK(joined(events, "text") == result["text"]);
    CHECK(result["text"] == "    int x = 2;\n    return x;\n");
    CHECK(result["edit"] ==
          Json{{"documentChanges",
                {{{"textDocument", {{"uri", s.uri}, {"version", 3}}},
                  {"edits", {{{"range", range(1, 0, 2, 0)}, {"newText", "    int x = 2;\n"}}}}}}}});
    CHECK(result["usage"]["inputTokens"] == 1'000'000);
    CHECK(result["usage"]["outputTokens"] == 500'000);
    CHECK(result["cost"] == Json{{"amount", 2.0}, {"currency", "USD"}});
    CHECK_THAT(s.gateway.request(0).prompt_text(), ContainsSubstring("Return two.") &&
                                                       ContainsSubstring("<selection>\n    int x = 1;") &&
                                                       ContainsSubstring("a.cpp"));
    s.editor.quit();
}

TEST_CASE("an edit keeps the line ends and tabs of its document") {
    Session s;
    const std::string uri = s.editor.uri("a.c");
    s.editor.open(uri, "c", "{\r\n\tif (a) {\r\n\t\tb();\r\n\t}\r\n}\r\n");
    s.gateway.answer(Script::answer("Sure!\n\n```c\nif (c) {\n    b();\n    d();\n}\n```\n"));
    const Json result =
        s.editor.call("dragoman/edit",
                      {{"textDocument", {{"uri", uri}}}, {"range", range(1, 0, 4, 0)}, {"instruction", "x"}});
    CHECK(result["text"] == "\tif (c) {\r\n\t\tb();\r\n\t\td();\r\n\t}\r\n");
    CHECK(result["edit"]["documentChanges"][0]["edits"] ==
          Json::array({{{"range", range(1, 0, 2, 0)}, {"newText", "\tif (c) {\r\n"}},
                       {{"range", range(3, 0, 3, 0)}, {"newText", "\t\td();\r\n"}}}));
}

TEST_CASE("a cancelled edit closes its connection") {
    Editing s;
    s.gateway.answer(Script{}.text("    int x").hold().text(" = 2;\n").finish());
    const int id = s.edit();
    s.gateway.wait_held();
    s.editor.cancel(id);
    CHECK(s.editor.error(id)["code"] == kRequestCancelled);
    CHECK(s.gateway.ended(0).fate == Fate::client_closed);
    s.editor.quit();
}

TEST_CASE("a change inside the selection ends the edit, one elsewhere moves it") {
    Editing s;
    s.gateway.answer(Script{}.text("    int x = 2;\n").hold().text("    return x;\n").finish());
    const int id = s.edit();
    s.editor.progress("t", 1);
    SECTION("inside") {
        s.change(Json::array({{{"range", range(1, 8, 1, 9)}, {"text", "y"}}}));
        CHECK(s.editor.error(id)["code"] == kContentModified);
    }
    SECTION("closed") {
        s.editor.notify("textDocument/didClose", {{"textDocument", {{"uri", s.uri}}}});
        CHECK(s.editor.error(id)["code"] == kContentModified);
    }
    SECTION("before") {
        s.change(Json::array({{{"range", range(0, 0, 0, 0)}, {"text", "// é\n\n"}}}));
        s.gateway.release();
        const Json change = s.editor.result(id)["edit"]["documentChanges"][0];
        CHECK(change["textDocument"]["version"] == 4);
        CHECK(change["edits"][0]["range"] == range(3, 0, 4, 0));
    }
    SECTION("behind, told as the whole text") {
        s.change(Json::array({{{"text", s.text + "// end\n"}}}));
        s.gateway.release();
        const Json change = s.editor.result(id)["edit"]["documentChanges"][0];
        CHECK(change["textDocument"]["version"] == 4);
        CHECK(change["edits"][0]["range"] == range(1, 0, 2, 0));
    }
}

TEST_CASE("an edit that cannot be made says why and changes nothing") {
    Editing s{{{"privacy", {{"exclude", {"secret.*"}}}}}};
    const std::string secret = s.editor.uri("secret.cpp");
    s.editor.open(secret, "cpp", "int key;\n");
    CHECK_THAT(s.editor.error(s.edit({{"textDocument", {{"uri", secret}}}}))["message"].get<std::string>(),
               ContainsSubstring("secret.cpp") && ContainsSubstring("privacy.exclude"));
    for (const Json& wrong : {Json{{"range", nullptr}}, Json{{"instruction", " "}}, Json{{"textDocument", 1}},
                              Json{{"textDocument", {{"uri", "file:///none.c"}}}}, Json{{"model", 1}},
                              Json{{"options", {{"temperature", "hot"}}}}}) {
        CAPTURE(wrong);
        CHECK(s.editor.error(s.edit(wrong))["code"] == kInvalidParams);
    }
    CHECK(s.gateway.journal().requests.empty());

    s.gateway.answer(Script::answer("I'm sorry, but I cannot do that."));
    const Json none = s.editor.error(s.edit());
    CHECK(none["code"] == kRequestFailed);
    CHECK(none["data"]["kind"] == "badResponse");
    s.gateway.answer(Script{}.text("    int x = 2;\n").finish("length"));
    CHECK(s.editor.error(s.edit({{"partialResultToken", "u"}}))["data"]["kind"] == "badResponse");
    s.editor.quit();
}

TEST_CASE("the edit model is used for edits, and the request's own before it") {
    Editing s{{{"edit", {{"model", "gw/gpt-4o"}}}}};
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"),
                          Script::answer("    int x = 2;\n    return x;\n"));
    CHECK(s.editor.result(s.edit())["model"] == "gw/gpt-4o");
    CHECK(s.editor.result(s.edit({{"model", "gw/other"}, {"partialResultToken", "u"}}))["model"] ==
          "gw/other");
}

TEST_CASE("code actions are listed without asking anybody") {
    Editing s{Json::object(), kPlain};
    const auto titles = [&](const Json& context) {
        std::vector<std::string> out;
        for (const Json& one : s.editor.call(
                 "textDocument/codeAction",
                 {{"textDocument", {{"uri", s.uri}}}, {"range", range(1, 0, 1, 0)}, {"context", context}})) {
            CHECK(one["command"]["command"] == "dragoman.codeAction");
            CHECK(one["command"]["arguments"][0]["uri"] == s.uri);
            out.push_back(one["command"]["arguments"][0]["action"]);
        }
        return out;
    };
    const Json problem{{"range", range(1, 4, 1, 5)}, {"message", "unused"}};
    using Names = std::vector<std::string>;
    CHECK(titles({{"diagnostics", Json::array()}}) == Names{"explain", "document", "tests", "rewrite"});
    CHECK(titles({{"diagnostics", {problem}}}) == Names{"fix", "explain", "document", "tests", "rewrite"});
    CHECK(titles({{"diagnostics", {problem}}, {"only", {"quickfix"}}}) == Names{"fix"});
    CHECK(titles({{"diagnostics", {problem}}, {"only", {"refactor"}}}) ==
          Names{"explain", "document", "tests", "rewrite"});
    CHECK(titles({{"diagnostics", {problem}}, {"only", {"source"}}}).empty());
    CHECK(s.gateway.journal().requests.empty());
    s.editor.quit();
}

TEST_CASE("a client without code action literals gets commands") {
    Editing s;
    const Json actions =
        s.editor.call("textDocument/codeAction", {{"textDocument", {{"uri", s.uri}}},
                                                  {"range", range(1, 0, 1, 0)},
                                                  {"context", {{"diagnostics", Json::array()}}}});
    REQUIRE_FALSE(actions.empty());
    for (const Json& one : actions) {
        CHECK(one["command"] == "dragoman.codeAction");
        CHECK_FALSE(one.contains("kind"));
    }
}

TEST_CASE("a code action runs under progress and ends in an edit that asks for confirmation") {
    Editing s{Json::object(), kPlain};
    s.gateway.answer(Script{}.text("    int x = 2;\n").hold().text("    return x;\n").finish());
    const Json problem{{"range", range(1, 8, 1, 9)}, {"message", "one is wrong"}, {"severity", 1}};
    const int id = s.run("fix", {{"diagnostics", {problem}}});
    const Json token = s.editor.notification("$/progress")["token"];
    s.gateway.release();
    const auto is = [](const std::string& method) {
        return [method](const Json& message) { return message.value("method", "") == method; };
    };
    const Json asked = s.editor.message(is("workspace/applyEdit"), "applyEdit")["params"];
    CHECK(s.editor.result(id) == nullptr);
    const Json change = asked["edit"]["documentChanges"][0];
    CHECK(change["textDocument"] == Json{{"uri", s.uri}, {"version", 3}});
    CHECK(change["edits"][0]["newText"] == "    int x = 2;\n");
    const std::string annotation = change["edits"][0]["annotationId"];
    CHECK(asked["edit"]["changeAnnotations"][annotation]["needsConfirmation"] == true);
    CHECK_THAT(s.gateway.request(0).prompt_text(), ContainsSubstring("line 2, error: one is wrong"));

    std::vector<std::string> kinds;
    for (const Json& event : s.editor.progress_until(token, [](const Json& e) { return e["kind"] == "end"; }))
        kinds.push_back(event["kind"]);
    CHECK(kinds.front() == "begin");
    CHECK(kinds.back() == "end");
    s.editor.quit();
}

TEST_CASE("a part of a line is documented with the block around it") {
    Editing s{Json::object(), kPlain};
    s.gateway.answer(Script::answer("// Gives one.\nint f() {\n    int x = 1;\n    return x;\n}\n"));
    s.run("document", {{"range", range(0, 4, 0, 5)}});
    const auto asked = s.editor.message(
        [](const Json& message) { return message.value("method", "") == "workspace/applyEdit"; },
        "applyEdit");
    const Json edits = asked["params"]["edit"]["documentChanges"][0]["edits"];
    REQUIRE(edits.size() == 1);
    CHECK(edits[0]["range"] == range(0, 0, 0, 0));
    CHECK(edits[0]["newText"] == "// Gives one.\n");
    s.editor.quit();
}

TEST_CASE("a client that takes no edits is offered the explanation alone, and pays for no other") {
    Editing s{Json::object(), {{"capabilities", {{"workspace", {{"applyEdit", false}}}}}}};
    const Json actions =
        s.editor.call("textDocument/codeAction", {{"textDocument", {{"uri", s.uri}}},
                                                  {"range", range(1, 0, 1, 0)},
                                                  {"context", {{"diagnostics", Json::array()}}}});
    REQUIRE(actions.size() == 1);
    CHECK(actions[0]["arguments"][0]["action"] == "explain");
    CHECK(s.editor.result(s.run("rewrite")) == nullptr);
    CHECK_THAT(s.shown(), ContainsSubstring("workspace/applyEdit"));
    CHECK(s.gateway.journal().requests.empty());
}

TEST_CASE("a client without progress gets the edit and no progress") {
    Json client = kPlain;
    client["capabilities"]["window"] = {{"workDoneProgress", false}};
    Editing s{Json::object(), client};
    s.gateway.answer(Script::answer("    int x = 2;\n    return x;\n"));
    const int id = s.run("rewrite");
    CHECK(s.editor.result(id) == nullptr);
    bool edited = false;
    for (const Json& message : s.editor.received()) {
        const std::string method = message.value("method", "");
        CHECK(method != "window/workDoneProgress/create");
        CHECK(method != "$/progress");
        edited = edited || method == "workspace/applyEdit";
    }
    CHECK(edited);
}

TEST_CASE("a code action is cancelled from its progress") {
    Editing s{Json::object(), kPlain};
    s.gateway.answer(Script{}.text("    int").hold().text(" x;").finish());
    const int id = s.run("rewrite");
    const Json begin = s.editor.notification(
        "$/progress", [](const Json& m) { return m["value"].value("kind", "") == "begin"; });
    CHECK(begin["value"]["cancellable"] == true);
    s.gateway.wait_held();
    s.editor.notify("window/workDoneProgress/cancel", {{"token", begin["token"]}});
    CHECK(s.editor.result(id) == nullptr);
    CHECK(s.gateway.ended(0).fate == Fate::client_closed);
    s.editor.quit();
}

TEST_CASE("an explanation is shown as a message, after the progress, and edits nothing") {
    Editing s{Json::object(), kPlain};
    s.gateway.answer(Script::answer("It returns one."));
    const int id = s.run("explain");
    CHECK(s.shown() == "It returns one.");
    CHECK(s.editor.result(id) == nullptr);
    std::vector<std::string> order;
    for (const Json& message : s.editor.received()) {
        const std::string method = message.value("method", "");
        CHECK(method != "workspace/applyEdit");
        if (method == "window/showMessage") order.push_back("shown");
        if (method == "$/progress") order.push_back(message["params"]["value"]["kind"]);
    }
    CHECK(order.back() == "shown");
}

TEST_CASE("an edit that the editor refuses is told, with its reason") {
    Editing s;
    s.editor.on_request("workspace/applyEdit", [](const Json&) {
        return Json{{"applied", false}, {"failureReason", "the buffer is read-only"}};
    });
    s.gateway.answer(Script::answer("    int x = 2;\n    return x;\n"));
    s.run("rewrite");
    CHECK_THAT(s.shown(), ContainsSubstring("did not apply") && ContainsSubstring("read-only"));
}

TEST_CASE("an edit that came too late is told, not forced") {
    Editing s;
    s.gateway.answer(Script{}.text("    int x = 2;\n").hold().finish());
    const int id = s.run("rewrite");
    s.gateway.wait_held();
    s.change(Json::array({{{"range", range(1, 8, 1, 9)}, {"text", "y"}}}));
    CHECK_THAT(s.shown(), ContainsSubstring("changed while it was being edited"));
    CHECK(s.editor.result(id) == nullptr);
    for (const Json& message : s.editor.received())
        CHECK(message.value("method", "") != "workspace/applyEdit");
}

TEST_CASE("an unknown action, and a failure upstream, are errors of the command") {
    Editing s;
    CHECK(s.editor.error(s.run("dance"))["code"] == kInvalidParams);
    CHECK(s.editor.error(s.run("fix", {{"range", 1}}))["code"] == kInvalidParams);
    CHECK(s.editor.error(s.run("fix", {{"diagnostics", {1}}}))["code"] == kInvalidParams);
    s.gateway.answer(Script::refuse("opencodex", "402"));
    const Json error = s.editor.error(s.run("rewrite"));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == "insufficientBalance");
}
