// Keys by their shape, cut out of what others said: some gateways echo the key they refuse, whole or in part,
// and a program that fails to print a key may print it on stderr.
//
// Pure, and keener than find_secrets(): a sentence for a person may lose a word too many, a prompt may not.
#pragma once

#include <string>
#include <string_view>

namespace dragoman::privacy {

/// `text` with everything that looks like a key replaced by "***": words that begin as vendors' keys do
/// (sk-..., gsk_..., eyJ...), and what begins so inside a word where it is long and random; what follows
/// "Bearer"; long words with digits that follow "key" or "token"; and unbroken runs of 40 letters and
/// digits. Rather one word too many than one too few. Linear in the text.
std::string redact_keys(std::string_view text);

}  // namespace dragoman::privacy
