#include "server/completion/context/imports.h"

#include "server/completion/context/resolve.h"

#include <string>
#include <vector>

using namespace dragoman::completion;

namespace {

struct Case {
    std::string language, text;
    std::vector<std::string> targets;  // with (names), ! where exported, . where relative
};

std::string told(const Import& import) {
    std::string text = import.target;
    if (!import.names.empty()) {
        text += " (";
        for (const std::string& name : import.names) text += (text.back() == '(' ? "" : " ") + name;
        text += ")";
    }
    if (import.relative) text += " .";
    if (import.exported) text += " !";
    return text;
}

std::vector<std::string> tried(const Import& import, const Importer& from) {
    std::vector<std::string> paths;
    for (const Choice& choice : candidates(import, from)) {
        for (const Candidate& one : choice) paths.push_back(one.path.string() + (one.folder ? "/" : ""));
    }
    return paths;
}

bool has(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

TEST_CASE("The imports of a text are found in the way of its language") {
    const std::vector<Case> cases = {
        {"cpp",
         "#include \"a/b.h\"\n  #  include <vector>\n// #include \"no.h\"\n#include MACRO\n#include "
         "\"a/b.h\"\n",
         {"a/b.h . !", "vector !"}},
        {"c", "#import \"x.h\"\n#include \"broken\n", {"x.h . !"}},
        {"python",
         "import os, pkg.mod as m\nfrom .near import (a as b,\n    c)\nfrom . import d\nfrom ..up.x import "
         "*\n"
         "    import late\nimportant = 1\nfrom pkg import e # f\n",
         {"os", "pkg.mod", ".near (a c) . !", ". (d) . !", "..up.x . !", "late", "pkg (e) !"}},
        {"typescript",
         "import a, { b as c, type D } from './x'\nimport * as ns from \"../y\";\nimport type { T } from "
         "'@/t'\n"
         "import './side'\nexport * from './re'\nexport { q } from './q'\nexport const z = 1\nexport { local "
         "}\n"
         "const w = require('./w'), v = await import(\"./v\")\nimport {\n  many,\n  lines\n} from './m'\n",
         {"./x (a b D)", "../y", "@/t (T)", "./side", "./re !", "./q (q) !", "./w", "./v",
          "./m (many lines)"}},
        {"java",
         "package a.b;\nimport java.util.List;\nimport static a.c.Tool.run;\nimport a.d.*;\n",
         {"java.util.List (List)", "a.c.Tool.run (run)", "a.d.*"}},
        {"kotlin", "import a.b.C as D\n", {"a.b.C (C)"}},
        {"scala", "import a.b.{C, D}\n", {"a.b (C D)"}},
        {"go",
         "import \"fmt\"\nimport (\n\tx \"me/proj/x\"\n\t_ \"me/proj/y\"\n\t// \"no\"\n)\n",
         {"fmt", "me/proj/x", "me/proj/y"}},
        {"rust",
         "use crate::a::{b, c::{D, E as F}, self};\npub use super::g::*;\nmod h;\npub(crate) mod i;\nmod j { "
         "}\n",
         {"crate::a::b (b)", "crate::a::c::D (D)", "crate::a::c::E (E)", "crate::a::self", "super::g::* !",
          "self::h .", "self::i . !"}},
        {"lua", "local a = require(\"x.y\")\nlocal b = require 'z'\n-- require 'no'\n", {"x.y", "z"}},
        {"ruby", "require_relative 'x/y'\nrequire \"json\"\n", {"x/y .", "json"}},
        {"php",
         "<?php\nuse App\\Model\\User;\nuse App\\{A, B};\nrequire_once __DIR__ . '/lib.php';\n",
         {"App\\Model\\User (User)", "App\\A (A)", "App\\B (B)", "lib.php ."}},
        {"shellscript", ". ./lib.sh\nsource \"$HERE/util.sh\"\nsource $1\n", {"./lib.sh .", "util.sh ."}},
        {"markdown", "import a\n#include \"b\"\n", {}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.language, one.text);
        std::vector<std::string> found;
        for (const Import& import : find_imports(one.text, one.language)) found.push_back(told(import));
        CHECK(found == one.targets);
        // Cut anywhere, it reads on without harm.
        for (std::size_t cut = 0; cut < one.text.size(); ++cut) {
            (void)find_imports(one.text.substr(0, cut), one.language);
            (void)find_imports(one.text.substr(cut), one.language);
        }
    }
}

TEST_CASE("The number of imports is bounded") {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "#include \"f" + std::to_string(i) + ".h\"\n";
    CHECK(find_imports(text, "cpp").size() == 256);
    std::string nested = "use ";
    for (int i = 0; i < 10'000; ++i) nested += "a::{";
    CHECK(find_imports(nested + ";", "rust").size() <= 256);
}

TEST_CASE("An import leads where its language looks") {
    struct Where {
        std::string language, file, text, path, module = {};
    };
    const std::vector<Where> cases = {
        {"cpp", "/w/src/a/x.cpp", "#include \"y.h\"\n", "/w/src/a/y.h"},
        {"cpp", "/w/src/a/x.cpp", "#include \"src/b/y.h\"\n", "/w/src/b/y.h"},
        {"cpp", "/w/src/a/x.cpp", "#include <lib/y.h>\n", "/w/include/lib/y.h"},
        {"cpp", "/w/src/a/x.cpp", "#include \"../b/y.h\"\n", "/w/src/b/y.h"},
        {"cpp", "/w/src/a/x.cpp", "#include \"y.h\"\n", "/v/include/y.h"},
        {"python", "/w/pkg/a/x.py", "from .y import z\n", "/w/pkg/a/y.py"},
        {"python", "/w/pkg/a/x.py", "from . import z\n", "/w/pkg/a/z.py"},
        {"python", "/w/pkg/a/x.py", "from ..b import z\n", "/w/pkg/b/__init__.py"},
        {"python", "/w/pkg/a/x.py", "from pkg.b import z\n", "/w/pkg/b/z.py"},
        {"python", "/w/tests/x.py", "import pkg.b\n", "/w/src/pkg/b.py"},
        {"typescript", "/w/src/a/x.ts", "import './y'\n", "/w/src/a/y.ts"},
        {"typescript", "/w/src/a/x.ts", "import './y'\n", "/w/src/a/y/index.ts"},
        {"typescript", "/w/src/a/x.ts", "import '../y.js'\n", "/w/src/y.ts"},
        {"typescript", "/w/src/a/x.ts", "import '@/b/y'\n", "/w/src/b/y.tsx"},
        {"javascript", "/w/a/x.js", "const y = require('./y')\n", "/w/a/y.js"},
        {"java", "/w/src/main/java/a/b/X.java", "package a.b;\nimport a.c.Y;\n",
         "/w/src/main/java/a/c/Y.java"},
        {"java", "/w/src/test/java/a/b/X.java", "package a.b;\nimport a.c.Y;\n",
         "/w/src/main/java/a/c/Y.java"},
        {"java", "/w/src/main/java/a/b/X.java", "package a.b;\nimport a.c.*;\n", "/w/src/main/java/a/c/"},
        {"java", "/w/q/a/b/X.java", "package a.b;\nimport static a.c.Y.run;\n", "/w/q/a/c/Y.java"},
        {"kotlin", "/w/src/main/kotlin/a/X.kt", "package a\nimport a.c.Y\n", "/w/src/main/kotlin/a/c/Y.kt"},
        {"go", "/w/cmd/x.go", "import \"me/proj/y\"\n", "/w/y/", "me/proj"},
        {"rust", "/w/src/a/x.rs", "use crate::b::Y;\n", "/w/src/b.rs"},
        {"rust", "/w/src/a/x.rs", "use crate::b::y::Z;\n", "/w/src/b/y/mod.rs"},
        {"rust", "/w/src/a/x.rs", "use super::y::Z;\n", "/w/src/a/y.rs"},
        {"rust", "/w/src/main.rs", "mod y;\n", "/w/src/y.rs"},
        {"rust", "/w/src/a.rs", "mod y;\n", "/w/src/a/y.rs"},
        {"rust", "/w/app/src/main.rs", "use my_lib::y::Z;\n", "/w/my-lib/src/y.rs"},
        {"lua", "/w/lua/x.lua", "require('p.y')\n", "/w/lua/p/y.lua"},
        {"lua", "/w/x.lua", "require 'p'\n", "/w/lua/p/init.lua"},
        {"ruby", "/w/lib/x.rb", "require_relative 'p/y'\n", "/w/lib/p/y.rb"},
        {"ruby", "/w/bin/x.rb", "require 'p/y'\n", "/w/lib/p/y.rb"},
        {"php", "/w/src/A/X.php", "use App\\B\\Y;\n", "/w/src/B/Y.php"},
        {"shellscript", "/w/bin/x.sh", ". ../lib/y.sh\n", "/w/lib/y.sh"},
    };
    for (const Where& one : cases) {
        CAPTURE(one.language, one.file, one.text);
        const Importer from{.file = one.file,
                            .family = family_of(one.language),
                            .folders = {"/w", "/v"},
                            .package = package_of(one.text),
                            .module = one.module,
                            .module_folder = "/w"};
        const auto imports = find_imports(one.text, one.language);
        REQUIRE(imports.size() == 1);
        const auto paths = tried(imports[0], from);
        CAPTURE(paths);
        CHECK(has(paths, one.path));
        CHECK_FALSE(has(paths, one.file));
    }
}

TEST_CASE("No import leads out of the workspace") {
    const std::vector<std::string> hostile = {"../../../etc/passwd",
                                              "/etc/passwd",
                                              "..",
                                              "../w2/secret.h",
                                              "./../../w2/x",
                                              "a/../../../etc/passwd",
                                              "........a",
                                              "",
                                              ".",
                                              "\\..\\..\\x"};
    for (const Family family : {Family::c, Family::python, Family::script, Family::jvm, Family::go,
                                Family::rust, Family::lua, Family::ruby, Family::php, Family::shell}) {
        for (const std::string& target : hostile) {
            for (const bool relative : {false, true}) {
                const Importer from{.file = "/w/src/x",
                                    .family = family,
                                    .folders = {"/w"},
                                    .module = "m",
                                    .module_folder = "/w"};
                for (const std::string& path :
                     tried({.target = target, .names = {"../../y"}, .relative = relative}, from)) {
                    CAPTURE(target, path);
                    CHECK((path == "/w" || path.starts_with("/w/")));
                    CHECK((path + "/").find("/../") == std::string::npos);
                }
            }
        }
    }
    CHECK(tried({.target = "x.h", .relative = true}, {.file = "/w/x.c", .family = Family::c}).empty());
}

TEST_CASE("A module's name is read from go.mod") {
    CHECK(go_module_of("// x\nmodule example.com/a/b // c\n\ngo 1.20\n") == "example.com/a/b");
    CHECK(go_module_of("module \"a\"\n") == "a");
    CHECK(go_module_of("go 1.20\n").empty());
}
