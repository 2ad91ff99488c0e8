// Real projects that lie on this machine, as material to measure on.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::bench {

struct SourceFile {
    std::filesystem::path path;
    std::string text;
};

struct Project {
    std::string language;           // an LSP language id
    std::filesystem::path folder;   // of the workspace
    std::vector<SourceFile> files;  // by path
    /// name -> indices of the files that declare it, by a simple scan of lines.
    std::map<std::string, std::set<std::size_t>> declared;
};

/// What of the known places is there; empty projects are left out. Deterministic on one machine.
std::vector<Project> find_projects();

/// The same text with blanks where comments and strings stand.
std::string code_of(std::string_view text, const std::string& language);
/// Its words in order of appearance.
std::vector<std::string> words_of_code(std::string_view code);
/// A word of the language rather than a name.
bool is_keyword(const std::string& word);
/// A name that every program of the language has, whatever a project may call so too.
bool is_builtin(const std::string& word, const std::string& language);

/// A function's body: whole lines, without the header and the closing bracket.
struct Body {
    std::size_t begin = 0, end = 0;  // bytes
};
std::vector<Body> function_bodies(const SourceFile& file, const std::string& language);

}  // namespace dragoman::bench
