// Looking at answers and files line by line: small words of the pure parts.
//
// ASCII rules only, so that UTF-8 passes through whole: every byte beyond ASCII counts as part of a word.
#pragma once

#include "server/completion/text/window.h"

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

inline constexpr std::string_view kBlanks = " \t";
inline constexpr std::string_view kSpace = " \t\n";

/// \n in place of \r\n and of \r alone.
std::string normalise_line_ends(std::string_view text);

constexpr bool is_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '_';
}
bool is_blank(std::string_view text);
std::string_view trimmed(std::string_view text);
std::string_view without_trailing_blanks(std::string_view line);
std::string_view indentation(std::string_view line);
/// The first `most` lines, without their ends; an empty text has one empty line.
std::vector<std::string_view> split_lines(std::string_view text, std::size_t most = std::string_view::npos);
bool has_word(std::string_view line);
/// A line that says something: not only brackets, quotes and separators.
bool is_telling(std::string_view line);
/// Equal but for blanks.
bool same_line(std::string_view a, std::string_view b);
bool ends_with_blank(std::string_view text);
/// A language id whose text is for people, where a fence or "Here is:" may be content.
bool is_prose_language(std::string_view language);

}  // namespace dragoman::completion
