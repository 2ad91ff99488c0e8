// Which names of a hidden text a prompt should tell of.
#pragma once

#include "tests/bench/completion/corpus.h"

#include <set>
#include <string>
#include <string_view>

namespace dragoman::bench {

/// The words of a text, comments and strings too: what a model can see there.
std::set<std::string> all_words(std::string_view text);

/// The names that the code of `span` uses and `visible` does not have, that another file of the project
/// declares, at its top or as a member. Left out: what the language has, what the file itself declares or
/// binds (locals, parameters, named arguments), what it takes from outside of the project, and what so many
/// files declare that none can be meant.
std::set<std::string> wanted_names(const Project& project, std::size_t file, const Body& span,
                                   const std::set<std::string>& visible);

}  // namespace dragoman::bench
