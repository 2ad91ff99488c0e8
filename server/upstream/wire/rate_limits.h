// What an answer's headers say about when to come back (upstream.md 7.6).
#pragma once

#include "server/upstream/wire/decoder.h"

#include <chrono>
#include <optional>

namespace dragoman::wire {

/// Retry-After in all its forms (upstream.md 7.6), `retry-after-ms` first; nothing when absent,
/// negative, zero, past, not a number. `now` is used for dates; the answer's own Date header outranks it.
/// At most a day.
std::optional<std::chrono::milliseconds> retry_after(const Headers& headers,
                                                     std::chrono::system_clock::time_point now);

/// How long until a spent request allowance (remaining 0) is refilled; nothing while some is left.
/// At most an hour; the longest when several allowances are spent.
std::optional<std::chrono::milliseconds> rate_limit_hold(const Headers& headers,
                                                         std::chrono::system_clock::time_point now);

}  // namespace dragoman::wire
