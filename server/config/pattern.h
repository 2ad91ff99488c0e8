// The schema's patterns: ^(a|b)$ of plain characters and [sets], each once, * or +.
//
// The schema is the only author, so this little is enough; it has no recursion over the text.
#pragma once

#include <string_view>

namespace dragoman::config {

/// Whether the whole of `text` is what `pattern` says. Alternatives stand in one outer group.
bool fits_pattern(std::string_view text, std::string_view pattern);

}  // namespace dragoman::config
