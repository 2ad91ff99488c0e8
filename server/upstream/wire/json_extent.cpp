#include "server/upstream/wire/json_extent.h"

namespace dragoman::wire {

std::size_t JsonExtent::feed(std::string_view piece) {
    for (std::size_t at = 0; at < piece.size(); ++at) {
        if (complete_) return at;
        const char c = piece[at];
        if (escaped_) {
            escaped_ = false;
        } else if (in_string_) {
            escaped_ = c == '\\';
            in_string_ = c != '"';
        } else if (c == '"') {
            in_string_ = true;
        } else if (c == '{' || c == '[') {
            ++depth_;
        } else if ((c == '}' || c == ']') && depth_ > 0) {
            complete_ = --depth_ == 0;
        }
    }
    return piece.size();
}

}  // namespace dragoman::wire
