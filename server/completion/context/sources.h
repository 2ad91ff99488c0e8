// Where the pieces of a prompt come from: what was edited and visited, passages of open documents that look
// alike, and the definitions that this file's imports point to.
//
// The room keeps no text that the editor closed but recent edits, and asks the disk only through the worker.
// What privacy.exclude names is in no piece, whichever source it would come from. Loop thread.
#pragma once

#include "server/completion/context/piece.h"
#include "server/config/config.h"
#include "server/documents/documents.h"
#include "server/support/clock.h"
#include "server/support/files.h"
#include "server/support/worker.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dragoman::completion {

class Sources {
public:
    /// All outlive it. `files` is used on the worker's thread too.
    Sources(Clock& clock, Files& files, Worker& worker, const Documents& documents);
    ~Sources();

    // What the editor does.
    void document_changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes);
    void document_closed(const std::string& uri);
    void visited(const std::string& uri, std::size_t offset);

    struct Where {
        DocumentSnapshot document;
        std::size_t cursor = 0;                        // bytes
        std::vector<std::filesystem::path> folders{};  // of the workspace; imports are resolved below them
        std::shared_ptr<const config::Effective> config;
    };
    /// Begins to look up what the imports of the document point to, unless that is known and fresh.
    void prepare(const Where& where);
    /// Calls `then` once what prepare() began for the document is there, or after `at_most`; at the next turn
    /// of the loop when nothing is under way. Dropping the handle silences it.
    struct Waiting {
        virtual ~Waiting() = default;
    };
    [[nodiscard]] std::unique_ptr<Waiting> when_ready(const std::string& uri, Milliseconds at_most,
                                                      std::function<void()> then);

    /// The pieces for this place, `budget` tokens at most in all. Never waits; well under a millisecond once
    /// the open documents have been looked at. For the same neighbourhood it gives the same pieces in the
    /// same order as before while they are still true, and adds behind them.
    Gathered gather(const Where& where, std::size_t budget);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dragoman::completion
