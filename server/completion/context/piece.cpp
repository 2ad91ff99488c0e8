#include "server/completion/context/piece.h"

namespace dragoman::completion {

std::string_view wire_name(Piece::Kind kind) {
    switch (kind) {
        case Piece::Kind::definition: return "definition";
        case Piece::Kind::similar: return "similar";
        case Piece::Kind::edit: return "edit";
    }
    return "similar";
}

}  // namespace dragoman::completion
