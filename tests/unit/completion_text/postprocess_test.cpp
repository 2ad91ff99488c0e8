// What is shown of an answer, for files and answers as they come.

#include "tests/unit/completion_text/rows.h"

#include <array>

using namespace dragoman;
using namespace dragoman::test;
using completion::clean;
using completion::Extent;
using completion::is_enough;
using completion::present;
using completion::Window;

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

TEST_CASE("lost indentation comes back") {
    constexpr std::array kRows = {
        Row{"python", "def f(x):\n    |\n", "if x:\n    return 1\nreturn 2",
            "if x:\n        return 1\n    return 2"},
        Row{"python", "def f(x):\n    |\n\n\ndef g():\n", "y = x + 1\nprint(y)", "y = x + 1\n    print(y)"},
        Row{"python", "def f(x):\n    |\n\n\ndef g():\n", "\"\"\"Says.\n\nMore.\n\"\"\"\nreturn x",
            "\"\"\"Says.\n\n    More.\n    \"\"\"\n    return x"},
        Row{"python", "def f(x):\n    |\n", "return x\n\n\ndef g():\n    pass",
            "return x\n\n\ndef g():\n    pass"},
        Row{"python", "def f(x):\n    |\n", "s = '''a\nb\n'''", "s = '''a\nb\n'''"},
        Row{"python", "if a:\n    if b:\n        |\n    call()\n", "d()\n    call()", "d()"},
        Row{"cpp", "void f() {\n    |\n}\n", "if (a) {\n    g();\n}\nh();",
            "if (a) {\n        g();\n    }\n    h();"},
        Row{"cpp", "void f() {\n    |\n}\n", "if (a) {\n        g();\n    }\n    h();",
            "if (a) {\n        g();\n    }\n    h();"},
        Row{"cpp", "void f() {\n    if (a) {|\n    }\n}\n", "\n    g();\n}", "\n        g();"},
        Row{"cpp", "struct A {\n    int x;\n    |\n};\n", "int y;\n\npublic:\n    int z;",
            "int y;\n\npublic:\n    int z;"},
        Row{"go", "func f() {\n\t|\n}\n", "if a {\n\tg()\n}", "if a {\n\t\tg()\n\t}"},
        Row{"yaml", "a:\n  |\n", "out:\n  - b", "out:\n  - b"},
        Row{"markdown", "- one\n  |\n", "two\n- three", "two\n- three"},
    };
    check(kRows);
}

TEST_CASE("tabs and blanks are what the file has") {
    constexpr std::array kRows = {
        Row{"go", "func f() {\n\t|\n}\n", "if a {\n        g()\n    }", "if a {\n\t\tg()\n\t}"},
        Row{"go", "func f() {\n\tif a {\n\t\tb()\n\t}\n\t|\n}\n", "for {\n    g()\n}", "for {\n\t\tg()\n\t}"},
        Row{"cpp", "void f() {\n  |\n}\n", "if (a) {\n\t\tg();\n\t}", "if (a) {\n    g();\n  }"},
        Row{"cpp", "|", "if (a) {\n\tg();\n}", "if (a) {\n\tg();\n}"},
    };
    check(kRows);
}

TEST_CASE("tokens of templates end an answer, unless it is about them") {
    for (const std::string_view token : {"<|endoftext|>", "<|fim_middle|>", "<EOT>", "</s>", "[PREFIX]",
                                         "<|im_end|>", "<｜end▁of▁sentence｜>", "<|file_sep|>"}) {
        CAPTURE(token);
        CHECK(shown("a + b;" + std::string{token}, kReturn) == "a + b;");
        CHECK(shown("a + b;" + std::string{token} + "\nint x;", kReturn) == "a + b;");
        CHECK(shown(std::string{token} + "a + b;", kReturn) == "a + b;");
        const std::string file = "if (s == |)\nconst auto kEnd = \"" + std::string{token} + "\";\n";
        CHECK(shown("\"" + std::string{token} + "\"", file) == "\"" + std::string{token} + "\"");
        CHECK(shown("\"" + std::string{token} + "\";", "s = |\n") == "\"" + std::string{token} + "\";");
    }
}

