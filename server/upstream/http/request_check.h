// What of a request is refused before anything is sent.
//
// libcurl passes header text verbatim, line ends included, so this is what keeps a key or a setting
// with a line break in it from becoming a second header.
#pragma once

#include "server/upstream/http/http.h"

#include <optional>
#include <string>

namespace dragoman::http {

/// What is wrong with method, headers or User-Agent, in one sentence that names the header but never
/// its value; nothing when all is well.
std::optional<std::string> find_fault(const Request& request);

}  // namespace dragoman::http
