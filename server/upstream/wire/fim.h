// Fill-in-the-middle by a model's own special tokens (upstream.md 10.1): which family a model belongs to,
// how its prompt is laid out, and how text of users is kept from being read as one of its tokens.
#pragma once

#include "server/upstream/wire/request.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::wire {

/// A template's {prefix}, {suffix}, {path}, {text}, {repository} and {language} are filled in.
struct FimFamily {
    std::string_view name;
    std::string_view hole;  // the prompt when there are no other files
    struct Repository {
        std::string_view head{}, file{}, hole{};  // once, once a file, last
    } repository{};                               // empty: other files have no place
    /// What the family's tokenizer reads as tokens; broken up in the text of users.
    std::array<std::string_view, 8> tokens{};
    /// Ends of an answer beside `tokens`, the likeliest first.
    std::array<std::string_view, 4> stop{};
};

const FimFamily* find_fim_family(std::string_view name);  // nullptr: unknown

std::string fim_prompt(const FimFamily& family, const FillRequest& request);
/// The family's ends and tokens; with nullptr those that any family may leak.
std::vector<std::string> fim_stops(const FimFamily* family);

/// `text`, valid UTF-8, with a zero-width space inside everything that is one of the family's tokens. With
/// nullptr the text is only repaired.
std::string disarm(std::string_view text, const FimFamily* family);

}  // namespace dragoman::wire
