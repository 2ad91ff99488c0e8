// What is shown of an answer, for files and answers as they come.

#include "protocol/base/utf.h"
#include "tests/unit/completion/window.h"

#include <array>
#include <random>

using namespace dragoman;
using namespace dragoman::test;
using completion::clean;

namespace {

struct Row {
    std::string_view language, file, answer, shown;
};

template <std::size_t N>
void check(const std::array<Row, N>& rows) {
    for (const Row& row : rows) {
        CAPTURE(row.language, row.file, row.answer);
        CHECK(shown(row.answer, row.file, std::string{row.language}) == row.shown);
    }
}

constexpr std::string_view kReturn = "int add(int a, int b) {\n    return |\n}\n";

}  // namespace

TEST_CASE("a good answer is left as it is") {
    constexpr std::array kRows = {
        Row{"cpp", kReturn, "a + b;", "a + b;"},
        Row{"cpp", "void f() {\n    |\n}\n", "if (a) {\n        g();\n    }\n    h();",
            "if (a) {\n        g();\n    }\n    h();"},
        Row{"cpp", "int x = |", "a < b ? a : b;", "a < b ? a : b;"},
        Row{"cpp", "auto v = std::vector<|>{};", "std::pair<int, int>", "std::pair<int, int>"},
        Row{"cpp", "#include |", "<vector>", "<vector>"},
        Row{"python", "def f(x):\n    |\n", "if x:\n        return 1\n    return 2",
            "if x:\n        return 1\n    return 2"},
        Row{"python", "def f(x):|\n", "\n    return x", "\n    return x"},
        Row{"python", "def f(x):\n    |\n    return False\n", "if x is None:\n        return False",
            "if x is None:\n        return False"},
        Row{"typescript", "const name = |\n", "`Hello ${who}`;", "`Hello ${who}`;"},
        Row{"typescript", "const f = |\n", "async (x: number) => {\n  return x;\n};",
            "async (x: number) => {\n  return x;\n};"},
        Row{"go", "func f() error {\n\t|\n\treturn nil\n}\n", "if err != nil {\n\t\treturn nil\n\t}",
            "if err != nil {\n\t\treturn nil\n\t}"},
        Row{"go", "\tre := |\n", "`^a+$`", "`^a+$`"},
        Row{"rust", "fn f<|>(x: &str) {}", "'a", "'a"},
        Row{"rust", "    let v = |\n", "match x {\n        Some(y) => y,\n        None => return,\n    };",
            "match x {\n        Some(y) => y,\n        None => return,\n    };"},
        Row{"lua", "local function f(x)\n  |\nend\n", "if x then\n    return 1\n  end",
            "if x then\n    return 1\n  end"},
        Row{"yaml", "services:\n  a:\n    |\n  b:\n    image: x\n", "image: x", "image: x"},
        Row{"yaml", "quiz:\n  |\n", "answer:\n    - a", "answer:\n    - a"},
        Row{"yaml", "steps:\n  - |\n", "run: make", "run: make"},
        Row{"markdown", "To build:\n\n|\n", "```bash\nmake\n```", "```bash\nmake\n```"},
        Row{"markdown", "# Title\n\n|", "Here is what to do:\n\n- one", "Here is what to do:\n\n- one"},
        Row{"markdown", "The `|` is", "name", "name"},
        Row{"cpp", "// |", "Sure, this is slow", "Sure, this is slow"},
        Row{"cpp", "constexpr auto kOpen = \"<think>\";\nconstexpr auto kClose = |;\n", "\"</think>\"",
            "\"</think>\""},
        Row{"cpp", "f(kCursor, \"<CURSOR/>\");\ng(|);\n", "\"<CURSOR/>\"", "\"<CURSOR/>\""},
    };
    check(kRows);
}

