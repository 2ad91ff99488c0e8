// Token counts and costs in the protocol's words.
#pragma once

#include "protocol/base/json.h"
#include "server/chat/engine.h"
#include "server/upstream/wire/event.h"

namespace dragoman::session {

/// {inputTokens, outputTokens, cachedInputTokens?, reasoningTokens?}
Json usage_json(const wire::Usage& usage);

/// "stop", "length", "toolCalls" or "contentFilter"
std::string_view finish_name(wire::FinishReason reason);

}  // namespace dragoman::session
