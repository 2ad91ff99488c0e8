// What is to be edited: a part of a document with what stands around it.
//
// Pure. The text is the document's own, byte for byte; everything a model sees has \n line ends.
#pragma once

#include "server/documents/document.h"

#include <cstddef>
#include <string>

namespace dragoman::edit {

struct Selection {
    std::string text;           // as the document has it; empty: a place where something is to be added
    std::string before, after;  // \n line ends only, bounded
    std::string language;       // may be empty
    std::string line_end;       // the document's: "\n", "\r\n" or "\r"

    /// What stands on the first line before the selection.
    std::string line_before() const;
    /// That is nothing but indentation.
    bool begins_a_line() const;
    /// The indentation of the line it begins on; known only as far as the selection's own text shows it.
    std::string indentation() const;
};

/// Bytes [begin, end) of the document's text.
Selection take_selection(const DocumentSnapshot& document, std::size_t begin, std::size_t end);

/// Bytes [begin, end) of the innermost block around `offset`, by indentation: the line that opens it, what is
/// indented deeper, and the line that closes it. For commands that are given a cursor in place of a
/// selection.
struct Extent {
    std::size_t begin = 0, end = 0;
};
Extent block_around(const Text& text, std::size_t offset);

/// The lines that [begin, end) touches, without the last one's line break; one that it only reaches the start
/// of is not touched. The block around it where it is a cursor or a part of what stands on one line.
Extent lines_around(const Text& text, std::size_t begin, std::size_t end);

}  // namespace dragoman::edit
