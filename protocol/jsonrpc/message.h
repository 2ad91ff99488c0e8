// JSON-RPC 2.0 messages as values, and the error codes of LSP.
#pragma once

#include "protocol/base/error.h"
#include "protocol/base/json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace dragoman::jsonrpc {

/// A request's id, given back exactly as it came: 1 and "1" are two ids.
using Id = std::variant<std::int64_t, std::string>;

enum class Code {
    parse_error = -32700,
    invalid_request = -32600,
    method_not_found = -32601,
    invalid_params = -32602,
    internal_error = -32603,
    server_not_initialized = -32002,
    request_cancelled = -32800,
    content_modified = -32801,
    server_cancelled = -32802,
    request_failed = -32803,
};

struct ResponseError {
    Code code = Code::internal_error;
    std::string message{};
    Json data{};  // null: left out
    friend bool operator==(const ResponseError&, const ResponseError&) = default;
};

struct Request {
    Id id;
    std::string method;
    Json params;  // an object; [] and absent become {}
};
struct Notification {
    std::string method;
    Json params;  // as in Request
};
struct Response {
    Id id;
    std::optional<Json> result;
    std::optional<ResponseError> error;
};
/// A body that is no message. Where `answer` is set it is to be answered with `error` and its id, or null
/// where the id could not be read. It is not set for what looks like a response (no method, but a result,
/// an error or an id): an answer to an answer would hit a request of the client that has the same number.
/// `id` is then the one of the request of ours that will get no other response.
struct Invalid {
    std::optional<Id> id;
    ResponseError error;
    bool answer = true;
};
using Message = std::variant<Request, Notification, Response, Invalid>;

/// Reads one body. Never throws on content; every failure is an Invalid: parse_error for what is no JSON
/// or too deep, invalid_request for the rest, batches included (LSP has none).
/// params may be an object, [], null or absent; a non-empty array is kept as it is. A response's
/// `"error": null` beside a result counts as absent.
Message parse_message(std::string_view body);

// Bodies to be framed. Null params and null error data are left out; a null result is written, and so is
// the null id of an error whose request could not be read.
std::string print_request(const Id& id, std::string_view method, const Json& params);
std::string print_notification(std::string_view method, const Json& params);
std::string print_result(const Id& id, const Json& result);
std::string print_error(const std::optional<Id>& id, const ResponseError& error);

Json to_json(const Id& id);
/// An integer within +-2^53 (12.0 too) or a string of at most 256 bytes.
std::optional<Id> id_from_json(const Json& value);

/// How a failure of section 3 of the editor protocol travels: -32803 with its data.
ResponseError to_response_error(const Error& error);
/// The `data` alone: {kind, provider?, model?, httpStatus?, ..., hint}.
Json error_data(const Error& error);

}  // namespace dragoman::jsonrpc
