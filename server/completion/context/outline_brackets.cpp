#include "server/completion/context/outline_brackets.h"

#include "server/completion/context/head.h"
#include "server/completion/context/lexer.h"
#include "server/completion/text/lines.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
namespace {

using What = Head::What;

constexpr std::size_t kLongestHead = 1024;  // bytes; what is longer is data
constexpr std::size_t kDeepest = 64;        // scopes
constexpr std::size_t kMostValues = 48;

bool ends_at_newline(Family family) {
    return family == Family::go || family == Family::script || family == Family::jvm;
}

class BracketOutline {
public:
    BracketOutline(std::string_view text, Family family, std::size_t most)
        : text_{text}, family_{family}, most_{most}, lexer_{text, family} {}

    std::vector<Declaration> run() {
        std::size_t at = 0;
        if (family_ == Family::php) {
            const auto open = text_.find("<?php");
            at = open == std::string_view::npos ? text_.size() : open + 5;
        }
        while (at < text_.size() && found_.size() < most_) at = step(at);
        statement('\n');
        if (family_ == Family::script && any_exported_) hide_what_is_not_exported();
        return std::move(found_);
    }

private:
    struct Scope {
        std::string type;   // empty: members belong to no type
        std::string group;  // Go: the keyword before the parenthesis
        bool hidden = false;
    };

    std::size_t step(std::size_t at) {
        const Lexer::Token token = lexer_.at(at);
        if (token.what == Lexer::What::comment) {
            note_comment(text_.substr(at, token.end - at));
            return token.end;
        }
        if (token.what == Lexer::What::string) {
            append(text_.substr(at, std::min<std::size_t>(token.end - at, 64)));
            return token.end;
        }
        switch (text_[at]) {
            case '#': return hash(at);
            case '(':
            case '[': return bracket(at);
            case ')':
                if (!scopes_.empty() && !scopes_.back().group.empty()) {
                    statement('\n');
                    scopes_.pop_back();
                }
                return at + 1;
            case '{': return open(at);
            case '}':
                statement(';');
                if (!scopes_.empty()) scopes_.pop_back();
                ended_ = true;
                return at + 1;
            case ';': statement(';'); return at + 1;
            case ',': return comma(at);
            case ':': return colon(at);
            case '\n': return newline(at);
            default: append(text_.substr(at, 1)); return at + 1;
        }
    }

    // Blanks folded.
    void append(std::string_view text) {
        for (const char c : text) {
            const bool blank = c == ' ' || c == '\t' || c == '\n';
            if (head_.size() >= kLongestHead || (blank && (head_.empty() || head_.back() == ' '))) continue;
            head_ += blank ? ' ' : c;
        }
    }

    // One before a declaration is its own, one behind the end of another on that line is the other's.
    void note_comment(std::string_view comment) {
        append(" ");
        if (!trimmed(head_).empty()) return;
        std::string words = first_line_of_comment(comment);
        if (ended_ && !newline_since_end_ && !found_.empty()) {
            if (found_.back().doc.empty()) found_.back().doc = std::move(words);
        } else if (doc_.empty()) {
            doc_ = std::move(words);
        }
    }

    // A macro of C, an attribute of Rust, a private name of a script.
    std::size_t hash(std::size_t at) {
        if (family_ == Family::rust && text_.substr(at + 1, 1) == "[") return lexer_.behind_bracket(at + 1);
        if (family_ == Family::rust && text_.substr(at + 1, 2) == "![") return lexer_.behind_bracket(at + 2);
        if (family_ != Family::c) {
            append("#");
            return at + 1;
        }
        std::size_t end = at;
        do {
            end = std::min(text_.find('\n', end + 1), text_.size());
        } while (end < text_.size() && text_[end - 1] == '\\');
        auto line = text_.substr(at + 1, end - at - 1);
        line.remove_prefix(indentation(line).size());
        if (line.starts_with("define ")) define(line.substr(7));
        return end;
    }

    void define(std::string_view macro) {
        std::size_t end = 0;
        while (end < macro.size() && is_word(macro[end])) ++end;
        const std::string name{macro.substr(0, end)};
        const bool guard = trimmed(macro.substr(end)).empty();
        if (name.empty() || guard) return;
        const bool takes = end < macro.size() && macro[end] == '(';
        const auto first = trimmed(split_lines(macro, 1).front());
        const auto signature =
            takes ? macro.substr(0, std::min(macro.find(')'), macro.size() - 1) + 1) : first;
        add({.kind = takes ? Declaration::Kind::function : Declaration::Kind::variable,
             .name = name,
             .signature = shortened("#define " + std::string{signature.substr(0, 120)})});
    }

