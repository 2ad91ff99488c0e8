// One open text: edited in place, handed out as immutable snapshots.
//
// The text is a balanced tree of shared pieces, so that a snapshot is a pointer copy, an edit touches one
// path, and a line is found without reading the text, in a file of 100 000 lines as well as in a line of
// 5 MB. All offsets are bytes; positions of the editor are turned into them here and nowhere else.
#pragma once

#include "protocol/base/utf.h"
#include "protocol/lsp/types.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dragoman {

namespace rope {
struct Node;
}

/// An immutable text. Copying shares. Lines end with \n, \r\n or \r alone.
class Text {
public:
    Text();
    /// Ill-formed UTF-8 is repaired.
    explicit Text(std::string_view text);

    std::size_t size() const;
    std::size_t line_count() const;  // at least 1
    std::string to_string() const;
    /// Bytes [begin, end), clamped to the text.
    std::string slice(std::size_t begin, std::size_t end) const;

    /// Byte at which line `line` (from 0) begins; past the last line gives size().
    std::size_t line_start(std::size_t line) const;
    /// Byte at which its line end begins (or the text's end).
    std::size_t line_end(std::size_t line) const;
    /// The line without its end.
    std::string line(std::size_t line) const;
    /// The line that byte `offset` is on; inside a \r\n it is still the line that ends there.
    std::size_t line_of(std::size_t offset) const;

    /// Clamped as LSP says: past a line's end is its end, past the last line is the text's end, inside a
    /// character is that character's start. Negative numbers count as 0.
    std::size_t offset_of(Position position, PositionEncoding encoding) const;
    /// The inverse. An offset past the text is its end, inside a character or a line end its start.
    Position position_of(std::size_t offset, PositionEncoding encoding) const;

    /// The text with [begin, end) replaced; this one stays as it is. O(log n + size of the change).
    /// Offsets are clamped to the text, and to the start of the character they lie in; ill-formed UTF-8
    /// is repaired.
    Text replace(std::size_t begin, std::size_t end, std::string_view with) const;

private:
    explicit Text(std::shared_ptr<const rope::Node> root);
    std::shared_ptr<const rope::Node> root_;
};

/// What a request sees: the text at one moment.
struct DocumentSnapshot {
    std::string uri;  // as the client spells it
    std::string language_id;
    std::int64_t version = 0;
    std::uint64_t revision = 0;  // counts every change in this daemon; never goes back
    Text text;
};

}  // namespace dragoman
