// A part of a document that is followed while the document changes around it.
#pragma once

#include "server/documents/documents.h"

#include <cstddef>
#include <vector>

namespace dragoman::edit {

class TrackedRange {
public:
    TrackedRange(DocumentSnapshot document, std::size_t begin, std::size_t end)
        : document_{std::move(document)}, begin_{begin}, end_{end} {}

    /// False once the text inside was touched; typing directly before or behind it is outside, but nothing is
    /// outside of an empty range that stands where the change is.
    bool follow(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes);

    const DocumentSnapshot& document() const { return document_; }
    std::size_t begin() const { return begin_; }
    std::size_t end() const { return end_; }

private:
    bool apply(std::size_t at, std::size_t removed, std::size_t inserted);

    DocumentSnapshot document_;
    std::size_t begin_, end_;
};

}  // namespace dragoman::edit
