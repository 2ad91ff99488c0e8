#include "server/completion/context/imports.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
namespace {

constexpr std::size_t kMostImports = 256;
constexpr std::size_t kLongestStatement = 4096;  // bytes; a list of names in braces may be long

struct FamilyEntry {
    std::string_view name;
    Family family;
};
constexpr std::array<FamilyEntry, 30> kLanguages = {{
    {"c", Family::c},
    {"cpp", Family::c},
    {"c++", Family::c},
    {"cuda", Family::c},
    {"cuda-cpp", Family::c},
    {"objective-c", Family::c},
    {"objective-cpp", Family::c},
    {"glsl", Family::c},
    {"python", Family::python},
    {"cython", Family::python},
    {"typescript", Family::script},
    {"typescriptreact", Family::script},
    {"javascript", Family::script},
    {"javascriptreact", Family::script},
    {"vue", Family::script},
    {"svelte", Family::script},
    {"java", Family::jvm},
    {"kotlin", Family::jvm},
    {"scala", Family::jvm},
    {"groovy", Family::jvm},
    {"go", Family::go},
    {"rust", Family::rust},
    {"lua", Family::lua},
    {"luau", Family::lua},
    {"ruby", Family::ruby},
    {"php", Family::php},
    {"shellscript", Family::shell},
    {"bash", Family::shell},
    {"sh", Family::shell},
    {"zsh", Family::shell},
}};
constexpr std::array<FamilyEntry, 39> kSuffixes = {{
    {".h", Family::c},        {".hh", Family::c},       {".hpp", Family::c},      {".hxx", Family::c},
    {".h++", Family::c},      {".inl", Family::c},      {".ipp", Family::c},      {".tpp", Family::c},
    {".c", Family::c},        {".cc", Family::c},       {".cpp", Family::c},      {".cxx", Family::c},
    {".cuh", Family::c},      {".cu", Family::c},       {".m", Family::c},        {".mm", Family::c},
    {".py", Family::python},  {".pyi", Family::python}, {".ts", Family::script},  {".tsx", Family::script},
    {".mts", Family::script}, {".cts", Family::script}, {".js", Family::script},  {".jsx", Family::script},
    {".mjs", Family::script}, {".cjs", Family::script}, {".vue", Family::script}, {".svelte", Family::script},
    {".java", Family::jvm},   {".kt", Family::jvm},     {".kts", Family::jvm},    {".scala", Family::jvm},
    {".go", Family::go},      {".rs", Family::rust},    {".lua", Family::lua},    {".rb", Family::ruby},
    {".php", Family::php},    {".sh", Family::shell},   {".bash", Family::shell},
}};

// Reads words and signs off the front of a text. What it is asked for is either taken or stays.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_{text} {}

    std::string_view rest() const { return rest_; }
    bool done() const { return rest_.empty(); }
    void blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(kBlanks), rest_.size())); }
    void space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size())); }
    bool sign(std::string_view sign) {
        if (!rest_.starts_with(sign)) return false;
        rest_.remove_prefix(sign.size());
        return true;
    }
    bool word(std::string_view wanted) {
        if (!rest_.starts_with(wanted) || (rest_.size() > wanted.size() && is_word(rest_[wanted.size()])))
            return false;
        rest_.remove_prefix(wanted.size());
        blanks();
        return true;
    }
    /// Letters, digits, _ and what is in `more`.
    std::string_view name(std::string_view more = {}) {
        std::size_t end = 0;
        while (end < rest_.size() && (is_word(rest_[end]) || more.find(rest_[end]) != std::string_view::npos))
            ++end;
        return take(end);
    }
    /// A text in quotes on one line; empty when there is none.
    std::string_view quoted() {
        if (rest_.empty() || (rest_[0] != '"' && rest_[0] != '\'' && rest_[0] != '`')) return {};
        const auto end = rest_.find_first_of(std::string{rest_[0]} + "\n", 1);
        if (end == std::string_view::npos || rest_[end] == '\n') return {};
        const auto inside = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        return inside;
    }
    /// All before `sign`, which is taken too; empty and nothing taken when it does not come soon.
    std::string_view before(char sign) {
        const auto end = rest_.substr(0, kLongestStatement).find(sign);
        if (end == std::string_view::npos) return {};
        const auto inside = take(end);
        rest_.remove_prefix(1);
        return inside;
    }
    std::string_view take(std::size_t length) {
        const auto taken = rest_.substr(0, length);
        rest_.remove_prefix(taken.size());
        return taken;
    }

private:
    std::string_view rest_;
};

class Finder {
public:
    explicit Finder(std::vector<Import>& found) : found_{found} {}

    void add(Import import) {
        if (import.target.empty() || import.target.size() > 512 || found_.size() >= kMostImports) return;
        if (import.target.find('\0') != std::string::npos) return;
        const auto same = std::find_if(found_.begin(), found_.end(), [&](const Import& known) {
            return known.target == import.target && known.relative == import.relative;
        });
        if (same == found_.end()) {
            found_.push_back(std::move(import));
            return;
        }
        same->exported = same->exported || import.exported;
        for (std::string& name : import.names) {
            if (std::find(same->names.begin(), same->names.end(), name) == same->names.end()) {
                same->names.push_back(std::move(name));
            }
        }
    }

private:
    std::vector<Import>& found_;
};

