// Suggestions that were paid for, found again by what was typed since.
//
// Pure, bounded, in memory only. Texts are kept as the engine cleaned them for the place they were made at,
// uncut: what of them is shown is decided where they are found.
//
// A text goes on where its beginning was typed. Indentation is the editor's: where typing began a line with
// other blanks than the text has there (tabs for spaces), the line counts as the same and the rest goes on
// behind the blanks of both. Only a text that would have begun its line further left does not belong any
// more: shown deeper, it would stand in the wrong block.
#pragma once

#include "server/completion/place.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace dragoman::completion {

struct CacheLimits {
    std::size_t entries = 1000, bytes = std::size_t{4} << 20U;
};

class Cache {
public:
    explicit Cache(CacheLimits limits = {}) : limits_{limits} {}
    Cache(const Cache&) = delete;
    Cache& operator=(const Cache&) = delete;

    struct Hit {
        std::string rest;  // what of the text was not typed yet; empty: the model had nothing to add here
        std::size_t closers = 0;  // see Typed
        bool whole = false;       // the answer ended there; otherwise it was stopped and may go on
        std::string id;           // of the generation it came from
    };
    /// Best first: the one that was made nearest to the cursor, the newer of two. Texts that differ from each
    /// other only; a text that was typed to its end is a hit with an empty rest only when nothing was typed
    /// (a model that had nothing to add). A hit counts as use.
    std::vector<Hit> find(const Place& place, std::size_t most = 3);
    /// Replaces what the same generation gave for the same anchor. The least recently used go first.
    /// An empty text that is not whole says nothing and is not kept, nor is one larger than the limit.
    void put(const Anchor& anchor, std::string text, bool whole, std::string id);
    std::size_t size() const { return entries_.size(); }
    void clear();

private:
    struct Entry {
        Anchor anchor;
        std::string text, id;
        bool whole = false;
    };
    using Entries = std::list<Entry>;
    static std::size_t cost(const Entry& entry);
    void drop(Entries::iterator entry);

    CacheLimits limits_;
    std::size_t bytes_ = 0;
    Entries entries_;                                                            // most recently used first
    std::unordered_map<std::uint64_t, std::vector<Entries::iterator>> by_tail_;  // newest last
};

}  // namespace dragoman::completion
