#include "protocol/base/utf.h"
#include "server/upstream/wire/request.h"

using namespace dragoman;
using namespace dragoman::wire;

namespace {

/// Every part of a request that a wire form may carry.
ChatRequest rich() {
    ChatRequest request{
        .model = "m",
        .messages = {{.role = MessageRole::system, .text = "Be brief."},
                     {.role = MessageRole::user, .text = "Look", .images = {{"data:image/png;base64,AA=="}}},
                     {.role = MessageRole::assistant,
                      .text = "",
                      .tool_calls = {{"call_1", "read", R"({"path":"a"})"}, {"call_2", "list", ""}},
                      .reasoning = "hmm",
                      .reasoning_items = {R"({"type":"reasoning","id":"rs_1","summary":[],)"
                                          R"("encrypted_content":"blob","status":"completed"})",
                                          R"({"type":"reasoning","id":"rs_2","encrypted_content":""})"}},
                     {.role = MessageRole::tool, .text = "1", .tool_call_id = "call_1"},
                     {.role = MessageRole::tool, .text = "2", .tool_call_id = "call_2"},
                     {.role = MessageRole::assistant, .text = "Done."},
                     {.role = MessageRole::user, .text = "Thanks"}}};
    request.sampling = {.temperature = 0.5,
                        .top_p = 0.9,
                        .presence_penalty = 0.1,
                        .frequency_penalty = 0.2,
                        .max_tokens = 100,
                        .seed = 7,
                        .stop = {"END"},
                        .reasoning_effort = "low"};
    request.tools = {
        {.name = "read", .description = "Reads", .parameters = {{"type", "object"}}, .strict = true},
        {.name = "list", .description = ""}};
    request.tool_choice = {{"name", "read"}};
    request.response_format = {
        {"type", "json_schema"}, {"name", "n"}, {"schema", {{"type", "object"}}}, {"strict", true}};
    request.verbosity = "low";
    request.prompt_cache_key = "k";
    request.extra_body = {{"top_k", 40}, {"seed", nullptr}, {"stream_options", {{"x", 1}}}};
    return request;
}

Json messages_of(const Outgoing& out) { return out.body.at("messages"); }

}  // namespace

TEST_CASE("a chat completions request carries everything that was asked for") {
    const auto out = build_chat_completions(rich(), {});
    CHECK(out.path == "/chat/completions");
    CHECK(out.body == Json::parse(R"_({
        "model": "m", "stream": true, "stream_options": {"include_usage": true, "x": 1},
        "max_tokens": 100, "temperature": 0.5, "top_p": 0.9, "presence_penalty": 0.1, "frequency_penalty": 0.2,
        "stop": ["END"], "reasoning_effort": "low", "verbosity": "low", "prompt_cache_key": "k", "top_k": 40,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [
                {"type": "text", "text": "Look"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]},
            {"role": "assistant", "content": null, "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "read", "arguments": "{\"path\":\"a\"}"}},
                {"id": "call_2", "type": "function", "function": {"name": "list", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "1"},
            {"role": "tool", "tool_call_id": "call_2", "content": "2"},
            {"role": "assistant", "content": "Done."},
            {"role": "user", "content": "Thanks"}],
        "tools": [
            {"type": "function", "function": {"name": "read", "description": "Reads",
                                              "parameters": {"type": "object"}, "strict": true}},
            {"type": "function", "function": {"name": "list", "parameters": {}}}],
        "tool_choice": {"type": "function", "function": {"name": "read"}},
        "response_format": {"type": "json_schema",
                            "json_schema": {"name": "n", "schema": {"type": "object"}, "strict": true}}
    })_"));
    CHECK(out.reading.shape == Shape::chat_completions);
    CHECK(out.reading.max_output_tokens == 100);
    CHECK(out.reading.choices == 1);
    CHECK(out.reading.stop == std::vector<std::string>{"END"});
}

TEST_CASE("a responses request says the same in its own form") {
    auto request = rich();
    request.model = "gpt-5.4";
    const auto out = build_responses(request, {});
    CHECK(out.path == "/responses");
    CHECK(out.body == Json::parse(R"_({
        "model": "gpt-5.4", "stream": true, "store": false, "instructions": "Be brief.",
        "max_output_tokens": 100, "temperature": 0.5, "top_p": 0.9, "reasoning": {"effort": "low"},
        "text": {"verbosity": "low",
                 "format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": true}},
        "prompt_cache_key": "k", "top_k": 40, "stream_options": {"x": 1},
        "include": ["reasoning.encrypted_content"],
        "input": [
            {"type": "message", "role": "user", "content": [
                {"type": "input_text", "text": "Look"},
                {"type": "input_image", "image_url": "data:image/png;base64,AA=="}]},
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "blob"},
            {"type": "function_call", "call_id": "call_1", "name": "read", "arguments": "{\"path\":\"a\"}"},
            {"type": "function_call", "call_id": "call_2", "name": "list", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "call_1", "output": "1"},
            {"type": "function_call_output", "call_id": "call_2", "output": "2"},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Done."}]},
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Thanks"}]}],
        "tools": [
            {"type": "function", "name": "read", "description": "Reads", "parameters": {"type": "object"},
             "strict": true},
            {"type": "function", "name": "list", "parameters": {}, "strict": false}],
        "tool_choice": {"type": "function", "name": "read"}
    })_"));
    CHECK(out.reading.shape == Shape::responses);
    CHECK(out.reading.max_output_tokens == 100);
    CHECK(out.reading.stop == std::vector<std::string>{"END"});
}

