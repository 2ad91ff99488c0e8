// A file as ranking knows it: its declarations, and which words its code uses together.
//
// Pure. Made once of a text, never changed, shared by every document that imports the file.
#pragma once

#include "server/completion/context/outline.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

/// A word as its hash; 0: none. Two words that fall together cost a little order and never more.
using Word = std::uint64_t;
Word word_of(std::string_view text);

/// Calls `take` with every word of `text` that is no number, in order.
template <class Take>
void each_word(std::string_view text, Take take);

/// The parts of camelCase and snake_case, in lower case, of three letters and more.
template <class Take>
void each_part(std::string_view name, Take take);

struct OutlinedFile {
    struct Entry {
        Declaration declaration{};
        Word name = 0, parent = 0;
        std::vector<Word> parts{};      // of the name: those of "parse_head" are "parse", "head"
        std::vector<Word> mentioned{};  // the names in the signature
        std::size_t line_tokens = 0, name_tokens = 0;
    };
    std::string shown{};  // the path as the prompt names it
    Family family = Family::none;
    Word module = 0;  // the name that code knows it by: "shape" of shape.py, shape/index.ts
    std::vector<Entry> entries{};
    /// The words of its code, some lines at a time, each once; comments left out.
    std::vector<std::vector<Word>> passages{};
};
/// `text`: what `declarations` were found in.
OutlinedFile outlined_file(std::string shown, Family family, std::vector<Declaration> declarations,
                           std::string_view text);

/// A declaration on one line, with its values: "enum class Kind { line, arc }".
std::string line_of(const Declaration& one);

}  // namespace dragoman::completion

#include "server/completion/context/outlined_words.h"
