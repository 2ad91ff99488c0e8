#include "server/session/usage.h"

namespace dragoman::session {

Json usage_json(const wire::Usage& usage) {
    Json out = {{"inputTokens", usage.input}, {"outputTokens", usage.output}};
    if (usage.cached) out["cachedInputTokens"] = *usage.cached;
    if (usage.reasoning) out["reasoningTokens"] = *usage.reasoning;
    return out;
}

std::string_view finish_name(wire::FinishReason reason) {
    switch (reason) {
        case wire::FinishReason::stop: return "stop";
        case wire::FinishReason::length: return "length";
        case wire::FinishReason::tool_calls: return "toolCalls";
        case wire::FinishReason::content_filter: return "contentFilter";
        case wire::FinishReason::other: return "stop";
    }
    return "stop";
}

}  // namespace dragoman::session
