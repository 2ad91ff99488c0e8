#include "server/completion/context/resolve.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
namespace {

using Path = std::filesystem::path;

constexpr std::size_t kMostCandidates = 256;  // of one choice
constexpr std::size_t kMostChoices = 64;      // of one import

// How the modules of a family are laid out: folders below a root, and what is put behind a module's name;
// nothing where imports name files.
struct Layout {
    Family family;
    std::array<std::string_view, 8> folders;
    std::array<std::string_view, 12> endings;
};
constexpr std::array<Layout, 9> kLayouts = {{
    {Family::c, {".", "include", "src", "inc", "lib"}, {}},
    {Family::python, {".", "src", "lib", "python"}, {".py", "/__init__.py", ".pyi", "/__init__.pyi"}},
    {Family::script,
     {".", "src", "app", "lib"},
     {".ts", ".tsx", ".d.ts", "/index.ts", "/index.tsx", ".js", ".jsx", ".mjs", "/index.js", "/index.d.ts",
      ".vue", ".svelte"}},
    {Family::jvm,
     {".", "src/main/java", "src/main/kotlin", "src/main/scala", "src/test/java", "src/test/kotlin", "src",
      "app"},
     {".java", ".kt", ".scala"}},
    {Family::rust, {"."}, {".rs", "/mod.rs"}},
    {Family::lua, {".", "lua", "src", "lib", "scripts"}, {".lua", "/init.lua", ".luau"}},
    {Family::ruby, {".", "lib", "app", "app/models"}, {".rb"}},
    {Family::php, {".", "src", "app", "lib"}, {".php"}},
    {Family::shell, {".", "lib", "scripts"}, {}},
}};

const Layout& layout_of(Family family) {
    static constexpr Layout kNone = {Family::none, {"."}, {}};
    const auto found = std::find_if(kLayouts.begin(), kLayouts.end(),
                                    [&](const Layout& layout) { return layout.family == family; });
    return found == kLayouts.end() ? kNone : *found;
}

std::vector<std::string> split(std::string_view text, std::string_view separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        if (end > 0) parts.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + separator.size(), text.size()));
    }
    return parts;
}

// The paths of one choice; what lies outside of the workspace is dropped here.
class Paths {
public:
    explicit Paths(const Importer& from) : from_{from}, layout_{layout_of(from.family)} {}

    void add(const Path& path, bool folder = false) {
        const Path normal = path.lexically_normal();
        if (choice_.size() >= kMostCandidates || !is_below(normal, from_.folders) || normal == from_.file)
            return;
        const auto same = [&](const Candidate& known) { return known.path == normal; };
        if (std::none_of(choice_.begin(), choice_.end(), same)) choice_.push_back({normal, folder});
    }
    /// `module`, a relative path without its ending, directly below `root`.
    void module(const Path& root, const std::string& module) {
        for (const std::string_view ending : layout_.endings) {
            if (ending.empty()) break;
            add(root / (module + std::string{ending}));
        }
    }
    /// The same below `root` and the folders where this family keeps sources.
    void spread(const Path& root, const std::string& name, bool with_endings = true) {
        for (const std::string_view folder : layout_.folders) {
            if (folder.empty()) break;
            if (with_endings) {
                module(root / folder, name);
            } else {
                add(root / folder / name);
            }
        }
    }
    Choice take() { return std::move(choice_); }

private:
    const Importer& from_;
    const Layout& layout_;
    Choice choice_;
};

// The folders in which a name that is not relative is looked for: upwards from the file, then the others.
std::vector<Path> roots(const Importer& from) {
    std::vector<Path> all = ancestors(from.file, from.folders);
    for (const Path& folder : from.folders) {
        if (std::find(all.begin(), all.end(), folder) == all.end()) all.push_back(folder);
    }
    return all;
}

std::string joined(const std::vector<std::string>& parts, std::size_t count) {
    std::string path;
    for (std::size_t i = 0; i < count; ++i) path += (i == 0 ? "" : "/") + parts[i];
    return path;
}

// Files named as they are: C, shell.
std::vector<Choice> by_path(const Import& import, const Importer& from) {
    Paths paths{from};
    if (import.relative) paths.add(from.file.parent_path() / import.target);
    for (const Path& root : roots(from)) paths.spread(root, import.target, false);
    return {paths.take()};
}

std::vector<Choice> python(const Import& import, const Importer& from) {
    const auto dots = std::min(import.target.find_first_not_of('.'), import.target.size());
    const auto parts = split(std::string_view{import.target}.substr(dots), ".");
    const std::string name = joined(parts, parts.size());
    std::vector<Path> bases;
    if (dots > 0) {
        Path base = from.file.parent_path();
        for (std::size_t i = 1; i < dots && i < 32; ++i) base = base.parent_path();
        bases.push_back(base);
    } else {
        bases = roots(from);
    }
    std::vector<Choice> choices;
    const auto choose = [&](const std::string& module) {
        Paths paths{from};
        for (const Path& base : bases) {
            if (dots > 0) {
                paths.module(base, module);
            } else {
                paths.spread(base, module);
            }
        }
        if (choices.size() < kMostChoices) choices.push_back(paths.take());
    };
    choose(name.empty() ? "__init__" : name);
    // A name may be a module of the package.
    for (const std::string& one : import.names) choose(name.empty() ? one : name + "/" + one);
    return choices;
}

