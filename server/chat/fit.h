// A conversation made to fit into a model's window. Pure.
//
// What stays at any price: the system prompt and the newest question. Then what is attached to that
// question, then what was attached before, then the newest turns. The oldest turns go first and go whole,
// and the model is told; what was attached to them moves to the first turn that stays.
#pragma once

#include "server/chat/engine.h"
#include "server/upstream/wire/tokens.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::chat {

struct Fitted {
    std::vector<wire::Message> messages;
    std::size_t tokens = 0;  // of the messages, as the counter has it
    bool fits = true;        // false: what has to stay is too long by itself
    LeftOut left_out;
    std::vector<Attachment> attached;  // to the newest question, as it was cut
};

struct Fitting {
    std::string system;                 // empty: none is sent
    std::optional<std::size_t> tokens;  // for all messages together; nothing: no limit is known
    /// Whether a turn's encrypted reasoning goes along.
    std::function<bool(const Turn&)> with_reasoning = [](const Turn&) { return false; };
};

/// `turns` is not empty; the last one is to be answered, or continued where it has text.
Fitted fit(const std::vector<Turn>& turns, const Fitting& fitting, const TokenCounter& counter);

/// What a question costs without what is attached to it as text.
std::size_t tokens_of_prompt(const Turn& turn, const TokenCounter& counter);

}  // namespace dragoman::chat
