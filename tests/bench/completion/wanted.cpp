#include "tests/bench/completion/wanted.h"

#include <algorithm>
#include <initializer_list>
#include <regex>
#include <utility>

namespace dragoman::bench {
namespace {

constexpr std::size_t kAmbiguous = 5;  // a name that more files declare says nothing of any of them

using Names = std::set<std::string>;

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// A word of code with what stands before and behind it.
struct Use {
    std::string name;
    std::string before;         // the word before, if only blanks and type signs stand between
    bool apart = false;         // ... and a blank at least
    char sign = 0, behind = 0;  // the signs next to it, blanks left out
    char second = 0;            // directly behind `behind`
    std::string owner;          // of owner.name
};

std::vector<Use> uses_of(std::string_view code) {
    std::vector<Use> uses;
    std::size_t last_end = 0;
    for (std::size_t i = 0; i < code.size();) {
        if (!is_name(code[i])) {
            ++i;
            continue;
        }
        const std::size_t begin = i;
        while (i < code.size() && is_name(code[i])) ++i;
        if (std::isdigit(static_cast<unsigned char>(code[begin])) != 0) continue;
        Use use{.name = std::string{code.substr(begin, i - begin)}, .before = {}, .owner = {}};
        std::size_t sign = begin;
        while (sign > 0 && (code[sign - 1] == ' ' || code[sign - 1] == '\t')) --sign;
        if (sign > 0) use.sign = code[sign - 1];
        const std::size_t behind = code.find_first_not_of(" \t", i);
        if (behind != std::string_view::npos) {
            use.behind = code[behind];
            if (behind + 1 < code.size()) use.second = code[behind + 1];
        }
        const std::string_view between = code.substr(last_end, begin - last_end);
        if (!uses.empty()) {
            use.apart = between.find(' ') != std::string_view::npos;
            const bool reference = between == "& " || between == "&& " || between == "* " ||
                                   between == "> " || between == ">& " || between == "* const ";
            if (between.find_first_not_of(" \t") == std::string_view::npos || reference)
                use.before = uses.back().name;
            if (between == "." || between == "::" || between == "->") use.owner = uses.back().name;
        }
        last_end = i;
        uses.push_back(std::move(use));
    }
    return uses;
}

// Names that the code binds: assigned, declared with a keyword or a type, parameters.
Names bound_in(std::string_view code, const std::string& language) {
    Names bound;
    for (const Use& use : uses_of(code)) {
        if (!use.owner.empty() || use.sign == '.') continue;
        const bool assigned = use.behind == '=' && use.second != '=' && use.second != '>';
        bool binds = false;
        if (language == "python") {
            binds = assigned || one_of(use.before, {"for", "as", "lambda"});
        } else if (language == "go") {
            binds = (use.behind == ':' && use.second == '=') || one_of(use.before, {"var", "const"});
        } else if (language == "javascript") {
            binds = one_of(use.before, {"const", "let", "var"}) || (use.behind == '=' && use.second == '>') ||
                    assigned;
        } else {
            const bool typed = !use.before.empty() && use.apart &&
                               !one_of(use.before, {"return", "throw", "new", "else", "case", "delete",
                                                    "typename", "co_return", "using", "struct", "class"});
            binds = typed && std::string_view{"=;{,):"}.find(use.behind) != std::string_view::npos;
            binds = binds || one_of(use.before, {"let", "mut"});
        }
        if (binds) bound.insert(use.name);
    }
    return bound;
}

void take_all(Names& into, const std::string& list) {
    for (std::string& word : words_of_code(list)) into.insert(std::move(word));
}

// Lists of names that are bound together: tuples and parameters.
Names bound_in_lists(const std::string& code, const std::string& language) {
    static const std::map<std::string, std::vector<std::regex>> kLists = [] {
        const auto compiled = [](std::initializer_list<const char*> patterns) {
            std::vector<std::regex> all;
            for (const char* const pattern : patterns)
                all.emplace_back(pattern, std::regex::ECMAScript | std::regex::multiline);
            return all;
        };
        return std::map<std::string, std::vector<std::regex>>{
            {"python", compiled({R"(def \w+\(([^()]{0,800})\))", R"(lambda ([\w, ]+):)",
                                 R"(for ([\w, ()]+) in )", R"(^[ \t]*\(?([A-Za-z_]\w*(?:, ?\w+)+)\)? = )"})},
            {"go", compiled({R"(^func (?:\([^()]*\) )?\w+\(([^()]{0,400})\))", R"(func\(([^()]{0,400})\))",
                             R"(((?:\w+, )*\w+) :=)", R"(var ((?:\w+, )*\w+) )"})},
            {"javascript", compiled({R"((?:const|let|var) [\{\[]([^\}\]=]{0,400})[\}\]])",
                                     R"(\(([\w, {}\n]{0,200})\) =>)", R"(function ?\w*\(([^()]{0,400})\))",
                                     R"(^\s+(?:async )?\w+ ?\(([\w, {}]*)\) \{)", R"(catch \((\w+)\))"})},
            {"cpp", compiled({R"(auto&* ?\[([\w, ]+)\])"})},
        };
    }();
    Names bound;
    const auto patterns = kLists.find(language);
    if (patterns == kLists.end()) return bound;
    for (const std::regex& pattern : patterns->second) {
        for (std::sregex_iterator match{code.begin(), code.end(), pattern}, end; match != end; ++match)
            take_all(bound, (*match)[1]);
    }
    return bound;
}

bool is_of_project(const Project& project, std::string target, const std::string& language) {
    if (language == "javascript") return target.starts_with('.');
    if (target.starts_with('.')) return true;
    std::replace(target.begin(), target.end(), '.', '/');
    return std::any_of(project.files.begin(), project.files.end(), [&](const SourceFile& file) {
        const auto path = file.path.lexically_relative(project.folder);
        const std::string folder = path.parent_path().generic_string();
        if (language == "go") return folder == target;
        const std::string module = folder + "/" + path.stem().string();
        return module == target || folder == target || module.ends_with("/" + target) ||
               folder.ends_with("/" + target);
    });
}

// What the file calls that which it imports from elsewhere than the project.
Names foreign_in(const Project& project, const std::string& text) {
    struct Form {
        const char* language;
        std::regex pattern;
        std::size_t target, names;  // groups
    };
    static const std::vector<Form> kForms = [] {
        const auto flags = std::regex::ECMAScript | std::regex::multiline;
        return std::vector<Form>{
            {"python", std::regex{R"(^\s*from +([\w.]+) +import +(\([^)]{0,2000}\)|[^\n]{0,400}))", flags}, 1,
             2},
            {"python", std::regex{R"(^\s*import +([\w.]+)((?: as \w+)?))", flags}, 1, 2},
            {"python", std::regex{R"(^\s*import +(\w+)()\s*$)", flags}, 1, 1},
            {"go", std::regex{R"(^\s*(?:import +)?(\w* *)\"([\w./-]+)\"\s*$)", flags}, 2, 1},
            {"javascript",
             std::regex{R"((?:const|let|var) +(\w+|\{[^}]{0,800}\}) *= *require\(['\"]([^'\"]+)['\"]\))",
                        flags},
             2, 1},
            {"javascript", std::regex{R"(^import +([^;'\"]{0,800}) +from +['\"]([^'\"]+)['\"])", flags}, 2,
             1},
        };
    }();
    Names foreign;
    for (const Form& form : kForms) {
        if (project.language != form.language) continue;
        for (std::sregex_iterator match{text.begin(), text.end(), form.pattern}, end; match != end; ++match) {
            const std::string target = (*match)[form.target];
            if (is_of_project(project, target, project.language)) continue;
            take_all(foreign, (*match)[form.names]);
            if (project.language == "go") foreign.insert(target.substr(target.rfind('/') + 1));
            if (project.language == "python") foreign.insert(target.substr(0, target.find('.')));
        }
    }
    if (project.language == "cpp") foreign = {"std", "fs", "nlohmann", "spdlog"};
    return foreign;
}

}  // namespace

Names all_words(std::string_view text) {
    Names words;
    std::string word;
    for (const char c : text) {
        if (is_name(c)) {
            word += c;
        } else if (!word.empty()) {
            words.insert(std::exchange(word, {}));
        }
    }
    words.insert(word);
    return words;
}

Names wanted_names(const Project& project, std::size_t file, const Body& span, const Names& visible) {
    const std::string& text = project.files[file].text;
    const std::string code = code_of(text, project.language);
    Names bound = bound_in(code, project.language);
    bound.merge(bound_in_lists(code, project.language));
    const Names foreign = foreign_in(project, text);

    Names ours;  // at least one use is of nothing foreign
    for (const Use& use : uses_of(std::string_view{code}.substr(span.begin, span.end - span.begin))) {
        if (foreign.count(use.name) == 0 && foreign.count(use.owner) == 0) ours.insert(use.name);
    }
    Names wanted;
    for (const std::string& name : ours) {
        const auto declared = project.declared.find(name);
        if (name.size() < 3 || is_keyword(name) || is_builtin(name, project.language) ||
            visible.count(name) != 0 || bound.count(name) != 0 || declared == project.declared.end())
            continue;
        if (declared->second.size() <= kAmbiguous && declared->second.count(file) == 0) wanted.insert(name);
    }
    return wanted;
}

}  // namespace dragoman::bench
