// One line or several: how much of an answer is meant for this place, and where that part ends.
//
// Pure. Decided from the syntax around the cursor, not from the model: a body that has just been opened
// wants its whole block, an argument list wants the rest of its line. Linear in window and answer.
#pragma once

#include "server/completion/text/view.h"

#include <string_view>

namespace dragoman::completion {

/// A statement is one line, unless its first line opens what only later lines close; it stays a few lines.
enum class Extent { line, statement, block };

/// `multiline` is completion.multiline: "auto", "always" (a block, wherever the cursor is), "never" (a line).
struct Wanted {
    Extent extent = Extent::line;
    std::string_view why;  // for the trail: "a block has just been opened", "text follows the cursor", ...
};
Wanted wanted_extent(const View& view, std::string_view multiline = "auto");

/// Where the wanted part of `answer` (cleaned of what models put around it, \n line ends) ends.
struct End {
    std::size_t at = 0;    // bytes of the answer that are wanted; answer.size() when all
    bool certain = false;  // whatever may still come, `at` stays: the part is whole
};
/// Of Extent::line: its first line that says something (an answer that begins with a line break goes on to
/// it). Of Extent::statement: that line, with those that close what it opens. Of Extent::block: up to where
/// the block that the cursor is in ends (by brackets outside of strings and comments, by indentation, by
/// words), with its closer where none follows; the declaration at the top of a file or a type; the paragraph
/// in prose; the comment in a comment. Uncertain ends are those of an answer that says no more.
End find_end(std::string_view answer, const View& view, Extent extent);

}  // namespace dragoman::completion
