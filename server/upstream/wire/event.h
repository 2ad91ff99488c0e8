// What a gateway says, in one vocabulary, whichever API it said it in.
//
// A stream is: text, reasoning, tool calls and notes in the order they came; a Finish for each choice;
// Usage at most once; then exactly one of Done, Truncated or Failed, and nothing after it.
#pragma once

#include "protocol/base/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dragoman::wire {

enum class FinishReason { stop, length, tool_calls, content_filter, other };

/// The first sign of life: an answer has begun. First of all events, once.
struct Start {
    std::string id{}, model{};
    friend bool operator==(const Start&, const Start&) = default;
};
struct Text {
    int choice = 0;
    std::string text{};
    friend bool operator==(const Text&, const Text&) = default;
};
struct Reasoning {
    int choice = 0;
    std::string text{};
    friend bool operator==(const Reasoning&, const Reasoning&) = default;
};
/// The model declined, in words of its own.
struct Refusal {
    int choice = 0;
    std::string text{};
    friend bool operator==(const Refusal&, const Refusal&) = default;
};
struct ToolOpen {
    int slot = 0;  // 0, 1, ... in order of appearance
    std::string id{}, name{};
    friend bool operator==(const ToolOpen&, const ToolOpen&) = default;
};
struct ToolArguments {
    int slot = 0;
    std::string text{};  // a piece of JSON text; the whole is not guaranteed to be valid
    friend bool operator==(const ToolArguments&, const ToolArguments&) = default;
};
struct ToolEnd {
    int slot = 0;
    friend bool operator==(const ToolEnd&, const ToolEnd&) = default;
};
struct Logprobs {
    int choice = 0;
    friend bool operator==(const Logprobs&, const Logprobs&) = default;
};
/// A reasoning item's opaque blob, to be sent back with the next request (Responses, store: false).
struct EncryptedReasoning {
    std::string item{};  // the whole item as JSON text
    friend bool operator==(const EncryptedReasoning&, const EncryptedReasoning&) = default;
};
struct Usage {
    std::int64_t input = 0, output = 0;
    std::optional<std::int64_t> cached{}, reasoning{};
    friend bool operator==(const Usage&, const Usage&) = default;
};
struct Finish {
    int choice = 0;
    FinishReason reason = FinishReason::stop;
    friend bool operator==(const Finish&, const Finish&) = default;
};
/// Something was odd and was put right; for the log. `tag` is a short word, never text of the gateway.
struct Warn {
    std::string tag{};
    friend bool operator==(const Warn&, const Warn&) = default;
};
struct Done {
    friend bool operator==(const Done&, const Done&) = default;
};
/// The bytes ended before the answer did.
struct Truncated {
    friend bool operator==(const Truncated&, const Truncated&) = default;
};
struct Failed {
    Error error{};
    friend bool operator==(const Failed&, const Failed&) = default;
};

using Event = std::variant<Start, Text, Reasoning, Refusal, ToolOpen, ToolArguments, ToolEnd, Logprobs,
                           EncryptedReasoning, Usage, Finish, Warn, Done, Truncated, Failed>;
using Events = std::vector<Event>;

}  // namespace dragoman::wire
