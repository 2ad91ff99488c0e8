// What the gateway says when no script was given: the dialect's own rules, then an answer made from the
// question alone, the same each time. It is also what the demonstration shows, and it says that it is one.
#pragma once

#include "tests/gateway/script.h"

namespace dragoman::test {

/// The script for `request`: a refusal by the dialect's rules, a listing, or the answer of "the model".
Script house_script(const HttpRequest& request, const Dialect& dialect);

/// What fills the hole in a prompt: from a small table of code everybody knows, otherwise a made-up name.
std::string house_completion(std::string_view prompt);

/// A short Markdown answer to a question, honest about who answers.
std::string house_chat(std::string_view prompt);

}  // namespace dragoman::test