// "a, b as c, type D": the names before `as`.
std::vector<std::string> names_in(std::string_view list) {
    std::vector<std::string> names;
    Reader reader{list};
    while (!reader.done()) {
        reader.space();
        if (reader.word("type") && reader.rest().starts_with(',')) names.emplace_back("type");
        const auto name = reader.name("$");
        if (!name.empty()) names.emplace_back(name);
        const auto comma = reader.rest().find(',');
        reader.take(comma == std::string_view::npos ? reader.rest().size() : comma + 1);
    }
    return names;
}

void c_line(Reader at, Finder& finder) {
    if (!at.sign("#")) return;
    at.blanks();
    if (!at.word("include") && !at.word("import") && !at.word("include_next")) return;
    if (at.sign("<")) {
        finder.add({.target = std::string{at.before('>')}, .exported = true});
    } else {
        finder.add({.target = std::string{at.quoted()}, .relative = true, .exported = true});
    }
}

void python_line(Reader at, Finder& finder) {
    if (at.word("import")) {
        do {
            at.blanks();
            finder.add({.target = std::string{at.name(".")}});
            at.blanks();
            if (at.word("as")) at.name();
            at.blanks();
        } while (at.sign(","));
        return;
    }
    if (!at.word("from")) return;
    const std::string target{at.name(".")};
    at.blanks();
    if (target.empty() || !at.word("import")) return;
    const auto list = at.sign("(") ? at.before(')') : at.rest().substr(0, at.rest().find_first_of("\n#;"));
    finder.add(
        {.target = target, .names = names_in(list), .relative = target.starts_with('.'), .exported = true});
}

// import a, {b as c} from "x"; export * from "x"; import "x"; import a = require("x").
void script_statement(Reader at, Finder& finder) {
    const bool exported = at.word("export");
    if (!exported && !at.word("import")) return;
    if (at.rest().starts_with("type ")) at.word("type");
    Import import{.exported = exported};
    if (const auto target = at.quoted(); !target.empty() && !exported) {
        import.target = target;
        return finder.add(std::move(import));
    }
    if (!exported) {
        if (const auto name = at.name("$"); !name.empty()) import.names.emplace_back(name);
        at.blanks();
        if (at.sign(",")) at.space();
    }
    if (at.sign("*")) {
        at.blanks();
        if (at.word("as")) at.name("$");
    } else if (at.sign("{")) {
        for (std::string& name : names_in(at.before('}'))) import.names.push_back(std::move(name));
    } else if (exported) {
        return;
    }
    at.space();
    if (!at.word("from")) return;
    at.space();
    import.target = at.quoted();
    finder.add(std::move(import));
}

// Calls such as require("x") anywhere on the line; with `bare`, also without parentheses.
void calls(std::string_view line, std::string_view function, bool bare, Finder& finder) {
    for (auto at = line.find(function); at != std::string_view::npos; at = line.find(function, at + 1)) {
        if (at > 0 && is_word(line[at - 1])) continue;
        Reader reader{line.substr(at + function.size())};
        if (!reader.rest().empty() && is_word(reader.rest().front())) continue;
        reader.blanks();
        if (!reader.sign("(") && !bare) continue;
        reader.blanks();
        finder.add({.target = std::string{reader.quoted()}});
    }
}

void script_line(Reader at, Finder& finder) {
    const auto line = at.rest().substr(0, at.rest().find('\n'));
    calls(line, "require", false, finder);
    calls(line, "import", false, finder);
    script_statement(at, finder);
}

void jvm_line(Reader at, Finder& finder) {
    if (!at.word("import")) return;
    at.word("static");
    std::string target{at.name(".*")};
    if (target.ends_with('.') && at.sign("{")) {
        target.pop_back();
        auto names = names_in(at.before('}'));
        return finder.add({.target = target, .names = std::move(names)});
    }
    const std::string name = target.substr(target.rfind('.') + 1);
    finder.add(
        {.target = std::move(target), .names = name == "*" ? std::vector<std::string>{} : std::vector{name}});
}

void go_line(Reader at, Finder& finder) {
    if (!at.word("import")) return;
    Reader list{at.sign("(") ? at.before(')') : at.rest().substr(0, at.rest().find('\n'))};
    for (std::string_view line : split_lines(list.rest(), kMostImports)) {
        Reader one{trimmed(line)};
        one.name("_.");
        one.blanks();
        finder.add({.target = std::string{one.quoted()}});
    }
}

