#include "server/upstream/wire/responses_events.h"

#include "server/upstream/wire/lenient_json.h"

#include <algorithm>
#include <array>

namespace dragoman::wire {
namespace {

using Kind = ResponsesEvents::Kind;
using Part = ResponsesEvents::Part;

constexpr std::size_t kMaxItems = 1024;
constexpr std::string_view kParagraph = "\n\n";

struct TextEvent {
    std::string_view type;
    Kind kind;
    Part part;
    std::string_view text, number;  // the members that hold them
    bool whole = false;
};

constexpr std::array kTextEvents = {
    TextEvent{"response.output_text.delta", Kind::message, Part::text, "delta", "content_index"},
    TextEvent{"response.output_text.done", Kind::message, Part::text, "text", "content_index", true},
    TextEvent{"response.refusal.delta", Kind::message, Part::refusal, "delta", "content_index"},
    TextEvent{"response.refusal.done", Kind::message, Part::refusal, "refusal", "content_index", true},
    TextEvent{"response.function_call_arguments.delta", Kind::call, Part::arguments, "delta", ""},
    TextEvent{"response.function_call_arguments.done", Kind::call, Part::arguments, "arguments", "", true},
    TextEvent{"response.custom_tool_call_input.delta", Kind::call, Part::arguments, "delta", ""},
    TextEvent{"response.custom_tool_call_input.done", Kind::call, Part::arguments, "input", "", true},
    TextEvent{"response.reasoning_summary_text.delta", Kind::reasoning, Part::summary, "delta",
              "summary_index"},
    TextEvent{"response.reasoning_summary_text.done", Kind::reasoning, Part::summary, "text", "summary_index",
              true},
    TextEvent{"response.reasoning_text.delta", Kind::reasoning, Part::thought, "delta", "content_index"},
    TextEvent{"response.reasoning_text.done", Kind::reasoning, Part::thought, "text", "content_index", true},
};

struct PartType {
    std::string_view type;
    Kind kind;
    Part part;
    std::string_view text;
};

constexpr std::array kPartTypes = {
    PartType{"output_text", Kind::message, Part::text, "text"},
    PartType{"text", Kind::message, Part::text, "text"},
    PartType{"refusal", Kind::message, Part::refusal, "refusal"},
    PartType{"summary_text", Kind::reasoning, Part::summary, "text"},
    PartType{"reasoning_text", Kind::reasoning, Part::thought, "text"},
};

constexpr std::array<std::pair<std::string_view, Kind>, 4> kItemTypes = {{{"message", Kind::message},
                                                                          {"reasoning", Kind::reasoning},
                                                                          {"function_call", Kind::call},
                                                                          {"custom_tool_call", Kind::call}}};

// Events that carry the response as a whole, and the status they mean when it names none.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kClosingEvents = {
    {{"response.completed", "completed"},
     {"response.done", "completed"},
     {"response.incomplete", "incomplete"},
     {"response.failed", "failed"},
     {"response.cancelled", "cancelled"}}};

constexpr std::array<std::pair<std::string_view, FinishReason>, 3> kIncompleteReasons = {
    {{"max_output_tokens", FinishReason::length},
     {"max_tokens", FinishReason::length},
     {"content_filter", FinishReason::content_filter}}};

template <class Table, class Value>
Value look_up(const Table& table, std::string_view name, Value otherwise) {
    for (const auto& [key, value] : table) {
        if (key == name) return value;
    }
    return otherwise;
}

template <class Table>
const typename Table::value_type* row_of(const Table& table, std::string_view type) {
    const auto row =
        std::find_if(table.begin(), table.end(), [type](const auto& r) { return r.type == type; });
    return row == table.end() ? nullptr : &*row;
}

Kind kind_of(const Json& item) { return look_up(kItemTypes, text_of(item, "type"), Kind::other); }

std::string_view call_id_of(const Json& item) {
    const auto id = text_of(item, "call_id");
    return id.empty() ? text_of(item, "id") : id;
}

std::string_view arguments_of(const Json& item) {
    const auto arguments = text_of(item, "arguments");
    return arguments.empty() ? text_of(item, "input") : arguments;
}

}  // namespace

