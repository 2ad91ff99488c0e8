// Did-you-mean for keys and words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::config {

/// The word of `known` that `written` most likely stands for: letters changed, left out, added or swapped,
/// at most one in three; case is free. Empty when none is near.
std::string nearest(std::string_view written, const std::vector<std::string>& known);

/// "a", "b" and "c", each in double quotes.
std::string listed(const std::vector<std::string>& words, std::string_view conjunction = "and");

}  // namespace dragoman::config
