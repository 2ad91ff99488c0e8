// Token counts as the gateways write them.
#pragma once

#include "protocol/base/json.h"
#include "server/upstream/wire/event.h"

#include <optional>

namespace dragoman::wire {

/// The counts of a `usage` object of either API, also written as text ("12"); null and nonsense count
/// as 0. Nothing when every number is 0: such objects fill the place of an unknown.
std::optional<Usage> read_usage(const Json& usage);

/// llama.cpp's timings beside an answer or a chunk: how many of the `input` tokens came from its cache. (Its
/// tokens_cached tells what the cache holds afterwards, the answer included, not what was found in it.)
std::optional<std::int64_t> cached_by_timings(const Json& answer, std::int64_t input);

}  // namespace dragoman::wire
