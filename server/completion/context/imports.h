// Which modules the text of a file imports.
//
// Pure, line by line with patterns of words: no grammar, no preprocessor. An import that is missed costs
// context, one that is imagined leads to no file; neither is worth a parser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

struct Import {
    /// As written, without quotes: "base/shape.h", "./shape", "pkg.mod", "java.util.List", "crate::a::b".
    std::string target{};
    /// What is named of it, where the language says so; the original names, not the local ones.
    std::vector<std::string> names{};
    /// Relative to the importing file: leading dots of Python, the quotes of #include, Ruby's _relative.
    bool relative = false;
    /// What is imported belongs to what this file offers: export from, pub use, pub mod, #include.
    bool exported = false;
    friend bool operator==(const Import&, const Import&) = default;
};

/// The families of languages that import alike; the rest of the room asks this, never an id.
enum class Family { none, c, python, script, jvm, go, rust, lua, ruby, php, shell };
Family family_of(std::string_view language);
/// The same by a file's name, for what imports lead to.
Family family_of_path(std::string_view path);

/// In the order of the text, each once, 256 at most. `language` is an LSP language id; an unknown one has
/// none. `text` has \n line ends.
std::vector<Import> find_imports(std::string_view text, std::string_view language);
std::vector<Import> find_imports(std::string_view text, Family family);

/// The package that a Java, Kotlin, Scala or Go file says it is in; empty where it says none.
std::string package_of(std::string_view text);

}  // namespace dragoman::completion
