// Small text helpers of this room: ASCII only, so that UTF-8 passes through untouched.
#pragma once

#include "server/upstream/wire/decoder.h"

#include <optional>
#include <string>
#include <string_view>

namespace dragoman::wire {

std::string lower_ascii(std::string_view text);
std::string_view trim_ascii(std::string_view text);
inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// The first header of that name, trimmed; names compare without case (HTTP/2 sends them lower).
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

/// The number that all of `text` is; nothing for "", "nan", "inf", "12abc".
std::optional<double> parse_number(std::string_view text);

/// The first whole JSON object or array at the start of `text`, by counting brackets outside strings:
/// what follows it (a second answer, "data: [DONE]") is not looked at. Empty when it never closes.
std::string_view first_json_value(std::string_view text);

}  // namespace dragoman::wire
