// What is kept of an answer that says more than is wanted at the cursor.

#include "server/completion/text/extent.h"
#include "tests/unit/completion_text/window.h"

#include <random>

using namespace dragoman;
using namespace dragoman::test;
using completion::End;
using completion::Extent;

namespace {

struct Row {
    std::string_view language, file, kept, rest;  // the answer is `kept` with `rest` behind it
};

// Wherever a stream stands, an end that is certain is the final one.
void check_every_cut(const std::string& answer, const completion::Window& seen, Extent extent,
                     std::size_t at) {
    for (std::size_t cut = 0; cut < answer.size(); ++cut) {
        const End end = completion::find_end(answer.substr(0, cut), seen, extent);
        REQUIRE(end.at <= cut);
        if (!end.certain) continue;
        CAPTURE(answer.substr(0, cut));
        REQUIRE(end.at == at);
    }
}

void check(std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        const auto seen = window(row.file, std::string{row.language});
        const auto wanted = completion::wanted_extent(seen);
        const std::string answer = std::string{row.kept}.append(row.rest);
        CAPTURE(row.language, row.file, answer, wanted.why);
        const End end = completion::find_end(answer, seen, wanted.extent);
        CHECK(answer.substr(0, end.at) == row.kept);
        CHECK((row.rest.empty() || row.rest == "\n" || end.certain));
        for (const Extent extent : {Extent::line, Extent::statement, Extent::block}) {
            check_every_cut(answer, seen, extent, completion::find_end(answer, seen, extent).at);
        }
    }
}

constexpr std::string_view kCppBody = "void f() {\n    a();\n    |\n    b();\n}\n";
constexpr std::string_view kTooLong =
    "\n        1;\n        2;\n        3;\n        4;\n        5;\n        6;\n        7;\n        8;\n"
    "        9;\n        10;\n        11;\n        12;\n        13;\n        14;\n    });\n    i();\n";
constexpr std::string_view kPythonBody = "def f():\n    a = 1\n    |\n    return a\n";
constexpr std::string_view kGoBody = "func f() {\n\ta()\n\t|\n\tb()\n}\n";
constexpr std::string_view kLuaBody = "function f()\n  a()\n  |\n  b()\nend\n";

}  // namespace

TEST_CASE("of the rest of a line one line is kept") {
    check({
        {"cpp", "int x = foo(|bar);\n", "a, ", "\nint y;\n"},
        {"cpp", "    return |\n}\n", "a + b;", "\n}\n\nint more() {\n"},
        {"cpp", "// Adds |\nint add();\n", "two numbers.", "\nint add() {\n"},
        {"python", "    return |\n", "a + b", "\n\ndef g():\n    pass\n"},
        {"python", "x = \"|\n", "a (b\"", "\ny = 2\n"},
        {"typescript", "const a = |\n", "b.c();", "\nconst d = 2;\n"},
        {"java", "    int x = |\n    int y = 2;\n", "1;", "\n    int z = 3;\n"},
        {"go", "\tx := |\n", "1", "\n\ty := 2\n"},
        {"rust", "    let x = |\n", "1;", "\n    let y = 2;\n"},
        {"lua", "local x = |\n", "1", "\nlocal y = 2\n"},
        {"yaml", "image: |\n", "a:1", "\nports: []\n"},
        {"markdown", "A line |\n", "that ends.", "\nMore of it.\n"},
        {"json", "{\n  \"a\": |\n}\n", "1,", "\n  \"b\": 2\n"},
        {"cpp", "int x = 1;|\n", "\nint y = 2;", "\nint z = 3;\n"},
        {"cpp", "call(a,\n     |\n     c);\n", "b,", "\n     c);\n"},
        {"cpp", "call(|\n     c);\n", "b,", "\n     d,\n     c);\n"},
    });
}

