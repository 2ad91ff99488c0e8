// What the database holds, as values: they cross from the loop to the disk thread and back.
//
// The store knows neither models nor prompts: what it need not search, sort or sum travels as JSON text that
// only the chat room reads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::store {

/// Milliseconds since 1970 in UTC.
using Instant = std::int64_t;

struct TurnRecord {
    std::string id{};
    Instant created = 0;
    std::string state{};   // "running", "complete", "cancelled" or "failed"
    std::string model{};   // "provider/model"
    std::string prompt{};  // searched
    std::string answer{};  // searched
    std::string details = "{}";
    /// Large texts that never change: written with the turn the first time and not again.
    std::vector<std::shared_ptr<const std::string>> attachments{};
};

struct ConversationHead {
    std::string id{}, title{};
    Instant created = 0, updated = 0;
    std::size_t turns = 0;
    std::string model{};  // of the newest turn
};

struct ConversationRecord {
    ConversationHead head{};
    std::vector<TurnRecord> turns{};  // in order
};

/// A change of one conversation, written whole or not at all. Turns that another daemon added stay.
struct ConversationChange {
    ConversationHead head{};  // its turns and model are not read
    /// The conversation is made if it is not there. Without it, one that is gone stays gone.
    bool creates = false;
    std::vector<std::string> dropped{};  // ids of turns that were replaced
    std::vector<TurnRecord> turns{};     // new ones go to the end, known ones are written over
};

/// One call of a gateway.
struct UsageRecord {
    Instant time = 0;
    std::string role{}, model{}, project{};
    std::int64_t input = 0, output = 0, cached = 0;  // tokens; all zero where the gateway told none
    std::optional<double> cost{};
    std::string currency{};  // of the cost
    /// What a call that the gateway told nothing of has probably used. Counts for budgets and for nothing
    /// else.
    std::int64_t guess_tokens = 0;
    std::optional<double> guess_cost{};
    std::string guess_currency{};
    std::int64_t duration_ms = 0;
    std::string outcome{};  // "complete", "cancelled", or the kind of its error
};

/// One request that left this machine, without its content.
struct SentRecord {
    Instant time = 0;
    std::string role{}, origin{}, provider{}, model{}, project{};
    std::int64_t bytes_out = 0, bytes_in = 0;  // of the bodies
    std::int64_t duration_ms = 0;
    std::string outcome{};     // "answered", "closed", "failed" or "connected"
    int status = 0;            // of HTTP; 0: no answer came
    std::string drawn = "[]";  // what it was made of, as JSON text that only the sent room reads
};

/// Which of them are wanted.
struct SentFilter {
    Instant since = 0;
    std::string project{};  // that folder and those below it; empty: all
    std::size_t limit = 100;
};

enum class UsageGroup { day, model, project, role };

/// Sums of one group in one currency.
struct UsageSum {
    std::string key{};  // a day as "2026-01-31" (of this machine's time zone), a model, a folder or a role
    std::int64_t requests = 0, input = 0, output = 0;
    std::int64_t unmetered = 0;  // requests whose tokens the gateway never told; they count as zero
    std::optional<double> cost{};
    std::string currency{};
};

/// What was spent on one model in one project, guesses included.
struct Spent {
    std::string model{}, project{};
    std::int64_t tokens = 0;    // sent and received
    std::int64_t unpriced = 0;  // of these, tokens of calls that no price is known for
    double cost = 0;            // of the others
    std::string currency{};
    friend bool operator==(const Spent&, const Spent&) = default;
};

/// A day as far as budgets go.
struct DaySpending {
    std::vector<Spent> spent{};
    std::vector<std::string> allowed{};  // names of limits that the user has lifted for the day
};

}  // namespace dragoman::store
