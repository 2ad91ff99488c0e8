// A commit message made from what is staged: git's diff, the style of the latest subjects, one chat call.
#pragma once

#include "server/config/config.h"
#include "server/git/git.h"
#include "server/upstream/gateway/gateway.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace dragoman::session {

struct CommitMessage {
    std::string message;  // ends in a line break
    std::string model;    // "provider/model"
    std::optional<wire::Usage> usage;
    std::size_t masked = 0;                // likely secrets of the changes
    std::vector<std::string> kept_here{};  // changed files that privacy.exclude left out
};

/// Under way; destroying it ends git and closes the connection. Allowed inside the function.
struct CommitRun {
    virtual ~CommitRun() = default;
};

/// Asks the chat model, or those that take over from it. `done` is called once, on the loop, never from
/// inside this: with git's error (nothing is staged: bad_request), the gateway's, or bad_response where the
/// answer holds no message.
[[nodiscard]] std::unique_ptr<CommitRun> write_commit_message(
    git::Git& git, gateway::Gateway& gateway, std::shared_ptr<const config::Effective> config,
    std::filesystem::path folder, std::function<void(Result<CommitMessage>)> done);

}  // namespace dragoman::session
