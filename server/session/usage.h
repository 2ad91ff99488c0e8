// Token counts and costs in the protocol's words, and how the ledger is asked.
#pragma once

#include "protocol/base/json.h"
#include "server/store/records.h"
#include "server/upstream/wire/event.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::session {

/// {inputTokens, outputTokens, cachedInputTokens?, reasoningTokens?}
Json usage_json(const wire::Usage& usage);

/// What `since` and `groupBy` may be, for whoever wrote something else.
inline constexpr std::string_view kSinceForms =
    "a time like 2026-01-31T08:00:00Z, or a date like 2026-01-31, which begins at midnight on this machine";
inline constexpr std::string_view kGroups = "model, project, day or role";

std::optional<store::Instant> read_since(const std::string& text);
std::optional<store::UsageGroup> read_group(std::string_view text);
/// [{key, requests, inputTokens, outputTokens, unmetered?, cost?, currency?}]
Json usage_rows_json(const std::vector<store::UsageSum>& sums);

/// "stop", "length", "toolCalls" or "contentFilter"
std::string_view finish_name(wire::FinishReason reason);

}  // namespace dragoman::session
