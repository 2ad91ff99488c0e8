// Questions to a real model: what it says is known, how its server says it is not ours.
#include "tests/llama/setup.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

constexpr int kRequestCancelled = -32800, kRequestFailed = -32803;

bool is_retry(const Json& event) { return event.value("kind", "") == "retry"; }

}  // namespace

TEST_CASE("a real model's answer arrives whole, over each of its server's APIs") {
    const Json provider = GENERATE(Json{{"api", "chat"}}, Json{{"api", "responses"}}, Json{{"api", "auto"}},
                                   Json{{"preset", "openai-compatible"}, {"key", "none"}});
    CAPTURE(provider.dump());
    Local local{with_provider(provider)};
    const Json first = local.editor.result(local.editor.chat("Who are you?", "t"));
    const auto events = local.editor.progress_so_far("t");
    CHECK(events.at(0)["kind"] == "begin");
    CHECK(joined(events, "text") == kSay);
    CHECK(first["text"] == kSay);
    CHECK(first["model"] == "local/tiny");
    CHECK(first["finishReason"] == "stop");
    CHECK_FALSE(first.contains("reasoning"));
    CHECK(first["usage"]["inputTokens"] > 0);
    CHECK(first["usage"]["outputTokens"] > 0);

    const Json second = local.editor.result(
        local.editor.chat("And your bytes? UTF8", "u", {{"conversation", first["conversation"]}}));
    CHECK(second["text"] == "Bytes apart:  é→😀 end of bytes.");
    CHECK(joined(local.editor.progress_so_far("u"), "text") == second["text"]);
    CHECK(second["usage"]["inputTokens"] > first["usage"]["inputTokens"]);
    local.editor.quit();
}

TEST_CASE("what a real model thinks is told apart from what it says") {
    const std::string api = GENERATE("chat", "responses");
    CAPTURE(api);
    Local local{with_provider({{"api", api}})};
    const Json result = local.editor.result(local.editor.chat("THINK first.", "t"));
    CHECK(result["text"] == "The result is forty-two.");
    CHECK_THAT(result["reasoning"].get<std::string>(), StartsWith("Let me reason about this request"));
    CHECK(joined(local.editor.progress_so_far("t"), "reasoning") == result["reasoning"]);
    local.editor.quit();
}

TEST_CASE("an answer that the limit cut says so, though the server's Responses API does not") {
    const std::string api = GENERATE("chat", "responses");
    CAPTURE(api);
    Local local{with_provider({{"api", api}})};
    // 16: the least that every Responses API takes
    const Json result =
        local.editor.result(local.editor.chat("LOOP", nullptr, {{"options", {{"maxTokens", 16}}}}));
    CHECK_THAT(result["text"].get<std::string>(), StartsWith("tick one, tock two, tick three"));
    CHECK(result["finishReason"] == "length");
    CHECK(result["usage"]["outputTokens"] == 16);
    local.editor.quit();
}

TEST_CASE("the model's work ends with the turn that was cancelled") {
    const std::string api = GENERATE("chat", "responses");
    CAPTURE(api);
    Local local{with_provider({{"api", api}})};
    const int endless = local.editor.chat("LOOP", "t");
    local.editor.progress_until("t", is_text);
    local.editor.cancel(endless);
    CHECK(local.editor.error(endless)["code"] == kRequestCancelled);
    // The only slot is free again, long before the context was full.
    CHECK(local.editor.result(local.editor.chat("Hello?"))["text"] == kSay);
    CHECK(local.server.tokens_generated() < 16'000);
    local.editor.quit();
}

TEST_CASE("a turn that waits for the busy model can be cancelled without harm to the one it waits for") {
    Local local;
    const int endless = local.editor.chat("LOOP", "t");
    local.editor.progress_until("t", is_text);
    const int waiting = local.editor.chat("Hello?");
    local.editor.cancel(waiting);
    CHECK(local.editor.error(waiting)["code"] == kRequestCancelled);
    const auto shown = local.editor.progress_so_far("t").size();
    CHECK(local.editor.progress("t", shown + 1).size() > shown);
    local.editor.cancel(endless);
    CHECK(local.editor.error(endless)["code"] == kRequestCancelled);
    local.editor.quit();
}

TEST_CASE("a server that dies while it speaks leaves what it said") {
    Local local{with_provider({{"retry", {{"attempts", 2}}}})};
    const int id = local.editor.chat("LOOP", "t");
    const auto begin = local.editor.progress_until("t", is_text).front();
    local.server.kill();
    const Json error = local.editor.error(id);
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == "network");
    CHECK_THAT(error["data"]["partialText"].get<std::string>(), StartsWith("tick"));
    const auto events = local.editor.progress_so_far("t");
    CHECK(joined(events, "text") == error["data"]["partialText"]);
    CHECK(std::none_of(events.begin(), events.end(), is_retry));
    const Json turns =
        local.editor.call("dragoman/chat/get", {{"conversation", begin["conversation"]}})["turns"];
    CHECK(turns.back()["status"] == "failed");
    CHECK(turns.back()["text"] == error["data"]["partialText"]);
    local.editor.quit();
}

TEST_CASE("a question asked before the server was started is answered once it is") {
    ModelServer::need();
    const auto port = free_port();
    TestEditor editor{EditorOptions{.config = config_for("http://127.0.0.1:" + std::to_string(port) + "/v1",
                                                         with_provider({{"retry", {{"attempts", 10}}}}))}};
    editor.initialize();
    const int id = editor.chat("Hello?", "t");
    editor.progress_until("t", is_retry);
    const ModelServer server{{.port = port}};
    CHECK(editor.result(id)["text"] == kSay);
    editor.quit();
}

TEST_CASE("a question that is too long for the model is told as that") {
    const std::string api = GENERATE("chat", "responses");
    CAPTURE(api);
    Local local{with_provider({{"api", api}}), {.more = {"--ctx-size", "512"}}};
    std::string question;
    for (int i = 0; i < 1000; ++i) question += "word ";
    const Json error = local.editor.error(local.editor.chat(question));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == "contextTooLong");
    CHECK(error["data"]["httpStatus"] == 400);
    CHECK_FALSE(error["data"]["hint"].get<std::string>().empty());
    CHECK(local.editor.result(local.editor.chat("Hello?"))["text"] == kSay);
    local.editor.quit();
}

TEST_CASE("a server that asks for a key takes the right one only") {
    ModelServer server{{.key = "sk-llama-right"}};
    EditorOptions options;
    options.config = config_for(server.base_url(), with_provider({{"key", {{"env", "LLAMA_KEY"}}}}));
    options.environment["LLAMA_KEY"] = "sk-llama-wrong";
    TestEditor editor{options};
    editor.initialize();
    const Json error = editor.error(editor.chat("Hello?"));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == "unauthorized");
    CHECK(error["data"]["httpStatus"] == 401);
    CHECK_THAT(error["data"]["hint"].get<std::string>(),
               ContainsSubstring("providers.local.key") && ContainsSubstring("LLAMA_KEY"));
    CHECK_THAT(error.dump(), !ContainsSubstring("sk-llama-wrong"));
    editor.call("dragoman/key/set", {{"provider", "local"}, {"key", "sk-llama-right"}});
    CHECK(editor.result(editor.chat("Hello?"))["text"] == kSay);
    editor.quit();
}
