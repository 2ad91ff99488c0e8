// Which lines of a text were replaced: Myers' O(ND) difference over lines.
//
// Pure. Lines that stay are not part of any hunk, so that an editor keeps their marks, folds and breakpoints.
// The search is bounded: texts that differ too much give one hunk over all that is not equal at both ends.
// (E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986.)
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace dragoman::edit {

/// Lines [old_begin, old_end) of the old text became lines [new_begin, new_end) of the new one. One of the
/// two may be empty, never both.
struct LineHunk {
    std::size_t old_begin = 0, old_end = 0, new_begin = 0, new_end = 0;
    friend bool operator==(const LineHunk&, const LineHunk&) = default;
};

/// In order, with at least one equal line between two hunks. `most_changes` bounds lines removed and added
/// together, beyond the equal ends; time and memory are at most its square.
std::vector<LineHunk> diff_lines(const std::vector<std::string_view>& before,
                                 const std::vector<std::string_view>& after, std::size_t most_changes = 600);

}  // namespace dragoman::edit
