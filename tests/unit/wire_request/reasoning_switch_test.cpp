#include "server/upstream/wire/reasoning_switch.h"

#include "server/upstream/wire/adapt.h"
#include "server/upstream/wire/errors.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::wire;

namespace {

ChatRequest quick(std::string model, ReasoningHost host = ReasoningHost::vendor) {
    ChatRequest request{.model = std::move(model),
                        .messages = {{.role = MessageRole::user, .text = "Go on"}}};
    request.sampling.avoid_reasoning = true;
    request.reasoning_host = host;
    return request;
}

/// What the body has beyond the one of a request that may think as it likes.
Json added(const ChatRequest& quick, ChatApi api, const Dialect& dialect) {
    ChatRequest usual = quick;
    usual.sampling.avoid_reasoning = false;
    const auto build = api == ChatApi::responses ? build_responses : build_chat_completions;
    const Json before = build(usual, dialect).body, after = build(quick, dialect).body;
    Json out = Json::object();
    for (const auto& [name, value] : after.items()) {
        if (!before.contains(name) || before[name] != value) out[name] = value;
    }
    return out;
}

std::string chat(const ChatRequest& request, const Dialect& learned = {}) {
    return added(request, ChatApi::completions, learned).dump();
}
std::string responses(const ChatRequest& request, const Dialect& learned = {}) {
    return added(request, ChatApi::responses, learned).dump();
}

Error refused(const std::string& message, const Json& param = nullptr) {
    return read_error(400, {}, Json{{"error", {{"message", message}, {"param", param}}}}.dump());
}

}  // namespace

TEST_CASE("a completion asks each family not to think in the words of its vendor") {
    const std::string none = R"({"reasoning_effort":"none"})", low = R"({"reasoning_effort":"low"})",
                      minimal = R"({"reasoning_effort":"minimal"})", nothing = "{}",
                      disabled = R"({"thinking":{"type":"disabled"}})", flag = R"({"enable_thinking":false})";
    struct Row {
        const char* model;
        std::string sent;
    };
    const std::vector<Row> rows = {
        {"gpt-5.1", none},
        {"openai/gpt-5.4-mini", none},
        {"gpt-5", minimal},
        {"gpt-5-nano", minimal},
        {"gpt-5-codex", low},
        {"gpt-5.3-codex", low},
        {"gpt-5-pro", nothing},
        {"gpt-5.1-chat-latest", nothing},
        {"gpt-4o", nothing},
        {"o3", low},
        {"o4-mini", low},
        {"o1-mini", nothing},
        {"deepseek-v4-flash", disabled},
        {"deepseek-ai/DeepSeek-V3.2", disabled},
        {"deepseek-chat", nothing},
        {"deepseek-reasoner", nothing},
        {"Qwen/Qwen3-8B", flag},
        {"qwen3-coder-plus", nothing},
        {"qwen3-30b-a3b-instruct-2507", nothing},
        {"qwen3-30b-a3b-thinking-2507", nothing},
        {"qwen2.5-coder", nothing},
        {"glm-4.6", disabled},
        {"glm-4-flash", nothing},
        {"kimi-k2.5", disabled},
        {"kimi-k2-thinking", nothing},
        {"kimi-k2-0905-preview", nothing},
        {"kimi-k3", low},
        {"gemini-2.5-flash", none},
        {"models/gemini-2.5-pro", low},
        {"gemini-3-flash-preview", minimal},
        {"gemini-2.0-flash", nothing},
        {"gpt-oss:20b", low},
        {"grok-3-mini", low},
        {"grok-4", nothing},
        {"claude-sonnet-4-5", nothing},
        {"somebody/model", nothing},
    };
    for (const auto& [model, sent] : rows) {
        INFO(model);
        CHECK(chat(quick(model)) == sent);
    }
}

TEST_CASE("the Responses API is asked by its effort alone") {
    CHECK(responses(quick("gpt-5.4")) == R"({"reasoning":{"effort":"none"}})");
    CHECK(responses(quick("gpt-5")) == R"({"reasoning":{"effort":"minimal"}})");
    CHECK(responses(quick("deepseek-v4-pro")) == R"({"reasoning":{"effort":"none"}})");
    CHECK(responses(quick("gpt-5-pro")) == "{}");
    CHECK(responses(quick("qwen3-8b")) == "{}");
    CHECK(responses(quick("gpt-4.1")) == "{}");
}

