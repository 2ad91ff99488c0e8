// From what a user pasted as base URL to the URL of one endpoint.
#pragma once

#include "protocol/base/result.h"

#include <string>
#include <string_view>

namespace dragoman::wire {

/// The base up to and with its version segment, no trailing slash: blanks trimmed, a pasted endpoint
/// (/chat/completions, /responses, /models, ...) stripped, "/v1" appended where no version segment
/// ends the path (/v1, /api/v1, /openai/v1, /v1beta/openai, /beta stay). Errors say what is wrong.
Result<std::string, std::string> normalise_base_url(std::string_view text);

/// `path` ("/chat/completions") below a normalised base.
std::string endpoint_url(std::string_view base, std::string_view path);
/// `path` ("/infill", "/user/balance") at the server's root, beside the version segment.
std::string root_url(std::string_view base, std::string_view path);

}  // namespace dragoman::wire
