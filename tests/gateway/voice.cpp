#include "tests/gateway/voice.h"

#include <algorithm>
#include <stdexcept>

namespace dragoman::test {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kCreated = 1'700'000'000;

bool flag(const Json& object, const char* key) {
    if (!object.is_object()) return false;
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

/// An array of one: braces alone mean it to some compilers and a copy to others.
Json one(Json element) {
    Json out = Json::array();
    out.push_back(std::move(element));
    return out;
}

/// What every voice keeps of what was said.
class Speaker : public Voice {
public:
    Speaker(const HttpRequest& request, const Dialect& dialect, const std::optional<TokenUsage>& claimed)
        : dialect_{dialect}, model_{request.model()}, claimed_{claimed} {
        input_ = static_cast<std::int64_t>(words(request.prompt_text()).size());
        const auto options =
            request.json.is_object() ? request.json.find("stream_options") : request.json.end();
        wants_usage_ = options != request.json.end() && flag(*options, "include_usage");
    }

protected:
    TokenUsage usage() const {
        if (claimed_) return *claimed_;
        const auto reasoning = static_cast<std::int64_t>(words(reasoning_).size());
        return {.input = input_,
                .output = static_cast<std::int64_t>(words(text_).size()) + reasoning,
                .cached = 0,
                .reasoning = reasoning};
    }

    Json chat_usage() const {
        const TokenUsage tokens = usage();
        Json out{{"prompt_tokens", tokens.input},
                 {"completion_tokens", tokens.output},
                 {"total_tokens", tokens.input + tokens.output}};
        if (dialect_.usage_details) {
            out["prompt_tokens_details"] = {{"cached_tokens", tokens.cached}};
            out["completion_tokens_details"] = {{"reasoning_tokens", tokens.reasoning}};
        }
        return out;
    }

    const Dialect& dialect_;
    std::string model_, text_, reasoning_, reason_;
    std::vector<step::ToolCall> calls_;
    bool wants_usage_ = false, begun_ = false;

private:
    std::int64_t input_ = 0;
    std::optional<TokenUsage> claimed_;
};

/// POST .../chat/completions, and Mistral's fim/completions, which answers in the same shape.
class ChatVoice final : public Speaker {
public:
    using Speaker::Speaker;

    std::string text(const std::string& piece) override {
        text_ += piece;
        return delta({{"content", piece}});
    }
    std::string reasoning(const std::string& piece) override {
        reasoning_ += piece;
        return delta({{"reasoning_content", piece}});
    }
    std::string tool_call(const step::ToolCall& call) override {
        const auto index = calls_.size();
        calls_.push_back(call);
        std::string out =
            delta({{"tool_calls", one({{"index", index},
                                       {"id", call.id},
                                       {"type", "function"},
                                       {"function", {{"name", call.name}, {"arguments", ""}}}})}});
        return out + delta({{"tool_calls",
                             one({{"index", index}, {"function", {{"arguments", call.arguments}}}})}});
    }
    std::string finish(const std::string& reason) override {
        reason_ = reason;
        std::string out =
            sse(chunk(one({{"index", 0}, {"delta", Json::object()}, {"finish_reason", reason}})));
        if (wants_usage_ && dialect_.usage) {
            Json last = chunk(Json::array());
            last["usage"] = chat_usage();
            out += sse(last);
        }
        if (dialect_.done_marker) out += "data: [DONE]\n\n";
        return out;
    }
    Json whole() const override {
        Json message{{"role", "assistant"}, {"content", calls_.empty() ? Json(text_) : Json()}};
        if (!reasoning_.empty()) message["reasoning_content"] = reasoning_;
        for (const auto& call : calls_)
            message["tool_calls"].push_back(
                {{"id", call.id},
                 {"type", "function"},
                 {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
        Json out{
            {"id", "chatcmpl-1"},
            {"object", "chat.completion"},
            {"model", model_},
            {"choices", one({{"index", 0}, {"message", std::move(message)}, {"finish_reason", reason_}})},
            {"usage", chat_usage()}};
        if (dialect_.created) out["created"] = kCreated;
        return out;
    }

private:
    Json chunk(Json choices) const {
        Json out{{"id", "chatcmpl-1"},
                 {"object", "chat.completion.chunk"},
                 {"model", model_},
                 {"choices", std::move(choices)}};
        if (dialect_.created) out["created"] = kCreated;
        return out;
    }
    std::string delta(Json delta) {
        std::string out;
        if (!begun_ && dialect_.role_chunk)
            out = sse(chunk(one({{"index", 0},
                                 {"delta", {{"role", "assistant"}, {"content", ""}}},
                                 {"finish_reason", nullptr}})));
        begun_ = true;
        return out + sse(chunk(one({{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", nullptr}})));
    }
};

/// POST .../completions.
class CompletionVoice final : public Speaker {
public:
    using Speaker::Speaker;

    std::string text(const std::string& piece) override {
        text_ += piece;
        return sse(object(piece, nullptr));
    }
    std::string reasoning(const std::string&) override {
        throw std::logic_error{"legacy completions have no reasoning"};
    }
    std::string tool_call(const step::ToolCall&) override {
        throw std::logic_error{"legacy completions have no tool calls"};
    }
    std::string finish(const std::string& reason) override {
        reason_ = reason;
        Json last = object("", reason);
        if (wants_usage_ && dialect_.usage) last["usage"] = chat_usage();
        return sse(last) + "data: [DONE]\n\n";
    }
    Json whole() const override {
        Json out = object(text_, reason_);
        out["usage"] = chat_usage();
        return out;
    }

private:
    Json object(const std::string& piece, Json reason) const {
        return {{"id", "cmpl-1"},
                {"object", "text_completion"},
                {"created", kCreated},
                {"model", model_},
                {"choices", one({{"text", piece},
                                 {"index", 0},
                                 {"logprobs", nullptr},
                                 {"finish_reason", std::move(reason)}})}};
    }
};

/// POST /infill of llama.cpp: native objects, no closing marker.
class InfillVoice final : public Speaker {
public:
    using Speaker::Speaker;

    std::string text(const std::string& piece) override {
        text_ += piece;
        return sse(Json{{"index", 0}, {"content", piece}, {"stop", false}});
    }
    std::string reasoning(const std::string&) override { throw std::logic_error{"/infill has no reasoning"}; }
    std::string tool_call(const step::ToolCall&) override {
        throw std::logic_error{"/infill has no tool calls"};
    }
    std::string finish(const std::string& reason) override {
        reason_ = reason;
        return sse(last(""));
    }
    Json whole() const override { return last(text_); }

private:
    Json last(const std::string& content) const {
        return {{"index", 0},
                {"content", content},
                {"stop", true},
                {"stop_type", reason_ == "length" ? "limit" : "eos"},
                {"stopping_word", ""},
                {"truncated", false},
                {"tokens_predicted", usage().output},
                {"tokens_evaluated", usage().input},
                {"tokens_cached", usage().cached}};
    }
};

/// POST .../responses: items that are opened, filled and closed one after the other, no closing marker.
class ResponsesVoice final : public Speaker {
public:
    using Speaker::Speaker;

    std::string text(const std::string& piece) override {
        std::string out = open(Item::message);
        text_ += piece;
        item_text_ += piece;
        return out + event("response.output_text.delta", {{"item_id", item_id()},
                                                          {"output_index", output_.size()},
                                                          {"content_index", 0},
                                                          {"delta", piece},
                                                          {"logprobs", Json::array()}});
    }
    std::string reasoning(const std::string& piece) override {
        std::string out = open(Item::reasoning);
        reasoning_ += piece;
        item_text_ += piece;
        return out + event("response.reasoning_summary_text.delta", {{"item_id", item_id()},
                                                                     {"output_index", output_.size()},
                                                                     {"summary_index", 0},
                                                                     {"delta", piece}});
    }
    std::string tool_call(const step::ToolCall& call) override {
        calls_.push_back(call);
        std::string out = begin() + close_item();
        const std::size_t index = output_.size();
        Json item{{"type", "function_call"}, {"id", "fc_" + std::to_string(index)},
                  {"call_id", call.id},      {"name", call.name},
                  {"arguments", ""},         {"status", "in_progress"}};
        out += event("response.output_item.added", {{"output_index", index}, {"item", item}});
        out += event("response.function_call_arguments.delta",
                     {{"item_id", item["id"]}, {"output_index", index}, {"delta", call.arguments}});
        item["arguments"] = call.arguments;
        item["status"] = "completed";
        out += event("response.function_call_arguments.done", {{"item_id", item["id"]},
                                                               {"output_index", index},
                                                               {"name", call.name},
                                                               {"arguments", call.arguments}});
        out += event("response.output_item.done", {{"output_index", index}, {"item", item}});
        output_.push_back(std::move(item));
        return out;
    }
    std::string finish(const std::string& reason) override {
        reason_ = reason;
        std::string out = begin() + close_item();
        const bool whole_answer = reason == "stop" || reason == "tool_calls";
        out += event(whole_answer ? "response.completed" : "response.incomplete", {{"response", whole()}});
        return out;
    }
    Json whole() const override {
        const bool cut = reason_ == "length" || reason_ == "content_filter";
        Json out = response(reason_.empty() ? "in_progress" : cut ? "incomplete" : "completed");
        if (cut)
            out["incomplete_details"] = {{"reason", reason_ == "length" ? "max_output_tokens" : reason_}};
        if (!reason_.empty()) {
            const TokenUsage tokens = usage();
            out["usage"] = {{"input_tokens", tokens.input},
                            {"input_tokens_details", {{"cached_tokens", tokens.cached}}},
                            {"output_tokens", tokens.output},
                            {"output_tokens_details", {{"reasoning_tokens", tokens.reasoning}}},
                            {"total_tokens", tokens.input + tokens.output}};
        }
        return out;
    }

private:
    enum class Item { none, message, reasoning };

    std::string item_id() const {
        return (open_ == Item::message ? "msg_" : "rs_") + std::to_string(output_.size());
    }
    Json response(const char* status) const {
        return {{"id", "resp_1"},   {"object", "response"}, {"created_at", kCreated},
                {"status", status}, {"error", nullptr},     {"incomplete_details", nullptr},
                {"model", model_},  {"output", output_},    {"usage", nullptr}};
    }
    std::string event(const char* type, Json members) {
        members["type"] = type;
        members["sequence_number"] = sequence_++;
        return sse(members, type);
    }
    std::string begin() {
        if (begun_) return {};
        begun_ = true;
        std::string out = event("response.created", {{"response", response("in_progress")}});
        return out + event("response.in_progress", {{"response", response("in_progress")}});
    }
    std::string open(Item kind) {
        if (open_ == kind) return begin();
        std::string out = begin() + close_item();
        open_ = kind;
        const Json place{{"output_index", output_.size()}};
        Json added = place, part = place;
        added["item"] = kind == Item::message
                            ? Json{{"id", item_id()},
                                   {"type", "message"},
                                   {"status", "in_progress"},
                                   {"role", "assistant"},
                                   {"content", Json::array()}}
                            : Json{{"id", item_id()}, {"type", "reasoning"}, {"summary", Json::array()}};
        part["item_id"] = item_id();
        part[kind == Item::message ? "content_index" : "summary_index"] = 0;
        part["part"] = this->part("");
        out += event("response.output_item.added", std::move(added));
        return out + event(kind == Item::message ? "response.content_part.added"
                                                 : "response.reasoning_summary_part.added",
                           std::move(part));
    }
    Json part(const std::string& text) const {
        if (open_ == Item::message)
            return {{"type", "output_text"}, {"text", text}, {"annotations", Json::array()}};
        return {{"type", "summary_text"}, {"text", text}};
    }
    std::string close_item() {
        if (open_ == Item::none) return {};
        const bool message = open_ == Item::message;
        const Json place{{"item_id", item_id()},
                         {"output_index", output_.size()},
                         {message ? "content_index" : "summary_index", 0}};
        Json text_done = place, part_done = place;
        text_done["text"] = item_text_;
        part_done["part"] = part(item_text_);
        Json item = message
                        ? Json{{"id", item_id()},
                               {"type", "message"},
                               {"status", "completed"},
                               {"role", "assistant"},
                               {"content", one(part(item_text_))}}
                        : Json{{"id", item_id()}, {"type", "reasoning"}, {"summary", one(part(item_text_))}};
        std::string out =
            event(message ? "response.output_text.done" : "response.reasoning_summary_text.done",
                  std::move(text_done));
        out += event(message ? "response.content_part.done" : "response.reasoning_summary_part.done",
                     std::move(part_done));
        out += event("response.output_item.done", {{"output_index", output_.size()}, {"item", item}});
        output_.push_back(std::move(item));
        item_text_.clear();
        open_ = Item::none;
        return out;
    }

    Json output_ = Json::array();
    Item open_ = Item::none;
    std::string item_text_;
    std::int64_t sequence_ = 0;
};

}  // namespace

ApiForm api_form(const Dialect& dialect, std::string_view path) {
    if (dialect.infill && (path == "/infill")) return ApiForm::infill;
    if (path.substr(0, dialect.prefix.size()) != dialect.prefix) return ApiForm::none;
    path.remove_prefix(dialect.prefix.size());
    if (path == "/chat/completions" && dialect.chat) return ApiForm::chat;
    if (path == "/responses" && dialect.responses) return ApiForm::responses;
    if (path == "/completions" && dialect.completions) return ApiForm::completions;
    if (path == "/fim/completions" && dialect.completions) return ApiForm::mistral_fim;
    return ApiForm::none;
}

std::unique_ptr<Voice> make_voice(ApiForm form, const HttpRequest& request, const Dialect& dialect,
                                  const std::optional<TokenUsage>& usage) {
    switch (form) {
        case ApiForm::chat:
        case ApiForm::mistral_fim: return std::make_unique<ChatVoice>(request, dialect, usage);
        case ApiForm::responses: return std::make_unique<ResponsesVoice>(request, dialect, usage);
        case ApiForm::completions: return std::make_unique<CompletionVoice>(request, dialect, usage);
        case ApiForm::infill: return std::make_unique<InfillVoice>(request, dialect, usage);
        case ApiForm::none: break;
    }
    throw std::logic_error{request.path() + " is no path on which a model answers"};
}

std::string sse(const Json& data, std::string_view name) {
    std::string out;
    if (!name.empty()) out.append("event: ").append(name).append("\n");
    return out + "data: " + data.dump() + "\n\n";
}

}  // namespace dragoman::test
