// Names of files compared as people read them: one form for what Unicode spells in several ways, and upper
// and lower case as one where that is asked for. Pure; the tables are data (data/unicode.json).
#pragma once

#include <string>
#include <string_view>

namespace dragoman::config {

/// A byte that is no UTF-8 stands for itself, outside of Unicode.
std::u32string code_points(std::string_view text);

/// Canonically equivalent texts (an é in one character or two, Hangul by syllables or letters) become the
/// same, composed where a composed character exists. Marks on one character lose their order, so that a few
/// texts become the same that are none; what is plain stays as it is.
std::u32string one_spelling(std::u32string text);

/// In lower case, character by character.
std::u32string lower_case(std::u32string text);

}  // namespace dragoman::config