// Spreads a::{b, c::{d, e as f}} out into whole paths. `depth` bounds what a hostile nesting costs.
void rust_paths(Reader& at, const std::string& before, bool exported, int depth, Finder& finder) {
    constexpr int kDeepest = 8;
    do {
        at.space();
        std::string path = before + std::string{at.name(":*#")};
        if (depth < kDeepest && at.sign("{")) {
            rust_paths(at, path, exported, depth + 1, finder);
            at.space();
            if (!at.sign("}")) return;
        } else if (path != before) {
            const auto colons = path.rfind("::");
            const std::string name = colons == std::string::npos ? path : path.substr(colons + 2);
            Import import{.target = std::move(path), .exported = exported};
            if (name != "*" && name != "self") import.names.push_back(name);
            finder.add(std::move(import));
        }
        at.space();
        if (at.word("as")) at.name();
        at.space();
    } while (at.sign(","));
}

void rust_line(Reader at, Finder& finder) {
    bool exported = at.word("pub");
    if (exported && at.sign("(")) {
        at.before(')');
        at.blanks();
    }
    if (at.word("mod")) {
        const std::string name{at.name()};
        at.blanks();
        if (at.sign(";")) finder.add({.target = "self::" + name, .relative = true, .exported = exported});
    } else if (at.word("use")) {
        Reader statement{at.before(';')};
        rust_paths(statement, {}, exported, 0, finder);
    }
}

void lua_line(Reader at, Finder& finder) {
    const auto line = at.rest().substr(0, at.rest().find('\n'));
    if (line.starts_with("--")) return;
    calls(line, "require", true, finder);
    calls(line, "dofile", true, finder);
}

void ruby_line(Reader at, Finder& finder) {
    const bool relative = at.word("require_relative");
    if (!relative && !at.word("require") && !at.word("load")) return;
    at.sign("(");
    finder.add({.target = std::string{at.quoted()}, .relative = relative});
}

void php_line(Reader at, Finder& finder) {
    if (at.word("use")) {
        std::string target{at.name("\\")};
        const std::string name = target.substr(target.rfind('\\') + 1);
        if (at.sign("{")) {
            for (const std::string& one : names_in(at.before('}'))) {
                finder.add({.target = target + one, .names = {one}});
            }
        } else {
            finder.add({.target = std::move(target), .names = {name}});
        }
        return;
    }
    for (const std::string_view word : {"require_once", "include_once", "require", "include"}) {
        if (!at.word(word)) continue;
        at.sign("(");
        at.blanks();
        const bool relative = at.word("__DIR__");
        if (relative && at.sign(".")) at.blanks();
        std::string target{at.quoted()};
        if (relative && target.starts_with('/')) target.erase(0, 1);
        return finder.add({.target = std::move(target), .relative = true});
    }
}

void shell_line(Reader at, Finder& finder) {
    if (!at.word("source") && !at.word(".")) return;
    std::string target{at.quoted()};
    if (target.empty()) target = at.rest().substr(0, at.rest().find_first_of(" \t\n;&|"));
    // "$(dirname "$0")/lib.sh", "$HERE/lib.sh": what counts is the name behind.
    if (target.starts_with('$')) {
        const auto slash = at.rest().starts_with("$0") ? std::string::npos : target.find('/');
        target = slash == std::string::npos ? "" : target.substr(slash + 1);
    }
    finder.add({.target = std::move(target), .relative = true});
}

using LineReader = void (*)(Reader, Finder&);
LineReader line_reader(Family family) {
    switch (family) {
        case Family::c: return c_line;
        case Family::python: return python_line;
        case Family::script: return script_line;
        case Family::jvm: return jvm_line;
        case Family::go: return go_line;
        case Family::rust: return rust_line;
        case Family::lua: return lua_line;
        case Family::ruby: return ruby_line;
        case Family::php: return php_line;
        case Family::shell: return shell_line;
        case Family::none: break;
    }
    return nullptr;
}

}  // namespace

std::vector<Import> find_imports(std::string_view text, std::string_view language) {
    return find_imports(text, family_of(language));
}

std::vector<Import> find_imports(std::string_view text, Family family) {
    std::vector<Import> found;
    const LineReader read = line_reader(family);
    if (read == nullptr) return found;
    Finder finder{found};
    for (std::size_t line = 0; line < text.size() && found.size() < kMostImports;) {
        Reader at{text.substr(line)};
        at.blanks();
        read(at, finder);
        const auto newline = text.find('\n', line);
        line = newline == std::string_view::npos ? text.size() : newline + 1;
    }
    return found;
}

std::string package_of(std::string_view text) {
    constexpr std::size_t kLines = 200;  // a licence may come first
    for (std::string_view line : split_lines(text, kLines)) {
        Reader at{trimmed(line)};
        if (at.word("package")) return std::string{at.name(".")};
    }
    return {};
}

Family family_of(std::string_view language) {
    const auto found = std::find_if(kLanguages.begin(), kLanguages.end(),
                                    [&](const FamilyEntry& entry) { return entry.name == language; });
    return found == kLanguages.end() ? Family::none : found->family;
}

Family family_of_path(std::string_view path) {
    const auto found = std::find_if(kSuffixes.begin(), kSuffixes.end(),
                                    [&](const FamilyEntry& entry) { return path.ends_with(entry.name); });
    return found == kSuffixes.end() ? Family::none : found->family;
}

}  // namespace dragoman::completion
