// Answers and what is shown of them, row by row; each row also holds is_enough() to its promise.
#pragma once

#include "tests/unit/completion_text/window.h"

#include <array>

namespace dragoman::test {

struct Row {
    std::string_view language, file, answer, shown;
};

// Wherever the answer is cut: once it is enough, no more of it changes what is shown. What is read of the
// window for one of them holds for all.
inline void check_enough(std::string_view answer, const completion::Window& seen, completion::Extent extent) {
    const std::string whole = completion::present(answer, seen, extent).text;
    const std::string cut_off = completion::present(answer, seen, extent, true).text;
    const completion::View shared{seen};
    for (std::size_t length = 0; length <= answer.size(); ++length) {
        const std::string_view said = answer.substr(0, length);
        if (!completion::is_enough(said, shared, extent)) continue;
        CAPTURE(seen.prefix, seen.suffix, answer, said);
        REQUIRE(completion::present(said, seen, extent).text == whole);
        REQUIRE(completion::present(said, shared, extent).text == cut_off);
    }
}

template <std::size_t N>
void check(const std::array<Row, N>& rows) {
    for (const Row& row : rows) {
        CAPTURE(row.language, row.file, row.answer);
        CHECK(shown(row.answer, row.file, std::string{row.language}) == row.shown);
        const auto seen = window(row.file, std::string{row.language});
        for (const auto extent :
             {completion::Extent::line, completion::Extent::statement, completion::Extent::block})
            check_enough(row.answer, seen, extent);
    }
}

inline constexpr std::string_view kReturn = "int add(int a, int b) {\n    return |\n}\n";

}  // namespace dragoman::test
