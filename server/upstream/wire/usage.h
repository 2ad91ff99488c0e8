// Token counts as the gateways write them.
#pragma once

#include "protocol/base/json.h"
#include "server/upstream/wire/event.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace dragoman::wire {

/// More in one request is no token count. What gateways tell is added up over weeks, so a sum has to hold a
/// great many of the largest.
inline constexpr std::int64_t kMostTokens = 1'000'000'000;

/// A member of `object` that counts tokens, also written as text ("12"). Nothing where it is not there,
/// negative, above kMostTokens or no whole number.
std::optional<std::int64_t> token_count(const Json& object, std::string_view name);

/// The counts of a `usage` object of either API, also written as text ("12"); null and nonsense count
/// as 0. What came from a cache is part of the input. Nothing when every number is 0: such objects fill the
/// place of an unknown.
std::optional<Usage> read_usage(const Json& usage);

/// llama.cpp's timings beside an answer or a chunk: how many of the `input` tokens came from its cache. (Its
/// tokens_cached tells what the cache holds afterwards, the answer included, not what was found in it.)
std::optional<std::int64_t> cached_by_timings(const Json& answer, std::int64_t input);

}  // namespace dragoman::wire
