// How a model is told not to think, or to think as little as it can: a completion waits for no thoughts.
//
// Two facts decide: the family that the model's name tells, and how the host takes the wish (a setting of
// the provider). Tables; sources: upstream.md 4.1, 6.2 and 10.2 and the vendors' references. Nothing is
// sent for a model that is not in them: an unknown field may be refused.
#pragma once

#include "server/upstream/wire/request.h"

#include <string>
#include <string_view>

namespace dragoman::wire {

/// What to send; empty members: nothing.
struct ReasoningOff {
    std::string effort{};  // the least one
    std::string field{};   // of a chat body, beside or in place of the effort
    Json value{};
    friend bool operator==(const ReasoningOff&, const ReasoningOff&) = default;
};

ReasoningOff reasoning_off(std::string_view model, ReasoningHost host, ChatApi api);

/// `extra_body` speaks about reasoning itself, so nothing of ours goes along.
bool speaks_of_reasoning(const Json& extra_body);

}  // namespace dragoman::wire
