// Parts of a file that somebody could want written for them.
#pragma once

#include "tests/bench/completion/oracle/sources.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::bench {

enum class SpanKind { line_rest, line_middle, whole_line, body, function, comment };
inline constexpr std::array kSpanKinds = {SpanKind::line_rest, SpanKind::line_middle, SpanKind::whole_line,
                                          SpanKind::body,      SpanKind::function,    SpanKind::comment};
const char* name_of(SpanKind kind);

/// A file with a hole.
struct Span {
    SpanKind kind;
    const Source* source;
    std::size_t begin = 0, end = 0;  // of the hole, bytes

    std::string_view hidden() const { return std::string_view{source->text}.substr(begin, end - begin); }
    std::string_view before() const { return std::string_view{source->text}.substr(0, begin); }
    std::string_view after() const { return std::string_view{source->text}.substr(end); }
};

/// A span of the kind at or behind a place of the dice; nothing where the file has none there. What is hidden
/// differs from what stands around it, so that it can be told whether an answer repeats that.
std::optional<Span> hide(const Source& source, SpanKind kind, Dice& dice);

}  // namespace dragoman::bench
