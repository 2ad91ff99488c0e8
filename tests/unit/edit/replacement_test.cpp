// What a model says, and what of it stands in the file afterwards.
#include "server/edit/replacement.h"

#include "tests/unit/edit/rows.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::edit;
using dragoman::test::marked;

namespace {

struct Row {
    std::string text, answer, replacement;
    std::string language = "cpp";
};

void check(const Row& row) {
    CAPTURE(row.text, row.answer);
    const auto found = replacement_of(row.answer, marked(row.text, row.language).selection);
    REQUIRE(found);
    CHECK(*found == row.replacement);
}

}  // namespace

TEST_CASE("A plain answer is the replacement, ended as the selection ends") {
    check(GENERATE(values<Row>({
        {"a\n«b\n»c\n", "B\n", "B\n"},
        {"a\n«b\n»c\n", "B", "B\n"},
        {"a\n«b»\nc\n", "B\n\n", "B"},
        {"a\n«b\n\n»c\n", "B\n", "B\n\n"},
        {"a\n«\nb\n»c\n", "B\n", "\nB\n"},
        {"a\n«\nb\n»c\n", "\n\nB\n", "\nB\n"},
        {"a\n«b \n»c\n", "B", "B \n"},
        {"x = «1»;\n", "2\n", "2"},
        {"x =« 1»;\n", "2\n", " 2"},
        {"«a\r\nb\r\n»", "A\r\nB\r\n", "A\nB\n"},
    })));
}

TEST_CASE("Fences and chatter are not part of it") {
    const std::string before = "int f() {\n«    return 1;\n»}\n", after = "    return 2;\n";
    check(GENERATE_COPY(values<Row>({
        {before, "```cpp\n    return 2;\n```", after},
        {before, "```\n    return 2;\n```\n", after},
        {before, "Here is the updated code:\n\n```cpp\n    return 2;\n```\n", after},
        {before, "Sure! I changed the value.\n\n```cpp\n    return 2;\n```\n\nThis returns two.", after},
        {before, "I changed it:\n\n- first\n- second\n\n```cpp\n    return 2;\n```", after},
        {before, "## Change\n\nreturn 2 it is.\n\n```cpp\n    return 2;\n```\n- done\n", after},
        {before, "<think>\n```\nno\n```\n</think>\nSo:\n```cpp\n    return 2;\n```", after},
        {before, "    return 2;\n\nNote that this changes the result.", after},
        {before, "<think>\nThe user wants 2.\n</think>\n    return 2;", after},
        {before, "<selection>\n    return 2;\n</selection>", after},
    })));
}

TEST_CASE("In prose a fence around everything goes, and one that is content stays") {
    check({"«Hello\n»", "```markdown\nHi\n```", "Hi\n", "markdown"});
    check({"«Hello\n»", "```\nHi\n```", "Hi\n", "markdown"});
    check({"«Run\n»", "Run it:\n\n```sh\nx\n```", "Run it:\n\n```sh\nx\n```\n", "markdown"});
}

TEST_CASE("Indentation comes from the selection") {
    check(GENERATE(values<Row>({
        // all of it lost
        {"{\n«    if (a) {\n        b();\n    }\n»}\n", "if (c) {\n    b();\n}",
         "    if (c) {\n        b();\n    }\n"},
        // only the first line's
        {"{\n«    if (a) {\n        b();\n    }\n»}\n", "if (c) {\n        b();\n    }",
         "    if (c) {\n        b();\n    }\n"},
        // kept
        {"{\n«    if (a) {\n        b();\n    }\n»}\n", "    if (c) {\n        b();\n    }",
         "    if (c) {\n        b();\n    }\n"},
        // the selection begins behind it
        {"{\n    «a();\n    b();»\n}\n", "c();\nd();", "c();\n    d();"},
        {"{\n    «a();\n    b();»\n}\n", "    c();\n    d();", "c();\n    d();"},
        {"{\n    «a();\n    b();»\n}\n", "c();\n    d();", "c();\n    d();"},
        // empty lines stay empty
        {"{\n«    a();\n»}\n", "b();\n\nc();", "    b();\n\n    c();\n"},
        // tabs in the file, blanks in the answer
        {"{\n\tx();\n«\tif (a) {\n\t\tb();\n\t}\n»}\n", "    if (c) {\n        b();\n    }",
         "\tif (c) {\n\t\tb();\n\t}\n"},
        {"{\n\tx();\n«\tif (a) {\n\t\tb();\n\t}\n»}\n", "if (c) {\n\tb();\n}", "\tif (c) {\n\t\tb();\n\t}\n"},
        // behind other text
        {"    x = «f(1)»;\n", "f(\n    1\n)", "f(\n        1\n    )"},
        {"    x = «f(1)»;\n", "f(\n        1\n    )", "f(\n        1\n    )"},
    })));
    check({"class A:\n«    def f(self):\n        return 1\n»", "def f(self):\n    return 2",
           "    def f(self):\n        return 2\n", "python"});
    check({"class A:\n«    def f(self):\n        return 1\n»", "def f(self):\n        return 2",
           "    def f(self):\n        return 2\n", "python"});
}

