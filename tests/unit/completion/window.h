// A window from one string: "|" is the cursor.
#pragma once

#include "server/completion/postprocess.h"

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

/// What would be shown of `answer` in `file`, as the engine asks for it.
inline std::string shown(std::string_view answer, std::string_view file, std::string language = "cpp") {
    const auto seen = window(file, std::move(language));
    return completion::clean(answer, seen, {.single_line = completion::wants_single_line(seen)}).text;
}

}  // namespace dragoman::test
