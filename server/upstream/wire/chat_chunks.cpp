#include "server/upstream/wire/chat_chunks.h"

#include "server/upstream/wire/lenient_json.h"
#include "server/upstream/wire/usage.h"

#include <algorithm>
#include <array>

namespace dragoman::wire {
namespace {

struct ReasonName {
    std::string_view name;
    std::optional<FinishReason> reason;  // nothing: generation broke down
};

// finish_reason and llama.cpp's stop_type, of all vendors. What is not here counts as `other`.
constexpr std::array kReasons = {
    ReasonName{"stop", FinishReason::stop},
    ReasonName{"eos", FinishReason::stop},
    ReasonName{"word", FinishReason::stop},
    ReasonName{"none", FinishReason::stop},
    ReasonName{"eos_token", FinishReason::stop},
    ReasonName{"end_turn", FinishReason::stop},
    ReasonName{"STOP", FinishReason::stop},
    ReasonName{"stop_sequence", FinishReason::stop},
    ReasonName{"length", FinishReason::length},
    ReasonName{"limit", FinishReason::length},
    ReasonName{"max_tokens", FinishReason::length},
    ReasonName{"model_length", FinishReason::length},
    ReasonName{"MAX_TOKENS", FinishReason::length},
    ReasonName{"tool_calls", FinishReason::tool_calls},
    ReasonName{"function_call", FinishReason::tool_calls},
    ReasonName{"tool_use", FinishReason::tool_calls},
    ReasonName{"content_filter", FinishReason::content_filter},
    ReasonName{"SAFETY", FinishReason::content_filter},
    ReasonName{"RECITATION", FinishReason::content_filter},
    ReasonName{"insufficient_system_resource", std::nullopt},
    ReasonName{"abort", std::nullopt},
    ReasonName{"error", std::nullopt},
};

// The details of OpenRouter: which member of an element holds text for people.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kReasoningDetails = {
    {{"reasoning.text", "text"}, {"reasoning.summary", "summary"}}};

Error generation_failed(std::string_view reason) {
    Error error;
    error.kind = ErrorKind::upstream_unavailable;
    error.message = "The gateway broke off the answer with \"" + std::string{reason} + "\".";
    error.hint = "Try again, or choose another model.";
    error.upstream_code = reason;
    error.retryable = true;
    return error;
}

/// `place` as a reader of the API's reference would name it.
Error malformed(std::string_view place) {
    Error error;
    error.kind = ErrorKind::bad_response;
    error.message = "The gateway's answer is not of the API: " + std::string{place} + ".";
    error.hint = "Choose another model, or set api of the provider to the API this gateway speaks.";
    return error;
}

bool is_text(const Json& object, std::string_view name) {
    const Json* value = find(object, name);
    return value != nullptr && value->is_string();
}

bool flag(const Json& object, std::string_view name) { return get_bool(object, name).value_or(false); }

}  // namespace

void ChatChunks::read(const Json& chunk, bool last) {
    answer_.emitter().begin(text_of(chunk, "id"), text_of(chunk, "model"));
    if (const Json* choices = array_of(chunk, "choices")) {
        for (std::size_t place = 0; place < choices->size(); ++place) {
            const Json& choice = (*choices)[place];
            if (!choice.is_object()) continue;
            if (const auto index = index_of(choice, place, choices->size()))
                read_choice(choice, *index, last);
        }
    }
    if (const Json* usage = find(chunk, "usage"); usage && usage->is_object()) read_usage_of(chunk, *usage);
}

void ChatChunks::read_usage_of(const Json& chunk, const Json& usage) {
    auto counts = read_usage(usage);
    if (!counts) return;
    if (!counts->cached) counts->cached = cached_by_timings(chunk, counts->input);
    answer_.usage(*counts);
}

// With one choice asked for, every number means that choice: some servers count tokens there.
std::optional<int> ChatChunks::index_of(const Json& choice, std::size_t place, std::size_t count) {
    const auto index = get_int(choice, "index").value_or(static_cast<std::int64_t>(place));
    const int asked = answer_.options().choices;
    if (asked <= 1 && (count == 1 || index == 0)) return 0;
    if (asked > 1 && index >= 0 && index < asked) return static_cast<int>(index);
    answer_.emitter().warn("extra-choices");
    return std::nullopt;
}

