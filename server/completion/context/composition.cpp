#include "server/completion/context/composition.h"

#include "server/config/exclusion.h"

namespace dragoman::completion {
namespace {

constexpr double kUseless = 0.85;  // share of its lines that the model sees anyway

}  // namespace

bool Composition::allows(const DocumentName& name) {
    const auto [known, first] = stays_here_.try_emplace(name.file, false);
    if (first) known->second = config::stays_here(config_, name.file);
    if (known->second) refused_.insert(name.shown);
    return !known->second;
}

bool Composition::take(const Piece& piece) {
    if (piece.tokens == 0 || piece.tokens > left_) return false;
    if (piece.kind != Piece::Kind::edit && seen_.share(piece.text) >= kUseless) return false;
    left_ -= piece.tokens;
    seen_.add(piece.text);
    return true;
}

}  // namespace dragoman::completion
