#include "tests/bench/completion/corpus.h"

#include "server/completion/context/imports.h"
#include "server/completion/context/lexer.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace dragoman::bench {
namespace {

namespace fs = std::filesystem;

struct Place {
    std::string language;
    fs::path workspace;
    std::vector<std::string> below;  // folders of the workspace; empty: all of it
    std::vector<std::string> extensions;
};

std::vector<Place> known_places() {
    const char* home = std::getenv("HOME");
    const char* goroot = std::getenv("GOROOT");
    const fs::path go = goroot != nullptr ? goroot : "/usr/local/go";
    const fs::path cargo = fs::path{home != nullptr ? home : "/"} / ".cargo/registry/src";
    const fs::path python = "/usr/lib/python3/dist-packages", npm = "/usr/lib/node_modules/npm";
    std::vector<Place> places{
        {"cpp", DRAGOMAN_SOURCE_DIR, {"protocol", "server"}, {".h", ".cpp"}},
        {"python", python, {"oauthlib"}, {".py"}},
        {"python", python, {"cryptography"}, {".py"}},
        {"python", python, {"pip/_internal"}, {".py"}},
        {"python", python, {"setuptools"}, {".py"}},
        {"go", go / "src", {"net/http", "net/url", "net/textproto", "mime"}, {".go"}},
        {"go", go / "src", {"go/types", "go/ast", "go/token", "go/constant"}, {".go"}},
        {"go", go / "src", {"text/template", "encoding/json", "encoding/xml"}, {".go"}},
        {"javascript", npm, {"lib"}, {".js"}},
        {"javascript", npm / "node_modules/@npmcli/arborist", {"lib"}, {".js"}},
        {"javascript", npm / "node_modules/pacote", {"lib"}, {".js"}},
    };
    std::error_code none;
    for (const auto& registry : fs::directory_iterator{cargo, none}) {
        for (const auto& crate : fs::directory_iterator{registry.path(), none})
            places.push_back({"rust", crate.path(), {"src"}, {".rs"}});
    }
    return places;
}

bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

std::size_t indent_of(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

struct Word {
    std::string_view text;
    std::size_t at = 0;
};
std::vector<Word> words_of(std::string_view line) {
    std::vector<Word> words;
    for (std::size_t i = 0; i < line.size();) {
        const std::size_t begin = i;
        while (i < line.size() && is_name(line[i])) ++i;
        if (i > begin && (line[begin] < '0' || line[begin] > '9'))
            words.push_back({line.substr(begin, i - begin), begin});
        if (i == begin) ++i;
    }
    return words;
}

char next_sign(std::string_view line, const Word& word) {
    const std::size_t at = line.find_first_not_of(' ', word.at + word.text.size());
    return at == std::string_view::npos ? '\0' : line[at];
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// "Type name(", "Type name;", "Type name =": what a header declares.
bool declares_in_header(std::string_view line, const Word& word, const Word& before) {
    const std::string_view between =
        line.substr(before.at + before.text.size(), word.at - before.at - before.text.size());
    if (between.find_first_not_of(" *&>") != std::string_view::npos || between.empty()) return false;
    if (is_keyword(std::string{word.text}) ||
        one_of(before.text, {"return", "throw", "new", "else", "namespace"}))
        return false;
    const char next = next_sign(line, word);
    return next == '(' || next == ';' || next == '=' || next == '{' || next == '[';
}

void declare(std::set<std::string>& names, std::string_view line, const SourceFile& file,
             const std::string& language) {
    const std::vector<Word> words = words_of(line);
    const std::size_t indent = indent_of(line);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view before = i > 0 ? words[i - 1].text : std::string_view{};
        bool declared = one_of(before, {"def", "class", "struct", "enum", "func", "fn", "function", "type",
                                        "trait", "interface", "using", "union", "typedef"});
        if (indent == 0) declared = declared || one_of(before, {"const", "let", "var", "static"});
        const char next = next_sign(line, words[i]);
        if (language == "python") {
            declared = declared || (next == '=' && ((i == 0 && indent == 0) || (i == 1 && before == "self")));
        } else if (language == "go") {
            declared = declared || (i > 0 && line.substr(0, 6) == "func (" && line[words[i].at - 1] == ' ' &&
                                    line[words[i].at - 2] == ')');
            declared =
                declared ||
                (i == 0 && indent == 1 && words.size() > 1 && !is_keyword(std::string{words[0].text}) &&
                 words[1].at > words[0].at + words[0].text.size() && next != '=' && next != ':');
        } else if (language == "javascript") {
            declared =
                declared || (i == 0 && indent > 0 && next == '(' && line.ends_with('{')) ||
                (one_of(before, {"async", "get", "set", "static"}) && next == '(' && line.ends_with('{')) ||
                (before == "exports" && next == '=');
        } else if (language == "rust") {
            declared = declared || (next == ':' && one_of(before, {"pub", ""}) && indent > 0);
        } else if (language == "cpp" && file.path.extension() == ".h" && i > 0) {
            declared = declared || declares_in_header(line, words[i], words[i - 1]);
        }
        if (declared && words[i].text.size() >= 3 && !is_keyword(std::string{words[i].text}))
            names.emplace(words[i].text);
    }
}

std::vector<SourceFile> read_files(const Place& place) {
    std::vector<SourceFile> files;
    std::error_code none;
    for (const std::string& folder : place.below) {
        for (const auto& entry : fs::recursive_directory_iterator{place.workspace / folder, none}) {
            const std::string extension = entry.path().extension().string();
            const std::string name = entry.path().string();
            if (!entry.is_regular_file(none) || name.find("test") != std::string::npos) continue;
            if (std::find(place.extensions.begin(), place.extensions.end(), extension) ==
                place.extensions.end())
                continue;
            std::ifstream stream{entry.path(), std::ios::binary};
            files.push_back({entry.path(), {std::istreambuf_iterator<char>{stream}, {}}});
        }
    }
    std::sort(files.begin(), files.end(),
              [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    return files;
}

// The lines that belong to a body which line `header` opens, and where they end.
std::size_t body_end(const std::vector<std::string_view>& lines, std::size_t header, bool indentation) {
    const std::size_t deep = indent_of(lines[header]);
    for (std::size_t i = header + 1; i < lines.size(); ++i) {
        const std::size_t own = indent_of(lines[i]);
        if (own == lines[i].size()) continue;
        if (own <= deep) return indentation || lines[i][own] == '}' ? i : header;
    }
    return header;
}

bool opens_function(std::string_view line, const std::string& language) {
    const std::vector<Word> words = words_of(line);
    if (words.empty()) return false;
    if (language == "python")
        return (words[0].text == "def" || words[0].text == "async") && line.ends_with(':');
    if (!line.ends_with('{') || line.find('(') == std::string_view::npos) return false;
    return !one_of(words[0].text,
                   {"if", "for", "while", "switch", "else", "namespace", "class", "struct", "case", "select",
                    "match", "return", "do", "try", "catch", "const", "type", "extern"});
}

// Behind the comment or string that begins at `at`; one byte further where none does.
std::size_t behind_python_token(std::string_view text, std::size_t at) {
    if (text[at] == '#') return std::min(text.find('\n', at), text.size());
    if (text[at] != '"' && text[at] != '\'') return at + 1;
    const std::string three(3, text[at]);
    const bool is_long = text.substr(at).starts_with(three);
    for (std::size_t i = at + (is_long ? 3 : 1); i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (is_long ? text.substr(i).starts_with(three) : text[i] == text[at]) {
            return i + (is_long ? 3 : 1);
        } else if (!is_long && text[i] == '\n') {
            return i;
        }
    }
    return text.size();
}

}  // namespace

bool is_keyword(const std::string& word) {
    static const std::set<std::string> kWords{
        "and",       "any",     "assert",    "async",      "auto",     "await",     "bool",      "break",
        "case",      "catch",   "chan",      "char",       "class",    "const",     "constexpr", "continue",
        "def",       "default", "defer",     "del",        "delete",   "dict",      "double",    "elif",
        "else",      "enum",    "error",     "except",     "explicit", "export",    "extends",   "extern",
        "false",     "False",   "finally",   "float",      "for",      "friend",    "from",      "func",
        "function",  "get",     "global",    "goto",       "import",   "impl",      "inline",    "instanceof",
        "int",       "int64",   "interface", "isinstance", "lambda",   "len",       "let",       "list",
        "long",      "map",     "match",     "mod",        "mut",      "namespace", "new",       "nil",
        "None",      "not",     "null",      "operator",   "override", "package",   "pass",      "private",
        "protected", "pub",     "public",    "raise",      "range",    "return",    "rune",      "select",
        "self",      "Self",    "set",       "short",      "signed",   "size_t",    "sizeof",    "static",
        "std",       "str",     "string",    "struct",     "super",    "switch",    "template",  "this",
        "throw",     "trait",   "true",      "True",       "try",      "tuple",     "type",      "typename",
        "typeof",    "uint64",  "undefined", "union",      "unsigned", "use",       "using",     "var",
        "vector",    "virtual", "void",      "where",      "while",    "with",      "yield",     "byte",
        "begin",     "end",     "size",      "empty",      "find",     "push_back", "name",      "value",
        "append",    "data"};
    return kWords.count(word) != 0;
}

std::string code_of(std::string_view text, const std::string& language) {
    std::string code{text};
    const auto blank = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < std::min(end, code.size()); ++i) {
            if (code[i] != '\n') code[i] = ' ';
        }
    };
    const completion::Lexer lexer{text, completion::family_of(language)};
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        if (language == "python") {
            end = behind_python_token(text, at);
        } else {
            end = lexer.at(at).end;
        }
        if (end > at + 1) blank(at, end);
        at = end;
    }
    return code;
}

