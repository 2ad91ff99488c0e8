// From what a model said to exactly what replaces the selection.
//
// Pure. Models wrap code into fences, explain it, and lose its indentation. What they add is removed with the
// steps that clean completions; indentation and the line breaks around come from the selection.
#pragma once

#include "server/edit/selection.h"

#include <optional>
#include <string>
#include <string_view>

namespace dragoman::edit {

/// Frame the selection in the prompt; a model that repeats them is cleaned of them.
inline constexpr std::string_view kSelectionOpen = "<selection>", kSelectionClose = "</selection>";

/// The replacement with \n line ends; nothing where the answer holds none (empty, an apology, talk only). An
/// empty fence means that the selection is to go. `answer` is all the model said (reasoning already apart).
std::optional<std::string> replacement_of(std::string_view answer, const Selection& selection);

/// The same of an answer that goes on, cut after a line: what can be shown of it already. Nothing while
/// that is not certain.
std::optional<std::string> replacement_so_far(std::string_view answer, const Selection& selection);

/// `text` (\n line ends) with those of the document.
std::string with_line_ends(std::string_view text, std::string_view line_end);

}  // namespace dragoman::edit
