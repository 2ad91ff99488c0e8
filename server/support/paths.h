// Where the daemon's own files live (XDG), and file URIs.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman {

/// Reads an environment variable; empty counts as unset. Tests give a map.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();
/// The names in this process's environment that begin with `prefix`, for variables named after something.
std::vector<std::string> environment_names(std::string_view prefix);

struct Paths {
    std::filesystem::path home;         // may be empty when HOME is unset
    std::filesystem::path config_file;  // $XDG_CONFIG_HOME/dragoman/config.json
    std::filesystem::path state_dir;    // $XDG_STATE_HOME/dragoman
    std::filesystem::path data_dir;     // $XDG_DATA_HOME/dragoman
};

/// XDG's rules: a relative value is ignored, HOME's usual folders are the fallback.
Paths find_paths(const Environment& environment);

/// The absolute path that a file: URI names, percent escapes decoded; nothing for other schemes,
/// for a host that is not local, and for a path with a NUL.
std::optional<std::filesystem::path> path_of_uri(std::string_view uri);
/// The path in a URI of any scheme, without its authority, query and fragment; relative where the URI has no
/// slash there ("untitled:Untitled-1"). Of a file: URI the same as path_of_uri(), where that gives one.
std::filesystem::path path_in_uri(const std::string& uri);
/// The file: URI of an absolute path, escaped as RFC 3986 asks.
std::string uri_of_path(const std::filesystem::path& path);

/// "~/x" with the home folder in place of the tilde; anything else unchanged.
std::filesystem::path expand_home(std::string_view path, const std::filesystem::path& home);

}  // namespace dragoman
