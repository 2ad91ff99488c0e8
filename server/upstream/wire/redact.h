// Cuts keys out of what a gateway said: some echo the key they refuse, whole or in part.
#pragma once

#include <string>
#include <string_view>

namespace dragoman::wire {

/// `text` with everything that looks like a key replaced by "***": words that begin as vendors' keys do
/// (sk-..., gsk_..., eyJ...), what follows "Bearer", long words with digits that follow "key" or "token",
/// and unbroken runs of 40 letters and digits. Rather one word too many than one too few.
std::string redact_keys(std::string_view text);

}  // namespace dragoman::wire