TEST_CASE("a plain question sends only the documented fields") {
    const ChatRequest request{.model = "deepseek-chat",
                              .messages = {{.text = "Hi"}},
                              .sampling = {.max_tokens = 5},
                              .stream = false};
    CHECK(
        build_chat_completions(request, initial_dialect("deepseek-chat")).body ==
        Json::parse(
            R"({"model":"deepseek-chat","messages":[{"role":"user","content":"Hi"}],"max_tokens":5,"stream":false})"));
    const auto responses = build_responses(request, initial_dialect("deepseek-chat"));
    CHECK(responses.body.at("max_output_tokens") == 16);  // the least that is accepted
    CHECK(responses.reading.max_output_tokens == 16);
    CHECK_FALSE(responses.body.contains("include"));
    CHECK_FALSE(responses.body.contains("instructions"));
    CHECK(responses.body.at("stream") == false);
}

TEST_CASE("models that think get the fields they take") {
    auto request = rich();
    request.extra_body = Json::object();
    for (const auto* model :
         {"gpt-5", "gpt-5.3-codex", "openai/gpt-5.1", "o1", "o3-mini", "o4-mini", "GPT-5.4", "gpt-6"}) {
        CAPTURE(model);
        request.model = model;
        const auto body = build_chat_completions(request, initial_dialect(model)).body;
        CHECK(body.at("max_completion_tokens") == 100);
        CHECK(body.at("messages")[0].at("role") == "developer");
        for (const auto* name :
             {"max_tokens", "temperature", "top_p", "presence_penalty", "frequency_penalty"}) {
            CHECK_FALSE(body.contains(name));
        }
        const bool refuses_stop =
            std::string_view{model}.starts_with("o3") || std::string_view{model}.starts_with("o4");
        CHECK(body.contains("stop") == !refuses_stop);
    }
    for (const auto* model :
         {"gpt-4o", "gpt-5-chat-latest", "deepseek-chat", "o1x", "claude-o3", "qwen3-coder"}) {
        CAPTURE(model);
        const auto dialect = initial_dialect(model);
        CHECK_FALSE(dialect.max_completion_tokens);
        CHECK_FALSE(dialect.developer_role);
        CHECK_FALSE(dialect.dropped.contains("top_p"));
    }
    CHECK(initial_dialect("gpt-5.2-chat-latest").dropped.contains("temperature"));
    CHECK(initial_dialect("gpt-4o-mini-search-preview").dropped.contains("temperature"));
    CHECK(initial_dialect("kimi-k3").dropped.contains("temperature"));
    CHECK(initial_dialect("codestral-latest").random_seed);
    CHECK_FALSE(initial_dialect("mistralai/codestral-2501").random_seed);
    CHECK(initial_dialect("deepseek-v4-pro").send_reasoning);
}

TEST_CASE("without effort the later models sample again") {
    auto request = rich();
    request.sampling.reasoning_effort = "none";
    for (const auto& [model, samples] : std::vector<std::pair<std::string, bool>>{
             {"gpt-5.1", true}, {"gpt-5.4", true}, {"gpt-5", false}, {"o3", false}}) {
        CAPTURE(model);
        request.model = model;
        const auto dialect = initial_dialect(model);
        CHECK(build_chat_completions(request, dialect).body.contains("temperature") == samples);
        CHECK(build_responses(request, dialect).body.contains("top_p") == samples);
    }
}