TEST_CASE("fences and the words around them are taken off") {
    constexpr std::array kRows = {
        Row{"cpp", kReturn, "```cpp\na + b;\n```", "a + b;"},
        Row{"cpp", kReturn, "```\na + b;\n```\n", "a + b;"},
        Row{"cpp", kReturn, "  ```cpp\na + b;\n  ```", "a + b;"},
        Row{"cpp", kReturn, "Here is the completion:\n\n```cpp\na + b;\n```\n\nIt adds both.", "a + b;"},
        Row{"cpp", kReturn, "The sum is what belongs there.\n```cpp\na + b;\n```", "a + b;"},
        Row{"cpp", kReturn, "```cpp\na + b;", "a + b;"},
        Row{"cpp", kReturn, "```cpp\na + b;```", "a + b;"},
        Row{"cpp", kReturn, "````cpp\na + b;\n````", "a + b;"},
        Row{"cpp", kReturn, "```cpp", ""},
        Row{"cpp", kReturn, "```cpp\n```", ""},
        Row{"cpp", kReturn, "```a + b;```", "a + b;"},
        Row{"cpp", kReturn, "`a + b;`", "a + b;"},
        Row{"cpp", kReturn, "```cpp\na + b;\n```\nor\n```cpp\nb + a;\n```", "a + b;"},
        Row{"python", "def f():\n    |", "```python\n    return 1\n```", "return 1"},
        Row{"python", "def f():\n    |", "\"\"\"Text.\n\n    ```\n    f()\n    ```\n    \"\"\"",
            "\"\"\"Text.\n\n    ```\n    f()\n    ```\n    \"\"\""},
        Row{"markdown", "# Title\n\n|", "```markdown\nText with\n\n```bash\nmake\n```\n\nend\n```",
            "Text with\n\n```bash\nmake\n```\n\nend"},
        Row{"markdown", "```bash\n|\n", "make\n```", "make\n```"},
    };
    check(kRows);
}

TEST_CASE("talk about the answer is no part of it") {
    constexpr std::array kRows = {
        Row{"cpp", kReturn, "Sure! Here is the code:\na + b;", "a + b;"},
        Row{"cpp", kReturn, "Here's the completed line:\n\na + b;", "a + b;"},
        Row{"cpp", kReturn, "Certainly.\n\na + b;\n\nThis returns the sum of both.", "a + b;"},
        Row{"cpp", kReturn, "a + b;\n\nExplanation: both are added.", "a + b;"},
        Row{"cpp", kReturn, "I'm sorry, I cannot help with that.", ""},
        Row{"cpp", kReturn, "I\u2019m sorry, but no.", ""},
        Row{"cpp", kReturn, "As an AI model I cannot know.", ""},
        Row{"cpp", kReturn, "Sorry", ""},
        Row{"cpp", kReturn, "sorry_count;", "sorry_count;"},
        Row{"cpp", kReturn, "Surely::make(a);", "Surely::make(a);"},
        Row{"cpp", kReturn, "Sure::make(a);", "Sure::make(a);"},
        Row{"cpp", kReturn, "<think>Both are ints.</think>a + b;", "a + b;"},
        Row{"cpp", kReturn, "<think></think>\n\na + b;", "a + b;"},
        Row{"cpp", kReturn, "Both are ints, so\n</think>\n\na + b;", "a + b;"},
        Row{"cpp", kReturn, "a <think>or b?</think>+ b;", "a + b;"},
        Row{"cpp", kReturn, "<thinking>hm\nhm</thinking>\na + b;", "a + b;"},
        Row{"cpp", kReturn, "<think>Both are ints and", ""},
        Row{"cpp", kReturn, "a + b;<CURSOR/>", "a + b;"},
        Row{"cpp", kReturn, "<CURSOR>a + b;</CURSOR>", "a + b;"},
        Row{"cpp", kReturn, "BEFORE:\nint add(int a, int b) {\n    return a + b;", "a + b;"},
    };
    check(kRows);
}

