// Why a suggestion did or did not appear: the last requests, each with the steps it took. Pure.
#pragma once

#include "protocol/lsp/types.h"
#include "server/support/clock.h"
#include "server/upstream/wire/event.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::completion {

/// One step of the way: what it did, or why it ended here.
struct Step {
    std::string step, detail;
};

struct TrailEntry {
    std::string id;  // of its suggestion
    Clock::WallTime time;
    std::string uri;
    Position position{};
    enum class Outcome { shown, empty, cancelled, superseded, failed } outcome = Outcome::empty;
    std::string source;  // "cache", "inFlight" or "upstream"; empty while nobody was asked
    std::string model;
    Milliseconds debounce{}, first_byte{}, total{};
    std::vector<Step> steps;
    std::optional<wire::Usage> tokens{};

    void note(std::string step, std::string detail) { steps.push_back({std::move(step), std::move(detail)}); }
};

/// The newest entries, bounded, as are the steps that are added to one later.
class Trail {
public:
    void add(TrailEntry entry);
    /// Nothing once it is too old. Valid until the next add().
    TrailEntry* find(const std::string& id);
    /// Adds to an entry that is here already, unless it has too many steps: editors may tell what happened to
    /// one suggestion as often as they like.
    void note(const std::string& id, std::string step, std::string detail);
    /// Newest first, at most `limit`; `uri` in any spelling.
    std::vector<TrailEntry> list(const std::optional<std::string>& uri, std::size_t limit) const;

private:
    std::deque<TrailEntry> entries_;  // newest first
};

}  // namespace dragoman::completion
