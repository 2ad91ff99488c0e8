// What the demonstration shows: narration, a source file with ghost text, an answer as it streams in.
//
// On a terminal the file is redrawn in place and ghost text is dim. Elsewhere (a pipe, NO_COLOR, a dumb
// terminal) there is no escape sequence at all: each ghost text and each finished file is printed once.
// Text of a model never reaches the terminal with its control characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dragoman::demo {

/// `text` without control characters other than line feed; a tab becomes four blanks.
std::string printable(std::string_view text);

class Screen {
public:
    enum class Mode { live, plain };
    explicit Screen(Mode mode);
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    /// Live where stdout is a terminal that can be drawn on, and nobody asked for no colour.
    static Mode usual_mode();

    /// A line of narration, below everything so far.
    void say(std::string_view line);
    /// The file as it is now: `ghost` stands at byte `cursor` of `text`.
    void show(std::string_view text, std::size_t cursor, std::string_view ghost = {});
    /// The file stays as it was shown last; what comes next goes below it.
    void keep();
    /// A piece of running text.
    void piece(std::string_view text);

private:
    std::string drawn(std::string_view ghost) const;

    Mode mode_;
    std::size_t height_ = 0;  // lines of the file on the terminal
    std::string text_, ghost_;
    std::size_t cursor_ = 0;
};

}  // namespace dragoman::demo
