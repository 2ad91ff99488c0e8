// Where a JSON object or array ends, found while its bytes arrive.
//
// Counts brackets outside of strings: enough to know that a value is whole without parsing it again at
// each piece. It does not judge the syntax between the brackets; the parser does, once, at the end.
#pragma once

#include <cstddef>
#include <string_view>

namespace dragoman::wire {

class JsonExtent {
public:
    /// How many of these bytes belong to the value; all of them until it is complete.
    std::size_t feed(std::string_view piece);
    /// The bracket that opened the value was closed.
    bool complete() const { return complete_; }

private:
    std::size_t depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
    bool complete_ = false;
};

}  // namespace dragoman::wire
