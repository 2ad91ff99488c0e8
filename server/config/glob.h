// Globs over paths and names: * and ? within a folder, ** across folders, {a,b}, [a-z], [!a], \ escapes.
//
// A pattern becomes a small machine whose states advance together over the text, so a hostile pattern
// costs its length times the text's and never more. "**/" also stands for no folder at all, and a
// pattern that ends in '/' means all that lies below. What is never closed ("{a", "[a") is plain text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dragoman::config {

class Glob {
public:
    explicit Glob(std::string_view pattern);
    explicit Glob(std::u32string pattern);

    /// Whether the whole of `text` is what the pattern says.
    bool matches(std::string_view text) const;
    bool matches(std::u32string_view text) const;
    /// The same, or a folder above it is: what of `text` stands before a '/' at `from` or behind.
    bool holds(std::u32string_view text, std::size_t from) const;

private:
    friend class GlobCompiler;

    struct Step {
        enum class Kind { character, any, any_in_folder, set, split, jump, end } kind = Kind::end;
        char32_t character = 0;
        std::size_t next = 0, other = 0;                      // of split: both; of jump: next
        std::vector<std::pair<char32_t, char32_t>> ranges{};  // of set
        bool negated = false;

        bool accepts(char32_t c) const;
    };

    void follow(std::size_t step, std::vector<char>& active, std::vector<std::size_t>& todo) const;

    std::vector<Step> steps_;
};

}  // namespace dragoman::config
