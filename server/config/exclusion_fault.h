// Whether privacy.exclude says what its writer meant.
//
// A list that cannot be read is not replaced by the defaults or by what is left of it: the files that it was
// to keep here would be sent.
#pragma once

#include "server/config/settings.h"

#include <optional>
#include <vector>

namespace dragoman::config {

/// The problem of the last list that was refused, whole or in part, in `layers` (lowest first); none where a
/// higher layer of the user's says the list anew, which replaces it.
std::optional<Problem> exclusion_fault(const std::vector<Layer>& layers);

/// Warnings about patterns that another program would understand and this one takes by the letter.
std::vector<Problem> doubtful_patterns(const std::vector<Layer>& layers);

}  // namespace dragoman::config
