// One set of pieces under way: what fits, what may be told, what is new.
#pragma once

#include "server/completion/context/document_name.h"
#include "server/completion/context/piece.h"
#include "server/completion/context/seen_lines.h"
#include "server/config/config.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace dragoman::completion {

/// Files that were asked about for one configuration, and whether they stay here: finding out looks at the
/// disk.
using StaysHere = std::map<std::filesystem::path, bool>;

class Composition {
public:
    /// `config` and `stays_here` outlive it.
    Composition(const config::Effective& config, std::size_t budget, StaysHere& stays_here)
        : config_{config}, left_{budget}, stays_here_{stays_here} {}

    /// The model sees `text` anyway.
    void see(std::string_view text) { seen_.add(text); }
    /// False for a file that privacy.exclude names; refused() tells of it then.
    bool allows(const DocumentName& name);
    /// Gives a piece its part of the budget. False where it is empty, too large for what is left, or holds
    /// nothing that is not seen already; an edit may, it tells of what was there before.
    bool take(const Piece& piece);

    const SeenLines& seen() const { return seen_; }
    std::size_t left() const { return left_; }
    /// Names of the files that were refused.
    const std::set<std::string>& refused() const { return refused_; }

private:
    const config::Effective& config_;
    SeenLines seen_;
    std::size_t left_;
    StaysHere& stays_here_;
    std::set<std::string> refused_;
};

}  // namespace dragoman::completion
