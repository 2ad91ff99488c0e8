// Which characters show as themselves, for text that a stranger wrote and a person decides by.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dragoman {

/// The character of valid UTF-8 that begins at `at`; `at` moves past it.
char32_t next_character(std::string_view text, std::size_t& at);

/// C0 (without \n and \t), DEL and C1.
bool is_control(char32_t code);
/// Reorders or hides what stands around it (CVE-2021-42574). Not the joiners and the weak marks that
/// right-to-left text is written with.
bool is_deceptive(char32_t code);

/// "U+202E".
std::string code_point_name(char32_t code);

struct Shown {
    std::string text;
    bool whole = true;  // nothing was cut off
};
/// One line in which nothing hides: each character that controls, reorders, is invisible or is a blank other
/// than the space, and the double quote, since this text is put between two, is written as <U+202E>. At most
/// `bytes` bytes, and "[…]" where it was cut. Invalid UTF-8 is repaired.
Shown visible(std::string_view text, std::size_t bytes);

}  // namespace dragoman
