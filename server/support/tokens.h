// How many tokens a text may be, without a tokenizer.
#pragma once

#include <cstddef>
#include <string_view>

namespace dragoman {

/// An estimate that errs to the high side for code (about 3.3 bytes a token), and counts characters of
/// scripts that tokenizers split finely one by one. For budgets, never for money.
std::size_t estimate_tokens(std::string_view text);

}  // namespace dragoman