TEST_CASE("a statement goes on to the line that closes it") {
    check({
        {"cpp", kCppBody, "c(d,\n      e);", "\n    g();\n"},
        {"cpp", kCppBody, "if (x) {\n        g();\n    }", "\n    h();\n"},
        {"cpp", kCppBody, "if (x) {\n        g();\n    } else {\n        h();\n    }", "\n    i();\n"},
        {"cpp", kCppBody, "if (x)\n        g();", "\n    i();\n"},
        {"cpp", kCppBody, "auto x = foo\n                 .bar()\n                 .baz();", "\n    i();\n"},
        {"cpp", kCppBody, "return a &&\n           b;", "\n    i();\n"},
        {"cpp", kCppBody, "// then", "\n    i();\n"},
        {"cpp", "foo(|)", "{\n    1,\n    2,\n}", "\nmore();\n"},
        {"cpp", "const int x[] = |\n};\n", "{\n    1,\n    2,", "\n};\nint y;\n"},
        {"python", kPythonBody, "for x in y:\n        a += x", "\n    b = 2\n"},
        {"python", kPythonBody, "if x:\n        a += x\n    else:\n        a = 2", "\n    b = 2\n"},
        {"python", kPythonBody, "x = [\n        1,\n        2,\n    ]", "\n    b = 2\n"},
        {"python", kPythonBody, "x = a + \\\n        b", "\n    b = 2\n"},
        {"typescript", "const f = |\n\nconst x = 1;\n", "async (x) => {\n  return x;\n};",
         "\n\nconst y = 2;\n"},
        {"typescript", "const f = |\n", "a\n  .map((x) => x)\n  .join();", "\nconst y = 2;\n"},
        {"java", "int f() {\n    a();\n    |\n    b();\n}\n", "for (int i : x) {\n        c(i);\n    }",
         "\n    d();\n"},
        {"go", kGoBody, "if err != nil {\n\t\treturn err\n\t}", "\n\tc()\n"},
        {"rust", "    let v = |\n", "match x {\n        Some(y) => y,\n        None => return,\n    };",
         "\n    let w = 1;\n"},
        {"lua", kLuaBody, "if x then\n    c()\n  end", "\n  d()\n"},
        {"lua", kLuaBody, "for i = 1, 2 do\n    c()\n  end", "\n  d()\n"},
        {"yaml", "services:\n  a:\n    image: x\n    |\n    restart: no\n", "ports:\n      - a\n      - b",
         "\n    more: 1\n"},
        {"json", "{\n  \"a\": 1,\n  |\n}\n", "\"b\": {\n    \"c\": 1\n  },", "\n  \"d\": 2,\n"},
    });
}

TEST_CASE("of a statement whose body is there already only the line is kept") {
    check({
        {"cpp", "void f() {\n    a();\n    |\n        b();\n    }\n}\n", "if (x) {",
         "\n        c();\n    }\n"},
        {"python", "def f():\n    a = 1\n    |\n        b()\n", "for x in y:", "\n        c()\n    d()\n"},
        {"cpp", kCppBody, "g([] {", kTooLong},
    });
}

