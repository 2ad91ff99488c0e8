#include "tests/bench/completion/oracle/sources.h"

#include "protocol/base/utf.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace dragoman::bench {
namespace {

namespace fs = std::filesystem;

struct Language {
    std::string_view id;
    std::array<std::string_view, 4> extensions{};
    /// Where to look; "~" is the home. Folders that are not there are skipped.
    std::array<std::string_view, 4> roots{};
};
constexpr std::array kLanguages = {
    Language{"cpp", {".cpp"}, {DRAGOMAN_SOURCE_DIR "/server", DRAGOMAN_SOURCE_DIR "/protocol"}},
    Language{"python", {".py"}, {"/usr/lib/python3", "/usr/lib/python3.11", "/usr/lib/python3.12"}},
    Language{"javascript",
             {".js", ".mjs"},
             {"/usr/lib/node_modules", "/usr/local/lib/node_modules", "/usr/share/nodejs"}},
    Language{
        "typescript", {".ts"}, {"/usr/lib/node_modules", "/usr/local/lib/node_modules", "/usr/share/nodejs"}},
    Language{"lua", {".lua"}, {"/usr/share"}},
    Language{"go", {".go"}, {"/usr/local/go/src", "/usr/lib/go/src", "/usr/share/go"}},
    Language{"rust", {".rs"}, {"~/.cargo/registry", "~/.rustup", "/usr/lib/rustlib/src", "/usr/src"}},
    Language{"java", {".java"}, {"/usr/lib/jvm", "/usr/share"}},
    Language{
        "yaml", {".yaml", ".yml"}, {"/usr/share", "/usr/lib/python3", "/usr/lib/node_modules", "/usr/local"}},
    Language{"markdown", {".md"}, {"/usr/share", "/usr/lib/node_modules", "/usr/local"}},
    Language{"shellscript", {".sh"}, {"/usr/share", "/usr/lib", "/usr/local", "/etc"}},
};

fs::path expanded(std::string_view root) {
    const char* const home = std::getenv("HOME");
    if (root.starts_with('~')) return fs::path{home == nullptr ? "/root" : home} / root.substr(2);
    return root;
}

std::vector<fs::path> list_files(const Language& language, const std::string& folder) {
    constexpr std::uintmax_t kSmallest = 800, kLargest = 64 * 1024;
    std::vector<fs::path> found;
    std::error_code ignored;
    std::vector<fs::path> roots{folder};
    for (const std::string_view root : language.roots) roots.push_back(expanded(root));
    for (const fs::path& root : roots) {
        if (root.empty()) continue;
        auto each =
            fs::recursive_directory_iterator{root, fs::directory_options::skip_permission_denied, ignored};
        for (const auto end = fs::recursive_directory_iterator{}; !ignored && each != end;
             each.increment(ignored)) {
            const auto& ends = language.extensions;
            const std::string extension = each->path().extension().string();
            if (extension.empty() || std::find(ends.begin(), ends.end(), extension) == ends.end()) continue;
            std::error_code failed;
            const auto size = each->file_size(failed);
            if (!failed && size >= kSmallest && size <= kLargest && each->is_regular_file(failed) &&
                !each->is_symlink(failed)) {
                found.push_back(each->path());
            }
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

// Written by people, as far as can be told: no lines of minified code, no tables of data.
bool is_readable(std::string_view text) {
    constexpr std::size_t kLongestLine = 200;
    if (!is_valid_utf8(text) || text.find('\r') != std::string_view::npos) return false;
    if (text.find("generated") != std::string_view::npos || text.find("Generated") != std::string_view::npos)
        return false;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        if (end > kLongestLine) return false;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return true;
}

}  // namespace

const std::vector<std::string>& languages() {
    static const std::vector<std::string> ids = [] {
        std::vector<std::string> out;
        for (const Language& one : kLanguages) out.emplace_back(one.id);
        return out;
    }();
    return ids;
}

std::vector<Source> find_sources(const std::string& language, const std::string& folder, std::size_t most,
                                 Dice& dice) {
    const auto* const row = std::find_if(kLanguages.begin(), kLanguages.end(),
                                         [&](const Language& one) { return one.id == language; });
    std::vector<fs::path> files = list_files(*row, folder);
    std::vector<Source> out;
    while (!files.empty() && out.size() < most) {
        const auto chosen = files.begin() + static_cast<std::ptrdiff_t>(dice.below(files.size()));
        std::ostringstream text;
        text << std::ifstream{*chosen, std::ios::binary}.rdbuf();
        if (is_readable(text.str())) out.push_back({language, chosen->string(), text.str()});
        files.erase(chosen);
    }
    return out;
}

}  // namespace dragoman::bench
