// Where comments and strings end in the languages with brackets, so that a brace in a string opens nothing.
#pragma once

#include "server/completion/context/imports.h"

#include <string_view>

namespace dragoman::completion {

class Lexer {
public:
    Lexer(std::string_view text, Family family) : text_{text}, family_{family} {}

    enum class What { plain, comment, string };
    struct Token {
        What what = What::plain;
        std::size_t end = 0;  // behind it; of plain text, one byte
    };
    /// What begins at `at`, which is no place within a token. A string or comment that is not closed ends
    /// with its line or the text.
    Token at(std::size_t at) const;

    /// Behind the bracket that closes the one at `open`; the end of the text where none does.
    std::size_t behind_bracket(std::size_t open) const;

private:
    Token quoted(std::size_t at) const;
    std::size_t line_end(std::size_t at) const;
    bool begins_regex(std::size_t at) const;

    std::string_view text_;
    Family family_;
};

}  // namespace dragoman::completion