TEST_CASE("a body ends before the closer that follows") {
    check({
        {"cpp", "void f() {\n    |\n}\n", "a();\n    b();", "\n}\n\nvoid g() {\n}\n"},
        {"cpp", "void f() {|\n}\n", "\n    a();\n\n    b();", "\n}\n\nvoid g() {\n}\n"},
        {"cpp", "void f() {|}\n", " return 1; ", "}\nint more;\n"},
        {"cpp", "void f() {\n|\n}\n", "    a(\"}\");  // }\n    b('}');", "\n}\nint more;\n"},
        {"cpp", "void f() {\n    |\n}\n", "a();", "\nvoid g() {\n    b();\n}\n"},
        {"cpp", "if (x) {\n    |\n}\n", "a();\n} else {\n    b();", "\n}\nc();\n"},
        {"cpp", "if (x) {\n    |\n} else {\n}\n", "a();", "\n} else {\n    b();\n}\n"},
        {"cpp", "void f() {\n    |\n}\n", "#if A\n    a();\n#endif", "\n}\nint more;\n"},
        {"cpp", "void f() {\n    |\n}\n", "auto s = R\"(\n}\n)\";\n    a();", "\n}\nint more;\n"},
        {"cpp", "class A {\npublic:\n    |\n};\n", "A();\n    void f() {\n    }", "\n};\n"},
        {"cpp", "switch (x) {\n    |\n}\n", "case 1:\n        a();\n    default: break;", "\n}\n"},
        {"typescript", "describe('a', () => {\n  |\n});\n", "it('b', () => {\n    c();\n  });",
         "\n});\nd();\n"},
        {"typescript", "const a = {|};\n", " b: `}${c({})}` ", "};\nd();\n"},
        {"java", "class A {\n    int f() {\n        |\n    }\n}\n", "int a = 1;\n        return a;",
         "\n    }\n\n    int g() {\n"},
        {"java", "try {\n    |\n} catch (E e) {\n}\n", "a();", "\n} catch (E e) {\n    b();\n}\n"},
        {"go", "func f() {\n\t|\n}\n", "if a {\n\t\treturn\n\t}\n\tb()", "\n}\n\nfunc g() {\n}\n"},
        {"go", "func f() {\n\tswitch x {\n\t|\n\t}\n}\n", "case 1:\n\t\ta()\n\tdefault:\n\t\tb()",
         "\n\t}\n}\n"},
        {"rust", "fn f<'a>(x: &'a str) {\n    |\n}\n", "let c = '}';\n    g(x)", "\n}\n\nfn h() {}\n"},
        {"lua", "local function f(x)\n  |\nend\n", "if x then\n    return 1\n  end\n  return 2",
         "\nend\n\nlocal function g()\nend\n"},
        {"lua", "if x then\n  |\nelse\nend\n", "a()", "\nelse\n  b()\nend\n"},
        {"ruby", "def f(x)\n  |\nend\n", "return 1 if x\n  xs.each do |y|\n    y\n  end",
         "\nend\n\ndef g\nend\n"},
        {"shellscript", "if [ -n \"$x\" ]; then\n  |\nfi\n", "for a in b; do\n    c\n  done", "\nfi\necho\n"},
        {"json", "{\n  \"a\": {\n    |\n  }\n}\n", "\"b\": 1,\n    \"c\": [2]", "\n  },\n  \"d\": 1\n}\n"},
        {"html", "<ul>\n  |\n</ul>\n", "<li>a</li>\n  <li>\n    b\n  </li>", "\n</ul>\n<p>more</p>\n"},
    });
}

TEST_CASE("a body that nothing closes gets its closer") {
    check({
        {"cpp", "void f() {\n    |", "a();\n}", "\n\nvoid g() {\n}\n"},
        {"cpp", "class A {\n    void f() {\n        |\n\n    void g() {\n    }\n};\n", "a();\n    }",
         "\n\n    void h();\n"},
        {"cpp", "namespace a {\nvoid f() {\n    |\n\n}  // namespace a\n", "b();\n}", "\n\nvoid g();\n"},
        {"cpp", "if (x) {|", "\n    a();\n} else {\n    b();\n}", "\nc();\n"},
        {"cpp", "if (x)\n{|", "\n    a();\n}\nelse\n{\n    b();\n}", "\nc();\n"},
        {"typescript", "it('a', () => {|", "\n  b();\n});", "\n\nit('c', () => {\n"},
        {"go", "func f() {|", "\n\ta()\n}", "\n\nfunc g() {\n"},
        {"rust", "fn f() -> i32 {|", "\n    1\n}", "\n\nfn g() {}\n"},
        {"lua", "local function f()|", "\n  a()\nend", "\n\nlocal function g()\n"},
        {"ruby", "def f|\n", "\n  a\nend", "\n\ndef g\n"},
        {"shellscript", "f() {|", "\n  a\n}", "\nf\n"},
        {"html", "<ul>|", "\n  <li>a</li>\n</ul>", "\n<p>more</p>\n"},
    });
}

