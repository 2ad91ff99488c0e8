// The JSON that gateways send, with the mistakes they are known for put right.
#pragma once

#include "protocol/base/json.h"

#include <string_view>

namespace dragoman::wire {

struct LenientJson {
    Result<Json, JsonFailure> value;
    bool repaired = false;
};

/// Strict first. Where that fails on syntax: invalid UTF-8 becomes U+FFFD, and the bare words NaN and
/// Infinity, which Python writes into log probabilities, become null.
LenientJson parse_lenient(std::string_view text);

// Looks into a value without copying: empty views for what is absent, null or of another type.
std::string_view text_of(const Json& object, std::string_view name);
std::string_view text_of(const Json& value);
/// An array member, or nullptr.
const Json* array_of(const Json& object, std::string_view name);

}  // namespace dragoman::wire
