// Everything that is kept on disk, behind one file: conversations, the usage ledger and the list of what was
// sent. Disk thread.
//
// Any number of daemons may use the file at once: every call stands alone, a writer waits for the other, and
// nothing is remembered between calls but the connection. What the disk refuses is told as Trouble and
// changes nothing; the next call tries anew, also with a file that was moved or deleted meanwhile. A file
// that is no database is moved aside, and a new one is begun. Only write(), add_usage() and
// add_sent() make a file.
#pragma once

#include "protocol/base/result.h"
#include "server/store/records.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dragoman::store {

/// Why the disk did not do it, in a sentence for a person that names the file and what may help.
using Trouble = std::string;
template <class T>
using OrTrouble = Result<T, Trouble>;
struct Done {
    bool found = true;  // false: there is no such conversation (any more), and nothing was written
};
struct Purge {
    bool more = false;  // another step is needed
};

/// Within what SQLite takes: patterns of 50 000 bytes, and expressions a thousand deep, where a word costs
/// two.
inline constexpr std::size_t kMostQueryBytes = 500;

class Connection;

class History {
public:
    struct Options {
        int patience_ms = 5000;  // for a lock of another process
        bool full_text = true;   // false: as if SQLite had no FTS5
    };

    explicit History(std::filesystem::path file);
    History(std::filesystem::path file, Options options);
    ~History();
    History(const History&) = delete;
    History& operator=(const History&) = delete;

    OrTrouble<Done> write(const ConversationChange& change);
    /// Nothing for an unknown id.
    OrTrouble<std::optional<ConversationRecord>> read(const std::string& id);
    /// Newest first. `query`, at most kMostQueryBytes: words, of which all must begin a word of one turn's
    /// prompt or answer, or the whole of which stands in the title. Words of signs alone, or of a script that
    /// has no blanks, may stand anywhere; where there is no FTS5, all may. Empty: all conversations.
    OrTrouble<std::vector<ConversationHead>> list(const std::string& query, std::size_t limit,
                                                  std::size_t offset);
    OrTrouble<Done> rename(const std::string& id, const std::string& title);
    /// Its rows are overwritten in the file; its words leave the index by purge().
    OrTrouble<Done> remove(const std::string& id);
    /// One step of taking out of the index what was removed, by whichever daemon; a large index needs many,
    /// and others get the file between them. That it is due stands in the file, so a daemon that dies leaves
    /// it to the next one.
    OrTrouble<Purge> purge();
    /// All of them or none.
    OrTrouble<Done> add_usage(std::span<const UsageRecord> rows);
    /// Rows since then, in order of their keys; what has no cost stands apart from what has one.
    OrTrouble<std::vector<UsageSum>> usage(Instant since, UsageGroup group);
    /// What was spent in [`since`, `until`), and the limits lifted for `day`, which names that span. A file
    /// that cannot be looked for is Trouble, too: only one that is not there holds nothing.
    OrTrouble<DaySpending> spending(Instant since, Instant until, const std::string& day);
    /// Lifts a limit for `day` ("2026-01-31"); what was lifted for days before it is forgotten.
    OrTrouble<Done> allow(const std::string& day, const std::string& budget);

    /// All of them or none; what is of before `oldest` is taken out of the file.
    OrTrouble<Done> add_sent(std::span<const SentRecord> rows, Instant oldest);
    /// Newest first.
    OrTrouble<std::vector<SentRecord>> sent(const SentFilter& filter);

    /// What happened to the file since it was last asked for: that it was moved aside, and where to. Empty:
    /// nothing.
    std::string take_notice();

private:
    std::unique_ptr<Connection> connection_;
};

}  // namespace dragoman::store