TEST_CASE("a host has its own way to ask for no thinking") {
    struct Row {
        const char* setting;
        const char* model;
        std::string sent;
    };
    const std::vector<Row> rows = {
        {"effort", "qwen3:8b", R"({"reasoning_effort":"none"})"},
        {"effort", "gpt-oss:20b", R"({"reasoning_effort":"low"})"},
        {"effort", "llama3.2", R"({"reasoning_effort":"none"})"},
        {"nested-effort", "deepseek/deepseek-v3.2", R"({"reasoning":{"effort":"none"}})"},
        {"nested-effort", "openai/gpt-5", R"({"reasoning":{"effort":"minimal"}})"},
        {"nested-effort", "google/gemini-2.5-pro", R"({"reasoning":{"effort":"low"}})"},
        {"nested-effort", "moonshotai/kimi-k2-thinking", "{}"},
        {"template", "Qwen3-8B-Q4_K_M", R"({"chat_template_kwargs":{"enable_thinking":false}})"},
        {"template", "deepseek-v3.1", R"({"chat_template_kwargs":{"thinking":false}})"},
        {"template", "gpt-oss-20b", R"({"reasoning_effort":"low"})"},
        {"template", "qwen3-coder-30b", "{}"},
        {"template", "llama-3.2", "{}"},
        {"flag", "zai-org/GLM-4.6", R"({"enable_thinking":false})"},
        {"flag", "qwen3-coder-plus", "{}"},
        {"none", "gpt-5.1", "{}"},
        {"vendor", "glm-4.6", R"({"thinking":{"type":"disabled"}})"},
        {"", "glm-4.6", R"({"thinking":{"type":"disabled"}})"},
    };
    for (const auto& [setting, model, sent] : rows) {
        INFO(setting << " " << model);
        CHECK(chat(quick(model, reasoning_host(setting))) == sent);
    }
}

TEST_CASE("what the user says about reasoning outranks the wish for none") {
    auto by_effort = quick("gpt-5.1");
    by_effort.sampling.reasoning_effort = "high";
    CHECK(build_chat_completions(by_effort, {}).body.at("reasoning_effort") == "high");
    CHECK(build_responses(by_effort, {}).body.at("reasoning") == Json{{"effort", "high"}});

    for (const auto* body :
         {R"({"thinking":{"type":"enabled"}})", R"({"reasoning_effort":null})", R"({"thinking_budget":5})",
          R"({"reasoning":{"max_tokens":9}})", R"({"chat_template_kwargs":{"enable_thinking":true}})"}) {
        INFO(body);
        auto by_body = quick("deepseek-v4-flash");
        by_body.extra_body = Json::parse(body);
        CHECK(chat(by_body) == "{}");
    }
    auto other = quick("qwen3-8b", ReasoningHost::template_argument);
    other.extra_body = Json::parse(R"({"chat_template_kwargs":{"tone":"dry"},"top_k":3})");
    CHECK(build_chat_completions(other, {}).body.at("chat_template_kwargs") ==
          Json{{"enable_thinking", false}, {"tone", "dry"}});
}

TEST_CASE("a refused switch is left out and what it made possible with it") {
    struct Row {
        const char* model;
        const char* setting;
        std::string message;
        std::string then;  // what is sent next
    };
    const std::vector<Row> rows = {
        {"deepseek-v4", "", "Unrecognized request argument supplied: thinking", "{}"},
        {"deepseek-v4", "", "Unrecognized request argument supplied: 'thinking'", "{}"},
        {"deepseek-v4", "", "thinking.type: Extra inputs are not permitted", "{}"},
        {"qwen3-8b", "", "Unknown parameter: enable_thinking", "{}"},
        {"qwen3-8b", "", "The value of the enable_thinking parameter is restricted to True.", "{}"},
        {"qwen3-8b", "template", "chat_template is not supported for Mistral tokenizers.", "{}"},
        {"qwen3-8b", "template", "Unknown field chat_template_kwargs", "{}"},
        {"qwen3:8b", "effort", "\"qwen3:8b\" does not support thinking", "{}"},
        {"a/b", "nested-effort", "Reasoning is mandatory for this endpoint and cannot be disabled.",
         R"({"reasoning":{"effort":"low"}})"},
        {"gpt-5.1", "",
         "Unsupported value: 'none' is not supported with this model. Supported values are: 'low' and "
         "'high'.",
         R"({"reasoning_effort":"low"})"},
    };
    for (const auto& [model, setting, message, then] : rows) {
        INFO(model << ": " << message);
        const auto request = quick(model, reasoning_host(setting));
        const Dialect before = initial_dialect(model);
        const Json param = model == std::string{"gpt-5.1"} ? Json("reasoning_effort") : Json{};
        const auto next =
            adapt(before, refused(message, param), build_chat_completions(request, before).body);
        REQUIRE(next);
        CHECK(chat(request, *next) == then);
    }
}

TEST_CASE("sampling fields go along with effort none until they are refused there, too") {
    auto request = quick("gpt-5.4");
    request.sampling.temperature = 0;
    const Dialect first = initial_dialect(request.model);
    const Json sent = build_chat_completions(request, first).body;
    CHECK(sent.at("temperature") == 0);
    const auto next = adapt(first, refused("Unsupported parameter: 'temperature'", "temperature"), sent);
    REQUIRE(next);
    const Json again = build_chat_completions(request, *next).body;
    CHECK_FALSE(again.contains("temperature"));
    CHECK(again.at("reasoning_effort") == "none");
    CHECK_FALSE(adapt(*next, refused("Unsupported parameter: 'temperature'", "temperature"), again));

    Dialect low = first;
    low.replaced["reasoning_effort=none"] = "low";
    CHECK_FALSE(build_chat_completions(request, low).body.contains("temperature"));
    CHECK_FALSE(build_responses(request, low).body.contains("temperature"));
}
