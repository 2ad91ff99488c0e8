#include "server/session/usage.h"

#include "server/upstream/wire/rate_limits.h"

#include <array>
#include <cstdlib>
#include <ctime>
#include <utility>

namespace dragoman::session {
namespace {

constexpr std::array<std::pair<std::string_view, store::UsageGroup>, 4> kGroupNames{{
    {"model", store::UsageGroup::model},
    {"project", store::UsageGroup::project},
    {"day", store::UsageGroup::day},
    {"role", store::UsageGroup::role},
}};

store::Instant instant_of(std::chrono::system_clock::time_point time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

/// The first moment of such a day here; the calendar is checked by reading the same day in UTC.
std::optional<store::Instant> midnight(const std::string& date) {
    constexpr std::size_t kLength = 10;
    if (date.size() != kLength || !wire::read_iso_time(date + "T00:00:00Z")) return std::nullopt;
    std::tm parts{};
    parts.tm_year = std::atoi(date.c_str()) - 1900;
    parts.tm_mon = std::atoi(date.c_str() + 5) - 1;
    parts.tm_mday = std::atoi(date.c_str() + 8);
    parts.tm_isdst = -1;
    return instant_of(std::chrono::system_clock::from_time_t(std::mktime(&parts)));
}

}  // namespace

std::optional<store::Instant> read_since(const std::string& text) {
    if (const auto day = midnight(text)) return day;
    const auto time = wire::read_iso_time(text);
    return time ? std::optional{instant_of(*time)} : std::nullopt;
}

std::optional<store::UsageGroup> read_group(std::string_view text) {
    for (const auto& [name, group] : kGroupNames)
        if (name == text) return group;
    return std::nullopt;
}

Json usage_rows_json(const std::vector<store::UsageSum>& sums) {
    Json rows = Json::array();
    for (const store::UsageSum& sum : sums) {
        Json row = {{"key", sum.key},
                    {"requests", sum.requests},
                    {"inputTokens", sum.input},
                    {"outputTokens", sum.output}};
        if (sum.unmetered > 0) row["unmetered"] = sum.unmetered;
        if (sum.cost) {
            row["cost"] = *sum.cost;
            row["currency"] = sum.currency;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

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
