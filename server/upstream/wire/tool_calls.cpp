#include "server/upstream/wire/tool_calls.h"

#include "server/upstream/wire/fingerprint.h"
#include "server/upstream/wire/lenient_json.h"
#include "server/upstream/wire/text.h"

#include <cinttypes>
#include <cstdio>
#include <utility>

namespace dragoman::wire {
namespace {

constexpr std::size_t kMaxCalls = 128;
constexpr std::size_t kCheckedArguments = 1U << 20U;  // longer ones are passed on unchecked
constexpr std::size_t kHeldArguments = 64U << 10U;    // waiting for a name

// Ids are sent back with the result, so a made-up one differs from answer to answer.
std::string make_id(const std::string& answer, int slot) {
    Fingerprint of_answer;
    of_answer.add(answer);
    char text[40];
    const int size = std::snprintf(text, sizeof text, "call_%016" PRIx64 "_%d", of_answer.hash(), slot);
    return {text, static_cast<std::size_t>(size)};
}

bool is_json(std::string_view text) { return parse_json(text).ok(); }

}  // namespace

void ToolCallWriter::open() {
    opened_ = true;
    if (id_.empty()) id_ = make_id(emitter_->id(), slot_);
    emitter_->emit(ToolOpen{slot_, id_, name_});
    if (!arguments_.empty()) emitter_->emit(ToolArguments{slot_, arguments_});
}

void ToolCallWriter::id(std::string_view id) {
    if (!opened_ && id_.empty()) id_ = id;
}

void ToolCallWriter::name(std::string_view name) {
    if (opened_ || name.empty()) return;
    name_ = name;
    open();
}

void ToolCallWriter::arguments(std::string_view piece) {
    if (piece.empty() || ended_) return;
    extent_.feed(piece);
    if (arguments_.size() + piece.size() <= kCheckedArguments || !opened_) {
        arguments_.append(piece);
    } else {
        too_long_to_check_ = true;
    }
    if (opened_) {
        emitter_->emit(ToolArguments{slot_, std::string{piece}});
    } else if (arguments_.size() > kHeldArguments) {
        emitter_->warn("nameless-call");
        open();
    }
}

void ToolCallWriter::end() {
    if (std::exchange(ended_, true)) return;
    if (!opened_) {
        emitter_->warn("nameless-call");
        open();
    }
    if (trim_ascii(arguments_).empty()) {
        emitter_->emit(ToolArguments{slot_, "{}"});
    } else if (!too_long_to_check_ && !is_json(arguments_)) {
        broken_ = true;
        emitter_->warn("bad-args");
    }
    emitter_->emit(ToolEnd{slot_});
}

void ToolCalls::read(const Json& calls) {
    ++delta_;
    for (const auto& call : calls) read_one(call);
}

void ToolCalls::read_one(const Json& call) {
    if (!call.is_object()) return;
    const Json* function = find(call, "function");
    const Json& body = function && function->is_object() ? *function : call;
    ToolDelta delta;
    delta.id = text_of(call, "id");
    delta.name = text_of(body, "name");
    delta.index = get_int(call, "index");
    std::string serialised;
    if (const Json* arguments = find(body, "arguments")) {
        if (arguments->is_structured()) serialised = dump_json(*arguments);
        delta.arguments = arguments->is_structured() ? std::string_view{serialised} : text_of(*arguments);
    }
    take(delta);
}

void ToolCalls::read_function_call(const Json& call) {
    ++delta_;
    read_one(call);
}

void ToolCalls::take(const ToolDelta& delta) {
    Entry* entry = resolve(delta);
    if (!entry && !overflowing_) entry = open(delta);
    if (!entry) return;
    entry->delta = delta_;
    entry->call.id(delta.id);
    entry->call.name(delta.name);
    entry->call.arguments(delta.arguments);
}

// 1. An id that was seen is that call's.
// 2. A new id, or an index: the call at that index, or without index the latest one, unless this delta
//    starts another. A fresh id in the middle of a call's arguments is the same call.
// 3. No call there and no name: a piece of the latest call.
ToolCalls::Entry* ToolCalls::resolve(const ToolDelta& delta) {
    if (!delta.id.empty()) {
        if (const auto known = by_id_.find(delta.id); known != by_id_.end()) {
            overflowing_ = false;
            return latest_ = known->second;
        }
    }
    Entry* candidate = overflowing_ ? nullptr : latest_;
    if (delta.index) {
        const auto at = by_index_.find(*delta.index);
        candidate = at != by_index_.end() ? at->second : nullptr;
    }
    if (candidate && !starts_another(*candidate, delta)) {
        overflowing_ = false;
        return latest_ = candidate;
    }
    if (!candidate && delta.id.empty() && delta.name.empty()) return overflowing_ ? nullptr : latest_;
    overflowing_ = false;
    return nullptr;
}

bool ToolCalls::starts_another(const Entry& entry, const ToolDelta& delta) const {
    const ToolCallWriter& call = entry.call;
    if (delta.id.empty() && delta.name.empty()) return false;
    if (!delta.name.empty() && !call.name().empty() && delta.name != call.name()) return true;
    // Two elements of one delta are two calls, whatever their numbers.
    if (entry.delta == delta_ && !delta.name.empty()) return true;
    if (!call.complete()) return false;
    return delta.id.empty() ? !delta.arguments.empty() : !delta.arguments.empty() || !delta.name.empty();
}

ToolCalls::Entry* ToolCalls::open(const ToolDelta& delta) {
    if (delta.id.empty() && delta.name.empty() && trim_ascii(delta.arguments).empty()) return nullptr;
    if (calls_.size() >= kMaxCalls) {
        emitter_->warn("too-many-calls");
        overflowing_ = true;
        if (delta.index) by_index_.erase(*delta.index);
        return nullptr;
    }
    latest_ = &calls_.emplace_back(Entry{ToolCallWriter{(*next_slot_)++, *emitter_}});
    if (!delta.id.empty()) by_id_.emplace(delta.id, latest_);
    if (delta.index) by_index_[*delta.index] = latest_;
    return latest_;
}

void ToolCalls::end() {
    for (auto& entry : calls_) entry.call.end();
}

}  // namespace dragoman::wire
