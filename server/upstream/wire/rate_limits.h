// What an answer's headers say about when to come back (upstream.md 7.6).
#pragma once

#include "server/upstream/wire/decoder.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace dragoman::wire {

/// "2026-01-01T00:00:30Z", with a fraction or an offset (RFC 3339; a blank may stand for the T, an offset
/// that is missing is Z); from 1970 to 2200.
std::optional<std::chrono::system_clock::time_point> read_iso_time(std::string_view text);

/// Retry-After in all its forms (upstream.md 7.6), `retry-after-ms` first; nothing when absent,
/// negative, zero, past, not a number. `now` is used for dates; the answer's own Date header outranks it.
/// At most a day.
std::optional<std::chrono::milliseconds> retry_after(const Headers& headers,
                                                     std::chrono::system_clock::time_point now);

/// How long until a spent request allowance (remaining 0) is refilled; nothing while some is left
/// and where it has been refilled by now. At most an hour; the longest when several allowances are spent.
std::optional<std::chrono::milliseconds> rate_limit_hold(const Headers& headers,
                                                         std::chrono::system_clock::time_point now);

}  // namespace dragoman::wire
