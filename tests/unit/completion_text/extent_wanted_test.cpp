// How much is wanted at a cursor: a line, a statement, a block.

#include "server/completion/text/extent.h"
#include "tests/unit/completion_text/window.h"

using namespace dragoman;
using namespace dragoman::test;
using completion::Extent;

namespace {

struct Row {
    std::string_view language, file;
    Extent extent;
};

constexpr Extent kLine = Extent::line, kStatement = Extent::statement, kBlock = Extent::block;

const char* name(Extent extent) {
    return extent == kLine ? "line" : extent == kStatement ? "statement" : "block";
}

void check(std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        const auto wanted = completion::wanted_extent(window(row.file, std::string{row.language}));
        CAPTURE(row.language, row.file, wanted.why);
        CHECK(std::string{name(wanted.extent)} == name(row.extent));
        CHECK_FALSE(wanted.why.empty());
    }
}

}  // namespace

TEST_CASE("text behind the cursor leaves room for the rest of the line only") {
    check({
        {"cpp", "int x = foo(|bar);\n", kLine},
        {"cpp", "if (|) {\n}\n", kLine},
        {"python", "x = [|] + y\n", kLine},
        {"python", "def f(|):\n    pass\n", kStatement},
        {"typescript", "const a = |b;\n", kLine},
        {"java", "int x = | + 1;\n", kLine},
        {"go", "func f(|) error {\n}\n", kLine},
        {"rust", "let x: | = 1;\n", kLine},
        {"lua", "if | then\nend\n", kLine},
        {"yaml", "a: | # note\n", kLine},
        {"markdown", "The | is\n", kLine},
        {"html", "<p>|text</p>\n", kLine},
        {"sql", "SELECT | FROM t;\n", kLine},
    });
}

TEST_CASE("a body that has just been opened wants its block") {
    check({
        {"cpp", "void f() {|}\n", kBlock},
        {"cpp", "void f() {\n    |\n}\n", kBlock},
        {"cpp", "void f() {|\n}\n", kBlock},
        {"cpp", "void f(int a,\n       int b) {\n    |\n}\n", kBlock},
        {"cpp", "Foo::Foo(int a)\n    : a_{a},\n      b_{a} {\n    |\n}\n", kBlock},
        {"cpp", "void f()\n{\n    |\n}\n", kBlock},
        {"cpp", "void f() {\n    for (;;) {  // over all\n        |\n    }\n}\n", kBlock},
        {"cpp", "class A {\npublic:\n    |\n};\n", kBlock},
        {"cpp", "    switch (x) {\n        case 1:\n            |\n        case 2: break;\n    }\n", kBlock},
        {"python", "def f(x):\n    |\n", kBlock},
        {"python", "def f(x):|\n", kBlock},
        {"python", "def f(\n    x,\n):\n    |\n", kBlock},
        {"python", "def f(x):\n    \"\"\"Doubles.\"\"\"\n    |\n", kBlock},
        {"python", "def f(x):\n    \"\"\"Doubles.\n\n    And: more.\n    \"\"\"\n    |\n\ndef g(): pass\n",
         kBlock},
        {"python", "def f(x):\n    # Twice:\n    |\n", kBlock},
        {"python", "if x:  # why not\n    |\nelse:\n    pass\n", kBlock},
        {"typescript", "const f = (x: number) => {\n  |\n};\n", kBlock},
        {"typescript", "describe('it', () => {|});\n", kBlock},
        {"typescript", "class A {\n  |\n}\n", kBlock},
        {"java", "class A {\n    int f() {\n        |\n    }\n}\n", kBlock},
        {"java", "try {\n    |\n} catch (E e) {\n}\n", kBlock},
        {"go", "func f() error {\n\t|\n}\n", kBlock},
        {"go", "import (\n\t|\n)\n", kBlock},
        {"go", "\tswitch x {\n\tcase 1:\n\t\t|\n\t}\n", kBlock},
        {"rust", "fn f<'a>(x: &'a str) -> &'a str {\n    |\n}\n", kBlock},
        {"rust", "match x {\n    Some(y) => {\n        |\n    }\n}\n", kBlock},
        {"lua", "local function f(x)\n  |\nend\n", kBlock},
        {"lua", "if x then\n  |\nend\n", kBlock},
        {"lua", "for i = 1, 3 do|\n", kBlock},
        {"yaml", "services:\n  |\n", kBlock},
        {"yaml", "run: |", kStatement},
        {"yaml", "steps:\n  - name: a\n    with:\n      |\n  - name: b\n", kBlock},
        {"json", "{\n  \"a\": {\n    |\n  }\n}\n", kBlock},
        {"html", "<ul>\n  |\n</ul>\n", kBlock},
        {"ruby", "def f(x)\n  |\nend\n", kBlock},
        {"ruby", "xs.each do|\n", kBlock},
        {"shellscript", "if [ -n \"$x\" ]; then\n  |\nfi\n", kBlock},
        {"shellscript", "f() {\n  |\n}\n", kBlock},
        {"haskell", "f x =\n  |\n", kBlock},
    });
}

