// How a file indents.
#pragma once

#include "server/completion/text/window.h"

#include <cstddef>

namespace dragoman::completion {

struct Layout {
    enum class Unit { unknown, tabs, blanks } unit = Unit::unknown;
    std::size_t width = 4;  // of a level, with blanks
};
/// By the lines of the window; unknown where it has none that are indented, or both kinds.
Layout layout_of(const Window& window);

}  // namespace dragoman::completion
