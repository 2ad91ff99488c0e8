// The daemon as a process: framing, JSON-RPC, and every way to begin and to end.
#include "tests/e2e/setup.h"
#include "tests/support/child.h"

#include <catch2/catch_all.hpp>

#include <csignal>
#include <unistd.h>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int kParseError = -32700, kInvalidRequest = -32600, kMethodNotFound = -32601,
              kInvalidParams = -32602, kNotInitialized = -32002, kRequestCancelled = -32800,
              kServerCancelled = -32802;

/// The response to something that had no readable id.
Json response_to_nobody(TestEditor& editor) {
    return editor.message(
        [](const Json& message) { return !message.contains("method") && message["id"].is_null(); },
        "a response with id null");
}

void check_no_null(const Json& value, const std::string& path) {
    INFO(path);
    CHECK_FALSE(value.is_null());
    if (value.is_structured())
        for (const auto& [key, member] : value.items()) check_no_null(member, path + "/" + key);
}

/// A chat turn that has begun upstream and goes no further.
int hold_a_turn(Gateway& gateway, TestEditor& editor) {
    gateway.answer(Script{}.text("partial").hold().text(" rest").finish());
    const int id = editor.chat("Hello?", "held");
    gateway.wait_held();
    editor.progress_until("held", is_text);
    return id;
}

}  // namespace

// --- Framing

TEST_CASE("a header the stream cannot be found again after ends the daemon with 1", "[A8]") {
    const std::string bytes =
        GENERATE(as<std::string>{}, "hello world\r\n\r\n", "Content-Length: x\r\n\r\n{}",
                 "Content-Length: -1\r\n\r\n{}", "Content-Length: 99999999999\r\n\r\n",
                 "Content-Type: text/plain\r\n\r\n{}", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}");
    CAPTURE(bytes);
    TestEditor editor;
    editor.initialize();
    editor.send_raw(bytes);
    CHECK(editor.exit_code() == 1);
    editor.wait_stderr("the editor's messages end here");
    CHECK_NOTHROW(editor.check());
}

TEST_CASE("what is in flight when the stream breaks is answered ServerCancelled", "[A8][B26][C37]") {
    Session s;
    const int id = hold_a_turn(s.gateway, s.editor);
    SECTION("by a broken header") { s.editor.send_raw("Content-Length: none\r\n\r\n"); }
    SECTION("by an end inside a frame") {
        s.editor.send_raw("Content-Length: 100\r\n\r\n{\"jsonrpc\"");
        s.editor.close_stdin();
    }
    CHECK(s.editor.error(id)["code"] == kServerCancelled);
    CHECK(s.editor.exit_code() == 1);
    CHECK(s.gateway.ended(0).fate == HttpRequest::Fate::client_closed);
}

TEST_CASE("headers are read as clients write them", "[A1][A2][A3][A4][A5]") {
    const std::string body = R"({"jsonrpc":"2.0","id":"x","method":"dragoman/config","params":{}})";
    const std::string length = std::to_string(body.size());
    const std::string head = GENERATE_COPY(
        "Content-Length: " + length + "\r\n\r\n", "content-length:" + length + "\r\n\r\n",
        "CONTENT-LENGTH:   " + length + "  \r\n\r\n", "Content-Length: " + length + "\n\n",
        "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: " + length + "\r\n\r\n",
        "Content-Length: " + length + "\r\nContent-Type: application/vscode-jsonrpc; charset=utf8\r\n\r\n",
        "X-Other: 1\r\nContent-Length: " + length + "\r\n\r\n");
    CAPTURE(head);
    TestEditor editor;
    editor.initialize({{"capabilities", nullptr}});  // so that nothing is asked of us meanwhile
    SECTION("in one piece") { editor.send_raw(head + body); }
    SECTION("byte by byte") {
        for (const char c : head + body) editor.send_raw({&c, 1});
    }
    CHECK(editor.message([](const Json& m) { return m.value("id", Json()) == "x"; }, "a response")
              .contains("result"));
}

TEST_CASE("several messages in one write are handled in order", "[A6][A7]") {
    TestEditor editor;
    editor.initialize();
    std::string bytes;
    for (int i = 100; i < 120; ++i)
        bytes += TestEditor::frame(
            Json{{"jsonrpc", "2.0"}, {"id", i}, {"method", "no/such"}, {"params", {{"text", "für 🐉"}}}}
                .dump());
    editor.send_raw(bytes);
    std::vector<int> ids;
    for (int i = 100; i < 120; ++i)
        ids.push_back(editor.message([](const Json& m) { return m.contains("error"); }, "an error")["id"]);
    CHECK(std::is_sorted(ids.begin(), ids.end()));
}