    std::size_t bracket(std::size_t at) {
        const auto head = trimmed(head_);
        if (family_ == Family::go && text_[at] == '(' && scopes_.empty() &&
            (head == "const" || head == "var" || head == "type" || head == "import")) {
            scopes_.push_back({.type = {}, .group = std::string{head} + " ", .hidden = false});
            head_.clear();
            return at + 1;
        }
        const std::size_t end = lexer_.behind_bracket(at);
        for (std::size_t i = at; i < end && head_.size() < kLongestHead;) {
            const Lexer::Token token = lexer_.at(i);
            append(token.what == Lexer::What::comment ? " " : text_.substr(i, std::min(token.end, end) - i));
            i = token.end;
        }
        return end;
    }

    bool in_type() const { return !scopes_.empty() && !scopes_.back().type.empty(); }
    std::string type() const { return scopes_.empty() ? std::string{} : scopes_.back().type; }

    std::size_t comma(std::size_t at) {
        const bool fields = in_type() && (family_ == Family::rust || family_ == Family::script);
        const auto opened = std::count(head_.begin(), head_.end(), '<');
        const auto closed = std::count(head_.begin(), head_.end(), '>');
        if (fields && opened <= closed) {
            statement(',');
        } else {
            append(",");
        }
        return at + 1;
    }

    // public: and its kin.
    std::size_t colon(std::size_t at) {
        const auto head = trimmed(head_);
        if (family_ == Family::c && in_type() && text_.substr(at + 1, 1) != ":" &&
            (head.starts_with("public") || head.starts_with("private") || head.starts_with("protected") ||
             head == "signals") &&
            head.find_first_of("(<=") == std::string_view::npos) {
            scopes_.back().hidden = head.starts_with("private");
            clear();
            return at + 1;
        }
        append(":");
        return at + 1;
    }

    std::size_t newline(std::size_t at) {
        newline_since_end_ = true;
        const auto head = trimmed(head_);
        if (head.empty()) {
            if (text_.substr(at + 1, 1) == "\n") doc_.clear();
        } else if (ends_at_newline(family_) && !goes_on(head, at)) {
            statement('\n');
        }
        append(" ");
        return at + 1;
    }

    bool goes_on(std::string_view head, std::size_t at) const {
        if (std::string_view{",=|&+-(:<.?"}.find(head.back()) != std::string_view::npos) return true;
        const auto next = text_.find_first_not_of(" \t\n", at);
        if (next == std::string_view::npos) return false;
        if (std::string_view{"{.,:=|&?+)]>"}.find(text_[next]) != std::string_view::npos) return true;
        constexpr std::array<std::string_view, 7> kMore = {"extends ", "implements ", "throws ", "permits ",
                                                           "with ",    "where ",      "derives "};
        // An annotation alone belongs to what follows it.
        const auto annotation = head.substr(0, head.find('('));
        if (head.starts_with('@') && annotation.find(' ') == std::string_view::npos &&
            head.find(')') >= head.size() - 1) {
            return true;
        }
        return std::any_of(kMore.begin(), kMore.end(),
                           [&](std::string_view word) { return text_.substr(next).starts_with(word); });
    }

    Head head(char end) const {
        std::string text{trimmed(head_)};
        if (!scopes_.empty() && !scopes_.back().group.empty()) text = scopes_.back().group + text;
        return read_head(text, end, family_, in_type(), type());
    }

    // The end of a declaration without a body.
    void statement(char end) {
        if (!trimmed(head_).empty()) {
            const Head one = head(end);
            if (one.what != What::nothing && one.what != What::scope && one.what != What::extension)
                declare(one, {});
        }
        clear();
        ended_ = true;
        newline_since_end_ = false;
    }

    std::size_t open(std::size_t at) {
        // A member's initialiser in braces: Shape() : sides_{3} {
        const auto text = trimmed(head_);
        if (family_ == Family::c && text.find("):") + text.find(") :") != 2 * std::string_view::npos &&
            !text.empty() && is_word(text.back()) && text.find(" : ") > text.find('(')) {
            append("{}");
            return lexer_.behind_bracket(at);
        }
        Head one = head('{');
        if (family_ == Family::c && text.starts_with("typedef")) name_behind(at, one);
        const std::size_t next = behind_head(at, one);
        switch (one.what) {
            case What::nothing: break;
            case What::scope:
            case What::extension:
            case What::type: enter(one); break;
            case What::enumeration: declare(one, values(at)); break;
            case What::variable:
                declare(one, family_ == Family::script ? values(at) : std::vector<std::string>{});
                break;
            case What::function: declare(one, {}); break;
        }
        clear();
        ended_ = true;
        newline_since_end_ = false;
        return next;
    }

    std::size_t behind_head(std::size_t at, const Head& one) const {
        const bool inside = one.what == What::scope || one.what == What::extension || one.what == What::type;
        return inside && scopes_.size() < kDeepest ? at + 1 : lexer_.behind_bracket(at);
    }

