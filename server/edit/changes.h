// The smallest set of line changes that makes the replacement out of the selection.
//
// Pure. Lines that are equal but for their line ends stay as they are. A change that would put a mask where a
// secret is, is withheld.
#pragma once

#include "server/edit/masking.h"
#include "server/edit/selection.h"

#include <cstddef>
#include <string>
#include <vector>

namespace dragoman::edit {

/// Bytes [begin, end) of the selection's text become `text`. In order, not overlapping.
struct Hunk {
    std::size_t begin = 0, end = 0;
    std::string text;
    friend bool operator==(const Hunk&, const Hunk&) = default;
};

struct Changes {
    std::vector<Hunk> hunks;
    std::string text;          // the selection with them applied
    std::size_t withheld = 0;  // changes that would have overwritten a secret
};

/// `replacement` has \n line ends; what is new gets the document's.
Changes make_changes(const Selection& selection, const std::string& replacement, const Masking& masking);

}  // namespace dragoman::edit
