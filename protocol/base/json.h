// JSON from strangers: read with limits, looked into without exceptions, written as valid UTF-8.
//
// nlohmann/json parses ten million nested arrays and then overflows the stack when the tree is
// copied or printed, and quotes its input in exceptions. So text passes a gate (size, depth,
// number of values) before a tree is built, and no exception text ever leaves this room.
#pragma once

#include "protocol/base/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dragoman {

using Json = nlohmann::json;

struct JsonLimits {
    std::size_t depth = 128;
    std::size_t values = 4'000'000;
    std::size_t bytes = 64U << 20U;
};

/// Why a text was not read. `offset` is a byte position; the text itself is never quoted.
struct JsonFailure {
    enum class What { syntax, too_deep, too_large } what = What::syntax;
    std::size_t offset = 0;
};

/// Reads one JSON value. Invalid UTF-8, NaN, trailing text, depth or size beyond `limits` fail.
/// Lone surrogate escapes (\ud83d without its half) become U+FFFD instead of failing: editors and
/// gateways that cut text between code units send them.
Result<Json, JsonFailure> parse_json(std::string_view text, const JsonLimits& limits = {});

/// One line of JSON. Bytes that are not UTF-8 become U+FFFD; never throws on content.
std::string dump_json(const Json& value);

// Members of an object, or nothing: absent, null, another type, a number out of range.
// A number written as 12.0 counts as the integer 12, as JSON-RPC clients send it.
const Json* find(const Json& object, std::string_view name);  // nullptr also for JSON null
std::optional<std::string> get_string(const Json& object, std::string_view name);
std::optional<std::int64_t> get_int(const Json& object, std::string_view name);
std::optional<double> get_number(const Json& object, std::string_view name);
std::optional<bool> get_bool(const Json& object, std::string_view name);

/// The integer that a value stands for, 12.0 included.
std::optional<std::int64_t> as_int(const Json& value);

/// `patch` laid over `base`: objects merge key by key, null removes, anything else replaces.
/// The rule of configuration layers and of extraBody. Recursion is bounded by JsonLimits::depth.
void merge_json(Json& base, const Json& patch);

}  // namespace dragoman
