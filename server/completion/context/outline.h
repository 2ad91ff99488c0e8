// The declarations of a file without their bodies: what another file can use of it.
//
// Pure. A scanner of brackets, strings and comments, or of indentation; no parser. It reads code that does
// not compile, and a declaration that it misreads costs one line of context. Linear in the text.
#pragma once

#include "server/completion/context/imports.h"

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

struct Declaration {
    enum class Kind { type, enumeration, function, variable } kind = Kind::variable;
    std::string name{};
    /// On one line, blanks folded, without body, access and long values: "double area() const".
    std::string signature{};
    std::string doc{};                  // the first line of the comment before it, without its marks
    std::string parent{};               // the type that it is a member of; empty: none
    std::vector<std::string> values{};  // enumerators, the keys of an object
    bool hidden = false;                // from other files: private, not exported, _name
};

/// In the order of the text, `most` at most. `text` has \n line ends.
std::vector<Declaration> outline(std::string_view text, Family family, std::size_t most = 400);

}  // namespace dragoman::completion