TEST_CASE("a body held by indentation ends before what is indented less") {
    check({
        {"python", "def f(x):\n    |\n", "if x:\n        return 1\n\n    return 2",
         "\n\ndef g():\n    pass\n"},
        {"python", "def f(x):|\n", "\n    return x", "\n\n\ndef g():\n    pass\n"},
        {"python", "class A:\n    def f(self):\n        |\n", "return 1", "\n\n    def g(self):\n"},
        {"python", "if x:\n    |\n", "a()\nelif y:\n    b()\nelse:\n    c()", "\nd()\n"},
        {"python", "if x:\n    |\nelse:\n    pass\n", "a()", "\nelse:\n    c()\n"},
        {"python", "def f(x):\n    |\n", "s = \"\"\"\nnot: code\n\"\"\"\n    return s", "\nf(1)\n"},
        {"python", "def f(x):\n    |\n", "return g(\n  x\n)", "\nf(1)\n"},
        {"yaml", "services:\n  |\n", "a:\n    image: b\n  c:\n    image: d", "\nvolumes: {}\n"},
        {"yaml", "steps:|\n", "\n- a\n- b: 1\n  c: 2", "\nmore: 1\n"},
        {"python", "x = f(\n    |\ny = 2\n", "a, b)", "\nz = 3\n"},
        {"python", "x = f(\n    |\n)\n", "a,\n    b,", "\n)\nz = 3\n"},
        {"haskell", "f x =\n  |\n", "case x of\n    1 -> 2", "\n\ng y = y\n"},
    });
}

TEST_CASE("between functions one of them is kept") {
    check({
        {"cpp", "#include <a>\n\n|\n", "// Adds.\nint add(int a, int b) {\n    return a + b;\n}",
         "\n\nint g() {}\n"},
        {"cpp", "void f() {}\n\n|\n", "void g()\n{\n    h();\n}", "\nvoid i();\n"},
        {"cpp", "|", "#include <a>\n#include <b>", "\n\nint main() {\n"},
        {"cpp", "void f() {}\n\n|\n", "struct A {\n    int b;\n\n    int c;\n};", "\n\nstruct D {\n"},
        {"cpp", "class A {\n    void f() {\n    }\n\n    |\n};\n", "void g() {\n        h();\n    }",
         "\n\n    int i;\n};\n"},
        {"python", "import os\n\n\n|\n", "@cached\ndef f(\n    x,\n):\n    a = 1\n\n    return a",
         "\n\n\ndef g():\n    pass\n"},
        {"python", "class A:\n    def f(self):\n        pass\n\n    |\n", "def g(self):\n        return 1",
         "\n\n    def h(self):\n"},
        {"typescript", "import x from 'y';\n\n|\n", "export const f = () => {\n  return 1;\n};",
         "\n\nconst g = 2;\n"},
        {"java", "class A {\n    int f() { return 1; }\n\n    |\n}\n",
         "@Override\n    public int g() {\n        return 2;\n    }", "\n\n    int h() {\n"},
        {"go", "func f() {\n}\n\n|\n", "// G gs.\nfunc G() {\n\tf()\n}", "\n\nfunc h() {\n"},
        {"go", "package a\n\n|\n", "import (\n\t\"a\"\n\n\t\"b\"\n)", "\n\nfunc h() {\n"},
        {"rust", "fn f() {}\n\n|\n", "#[test]\nfn g() {\n    f();\n}", "\n\nfn h() {}\n"},
        {"lua", "local M = {}\n\n|\n\nreturn M\n", "function M.f()\n  return 1\nend", "\n\nfunction M.g()\n"},
        {"ruby", "class A\n  def f\n  end\n\n  |\nend\n", "def g\n    1\n  end", "\n\n  def h\n"},
        {"yaml", "version: 3\n\n|\n", "services:\n  a:\n    image: b", "\n\nvolumes: {}\n"},
        {"sql", "CREATE TABLE a (b int);\n\n|\n", "SELECT b\nFROM a\nWHERE b = 1;", "\n\nSELECT 2;\n"},
        {"haskell", "f x = x\n\n|\n", "g :: Int\ng = h\n  where h = 1", "\n\ni = 2\n"},
    });
}

TEST_CASE("under a comment that tells what comes a paragraph is kept") {
    check({
        {"cpp", "void f() {\n    a();\n    // all of b\n    |\n}\n",
         "for (auto& x : b) {\n        c(x);\n    }\n    d();", "\n\n    e();\n}\n"},
        {"python", "def f():\n    a()\n    # all of b\n    |\n", "for x in b:\n        c(x)\n    d()",
         "\n\n    e()\n"},
        {"go", "// F fs.\n|\n", "func F() {\n\tg()\n}", "\n\nfunc h() {\n"},
    });
}