std::vector<Choice> script(const Import& import, const Importer& from) {
    Paths paths{from};
    const auto try_at = [&](const Path& base, const std::string& target) {
        // TypeScript imports what will be compiled: "./x.js" is x.ts.
        for (const std::string_view compiled : {".js", ".jsx", ".mjs", ".cjs"}) {
            if (target.ends_with(compiled))
                paths.module(base, target.substr(0, target.size() - compiled.size()));
        }
        if (family_of_path(target) == Family::script) paths.add(base / target);
        paths.module(base, target);
    };
    if (import.target.starts_with('.')) {
        try_at(from.file.parent_path(), import.target);
        return {paths.take()};
    }
    // "@/x" and "~/x" stand for a source folder by custom, other names may be below a base folder.
    const bool alias =
        import.target.starts_with("@/") || import.target.starts_with("~/") || import.target.starts_with("#/");
    const std::string target = import.target.substr(alias ? 2 : 0);
    for (const Path& root : roots(from)) {
        for (const std::string_view folder : layout_of(Family::script).folders) {
            if (!folder.empty()) try_at(root / folder, target);
        }
    }
    return {paths.take()};
}

// The folder that the packages begin in, if the file lies where its package says.
Path package_root(const Importer& from) {
    Path root = from.file.parent_path();
    auto parts = split(from.package, ".");
    for (; !parts.empty() && root.filename() == parts.back(); parts.pop_back()) root = root.parent_path();
    return parts.empty() ? root : Path{};
}

std::vector<Choice> jvm(const Import& import, const Importer& from) {
    auto parts = split(import.target, ".");
    const bool all = !parts.empty() && parts.back() == "*";
    if (all) parts.pop_back();
    if (parts.empty()) return {};
    std::vector<Path> bases = roots(from);
    if (const Path root = package_root(from); !root.empty()) bases.insert(bases.begin(), root);
    std::vector<Choice> choices;
    const auto choose = [&](const std::string& name, bool folder) {
        Paths paths{from};
        for (const Path& base : bases) {
            for (const std::string_view below : layout_of(Family::jvm).folders) {
                if (folder) {
                    paths.add(base / below / name, true);
                } else {
                    paths.module(base / below, name);
                }
            }
        }
        choices.push_back(paths.take());
    };
    choose(joined(parts, parts.size()), false);
    if (all) choose(joined(parts, parts.size()), true);
    // a.b.Class.member of a static import, a.b.{Class} of Scala.
    if (parts.size() > 1) choose(joined(parts, parts.size() - 1), false);
    for (const std::string& name : import.names) {
        if (name != parts.back()) choose(joined(parts, parts.size()) + "/" + name, false);
    }
    return choices;
}

std::vector<Choice> go(const Import& import, const Importer& from) {
    Paths paths{from};
    if (!from.module.empty() && import.target == from.module) {
        paths.add(from.module_folder, true);
    } else if (!from.module.empty() && import.target.starts_with(from.module + "/")) {
        paths.add(from.module_folder / import.target.substr(from.module.size() + 1), true);
    }
    // Vendored packages, and trees without a module (GOPATH, Go's own).
    for (const Path& root : ancestors(from.file, from.folders)) {
        for (const std::string_view below : {"vendor", "src", "."})
            paths.add(root / below / import.target, true);
    }
    return {paths.take()};
}

// The folder in which the modules below this file's own lie.
Path rust_children(const Path& file) {
    const std::string stem = file.stem().string();
    if (stem == "mod" || stem == "lib" || stem == "main") return file.parent_path();
    return file.parent_path() / stem;
}

