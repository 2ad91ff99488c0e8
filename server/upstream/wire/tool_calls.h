// Tool calls put together from deltas that do not agree on how a call is known.
//
// The hosted APIs count calls by `index` and name each once. Others leave the index out, give every call
// index 0, a fresh id to every delta, or the head and the arguments different indexes (upstream.md
// QT1-QT12). One rule resolves them all; see ToolCalls::resolve.
#pragma once

#include "protocol/base/json.h"
#include "server/upstream/wire/emitter.h"
#include "server/upstream/wire/json_extent.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace dragoman::wire {

/// One call as it is written out: opened when its name is known, arguments in pieces, ended once.
class ToolCallWriter {
public:
    ToolCallWriter(int slot, Emitter& emitter) : emitter_{&emitter}, slot_{slot} {}

    /// The first id counts, if it comes before the name; without one an id is made up.
    void id(std::string_view id);
    /// The first non-empty name counts. It opens the call.
    void name(std::string_view name);
    void arguments(std::string_view piece);
    /// No more comes. An empty argument text is handed on as "{}", a broken one with a warning.
    void end();

    const std::string& name() const { return name_; }
    /// The arguments are a closed JSON value.
    bool complete() const { return extent_.complete(); }
    /// Ended with arguments that are not JSON.
    bool broken() const { return broken_; }

private:
    void open();

    Emitter* emitter_;
    int slot_;
    std::string id_, name_;
    std::string arguments_;  // as far as they are kept to be checked
    JsonExtent extent_;
    bool opened_ = false, ended_ = false, broken_ = false, too_long_to_check_ = false;
};

/// What one delta says about a call.
struct ToolDelta {
    std::string_view id{}, name{}, arguments{};
    std::optional<std::int64_t> index{};
};

/// The calls of one choice of a chat answer.
class ToolCalls {
public:
    /// `next_slot` is shared by all choices.
    ToolCalls(Emitter& emitter, int& next_slot) : emitter_{&emitter}, next_slot_{&next_slot} {}

    /// `tool_calls` of a delta or a message.
    void read(const Json& calls);
    /// The older `function_call` of a delta or a message.
    void read_function_call(const Json& call);
    void end();
    bool empty() const { return calls_.empty(); }

private:
    struct Entry {
        ToolCallWriter call;
        unsigned delta = 0;  // the last delta that spoke of it
    };

    void read_one(const Json& call);
    void take(const ToolDelta& delta);
    /// The call that a delta belongs to, or nullptr for a new one.
    Entry* resolve(const ToolDelta& delta);
    bool starts_another(const Entry& entry, const ToolDelta& delta) const;
    Entry* open(const ToolDelta& delta);

    Emitter* emitter_;
    int* next_slot_;
    std::deque<Entry> calls_;
    std::map<std::int64_t, Entry*> by_index_;
    std::map<std::string, Entry*, std::less<>> by_id_;
    Entry* latest_ = nullptr;
    bool overflowing_ = false;  // the latest call is one too many; what belongs to it is dropped
    unsigned delta_ = 0;
};

}  // namespace dragoman::wire
