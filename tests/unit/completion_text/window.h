// A window from one string: "|" is the cursor.
#pragma once

#include "server/completion/text/postprocess.h"

#include <catch2/catch_all.hpp>

#include <string>
#include <string_view>

namespace dragoman::test {

/// `file` with its cursor as "|" (the first one), in `language`.
inline completion::Window window(std::string_view file, std::string language = "cpp") {
    const auto cursor = file.find('|');
    REQUIRE(cursor != std::string_view::npos);
    completion::Window out;
    out.prefix = file.substr(0, cursor);
    out.suffix = file.substr(cursor + 1);
    out.path = "file";
    out.language = std::move(language);
    return out;
}

/// One line or several, as clearly as a test needs it: one where more than closers follows the cursor.
inline completion::Extent extent_of(const completion::Window& window) {
    const bool text_follows = window.line_after().find_first_not_of(" \t)]}>;:,'\"`") != std::string::npos;
    return text_follows ? completion::Extent::line : completion::Extent::block;
}

/// What of `answer` may stand in `file`, as far as it is wanted.
inline std::string shown(std::string_view answer, std::string_view file, std::string language = "cpp") {
    const auto seen = window(file, std::move(language));
    if (extent_of(seen) == completion::Extent::block) return completion::clean(answer, seen).text;
    return completion::present(answer, seen, completion::Extent::line).text;
}

}  // namespace dragoman::test
