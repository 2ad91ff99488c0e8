// An HTTP status and a body, read as what they mean. The body outranks the status.
//
// Reading has three steps, each in its own file: what does the body say (error_body), what is that about
// (error_rules: the tables), and what is a person told (here). What a gateway says is shown shortened, on
// one line, and without anything that looks like a key (redact).
#pragma once

#include "protocol/base/error.h"
#include "protocol/base/json.h"
#include "server/upstream/wire/decoder.h"
#include "server/upstream/wire/rate_limits.h"

#include <string_view>

namespace dragoman::wire {

/// Any body that came with `status` (0: none), in any of the shapes of upstream.md 7.1: OpenAI, flat,
/// FastAPI, text, HTML, nothing. Sets kind, message, hint, upstream_code, upstream_message, param,
/// request_id, retry_after and retryable. Messages are one line, at most 300 bytes. A status from 400 to
/// 599 inside the body replaces one below 400 outside.
Error read_error(int status, const Headers& headers, std::string_view body);

/// An error object found inside a stream or a 200 answer.
Error read_error_object(int status, const Headers& headers, const Json& object);

/// True for JSON that means failure although the status may be 200: a non-empty `error`, object "error",
/// success false, `detail`, ...
bool is_error_object(const Json& value);

}  // namespace dragoman::wire
