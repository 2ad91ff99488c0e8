#include "server/completion/context/head.h"
#include "server/completion/context/outline_brackets.h"
#include "server/completion/text/lines.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

using Kind = Declaration::Kind;

constexpr std::size_t kLongestStatement =
    2048;  // bytes; the rest of a longer one is read as lines of its own

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_word) &&
           !(text[0] >= '0' && text[0] <= '9');
}

std::string_view name_at(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && is_word(text[end])) ++end;
    return text.substr(0, end);
}

std::string folded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\\';
        if (blank && (out.empty() || out.back() == ' ' || out.back() == '(')) continue;
        out += blank ? ' ' : c;
    }
    return std::string{trimmed(out)};
}

class LineOutline {
public:
    LineOutline(std::string_view text, Family family, std::size_t most)
        : rest_{text}, family_{family}, most_{most} {}

    std::vector<Declaration> run() {
        while (!rest_.empty() && found_.size() < most_) {
            const std::string_view line = next();
            const std::string_view words = trimmed(line);
            if (words.empty()) {
                doc_.clear();
                continue;
            }
            if (words.starts_with(family_ == Family::lua ? "--" : "#")) {
                if (doc_.empty()) doc_ = first_line_of_comment(words);
                continue;
            }
            const std::size_t indent = indentation(line).size();
            while (!scopes_.empty() && scopes_.back().indent >= indent) scopes_.pop_back();
            read(words, indent);
        }
        return std::move(found_);
    }

private:
    struct Scope {
        std::size_t indent;
        std::string name;
        bool type;
    };

    // The next statement: a line, or several while a bracket or a long string is open.
    std::string_view next() {
        std::size_t at = 0;
        int depth = 0;
        char quote = 0;
        for (; at < rest_.size(); ++at) {
            const char c = rest_[at];
            if (quote != 0) {
                if (c == '\\') ++at;
                if (c == quote || c == '\n') quote = 0;
                if (c != '\n') continue;
            }
            if (c == '\n' && (depth <= 0 || at > kLongestStatement)) break;
            if (family_ == Family::python &&
                (rest_.substr(at).starts_with("\"\"\"") || rest_.substr(at).starts_with("'''"))) {
                const auto close = rest_.find(rest_.substr(at, 3), at + 3);
                at = close == std::string_view::npos ? rest_.size() - 1 : close + 2;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if ((c == '#' && family_ != Family::lua) ||
                       (family_ == Family::lua && rest_.substr(at).starts_with("--"))) {
                at = std::min(rest_.find('\n', at), rest_.size()) - 1;
            } else if (c == '(' || c == '[' || c == '{') {
                ++depth;
            } else if (c == ')' || c == ']' || c == '}') {
                --depth;
            }
        }
        at = std::min(at, rest_.size());
        const auto line = rest_.substr(0, at);
        rest_.remove_prefix(std::min(at + 1, rest_.size()));
        return line;
    }

    void read(std::string_view line, std::size_t indent) {
        switch (family_) {
            case Family::python: python(line, indent); break;
            case Family::ruby: ruby(line, indent); break;
            case Family::lua: lua(line, indent); break;
            default: shell(line, indent); break;
        }
        if (!line.starts_with('@')) doc_.clear();
    }

    bool in_function() const { return !scopes_.empty() && !scopes_.back().type; }
    std::string parent() const {
        return scopes_.empty() || !scopes_.back().type ? std::string{} : scopes_.back().name;
    }

    void add(Kind kind, std::string_view name, std::string_view signature, std::string parent, bool hidden) {
        if (!is_name(name) && family_ != Family::ruby) return;
        Declaration made;
        made.kind = kind;
        made.name = name;
        made.signature = shortened(folded(signature));
        made.doc = doc_;
        made.parent = std::move(parent);
        made.hidden = hidden;
        found_.push_back(std::move(made));
    }

    void python(std::string_view line, std::size_t indent) {
        if (line.starts_with("\"\"\"") || line.starts_with("'''") || line.starts_with("r\"\"\"")) {
            docstring(line);
            return;
        }
        fresh_ = nullptr_index();
        if (line.starts_with('@')) {
            const auto name = name_at(line.substr(1));
            if (name == "property" || name == "staticmethod" || name == "classmethod")
                decorator_ = "@" + std::string{name} + " ";
            return;
        }
        const auto without_async = line.starts_with("async ") ? trimmed(line.substr(6)) : line;
        const bool function = without_async.starts_with("def "), type = line.starts_with("class ");
        if (function || type) {
            const auto name = name_at(trimmed(without_async.substr(function ? 4 : 6)));
            const bool dunder = name.starts_with("__");
            const bool hidden = name.starts_with('_') && name != "__init__" && name != "__call__";
            if (!in_function()) {
                const auto before = found_.size();
                add(type ? Kind::type : Kind::function, name, decorator_ + std::string{head_of(line)},
                    parent(), hidden || (dunder && type));
                if (found_.size() > before) fresh_ = before;
            }
            decorator_.clear();
            scopes_.push_back({indent, std::string{name}, type && !in_function()});
            return;
        }
        decorator_.clear();
        if (in_function()) return attribute(line);
        const auto name = name_at(line);
        const auto behind = trimmed(line.substr(name.size()));
        const bool assigned =
            (behind.starts_with('=') && !behind.starts_with("==")) || behind.starts_with(':');
        if (!is_name(name) || !assigned || line.ends_with(':')) return;
        add(Kind::variable, name, line, parent(), name.starts_with('_'));
    }

    // `def f(a) -> T:` without the colon and what follows it.
    static std::string_view head_of(std::string_view line) {
        int depth = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (line[i] == '(' || line[i] == '[' || line[i] == '{') ++depth;
            if (line[i] == ')' || line[i] == ']' || line[i] == '}') --depth;
            if (line[i] == ':' && depth == 0) return line.substr(0, i);
        }
        return line;
    }

