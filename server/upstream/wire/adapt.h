// Reading a refusal: which field does this gateway not want, and what to send instead.
#pragma once

#include "server/upstream/wire/request.h"

#include <optional>

namespace dragoman::wire {

/// The dialect to try next after `error` answered a request whose body was `sent`; nothing when the
/// refusal is not about a field, or about one that was not sent. Never for context, policy or
/// authentication errors. One changed field per call; the caller allows four per request.
std::optional<Dialect> adapt(const Dialect& dialect, const Error& error, const Json& sent);

/// The refusal says that this endpoint does not exist here: the other chat API may (upstream.md 6.6).
bool refuses_endpoint(const Error& error);

}  // namespace dragoman::wire
