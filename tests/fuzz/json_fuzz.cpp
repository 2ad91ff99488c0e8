// The gate of all JSON from strangers: takes nothing that is deeper, longer or larger than its limits,
// nothing that the JSON parser refuses but for lone surrogates, all that it takes within the limits; what it
// took is written as the same value again. A body that is a message reads back from what is printed of it.
#include "protocol/base/utf.h"
#include "protocol/jsonrpc/message.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

constexpr JsonLimits kLimits{.depth = 8, .values = 64, .bytes = 4096};

std::size_t depth_of(const Json& value) {
    std::size_t inner = 0;
    if (!value.is_structured()) return 0;
    for (const Json& member : value) inner = std::max(inner, depth_of(member));
    return inner + 1;
}

std::size_t values_in(const Json& value) {
    std::size_t count = 1;
    if (value.is_structured()) {
        for (const Json& member : value) count += values_in(member);
    }
    return count;
}

void check_gate(std::string_view input) {
    const auto strict = parse_json(input, kLimits);
    const auto open = parse_json(input);
    if (strict) {
        claim(input.size() <= kLimits.bytes && depth_of(*strict) <= kLimits.depth,
              "a taken value is within its limits");
        claim(values_in(*strict) <= kLimits.values, "a taken value has no more values than allowed");
        claim(open.ok() && *open == *strict, "limits do not change what a text says");
    }
    if (!open) {
        claim(open.error().what != JsonFailure::What::syntax || !Json::accept(input),
              "what is JSON is taken");
        claim(open.error().offset <= input.size(), "a failure stands inside the text");
        return;
    }
    claim(Json::accept(input) || input.find("\\u") != std::string_view::npos,
          "only lone surrogates are put right, nothing else");
    const std::string printed = dump_json(*open);
    claim(is_valid_utf8(printed) && printed.find('\n') == std::string::npos,
          "one line of valid UTF-8 is written");
    const auto again = parse_json(printed);
    claim(again.ok() && *again == *open, "what was written reads back as the same value");
}

void check_message(std::string_view input) {
    const jsonrpc::Message message = jsonrpc::parse_message(input);
    if (const auto* request = std::get_if<jsonrpc::Request>(&message)) {
        const auto again =
            jsonrpc::parse_message(jsonrpc::print_request(request->id, request->method, request->params));
        const auto* other = std::get_if<jsonrpc::Request>(&again);
        claim(other != nullptr && other->id == request->id && other->method == request->method &&
                  other->params == request->params,
              "a request reads back from what is printed of it");
    } else if (const auto* response = std::get_if<jsonrpc::Response>(&message)) {
        claim(response->result.has_value() != response->error.has_value(),
              "a response holds one of result and error");
    } else if (const auto* invalid = std::get_if<jsonrpc::Invalid>(&message)) {
        claim((invalid->error.code == jsonrpc::Code::parse_error) == !parse_json(input).ok(),
              "a parse error is told of what is no JSON, and of nothing else");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    check_gate(input);
    check_message(input);
    return 0;
}
