#include "server/session/chat_params.h"

#include "protocol/lsp/types.h"

namespace dragoman::session {
namespace {

Complaint read_string(const Json& object, const char* name, std::string& out) {
    const Json* value = find(object, name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) return std::string{name} + " must be a string";
    out = value->get<std::string>();
    return std::nullopt;
}

Complaint read_bool(const Json& object, const char* name, bool& out) {
    const Json* value = find(object, name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_boolean()) return std::string{name} + " must be true or false";
    out = value->get<bool>();
    return std::nullopt;
}

Complaint read_number(const Json& object, const char* name, std::optional<double>& out) {
    if (find(object, name) == nullptr) return std::nullopt;
    out = get_number(object, name);
    return out ? std::nullopt : Complaint{std::string{"options."} + name + " must be a number"};
}

Complaint read_integer(const Json& object, const char* name, std::int64_t least,
                       std::optional<std::int64_t>& out) {
    if (find(object, name) == nullptr) return std::nullopt;
    out = get_int(object, name);
    if (out && *out >= least) return std::nullopt;
    return std::string{"options."} + name + " must be an integer of at least " + std::to_string(least);
}

Complaint read_stop(const Json& options, std::vector<std::string>& out) {
    const Json* stop = find(options, "stop");
    if (stop == nullptr) return std::nullopt;
    const Json list = stop->is_array() ? *stop : Json::array({*stop});
    for (const Json& one : list) {
        if (!one.is_string()) return "options.stop must be a string or an array of strings";
        out.push_back(one.get<std::string>());
    }
    return std::nullopt;
}

}  // namespace

Complaint read_options(const Json& params, chat::Options& out) {
    const Json* options = find(params, "options");
    if (options == nullptr || (options->is_array() && options->empty())) return std::nullopt;
    if (!options->is_object()) return "options must be an object";
    if (auto bad = read_number(*options, "temperature", out.sampling.temperature)) return bad;
    if (auto bad = read_number(*options, "topP", out.sampling.top_p)) return bad;
    if (auto bad = read_integer(*options, "maxTokens", 1, out.sampling.max_tokens)) return bad;
    if (auto bad = read_integer(*options, "seed", INT64_MIN, out.sampling.seed)) return bad;
    if (auto bad = read_stop(*options, out.sampling.stop)) return bad;
    std::string effort, system;
    if (auto bad = read_string(*options, "reasoningEffort", effort))
        return std::string{"options."}.append(*bad);
    if (auto bad = read_string(*options, "systemPrompt", system)) return std::string{"options."}.append(*bad);
    if (!effort.empty()) out.sampling.reasoning_effort = effort;
    if (find(*options, "systemPrompt") != nullptr) out.system_prompt = system;
    if (const Json* extra = find(*options, "extraBody")) {
        if (!extra->is_object()) return "options.extraBody must be an object";
        out.extra_body = *extra;
    }
    return std::nullopt;
}

std::optional<chat::DiagnosticsItem> read_diagnostics(const Json& item, const std::string& uri) {
    const Json* list = find(item, "diagnostics");
    if (list == nullptr || !list->is_array()) return std::nullopt;
    chat::DiagnosticsItem out{.uri = uri, .diagnostics = {}};
    for (const Json& one : *list) {
        const Json* range = find(one, "range");
        const auto place = range == nullptr ? std::nullopt : lsp::range_from_json(*range);
        const auto message = get_string(one, "message");
        if (!place || !message) return std::nullopt;
        const Json* code = find(one, "code");
        out.diagnostics.push_back({.range = *place,
                                   .severity = static_cast<int>(get_int(one, "severity").value_or(1)),
                                   .message = *message,
                                   .source = get_string(one, "source").value_or(""),
                                   .code = code == nullptr     ? ""
                                           : code->is_string() ? code->get<std::string>()
                                                               : dump_json(*code)});
    }
    return out;
}

namespace {

Result<chat::ContextItem, std::string> read_image(const Json& item, const std::string& at) {
    const Json* data = find(item, "data");
    if (data == nullptr || !data->is_string()) return at + ".data must be a string";
    const auto& base64 = data->get_ref<const std::string&>();
    chat::Image image{.mime_type = get_string(item, "mimeType").value_or(""), .data = nullptr};
    if (const auto trouble = chat::image_trouble(image.mime_type, base64)) return at + ": " + *trouble;
    image.data = std::make_shared<const std::string>(base64);
    if (auto bad = read_string(item, "uri", image.uri)) return at + "." + *bad;
    return chat::ContextItem{std::move(image)};
}

/// The item less the data of an image, of which there is one copy.
Json without_data(const Json& item) {
    if (get_string(item, "kind") != "image") return item;
    Json out = Json::object();
    for (const auto& [name, value] : item.items())
        if (name != "data") out[name] = value;
    return out;
}

Result<chat::ContextItem, std::string> read_item(const Json& item, const std::string& at) {
    const std::string kind = get_string(item, "kind").value_or("");
    if (kind == "image") return read_image(item, at);
    const std::string uri = get_string(item, "uri").value_or("");
    if (kind == "text") {
        const auto text = get_string(item, "text");
        if (!text) return at + ".text must be a string";
        chat::TextItem out{.text = *text, .label = {}};
        if (auto bad = read_string(item, "label", out.label)) return at + "." + *bad;
        if (auto bad = read_string(item, "uri", out.uri)) return at + "." + *bad;
        return chat::ContextItem{std::move(out)};
    }
    if (kind == "gitDiff") {
        bool staged = false;
        if (auto bad = read_bool(item, "staged", staged)) return at + "." + *bad;
        return chat::ContextItem{
            chat::TextItem{.text = {}, .label = staged ? "Staged changes" : "Changes", .kind = "gitDiff"}};
    }
    if (kind != "file" && kind != "range" && kind != "diagnostics") {
        return at + ".kind \"" + one_line(kind, 40) +
               "\" is unknown; known are file, range, text, diagnostics, gitDiff and image";
    }
    if (uri.empty()) return at + ".uri must be a string";
    if (kind == "file") return chat::ContextItem{chat::FileItem{uri}};
    if (kind == "range") {
        const Json* range = find(item, "range");
        const auto place = range == nullptr ? std::nullopt : lsp::range_from_json(*range);
        if (!place) return at + ".range must be a range";
        return chat::ContextItem{chat::RangeItem{uri, *place}};
    }
    auto diagnostics = read_diagnostics(item, uri);
    if (!diagnostics) return at + ".diagnostics must be an array of LSP diagnostics";
    return chat::ContextItem{std::move(*diagnostics)};
}

Complaint read_context(const Json& params, ChatParams& out) {
    chat::Send& send = out.send;
    const Json* context = find(params, "context");
    if (context == nullptr) return std::nullopt;
    if (!context->is_array()) return "context must be an array";
    for (std::size_t i = 0; i < context->size(); ++i) {
        auto item = read_item((*context)[i], "context[" + std::to_string(i) + "]");
        if (!item) return item.error();
        if (get_string((*context)[i], "kind") == "gitDiff") {
            const bool staged = find((*context)[i], "staged") != nullptr && (*context)[i]["staged"] == true;
            out.diffs.push_back({.item = send.context.size(), .staged = staged});
        }
        send.context.push_back(std::move(*item));
        send.context_json.push_back(without_data((*context)[i]));
    }
    return std::nullopt;
}

Complaint read_document(const Json& params, std::string& uri) {
    const Json* document = find(params, "textDocument");
    if (document == nullptr) return std::nullopt;
    const auto read = get_string(*document, "uri");
    if (!read) return "textDocument must be an object with a uri";
    uri = *read;
    return std::nullopt;
}

}  // namespace

Complaint read_token(const Json& params, Json& out) {
    const Json* token = find(params, "partialResultToken");
    if (token == nullptr) return std::nullopt;
    if (!token->is_string() && !as_int(*token)) return "partialResultToken must be a string or an integer";
    out = *token;
    return std::nullopt;
}

Result<ChatParams, std::string> read_chat_params(const Json& params) {
    ChatParams out;
    chat::Send& send = out.send;
    if (find(params, "prompt") == nullptr) return std::string{"prompt must be a string"};
    if (auto bad = read_string(params, "prompt", send.prompt)) return *bad;
    if (auto bad = read_string(params, "conversation", send.conversation)) return *bad;
    if (auto bad = read_string(params, "model", send.model)) return *bad;
    if (auto bad = read_string(params, "replaceTurn", send.replace_turn)) return *bad;
    if (auto bad = read_bool(params, "continue", send.resume)) return *bad;
    if (auto bad = read_options(params, send.options)) return *bad;
    if (auto bad = read_context(params, out)) return *bad;
    if (auto bad = read_document(params, out.document_uri)) return *bad;
    if (auto bad = read_token(params, out.token)) return *bad;
    if (send.resume && send.replace_turn.empty()) return std::string{"continue needs replaceTurn"};
    if (!send.replace_turn.empty() && send.conversation.empty())
        return std::string{"replaceTurn needs conversation"};
    if (one_line(send.prompt).empty() && send.context.empty() && !send.resume) {
        return std::string{"prompt is empty and nothing is attached; ask something"};
    }
    return out;
}

}  // namespace dragoman::session
