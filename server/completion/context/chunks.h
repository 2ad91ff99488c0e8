// One open document cut into chunks of about a dozen lines, each with the features of its names.
//
// A keystroke makes one chunk stale, and only that one is read again when the next passage is looked for.
// Borders fall where code has them: behind an empty line, before a line that is not indented.
#pragma once

#include "server/completion/context/names.h"
#include "server/documents/documents.h"
#include "server/support/clock.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace dragoman::completion {

/// In how many chunks of all documents a feature occurs.
class Frequencies {
public:
    void add(const std::vector<Feature>& features);
    void remove(const std::vector<Feature>& features);
    std::size_t chunks() const { return chunks_; }
    /// How much it says that two chunks share the feature: 0 for one that most chunks have.
    float weight(Feature feature) const;

private:
    std::vector<std::uint32_t> counts_;  // empty until the first chunk
    std::size_t chunks_ = 0;
};

struct Chunk {
    std::size_t bytes = 0;
    bool stale = true;
    std::vector<Feature> features{};  // empty while stale, and where it is not worth an index
    std::optional<Clock::Time> visited{};
};

class Chunks {
public:
    static constexpr std::size_t kMostLines = 10'000;  // of a document; what follows is not looked at

    explicit Chunks(Frequencies& frequencies) : frequencies_{frequencies} {}
    ~Chunks();
    Chunks(const Chunks&) = delete;
    Chunks& operator=(const Chunks&) = delete;

    /// All is stale: a text of `size` bytes that nothing is known of.
    void reset(std::size_t size);
    /// Follows one edit. False where it does not fit the text that was known.
    bool apply(const AppliedChange& change);
    /// Reads what is stale.
    void refresh(const Text& text);

    const std::vector<Chunk>& all() const { return chunks_; }
    std::size_t bytes() const;
    /// The user was at byte `offset`.
    void visit(std::size_t offset, Clock::Time now);

private:
    void forget(Chunk& chunk);
    std::vector<Chunk> cut(std::string_view text, const std::optional<Clock::Time>& visited,
                           std::size_t& lines);

    Frequencies& frequencies_;
    std::vector<Chunk> chunks_;
    bool any_stale_ = false;
};

}  // namespace dragoman::completion
