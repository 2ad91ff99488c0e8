// What `git diff` wrote, made fit for a model: nothing that must stay on this machine, no secret, no more
// than a budget, and a note for each thing that is missing.
//
// Pure. The result reads as a diff but is none to apply: what was cut or masked is not there.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::git {

struct DiffLimits {
    /// Whether a file's changes stay on this machine; gets its path as git names it, from the top of the
    /// work tree, with slashes.
    std::function<bool(const std::string& path)> excluded{};
    std::size_t most_tokens = 8000;
    bool truncated = false;  // the output was longer than what is given
};

struct DiffText {
    std::string text{};                    // valid UTF-8: the diff, then one note a line, in parentheses
    std::size_t files = 0;                 // that are in it, whole or in part
    std::size_t excluded = 0;              // that stay on this machine
    std::vector<std::string> kept_here{};  // names of these, as far as they can be read; not in the text
    std::size_t masked = 0;                // likely secrets
    std::size_t lines_cut = 0;             // of files that are in it
    std::size_t files_cut = 0;             // for which there was no room at all
};

/// `raw`: the output of `git diff` with core.quotePath off and the prefixes a/ and b/. A file whose name
/// cannot be read from it counts as excluded. When the budget does not hold all, small files stay whole and
/// the room of the large ones is shared evenly, cut at ends of lines.
DiffText shape_diff(std::string_view raw, const DiffLimits& limits);

/// A name as git writes it: with C escapes where it stands in double quotes, else as it is.
std::string unquoted(std::string_view name);

}  // namespace dragoman::git
