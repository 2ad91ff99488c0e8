// How the declarations that were ranked are written down within a budget.
//
// Pure. The best come with their signatures; of the rest as many as possible by name alone, which costs a few
// tokens each and is what a completion needs most. A name that the model sees anyway is in no list.
#pragma once

#include "server/completion/context/neighbourhood.h"
#include "server/completion/context/piece.h"
#include "server/completion/context/rank.h"

#include <vector>

namespace dragoman::completion {

/// Best file first, `budget` tokens at most in all. `near` shows what the model sees.
std::vector<Piece> choose_definitions(const DefinitionIndex& index, const Neighbourhood& near,
                                      std::size_t budget);

}  // namespace dragoman::completion