    // self.name = value in the constructor.
    void attribute(std::string_view line) {
        if (scopes_.size() < 2 || scopes_.back().name != "__init__" || !line.starts_with("self.")) return;
        const Scope& owner = scopes_[scopes_.size() - 2];
        const auto name = name_at(line.substr(5));
        const auto behind = trimmed(line.substr(5 + name.size()));
        if (!owner.type || (!behind.starts_with('=') && !behind.starts_with(':'))) return;
        const auto equals = line.find(" =");
        const auto known = [&](const Declaration& one) {
            return one.parent == owner.name && one.name == name;
        };
        if (behind.starts_with("==") || std::any_of(found_.begin(), found_.end(), known)) return;
        const auto signature = behind.starts_with(':')
                                   ? line.substr(5, equals == std::string_view::npos ? equals : equals - 5)
                                   : line.substr(5);
        add(Kind::variable, name, signature.substr(0, 60), owner.name, name.starts_with('_'));
    }

    static std::size_t nullptr_index() { return static_cast<std::size_t>(-1); }
    void docstring(std::string_view text) {
        if (fresh_ < found_.size() && found_[fresh_].doc.empty()) {
            const auto open = text.find_first_of("\"'");
            text.remove_prefix(std::min(open + 3, text.size()));
            if (text.size() >= 3) text.remove_suffix(3);
            found_[fresh_].doc = first_line_of_comment(text);
        }
        fresh_ = nullptr_index();
    }

    void ruby(std::string_view line, std::size_t indent) {
        const bool type = line.starts_with("class ") || line.starts_with("module ");
        if (type) {
            const auto words = trimmed(line.substr(line.find(' ')));
            const auto name = words.substr(0, words.find_first_of(" <;("));
            const auto last = name.rfind("::");
            const auto own = last == std::string_view::npos ? name : name.substr(last + 2);
            if (!in_function() && is_name(own)) add(Kind::type, own, line, parent(), false);
            scopes_.push_back({indent, std::string{own}, true});
        } else if (line.starts_with("def ")) {
            auto words = trimmed(line.substr(4));
            if (words.starts_with("self.")) words.remove_prefix(5);
            const auto name = words.substr(0, words.find_first_of("( ;"));
            if (!in_function()) add(Kind::function, name, line, parent(), false);
            scopes_.push_back({indent, std::string{name}, false});
        } else if (line.starts_with("attr_")) {
            for (auto colon = line.find(':'); colon != std::string_view::npos;
                 colon = line.find(':', colon + 1)) {
                const auto name = name_at(line.substr(colon + 1));
                if (!name.empty()) add(Kind::variable, name, name, parent(), false);
            }
        } else if (!in_function() && line[0] >= 'A' && line[0] <= 'Z') {
            const auto name = name_at(line);
            if (trimmed(line.substr(name.size())).starts_with('='))
                add(Kind::variable, name, line, parent(), false);
        }
    }

