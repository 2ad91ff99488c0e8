#include "server/completion/context/definitions.h"

#include "server/support/tokens.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_worker.h"
#include "tests/support/temp_dir.h"

#include <sys/stat.h>

using namespace dragoman;
using completion::Definitions;
using completion::Piece;

namespace {

struct Bench {
    test::FakeFiles files;
    test::FakeWorker worker;
    Definitions definitions{files, worker};
    std::shared_ptr<config::Effective> config = std::make_shared<config::Effective>();

    Definitions::Where where(const std::string& path, const std::string& language,
                             const std::string& text) const {
        return {.path = path, .language = language, .text = text, .folders = {"/w"}, .config = config};
    }
    void look_up(const std::string& path, const std::string& language, const std::string& text) {
        definitions.prepare(where(path, language, text), {});
        worker.work_off();
    }
    /// All that is told for the place behind `before`.
    std::string told(const std::string& path, const std::string& before, std::size_t budget = 2000) const {
        std::string all;
        for (const Piece& piece : definitions.around(path, completion::Neighbourhood{before, ""}, budget)) {
            CHECK(piece.kind == Piece::Kind::definition);
            CHECK(piece.tokens == estimate_tokens(piece.text));
            CHECK(piece.text.ends_with('\n'));
            all += "== " + piece.path + "\n" + piece.text;
        }
        return all;
    }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("What a document imports is told, in every language") {
    struct Case {
        std::string language, path, text, other_path, other, wanted;
    };
    const std::vector<Case> cases = {
        {"cpp", "/w/src/x.cpp", "#include \"src/shape.h\"\nvoid f(Shape& s) {\n    s.", "/w/src/shape.h",
         "struct Shape { double area() const; };", "    double area() const\n"},
        {"python", "/w/pkg/x.py", "from .shape import Shape\ns = Shape()\ns.", "/w/pkg/shape.py",
         "class Shape:\n    def area(self): return 1\n", "    def area(self)\n"},
        {"typescript", "/w/src/x.ts", "import { Shape } from './shape'\nconst s: Shape\ns.",
         "/w/src/shape.ts", "export class Shape {\n  area(): number { return 1 }\n}\n",
         "    area(): number\n"},
        {"java", "/w/src/main/java/a/X.java", "package a;\nimport b.Shape;\nclass X { Shape s; { s.",
         "/w/src/main/java/b/Shape.java",
         "package b;\npublic class Shape { public double area() { return 1; } }\n", "    double area()\n"},
        {"java", "/w/src/main/java/a/X.java", "package a;\nclass X { Shape s; { s.",
         "/w/src/main/java/a/Shape.java", "package a;\nclass Shape { double area() { return 1; } }\n",
         "    double area()\n"},
        {"go", "/w/cmd/x.go", "package main\nimport \"me/proj/shape\"\nvar s shape.Shape\ns.",
         "/w/shape/shape.go", "package shape\nfunc (s Shape) Area() float64 { return 1 }\n",
         "func (s Shape) Area() float64\n"},
        {"go", "/w/cmd/x.go", "package main\nfunc main() {", "/w/cmd/y.go",
         "package main\nfunc helper() {}\n", "helper"},
        {"rust", "/w/src/main.rs", "mod shape;\nuse shape::Shape;\nfn f(s: Shape) { s.", "/w/src/shape.rs",
         "pub struct Shape;\nimpl Shape { pub fn area(&self) -> f64 { 1.0 } }\n",
         "    fn area(&self) -> f64\n"},
        {"lua", "/w/x.lua", "local shape = require('lib.shape')\nshape.", "/w/lib/shape.lua",
         "local M = {}\nfunction M.area(s) end\nreturn M\n", "function M.area(s)\n"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.language, one.path);
        Bench bench;
        bench.files.write("/w/go.mod", "module me/proj\n");
        bench.files.write(one.path, one.text);
        bench.files.write(one.other_path, one.other);
        bench.look_up(one.path, one.language, one.text);
        const std::string told = bench.told(one.path, one.text);
        CAPTURE(told);
        std::filesystem::path shown = one.other_path.substr(3);
        if (one.language == "go") shown = shown.parent_path();  // its package
        CHECK(has(told, "== " + shown.string() + "\n"));
        CHECK(has(told, one.wanted));
        CHECK_FALSE(has(told, "== " + one.path.substr(3)));
    }
}

TEST_CASE("What the types of nearby names offer comes before the rest") {
    Bench bench;
    std::string other = "#pragma once\n";
    for (int i = 0; i < 200; ++i)
        other += "int unrelated_function_number_" + std::to_string(i) + "(int argument, char other);\n";
    bench.files.write("/w/shape.h",
                      other + "struct Shape { double area() const; void scale(double by); };\n");
    bench.files.write(
        "/w/x.h",
        "#include \"shape.h\"\nclass X {\npublic:\n    void run();\nprivate:\n    Shape shape_;\n};\n");
    const std::string text = "#include \"x.h\"\nvoid X::run() {\n    shape_.";
    bench.look_up("/w/x.cpp", "cpp", text);
    const std::string told = bench.told("/w/x.cpp", text, 300);
    CAPTURE(told);
    CHECK(has(told, "Shape shape_"));  // private, and yet its own
    CHECK(has(told, "double area() const"));
    CHECK(has(told, "scale"));
}

TEST_CASE("The budget is kept, and what has no room is named") {
    Bench bench;
    std::string other;
    for (int i = 0; i < 300; ++i) {
        other += "std::map<std::string, std::vector<int>> gather_all_of_them_" + std::to_string(i) +
                 "(const std::string& name, int a);\n";
    }
    bench.files.write("/w/a.h", other);
    bench.files.write("/w/b.h", "enum class Color { red, green };\nint count(int a);\n");
    const std::string text = "#include \"a.h\"\n#include \"b.h\"\nvoid f() {\n    gather";
    bench.look_up("/w/x.cpp", "cpp", text);
    for (const std::size_t budget : {0U, 1U, 10U, 40U, 100U, 500U, 2000U, 5000U}) {
        CAPTURE(budget);
        std::size_t tokens = 0;
        for (const Piece& piece : bench.definitions.around("/w/x.cpp", {text, ""}, budget))
            tokens += piece.tokens;
        CHECK(tokens <= budget);
        if (budget >= 100) CHECK(tokens > budget / 2);
    }
    const std::string told = bench.told("/w/x.cpp", text, 1500);
    CAPTURE(told);
    CHECK(has(told, "// also: gather_all_of_them_"));
    CHECK(has(bench.told("/w/x.cpp", "Color c = ", 200), "enum class Color { red, green }\n"));
}

TEST_CASE("What is passed on is followed, what a file keeps to itself is not") {
    Bench bench;
    bench.files.write("/w/lib/index.ts", "export * from './shape'\nimport './hidden'\n");
    bench.files.write("/w/lib/shape.ts", "export function area() {}\nexport * from './deep'\n");
    bench.files.write("/w/lib/deep.ts", "export function depth() {}\n");
    bench.files.write("/w/lib/hidden.ts", "export function concealed() {}\n");
    const std::string text = "import { area } from '../lib/index'\n";
    bench.look_up("/w/src/x.ts", "typescript", text);
    const std::string told = bench.told("/w/src/x.ts", text);
    CHECK(has(told, "area"));
    CHECK(has(told, "depth"));
    CHECK_FALSE(has(told, "concealed"));
}

TEST_CASE("The members that a class inherits are told, however far up they stand") {
    Bench bench;
    bench.files.write("/w/far/top.py", "class Top:\n    def from_the_top(self): pass\n");
    bench.files.write("/w/far/base.py",
                      "from .top import Top\nfrom .other import other\nclass Base(Top):\n    pass\n");
    bench.files.write("/w/far/other.py", "def unrelated(): pass\n");
    bench.files.write("/w/far/core.py", "from .base import Base\n");
    const std::string text =
        "from far.core import Base\nclass Mine(Base):\n    def run(self):\n        self.";
    bench.look_up("/w/pkg/deep/x.py", "python", text);
    const std::string told = bench.told("/w/pkg/deep/x.py", text);
    CHECK(has(told, "from_the_top"));
    CHECK_FALSE(has(told, "unrelated"));
}

TEST_CASE("Neighbours are known without an import, but not in languages that import all they use") {
    Bench bench;
    bench.files.write("/w/pkg/validator.py", "class Validator:\n    def save_token(self): pass\n");
    bench.files.write("/w/pkg/near.rs", "pub fn close_by() {}\n");
    bench.look_up("/w/pkg/sub/x.py", "python", "import os\n");
    CHECK(has(bench.told("/w/pkg/sub/x.py", "self.validator."), "save_token"));
    bench.look_up("/w/pkg/sub/x.rs", "rust", "fn f() {}\n");
    CHECK(bench.told("/w/pkg/sub/x.rs", "fn f() {").empty());
}

TEST_CASE("A Go package is found where it is vendored, and told of as one") {
    Bench bench;
    bench.files.write("/w/vendor/a.org/draw/line.go", "package draw\nfunc Line() {}\n");
    bench.files.write("/w/vendor/a.org/draw/arc.go", "package draw\nfunc Arc() {}\n");
    const std::string text = "package main\nimport \"a.org/draw\"\nfunc f() {\n\tdraw.";
    bench.look_up("/w/cmd/x.go", "go", text);
    const auto pieces = bench.definitions.around("/w/cmd/x.go", {text, ""}, 1000);
    REQUIRE(pieces.size() == 1);
    CHECK(pieces[0].path == "vendor/a.org/draw");
    CHECK(has(pieces[0].text, "Line"));
    CHECK(has(pieces[0].text, "Arc"));
}

TEST_CASE("What alike code uses comes before what it does not use") {
    Bench bench;
    std::string header, body;
    for (int i = 0; i < 300; ++i) header += "int unused_" + std::to_string(i) + "();\n";
    header += "int seldom();\n";
    bench.files.write("/w/a.h", header + "inline int other() {\n    rare_word();\n    return seldom();\n}\n");
    const std::string text = "#include \"a.h\"\nint f() {\n    rare_word();\n    return ";
    bench.look_up("/w/src/x.cpp", "cpp", text);
    CHECK(has(bench.told("/w/src/x.cpp", text, 120), "seldom"));
}

TEST_CASE("No list names what the model sees anyway") {
    Bench bench;
    std::string header;
    for (int i = 0; i < 100; ++i) header += "int shape_" + std::to_string(i) + "(int first, int second);\n";
    bench.files.write("/w/a.h", header);
    bench.look_up("/w/src/x.cpp", "cpp", "#include \"a.h\"\n");
    completion::Neighbourhood near{"#include \"a.h\"\n", ""};
    std::string shown;
    for (int i = 0; i < 100; i += 2) shown += "shape_" + std::to_string(i) + " ";
    near.show(shown);
    for (const Piece& piece : bench.definitions.around("/w/src/x.cpp", near, 400)) {
        const std::size_t list = piece.text.find("// also: ");
        REQUIRE(list != std::string::npos);
        CHECK_FALSE(has(piece.text.substr(list), "shape_42,"));
        CHECK(has(piece.text.substr(list), "shape_43,"));
    }
}

TEST_CASE("Imports in a circle end") {
    Bench bench;
    bench.files.write("/w/a.h", "#include \"b.h\"\nint a();\n");
    bench.files.write("/w/b.h", "#include \"a.h\"\n#include \"b.h\"\n#include \"x.cpp\"\nint b();\n");
    bench.files.write("/w/x.cpp", "int x();\n");
    bench.look_up("/w/x.cpp", "cpp", "#include \"a.h\"\n#include \"x.cpp\"\n");
    const std::string told = bench.told("/w/x.cpp", "a b x");
    CHECK(has(told, "int a()"));
    CHECK(has(told, "int b()"));
    CHECK_FALSE(has(told, "int x()"));
    CHECK(bench.files.reads == 2);
}

TEST_CASE("Only what has changed is read again") {
    Bench bench;
    bench.files.write("/w/a.h", "int a();\n");
    bench.files.write("/w/b.h", "int b();\n");
    const std::string text = "#include \"a.h\"\n#include \"b.h\"\n";
    bench.look_up("/w/x.cpp", "cpp", text);
    CHECK(bench.files.reads == 2);
    bench.look_up("/w/x.cpp", "cpp", text);
    bench.look_up("/w/y.cpp", "cpp", text);  // shared
    CHECK(bench.files.reads == 2);
    bench.files.write("/w/a.h", "int renewed();\n");
    bench.look_up("/w/x.cpp", "cpp", text);
    CHECK(bench.files.reads == 3);
    CHECK(has(bench.told("/w/x.cpp", "x"), "renewed"));
    CHECK_FALSE(has(bench.told("/w/y.cpp", "x"), "renewed"));  // not looked up since
    bench.files.remove("/w/a.h");
    bench.look_up("/w/x.cpp", "cpp", text);
    CHECK_FALSE(has(bench.told("/w/x.cpp", "x"), "renewed"));
}

TEST_CASE("Who waits is called once, from the loop, and never after the document is forgotten") {
    Bench bench;
    bench.files.write("/w/a.h", "int a();\n");
    int called = 0;
    const auto count = [&] { ++called; };
    const auto where = bench.where("/w/x.cpp", "cpp", "#include \"a.h\"\n");
    bench.definitions.prepare(where, count);
    bench.definitions.prepare(where, count);
    CHECK(bench.worker.waiting() == 1);  // joined
    CHECK(called == 0);
    CHECK_FALSE(bench.definitions.ready("/w/x.cpp"));
    CHECK(bench.told("/w/x.cpp", "a").empty());
    bench.worker.work_off();
    CHECK(called == 2);
    CHECK(bench.definitions.ready("/w/x.cpp"));

    // A refresh leaves it ready; other imports do not.
    bench.definitions.prepare(where, count);
    CHECK(bench.definitions.ready("/w/x.cpp"));
    bench.definitions.prepare(bench.where("/w/x.cpp", "cpp", "#include \"b.h\"\n"), count);
    CHECK_FALSE(bench.definitions.ready("/w/x.cpp"));
    CHECK(has(bench.told("/w/x.cpp", "a"), "int a()"));  // what is known stays meanwhile
    bench.worker.work_off();
    CHECK(called == 4);
    CHECK(bench.told("/w/x.cpp", "a").empty());

    bench.definitions.prepare(where, count);
    bench.definitions.forget("/w/x.cpp");
    bench.worker.work_off();
    CHECK(called == 4);
    CHECK_FALSE(bench.definitions.ready("/w/x.cpp"));

    // Whoever is called may forget and prepare anew.
    bench.definitions.prepare(where, [&] {
        bench.definitions.forget("/w/x.cpp");
        bench.definitions.prepare(where, count);
    });
    bench.worker.work_off();
    CHECK(called == 5);
}

TEST_CASE("Nothing is heard of a lookup that outlives its asker") {
    test::FakeFiles files;
    test::FakeWorker worker;
    int called = 0;
    {
        Definitions definitions{files, worker};
        definitions.prepare({.path = "/w/x.c",
                             .language = "c",
                             .folders = {"/w"},
                             .config = std::make_shared<config::Effective>()},
                            [&] { ++called; });
    }
    worker.work_off();
    CHECK(called == 0);
}

TEST_CASE("What is excluded is never told, from the moment it is excluded") {
    Bench bench;
    bench.config->project = "/w";
    bench.config->exclude = {"secret/**"};
    bench.files.write("/w/secret/a.h", "int concealed();\n");
    bench.files.write("/w/b.h", "int open();\n");
    bench.files.link("/w/innocent.h", "/w/secret/a.h");
    const std::string text = "#include \"secret/a.h\"\n#include \"innocent.h\"\n#include \"b.h\"\n";
    bench.look_up("/w/x.cpp", "cpp", text);
    CHECK(bench.files.reads == 1);
    CHECK(has(bench.told("/w/x.cpp", "x"), "open"));
    CHECK_FALSE(has(bench.told("/w/x.cpp", "x"), "concealed"));

    bench.config = std::make_shared<config::Effective>(*bench.config);
    bench.config->exclude.push_back("b.h");
    bench.definitions.prepare(bench.where("/w/x.cpp", "cpp", text), {});
    CHECK(bench.told("/w/x.cpp", "x").empty());
    bench.worker.work_off();
    CHECK(bench.told("/w/x.cpp", "x").empty());
}

TEST_CASE("Without configuration, folders or a known language nothing is read") {
    Bench bench;
    bench.files.write("/w/a.h", "int a();\n");
    const std::string text = "#include \"a.h\"\n";
    int called = 0;
    for (auto where :
         {Definitions::Where{.path = "/w/x.cpp", .language = "cpp", .text = text, .folders = {"/w"}},
          Definitions::Where{.path = "/w/x.cpp", .language = "cpp", .text = text, .config = bench.config},
          Definitions::Where{.path = "/w/x.cpp",
          .language = "prose",
          .text = text,
          .folders = {"/w"},
          .config = bench.config},
          Definitions::Where{
              .path = "/v/x.cpp", .language = "cpp", .text = text, .folders = {"/v"}, .config = bench.config},
          Definitions::Where{
              .path = "x.cpp", .language = "cpp", .text = text, .folders = {"."}, .config = bench.config}}) {
        bench.definitions.prepare(where, [&] { ++called; });
        bench.worker.work_off();
        CHECK(bench.definitions.around(where.path, {"a", ""}, 1000).empty());
    }
    CHECK(called == 5);
    CHECK(bench.files.reads == 0);
}

TEST_CASE("Secrets of what is imported are masked") {
    Bench bench;
    const std::string secret = "q7Zk2Lw9Xb4Rt1Vn8Ps3";
    bench.files.write("/w/a.py",
                      "API_KEY = \"" + secret + "\"\nPASSWORD = \"Tr0ub4dor&3x\"\ndef f(): pass\n");
    const std::string text = "from a import API_KEY, PASSWORD\n";
    bench.look_up("/w/x.py", "python", text);
    const std::string told = bench.told("/w/x.py", text + "API_KEY PASSWORD");
    CHECK(has(told, "API_KEY = \"********\""));
    CHECK_FALSE(has(told, secret));
    CHECK_FALSE(has(told, "Tr0ub4dor"));
}

TEST_CASE("On a real disk nothing outside of the workspace is read, and nothing blocks") {
    const test::TempDir dir;
    const std::string declares = "int outside_of_it();\n";
    dir.write("outside.h", declares);
    dir.write("w/real.h", "int inside_of_it();\n");
    dir.write("w/large.h", std::string(5'000'000, 'x') + "\n" + declares);
    dir.write("w/binary.h", std::string(1, '\0') + declares);
    dir.write("w/denied.h", declares, 0);
    std::filesystem::create_symlink(dir / "outside.h", dir / "w/link.h");
    std::filesystem::create_symlink(dir.path(), dir / "w/up");
    std::filesystem::create_symlink("real.h", dir / "w/alias.h");
    std::filesystem::create_directory(dir / "w/folder.h");
    REQUIRE(::mkfifo((dir / "w/fifo.h").c_str(), 0600) == 0);

    DiskFiles files;
    test::FakeWorker worker;
    Definitions definitions{files, worker};
    const Definitions::Where where{
        .path = (dir / "w/x.cpp").string(),
        .language = "cpp",
        .text =
            "#include \"../../../../../../etc/passwd\"\n#include </etc/passwd>\n#include \"../outside.h\"\n"
            "#include \"link.h\"\n#include \"up/outside.h\"\n#include \"large.h\"\n#include \"binary.h\"\n"
            "#include \"fifo.h\"\n#include \"folder.h\"\n#include \"alias.h\"\n#include \"missing.h\"\n",
        .folders = {dir / "w"},
        .config = std::make_shared<config::Effective>()};
    definitions.prepare(where, {});
    worker.work_off();
    const auto pieces = definitions.around(where.path, {"x", ""}, 1000);
    REQUIRE(pieces.size() == 1);
    CHECK(pieces[0].path == "alias.h");
    CHECK(has(pieces[0].text, "inside_of_it"));
}

TEST_CASE("At most 160 files are read for one document") {
    Bench bench;
    std::string text;
    for (int i = 0; i < 200; ++i) {
        const std::string name = "f" + std::to_string(i) + ".h";
        text += "#include \"" + name + "\"\n";
        bench.files.write("/w/" + name, "int g" + std::to_string(i) + "();\n");
    }
    bench.look_up("/w/x.cpp", "cpp", text);
    CHECK(bench.files.reads == 160);
}
