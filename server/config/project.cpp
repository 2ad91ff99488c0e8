#include "server/config/project.h"

#include <algorithm>
#include <initializer_list>

namespace dragoman::config {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> nearest_with(Files& files, fs::path folder,
                                     std::initializer_list<const char*> names) {
    for (;; folder = folder.parent_path()) {
        const bool holds = std::any_of(names.begin(), names.end(), [&](const char* name) {
            return files.real_path(folder / name).has_value();
        });
        if (holds) return folder;
        if (!folder.has_relative_path()) return std::nullopt;
    }
}

}  // namespace

std::optional<fs::path> project_above(Files& files, const fs::path& folder) {
    return nearest_with(files, folder, {kProjectFile, ".git"});
}

std::optional<fs::path> repository_above(Files& files, const fs::path& folder) {
    return nearest_with(files, folder, {".git"});
}

}  // namespace dragoman::config
