// What two real servers sent, byte for byte, through the real binary to the editor.
#include "tests/e2e/setup.h"

#include <catch2/catch_all.hpp>

#include <sstream>

using namespace dragoman::test;

namespace {

/// One answer as it was recorded: head, body, and whether the body was cut off.
struct Capture {
    std::string path{};
    int status = 0;
    Headers headers{};
    std::string body{};
    Json request = nullptr;  // discarded where it was not kept
    bool cut = false;
};

std::string read(const std::string& name) {
    std::ifstream in{std::string{DRAGOMAN_SOURCE_DIR} + "/tests/fixtures/captures/" + name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// The line of index.tsv about `name` ("folder/name"): name, method, path, status line, curl's end.
std::vector<std::string> index_line(const std::string& name) {
    const auto slash = name.find('/');
    std::istringstream index{read(name.substr(0, slash) + "/index.tsv")};
    for (std::string line; std::getline(index, line);) {
        std::vector<std::string> fields;
        std::istringstream rest{line};
        for (std::string field; std::getline(rest, field, '\t');) fields.push_back(field);
        if (fields.at(0) == name.substr(slash + 1)) return fields;
    }
    throw std::runtime_error{"no capture " + name};
}

Capture capture(const std::string& name) {
    const auto fields = index_line(name);
    Capture out{.path = fields.at(2), .body = read(name + ".body"), .cut = fields.at(4) != "curl 0"};
    out.status = std::stoi(fields.at(3).substr(std::string_view{"HTTP/1.1 "}.size()));
    out.request = Json::parse(read(name + ".req.json"), nullptr, false);
    std::istringstream lines{read(name + ".headers")};
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (const auto colon = line.find(": "); colon != line.npos)
            out.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    return out;
}

/// The capture as an answer, in pieces of `cut` bytes. The framing is the recorded kind, made anew.
Script replay(const Capture& capture, std::size_t cut) {
    Script script;
    script.status(capture.status).framing(Framing::until_close);
    for (const auto& [name, value] : capture.headers) {
        if (name == "Transfer-Encoding") script.framing(Framing::chunked);
        if (name == "Content-Length") script.framing(Framing::length);
        if (name != "Transfer-Encoding" && name != "Content-Length" && name != "Connection")
            script.header(name, value);
    }
    script.bytes(capture.body);
    if (capture.cut) script.close();
    if (cut != 0) script.cut(cut);
    return script;
}

/// `end` is a finish reason, or the kind of an error; then `text` is what had arrived.
struct Row {
    const char *name, *end;
    std::string text{};
    std::string reasoning{};
};

/// The daemon between the captures and an editor: providers "chat" and "responses" at one gateway.
struct Replayer {
    Replayer() : gateway{"generic"}, editor{options()} { editor.initialize(); }

    EditorOptions options() const {
        EditorOptions out = options_for(gateway);
        for (const char* api : {"chat", "responses"}) {
            out.config["providers"][api] = provider(gateway);
            out.config["providers"][api]["api"] = api;
        }
        return out;
    }
    /// Asks a model of its own, so that nothing learned from one capture is used for the next.
    Json ask(const std::string& name, const Script& script, const Capture& recorded, std::size_t cut) {
        gateway.answer(script);
        const std::string api = recorded.path == "/v1/responses" ? "responses" : "chat";
        // What the answer depends on is asked as it was then.
        Json as_then = Json::object();
        for (const char* member : {"n", "max_tokens", "max_output_tokens"})
            if (recorded.request.is_object() && recorded.request.contains(member))
                as_then[member] = recorded.request[member];
        const Json more{{"model", api + "/" + name + "-" + std::to_string(cut)},
                        {"options", {{"extraBody", as_then}}}};
        return editor.response(editor.chat("Hello?", name + std::to_string(cut), more));
    }
    void check(const Row& row) {
        const Capture recorded = capture(row.name);
        for (const std::size_t cut : {std::size_t{0}, std::size_t{7}}) {
            CAPTURE(row.name, cut);
            const Json response = ask(row.name, replay(recorded, cut), recorded, cut);
            CAPTURE(response.dump());
            const bool failed = response.contains("error");
            const Json& answer = failed ? response["error"]["data"] : response["result"];
            CHECK(answer.value(failed ? "kind" : "finishReason", "") == row.end);
            CHECK(answer.value(failed ? "partialText" : "text", "") == row.text);
            CHECK((failed || answer.value("reasoning", "") == row.reasoning));
            const auto events = editor.progress_so_far(row.name + std::to_string(cut));
            CHECK(joined(events, "text") == row.text);
            CHECK(joined(events, "reasoning") == row.reasoning);
            if (failed && recorded.status != 200) CHECK(answer["httpStatus"] == recorded.status);
        }
    }

    Gateway gateway;
    TestEditor editor;
};

const std::string kHello = "Hello! I am a very small model with a fixed answer, here to test clients.";
const std::string kThought = "Let me reason about this request in two short steps.\n";
const std::string kFortyTwo = "The result is forty-two.";
const std::string kSaid = "The tool said so, and that is the final word.";

}  // namespace

TEST_CASE("what llama-server sent reaches the editor as what it meant") {
    Replayer replayer;
    const std::vector<Row> rows{
        {"llamacpp/chat-plain", "stop", kHello},
        {"llamacpp/chat-stream", "stop", kHello},
        {"llamacpp/chat-stream-usage", "stop", kHello},
        {"llamacpp/chat-stream-length", "length", "Hello! I am a"},
        {"llamacpp/chat-stream-stop", "stop", "Hello! I am a very small"},
        {"llamacpp/chat-stream-utf8", "stop", "Bytes apart:  é→😀 end of bytes."},
        {"llamacpp/chat-stream-think", "stop", kFortyTwo, kThought},
        {"llamacpp/chat-plain-think", "stop", kFortyTwo, kThought},
        {"llamacpp/chat-stream-n2", "stop", "Tails came up instead."},
        {"llamacpp/chat-stream-tool", "toolCalls"},
        {"llamacpp/chat-plain-tool", "toolCalls"},
        {"llamacpp/chat-stream-tool-required", "toolCalls"},
        {"llamacpp/chat-stream-two-tools", "toolCalls"},
        {"llamacpp/chat-stream-tool-result", "stop", kSaid},
        {"llamacpp/chat-stream-json-schema", "length", "{\n\"a\" :\n\n  \t    true", kThought},
        {"llamacpp/chat-stream-progress", "length", "Hello! I am"},
        {"llamacpp/chat-stream-unknown-model", "length", "Hello! I"},
        {"llamacpp/chat-stream-prefill", "length", "and then the plain"},
        {"llamacpp/chat-stream-http10", "length", "Hello! I"},
        {"llamacpp/chat-stream-bad-tool", "upstreamUnavailable", "I will look. "},
        {"llamacpp/chat-plain-bad-tool", "upstreamUnavailable"},
        {"llamacpp/responses-plain", "stop", kHello},
        {"llamacpp/responses-stream", "stop", kHello},
        {"llamacpp/responses-stream-instructions", "stop", kHello},
        {"llamacpp/responses-stream-length", "length", "Hello! I am a"},
        {"llamacpp/responses-stream-tool", "toolCalls"},
        {"llamacpp/responses-plain-tool", "toolCalls"},
        {"llamacpp/responses-stream-cut-tool", "toolCalls"},
        {"llamacpp/responses-stream-tool-result", "stop", kSaid},
        {"llamacpp/responses-previous-id", "badRequest"},
        {"llamacpp/responses-error-no-input", "badRequest"},
        {"llamacpp/error-400-json", "badRequest"},
        {"llamacpp/error-400-no-messages", "badRequest"},
        {"llamacpp/error-400-messages-type", "badRequest"},
        {"llamacpp/error-400-bad-tool", "upstreamUnavailable"},
        {"llamacpp/error-400-context", "contextTooLong"},
        {"llamacpp/error-400-context-responses", "contextTooLong"},
        {"llamacpp/error-503-loading", "upstreamUnavailable"},
        {"llamacpp/auth-401-none", "unauthorized"},
        {"llamacpp/auth-401-wrong", "unauthorized"},
        {"llamacpp/auth-responses-401", "unauthorized"},
        {"llamacpp/auth-ok", "length", "Hello! I"},
        {"llamacpp/auth-ok-x-api-key", "length", "Hello! I"},
        {"llamacpp/embeddings-chat-refused", "stop", kHello},
    };
    for (const Row& row : rows) replayer.check(row);
    replayer.editor.quit();
}

TEST_CASE("what a mock of the hosted APIs sent reaches the editor as what it meant") {
    Replayer replayer;
    const std::string hello = "Hello! I am a fixed answer, here to test clients.";
    const std::string thought = "Let me reason in two steps.";
    const std::vector<Row> rows{
        {"aimock/chat-plain", "stop", hello},
        {"aimock/chat-stream", "stop", hello},
        {"aimock/chat-stream-usage", "stop", hello},
        {"aimock/chat-stream-length", "stop", hello},
        {"aimock/chat-stream-stop", "stop", hello},
        {"aimock/chat-stream-logprobs", "stop", hello},
        {"aimock/chat-stream-utf8", "stop", "Bytes: é→😀 end."},
        {"aimock/chat-stream-think", "stop", kFortyTwo, thought},
        {"aimock/chat-plain-think", "stop", kFortyTwo, thought},
        {"aimock/chat-stream-n2", "upstreamUnavailable"},
        {"aimock/chat-stream-tool", "toolCalls"},
        {"aimock/chat-plain-tool", "toolCalls"},
        {"aimock/chat-stream-tool-required", "toolCalls"},
        {"aimock/chat-stream-two-tools", "toolCalls"},
        {"aimock/chat-stream-tool-result", "stop", "The tool said so."},
        {"aimock/chat-stream-cut", "network"},
        {"aimock/responses-plain", "stop", hello},
        {"aimock/responses-stream", "stop", hello},
        {"aimock/responses-stream-instructions", "stop", hello},
        {"aimock/responses-stream-length", "stop", hello},
        {"aimock/responses-stream-think", "stop", kFortyTwo, thought},
        {"aimock/responses-stream-tool", "toolCalls"},
        {"aimock/responses-plain-tool", "toolCalls"},
        {"aimock/responses-stream-two-tools", "toolCalls"},
        {"aimock/responses-stream-tool-result", "stop", "The tool said so."},
        {"aimock/responses-previous-id", "stop", hello},
        {"aimock/responses-stream-cut", "network"},
        {"aimock/responses-error-no-input", "upstreamUnavailable"},
        {"aimock/error-no-fixture", "upstreamUnavailable"},
        {"aimock/error-json", "badRequest"},
        {"aimock/completions", "badResponse"},
    };
    for (const Row& row : rows) replayer.check(row);
    replayer.editor.quit();
}

TEST_CASE("a stream whose chunks are framed by the server itself is read to its end") {
    Replayer replayer;
    Capture recorded = capture("llamacpp/chat-stream-raw-chunked");  // the body with its chunk sizes
    Script script;
    script.framing(Framing::until_close).bytes(recorded.body);
    for (const auto& [name, value] : recorded.headers) script.header(name, value);
    const Json response = replayer.ask("raw", script, recorded, 0);
    CHECK(response["result"]["text"] == "Hello! I");
    CHECK(response["result"]["finishReason"] == "length");
    replayer.editor.quit();
}

TEST_CASE("a recorded rate limit tells how long to wait") {
    const std::string name = GENERATE("aimock/chat-stream-rate-limit", "aimock/responses-stream-rate-limit");
    CAPTURE(name);
    Replayer replayer;
    const Capture recorded = capture(name);
    const Json response = replayer.ask(name, replay(recorded, 0), recorded, 0);
    CHECK(response["error"]["data"]["kind"] == "rateLimited");
    CHECK(response["error"]["data"]["retryAfterMs"] == 1000);
    CHECK(response["error"]["data"]["upstreamCode"] == "rate_limit_exceeded");
    replayer.editor.quit();
}

TEST_CASE("a model server that is still loading is asked again") {
    Session s{"llamacpp", {{"providers", {{"gw", {{"retry", {{"attempts", 2}}}}}}}}};
    s.gateway.answer(replay(capture("llamacpp/error-503-loading"), 0));
    s.gateway.answer(replay(capture("llamacpp/chat-stream"), 0));
    CHECK(s.editor.result(s.editor.chat("Hello?", "t"))["text"] == kHello);
    const auto events = s.editor.progress_so_far("t");
    CHECK(std::count_if(events.begin(), events.end(), [](const Json& e) { return e["kind"] == "retry"; }) ==
          1);
    s.editor.quit();
}

TEST_CASE("recorded answers of the other routes are read too") {
    Session s{"llamacpp", {{"embedding", {{"model", "gw/tiny"}}}}};
    SECTION("models") {
        s.gateway.answer_when(Gateway::to("GET", "/models"), replay(capture("llamacpp/models"), 0));
        const Json models = s.editor.call("dragoman/models", {{"refresh", true}})["models"];
        CHECK(std::any_of(models.begin(), models.end(),
                          [](const Json& model) { return model["id"] == "gw/tiny"; }));
    }
    SECTION("embeddings") {
        const Capture recorded = capture("llamacpp/embeddings-two");
        s.gateway.answer(replay(recorded, 0));
        const Json result = s.editor.call("dragoman/embed", {{"input", {"one", "two"}}});
        REQUIRE(result["vectors"].size() == 2);
        CHECK(result["vectors"][1] == Json::parse(recorded.body)["data"][1]["embedding"]);
    }
    SECTION("no embeddings") {
        s.gateway.answer(replay(capture("llamacpp/error-501-embeddings"), 0));
        const Json error = s.editor.error(s.editor.request("dragoman/embed", {{"input", {"one"}}}));
        CHECK(error["data"]["httpStatus"] == 501);
        CHECK_FALSE(error["data"]["hint"].get<std::string>().empty());
    }
    SECTION("a hole filled") {
        s.gateway.answer(replay(capture("llamacpp/infill-plain"), 0));
        s.editor.open(s.editor.uri("add.py"), "python", "def add(left, right):\n    \n");
        const Json items = s.editor.result(s.editor.inline_completion(s.editor.uri("add.py"), 1, 4))["items"];
        REQUIRE(items.size() == 1);
        const auto covered = 4 - items[0]["range"]["start"]["character"].get<std::size_t>();
        CHECK(items[0]["insertText"].get<std::string>().substr(covered) == "return left + right");
    }
    s.editor.quit();
}