TEST_CASE("what stands before the cursor is not said again") {
    constexpr std::array kRows = {
        Row{"cpp", kReturn, "return a + b;", "a + b;"},
        Row{"cpp", kReturn, "    return a + b;", "a + b;"},
        Row{"cpp", kReturn, "int add(int a, int b) {\n    return a + b;", "a + b;"},
        Row{"cpp", kReturn, "int add(int a, int b) {\n    return a + b;\n}", "a + b;"},
        Row{"cpp", kReturn, "return", ""},
        Row{"cpp", kReturn, " a + b;", "a + b;"},
        Row{"cpp", kReturn, "   a + b;", "a + b;"},
        Row{"cpp", kReturn, "\na + b;", "a + b;"},
        Row{"cpp", kReturn, "returned;", "returned;"},
        Row{"cpp", "int f() {\n    retu|\n}\n", "rn 1;", "rn 1;"},
        Row{"cpp", "int f() {\n    retu|\n}\n", "return 1;", "rn 1;"},
        Row{"cpp", "int f() {\n    return|\n}\n", " 1;", " 1;"},
        Row{"cpp", "    std::vec|\n", "vector<int> v;", "tor<int> v;"},
        Row{"cpp", "    x = 100|\n", "1000;", "1000;"},
        Row{"python", "def f(x):\n    |\n", "def f(x):\n    return x", "return x"},
        Row{"python", "def f(x):\n    |\n", "    return x", "return x"},
        Row{"python", "def f(x):\n    |\n", "\n    return x", "return x"},
        Row{"python", "def f(x):\n\t|\n", "    return x", "return x"},
        Row{"python", "def f(x):\n    |\n", "  return x", "return x"},
        Row{"python", "class A:\n    def f(self):\n        if self.x:\n            |\n",
            "class A:\n    def f(self):\n        if self.x:\n            return 1", "return 1"},
        Row{"go", "func f() {\n\tif err != nil {\n\t\t|\n\t}\n}\n", "\t\treturn", "return"},
        Row{"lua", "for i = 1, 3 do\n  |\nend", "for i = 1, 3 do\n  print(i)\nend", "print(i)"},
        Row{"yaml", "a:\n  b: |\n", "b: 1", "1"},
        Row{"cpp", "int a[] = {\n    0, |\n", "0, 0,", "0, 0,"},
        Row{"typescript", "  for (const v of values) {|\n  return t;\n}\n", "\n    t += v;\n  }",
            "\n    t += v;\n  }"},
        Row{"markdown", "The tes|", "test of", "test of"},
    };
    check(kRows);
}

TEST_CASE("lines that follow the cursor are not said again") {
    constexpr std::array kRows = {
        Row{"cpp", kReturn, "a + b;\n}", "a + b;"},
        Row{"cpp", kReturn, "a + b;\n}\n", "a + b;"},
        Row{"cpp", "int f() {\n    |\n    return 1;\n}\n", "g();\n    return 1;", "g();"},
        Row{"cpp", "int f() {\n    |\n    return 1;\n}\n", "g();\n    return 1;\n}\n\nint h() {\n", "g();"},
        Row{"cpp", "int f() {\n    |\n    return 1;\n}\n", "g();\n  return  1;\n}", "g();"},
        Row{"cpp", "int f() {\n    |\n    return 1;\n}\n", "return 1;", ""},
        Row{"cpp", "int f() {\n    g();|\n    return 1;\n}\n", "\n    return 1;\n}", ""},
        Row{"cpp", "void f() {\n    if (a) {\n        |\n    }\n}\n\nint main() {\n}\n",
            "g();\n    }\n}\n\nint main() {\n    f();", "g();"},
        Row{"cpp", "void f() {\n    if (a) {\n        |\n}\n", "g();\n    }", "g();\n    }"},
        Row{"cpp", "struct A {\n    |\n};\n", "int x;\n};", "int x;"},
        Row{"cpp", "struct A {\n    |\n};\n", "int x;", "int x;"},
        Row{"cpp", "call(\n    |\n);\n", "a, b);", "a, b"},
        Row{"python", "if a:\n    |\nelse:\n    y()\n", "x()\nelse:\n    z()", "x()"},
        Row{"python", "def f():\n    |\n    return x\n", "x = 1\n    return x", "x = 1"},
        Row{"lua", "function f()\n  if x then\n    |\n  end\nend\n",
            "for i = 1, 3 do\n      g(i)\n    end\n  end\nend", "for i = 1, 3 do\n      g(i)\n    end"},
        Row{"go", "func f() {\n\t|\n}\n", "g()\n}", "g()"},
        Row{"typescript", "it('x', () => {\n  |\n});\n", "run();\n});", "run();"},
        Row{"rust", "fn f() -> i32 {\n    |\n}\n\nfn g() {}\n", "1\n}\n\nfn g() {}\n", "1"},
        Row{"yaml", "a:\n  x: 1\n  |\n  z: 3\n", "y: 2\n  z: 3", "y: 2"},
    };
    check(kRows);
}

