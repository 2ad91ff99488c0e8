// What has to be known of a language to see where a statement, a comment or a block begins and ends.
//
// Pure; the languages are data (syntax.cpp). No grammar: comments, quotes, brackets and indentation carry
// far enough in every language, and a wrong guess costs a line too few or too many, never a wrong character.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace dragoman::completion {

struct Syntax {
    /// How a block is held together: by brackets, by indentation, by words (`then` ... `end`), by tags, or
    /// not at all (prose: paragraphs). Brackets and indentation count in all but prose.
    enum class Blocks { brackets, indentation, words, tags, prose } blocks = Blocks::brackets;
    std::array<std::string_view, 2> line_comments{};
    std::string_view comment_open{}, comment_close{};
    bool comments_nest = false;
    /// A "#" begins a comment only behind a blank: `$#` and `a#b` are code.
    bool comments_stand_apart = false;
    /// Line comments that document what follows and go on over lines.
    std::array<std::string_view, 2> doc_comments{};

    /// Quotes that end on their own line, and those that may go over lines (these are looked for first).
    std::string_view quotes = "\"'";
    std::array<std::string_view, 3> long_quotes{};
    /// Quotes in which a backslash is a backslash.
    std::string_view verbatim{};
    /// What begins code inside of the long quote "`"; "}" ends it.
    std::string_view interpolation{};
    /// A ' holds one character or is no quote at all (a lifetime, a prime, an apostrophe).
    bool quote_is_char = false;
    /// Strings with delimiters of their own: R"x(...)x", r#"..."#, [==[...]==].
    enum class Raw { none, cpp, rust, lua } raw = Raw::none;
    bool regex_literals = false;

    /// What a line ends with that opens a block, besides an open bracket. All but ":" stand apart.
    std::array<std::string_view, 5> header_ends{};
    /// A statement ends with ";": one without goes on where the next line is indented deeper.
    bool semicolons = false;
    /// Words that open and close like brackets: anywhere; and those that do where a command begins.
    std::array<std::string_view, 10> openers{}, leading_openers{};
    std::array<std::string_view, 4> closers{};

    /// What a byte may begin in code; made of the rest in syntax.cpp.
    enum class Kind : std::uint8_t { plain, blank, word, raw_word, bracket, special };
    std::array<Kind, 256> kinds{};
    Kind kind_of(char c) const { return kinds[static_cast<unsigned char>(c)]; }
};

/// By LSP language id ("typescriptreact", "shellscript", ...); an unknown one reads as brackets, C comments.
const Syntax& syntax_of(std::string_view language);

}  // namespace dragoman::completion