TEST_CASE("a model in a loop is heard once") {
    CHECK(shown("call(a);\n    call(a);\n    call(a);\n    call(a);", "void f() {\n    |\n}\n") ==
          "call(a);\n    call(a);");
    CHECK(shown("\ncall(a);\nh(b);\ncall(a);\nh(b);\ncall(a);\nh(", "|", "lua") == "call(a);\nh(b);");
    CHECK(shown("0,\n0,\n0,\n0,", "int a[] = {\n|\n};\n") == "0,\n0,\n0,\n0,");
    const std::string file = "gaga();\ngaga();\ngaga();\n|";
    CHECK(shown("x();\nlala();\nlala();\nlala();", file) == "x();\nlala();\nlala();\nlala();");
}

TEST_CASE("masks and secrets of the prompt are not shown, nor what comes behind them") {
    const std::string file = "host = 1\n|\nkey = \"ghp_0123456789abcdefghijABCDEFGHIJ012345\"\n";
    CHECK(shown("a = 1\nb = \"********\"\nc = 2", file, "python") == "a = 1");
    CHECK(shown("b = \"********\"", file, "python").empty());
    CHECK(shown("a = 1\nb = \"ghp_0123456789abcdefghijABCDEFGHIJ012345\"\nc = 2", file, "python") == "a = 1");
    CHECK(shown("b = \"********\"", "a = \"********\"\n|", "python") == "b = \"********\"");
}

TEST_CASE("talk alone is no answer, words where words are meant are") {
    constexpr std::array kRows = {
        Row{"cpp", kReturn, "There is nothing to complete here.", ""},
        Row{"cpp", kReturn, "The code at the cursor is already complete.\n\nIt needs no more.", ""},
        Row{"cpp", kReturn, "Both values are added here.\na + b;", "a + b;"},
        Row{"cpp", "// |", "There is nothing to complete here.", "There is nothing to complete here."},
        Row{"cpp", "f(\"|\");", "There is nothing to complete here.", "There is nothing to complete here."},
        Row{"python", "def f():\n    \"\"\"|\"\"\"\n", "Gives what was asked for.",
            "Gives what was asked for."},
        Row{"markdown", "|", "There is nothing to complete here.", "There is nothing to complete here."},
        Row{"cpp", "// |", "Here is the completed code:\n\nadds both", "adds both"},
        Row{"cpp", "// |", "Okay, the user wants words.\n</think>\n\nadds both", "adds both"},
        Row{"cpp", kReturn, "a + b;\n</think>\nc", "a + b;"},
    };
    check(kRows);
}

TEST_CASE("closers that nothing opened are dropped, lines formatted by another hand are known") {
    constexpr std::array kRows = {
        Row{"cpp", "    f(|\n", "x));", "x)"},
        Row{"cpp", "    f(g(|\n", "x));", "x));"},
        Row{"cpp", "    f(|\n", "\":))\");", "\":))\");"},
        Row{"javascript", "f(() => {\n  |\n  g('a')\n})\n", "h();\n  g(\"a\");", "h();"},
        Row{"cpp", "    f(g(|),\n      second);\n", "x),\n      second);", "x"},
        Row{"javascript", "  x += d?.decode(|) ?? ''\n", "u, { a: 1 }) ?? ''", "u, { a: 1 }"},
    };
    check(kRows);
}

TEST_CASE("of an answer of several lines one is shown where one is wanted") {
    CHECK(shown("x,\ny", "foo(| bar)") == "x,");
    CHECK(present("g();\n    h();", window("{\n    |"), Extent::line).text == "g();");
}

TEST_CASE("of an answer that was cut off whole lines are kept, or the half one if it is all") {
    const auto cut = [](std::string_view answer) {
        return present(answer, window("void f() {\n    |\n}\n"), Extent::block, true).text;
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
