#include "server/upstream/wire/usage.h"

#include "server/upstream/wire/lenient_json.h"
#include "server/upstream/wire/text.h"

#include <array>
#include <charconv>

namespace dragoman::wire {
namespace {

struct Name {
    std::string_view details;  // the object that holds it; empty: the usage object itself
    std::string_view name;
};

// Chat Completions, Responses, DeepSeek, Moonshot, adapters of Anthropic's API.
constexpr std::array<Name, 2> kInput = {{{"", "prompt_tokens"}, {"", "input_tokens"}}};
constexpr std::array<Name, 2> kOutput = {{{"", "completion_tokens"}, {"", "output_tokens"}}};
constexpr std::array<Name, 5> kCached = {{{"prompt_tokens_details", "cached_tokens"},
                                          {"input_tokens_details", "cached_tokens"},
                                          {"", "prompt_cache_hit_tokens"},
                                          {"", "cached_tokens"},
                                          {"", "cache_read_input_tokens"}}};
constexpr std::array<Name, 2> kReasoning = {
    {{"completion_tokens_details", "reasoning_tokens"}, {"output_tokens_details", "reasoning_tokens"}}};

std::optional<std::int64_t> count_of(const Json& value) {
    std::optional<std::int64_t> count = as_int(value);
    if (const std::string_view text = trim_ascii(text_of(value)); !text.empty()) {
        std::int64_t number = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failure == std::errc{} && end == text.data() + text.size()) count = number;
    }
    return count && *count >= 0 && *count <= kMostTokens ? count : std::nullopt;
}

template <std::size_t N>
std::optional<std::int64_t> first_of(const Json& usage, const std::array<Name, N>& names) {
    for (const auto& [details, name] : names) {
        const Json* object = details.empty() ? &usage : find(usage, details);
        const auto count = object ? token_count(*object, name) : std::nullopt;
        if (count) return count;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> token_count(const Json& object, std::string_view name) {
    const Json* value = find(object, name);
    return value == nullptr ? std::nullopt : count_of(*value);
}

std::optional<Usage> read_usage(const Json& usage) {
    Usage counts{.input = first_of(usage, kInput).value_or(0),
                 .output = first_of(usage, kOutput).value_or(0),
                 .cached = first_of(usage, kCached),
                 .reasoning = first_of(usage, kReasoning)};
    if (counts.input == 0 && counts.output == 0 && counts.cached.value_or(0) == 0 &&
        counts.reasoning.value_or(0) == 0) {
        return std::nullopt;
    }
    // Anthropic counts what came from its cache beside the input, and some adapters leave it so.
    if (counts.cached.value_or(0) > counts.input) counts.input += *counts.cached;
    return counts;
}

std::optional<std::int64_t> cached_by_timings(const Json& answer, std::int64_t input) {
    const Json* timings = find(answer, "timings");
    if (timings == nullptr) return std::nullopt;
    if (find(*timings, "cache_n") != nullptr) return token_count(*timings, "cache_n");
    const auto count = token_count(*timings, "prompt_n");
    return count && *count <= input ? std::optional{input - *count} : std::nullopt;
}

}  // namespace dragoman::wire