TEST_CASE("among statements one of them is wanted") {
    check({
        {"cpp", "void f() {\n    a();\n    |\n    b();\n}\n", kStatement},
        {"cpp", "void f() {\n    |\n    b();\n}\n", kStatement},
        {"cpp", "void f() {|\n    b();\n}\n", kStatement},
        {"cpp", "void f() {\n    a();\n    |\n}\n", kStatement},
        {"cpp", "void f() {\n    return |\n}\n", kStatement},
        {"cpp", "foo(|)", kStatement},
        {"cpp", "foo(|);  \nbar", kStatement},
        {"cpp", "#include <a>\n|\n#include <c>\n", kStatement},
        {"python", "def f():\n    a = 1\n    |\n    return a\n", kStatement},
        {"python", "def f():\n    a = 1\n|\n    return a\n", kStatement},
        {"python", "import os\n|\nimport re\n", kStatement},
        {"typescript", "const x = |\n", kStatement},
        {"java", "int f() {\n    int a = 1;\n\n    |\n\n    return a;\n}\n", kStatement},
        {"go", "func f() {\n\ta := 1\n\t|\n\treturn a\n}\n", kStatement},
        {"rust", "    let v = |\n", kStatement},
        {"lua", "function f()\n  local a = 1\n  |\n  return a\nend\n", kStatement},
        {"yaml", "services:\n  a:\n    image: x\n    |\n    ports: []\n", kStatement},
        {"json", "{\n  \"a\": 1,\n  |\n}\n", kStatement},
    });
}

TEST_CASE("between functions a whole one is wanted") {
    check({
        {"cpp", "|", kBlock},
        {"cpp", "void f() {}\n\n|\n", kBlock},
        {"cpp", "#include <a>\n\n|\n", kBlock},
        {"cpp", "namespace a {\n\n|\n\n}  // namespace a\n", kBlock},
        {"cpp", "namespace a {\nnamespace {\n\n|\n", kBlock},
        {"cpp", "class A {\n    void f() {\n    }\n\n    |\n\n    void g();\n};\n", kBlock},
        {"cpp", "static struct a *f(int x)\n{\n\tg();\n\n\t|\n\n\th();\n}\n", kStatement},
        {"python", "import os\n\n\n|\n", kBlock},
        {"python", "class A:\n    def f(self):\n        pass\n\n    |\n", kBlock},
        {"python", "@decorated\n|\n", kBlock},
        {"typescript", "import x from 'y';\n\n|\n", kBlock},
        {"java", "class A {\n    int f() { return 1; }\n\n    |\n}\n", kBlock},
        {"go", "package a\n\nfunc f() {\n}\n\n|\n", kBlock},
        {"rust", "impl A {\n    fn f() {}\n\n    |\n}\n", kBlock},
        {"lua", "local M = {}\n\n|\n\nreturn M\n", kBlock},
        {"yaml", "version: 3\n\n|\n", kBlock},
    });
}

