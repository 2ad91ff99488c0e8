#include "server/completion/text/window.h"

#include "server/completion/text/lines.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

std::size_t character_start(const Text& text, std::size_t offset) {
    return text.offset_of(text.position_of(offset, PositionEncoding::utf8), PositionEncoding::utf8);
}

// A window border inside a line moves to the line start nearer to the cursor, unless that would cost half
// of the window (one line of 5 MB); then it moves to a character's start.
std::size_t prefix_begin(const Text& text, std::size_t cursor, const WindowLimits& limits) {
    const std::size_t limit = limits.prefix;
    if (cursor <= limit) return 0;
    const std::size_t begin = (cursor - limit + limits.step - 1) / limits.step * limits.step;
    const std::size_t line = text.line_of(begin);
    const std::size_t start = text.line_start(line) == begin ? begin : text.line_start(line + 1);
    if (start <= cursor && start - begin < limit / 2) return start;
    return character_start(text, begin);
}

std::size_t suffix_end(const Text& text, std::size_t cursor, std::size_t limit) {
    if (text.size() - cursor <= limit) return text.size();
    const std::size_t end = cursor + limit;
    const std::size_t line = text.line_start(text.line_of(end));
    if (line > cursor && end - line < limit / 2) return line;
    return character_start(text, end);
}

}  // namespace

std::string Window::line_before() const {
    const auto newline = prefix.rfind('\n');
    return newline == std::string::npos ? prefix : prefix.substr(newline + 1);
}

std::string Window::line_after() const { return suffix.substr(0, suffix.find('\n')); }

Window take_window(const Text& text, std::size_t cursor, const WindowLimits& limits) {
    cursor = character_start(text, std::min(cursor, text.size()));
    const std::size_t end = suffix_end(text, cursor, limits.suffix);
    Window window;
    window.prefix = normalise_line_ends(text.slice(prefix_begin(text, cursor, limits), cursor));
    window.suffix = normalise_line_ends(text.slice(cursor, end));
    window.suffix_is_whole = end == text.size();
    return window;
}

}  // namespace dragoman::completion
