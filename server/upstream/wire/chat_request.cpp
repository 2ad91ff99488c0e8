// The chat builders: one internal question, two wire forms (upstream.md 4.1, 5.1, 5.2, 6.1).
#include "protocol/base/utf.h"
#include "server/upstream/wire/body.h"
#include "server/upstream/wire/model_traits.h"
#include "server/upstream/wire/reasoning_switch.h"
#include "server/upstream/wire/text.h"

#include <array>

namespace dragoman::wire {
namespace {

constexpr std::int64_t kLeastResponsesTokens = 16;  // less is refused (5.1)
constexpr std::size_t kCallIdBytes = 64;            // longer ones are refused (5.2)

std::string utf8(std::string_view text) { return repair_utf8(text); }

/// How much thinking is asked for: by the user, else as little as there is where none is wanted.
ReasoningOff reasoning_of(const ChatRequest& request, ChatApi api) {
    if (request.sampling.reasoning_effort) return {.effort = *request.sampling.reasoning_effort};
    if (!request.sampling.avoid_reasoning || speaks_of_reasoning(request.extra_body)) return {};
    return reasoning_off(request.model, request.reasoning_host, api);
}

/// A model that takes sampling fields with effort "none" gets them although its name says otherwise.
Dialect dialect_for(const ChatRequest& request, const ReasoningOff& reasoning, Dialect dialect) {
    const bool none =
        !reasoning.effort.empty() && Body{dialect}.wanted("reasoning_effort", reasoning.effort) == "none";
    if (none && !dialect.refuses_sampling && samples_without_effort(request.model)) {
        for (const auto& name : initial_dialect(request.model).dropped) dialect.dropped.erase(name);
    }
    return dialect;
}

/// {"effort": ...} as the dialect has it; null where nothing is sent.
Json effort_object(const ReasoningOff& reasoning, const Body& body) {
    if (reasoning.effort.empty()) return {};
    const Json effort = body.wanted("reasoning_effort", reasoning.effort);
    return effort.is_null() ? Json{} : Json{{"effort", effort}};
}

void put_reasoning(Body& body, const ChatRequest& request, const ReasoningOff& reasoning) {
    if (!reasoning.field.empty()) body.put(reasoning.field, reasoning.value);
    const bool users = request.sampling.reasoning_effort.has_value();
    if (!users && request.reasoning_host == ReasoningHost::nested_effort) {
        body.put("reasoning", effort_object(reasoning, body));
    } else if (!reasoning.effort.empty()) {
        body.put("reasoning_effort", Json(reasoning.effort));
    }
}

const char* system_role(const Dialect& dialect) { return dialect.developer_role ? "developer" : "system"; }

/// Arguments are JSON text on the wire; a call without any still needs an object.
std::string arguments_of(const ToolCall& call) {
    return trim_ascii(call.arguments).empty() ? std::string{"{}"} : utf8(call.arguments);
}

Json chat_user(const Message& message) {
    if (message.images.empty()) return {{"role", "user"}, {"content", utf8(message.text)}};
    Json parts = Json::array();
    if (!message.text.empty()) parts.push_back({{"type", "text"}, {"text", utf8(message.text)}});
    for (const auto& image : message.images) {
        parts.push_back({{"type", "image_url"}, {"image_url", {{"url", utf8(image.url)}}}});
    }
    return {{"role", "user"}, {"content", std::move(parts)}};
}

Json chat_assistant(const Message& message, const Dialect& dialect) {
    Json out = {{"role", "assistant"}, {"content", utf8(message.text)}};
    if (message.tool_calls.empty()) return out;
    if (message.text.empty()) out["content"] = nullptr;
    if (dialect.send_reasoning) out["reasoning_content"] = utf8(message.reasoning);
    for (const auto& call : message.tool_calls) {
        out["tool_calls"].push_back(
            {{"id", utf8(call.id)},
             {"type", "function"},
             {"function", {{"name", utf8(call.name)}, {"arguments", arguments_of(call)}}}});
    }
    return out;
}

Json chat_messages(const std::vector<Message>& messages, const Dialect& dialect) {
    Json out = Json::array();
    for (const auto& message : messages) {
        switch (message.role) {
            case MessageRole::system:
                out.push_back({{"role", system_role(dialect)}, {"content", utf8(message.text)}});
                break;
            case MessageRole::user: out.push_back(chat_user(message)); break;
            case MessageRole::assistant: out.push_back(chat_assistant(message, dialect)); break;
            case MessageRole::tool:
                out.push_back({{"role", "tool"},
                               {"tool_call_id", utf8(message.tool_call_id)},
                               {"content", utf8(message.text)}});
                break;
        }
    }
    return out;
}

Json function_of(const Tool& tool) {
    Json out = {{"name", utf8(tool.name)}, {"parameters", tool.parameters}};
    if (!tool.description.empty()) out["description"] = utf8(tool.description);
    return out;
}

Json chat_tools(const std::vector<Tool>& tools, const Body& body) {
    Json out;
    for (const auto& tool : tools) {
        Json function = function_of(tool);
        if (tool.strict && !body.drops("strict")) function["strict"] = true;
        out.push_back({{"type", "function"}, {"function", std::move(function)}});
    }
    return out;
}

/// The format in the internal form, after the dialect: json_schema may have become json_object or nothing.
Json format_of(const ChatRequest& request, const Body& body) {
    const auto type = get_string(request.response_format, "type");
    if (!type) return {};
    const Json wanted = body.wanted("response_format", *type);
    return wanted.is_string() ? request.response_format : wanted;
}

Json chat_format(const Json& format) {
    if (get_string(format, "type") != "json_schema") return format;
    Json schema = format;
    schema.erase("type");
    return {{"type", "json_schema"}, {"json_schema", std::move(schema)}};
}

/// One id for a call and its result: long ids (some gateways pack data into them) are cut and told apart
/// by a hash (FNV-1a) of the whole.
std::string call_id(std::string_view id) {
    if (id.size() <= kCallIdBytes) return utf8(id);
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string suffix;
    for (int shift = 60; shift >= 0; shift -= 4)
        suffix += kDigits[(hash >> static_cast<unsigned>(shift)) & 15U];
    return std::string{truncate_utf8(utf8(id), kCallIdBytes - suffix.size())} + suffix;
}

Json response_message(std::string_view role, Json content) {
    return {{"type", "message"}, {"role", role}, {"content", std::move(content)}};
}

Json text_part(const char* type, std::string_view text) {
    return Json::array({{{"type", type}, {"text", utf8(text)}}});
}

/// A reasoning item as it may be sent back: with its blob, without the state of the answer it came in.
/// Null for one without a blob, which a server that kept nothing refuses (6.5).
Json reasoning_item(const std::string& text) {
    auto parsed = parse_json(text);
    if (!parsed || get_string(*parsed, "encrypted_content").value_or("").empty()) return {};
    Json item = std::move(*parsed);
    item.erase("status");
    item["type"] = "reasoning";
    if (!item.contains("summary")) item["summary"] = Json::array();
    return item;
}

void add_assistant(Json& input, const Message& message, const Body& body) {
    for (const auto& text : message.reasoning_items) {
        Json item = body.drops("include") ? Json{} : reasoning_item(text);
        if (!item.is_null()) input.push_back(std::move(item));
    }
    if (!message.text.empty()) {
        input.push_back(response_message("assistant", text_part("output_text", message.text)));
    }
    for (const auto& call : message.tool_calls) {
        input.push_back({{"type", "function_call"},
                         {"call_id", call_id(call.id)},
                         {"name", utf8(call.name)},
                         {"arguments", arguments_of(call)}});
    }
}

Json response_user(const Message& message) {
    Json parts = Json::array();
    if (!message.text.empty() || message.images.empty()) parts = text_part("input_text", message.text);
    for (const auto& image : message.images) {
        parts.push_back({{"type", "input_image"}, {"image_url", utf8(image.url)}});
    }
    return response_message("user", std::move(parts));
}

/// The system messages at the start as one text; `first` becomes the index of the first other message.
std::string leading_instructions(const std::vector<Message>& messages, std::size_t& first) {
    std::string out;
    for (first = 0; first < messages.size() && messages[first].role == MessageRole::system; ++first) {
        out += (out.empty() ? "" : "\n\n") + utf8(messages[first].text);
    }
    return out;
}

Json response_input(const ChatRequest& request, std::size_t first, const Dialect& dialect, const Body& body) {
    Json input = Json::array();
    for (std::size_t i = first; i < request.messages.size(); ++i) {
        const auto& message = request.messages[i];
        switch (message.role) {
            case MessageRole::system:
                input.push_back(
                    response_message(system_role(dialect), text_part("input_text", message.text)));
                break;
            case MessageRole::user: input.push_back(response_user(message)); break;
            case MessageRole::assistant: add_assistant(input, message, body); break;
            case MessageRole::tool:
                input.push_back({{"type", "function_call_output"},
                                 {"call_id", call_id(message.tool_call_id)},
                                 {"output", utf8(message.text)}});
                break;
        }
    }
    return input;
}

Json response_tools(const std::vector<Tool>& tools, const Body& body) {
    Json out;
    for (const auto& tool : tools) {
        Json flat = function_of(tool);
        flat["type"] = "function";
        // Explicit: implementations turn it on when it is left out.
        if (!body.drops("strict")) flat["strict"] = tool.strict;
        out.push_back(std::move(flat));
    }
    return out;
}

Json response_text(const ChatRequest& request, const Body& body) {
    Json text;
    if (Json format = format_of(request, body); !format.is_null()) text["format"] = std::move(format);
    if (request.verbosity) {
        if (Json verbosity = body.wanted("verbosity", *request.verbosity); !verbosity.is_null()) {
            text["verbosity"] = std::move(verbosity);
        }
    }
    return text;
}

/// A tool choice by name takes the form {type: function, ...}; words stay.
Json forced_tool(const Json& choice, bool nested) {
    const auto name = get_string(choice, "name");
    if (!name) return choice;
    if (nested) return {{"type", "function"}, {"function", {{"name", *name}}}};
    return {{"type", "function"}, {"name", *name}};
}

}  // namespace

Outgoing build_chat_completions(const ChatRequest& request, const Dialect& learned) {
    const ReasoningOff reasoning = reasoning_of(request, ChatApi::completions);
    const Dialect dialect = dialect_for(request, reasoning, learned);
    const auto& sampling = request.sampling;
    const char* limit = dialect.max_completion_tokens ? "max_completion_tokens" : "max_tokens";
    Body body{dialect};
    body.put_text("model", request.model);
    body.put("messages", chat_messages(request.messages, dialect));
    body.put("stream", request.stream);
    if (request.stream) body.put("stream_options", Json{{"include_usage", true}});
    body.put(limit, sampling.max_tokens);
    body.put_sampling(sampling);
    body.put_stop(sampling.stop);
    put_reasoning(body, request, reasoning);
    body.put("verbosity", request.verbosity);
    body.put("prompt_cache_key", request.prompt_cache_key);
    if (!request.tools.empty()) {
        body.put("tools", chat_tools(request.tools, body));
        body.put("tool_choice", forced_tool(request.tool_choice, true));
    }
    body.put("response_format", chat_format(format_of(request, body)));
    return std::move(body).finish("/chat/completions", request.extra_body, Shape::chat_completions, limit,
                                  sampling.stop);
}

Outgoing build_responses(const ChatRequest& request, const Dialect& learned) {
    const ReasoningOff reasoning = reasoning_of(request, ChatApi::responses);
    const Dialect dialect = dialect_for(request, reasoning, learned);
    const auto& sampling = request.sampling;
    Body body{dialect};
    std::size_t first = 0;
    const auto instructions = leading_instructions(request.messages, first);
    if (body.drops("instructions")) first = 0;
    body.put_text("model", request.model);
    if (!instructions.empty()) body.put("instructions", instructions);
    body.put("input", response_input(request, first, dialect, body));
    body.put("stream", request.stream);
    body.put("store", false);
    if (sampling.max_tokens)
        body.put("max_output_tokens", std::max(*sampling.max_tokens, kLeastResponsesTokens));
    body.put("temperature", sampling.temperature);
    body.put("top_p", sampling.top_p);
    body.put("reasoning", effort_object(reasoning, body));
    body.put("text", response_text(request, body));
    body.put("prompt_cache_key", request.prompt_cache_key);
    if (!request.tools.empty()) {
        body.put("tools", response_tools(request.tools, body));
        body.put("tool_choice", forced_tool(request.tool_choice, false));
    }
    if (is_reasoning_model(request.model)) body.put("include", Json::array({"reasoning.encrypted_content"}));
    return std::move(body).finish("/responses", request.extra_body, Shape::responses, "max_output_tokens",
                                  sampling.stop);
}

}  // namespace dragoman::wire