void ChatChunks::read_choice(const Json& choice, int index, bool last) {
    const Json* delta = find(choice, "delta");
    const Json* message = delta ? nullptr : find(choice, "message");
    if (const Json* body = delta ? delta : message; body && body->is_object()) {
        read_delta(*body, index);
    } else if (const Json* text = find(choice, "text")) {
        read_content(*text, index);
    }
    if (const Json* logprobs = find(choice, "logprobs"); logprobs && logprobs->is_object()) {
        answer_.logprobs(index);
    }
    read_finish(find(choice, "finish_reason"), index);
    if (last && !delta) {
        // A whole answer is finished whether it says so or not.
        answer_.finish(index, FinishReason::stop);
    }
}

void ChatChunks::read_delta(const Json& delta, int index) {
    read_reasoning(delta, index);
    if (const Json* content = find(delta, "content")) read_content(*content, index);
    answer_.refusal(index, text_of(delta, "refusal"));
    if (const Json* calls = array_of(delta, "tool_calls")) answer_.tools(index).read(*calls);
    if (const Json* call = find(delta, "function_call"); call && call->is_object()) {
        answer_.tools(index).read_function_call(*call);
    }
}

void ChatChunks::read_content(const Json& content, int index) {
    if (content.is_string()) return answer_.text(index, text_of(content));
    if (content.is_array()) {
        for (const auto& part : content) read_part(part, index);
        return;
    }
    // One part that is not in a list is clear enough; a number or an object of the gateway's own is not.
    if (is_text(content, "text") || content.contains("thinking")) return read_part(content, index);
    if (content.empty() || answer_.spoke(index)) return answer_.emitter().warn("bad-content");
    answer_.fail(malformed("what should be the text is none"));
}

void ChatChunks::read_part(const Json& part, int index) {
    if (part.is_string()) return answer_.text(index, text_of(part));
    if (!part.is_object()) return;
    const Json* thinking = find(part, "thinking");
    if (!thinking) {
        answer_.text(index, text_of(part, "text"));
        return answer_.refusal(index, text_of(part, "refusal"));
    }
    answer_.reasoning(index, text_of(*thinking));
    if (!thinking->is_array()) return;
    for (const auto& piece : *thinking) answer_.reasoning(index, text_of(piece, "text"));
}

// The same thought comes under several names at once; one of them counts.
void ChatChunks::read_reasoning(const Json& delta, int index) {
    for (const std::string_view name : {"reasoning_content", "reasoning"}) {
        if (const auto text = text_of(delta, name); !text.empty()) return answer_.reasoning(index, text);
    }
    const Json* details = array_of(delta, "reasoning_details");
    if (!details) return;
    for (const auto& detail : *details) {
        const auto type = text_of(detail, "type");
        for (const auto& [kind, member] : kReasoningDetails) {
            if (type == kind) answer_.reasoning(index, text_of(detail, member));
        }
    }
}

// A reason that is no word is a break of the API; it matters where there is nothing but the reason.
void ChatChunks::read_finish(const Json* value, int index) {
    if (value == nullptr || value->is_string()) return read_finish(value ? text_of(*value) : "", index);
    if (!answer_.spoke(index))
        return answer_.fail(malformed("finish_reason is no word, and there is no text"));
    answer_.emitter().warn("bad-finish-reason");
    answer_.finish(index, FinishReason::other);
}

void ChatChunks::read_finish(std::string_view reason, int index) {
    if (reason.empty() || reason == "null") return;
    const auto known = std::find_if(kReasons.begin(), kReasons.end(),
                                    [reason](const ReasonName& entry) { return entry.name == reason; });
    if (known == kReasons.end()) return answer_.finish(index, FinishReason::other);
    if (!known->reason) return answer_.fail(generation_failed(reason));
    answer_.finish(index, *known->reason);
}

bool ChatChunks::is_native(const Json& object) {
    const auto content = object.find("content");
    const auto stop = object.find("stop");
    return content != object.end() && content->is_string() && stop != object.end() && stop->is_boolean();
}

void ChatChunks::read_native(const Json& chunk) {
    answer_.emitter().begin({}, text_of(chunk, "model"));
    answer_.text(0, text_of(chunk, "content"));
    if (!flag(chunk, "stop")) return;
    if (flag(chunk, "truncated")) answer_.emitter().warn("context-truncated");
    const auto type = text_of(chunk, "stop_type");
    read_finish(type.empty() ? (flag(chunk, "stopped_limit") ? "limit" : "eos") : type, 0);
    const auto input = token_count(chunk, "tokens_evaluated").value_or(0);
    const Usage usage{.input = input,
                      .output = token_count(chunk, "tokens_predicted").value_or(0),
                      .cached = cached_by_timings(chunk, input)};
    if (usage.input > 0 || usage.output > 0) answer_.usage(usage);
    answer_.end();
}

}  // namespace dragoman::wire
