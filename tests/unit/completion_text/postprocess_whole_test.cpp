// What holds for every answer: when it is enough, that no step is slow, that nothing breaks.

#include "protocol/base/utf.h"
#include "tests/unit/completion_text/rows.h"

#include <algorithm>
#include <random>

using namespace dragoman;
using namespace dragoman::test;
using completion::clean;
using completion::Extent;
using completion::present;

TEST_CASE("an answer is enough when nothing that may come can change what is shown") {
    struct Case {
        std::string_view file, said;
        bool enough;
    };
    constexpr std::array kRows = {
        Case{"foo(|bar);", "x, ", false},
        Case{"foo(|bar);", "x, \n", true},
        Case{"foo(|bar);", "\n", false},
        Case{"foo(|bar);", "```cpp\n", false},
        Case{"foo(|bar);", "```cpp\nx, \n", true},
        Case{"foo(|bar);", "Sure! Here it is:\n", false},
        Case{"foo(|bar);", "Sure! Here it is:\nx, \n", true},
        Case{"int f() {\n  foo(|bar);", "int f() {\n", false},
        Case{"int f() {\n  foo(|bar);", "int f() {\n  foo(x, \n", true},
        Case{"int f() {\n    |\n    return 1;\n}\n", "g();\n", false},
        Case{"int f() {\n    |\n    return 1;\n}\n", "g();\n    return 1;", false},
        Case{"int f() {\n    |\n    return 1;\n}\n", "g();\n    return 1;\n", true},
        Case{"int f() {\n    |\n    return 1;\n}\n", "```cpp\ng();\n    return 1;\n", true},
    };
    for (const Case& row : kRows) {
        CAPTURE(row.file, row.said);
        const auto seen = window(row.file);
        CHECK(completion::is_enough(row.said, seen, extent_of(seen)) == row.enough);
    }
}

TEST_CASE("cleaning what was cleaned changes nothing for answers of one kind each") {
    for (const std::string_view answer :
         {"a + b;\n}", "```cpp\na + b;\n```", "return a + b;", "Sure!\na + b;"}) {
        const std::string once = shown(answer, kReturn);
        CHECK(shown(once, kReturn) == once);
    }
}

TEST_CASE("an answer of a megabyte takes time in proportion, whatever it is made of") {
    // A quadratic step would take minutes here; the test program's time limit is the judge.
    constexpr std::size_t kSize = 1 << 20;
    const std::string long_line(4000, 'a');
    std::string suffix;
    for (const std::string_view part : {std::string_view{long_line}, std::string_view{"\n"},
                                        std::string_view{long_line}, std::string_view{"\n}\n"}}) {
        suffix += part;
    }
    for (const std::string_view piece : {"a",
                                         "a\n",
                                         "\n",
                                         "}",
                                         ")",
                                         "\"",
                                         "```\n",
                                         "`",
                                         "</think>",
                                         "<think>",
                                         "<think></think>",
                                         "<CURSOR/>",
                                         "<",
                                         "return a;\n",
                                         " ",
                                         "\r",
                                         "\n\nNote",
                                         "\n\nA",
                                         "(",
                                         "aaaa\n    ",
                                         "🐉"}) {
        CAPTURE(piece);
        std::string answer;
        while (answer.size() < kSize) answer += piece;
        for (const std::string_view file : {"aaaa\naaaa\n|", "aaaa(|);\n", "aa|aa\n"}) {
            auto seen = window(file);
            seen.suffix += suffix;
            CHECK(clean(answer, seen).text.size() <= answer.size());
            CHECK(present(answer, seen, Extent::line, true).text.size() <= answer.size());
        }
    }
}

TEST_CASE("no answer throws, breaks a character or grows beyond its indentation") {
    constexpr std::array<std::string_view, 34> kPieces = {"We need the sum of both.\n",
                                                          "Here is the code:\n",
                                                          "for x in items:\n",
                                                          "\n\nNote that",
                                                          "int é",
                                                          "    bar\n",
                                                          "<|endoftext|>",
                                                          "</s>",
                                                          "********",
                                                          "if (a) {\n",
                                                          "a",
                                                          "return",
                                                          " ",
                                                          "\n",
                                                          "    ",
                                                          "\t",
                                                          "}",
                                                          ")",
                                                          ";",
                                                          "\"",
                                                          "```",
                                                          "```cpp\n",
                                                          "é",
                                                          "🐉",
                                                          "`",
                                                          "<",
                                                          ">",
                                                          "{",
                                                          "\r\n",
                                                          "</think>",
                                                          "<think>",
                                                          "<CURSOR/>",
                                                          "Sure!\n",
                                                          "bar"};
    constexpr std::array<std::string_view, 5> kFiles = {"|", "int é|é;\n}\n", "foo(|bar);\n",
                                                        "🐉|🐉\n    bar\n", "if (a) {\n    |\n}\nbar();\n"};
    std::mt19937 random{7};
    for (int i = 0; i < 10'000; ++i) {
        std::string answer;
        for (auto n = random() % 12; n > 0; --n) answer += kPieces.at(random() % kPieces.size());
        const std::string_view file = kFiles.at(random() % kFiles.size());
        const Extent extent = random() % 2 == 0 ? Extent::line : Extent::block;
        const bool cut = random() % 2 == 0;
        CAPTURE(answer, file, cut);
        const auto cleaned = present(answer, window(file), extent, cut);
        REQUIRE(is_valid_utf8(cleaned.text));
        // Lines that lost their indentation get the cursor's back.
        const auto lines = static_cast<std::size_t>(std::count(answer.begin(), answer.end(), '\n'));
        REQUIRE(cleaned.text.size() <= answer.size() + 4 * lines);
        REQUIRE(cleaned.text.find('\r') == std::string::npos);
        check_enough(answer, window(file), extent);
    }
}
