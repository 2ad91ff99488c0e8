// SHA-256 as text.
#pragma once

#include <string>
#include <string_view>

namespace dragoman {

/// 64 lower-case hex digits (FIPS 180-4). Empty where the library refuses, which must never count as a
/// match: compare only digests that are not empty.
std::string sha256_hex(std::string_view bytes);

}  // namespace dragoman
