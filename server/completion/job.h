// One request of the editor while it waits: its timers, its story, its right to answer once.
//
// Private to the room; a desk has at most one.
#pragma once

#include "server/completion/engine.h"
#include "server/completion/query.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace dragoman::completion {

struct Job {
    std::uint64_t number = 0;
    InlineRequest request;
    Engine::Done done;
    TrailEntry trail;
    Clock::Time started{};
    std::shared_ptr<const Query> query{};  // once it has begun
    /// What was typed since the generation it waits for began; nothing while it waits for none.
    std::optional<Typed> typed{};
    Timer wait{}, limit{};
    std::unique_ptr<Sources::Waiting> context{};
};

}  // namespace dragoman::completion