std::vector<std::string> words_of_code(std::string_view code) {
    std::vector<std::string> words;
    for (const Word& word : words_of(code)) words.emplace_back(word.text);
    return words;
}

std::vector<Body> function_bodies(const SourceFile& file, const std::string& language) {
    constexpr std::size_t kFewestLines = 5, kMostLines = 40;
    const auto lines = lines_of(file.text);
    const auto offset = [&](std::size_t line) {
        return line < lines.size() ? static_cast<std::size_t>(lines[line].data() - file.text.data())
                                   : file.text.size();
    };
    std::vector<Body> spans;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!opens_function(lines[i], language)) continue;
        const std::size_t end = body_end(lines, i, language == "python");
        if (end < i + 1 + kFewestLines || end > i + 1 + kMostLines) continue;
        spans.push_back({offset(i + 1), offset(end)});
    }
    return spans;
}

std::vector<Project> find_projects() {
    std::vector<Project> projects;
    for (const Place& place : known_places()) {
        Project project{place.language, place.workspace, read_files(place), {}};
        for (std::size_t i = 0; i < project.files.size(); ++i) {
            std::set<std::string> names;
            const std::string code = code_of(project.files[i].text, place.language);
            for (const std::string_view line : lines_of(code))
                declare(names, line, project.files[i], place.language);
            for (const std::string& name : names) project.declared[name].insert(i);
        }
        if (project.files.size() >= 4) projects.push_back(std::move(project));
    }
    return projects;
}

}  // namespace dragoman::bench