TEST_CASE("a comment ends where it is closed or left") {
    check({
        {"cpp", "/**\n * |\n */\nint add();\n", "Adds.\n * Twice.", "\n */\nint add() {\n"},
        {"cpp", "/**\n * |\n */\nint add();\n", "Adds.\n * Twice.", "\nint more() {\n"},
        {"cpp", "/* |\nint add();\n", "Adds. */", "\nint add() {\n"},
        {"cpp", "/* | */\n", "Adds. ", "*/\nint add();\n"},
        {"cpp", "/// |\nint add();\n", "Adds.\n/// Twice.", "\nint add() {\n"},
        {"python", "def f():\n    \"\"\"|\"\"\"\n    return 1\n", "Returns one.", "\"\"\"\n    return 1\n"},
        {"python", "def f():\n    \"\"\"|\n    return 1\n", "Returns one.\n\n    Always.\n    \"\"\"",
         "\n    return 1\n"},
        {"python", "def f():\n    \"\"\"\n    |\n    \"\"\"\n", "Returns one.\n\n    Always.",
         "\n    \"\"\"\n    return 1\n"},
        {"python", "def f():\n    \"\"\"\n    |\n    \"\"\"\n", "Returns one.", "\n\ndef g():\n    pass\n"},
        {"python", "\"\"\"About it.\n\nSome |\n\"\"\"\n", "words.", "\nimport os\n"},
        {"python", "\"\"\"About it.\n\n|\n\nMore.\n\"\"\"\n", "Some\nwords.", "\n\nimport os\n"},
        {"cpp", "/**\n * Adds |\n */\nint add();\n", "two.", "\n * More.\n"},
        {"python", "\"\"\"About it.\n\n|\n\nMore.\n\"\"\"\n", "Some.", "\n\"\"\"\nimport os\n"},
        {"lua", "--[[ |\n", "Adds. ]]", "\nlocal a\n"},
        {"html", "<!-- |\n-->\n", "a note", "\n-->\n<p>\n"},
        {"rust", "/// |\nfn f() {}\n", "Adds.\n///\n/// Twice.", "\nfn f() {\n"},
    });
}

TEST_CASE("prose ends with its paragraph, code in it with its fence") {
    check({
        {"markdown", "# Title\n\n|", "One\ntwo.", "\n\nThree.\n"},
        {"markdown", "To build:\n\n|\n", "```bash\nmake\n\nmake test\n```", "\n\nThen run.\n"},
        {"markdown", "```python\ndef f(x):\n    |\n```\n", "return x", "\n```\n\nThat is it.\n"},
        {"markdown", "```python\n|\n```\n", "x = 1\ny = 2", "\n```\n\nThat is it.\n"},
        {"git-commit", "|\n", "Add a thing", "\n\nBecause.\n"},
    });
}

TEST_CASE("an end is never past the answer, and certain ends stay, whatever the text") {
    const std::string pieces[] = {"{",    "}",   "(",    ")",    "\n", "\n",  "  ",  "    ",   "\t",
                                  "x",    "if ", "else", ":",    ";",  "\"",  "'",   "\"\"\"", "`",
                                  "${",   "/*",  "*/",   "//",   "#",  "end", "do ", "```",    "<a>",
                                  "</a>", "- ",  "é",    "שלום", "\\", "[[",  "]]",  "R\"(",   "return "};
    const char* languages[] = {"cpp",  "python", "typescript", "rust", "lua",
                               "yaml", "html",   "markdown",   "ruby", "x"};
    std::mt19937 random{7};
    const auto text = [&](std::size_t size) {
        std::string out;
        while (size-- > 0) out += pieces[random() % std::size(pieces)];
        return out;
    };
    for (int round = 0; round < 1500; ++round) {
        completion::Window seen;
        seen.prefix = text(random() % 30);
        seen.suffix = text(random() % 12);
        seen.language = languages[random() % std::size(languages)];
        const std::string answer = text(random() % 24);
        const Extent extent = static_cast<Extent>(random() % 3);
        CAPTURE(seen.language, seen.prefix, seen.suffix, answer, static_cast<int>(extent));
        check_every_cut(answer, seen, extent, completion::find_end(answer, seen, extent).at);
    }
}