TEST_CASE("An empty selection takes what is to be inserted") {
    check(GENERATE(values<Row>({
        {"a\n«»\nb\n", "x;\n", "x;"},
        {"{\n    «»\n}\n", "x;\ny;", "x;\n    y;"},
        {"{\n    «»old();\n}\n", "x;", "x;\n    "},
        {"f(«»)", "1", "1"},
    })));
}

TEST_CASE("An empty fence deletes, and an answer without a replacement is none") {
    const auto selection = marked("a\n«b\n»c\n").selection;
    CHECK(replacement_of("```cpp\n```", selection) == "");
    CHECK(replacement_of("```\n\n```\n", selection) == "");
    for (const char* answer : {"", " \n", "I'm sorry, but I cannot do that.", "<think>hm</think>\n"}) {
        CAPTURE(answer);
        CHECK_FALSE(replacement_of(answer, selection));
    }
}

TEST_CASE("What is shown while the answer arrives is the beginning of what it becomes") {
    const auto selection = marked("{\n«    if (a) {\n        b();\n    }\n»}\n").selection;
    const std::string answer =
        GENERATE("```cpp\n    if (c) {\n        d();\n    }\n```\n", "if (c) {\n    d();\n}\n",
                 "Here is the code:\n```\nif (c) {\n    d();\n}\n```\n");
    const auto whole = replacement_of(answer, selection);
    REQUIRE(whole);
    bool any = false;
    for (auto at = answer.find('\n'); at != std::string::npos; at = answer.find('\n', at + 1)) {
        const auto part = replacement_so_far(answer.substr(0, at + 1), selection);
        if (!part) continue;
        any = true;
        CAPTURE(answer.substr(0, at + 1), *part);
        CHECK(whole->starts_with(*part));
    }
    CHECK(any);
}

TEST_CASE("A cursor stands for the innermost block around it") {
    struct Block {
        std::string text, block;
    };
    const auto row = GENERATE(values<Block>({
        {"int a;\nint f() {\n    r«»eturn 1;\n}\nint b;\n", "int f() {\n    return 1;\n}"},
        {"int a;\nint «»f() {\n    return 1;\n}\nint b;\n", "int f() {\n    return 1;\n}"},
        {"int a;\nint f() {\n    return 1;\n}«»\nint b;\n", "int f() {\n    return 1;\n}"},
        {"def f():\n    x = «»1\n\n    return x\n\ny = 2\n", "def f():\n    x = 1\n\n    return x"},
        {"a\nb«»\nc\n", "b"},
    }));
    CAPTURE(row.text);
    const auto m = marked(row.text);
    const auto block = block_around(m.document.text, m.begin);
    CHECK(m.document.text.slice(block.begin, block.end) == row.block);
}

TEST_CASE("a part of a line stands for its block, a selection of lines for those lines") {
    const auto [text, lines] = GENERATE(table<std::string, std::string>({
        {"f() {\n  «a = 1;\n  b» = 2;\n}\n", "  a = 1;\n  b = 2;"},
        {"f() {\n«  a = 1;\n  b = 2;\n»}\n", "  a = 1;\n  b = 2;"},
        {"f() {\n  «a = 1;»\n  b = 2;\n}\n", "  a = 1;"},
        {"f() {\n«  a = 1;\n»  b = 2;\n}\n", "  a = 1;"},
        {"f() {\n  «a» = 1;\n  b = 2;\n}\n", "f() {\n  a = 1;\n  b = 2;\n}"},
        {"«f»() {\n  a = 1;\n}\nrest\n", "f() {\n  a = 1;\n}"},
        {"f() {\n  a«» = 1;\n}\n", "f() {\n  a = 1;\n}"},
        {"one\n«»\ntwo\n", ""},
        {"«a\r\nb»\r\nc\r\n", "a\r\nb"},
    }));
    CAPTURE(text);
    const auto m = marked(text);
    const auto found = lines_around(m.document.text, m.begin, m.end);
    CHECK(m.document.text.slice(found.begin, found.end) == lines);
}
