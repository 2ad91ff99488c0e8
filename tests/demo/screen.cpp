#include "tests/demo/screen.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace dragoman::demo {
namespace {

constexpr std::string_view kDim = "\x1b[2m", kInverse = "\x1b[7m", kPlain = "\x1b[0m";
constexpr std::string_view kHideCursor = "\x1b[?25l", kShowCursor = "\x1b[?25h", kMargin = "  | ";
constexpr std::size_t kWidth = 78;  // lines must not wrap, or redrawing would miss its place

void out(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// The bytes of the character at `at`.
std::size_t character_size(std::string_view text, std::size_t at) {
    std::size_t size = 1;
    while (at + size < text.size() && continues(text[at + size])) ++size;
    return size;
}

std::string_view without_last_line_feed(std::string_view text) {
    return text.substr(0, text.size() - (!text.empty() && text.back() == '\n' ? 1U : 0U));
}

std::string with_margin(std::string_view text) {
    std::string shown{kMargin};
    for (const char c : text) {
        shown += c;
        if (c == '\n') shown += kMargin;
    }
    return shown + "\n";
}

}  // namespace

std::string printable(std::string_view text) {
    std::string shown;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        // U+0080 to U+009F are control characters, too.
        const bool c1 = c == 0xC2U && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0U;
        if (c1) ++i;
        if (c == '\t') shown += "    ";
        if (c == '\n' || (c >= 0x20U && c != 0x7FU && !c1)) shown += text[i];
    }
    return shown;
}

Screen::Screen(Mode mode) : mode_{mode} {
    if (mode_ == Mode::live) out(kHideCursor);
}

Screen::~Screen() {
    if (mode_ == Mode::live) out(kShowCursor);
}

Screen::Mode Screen::usual_mode() {
    const char* const no_color = std::getenv("NO_COLOR");
    const char* const term = std::getenv("TERM");
    const bool refused = no_color != nullptr && *no_color != '\0';
    const bool dumb = term == nullptr || *term == '\0' || std::string_view{term} == "dumb";
    return ::isatty(STDOUT_FILENO) == 1 && !refused && !dumb ? Mode::live : Mode::plain;
}

void Screen::say(std::string_view line) {
    out(printable(line) + "\n");
    height_ = 0;  // the next picture goes below
}

void Screen::piece(std::string_view text) { out(printable(text)); }

void Screen::show(std::string_view text, std::size_t cursor, std::string_view ghost) {
    const std::string shown_ghost = printable(ghost);
    const bool new_ghost = shown_ghost != ghost_ && !shown_ghost.empty();
    text_ = without_last_line_feed(text);
    cursor_ = cursor;
    ghost_ = shown_ghost;
    if (mode_ == Mode::plain) {
        if (new_ghost) out("ghost text at the cursor:\n" + with_margin(ghost_));
        return;
    }
    const std::string picture = drawn(ghost_);
    std::string frame;
    if (height_ > 0) frame = "\x1b[" + std::to_string(height_) + "A\r\x1b[J";
    height_ = static_cast<std::size_t>(std::count(picture.begin(), picture.end(), '\n'));
    out(frame + picture);
}

void Screen::keep() {
    if (mode_ == Mode::plain) out("the file is now:\n" + with_margin(text_));
    height_ = 0;
    ghost_.clear();
}

/// The file with a block cursor, the ghost text dim behind it; ends with a line feed.
std::string Screen::drawn(std::string_view ghost) const {
    const std::string all = text_.substr(0, cursor_) + std::string{ghost} + text_.substr(cursor_);
    std::string picture{kMargin};
    std::size_t column = 0;
    for (std::size_t at = 0; at <= all.size(); at += at < all.size() ? character_size(all, at) : 1) {
        const bool line_ends = at == all.size() || all[at] == '\n';
        const std::string letter = line_ends ? " " : all.substr(at, character_size(all, at));
        const bool is_ghost = at >= cursor_ && at < cursor_ + ghost.size();
        if (column < kWidth) {
            if (is_ghost && !line_ends) picture += kDim;
            if (at == cursor_) picture += kInverse;
            if (!line_ends || at == cursor_) picture += letter;
            if (is_ghost || at == cursor_) picture += kPlain;
        }
        ++column;
        if (line_ends && at < all.size()) {
            picture += "\n";
            picture += kMargin;
            column = 0;
        }
    }
    return picture + "\n";
}

}  // namespace dragoman::demo
