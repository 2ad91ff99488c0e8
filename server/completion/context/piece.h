// What a prompt may hold besides the text around the cursor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

struct Piece {
    enum class Kind { definition, similar, edit } kind = Kind::similar;
    std::string path{};  // as the prompt names it: relative to the workspace folder
    std::string text{};  // \n line ends, secrets masked, whole lines
    std::size_t tokens = 0;
    std::size_t masked = 0;  // likely secrets in it that were masked
};
std::string_view wire_name(Piece::Kind kind);  // for the trail

struct Gathered {
    /// In the order of the prompt: what changes least first, what matters most last, so that consecutive
    /// prompts share their beginning.
    std::vector<Piece> pieces{};
    /// For the trail, one line each: "definition of Shape from src/shape.h, 120 tokens",
    /// "left out .env: privacy.exclude", "masked: AWS access key".
    std::vector<std::string> notes{};
};

}  // namespace dragoman::completion
