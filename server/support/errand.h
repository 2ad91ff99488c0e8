// What a request to a gateway is made for and what went into it, in words that say nothing of its content:
// given along with the request by those who know, written down by whoever keeps the list (server/sent).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace dragoman {

/// One part of what is sent.
struct Drawn {
    /// "document" (around the cursor or a selection), "definition", "similar", "edit", "file", "text",
    /// "diagnostics", "gitDiff", "image", "prompt", "conversation", "instructions".
    std::string kind{};
    std::string path{};      // as the model gets to know the file; empty: of no file
    std::size_t bytes = 0;   // of its text
    std::size_t masked = 0;  // likely secrets in it that were masked
    friend bool operator==(const Drawn&, const Drawn&) = default;
};

struct Errand {
    std::string role{};               // "completion", "chat", ..., "models", "balance", "doctor", "connect"
    std::string provider{}, model{};  // by its configured name; the gateway's own name of the model
    std::string project{};            // the folder it is done for; may be empty
    std::optional<bool> recorded{};   // privacy.recordUsage of that project; nothing: no project is known
    std::vector<Drawn> drawn{};
};

}  // namespace dragoman
