// A place in a text, known by what stands around it.
//
// Suggestions belong to a place, and typing moves the cursor away from it. Comparing contents instead of
// offsets makes a suggestion hold through typing, deleting back, accepting a part and undoing, and never
// through an edit elsewhere in what its model had seen. Rolling hashes (polynomials modulo 2^61 - 1) make
// any comparison O(1) once the surroundings were read. Nothing defends against texts made to collide: who
// writes them could spoil no suggestions but their own. Pure.
#pragma once

#include "server/documents/document.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

/// What has to be the same for a text to belong here. Sizes in bytes of the document; hashes of content.
struct Anchor {
    std::uint64_t scope = 0;  // document, language, route, model and settings
    std::size_t before = 0, after = 0;
    bool from_start = false, to_end = false;  // what was seen reaches the text's start, its end
    std::uint64_t before_hash = 0, after_hash = 0;
    std::uint64_t tail_hash = 0;  // of the last bytes before it: what an index finds it by
    friend bool operator==(const Anchor&, const Anchor&) = default;
};

/// How the cursor stands to an anchor before it.
struct Typed {
    std::string text;         // between the two, \n line ends; may be empty
    std::size_t closers = 0;  // bytes of brackets and quotes that the editor put behind the cursor meanwhile
    std::size_t back = 0;     // bytes of the document between the two
};

class Place {
public:
    /// Hashes the surroundings once. `before` and `after` are what is seen by a model from here;
    /// `typed` is how far back anchors are looked for. A cursor past the text is its end, inside a
    /// character or a line end its start.
    Place(const Text& text, std::size_t cursor, std::uint64_t scope, std::size_t before, std::size_t after,
          std::size_t typed = 4096);

    Anchor anchor() const;
    /// What was typed since `anchor`; nothing where its surroundings are not these, or not any more. Of
    /// several places that would do, the nearest.
    ///
    /// Behind the cursor may stand what editors put there by themselves, at most four closers of the
    /// brackets and quotes that were typed and are still open; and where a line break was typed between
    /// brackets, another one in front of the closing bracket (which counts as no closer: it stays).
    std::optional<Typed> typed_since(const Anchor& anchor) const;
    /// tail_hash of the places 0, 1, 2, ... bytes before the cursor: where to look in an index.
    const std::vector<std::uint64_t>& tails() const;
    /// As typed_since, for an anchor known to lie `back` bytes before the cursor.
    std::optional<Typed> typed_since(const Anchor& anchor, std::size_t back) const;

private:
    std::uint64_t hash(std::size_t begin, std::size_t end) const;
    bool ends_alike(const Anchor& anchor, std::size_t at) const;
    std::size_t behind_cursor(const Anchor& anchor) const;

    // All positions count from begin_, the document's byte at which bytes_ starts.
    std::uint64_t scope_;
    std::size_t before_, after_, begin_ = 0, cursor_ = 0;
    bool to_end_ = false;  // bytes_ reaches the document's end
    std::string bytes_;
    std::vector<std::uint64_t> hashes_;  // of the first 0, 1, 2, ... of bytes_
    std::vector<std::uint64_t> tails_;
};

/// What of `text` goes on behind `typed`; nothing where it does not begin with it. After a line break editors
/// indent by themselves: blanks there need not be those that the text has, unless they are too few or of an
/// outer block.
std::optional<std::string_view> rest_behind(std::string_view typed, std::string_view text);

/// Scopes are digests of what they are made of, in order.
std::uint64_t digest(const std::vector<std::string_view>& parts);

}  // namespace dragoman::completion
