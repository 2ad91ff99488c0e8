// The part of a file that a model gets to see around the cursor.
//
// Pure. Line ends become \n, borders fall on line starts where that costs little, and the text is what the
// editor has, not what the disk has.
#pragma once

#include "server/documents/document.h"

#include <string>
#include <string_view>

namespace dragoman::completion {

/// Marks the cursor in chat prompts; a model that repeats it is cleaned by its presence.
inline constexpr std::string_view kCursorMark = "<CURSOR/>";

struct Window {
    std::string prefix, suffix;   // \n line ends only
    std::string path, language;   // may be empty
    bool suffix_is_whole = true;  // it reaches the end of the file

    /// The text between the last line start and the cursor.
    std::string line_before() const;
    /// The text between the cursor and its line's end.
    std::string line_after() const;
};

/// Bytes; the prefix gets the larger part because models follow it more.
struct WindowLimits {
    std::size_t prefix = 12'000, suffix = 4'000;
    /// The window's beginning moves in steps of so many bytes, so that prompts of consecutive keystrokes
    /// begin alike and a gateway finds them in its cache. Less than the prefix.
    std::size_t step = 1;
};

/// What is seen from byte `cursor`; past the text is its end, inside a character or a line end its start.
/// Path and language are the caller's to fill in.
Window take_window(const Text& text, std::size_t cursor, const WindowLimits& limits = {});

}  // namespace dragoman::completion
