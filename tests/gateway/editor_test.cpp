// The test editor measured against programs whose behaviour is known: cat sends back every frame, so a
// request comes back as the daemon's own, is answered by the editor, and the answer comes back as response.
#include "tests/support/strict_frames.h"
#include "tests/support/test_editor.h"

#include <catch2/catch_all.hpp>

#include <csignal>

using namespace dragoman::test;
using Json = nlohmann::json;

namespace {

EditorOptions echo() { return {.binary = "/bin/cat", .arguments = {}}; }
EditorOptions shell(const std::string& text) { return {.binary = "/bin/sh", .arguments = {"-c", text}}; }

}  // namespace

TEST_CASE("frames are read whatever the cut") {
    const std::string bytes =
        TestEditor::frame(R"({"jsonrpc":"2.0","method":"a","params":{"text":"für 🐉"}})") +
        TestEditor::frame(R"({"jsonrpc":"2.0","id":1,"result":null})");
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
        StrictFrames frames;
        std::vector<Json> messages;
        for (std::size_t at = 0; at < bytes.size(); at += size) frames.feed(bytes.substr(at, size), messages);
        frames.end();
        REQUIRE(frames.violation().empty());
        REQUIRE(messages.size() == 2);
        REQUIRE(messages[0]["params"]["text"] == "für 🐉");
    }
}

TEST_CASE("whatever is no plain frame is a violation, at every cut") {
    const std::string good = TestEditor::frame(R"({"jsonrpc":"2.0","method":"a"})");
    const std::string bad = GENERATE_COPY(
        as<std::string>{}, "hello\n", "\n" + good, good + "x", "content-length: 2\r\n\r\n{}",
        "Content-Length:2\r\n\r\n{}", "Content-Length: 02\r\n\r\n{}", "Content-Length: -2\r\n\r\n{}",
        "Content-Length: 2\n\n{}", "Content-Length: 2\r\nContent-Type: x\r\n\r\n{}", TestEditor::frame("[]"),
        TestEditor::frame("{}"), TestEditor::frame("not json"), good.substr(0, good.size() - 1),
        "Content-Length: 99999999999999");
    CAPTURE(bad);
    for (const std::size_t size : {std::size_t{1}, std::size_t{3}, bad.size()}) {
        StrictFrames frames;
        std::vector<Json> messages;
        for (std::size_t at = 0; at < bad.size(); at += size) frames.feed(bad.substr(at, size), messages);
        frames.end();
        CHECK_FALSE(frames.violation().empty());
    }
}

TEST_CASE("requests of the daemon are answered by what the test says, responses are found by id") {
    TestEditor editor{echo()};
    editor.on_request(
        "add", [](const Json& params) { return Json(params["a"].get<int>() + params["b"].get<int>()); });
    editor.on_request("fail", [](const Json&) -> Json { throw std::runtime_error{"no"}; });
    const int fails = editor.request("fail");
    CHECK(editor.call("add", {{"a", 2}, {"b", 3}}) == 5);
    CHECK(editor.error(fails)["message"] == "no");
    CHECK(editor.call("workspace/configuration", {{"items", {1, 2}}}) == Json({nullptr, nullptr}));
    editor.request_as("text id", "add", {{"a", 1}, {"b", 1}});
    CHECK(editor.result("text id") == 2);
    CHECK_NOTHROW(editor.check());
    editor.close_stdin();
    CHECK(editor.exit_code() == 0);
}

TEST_CASE("a request without a response, or with two, is reported") {
    TestEditor editor{echo()};
    editor.ignore_requests("silent");
    const int id = editor.request("silent");
    CHECK_THROWS_WITH(editor.check(), Catch::Matchers::StartsWith("no response to 1\n"));
    editor.send({{"jsonrpc", "2.0"}, {"id", id}, {"result", nullptr}});
    CHECK(editor.result(id).is_null());
    CHECK_NOTHROW(editor.check());
    editor.send({{"jsonrpc", "2.0"}, {"id", id}, {"result", nullptr}});
    editor.notify("after");
    static_cast<void>(editor.notification("after"));
    CHECK_THROWS_WITH(editor.check(), Catch::Matchers::StartsWith("broken rule: a second response to 1\n"));
}

TEST_CASE("progress is found by its token, and reported when it comes after the response") {
    TestEditor editor{echo()};
    const auto say = [&](const std::string& text) {
        editor.notify("$/progress", {{"token", "t"}, {"value", {{"text", text}}}});
    };
    const int id = editor.request("run", {{"partialResultToken", "t"}});
    static_cast<void>(editor.response(id));
    CHECK(editor.violations().empty());
    say("late");
    CHECK(editor.progress("t", 1)[0]["text"] == "late");
    CHECK(editor.violations() == std::vector<std::string>{"progress after the response to 1"});
}

TEST_CASE("bytes on stdout that are no frame are reported") {
    TestEditor editor{shell("echo noise; cat >/dev/null")};
    CHECK_THROWS_WITH(editor.response(1), Catch::Matchers::ContainsSubstring("noise") ||
                                              Catch::Matchers::ContainsSubstring("ended"));
}

TEST_CASE("nothing is read while the editor pauses, and nothing is lost") {
    TestEditor editor{echo()};
    editor.pause_reading();
    for (int i = 0; i < 50; ++i) editor.notify("n", {{"i", i}});
    CHECK(editor.received().empty());
    editor.resume_reading();
    for (int i = 0; i < 50; ++i) CHECK(editor.notification("n")["i"] == i);
}

TEST_CASE("how a program ended and what it said on stderr is known") {
    TestEditor failing{shell("echo oops >&2; exit 7")};
    failing.wait_stderr("oops");
    CHECK(failing.exit_code() == 7);
    TestEditor killed{echo()};
    killed.signal(SIGTERM);
    CHECK(killed.exit_code() == -SIGTERM);
    CHECK_THROWS_AS(TestEditor(EditorOptions{.binary = "/nonexistent/program"}), std::runtime_error);
}

TEST_CASE("waiting for what an ended program can no longer say fails at once, with the transcript") {
    TestEditor editor{shell("exit 0")};
    CHECK_THROWS_WITH(editor.response(1), Catch::Matchers::StartsWith("the daemon's output ended before"));
}

TEST_CASE("the program sees a fresh home and none of the caller's variables") {
    ::setenv("OPENAI_API_KEY", "secret", 1);
    EditorOptions options = shell("env >&2; cat");
    options.environment = {{"EXTRA", "yes"}};
    options.config = {{"chat", {{"model", "a/b"}}}};
    TestEditor editor{options};
    editor.wait_stderr("EXTRA=yes");
    editor.close_stdin();
    static_cast<void>(editor.exit_code());
    editor.wait_stderr("XDG_CONFIG_HOME=" + editor.home().path().string());
    CHECK(editor.stderr_text().find("OPENAI_API_KEY") == std::string::npos);
    CHECK(Json::parse(editor.home().read("config/dragoman/config.json"))["chat"]["model"] == "a/b");
}