std::vector<Choice> rust(const Import& import, const Importer& from) {
    auto parts = split(import.target, "::");
    if (!parts.empty() && (parts.back() == "*" || parts.back() == "self")) parts.pop_back();
    if (parts.empty()) return {};
    std::vector<std::pair<Path, std::string>> bases;  // with the file that is the base itself
    const std::string first = parts.front();
    if (first == "self" || first == "super") {
        Path base = rust_children(from.file);
        for (; !parts.empty() && (parts.front() == "self" || parts.front() == "super");
             parts.erase(parts.begin())) {
            if (parts.front() == "super") base = base.parent_path();
        }
        bases.emplace_back(base, "mod.rs");
    } else if (first == "crate") {
        parts.erase(parts.begin());
        for (const Path& root : roots(from)) {
            if (root.filename() == "src") bases.emplace_back(root, "lib.rs");
        }
        for (const Path& root : roots(from)) bases.emplace_back(root / "src", "lib.rs");
    } else {
        bases.emplace_back(rust_children(from.file), "");
        // A crate of the same workspace.
        std::string dashed = first;
        std::replace(dashed.begin(), dashed.end(), '_', '-');
        std::vector<std::string> rest{parts.begin() + 1, parts.end()};
        Paths paths{from};
        for (const auto& [base, own] : bases) {
            for (std::size_t count = parts.size(); count > 0; --count)
                paths.module(base, joined(parts, count));
        }
        for (const Path& root : roots(from)) {
            for (const std::string& name : {first, dashed}) {
                for (const Path& crate : {root / name / "src", root / "crates" / name / "src"}) {
                    for (std::size_t count = rest.size(); count > 0; --count)
                        paths.module(crate, joined(rest, count));
                    paths.add(crate / "lib.rs");
                }
            }
        }
        return {paths.take()};
    }
    Paths paths{from};
    for (const auto& [base, own] : bases) {
        for (std::size_t count = parts.size(); count > 0; --count) paths.module(base, joined(parts, count));
        paths.add(base / own);
        paths.module(base.parent_path(), base.filename().string());
    }
    return {paths.take()};
}

// Names with separators of their own that become folders: Lua, Ruby, PHP.
std::vector<Choice> by_name(const Import& import, const Importer& from) {
    Paths paths{from};
    const bool whole = family_of_path(import.target) == from.family;  // with its ending
    if (import.relative || whole) {
        paths.module(from.file.parent_path(), import.target);
        if (whole) paths.add(from.file.parent_path() / import.target);
        if (import.relative) return {paths.take()};
    }
    std::string name = import.target;
    if (from.family == Family::lua && !whole) std::replace(name.begin(), name.end(), '.', '/');
    auto parts = split(name, from.family == Family::php ? "\\" : "/");
    // The first parts of a PHP namespace may stand for a folder.
    for (int dropped = 0; dropped < (from.family == Family::php ? 3 : 1) && !parts.empty(); ++dropped) {
        for (const Path& root : roots(from)) paths.spread(root, joined(parts, parts.size()), !whole);
        parts.erase(parts.begin());
    }
    return {paths.take()};
}

}  // namespace

std::vector<Choice> candidates(const Import& import, const Importer& from) {
    switch (from.family) {
        case Family::c:
        case Family::shell: return by_path(import, from);
        case Family::python: return python(import, from);
        case Family::script: return script(import, from);
        case Family::jvm: return jvm(import, from);
        case Family::go: return go(import, from);
        case Family::rust: return rust(import, from);
        case Family::lua:
        case Family::ruby:
        case Family::php: return by_name(import, from);
        case Family::none: break;
    }
    return {};
}

std::vector<Choice> implied(const Importer& from) {
    Paths paths{from};
    if (from.family == Family::c) {
        for (const std::string_view ending : {".h", ".hpp", ".hh", ".hxx"}) {
            paths.add(Path{from.file}.replace_extension(ending));
        }
    } else if (from.family == Family::go || from.family == Family::jvm) {
        paths.add(from.file.parent_path(), true);
    } else {
        return {};
    }
    return {paths.take()};
}

std::vector<Path> neighbouring_folders(const Importer& from) {
    constexpr std::size_t kMost = 3;
    const bool names_all = from.family == Family::c || from.family == Family::go ||
                           from.family == Family::jvm || from.family == Family::rust;
    if (names_all || from.family == Family::none) return {};
    std::vector<Path> folders = ancestors(from.file, from.folders);
    folders.resize(std::min(kMost, folders.size()));
    return folders;
}

bool is_below(const Path& path, const std::vector<Path>& folders) {
    return std::any_of(folders.begin(), folders.end(), [&](const Path& folder) {
        const auto ends = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
        return ends.first == folder.end();
    });
}

std::vector<Path> ancestors(const Path& file, const std::vector<Path>& folders) {
    constexpr std::size_t kMost = 16;
    std::vector<Path> all;
    for (Path folder = file.parent_path(); is_below(folder, folders) && all.size() < kMost;
         folder = folder.parent_path()) {
        all.push_back(folder);
        if (folder == folder.parent_path()) break;
    }
    return all;
}

std::string go_module_of(std::string_view text) {
    for (const std::string_view line : split_lines(text, 50)) {
        const auto words = trimmed(line);
        if (!words.starts_with("module ")) continue;
        auto name = trimmed(words.substr(7));
        name = name.substr(0, name.find_first_of(" \t"));
        if (name.size() > 1 && name.front() == '"' && name.back() == '"')
            name = name.substr(1, name.size() - 2);
        return std::string{name};
    }
    return {};
}

}  // namespace dragoman::completion