TEST_CASE("the dialect renames, drops and replaces") {
    auto request = rich();
    request.extra_body = Json::object();
    Dialect dialect;
    dialect.random_seed = true;
    dialect.send_reasoning = true;
    dialect.dropped = {"stream_options", "stop", "strict", "verbosity"};
    dialect.replaced = {{"reasoning_effort=low", "minimal"},
                        {"response_format=json_schema", {{"type", "json_object"}}}};
    const auto chat = build_chat_completions(request, dialect);
    CHECK(chat.body.at("random_seed") == 7);
    CHECK(messages_of(chat)[2].at("reasoning_content") == "hmm");
    CHECK_FALSE(messages_of(chat)[5].contains("reasoning_content"));
    CHECK(chat.body.at("reasoning_effort") == "minimal");
    CHECK(chat.body.at("response_format") == Json::parse(R"({"type":"json_object"})"));
    CHECK_FALSE(chat.body.at("tools")[0].at("function").contains("strict"));
    for (const auto* name : {"stream_options", "stop", "verbosity", "seed"})
        CHECK_FALSE(chat.body.contains(name));
    CHECK(chat.reading.stop == std::vector<std::string>{"END"});  // cut on this side instead

    const auto responses = build_responses(request, dialect);
    CHECK(responses.body.at("reasoning") == Json::parse(R"({"effort":"minimal"})"));
    CHECK(responses.body.at("text") == Json::parse(R"({"format":{"type":"json_object"}})"));
    CHECK_FALSE(responses.body.at("tools")[0].contains("strict"));

    dialect.dropped = {"reasoning_effort", "response_format", "instructions", "include"};
    const auto bare = build_responses(request, dialect);
    CHECK_FALSE(bare.body.contains("reasoning"));
    CHECK(bare.body.at("text") == Json::parse(R"({"verbosity":"low"})"));
    CHECK_FALSE(bare.body.contains("instructions"));
    CHECK(bare.body.at("input")[0].at("role") == "system");
    CHECK(bare.body.at("input")[2].at("type") == "function_call");  // no reasoning item
}

TEST_CASE("a later system message stays in its place") {
    const ChatRequest request{.model = "m",
                              .messages = {{.role = MessageRole::system, .text = "a"},
                                           {.role = MessageRole::system, .text = "b"},
                                           {.text = "q"},
                                           {.role = MessageRole::system, .text = "c"}}};
    const auto body = build_responses(request, {}).body;
    CHECK(body.at("instructions") == "a\n\nb");
    CHECK(body.at("input").size() == 2);
    CHECK(body.at("input")[1].at("role") == "system");
}

TEST_CASE("extra fields decide about limits, choices and stops too") {
    ChatRequest request{.model = "m", .messages = {{.text = "q"}}, .sampling = {.max_tokens = 10}};
    request.extra_body = {{"max_tokens", 20}, {"n", 3}, {"stop", "X"}, {"messages", nullptr}};
    const auto out = build_chat_completions(request, {});
    CHECK(out.reading.max_output_tokens == 20);
    CHECK(out.reading.choices == 3);
    CHECK(out.reading.stop == std::vector<std::string>{"X"});
    CHECK_FALSE(out.body.contains("messages"));
}

TEST_CASE("at most four stops go over the wire and all are cut here") {
    ChatRequest request{.model = "m", .messages = {{.text = "q"}}};
    request.sampling.stop = {"a", "", "b", "c", "d", "e"};
    const auto out = build_chat_completions(request, {});
    CHECK(out.body.at("stop") == Json::parse(R"(["a","b","c","d"])"));
    CHECK(out.reading.stop == std::vector<std::string>{"a", "b", "c", "d", "e"});
    CHECK_FALSE(build_responses(request, {}).body.contains("stop"));
}

TEST_CASE("text that is not UTF-8 is repaired before it is sent") {
    auto request = rich();
    for (auto& message : request.messages) message.text += "\xFF";
    request.model = "m\xC3";
    request.tools[0].description = "\x80";
    request.messages[2].tool_calls[0].arguments = "\xFE";
    for (const auto& body : {build_chat_completions(request, {}).body, build_responses(request, {}).body}) {
        const std::string text = body.dump();  // strict: throws on what is not UTF-8
        CHECK(is_valid_utf8(text));
        CHECK(text.find("\xEF\xBF\xBD") != std::string::npos);
    }
}

TEST_CASE("a call id that is too long is cut alike in the call and in its result") {
    const std::string one = std::string(80, 'a') + "1", two = std::string(80, 'a') + "2";
    const ChatRequest request{
        .model = "m",
        .messages = {{.role = MessageRole::assistant, .tool_calls = {{one, "f", "{}"}, {two, "f", "{}"}}},
                     {.role = MessageRole::tool, .text = "r", .tool_call_id = one}}};
    const auto input = build_responses(request, {}).body.at("input");
    const auto id = input[0].at("call_id").get<std::string>();
    CHECK(id.size() == 64);
    CHECK(id != input[1].at("call_id").get<std::string>());
    CHECK(input[2].at("call_id") == id);
}

TEST_CASE("an embeddings request is model and input alone") {
    const auto out = build_embeddings("e", {"a", "b\xFF"});
    CHECK(out.path == "/embeddings");
    CHECK(out.body == Json::parse(R"({"model":"e","input":["a","b\ufffd"]})"));
}
