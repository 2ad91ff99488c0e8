// Which lines a prompt holds already, so that nothing is told twice.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_set>

namespace dragoman::completion {

class SeenLines {
public:
    /// Remembers the lines of `text` that say something, whatever their indentation.
    void add(std::string_view text);
    /// The share (0 to 1) of such lines of `text` that were seen; 1 for a text that has none.
    double share(std::string_view text) const;

private:
    std::unordered_set<std::size_t> lines_;  // hashes
};

}  // namespace dragoman::completion