TEST_CASE("a comment that stands alone tells what comes") {
    check({
        {"cpp", "// Adds two numbers.\n|\n", kBlock},
        {"cpp", "/**\n * Adds.\n */\n|\n", kBlock},
        {"cpp", "void f() {\n    a();\n    // then all of b\n    |\n}\n", kBlock},
        {"cpp", "void f() {\n    // then b\n    |\n    b();\n}\n", kStatement},
        {"python", "# adds two numbers\n|\n", kBlock},
        {"go", "// Add adds.\n|\n", kBlock},
        {"rust", "/// Adds.\n|\n", kBlock},
        {"lua", "-- adds\n|\n", kBlock},
    });
}

TEST_CASE("comments and strings are told from code") {
    check({
        {"cpp", "// Adds |\nint add();\n", kLine},
        {"cpp", "/// Adds |\nint add();\n", kBlock},
        {"cpp", "/// Adds |\n/// two numbers\nint add();\n", kLine},
        {"cpp", "/**\n * |\n */\nint add();\n", kBlock},
        {"cpp", "/* |\n   more words */\n", kLine},
        {"cpp", "auto s = \"it's {|\n", kLine},
        {"cpp", "auto s = R\"(a {\n|\n", kLine},
        {"cpp", "auto n = 1'000'000; // don't\nvoid f() {\n    |\n}\n", kBlock},
        {"python", "def f():\n    \"\"\"|\n", kBlock},
        {"python", "def f():\n    \"\"\"|\"\"\"\n    return 1\n", kBlock},
        {"python", "x = f\"{a} |\n", kLine},
        {"python", "sql = \"\"\"\nSELECT |\n\"\"\"\n", kLine},
        {"typescript", "const s = `a ${f({|\n", kBlock},
        {"typescript", "const s = `a |\n", kLine},
        {"typescript", "const r = /['\"`]/;\nfunction f() {\n  |\n}\n", kBlock},
        {"go", "s := `a\n|\n`\n", kLine},
        {"rust", "fn f<'a>(x: &'a str) { // don't\n    let c = '{';\n    let s = r#\"a\"{\"#;\n    |\n}\n",
         kStatement},
        {"lua", "--[[ don't {\n|\n]]\n", kBlock},
        {"lua", "local s = [==[\n|\n]==]\n", kLine},
        {"yaml", "# don't: |\n", kLine},
        {"html", "<!-- |\n-->\n", kBlock},
        {"shellscript", "echo $# ${#a}\nf() {\n  |\n}\n", kBlock},
    });
}

TEST_CASE("a prefix that begins in the middle of something is read right") {
    check({
        {"cpp", "it's the end { of a comment ( */\nvoid f() {}\n\n|\n", kBlock},
        {"python", "  Returns it.\n    \"\"\"\n    return 1\n\ndef g():\n    \"\"\"Says: x.\"\"\"\n    |\n",
         kBlock},
        {"python", "don't: care\n    \"\"\"\n    a = 1\n    |\n    return 1\n", kStatement},
        {"cpp", "    }\n}\n\n|\n", kBlock},
    });
}

TEST_CASE("prose comes by lines and paragraphs") {
    check({
        {"markdown", "# Title\n\n|", kBlock},
        {"cpp", "void f() {\n    /* note */ |\n}\n", kStatement},
        {"cpp", "*/ |", kStatement},
        {"markdown", "- one\n- |\n", kLine},
        {"markdown", "A line |\n", kLine},
        {"markdown", "one\n|\ntwo\n", kLine},
        {"git-commit", "|\n# comments\n", kLine},
        {"git-commit", "Subject\n\n|\n# comments\n", kBlock},
        {"markdown", "```python\ndef f(x):\n    |\n```\n", kBlock},
        {"markdown", "```python\ndef f(x):\n    a = |\n```\n", kStatement},
        {"markdown", "```c++\nint a;\n```\n\nThe { is\n\n|\n", kBlock},
    });
}

TEST_CASE("the setting overrides the syntax") {
    const auto amid = window("int x = foo(|bar);\n"), empty = window("void f() {\n    |\n}\n");
    CHECK(completion::wanted_extent(amid, "always").extent == kBlock);
    CHECK(completion::wanted_extent(empty, "never").extent == kLine);
}
