#include "server/completion/context/composition.h"

namespace dragoman::completion {
namespace {

constexpr double kUseless = 0.85;  // share of its lines that the model sees anyway

}  // namespace

bool Composition::allows(const DocumentName& name) {
    if (!config_.excluded(name.file)) return true;
    refused_.insert(name.shown);
    return false;
}

bool Composition::take(const Piece& piece) {
    if (piece.tokens == 0 || piece.tokens > left_) return false;
    if (piece.kind != Piece::Kind::edit && seen_.share(piece.text) >= kUseless) return false;
    left_ -= piece.tokens;
    seen_.add(piece.text);
    return true;
}

}  // namespace dragoman::completion
