// The pipes under load: large messages, silent readers, stray output, many requests at once.
#include "tests/e2e/setup.h"

#include <catch2/catch_all.hpp>

#include <fstream>
#include <random>

using namespace dragoman::test;

namespace {

constexpr int kInvalidRequest = -32600, kRequestCancelled = -32800;
const Json kNothing{{"items", Json::array()}};

std::string proc(const TestEditor& editor, const std::string& name) {
    return "/proc/" + std::to_string(editor.pid()) + "/" + name;
}

/// A line of /proc/PID/status in KiB.
long memory_kib(const TestEditor& editor, const std::string& name) {
    std::ifstream status{proc(editor, "status")};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(name + ":")) return std::stol(line.substr(name.size() + 1));
    throw std::runtime_error{"no " + name};
}

}  // namespace

TEST_CASE("a document of 50 MB is opened, used and closed", "[A12]") {
    Session s{"llamacpp"};
    const std::string line(99, 'x');
    std::string text;
    text.reserve(60U << 20U);
    for (int i = 0; i < 500'000; ++i) text += line + "\\n";
    s.editor.send_raw(TestEditor::frame(
        R"({"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///big","languageId":"text","version":1,"text":")" +
        text + R"("}}})"));
    s.gateway.answer(Script::answer("yz"));
    const Json result = s.editor.result(s.editor.inline_completion("file:///big", 499'999, 99));
    CHECK(result["items"].size() == 1);
    CHECK(s.gateway.request(0).body.size() < 1'000'000);
    if (kSlowness == 1) CHECK(memory_kib(s.editor, "VmHWM") < 600 * 1024);
    s.editor.notify("textDocument/didClose", {{"textDocument", {{"uri", "file:///big"}}}});
    CHECK(s.editor.result(s.editor.inline_completion("file:///big", 0, 0)) == kNothing);
    s.editor.quit();
}

TEST_CASE("frames of a streaming chat and of completions never interleave", "[A13][A14][D53]") {
    Session s;
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += " word" + std::to_string(i);
    s.editor.open(s.editor.uri("a.cpp"), "cpp", "int x = \n");
    s.gateway.answer(Script::answer(text));
    const int chat = s.editor.chat("Talk.", "t");
    static_cast<void>(s.gateway.request(0));
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script::answer("42;"));
    for (int i = 0; i < 50; ++i)
        CHECK(s.editor.result(s.editor.inline_completion(s.editor.uri("a.cpp"), 0, 8))["items"].size() == 1);
    CHECK(s.editor.result(chat)["text"] == text);
    CHECK(joined(s.editor.progress_so_far("t"), "text") == text);
    s.editor.quit();
}

TEST_CASE("what is printed to stdout by mistake appears on stderr", "[A15]") {
    TestEditor editor;
    editor.initialize();
    // Descriptor 1 of the daemon, as a library that prints would use it.
    std::ofstream{proc(editor, "fd/1")} << "a stray print\n" << std::flush;
    editor.wait_stderr("a stray print");
    editor.quit();
}

TEST_CASE("requests that are cancelled, refused and cut short by shutdown are answered once each",
          "[B26][C38]") {
    Session s;
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script{}.text("a").stall());
    s.editor.open(s.editor.uri("a.cpp"), "cpp", "int x = \n");
    std::mt19937 random{1};
    std::vector<int> ids;
    for (int i = 0; i < 60; ++i) {
        const std::string token = "t" + std::to_string(i);
        switch (random() % 4) {
            case 0: ids.push_back(s.editor.chat("Hello?", token)); break;
            case 1: ids.push_back(s.editor.inline_completion(s.editor.uri("a.cpp"), 0, 8)); break;
            case 2: ids.push_back(s.editor.request("dragoman/models")); break;
            default: ids.push_back(s.editor.request("no/such"));
        }
        if (random() % 2 == 0) s.editor.cancel(ids[random() % ids.size()]);
    }
    const int shutdown = s.editor.request("shutdown");
    for (int i = 0; i < 5; ++i) ids.push_back(s.editor.chat("Too late?"));
    CHECK(s.editor.result(shutdown).is_null());
    for (const int id : ids) static_cast<void>(s.editor.response(id));
    CHECK(s.editor.error(ids.back())["code"] == kInvalidRequest);
    s.editor.notify("exit");
    CHECK(s.editor.exit_code() == 0);
    CHECK_NOTHROW(s.editor.check());
}

TEST_CASE("a completion whose line changed while it was made is not shown", "[D55]") {
    Session s;
    const std::string uri = s.editor.uri("a.cpp");
    s.editor.open(uri, "cpp", "int one = \nint two = \n");
    s.gateway.answer(Script{}.text("4").hold().text("2;").finish());
    const int id = s.editor.inline_completion(uri, 1, 10);
    s.gateway.wait_held();
    const auto edit = [&](int from_line, int to_line, int to_column, const std::string& text) {
        const Json range{{"start", {{"line", from_line}, {"character", 0}}},
                         {"end", {{"line", to_line}, {"character", to_column}}}};
        s.editor.notify("textDocument/didChange",
                        did_change(uri, 2, Json::array({{{"range", range}, {"text", text}}})));
    };
    bool shown = false;
    SECTION("the line is gone") { edit(0, 2, 0, ""); }
    SECTION("the line is another one") { edit(1, 1, 0, "// "); }
    SECTION("the line moved") { edit(0, 0, 0, "\n"); }
    SECTION("the document is closed") {
        s.editor.notify("textDocument/didClose", {{"textDocument", {{"uri", uri}}}});
    }
    SECTION("another line changed") {
        edit(0, 0, 0, "unsigned ");
        shown = true;
    }
    s.editor.call("dragoman/config");  // the change has been taken
    s.gateway.release();
    const Json result = s.editor.result(id);
    CHECK(result["items"].size() == (shown ? 1 : 0));
    const Json trail = s.editor.call("dragoman/trail", {{"limit", 1}})["entries"][0];
    CHECK(trail["outcome"] == (shown ? "shown" : "empty"));
    s.editor.quit();
}

TEST_CASE("a cancelled completion closes the connection upstream", "[D50]") {
    Session s;
    s.editor.open(s.editor.uri("a.cpp"), "cpp", "int x = \n");
    s.gateway.answer(Script{}.text("4").stall());
    const int id = s.editor.inline_completion(s.editor.uri("a.cpp"), 0, 8);
    static_cast<void>(s.gateway.request(0));
    s.editor.cancel(id);
    CHECK(s.editor.error(id)["code"] == kRequestCancelled);
    CHECK(s.gateway.ended(0).fate == HttpRequest::Fate::client_closed);
    s.editor.quit();
}
