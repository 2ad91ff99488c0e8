// When to send a request again, how long to wait first, and when another model may do better. Pure.
#pragma once

#include "protocol/base/error.h"
#include "server/support/clock.h"

#include <string>

namespace dragoman::gateway {

/// What a gateway may ask us to wait for while a person looks on; beyond it the call fails with the time.
inline constexpr Milliseconds kLongestWait{60'000};

/// min(0.5 * 2^k, 8) s, less up to a quarter, as the OpenAI SDKs (upstream.md 7.5): k retries were made
/// before, `u` is uniform in [0, 1).
Milliseconds backoff(int retries_made, double u);

/// The same request, sent again, may well succeed, and repeating it costs nothing worse than the wait.
/// Not after 504 and 524, whose work may still run and be billed, nor after 501.
bool worth_retrying(const Error& error);

enum class Cure { none, other_model, other_provider };
/// Who may answer a request that ended with `kind`. What the request itself caused is cured by nobody.
Cure cure(ErrorKind kind);

/// "12 s": whole seconds, rounded up, for people.
std::string in_seconds(Milliseconds time);

}  // namespace dragoman::gateway
