// The numbers in a refusal of a prompt that is too long. Tables; source: upstream.md 7.3 and vendors'
// messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dragoman::wire {

struct ContextSize {
    std::optional<std::int64_t> limit{};   // tokens of prompt and answer together
    std::optional<std::int64_t> prompt{};  // tokens of the prompt that was refused
    friend bool operator==(const ContextSize&, const ContextSize&) = default;
};

/// What `message`, the gateway's own words, tells. A number that cannot be one is none.
ContextSize read_context_size(std::string_view message);

}  // namespace dragoman::wire
