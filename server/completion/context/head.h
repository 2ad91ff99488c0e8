// What a declaration says before its body or its end: of what kind it is, and its name.
#pragma once

#include "server/completion/context/outline.h"

#include <string>
#include <string_view>

namespace dragoman::completion {

struct Head {
    enum class What {
        nothing,      // a statement, or beyond us
        scope,        // its members count as if they stood outside: namespace, module
        extension,    // its members are those of the type that it names: impl
        type,         // members inside
        enumeration,  // enumerators inside
        function,
        variable,
    } what = What::nothing;
    std::string name{};
    std::string owner{};  // the type it says that it belongs to: a receiver, a qualified name
    bool exported = false, hidden = false;
    std::string signature{};
};

/// `text`: a declaration up to its `{`, `;` or line end, blanks folded, without comments. `end` is that byte;
/// `in_type`: it stands in the body of the type called `type`.
Head read_head(std::string_view text, char end, Family family, bool in_type, std::string_view type);

/// Cut to what is worth its tokens.
std::string shortened(std::string_view signature);

}  // namespace dragoman::completion
