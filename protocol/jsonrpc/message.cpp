#include "protocol/jsonrpc/message.h"

#include "protocol/base/utf.h"

#include <climits>

#include <set>

namespace dragoman::jsonrpc {
namespace {

constexpr std::int64_t kLargestId = std::int64_t{1} << 53;  // beyond it doubles merge neighbours
constexpr std::size_t kLongestId = 256;

Invalid invalid(std::optional<Id> id, std::string message) {
    return {std::move(id), {Code::invalid_request, std::move(message)}};
}

Invalid unreadable(const JsonFailure& failure) {
    std::string message;
    switch (failure.what) {
        case JsonFailure::What::syntax:
            message = "The message is not valid JSON near byte " + std::to_string(failure.offset) + ".";
            break;
        case JsonFailure::What::too_deep: message = "The message is nested too deeply."; break;
        case JsonFailure::What::too_large: message = "The message holds too many values or bytes."; break;
    }
    return {std::nullopt, {Code::parse_error, std::move(message)}};
}

// Behind the string that begins at `at`.
std::size_t string_end(std::string_view body, std::size_t at) {
    for (std::size_t quote = body.find('"', at + 1);; quote = body.find('"', quote + 1)) {
        const std::size_t slashes = quote - 1 - body.find_last_not_of('\\', quote - 1);
        if (slashes % 2 == 0) return quote + 1;
    }
}

// How many members are said in the object that `body` is, names said twice included: the colons that stand in
// it itself.
std::size_t count_members(std::string_view body) {
    std::size_t depth = 0, colons = 0;
    for (std::size_t at = 0; at < body.size();) {
        switch (body[at]) {
            case '"': at = string_end(body, at); continue;
            case ':': colons += depth == 1 ? 1 : 0; break;
            case '{':
            case '[': ++depth; break;
            case '}':
            case ']': --depth; break;
            default: break;
        }
        ++at;
    }
    return colons;
}

// Of a name said twice the last counts for this parser and the first for others: whoever looked at the
// message on its way may have seen another one. Such a member is taken out of `message`, so that what is left
// of it can be believed.
std::string take_doubled(std::string_view body, Json& message) {
    if (count_members(body) == message.size()) return {};
    std::set<std::string> names, doubled;
    const auto look = [&](int depth, Json::parse_event_t event, Json& parsed) {
        const bool name = event == Json::parse_event_t::key && depth == 1;
        if (name && !names.insert(parsed.get<std::string>()).second)
            doubled.insert(parsed.get<std::string>());
        return depth <= 1;
    };
    [[maybe_unused]] const Json ignored = Json::parse(body.begin(), body.end(), look, false);
    for (const std::string& name : doubled) message.erase(name);
    return doubled.empty() ? "?" : *doubled.begin();
}

const Json* member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

bool has_version(const Json& body) {
    const Json* version = member(body, "jsonrpc");
    return version != nullptr && *version == "2.0";
}

// Codes outside the list are kept as they came: the enum's range is that of int.
ResponseError read_error(const Json& error) {
    ResponseError read;
    const auto code = get_int(error, "code");
    if (code && *code >= INT_MIN && *code <= INT_MAX) read.code = static_cast<Code>(*code);
    read.message = get_string(error, "message").value_or("");
    if (const Json* data = find(error, "data")) read.data = *data;
    return read;
}

Message read_response(Json&& body, std::optional<Id> id) {
    const auto unusable = [&](std::string why) {
        Invalid response = invalid(id, std::move(why));
        response.answer = false;
        return response;
    };
    const Json* error = find(body, "error");
    if (!id) {
        std::string why = "A response names no request of ours.";
        if (error != nullptr) why += " It says: " + one_line(get_string(*error, "message").value_or(""));
        return unusable(std::move(why));
    }
    if (!has_version(body)) return unusable("A response lacks \"jsonrpc\": \"2.0\".");
    const auto result = body.find("result");
    const bool has_result = result != body.end();
    if (has_result && error != nullptr) return unusable("A response has both a result and an error.");
    if (has_result) return Response{std::move(*id), std::move(*result), std::nullopt};
    if (error == nullptr) return unusable("A response has neither a result nor an error.");
    if (!error->is_object()) return unusable("The error of a response is not an object.");
    return Response{std::move(*id), std::nullopt, read_error(*error)};
}

// The params as handlers want them, or nothing for a scalar.
std::optional<Json> read_params(Json& body) {
    const auto params = body.find("params");
    if (params == body.end() || params->is_null()) return Json::object();
    if (params->is_array() && params->empty()) return Json::object();
    if (!params->is_structured()) return std::nullopt;
    return std::move(*params);
}

Message read_call(Json&& body, const Json* raw_id, std::optional<Id> id) {
    if (!has_version(body)) return invalid(std::move(id), "The message lacks \"jsonrpc\": \"2.0\".");
    if (raw_id != nullptr && !id) {
        return invalid(std::nullopt,
                       "An id must be an integer within 2^53 or a string of at most 256 bytes.");
    }
    const Json* method = member(body, "method");
    if (method == nullptr || !method->is_string()) {
        return invalid(std::move(id), "The message has no method, or one that is not a string.");
    }
    std::string name = method->get<std::string>();
    std::optional<Json> params = read_params(body);
    if (!params) return invalid(std::move(id), "The params of " + one_line(name) + " must be an object.");
    if (id) return Request{std::move(*id), std::move(name), std::move(*params)};
    return Notification{std::move(name), std::move(*params)};
}

std::string head() { return R"({"jsonrpc":"2.0")"; }

std::string print_call(std::string text, std::string_view method, const Json& params) {
    text += R"(,"method":)" + dump_json(method);
    if (!params.is_null()) text += R"(,"params":)" + dump_json(params);
    return text + "}";
}

}  // namespace

Message parse_message(std::string_view body) {
    Result<Json, JsonFailure> parsed = parse_json(body);
    if (!parsed) return unreadable(parsed.error());
    Json& message = parsed.value();
    if (message.is_array()) {
        return invalid(std::nullopt, "Batches are not part of LSP: send each message in a frame of its own.");
    }
    if (!message.is_object()) return invalid(std::nullopt, "A message must be a JSON object.");
    const bool response = !message.contains("method");
    const std::string doubled = take_doubled(body, message);
    const Json* raw_id = member(message, "id");
    std::optional<Id> id = raw_id == nullptr ? std::nullopt : id_from_json(*raw_id);
    if (!doubled.empty()) {
        Invalid twice = invalid(std::move(id), "The message says \"" + one_line(doubled, 80) + "\" twice.");
        twice.answer = !response;
        return twice;
    }
    const bool outcome = message.contains("result") || message.contains("error");
    if (!message.contains("method") && (outcome || id)) {
        return read_response(std::move(message), std::move(id));
    }
    return read_call(std::move(message), raw_id, std::move(id));
}

std::string print_request(const Id& id, std::string_view method, const Json& params) {
    return print_call(head() + R"(,"id":)" + dump_json(to_json(id)), method, params);
}

std::string print_notification(std::string_view method, const Json& params) {
    return print_call(head(), method, params);
}

std::string print_result(const Id& id, const Json& result) {
    return head() + R"(,"id":)" + dump_json(to_json(id)) + R"(,"result":)" + dump_json(result) + "}";
}

std::string print_error(const std::optional<Id>& id, const ResponseError& error) {
    Json body{{"code", static_cast<int>(error.code)}, {"message", error.message}};
    if (!error.data.is_null()) body["data"] = error.data;
    return head() + R"(,"id":)" + dump_json(id ? to_json(*id) : Json{}) + R"(,"error":)" + dump_json(body) +
           "}";
}

Json to_json(const Id& id) {
    return std::visit([](const auto& value) { return Json(value); }, id);
}

std::optional<Id> id_from_json(const Json& value) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        return text.size() <= kLongestId ? std::optional<Id>{text} : std::nullopt;
    }
    const auto number = as_int(value);
    if (!number || *number > kLargestId || *number < -kLargestId) return std::nullopt;
    return *number;
}

ResponseError to_response_error(const Error& error) {
    return {Code::request_failed, error.message, error_data(error)};
}

Json error_data(const Error& error) {
    Json data{{"kind", wire_name(error.kind)}, {"hint", error.hint}};
    const auto put = [&](const char* name, const std::string& text) {
        if (!text.empty()) data[name] = text;
    };
    put("provider", error.provider);
    put("model", error.model);
    if (error.http_status != 0) data["httpStatus"] = error.http_status;
    put("upstreamCode", error.upstream_code);
    put("upstreamMessage", error.upstream_message);
    put("requestId", error.request_id);
    if (error.retry_after) data["retryAfterMs"] = error.retry_after->count();
    put("partialText", error.partial_text);
    return data;
}

}  // namespace dragoman::jsonrpc
