// Where a project begins, as its files tell: for whoever has no workspace folder to go by.
#pragma once

#include "server/support/files.h"

#include <filesystem>
#include <optional>

namespace dragoman::config {

/// What a project's own settings are called, in its folder and in those below.
inline constexpr const char* kProjectFile = ".dragoman.json";

/// The nearest folder from the absolute `folder` upwards that holds a .dragoman.json or a .git; nothing where
/// none does.
std::optional<std::filesystem::path> project_above(Files& files, const std::filesystem::path& folder);

/// The same for .git alone: the repository around a project that may be a part of it.
std::optional<std::filesystem::path> repository_above(Files& files, const std::filesystem::path& folder);

}  // namespace dragoman::config