TEST_CASE("the rest of the cursor's line is not said again") {
    constexpr std::array kRows = {
        Row{"cpp", "    return |;\n}", "a + b;", "a + b"},
        Row{"cpp", "foo(|)", "bar(x)", "bar(x)"},
        Row{"cpp", "foo(|)", "bar(x))", "bar(x)"},
        Row{"cpp", "foo(|);", "bar(x);", "bar(x)"},
        Row{"cpp", "foo(|);", "bar(x));", "bar(x)"},
        Row{"cpp", "foo(|);", "x", "x"},
        Row{"cpp", "foo(|);", ");", ""},
        Row{"cpp", "foo(bar(|)", "x)", "x)"},
        Row{"cpp", "foo(bar(|)", "x))", "x)"},
        Row{"cpp", "foo(|bar);", "bar);", ""},
        Row{"cpp", "foo(|bar);", "a, bar);", "a, "},
        Row{"cpp", "foo(|bar);", "a, ", "a, "},
        Row{"cpp", "foo(|bar);", "a, bar); // done", "a, "},
        Row{"cpp", "foo(|ab);", "table, ", "table, "},
        Row{"cpp", "foo(|, y);", "x,", "x"},
        Row{"cpp", "foo(|, y);", "x, y);", "x"},
        Row{"cpp", "foo(|, y);", "bar(x, y)", "bar(x, y)"},
        Row{"cpp", "if (|) {\n}", "a > 0) {", "a > 0"},
        Row{"cpp", "if (|) {\n}", "f(a) {", "f(a)"},
        Row{"cpp", "print(\"|\");", "hello\");", "hello"},
        Row{"cpp", "print(\"|\");", "hello\"", "hello"},
        Row{"cpp", "print(\"|\");", "hello);", "hello"},
        Row{"cpp", "a[|];", "i];", "i"},
        Row{"cpp", "std::vector<|> v;", "int>", "int"},
        Row{"cpp", "std::vector<|> v;", "std::pair<int, int>", "std::pair<int, int>"},
        Row{"cpp", "x = |value + 1;", "2 * value", "2 * "},
        Row{"cpp", "foo(|)", "[] {\n    g();\n})", "[] {\n    g();\n}"},
        Row{"python", "if x|:\n    y()", " > 3:", " > 3"},
        Row{"python", "for |x in items:\n", "y, x in items:", "y, "},
        Row{"python", "    \"\"\"|\"\"\"", "Adds.\"\"\"", "Adds."},
        Row{"python", "f('|')", "x'", "x"},
        Row{"python", "f('|')", "x', 'y", "x', 'y"},
        Row{"typescript", "const s = `|`;", "a${b}`;", "a${b}"},
        Row{"rust", "println!(\"|\", x);", "{}\", x);", "{}"},
        Row{"lua", "print(|)", "x)", "x"},
        Row{"cpp", "foo(|bar);", "x, \n    y", "x, "},
    };
    check(kRows);
}

TEST_CASE("answers without text, and texts of any script, are survived") {
    constexpr std::array kRows = {
        Row{"cpp", kReturn, "", ""},
        Row{"cpp", kReturn, " \n\t \r\n", ""},
        Row{"cpp", "|", "\n\n", ""},
        Row{"cpp", "foo(|bar)", "  ", ""},
        Row{"cpp", kReturn, "a +\r\n        b;\r\n", "a +\n        b;"},
        Row{"cpp", kReturn, "a +\r        b;\r", "a +\n        b;"},
        Row{"cpp", kReturn, "a + b;  \n\n  ", "a + b;"},
        Row{"cpp", "f(|);", "a,\n  b);", "a,\n  b"},
        Row{"go", "func f() {\n\t|\n}", "\tg()\n\th()", "g()\n\th()"},
        Row{"python", "s = \"|\"", "größer 🐉\"", "größer 🐉"},
        Row{"python", "s = |\n", "\"שלום עולם\"", "\"שלום עולם\""},
        Row{"markdown", "标题：|", "一些文字。", "一些文字。"},
        Row{"python", "# größ|", "größer als", "er als"},
    };
    check(kRows);
}

