#include "server/config/exclusion.h"

#include "server/config/glob.h"
#include "server/config/spelling.h"
#include "server/support/paths.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace dragoman::config {
namespace {

namespace fs = std::filesystem;

enum class Case { counts, ignored };

std::u32string spelled(const std::string& text, Case upper_and_lower) {
    std::u32string out = one_spelling(code_points(text));
    return upper_and_lower == Case::ignored ? lower_case(std::move(out)) : out;
}

bool is_whole_path(const std::u32string& pattern) {
    return pattern.starts_with(U'/') && pattern.find_first_of(U"*?[{\\") == std::u32string::npos;
}

/// Whether a name on the way of `path` is what the glob says.
bool any_part(const Glob& glob, std::u32string_view path) {
    for (;;) {
        const std::size_t end = std::min(path.find(U'/'), path.size());
        if (glob.matches(path.substr(0, end))) return true;
        if (end == path.size()) return false;
        path.remove_prefix(end + 1);
    }
}

/// Whether a pattern names `path`, or a folder that it lies in.
bool names(const Effective& config, const fs::path& path, Case upper_and_lower) {
    const fs::path whole = path.lexically_normal();
    const auto absolute = spelled(whole.generic_string(), upper_and_lower);
    const auto name = spelled(whole.filename().generic_string(), upper_and_lower);
    const auto project = spelled((config.project.lexically_normal() / "").generic_string(), upper_and_lower);
    // Folders above the project are named by their whole path alone: "**/id_*" is not meant for ~/id_card.
    const bool below = whole.is_relative() || (!config.project.empty() && absolute.size() > project.size() &&
                                               absolute.starts_with(project));
    const std::size_t outside = whole.is_relative() ? 0 : project.size();
    const std::u32string inside = below ? absolute.substr(outside) : std::u32string{};
    return std::any_of(config.exclude.begin(), config.exclude.end(), [&](const std::string& text) {
        const std::u32string pattern = spelled(text, upper_and_lower);
        const Glob glob{pattern};
        const std::size_t from = is_whole_path(pattern) ? 1 : below ? outside + 1 : absolute.size();
        if (glob.holds(absolute, from)) return true;
        if (pattern.starts_with(U"**/")) return false;  // which begins in any folder
        if (below && glob.holds(inside, 1)) return true;
        if (pattern.find(U'/') == std::u32string::npos)
            return below ? any_part(glob, inside) : glob.matches(name);
        // "/secret.txt" as in .gitignore: from the project's folder on.
        return pattern.front() == U'/' && below && glob.holds(U"/" + inside, 1);
    });
}

char other_case(char c) {
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    return upper ? static_cast<char>(c + 32) : lower ? static_cast<char>(c - 32) : c;
}

/// Whether another case of `path` would be another file. Found out from the first folder upwards that exists
/// and has a letter in its name; false where nothing tells.
bool tells_case_apart(const fs::path& path) {
    if (path.is_relative()) return false;
    for (fs::path at = path; at.has_relative_path(); at = at.parent_path()) {
        std::string name = at.filename().string();
        std::transform(name.begin(), name.end(), name.begin(), other_case);
        std::error_code unknown;
        if (name == at.filename().string() || !fs::exists(at, unknown)) continue;
        return !fs::equivalent(at, at.parent_path() / name, unknown);
    }
    return false;
}

/// Exclusions that cannot be read name every file. Most files are named in no case at all: that is asked
/// first.
bool excludes(const Effective& config, const fs::path& path) {
    if (config.blocked) return true;
    return names(config, path, Case::ignored) &&
           (names(config, path, Case::counts) || !tells_case_apart(path));
}

using Configs = std::vector<std::shared_ptr<const Effective>>;

/// What else holds for the file itself, beside what holds for who asks.
Configs own_of(const Effective& asking, const fs::path& path) {
    Configs own = asking.elsewhere && path.is_absolute() ? asking.elsewhere(path) : Configs{};
    std::erase_if(own, [&](const auto& one) {
        return one->exclude == asking.exclude && one->project == asking.project &&
               one->blocked == asking.blocked;
    });
    return own;
}

bool any_excludes(const Configs& configs, const fs::path& path) {
    return std::any_of(configs.begin(), configs.end(),
                       [&](const auto& config) { return excludes(*config, path); });
}

/// Where the links of `path` lead; `path` where that cannot be told.
fs::path led_to(const fs::path& path) {
    if (path.empty() || path.is_relative()) return path;
    std::error_code unknown;
    fs::path real = fs::weakly_canonical(path, unknown);
    return unknown ? path : real;
}

/// `real` as it is called below `project`, where that is itself reached by a link.
std::optional<fs::path> as_in(const fs::path& project, const fs::path& real) {
    const fs::path folder = led_to(project), inside = real.lexically_relative(folder);
    if (folder == project || inside.empty() || *inside.begin() == "..") return std::nullopt;
    return project / inside;
}

}  // namespace

bool Effective::excluded(const fs::path& path) const { return names(*this, path, Case::counts); }

bool stays_here(const Effective& asking, const fs::path& path) {
    const Configs own = own_of(asking, path);
    if (excludes(asking, path) || any_excludes(own, path)) return true;
    const fs::path real = led_to(path);
    std::vector<fs::path> paths;
    if (real != path) paths.push_back(real);
    const auto add_as_in = [&](const Effective& config) {
        auto inside = as_in(config.project, real);
        if (inside && *inside != path) paths.push_back(std::move(*inside));
    };
    add_as_in(asking);
    for (const auto& config : own) add_as_in(*config);
    return std::any_of(paths.begin(), paths.end(), [&](const fs::path& one) {
        return excludes(asking, one) || any_excludes(own, one) || any_excludes(own_of(asking, one), one);
    });
}

bool document_stays_here(const Effective& asking, const std::string& uri) {
    return stays_here(asking, path_in_uri(uri));
}

}  // namespace dragoman::config
