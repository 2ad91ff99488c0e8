// What a search looks for, as SQL. Private to the room.
//
// The index holds words as they stand between blanks and signs, so it finds those that begin with what was
// typed. It is no help with signs alone, nor in scripts that put no blanks between words, where it has whole
// sentences for words: such parts of a query are looked for by reading, wherever they stand.
#pragma once

#include "server/store/database.h"

#include <string>
#include <vector>

namespace dragoman::store {

class Query {
public:
    /// `text`: valid UTF-8 of at most kMostQueryBytes. `indexed`: there is a full-text index.
    Query(const std::string& text, bool indexed);

    /// The condition on conversations, empty for every one; its parameters are ?3 and the ones behind.
    std::string filter() const;
    void bind(Statement& statement) const;

private:
    std::string text_;
    std::string match_;               // for the index; empty where nothing in it is
    std::vector<std::string> parts_;  // looked for by reading
};

}  // namespace dragoman::store
