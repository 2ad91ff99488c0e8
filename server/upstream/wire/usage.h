// Token counts as the gateways write them.
#pragma once

#include "protocol/base/json.h"
#include "server/upstream/wire/event.h"

#include <optional>

namespace dragoman::wire {

/// The counts of a `usage` object of either API, also written as text ("12"); null and nonsense count
/// as 0. Nothing when every number is 0: such objects fill the place of an unknown.
std::optional<Usage> read_usage(const Json& usage);

}  // namespace dragoman::wire
