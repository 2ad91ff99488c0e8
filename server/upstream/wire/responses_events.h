// Answers of the Responses API: its stream events and whole Response objects (upstream.md 5.3-5.7).
//
// The same text comes up to four times: in deltas, and whole when its part, its item and the response are
// done. Servers leave out any of these, and ids and indexes with them. So each item remembers what it has
// given out, and a whole text adds only what is missing. `sequence_number` is never looked at.
#pragma once

#include "server/upstream/wire/answer.h"
#include "server/upstream/wire/fingerprint.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace dragoman::wire {

class ResponsesEvents {
public:
    explicit ResponsesEvents(Answer& answer) : answer_{answer} {}

    /// One event; `type` starts with "response.". Types not known here are passed over.
    void read(std::string_view type, const Json& event);
    /// A Response object by itself.
    void read_response(const Json& response);

    /// Items came and all are done, so an answer that ends here misses only its closing event.
    bool all_items_done() const;
    /// Ends such an answer.
    void end_without_completed();

    enum class Kind { message, reasoning, call, other };
    enum class Part { text, refusal, summary, thought, arguments };

private:
    struct Item {
        Kind kind = Kind::other;
        std::optional<std::int64_t> index{};
        std::string id{};
        std::map<std::pair<Part, std::int64_t>, Fingerprint> given{};
        std::optional<Part> reasoning_from{};  // summary or thought: the same thinking, told once
        std::optional<ToolCallWriter> call{};
        std::string late_name{};  // of a call, known before its id
        bool unnumbered = false;  // deltas did not say which part they belong to
        bool blob_given = false;
        bool done = false;
        bool matched = false;  // with an item of the closing event
    };

    void read_item(const Json& event, bool done);
    void read_part(const Json& event);
    void read_end(std::string_view status, const Json& response);
    void finish(std::string_view status, const Json& response);
    void fail(std::string_view status, const Json& response);

    Item* find_item(Kind kind, std::optional<std::int64_t> index, std::string_view id);
    Item* new_item(Kind kind, std::optional<std::int64_t> index, std::string_view id);
    /// The item that a delta belongs to, made when it was never announced; nullptr beyond the limit.
    Item* item_of(const Json& event, Kind kind);
    Item* match_final(const Json& item, Kind kind, std::int64_t place);

    void give(Item& item, Part part, std::int64_t number, std::string_view piece);
    void give_rest(Item& item, Part part, std::int64_t number, std::string_view whole);
    void give_rest_of_parts(Item& item, const Json* parts);
    /// Everything a finished item holds that was not given out yet.
    void settle(Item& item, const Json& final_item);

    Answer& answer_;
    std::deque<Item> items_;
    bool reasoned_ = false;
};

}  // namespace dragoman::wire