void ResponsesEvents::read(std::string_view type, const Json& event) {
    const Json* response = find(event, "response");
    if (response) answer_.emitter().begin(text_of(*response, "id"), text_of(*response, "model"));
    if (const TextEvent* text = row_of(kTextEvents, type)) {
        Item* item = item_of(event, text->kind);
        if (!item) return;
        const auto number = get_int(event, text->number);
        if (!number && !text->whole) item->unnumbered = true;
        if (text->part == Part::arguments && text->whole) item->late_name = text_of(event, "name");
        const auto piece = text_of(event, text->text);
        return text->whole ? give_rest(*item, text->part, number.value_or(0), piece)
                           : give(*item, text->part, number.value_or(0), piece);
    }
    if (type == "response.output_item.added") return read_item(event, false);
    if (type == "response.output_item.done") return read_item(event, true);
    if (type == "response.content_part.done" || type == "response.reasoning_summary_part.done") {
        return read_part(event);
    }
    const auto status = look_up(kClosingEvents, type, std::string_view{});
    if (!status.empty()) read_end(status, response ? *response : Json::object());
}

void ResponsesEvents::read_response(const Json& response) {
    answer_.emitter().begin(text_of(response, "id"), text_of(response, "model"));
    read_end("completed", response);
}

// The number of the item decides, where there is one: some gateways change the ids in every event.
ResponsesEvents::Item* ResponsesEvents::find_item(Kind kind, std::optional<std::int64_t> index,
                                                  std::string_view id) {
    const auto newest = [this](auto&& fits) -> Item* {
        const auto found = std::find_if(items_.rbegin(), items_.rend(), fits);
        return found == items_.rend() ? nullptr : &*found;
    };
    if (index) return newest([&](const Item& i) { return i.kind == kind && i.index == index; });
    if (!id.empty()) {
        Item* same = newest([&](const Item& i) { return i.kind == kind && i.id == id; });
        if (same) return same;
    }
    return newest([&](const Item& i) { return i.kind == kind && !i.done; });
}

ResponsesEvents::Item* ResponsesEvents::new_item(Kind kind, std::optional<std::int64_t> index,
                                                 std::string_view id) {
    if (items_.size() >= kMaxItems) {
        answer_.emitter().warn("too-many-items");
        return nullptr;
    }
    Item& item = items_.emplace_back();
    item.kind = kind;
    item.index = index;
    item.id = id;
    if (kind == Kind::call) item.call.emplace(answer_.open_tool());
    return &item;
}

ResponsesEvents::Item* ResponsesEvents::item_of(const Json& event, Kind kind) {
    const auto index = get_int(event, "output_index");
    const auto id = text_of(event, "item_id");
    Item* item = find_item(kind, index, id);
    return item ? item : new_item(kind, index, id);
}

void ResponsesEvents::read_item(const Json& event, bool done) {
    const Json* body = find(event, "item");
    if (!body || !body->is_object()) return;
    const Kind kind = kind_of(*body);
    const auto index = get_int(event, "output_index");
    const auto id = text_of(*body, "id");
    Item* item = find_item(kind, index, id);
    // An item that is announced is a new one, also under the number or in the place of an earlier one.
    const bool other_id = item && !index && !id.empty() && !item->id.empty() && item->id != id;
    if (!item || (!done && (item->done || other_id))) item = new_item(kind, index, id);
    if (!item) return;
    if (done) return settle(*item, *body);
    if (item->call && !text_of(*body, "name").empty()) {
        item->call->id(call_id_of(*body));
        item->call->name(text_of(*body, "name"));
    }
}

void ResponsesEvents::read_part(const Json& event) {
    const Json* body = find(event, "part");
    const PartType* type = body ? row_of(kPartTypes, text_of(*body, "type")) : nullptr;
    if (!type) return;
    const auto number = get_int(event, type->part == Part::summary ? "summary_index" : "content_index");
    if (Item* item = item_of(event, type->kind)) {
        give_rest(*item, type->part, number.value_or(0), text_of(*body, type->text));
    }
}

void ResponsesEvents::give(Item& item, Part part, std::int64_t number, std::string_view piece) {
    if (piece.empty()) return;
    const bool thinking = part == Part::summary || part == Part::thought;
    if (thinking && item.reasoning_from.value_or(part) != part) return;
    auto& given = item.given[{part, number}];
    if (thinking) {
        item.reasoning_from = part;
        if (given.size() == 0 && reasoned_) answer_.reasoning(0, kParagraph);
        reasoned_ = true;
    }
    given.add(piece);
    switch (part) {
        case Part::text: return answer_.text(0, piece);
        case Part::refusal: return answer_.refusal(0, piece);
        case Part::summary:
        case Part::thought: return answer_.reasoning(0, piece);
        case Part::arguments: return item.call->arguments(piece);
    }
}

void ResponsesEvents::give_rest(Item& item, Part part, std::int64_t number, std::string_view whole) {
    if (whole.empty()) return;
    const bool thinking = part == Part::summary || part == Part::thought;
    if (thinking && item.reasoning_from.value_or(part) != part) return;
    const auto rest = item.given[{part, number}].rest_of(whole);
    if (!rest) return answer_.emitter().warn("done-differs");
    give(item, part, number, *rest);
}