// --- JSON-RPC

TEST_CASE("a body that is no JSON is answered to nobody, and the next one is handled",
          "[A9][A10][A11][B30]") {
    const std::string body =
        GENERATE(as<std::string>{}, "", "{", "not json", "{\"jsonrpc\":\"2.0\",\"id\":1,}",
                 "{\"text\":\"\xff\xfe\"}", std::string(10'000, '['));
    TestEditor editor;
    editor.initialize();
    editor.send_raw(TestEditor::frame(body));
    CHECK(response_to_nobody(editor)["error"]["code"] == kParseError);
    CHECK(editor.call("dragoman/config").is_object());
    editor.quit();
}

TEST_CASE("batches are refused", "[B28]") {
    TestEditor editor;
    editor.initialize();
    editor.send_raw(TestEditor::frame(R"([{"jsonrpc":"2.0","id":1,"method":"shutdown"}])"));
    CHECK(response_to_nobody(editor)["error"]["code"] == kInvalidRequest);
    editor.quit();
}

TEST_CASE("unknown requests are refused, unknown notifications and responses ignored",
          "[B19][B20][B27][D51]") {
    TestEditor editor;
    editor.initialize();
    CHECK(editor.error(editor.request("no/such"))["code"] == kMethodNotFound);
    CHECK(editor.error(editor.request("$/no/such"))["code"] == kMethodNotFound);
    editor.notify("no/such");
    editor.notify("$/no/such");
    editor.send({{"jsonrpc", "2.0"}, {"id", 987}, {"result", nullptr}});
    editor.send({{"jsonrpc", "2.0"}, {"id", "unknown"}, {"error", {{"code", 1}, {"message", "x"}}}});
    editor.cancel(424242);
    editor.cancel("nobody");
    editor.quit();
}

TEST_CASE("ids come back as they came", "[B21]") {
    TestEditor editor;
    editor.initialize();
    for (const Json& id : {Json(0), Json(-5), Json("1"), Json(""), Json("ü🐉"), Json(2147483647)}) {
        editor.request_as(id, "dragoman/config");
        CHECK(editor.result(id).is_object());
    }
    editor.quit();
}

TEST_CASE("params that are missing, empty or of a wrong type never kill the daemon", "[B22][B23]") {
    TestEditor editor;
    editor.initialize({{"initializationOptions", Json::array()}});
    editor.request_as(100, "dragoman/config", Json::array());
    CHECK(editor.result(100).is_object());
    CHECK(editor.result(editor.request("dragoman/config")).is_object());
    for (const char* method :
         {"dragoman/chat/send", "dragoman/chat/get", "dragoman/key/set", "dragoman/embed"}) {
        CAPTURE(method);
        const Json error = editor.error(editor.request(method));
        CHECK(error["code"] == kInvalidParams);
        CHECK_FALSE(error["message"].get<std::string>().empty());
    }
    CHECK(editor.error(editor.request("dragoman/chat/send", {{"prompt", 5}}))["code"] == kInvalidParams);
    editor.quit();
}

// --- Beginning

TEST_CASE("before initialize requests are refused and notifications dropped", "[C32]") {
    TestEditor editor;
    CHECK(editor.error(editor.request("dragoman/config"))["code"] == kNotInitialized);
    CHECK(editor.error(editor.request("shutdown"))["code"] == kNotInitialized);
    editor.open(editor.uri("a.cpp"), "cpp", "int x;");
    editor.initialize();
    CHECK(editor.result(editor.inline_completion(editor.uri("a.cpp"), 0, 0)) ==
          Json{{"items", Json::array()}});
    editor.quit();
}

TEST_CASE("a second initialize is refused", "[C33]") {
    TestEditor editor;
    editor.initialize();
    CHECK(editor.error(editor.request("initialize", {{"capabilities", Json::object()}}))["code"] ==
          kInvalidRequest);
    editor.quit();
}

TEST_CASE("initialize tells what the protocol promises, and nothing as null", "[C47][C48][F76]") {
    TestEditor editor;
    const Json result = editor.initialize();
    CHECK(result["serverInfo"]["name"] == "dragoman");
    CHECK_FALSE(result["serverInfo"]["version"].get<std::string>().empty());
    const Json& capabilities = result["capabilities"];
    CHECK(capabilities["positionEncoding"] == "utf-16");
    CHECK(capabilities["textDocumentSync"] ==
          Json{{"openClose", true}, {"change", 2}, {"save", {{"includeText", false}}}});
    CHECK(capabilities["inlineCompletionProvider"] == Json::object());
    CHECK_FALSE(capabilities.contains("completionProvider"));
    CHECK(capabilities["codeActionProvider"] == Json{{"codeActionKinds", {"quickfix", "refactor.rewrite"}}});
    CHECK(capabilities["workspace"]["workspaceFolders"] ==
          Json{{"supported", true}, {"changeNotifications", true}});
    CHECK(capabilities["experimental"]["dragoman"]["protocolVersion"] == 1);
    for (const Json& command : capabilities["executeCommandProvider"]["commands"])
        CHECK_THAT(command.get<std::string>(), Catch::Matchers::StartsWith("dragoman."));
    check_no_null(result, "");
    editor.quit();
}

TEST_CASE("the position encoding is the best one offered", "[E57][E58][E59][E60]") {
    struct Case {
        Json offered;
        const char* chosen;
    };
    const Case one =
        GENERATE(Case{Json::array({"utf-16"}), "utf-16"}, Case{Json::array({"utf-8", "utf-16"}), "utf-8"},
                 Case{Json::array({"utf-16", "utf-8"}), "utf-8"}, Case{Json::array({"utf-32"}), "utf-32"},
                 Case{Json::array({"utf-7", "utf-32", "utf-16"}), "utf-16"}, Case{Json::array(), "utf-16"},
                 Case{Json(nullptr), "utf-16"});
    CAPTURE(one.offered.dump());
    TestEditor editor;
    const Json result =
        editor.initialize({{"capabilities", {{"general", {{"positionEncodings", one.offered}}}}}});
    CHECK(result["capabilities"]["positionEncoding"] == one.chosen);
}

TEST_CASE("a client that tells next to nothing is served", "[B24][C34][C46]") {
    const Json params =
        GENERATE(Json::object(), Json{{"processId", nullptr}}, Json{{"capabilities", Json::object()}},
                 Json{{"processId", nullptr},
                      {"rootUri", nullptr},
                      {"capabilities", Json::object()},
                      {"unknown", {{"deep", 1}}}});
    TestEditor editor;
    CHECK(editor.call("initialize", params).contains("capabilities"));
    // Nobody sends `initialized` here.
    CHECK(editor.call("dragoman/config").is_object());
    editor.quit();
}

TEST_CASE("initialize waits for no key and no network, and is the first thing said", "[C44][C45]") {
    Gateway gateway;
    EditorOptions options = options_for(
        gateway, {{"providers", {{"gw", {{"key", {{"command", {"sleep", "1000"}}, {"env", nullptr}}}}}}}});
    TestEditor editor{options};
    const int id = editor.request("initialize", {{"capabilities", Json::object()}});
    CHECK(editor.result(id).contains("capabilities"));
    CHECK(editor.position_of_response(id) == 0);
    CHECK(gateway.journal().requests.empty());
    editor.quit();
}

TEST_CASE("the flags that clients add are accepted", "[C43]") {
    EditorOptions options;
    options.arguments =
        GENERATE(std::vector<std::string>{}, std::vector<std::string>{"--stdio"},
                 std::vector<std::string>{"--stdio", "--clientProcessId=" + std::to_string(::getpid())});
    TestEditor editor{options};
    editor.initialize();
    editor.quit();
}

TEST_CASE("a transport that is not there is refused in words", "[C43]") {
    EditorOptions options;
    options.arguments = {"--node-ipc"};
    TestEditor editor{options};
    CHECK(editor.exit_code() != 0);
    editor.wait_stderr("node-ipc");
    CHECK(editor.received().empty());
}

TEST_CASE("stderr may be closed or never read", "[A18]") {
    EditorOptions options;
    options.stderr_closed = GENERATE(true, false);
    options.stderr_unread = !options.stderr_closed;
    TestEditor editor{options};
    editor.initialize();
    // Each of these is worth a warning; together they are more than a pipe holds.
    for (int i = 0; i < 5'000; ++i)
        editor.notify(
            "textDocument/didChange",
            {{"textDocument", {{"uri", "file:///never/opened/" + std::to_string(i)}, {"version", i}}},
             {"contentChanges", Json::array({{{"text", "x"}}})}});
    editor.quit();
}

// --- Ending

TEST_CASE("shutdown answers null, cancels what runs, and exit ends with 0", "[C38][C39]") {
    Session s;
    const int running = hold_a_turn(s.gateway, s.editor);
    const int shutdown = s.editor.request("shutdown");
    CHECK(s.editor.result(shutdown).is_null());
    CHECK(s.editor.error(running)["code"] == kRequestCancelled);
    CHECK(s.gateway.ended(0).fate == HttpRequest::Fate::client_closed);
    CHECK(s.editor.error(s.editor.request("dragoman/config"))["code"] == kInvalidRequest);
    CHECK(s.editor.error(s.editor.request("shutdown"))["code"] == kInvalidRequest);
    s.editor.notify("exit");
    CHECK(s.editor.exit_code() == 0);
    CHECK_NOTHROW(s.editor.check());
}

TEST_CASE("shutdown and exit in one write are both handled", "[C41]") {
    TestEditor editor;
    editor.initialize();
    editor.send_raw(TestEditor::frame(R"({"jsonrpc":"2.0","id":"s","method":"shutdown"})") +
                    TestEditor::frame(R"({"jsonrpc":"2.0","method":"exit"})"));
    CHECK(editor.exit_code() == 0);
    CHECK(editor.message([](const Json& m) { return m.value("id", Json()) == "s"; }, "shutdown")["result"]
              .is_null());
}

TEST_CASE("exit without shutdown ends with 1", "[C40]") {
    TestEditor editor;
    const bool initialised = GENERATE(false, true);
    if (initialised) editor.initialize();
    editor.notify("exit");
    CHECK(editor.exit_code() == 1);
}

TEST_CASE("the end of input between frames ends the daemon with 0, whatever it was doing", "[C37]") {
    SECTION("before initialize") {
        TestEditor editor;
        editor.close_stdin();
        CHECK(editor.exit_code() == 0);
    }
    SECTION("idle") {
        TestEditor editor;
        editor.initialize();
        editor.close_stdin();
        CHECK(editor.exit_code() == 0);
    }
    SECTION("after shutdown") {
        TestEditor editor;
        editor.initialize();
        editor.call("shutdown");
        editor.close_stdin();
        CHECK(editor.exit_code() == 0);
    }
    SECTION("in the middle of a stream") {
        Session s;
        hold_a_turn(s.gateway, s.editor);
        s.editor.close_stdin();
        CHECK(s.editor.exit_code() == 0);
        CHECK(s.gateway.ended(0).fate == HttpRequest::Fate::client_closed);
    }
    SECTION("while a key command runs") {
        Gateway gateway;
        TestEditor editor{options_for(
            gateway,
            {{"providers", {{"gw", {{"key", {{"command", {"sleep", "1000"}}, {"env", nullptr}}}}}}}})};
        editor.initialize();
        editor.chat("Hello?");
        editor.close_stdin();
        CHECK(editor.exit_code() == 0);
    }
}

TEST_CASE("signals end the daemon in good order", "[C42]") {
    const int number = GENERATE(SIGTERM, SIGINT, SIGHUP);
    Session s;
    hold_a_turn(s.gateway, s.editor);
    s.editor.signal(number);
    CHECK(s.editor.exit_code() == 0);
    CHECK(s.gateway.ended(0).fate == HttpRequest::Fate::client_closed);
}

TEST_CASE("an editor that no longer listens ends the daemon, not a signal", "[C42]") {
    TestEditor editor;
    editor.initialize();
    editor.stop_reading_for_good();
    editor.request("dragoman/config");
    CHECK(editor.exit_code() >= 0);
}

TEST_CASE("the watched parent's death ends the daemon, one that never lived does not", "[C35][C36]") {
    auto parent = std::make_unique<Child>(Child::Start{.binary = "/bin/sleep", .arguments = {"1000"}});
    TestEditor editor;
    const pid_t pid = parent->pid();
    SECTION("gone later") {
        editor.initialize({{"processId", pid}});
        editor.call("dragoman/config");
        parent.reset();
        CHECK(editor.exit_code() == 0);
    }
    SECTION("gone before") {
        parent.reset();
        editor.initialize({{"processId", pid}});
        CHECK(editor.call("dragoman/config").is_object());
        editor.quit();
    }
}
