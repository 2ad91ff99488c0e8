// What is asked of a gateway, before it takes the form of one of the wire APIs.
#pragma once

#include "protocol/base/json.h"
#include "server/upstream/wire/decoder.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::wire {

enum class MessageRole { system, user, assistant, tool };

struct Image {
    std::string url;  // data: URL or https
    friend bool operator==(const Image&, const Image&) = default;
};
struct ToolCall {
    std::string id, name, arguments;
    friend bool operator==(const ToolCall&, const ToolCall&) = default;
};

struct Message {
    MessageRole role = MessageRole::user;
    std::string text{};
    std::vector<Image> images{};                 // user only
    std::vector<ToolCall> tool_calls{};          // assistant only
    std::string tool_call_id{};                  // tool only
    std::string reasoning{};                     // assistant: sent back only where the dialect says so
    std::vector<std::string> reasoning_items{};  // assistant: EncryptedReasoning items of that turn
    friend bool operator==(const Message&, const Message&) = default;
};

/// One of text only.
inline Message message(MessageRole role, std::string text) {
    Message out;
    out.role = role;
    out.text = std::move(text);
    return out;
}

struct Tool {
    std::string name, description;
    Json parameters = Json::object();
    bool strict = false;
};

/// Sampling and limits; absent means: leave it to the gateway.
struct Sampling {
    std::optional<double> temperature{}, top_p{}, presence_penalty{}, frequency_penalty{};
    std::optional<std::int64_t> max_tokens{}, seed{};
    std::vector<std::string> stop{};
    std::optional<std::string> reasoning_effort{};  // none, minimal, low, medium, high, ...
    /// Reasoning switched off, or as low as model and host allow. A reasoning_effort outranks it, and so does
    /// an extraBody that speaks of reasoning. Fill routes do not think.
    bool avoid_reasoning = false;
    friend bool operator==(const Sampling&, const Sampling&) = default;
};

enum class ChatApi { completions, responses };

/// How a host takes the wish that its models do not think (see reasoning_switch.h).
enum class ReasoningHost {
    vendor,             // as the model's vendor documents it
    effort,             // reasoning_effort, understood for every model (Ollama)
    nested_effort,      // reasoning: {effort} (OpenRouter)
    template_argument,  // chat_template_kwargs (llama.cpp, vLLM)
    flag,               // enable_thinking for every model (SiliconFlow, Model Studio)
    none,               // not at all
};
/// By its name in settings (reasoningSwitch); any other name: vendor.
ReasoningHost reasoning_host(std::string_view name);

/// One question to a chat model.
struct ChatRequest {
    std::string model;
    std::vector<Message> messages;
    Sampling sampling{};
    std::vector<Tool> tools{};
    Json tool_choice{};      // null, "none", "auto", "required" or {"name": ...}
    Json response_format{};  // null, {"type": "json_object"} or {"type": "json_schema", name, schema, strict}
    std::optional<std::string> verbosity{}, prompt_cache_key{};
    Json extra_body = Json::object();  // laid over the finished body, key by key; null removes
    bool stream = true;
    ReasoningHost reasoning_host = ReasoningHost::vendor;
};

/// One hole in a file to be filled by a model that knows how.
struct FillRequest {
    std::string model;
    std::string prefix, suffix;
    std::string path{}, repository{};  // as the prompt names them; may be empty
    struct File {
        std::string path, text;
    };
    std::vector<File> files{};  // other files, most relevant last (nearest to the hole)
    Sampling sampling{};
    std::optional<std::string> prompt_cache_key{};  // mistral-fim
    Json extra_body = Json::object();
    bool stream = true;
};

/// What one gateway and model turned out to need, learned from refusals (see adapt.h) and kept per
/// (base URL, model). Starts from what provider and model name tell.
struct Dialect {
    bool max_completion_tokens = false;  // in place of max_tokens
    bool developer_role = false;         // in place of system
    bool send_reasoning = false;         // assistant turns with tool calls carry reasoning_content
    bool random_seed = false;            // Mistral's name of seed
    bool refuses_sampling = false;       // although the effort is "none" (model_traits.h)
    std::set<std::string>
        dropped{};  // wire names of fields not to send: "temperature", "stream_options", ...
    /// Wire name, or "name=value" where one value was refused -> what to send instead:
    /// "reasoning_effort=minimal" -> "low", "response_format=json_schema" -> {"type": "json_object"}.
    std::map<std::string, Json> replaced{};
    friend bool operator==(const Dialect&, const Dialect&) = default;
};

/// A body and how its answer is to be read. The caller joins `path` to the base URL.
struct Outgoing {
    std::string path;  // "/chat/completions", "/responses", "/completions", "/fim/completions", "/infill"
    Json body;
    DecoderOptions reading;
};

/// POST .../chat/completions. Only what was asked for is sent: model, messages, stream, limits, and
/// stream_options.include_usage until the dialect drops it.
Outgoing build_chat_completions(const ChatRequest& request, const Dialect& dialect);
/// POST .../responses, store: false. Stop strings have no place on this wire: the decoder cuts.
Outgoing build_responses(const ChatRequest& request, const Dialect& dialect);
/// POST .../completions with `suffix`: no FIM tokens. Where the dialect drops `suffix`, the prompt is made
/// of the model's own tokens if its family is known.
Outgoing build_completions_suffix(const FillRequest& request, const Dialect& dialect);
/// POST .../completions with a prompt made of a family's own tokens, in its repository form when files are
/// given and it has one. Empty result: unknown family.
std::optional<Outgoing> build_completions_tokens(const FillRequest& request, const std::string& family,
                                                 const Dialect& dialect);
/// POST .../fim/completions (Mistral).
Outgoing build_mistral_fim(const FillRequest& request, const Dialect& dialect);
/// POST /infill (llama.cpp; beside /v1, not below it).
Outgoing build_llamacpp_infill(const FillRequest& request, const Dialect& dialect);
/// POST .../embeddings with model and input alone.
Outgoing build_embeddings(const std::string& model, const std::vector<std::string>& input);

/// What provider kind and model name tell about the dialect before anything was refused.
Dialect initial_dialect(std::string_view model);

/// The FIM family for a model name ("qwen", "deepseek", "codellama", ...), or nothing for models that
/// only chat (upstream.md 10.3).
std::optional<std::string> fim_family(std::string_view model);

/// FillRequest::files have a place of their own in this fill route ("fim-tokens:qwen", "llamacpp-infill",
/// ..., as Gateway::fill_route() names it) and model. Elsewhere they are left out: what is to be seen of them
/// belongs in front of the prefix, as comments.
bool takes_files(std::string_view route, std::string_view model);

}  // namespace dragoman::wire
