// Where an import may lead: the paths to try, best first.
//
// Pure: whoever calls it asks the disk. Every path lies below a workspace folder, whatever the import says.
#pragma once

#include "server/completion/context/imports.h"

#include <filesystem>
#include <string>
#include <vector>

namespace dragoman::completion {

/// What is known of the place that imports.
struct Importer {
    std::filesystem::path file{};  // absolute, normal
    Family family = Family::none;
    std::vector<std::filesystem::path> folders{};  // of the workspace, absolute, normal
    std::string package{};                         // as package_of() tells it
    /// Go: the module's name and the folder of its go.mod; empty without one.
    std::string module{};
    std::filesystem::path module_folder{};
};

struct Candidate {
    std::filesystem::path path{};
    bool folder = false;  // all source files of it, as Go imports them
};

/// Of each choice the first one that exists is meant. Several choices where an import may lead to several
/// files
/// (`from package import module, other`).
using Choice = std::vector<Candidate>;
std::vector<Choice> candidates(const Import& import, const Importer& from);

/// What a file sees without importing it: the files of its own package, a header of its own name.
std::vector<Choice> implied(const Importer& from);

/// Folders whose files the file may come to name without an import of its own: objects that are handed in,
/// what a base class brings along. The nearest first; none in families that name all they use.
std::vector<std::filesystem::path> neighbouring_folders(const Importer& from);

/// Whether `path`, normal, lies below one of `folders`.
bool is_below(const std::filesystem::path& path, const std::vector<std::filesystem::path>& folders);

/// The folders from that of `file` up to the workspace folder that holds it; empty when none does.
std::vector<std::filesystem::path> ancestors(const std::filesystem::path& file,
                                             const std::vector<std::filesystem::path>& folders);

/// The module name that the text of a go.mod tells.
std::string go_module_of(std::string_view text);

}  // namespace dragoman::completion
