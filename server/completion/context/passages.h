// Passages of open documents that speak of the same things as the text around the cursor.
//
// Nothing is understood of any language: chunks of lines are ranked by the names they share with the
// cursor's surroundings, rare names counting most, and neighbouring chunks make a passage. Each passage
// that is taken lowers what its names are worth to the next, so that a few tokens tell of many things.
// The index is bounded, holds hashes but no text, and follows edits. Loop thread.
#pragma once

#include "server/completion/context/chunks.h"
#include "server/completion/context/known_secrets.h"
#include "server/completion/context/seen_lines.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace dragoman::completion {

struct Passage {
    std::string uri;       // as the client spells it
    std::string text;      // whole lines, \n line ends, no empty lines at its ends, secrets masked
    std::string original;  // the same as the document has it
    std::vector<std::string_view> masked;  // kinds of secrets that were masked
    std::size_t tokens = 0;
};

class Passages {
public:
    static constexpr std::size_t kMostDocuments = 50;

    /// Both outlive it.
    Passages(Clock& clock, KnownSecrets& secrets);
    ~Passages();

    void changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes);
    void closed(const std::string& uri);
    void visited(const std::string& uri, std::size_t offset);
    /// Makes the index one of `open` (most recently used first; the first kMostDocuments of them), and reads
    /// what is new or stale of it.
    void look_at(const std::vector<DocumentSnapshot>& open);

    struct Query {
        const DocumentSnapshot& document;
        std::size_t cursor = 0;                          // bytes
        std::size_t visible_begin = 0, visible_end = 0;  // of the document, bytes: what the model sees anyway
        std::function<bool(const std::string& uri)>
            allow;  // asked once for each document that has a candidate
    };
    /// The best passages, best first, `budget` tokens at most in all; none that `seen` holds already, or that
    /// is nearly one of the others. look_at() came before.
    std::vector<Passage> similar(const Query& query, std::size_t budget, SeenLines seen);

private:
    struct Entry {
        std::unique_ptr<Chunks> chunks;
        DocumentSnapshot snapshot;
    };
    struct Candidate;
    struct Interest;
    std::vector<Candidate> rank(const Query& query, const Interest& interest) const;
    float factor(const Query& query, const DocumentSnapshot& document) const;
    struct Range;
    Range grow(const Candidate& candidate, const Interest& interest, const std::set<std::size_t>& taken,
               const SeenLines& seen) const;
    Passage cut(const Candidate& candidate, const Range& range) const;

    Clock& clock_;
    KnownSecrets& secrets_;
    Frequencies frequencies_;
    std::map<std::string, Entry> entries_;  // by the client's URI
    std::unique_ptr<Interest> interest_;    // of the query under way
};

}  // namespace dragoman::completion