    void enter(const Head& one) {
        if (scopes_.size() >= kDeepest) return;
        if (one.what == What::type && !one.name.empty()) declare(one, {});
        const bool stays = one.what == What::scope || one.name.empty();
        // The members of a C++ class are private until it says otherwise.
        const bool hidden =
            family_ == Family::c && one.what == What::type && one.signature.starts_with("class");
        scopes_.push_back({.type = stays ? type() : one.name, .group = {}, .hidden = hidden});
    }

    // typedef struct { ... } Name;
    void name_behind(std::size_t open_brace, Head& one) const {
        const std::size_t close = lexer_.behind_bracket(open_brace);
        const auto end = std::min(text_.find(';', close), text_.size());
        const auto name = trimmed(text_.substr(close, std::min<std::size_t>(end - close, 128)));
        if (name.empty() || !std::all_of(name.begin(), name.end(), is_word)) return;
        one.what = one.signature.find("enum") == std::string::npos ? What::type : What::enumeration;
        one.name = name;
        one.signature = (one.what == What::type ? "struct " : "enum ") + one.name;
    }

    // Enumerators, or the keys of an object: the names that begin the parts between commas.
    std::vector<std::string> values(std::size_t open_brace) const {
        std::vector<std::string> names;
        bool expected = true;
        for (std::size_t i = open_brace + 1; i < text_.size() && names.size() < kMostValues;) {
            const Lexer::Token token = lexer_.at(i);
            const char c = text_[i];
            if (token.what != Lexer::What::plain) {
                if (token.what == Lexer::What::string) expected = false;
                i = token.end;
            } else if (c == '}' || c == ';') {
                break;
            } else if (c == '(' || c == '[' || c == '{') {
                i = lexer_.behind_bracket(i);
            } else if (is_word(c) && expected) {
                const std::size_t begin = i;
                while (i < text_.size() && is_word(text_[i])) ++i;
                names.emplace_back(text_.substr(begin, i - begin));
                expected = false;
            } else {
                if (c == ',') expected = true;
                if (c == '.') expected = false;
                ++i;
            }
        }
        return names;
    }

    void declare(const Head& one, std::vector<std::string> values) {
        Declaration made;
        made.kind = one.what == What::type          ? Declaration::Kind::type
                    : one.what == What::enumeration ? Declaration::Kind::enumeration
                    : one.what == What::function    ? Declaration::Kind::function
                                                    : Declaration::Kind::variable;
        made.name = one.name;
        made.signature = one.signature;
        made.doc = doc_;
        made.parent = one.owner.empty() ? type() : one.owner;
        made.values = std::move(values);
        made.hidden = one.hidden || (!scopes_.empty() && scopes_.back().hidden);
        any_exported_ = any_exported_ || (one.exported && scopes_.empty());
        exported_.resize(found_.size(), true);
        exported_.push_back(one.exported || !scopes_.empty());
        add(std::move(made));
    }

    void hide_what_is_not_exported() {
        exported_.resize(found_.size(), true);
        for (std::size_t i = 0; i < found_.size(); ++i) found_[i].hidden = found_[i].hidden || !exported_[i];
    }

    void add(Declaration made) {
        if (made.name.empty()) return;
        found_.push_back(std::move(made));
    }
    void clear() {
        head_.clear();
        doc_.clear();
    }

    std::string_view text_;
    Family family_;
    std::size_t most_;
    Lexer lexer_;
    std::vector<Declaration> found_;
    std::vector<bool> exported_;  // of found_
    std::vector<Scope> scopes_;
    std::string head_, doc_;
    bool any_exported_ = false, ended_ = false, newline_since_end_ = true;
};

}  // namespace

std::string first_line_of_comment(std::string_view comment) {
    constexpr std::size_t kLongest = 100;
    for (std::string_view line : split_lines(comment)) {
        const auto begin = line.find_first_not_of(" \t/*!#-<");
        if (begin == std::string_view::npos) continue;
        line = trimmed(line.substr(begin));
        if (line.ends_with("*/")) line = trimmed(line.substr(0, line.size() - 2));
        if (!is_telling(line) || line.starts_with('@')) continue;
        std::size_t cut = std::min(line.size(), kLongest);
        while (cut > 0 && cut < line.size() && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80) --cut;
        return std::string{line.substr(0, cut)};
    }
    return {};
}

std::vector<Declaration> outline_brackets(std::string_view text, Family family, std::size_t most) {
    return BracketOutline{text, family, most}.run();
}

std::vector<Declaration> outline(std::string_view text, Family family, std::size_t most) {
    switch (family) {
        case Family::none: return {};
        case Family::python:
        case Family::ruby:
        case Family::lua:
        case Family::shell: return outline_lines(text, family, most);
        default: return outline_brackets(text, family, most);
    }
}

}  // namespace dragoman::completion