TEST_CASE("a single line is wanted only where more than closers follows") {
    CHECK_FALSE(completion::wants_single_line(window("foo(|")));
    CHECK_FALSE(completion::wants_single_line(window("foo(|);  \nbar")));
    CHECK(completion::wants_single_line(window("foo(|bar)")));
    CHECK(completion::wants_single_line(window("if (|) {")));
    CHECK(shown("x,\ny", "foo(| bar)") == "x,");
    CHECK(clean("\n    g();", window("for (;;) {|"), {.single_line = true}).text.empty());
    CHECK(clean("g();\n    h();", window("{\n    |"), {.single_line = true}).text == "g();");
}

TEST_CASE("of an answer that was cut off whole lines are kept, or the half one if it is all") {
    const auto cut = [](std::string_view answer) {
        return clean(answer, window("void f() {\n    |\n}\n"), {.cut_off = true}).text;
    };
    CHECK(cut("g();\n    h(") == "g();");
    CHECK(cut("g(") == "g(");
    CHECK(cut("```cpp\ng(") == "g(");
    CHECK(cut("g();\n") == "g();");
}

TEST_CASE("each step that changed something is noted with its size") {
    const auto cleaned = clean("<think>x</think>```cpp\nreturn a + b;\n}\n```", window(kReturn));
    CHECK(cleaned.text == "a + b;");
    std::string steps;
    for (const auto& step : cleaned.steps) steps += step.step + " " + step.removed + ", ";
    CHECK(steps == "think 16 bytes, fence 11 bytes, prefix 7 bytes, suffix 1 byte, trailing blanks 1 byte, ");
    CHECK(clean("a + b;", window(kReturn)).steps.empty());
}

TEST_CASE("an answer is enough when nothing that may come can change what is shown") {
    struct Case {
        std::string_view file, said;
        bool enough;
    };
    constexpr std::array kRows = {
        Case{"foo(|bar);", "x, ", false},
        Case{"foo(|bar);", "x, \n", true},
        Case{"foo(|bar);", "\n", false},
        Case{"foo(|bar);", "```cpp\nx, \n", false},
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
        CHECK(completion::is_enough(row.said, seen, completion::wants_single_line(seen)) == row.enough);
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
            CHECK(clean(answer, seen, {.single_line = true, .cut_off = true}).text.size() <= answer.size());
        }
    }
}

TEST_CASE("no answer throws, breaks a character or grows") {
    constexpr std::array<std::string_view, 24> kPieces = {
        "a", "return", " ",    "\n",       "    ",    "\t",        "}",       ")",
        ";", "\"",     "```",  "```cpp\n", "é",       "🐉",         "`",       "<",
        ">", "{",      "\r\n", "</think>", "<think>", "<CURSOR/>", "Sure!\n", "bar"};
    constexpr std::array<std::string_view, 5> kFiles = {"|", "int é|é;\n}\n", "foo(|bar);\n",
                                                        "🐉|🐉\n    bar\n", "if (a) {\n    |\n}\nbar();\n"};
    std::mt19937 random{7};
    for (int i = 0; i < 20'000; ++i) {
        std::string answer;
        for (auto n = random() % 12; n > 0; --n) answer += kPieces.at(random() % kPieces.size());
        const std::string_view file = kFiles.at(random() % kFiles.size());
        const bool single = random() % 2 == 0, cut = random() % 2 == 0;
        CAPTURE(answer, file, single, cut);
        const auto cleaned = clean(answer, window(file), {.single_line = single, .cut_off = cut});
        REQUIRE(is_valid_utf8(cleaned.text));
        REQUIRE(cleaned.text.size() <= answer.size());
        REQUIRE(cleaned.text.find('\r') == std::string::npos);
        static_cast<void>(completion::is_enough(answer, window(file), single));
    }
}
