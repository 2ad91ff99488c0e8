// Text measured in the units that editors and gateways count in, and repaired where it is broken.
//
// All text inside the daemon is valid UTF-8 addressed by byte. UTF-16 and UTF-32 exist at the
// editor's border only, and this is the one place that counts them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dragoman {

enum class PositionEncoding { utf8, utf16, utf32 };

std::string_view wire_name(PositionEncoding encoding);  // "utf-8", "utf-16", "utf-32"

/// Byte offset in `line` at which `character` (counted in `encoding`) starts. Past the end gives the
/// end; inside a character gives that character's start. `line` is valid UTF-8 without line end.
std::size_t byte_offset(std::string_view line, std::size_t character, PositionEncoding encoding);

/// The inverse: how many units of `encoding` the first `bytes` bytes of `line` are.
std::size_t units_before(std::string_view line, std::size_t bytes, PositionEncoding encoding);

/// The length of `text` in units of `encoding`.
std::size_t length_in(std::string_view text, PositionEncoding encoding);

bool is_valid_utf8(std::string_view text);

/// `text` with every ill-formed sequence replaced by U+FFFD (one per maximal subpart, as WHATWG).
std::string repair_utf8(std::string_view text);

/// Repairs UTF-8 that arrives in pieces: a character cut between pieces is held until it is whole.
class Utf8Repairer {
public:
    /// `bytes` as valid UTF-8, less an unfinished character at the end, which the next call gets.
    std::string feed(std::string_view bytes);
    /// What was held back, as U+FFFD, or nothing.
    std::string finish();

private:
    std::string held_;
};

/// `text` cut to at most `bytes` bytes, never inside a character.
std::string_view truncate_utf8(std::string_view text, std::size_t bytes);

/// One line for people: control characters (C1 too) and line breaks become spaces, runs of blanks one blank,
/// what hides or reorders its surroundings is written as <U+202E>; at most `bytes` bytes with "…" where it
/// was cut. Invalid UTF-8 is repaired.
std::string one_line(std::string_view text, std::size_t bytes = 300);

}  // namespace dragoman
