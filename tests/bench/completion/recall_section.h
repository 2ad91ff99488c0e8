// How much of what a hidden function body needs from other files is found for its prompt.
//
// For a sample of real files the body of one function is taken out and the file opened without it, beside a
// few files that it imports or that lie next to it. Asked for are the names of the body that the model does
// not see around the cursor and that other files of the project declare; counted is the share of them that
// the pieces hold.
#pragma once

#include <cstddef>

namespace dragoman::bench {

/// Prints one line a language and one over all. `show_failures`: so many places are told of with the names
/// that were missed. The sample is the same every time.
void run_recall(bool quick, std::size_t show_failures = 0);

}  // namespace dragoman::bench
