#include "server/chat/records.h"

#include <algorithm>
#include <array>
#include <utility>

namespace dragoman::chat {
namespace {

template <class T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

constexpr Names<TurnState, 4> kStates{{{TurnState::running, "running"},
                                       {TurnState::complete, "complete"},
                                       {TurnState::cancelled, "cancelled"},
                                       {TurnState::failed, "failed"}}};
constexpr Names<wire::FinishReason, 5> kFinishes{{{wire::FinishReason::stop, "stop"},
                                                  {wire::FinishReason::length, "length"},
                                                  {wire::FinishReason::tool_calls, "toolCalls"},
                                                  {wire::FinishReason::content_filter, "contentFilter"},
                                                  {wire::FinishReason::other, "other"}}};

template <class T, std::size_t N>
std::string name_of(const Names<T, N>& names, T value) {
    for (const auto& [one, name] : names)
        if (one == value) return std::string{name};
    return {};
}

template <class T, std::size_t N>
T value_of(const Names<T, N>& names, const std::string& name, T otherwise) {
    for (const auto& [one, known] : names)
        if (known == name) return one;
    return otherwise;
}

Json to_json(const wire::Usage& usage) {
    Json out = {{"input", usage.input}, {"output", usage.output}};
    if (usage.cached) out["cached"] = *usage.cached;
    if (usage.reasoning) out["reasoning"] = *usage.reasoning;
    return out;
}

wire::Usage usage_of(const Json& json) {
    return {.input = get_int(json, "input").value_or(0),
            .output = get_int(json, "output").value_or(0),
            .cached = get_int(json, "cached"),
            .reasoning = get_int(json, "reasoning")};
}

Json to_json(const Error& error) {
    return {{"kind", wire_name(error.kind)},
            {"message", error.message},
            {"hint", error.hint},
            {"provider", error.provider},
            {"model", error.model},
            {"httpStatus", error.http_status},
            {"upstreamCode", error.upstream_code},
            {"upstreamMessage", error.upstream_message},
            {"requestId", error.request_id},
            {"param", error.param},
            {"retryable", error.retryable}};
}

Error error_of(const Json& json) {
    const auto text = [&](std::string_view name) { return get_string(json, name).value_or(""); };
    Error error;
    const std::string kind = text("kind");
    for (int i = 0; i < kErrorKindCount; ++i) {
        const auto one = static_cast<ErrorKind>(i);
        if (wire_name(one) == kind) error.kind = one;
    }
    error.message = text("message");
    error.hint = text("hint");
    error.provider = text("provider");
    error.model = text("model");
    error.http_status = static_cast<int>(get_int(json, "httpStatus").value_or(0));
    error.upstream_code = text("upstreamCode");
    error.upstream_message = text("upstreamMessage");
    error.request_id = text("requestId");
    error.param = text("param");
    error.retryable = get_bool(json, "retryable").value_or(false);
    return error;
}

Json to_json(const Attachment& attachment) {
    return {{"title", attachment.title},
            {"language", attachment.language},
            {"text", attachment.text},
            {"line", attachment.line},
            {"leftOut", attachment.left_out}};
}

Attachment attachment_of(const Json& json) {
    const auto text = [&](std::string_view name) { return get_string(json, name).value_or(""); };
    const auto number = [&](std::string_view name) {
        return static_cast<std::size_t>(std::max<std::int64_t>(get_int(json, name).value_or(0), 0));
    };
    return {.title = text("title"),
            .language = text("language"),
            .text = text("text"),
            .line = number("line"),
            .left_out = number("leftOut")};
}

Json details_of(const Turn& turn) {
    Json attached = Json::array();
    for (const Attachment& one : turn.attached) attached.push_back(to_json(one));
    Json out = {{"context", turn.context},
                {"attached", std::move(attached)},
                {"reasoning", turn.reasoning},
                {"reasoningItems", turn.reasoning_items},
                {"finish", name_of(kFinishes, turn.finish)}};
    Json calls = Json::array();
    for (const wire::ToolCall& call : turn.tool_calls)
        calls.push_back({{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}});
    out["toolCalls"] = std::move(calls);
    if (turn.usage) out["usage"] = to_json(*turn.usage);
    if (turn.error) out["error"] = to_json(*turn.error);
    return out;
}

void read_details(Turn& turn, const std::string& text) {
    const auto read = parse_json(text, {.bytes = std::size_t{1} << 30U});
    const Json json = read ? *read : Json::object();
    turn.reasoning = get_string(json, "reasoning").value_or("");
    turn.finish = value_of(kFinishes, get_string(json, "finish").value_or(""), wire::FinishReason::other);
    if (const Json* context = find(json, "context"); context != nullptr && context->is_array())
        turn.context = *context;
    if (const Json* attached = find(json, "attached"); attached != nullptr && attached->is_array())
        for (const Json& one : *attached) turn.attached.push_back(attachment_of(one));
    if (const Json* items = find(json, "reasoningItems"); items != nullptr && items->is_array()) {
        for (const Json& item : *items)
            if (item.is_string()) turn.reasoning_items.push_back(item.get<std::string>());
    }
    if (const Json* calls = find(json, "toolCalls"); calls != nullptr && calls->is_array()) {
        for (const Json& call : *calls) {
            turn.tool_calls.push_back({get_string(call, "id").value_or(""),
                                       get_string(call, "name").value_or(""),
                                       get_string(call, "arguments").value_or("")});
        }
    }
    if (const Json* usage = find(json, "usage")) turn.usage = usage_of(*usage);
    if (const Json* error = find(json, "error")) turn.error = error_of(*error);
}

}  // namespace

store::Instant to_instant(Clock::WallTime time) {
    return std::chrono::duration_cast<Milliseconds>(time.time_since_epoch()).count();
}

Clock::WallTime from_instant(store::Instant instant) { return Clock::WallTime{Milliseconds{instant}}; }

store::TurnRecord to_record(const Turn& turn) {
    std::vector<std::shared_ptr<const std::string>> attachments;
    for (const Image& image : turn.images) attachments.push_back(image.data);
    return {.id = turn.id,
            .created = to_instant(turn.created),
            .state = name_of(kStates, turn.state),
            .model = turn.model,
            .prompt = turn.prompt,
            .answer = turn.text,
            .details = dump_json(details_of(turn)),
            .attachments = std::move(attachments)};
}

namespace {

/// The images of `turn.context`, whose data the row holds beside it. One without data, of a file that was
/// tampered with, is left out of both.
void read_images(Turn& turn, std::vector<std::shared_ptr<const std::string>> data) {
    std::size_t next = 0;
    Json context = Json::array();
    for (const Json& item : turn.context) {
        if (get_string(item, "kind") == "image") {
            if (next == data.size()) continue;
            turn.images.push_back({get_string(item, "mimeType").value_or(""), std::move(data[next++])});
        }
        context.push_back(item);
    }
    turn.context = std::move(context);
}

}  // namespace

Conversation from_record(store::ConversationRecord record) {
    Conversation out;
    out.id = std::move(record.head.id);
    out.title = std::move(record.head.title);
    out.created = from_instant(record.head.created);
    out.updated = from_instant(record.head.updated);
    out.kept = out.stored = true;
    for (store::TurnRecord& one : record.turns) {
        Turn turn;
        turn.id = std::move(one.id);
        turn.created = from_instant(one.created);
        turn.state = value_of(kStates, one.state, TurnState::failed);
        if (turn.state == TurnState::running) turn.state = TurnState::cancelled;
        turn.model = std::move(one.model);
        turn.prompt = std::move(one.prompt);
        turn.text = std::move(one.answer);
        turn.saved = turn.revision;
        read_details(turn, one.details);
        read_images(turn, std::move(one.attachments));
        turn.context_bytes = dump_json(turn.context).size();
        out.turns.push_back(std::move(turn));
    }
    return out;
}

}  // namespace dragoman::chat
