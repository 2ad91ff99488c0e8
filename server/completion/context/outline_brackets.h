// Outlines by the structure of their languages; outline() chooses.
#pragma once

#include "server/completion/context/outline.h"

namespace dragoman::completion {

std::vector<Declaration> outline_brackets(std::string_view text, Family family, std::size_t most);
/// Python, Ruby, Lua, shell: by lines and their indentation.
std::vector<Declaration> outline_lines(std::string_view text, Family family, std::size_t most);

/// The first line of a comment that says something, without its marks; at most 100 bytes.
std::string first_line_of_comment(std::string_view comment);

}  // namespace dragoman::completion
