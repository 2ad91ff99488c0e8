// Which declarations of the files around a place in a text most likely needs.
//
// Pure. What a completion is about to name is often not yet there to be seen; so besides the names near the
// cursor count the types of what is near and what these inherit, the names that the file imports, words in
// common, what is used in many places, and what other code uses together with the names near the cursor.
// All that asks only of the files is counted beforehand; a keystroke costs the words around it.
#pragma once

#include "server/completion/context/neighbourhood.h"
#include "server/completion/context/outlined.h"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace dragoman::completion {

struct ImportedFile {
    std::shared_ptr<const OutlinedFile> file{};
    float closeness = 1;               // 0 to 1: imported by what was imported is further away
    bool own = false;                  // of the same package or name: nothing in it is hidden
    std::vector<std::string> names{};  // that the import names
    friend bool operator==(const ImportedFile&, const ImportedFile&) = default;
};

struct Scored {
    std::uint32_t file = 0, entry = 0;
    float score = 0;
};

/// Files, prepared for being asked again and again. Never changes.
class DefinitionIndex {
public:
    explicit DefinitionIndex(std::vector<ImportedFile> files);

    const std::vector<ImportedFile>& files() const { return files_; }
    /// The declarations that matter most, best first, `most` at most.
    std::vector<Scored> rank(const Neighbourhood& near, std::size_t most) const;

private:
    using Term = std::uint32_t;  // a word that the files know, numbered
    // Lists of numbers, one for each number: all lists in one row.
    class Lists {
    public:
        void add(std::uint32_t key, std::uint32_t value) { pairs_.push_back({key, value}); }
        void close(std::size_t keys);
        struct Range {
            const std::uint32_t *first, *last;
            const std::uint32_t* begin() const { return first; }
            const std::uint32_t* end() const { return last; }
            std::size_t size() const { return static_cast<std::size_t>(last - first); }
        };
        Range operator[](std::uint32_t key) const {
            return {values_.data() + begins_[key], values_.data() + begins_[key + 1]};
        }

    private:
        std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs_;
        std::vector<std::uint32_t> begins_, values_;
    };
    struct Entry {
        std::uint32_t file = 0, index = 0;
        Term name = 0;
        float prior = 0, factor = 1;
        float part_worth = 0;  // of a part in common
        bool type = false;
    };
    struct Asked;  // one question's working set

    Term term(Word word);
    void add_file(std::uint32_t file);
    void add_passages(std::uint32_t file);
    void count_uses();
    void infer(Asked& asked) const;
    void vote(Asked& asked) const;
    void score(Asked& asked, const Neighbourhood& near) const;

    std::vector<ImportedFile> files_;
    std::unordered_map<Word, Term> terms_, part_terms_;
    std::vector<Entry> entries_;
    Lists by_name_, by_parent_, by_module_, by_part_;  // terms to entries; by_module_ to files
    Lists mentioned_;                                  // entries to terms
    Lists top_;                                        // files to entries outside of types
    Lists passages_of_;                                // terms to passages
    Lists declared_in_;                                // passages to declared terms
    std::size_t passages_ = 0;
    std::vector<bool> is_declared_;    // terms
    std::vector<float> part_weights_;  // by rarity
};

}  // namespace dragoman::completion