void ResponsesEvents::give_rest_of_parts(Item& item, const Json* parts) {
    if (!parts) return;
    std::map<Part, std::string> joined;
    std::int64_t number = 0;
    for (const auto& part : *parts) {
        const PartType* type = row_of(kPartTypes, text_of(part, "type"));
        if (type && item.unnumbered) {
            joined[type->part] += text_of(part, type->text);
        } else if (type) {
            give_rest(item, type->part, number, text_of(part, type->text));
        }
        ++number;
    }
    for (const auto& [part, text] : joined) give_rest(item, part, 0, text);
}

void ResponsesEvents::settle(Item& item, const Json& final_item) {
    give_rest_of_parts(item, array_of(final_item, "summary"));
    give_rest_of_parts(item, array_of(final_item, "content"));
    if (item.kind == Kind::reasoning && !item.blob_given &&
        !text_of(final_item, "encrypted_content").empty()) {
        item.blob_given = true;
        answer_.emitter().emit(EncryptedReasoning{dump_json(final_item)});
    }
    if (item.call) {
        item.call->id(call_id_of(final_item));
        item.call->name(text_of(final_item, "name"));
        give_rest(item, Part::arguments, 0, arguments_of(final_item));
        item.call->name(item.late_name);
        item.call->end();
    }
    item.done = true;
}

ResponsesEvents::Item* ResponsesEvents::match_final(const Json& item, Kind kind, std::int64_t place) {
    const auto id = text_of(item, "id");
    const auto open = [this, kind](auto&& fits) -> Item* {
        const auto found = std::find_if(items_.begin(), items_.end(), [&](const Item& i) {
            return !i.matched && i.kind == kind && fits(i);
        });
        return found == items_.end() ? nullptr : &*found;
    };
    Item* match = open([&](const Item& i) { return i.index == place; });
    if (!match && !id.empty()) match = open([&](const Item& i) { return i.id == id; });
    if (!match) match = open([](const Item&) { return true; });
    return match ? match : new_item(kind, place, id);
}

void ResponsesEvents::read_end(std::string_view status, const Json& response) {
    if (const Json* usage = find(response, "usage"); usage && usage->is_object()) answer_.usage(*usage);
    if (const Json* output = array_of(response, "output")) {
        std::int64_t place = 0;
        for (const auto& final_item : *output) {
            Item* item = match_final(final_item, kind_of(final_item), place++);
            if (!item) break;
            item->matched = true;
            settle(*item, final_item);
        }
    }
    const auto said = text_of(response, "status");
    if (said == "failed" || said == "cancelled" || said == "incomplete") status = said;
    if (status == "failed" || status == "cancelled") return fail(status, response);
    finish(status, response);
}

void ResponsesEvents::finish(std::string_view status, const Json& response) {
    bool sound_call = false;
    for (auto& item : items_) {
        if (!item.call) continue;
        item.call->name(item.late_name);
        item.call->end();
        sound_call = !item.call->broken();
    }
    FinishReason reason = FinishReason::stop;
    if (status == "incomplete") {
        const Json* details = find(response, "incomplete_details");
        const auto why = details ? text_of(*details, "reason") : std::string_view{};
        reason = look_up(kIncompleteReasons, why, FinishReason::other);
    } else if (const auto limit = answer_.options().max_output_tokens;
               limit > 0 && answer_.usage() && answer_.usage()->output >= limit && !sound_call) {
        // llama.cpp and Ollama say "completed" also when the limit cut the answer.
        reason = FinishReason::length;
        answer_.emitter().warn("length-not-said");
    }
    answer_.finish(0, reason);
    answer_.end();
}

void ResponsesEvents::fail(std::string_view status, const Json& response) {
    if (const Json* error = find(response, "error")) return answer_.fail(Json{{"error", *error}});
    Error error;
    error.kind = ErrorKind::upstream_unavailable;
    error.message = status == "cancelled" ? "The gateway cancelled the answer."
                                          : "The gateway failed to answer and gave no reason.";
    error.hint = "Try again, or choose another model.";
    error.upstream_code = status;
    error.retryable = true;
    answer_.fail(std::move(error));
}

bool ResponsesEvents::all_items_done() const {
    return !items_.empty() && std::all_of(items_.begin(), items_.end(), [](const Item& i) { return i.done; });
}

void ResponsesEvents::end_without_completed() {
    answer_.emitter().warn("no-completed");
    finish("completed", Json::object());
}

}  // namespace dragoman::wire
