// One value of a settings file's text set or taken out, and not a byte more changed than that needs.
//
// The text is never printed anew from a value: comments, order, indentation and line ends belong to whoever
// wrote them. So an edit looks for its place in the text and takes its style from what stands around it.
// Pure. A text that does not parse is never edited.
#pragma once

#include "protocol/base/json.h"
#include "protocol/base/result.h"
#include "server/config/text.h"

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::config {

/// `text` with `value` at `path` (names of members from the root on, at least one). A value that is there is
/// replaced in place, an object by an object member by member; comments inside a list go with the list.
/// A new member goes behind the last of its object, on a line of its own where that one has one; missing
/// parents are made; a text with nothing but blanks and comments gets an object.
/// Fails where the text does not parse, and where `path` leads through a value that is no object.
Result<std::string, Finding> set_value(std::string_view text, const std::vector<std::string>& path,
                                       const Json& value);

/// `text` without the value at `path`, and without the parents that hold nothing any more; comments stay. The
/// text itself where there is no such value. Takes back what set_value did to a new member, but that an
/// object that held nothing before may be gone. Fails where the text does not parse.
Result<std::string, Finding> unset_value(std::string_view text, const std::vector<std::string>& path);

/// Blanks and comments alone, or nothing: what no settings file may be, and what an edit makes one of.
bool says_nothing(std::string_view text);

}  // namespace dragoman::config