    // Only what stands at the border: the rest is within functions.
    void lua(std::string_view line, std::size_t indent) {
        if (indent > 0) return;
        const bool local = line.starts_with("local ");
        const auto words = local ? trimmed(line.substr(6)) : line;
        const auto last_name = [](std::string_view path) {
            const auto dot = path.find_last_of(".:");
            return dot == std::string_view::npos ? path : path.substr(dot + 1);
        };
        if (words.starts_with("function ")) {
            const auto path =
                trimmed(words.substr(9, words.find('(') - std::min<std::size_t>(9, words.find('('))));
            const auto close = words.find(')');
            add(Kind::function, last_name(path),
                words.substr(0, close == std::string_view::npos ? close : close + 1), {}, local);
            return;
        }
        const auto equals = words.find('=');
        if (equals == std::string_view::npos || words.substr(equals).starts_with("==")) return;
        const auto path = trimmed(words.substr(0, equals));
        const auto value = trimmed(words.substr(equals + 1));
        const auto name = last_name(path);
        if (!is_name(name)) return;
        const bool function = value.starts_with("function");
        auto signature = words;
        if (function) signature = words.substr(0, std::min(words.find(')'), words.size() - 1) + 1);
        if (value.starts_with("require")) return;
        add(function ? Kind::function : Kind::variable, name, split_lines(signature, 1).front(), {}, local);
        if (value.starts_with('{')) table(value);
    }

    // The keys of a table: key = value.
    void table(std::string_view value) {
        auto& keys = found_.back().values;
        constexpr std::size_t kMost = 48;
        int depth = 0;
        for (std::size_t i = 0; i < value.size() && keys.size() < kMost; ++i) {
            if (value[i] == '{' || value[i] == '(') ++depth;
            if (value[i] == '}' || value[i] == ')') --depth;
            if (depth != 1 || !is_word(value[i]) || is_word(value[i - 1])) continue;
            const auto name = name_at(value.substr(i));
            const auto behind = trimmed(value.substr(i + name.size(), 8));
            if (is_name(name) && behind.starts_with('=') && !behind.starts_with("=="))
                keys.emplace_back(name);
            i += name.size() - 1;
        }
    }

    void shell(std::string_view line, std::size_t indent) {
        if (indent > 0) return;
        const bool keyword = line.starts_with("function ");
        const auto words = keyword ? trimmed(line.substr(9)) : line;
        std::size_t end = 0;
        while (end < words.size() && (is_word(words[end]) || words[end] == '-' || words[end] == ':')) ++end;
        if (end > 0 && (keyword || trimmed(words.substr(end)).starts_with("()"))) {
            Declaration made{.kind = Kind::function, .name = std::string{words.substr(0, end)}};
            made.signature = made.name + "()";
            made.doc = doc_;
            found_.push_back(std::move(made));
            return;
        }
        for (const std::string_view word : {"export ", "readonly ", "declare "}) {
            if (line.starts_with(word))
                add(Kind::variable, name_at(line.substr(word.size())), line, {}, false);
        }
        const auto name = name_at(line);
        if (is_name(name) && line.substr(name.size()).starts_with('='))
            add(Kind::variable, name, line, {}, false);
    }

    std::string_view rest_;
    Family family_;
    std::size_t most_;
    std::vector<Declaration> found_;
    std::vector<Scope> scopes_;
    std::string doc_, decorator_;
    std::size_t fresh_ = nullptr_index();  // what a docstring would belong to
};

}  // namespace

std::vector<Declaration> outline_lines(std::string_view text, Family family, std::size_t most) {
    return LineOutline{text, family, most}.run();
}

}  // namespace dragoman::completion
