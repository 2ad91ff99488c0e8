// What of the settings may be shown: sources of keys yes, anything like a key no.
#pragma once

#include "protocol/base/json.h"

#include <string>
#include <string_view>

namespace dragoman::config {

/// Names of headers and parameters whose values are secrets: Authorization, x-api-key, cookie, ...
bool is_secret_name(std::string_view name);

/// `value` with the values of such names, and user-info and secret parameters of URLs, as "***".
Json redacted(const Json& value);

}  // namespace dragoman::config
