#include "server/completion/context/head.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
namespace {

using What = Head::What;

constexpr std::array<std::string_view, 48> kModifiers = {
    "export",    "default",  "declare",      "public",   "private", "protected", "internal",   "static",
    "final",     "abstract", "async",        "readonly", "virtual", "inline",    "constexpr",  "consteval",
    "constinit", "explicit", "extern",       "unsafe",   "pub",     "override",  "open",       "data",
    "sealed",    "suspend",  "friend",       "typename", "mutable", "volatile",  "transient",  "synchronized",
    "native",    "strictfp", "operator fun", "lateinit", "inner",   "value",     "annotation", "implicit",
    "lazy",      "case",     "tailrec",      "infix",    "get",     "set",       "accessor",   "companion"};

struct Keyword {
    std::string_view word;
    What what;
};
constexpr std::array<Keyword, 28> kKeywords = {{
    {"class", What::type},         {"struct", What::type},     {"union", What::type},
    {"interface", What::type},     {"trait", What::type},      {"object", What::type},
    {"record", What::type},        {"@interface", What::type}, {"concept", What::variable},
    {"enum", What::enumeration},   {"namespace", What::scope}, {"module", What::scope},
    {"mod", What::scope},          {"impl", What::extension},  {"function", What::function},
    {"func", What::function},      {"fun", What::function},    {"fn", What::function},
    {"def", What::function},       {"const", What::variable},  {"let", What::variable},
    {"var", What::variable},       {"val", What::variable},    {"type", What::variable},
    {"typedef", What::variable},   {"using", What::variable},  {"macro_rules!", What::function},
    {"typealias", What::variable},
}};

constexpr std::array<std::string_view, 27> kStatements = {
    "if",      "else",  "for",   "while",  "do",      "switch",  "return",        "try",    "catch",
    "finally", "throw", "case",  "import", "from",    "package", "static_assert", "go",     "defer",
    "select",  "await", "yield", "use",    "require", "match",   "new",           "delete", "goto"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// The position of the first of `signs` outside of brackets, template arguments included; npos: none.
std::size_t find_outside(std::string_view text, std::string_view signs, std::size_t from = 0) {
    int depth = 0, angles = 0;
    for (std::size_t i = from; i < text.size(); ++i) {
        const char c = text[i];
        if (depth == 0 && angles == 0 && signs.find(c) != std::string_view::npos) return i;
        if (c == '(' || c == '[' || c == '{') ++depth;
        if (c == ')' || c == ']' || c == '}') depth = std::max(0, depth - 1);
        if (c == '<' && i > 0 && is_word(text[i - 1])) ++angles;
        if (c == '>' && i > 0 && text[i - 1] != '-' && text[i - 1] != '=') angles = std::max(0, angles - 1);
    }
    return std::string_view::npos;
}

std::size_t behind_bracket(std::string_view text, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
        if (text[i] == '(' || text[i] == '[' || text[i] == '<') ++depth;
        if ((text[i] == ')' || text[i] == ']' || text[i] == '>') && --depth == 0) return i + 1;
    }
    return text.size();
}

void skip_blanks(std::string_view& text) { text.remove_prefix(indentation(text).size()); }

std::string_view first_word(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && (is_word(text[end]) || text[end] == '$' || (text[end] == '@' && end == 0) ||
                                 (text[end] == '#' && end == 0))) {
        ++end;
    }
    if (end < text.size() && text[end] == '!') ++end;  // macro_rules!
    return text.substr(0, end);
}

// The identifier that ends at `end`.
std::string_view word_before(std::string_view text, std::size_t end) {
    end = std::min(end, text.size());
    while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '?' || text[end - 1] == '!')) --end;
    if (end > 0 && text[end - 1] == ']') {  // an array: name[3]
        const auto open = text.rfind('[', end - 1);
        end = open == std::string_view::npos ? end : open;
    }
    if (end > 1 && text[end - 1] == '>') {  // name<T>
        int depth = 0;
        std::size_t i = end;
        while (i > 0) {
            --i;
            if (text[i] == '>') ++depth;
            if (text[i] == '<' && --depth == 0) break;
        }
        end = i;
    }
    std::size_t begin = end;
    while (begin > 0 && (is_word(text[begin - 1]) || text[begin - 1] == '$' || text[begin - 1] == '#'))
        --begin;
    return text.substr(begin, end - begin);
}

class HeadReader {
public:
    HeadReader(std::string_view text, char end, Family family, bool in_type, std::string_view type)
        : whole_{trimmed(text)}, rest_{whole_}, end_{end}, family_{family}, in_type_{in_type}, type_{type} {}

    Head read() {
        strip_modifiers();
        const std::string_view word = first_word(rest_);
        const auto keyword = std::find_if(kKeywords.begin(), kKeywords.end(),
                                          [&](const Keyword& one) { return one.word == word; });
        const bool method = in_type_ && rest_.substr(word.size()).starts_with('(');  // delete(), from()
        if (is_one_of(word, kStatements) && !method) return head_;
        // `static`, `extern "C"` before a block.
        if (rest_.empty()) {
            if (end_ == '{' && whole_.starts_with("extern")) head_.what = What::scope;
            return head_;
        }
        if (rest_.starts_with("\"C\"")) {
            rest_.remove_prefix(3);
            skip_blanks(rest_);
            if (rest_.empty()) head_.what = What::scope;
            if (rest_.empty()) return head_;
        }
        if (keyword != kKeywords.end() && !method && !is_c_function(keyword->what) && !in_type_value(word)) {
            by_keyword(*keyword);
        } else {
            by_shape();
        }
        finish();
        return head_;
    }

private:
    void strip_modifiers() {
        for (;;) {
            skip_blanks(rest_);
            if (rest_.starts_with("[[") || rest_.starts_with("#[")) {
                rest_.remove_prefix(behind_bracket(rest_, rest_.find('[')));
                continue;
            }
            const std::string_view word = first_word(rest_);
            const bool alone =
                word.size() < rest_.size() && (rest_[word.size()] == ' ' || rest_[word.size()] == '(');
            if (word == "template" && rest_.find('<') != std::string_view::npos) {
                rest_.remove_prefix(behind_bracket(rest_, rest_.find('<')));
            } else if (word.starts_with('@') && word != "@interface") {
                rest_.remove_prefix(word.size());
                if (rest_.starts_with('(')) rest_.remove_prefix(behind_bracket(rest_, 0));
            } else if (is_one_of(word, kModifiers) && (alone || word.size() == rest_.size())) {
                if (!note_modifier(word)) return;
            } else {
                return;
            }
        }
    }

    // False: it is a name and stays.
    bool note_modifier(std::string_view word) {
        auto behind = rest_.substr(word.size());
        if (behind.starts_with('(')) {
            if (word != "pub") return false;
            behind.remove_prefix(behind_bracket(behind, 0));
        }
        const auto next = trimmed(behind);
        if (!next.empty() && std::string_view{"=:;,.?"}.find(next.front()) != std::string_view::npos)
            return false;
        if (word == "export" || word == "pub" || word == "public") head_.exported = true;
        if (word == "private") head_.hidden = true;
        if (word == "static" || word == "async" || word == "abstract" || word == "readonly" ||
            word == "unsafe") {
            kept_ += std::string{word} + " ";
        }
        rest_ = behind;
        return true;
    }

    // struct stat f(int): a function or a variable although it begins like a type.
    bool is_c_function(What what) const {
        if (family_ != Family::c || (what != What::type && what != What::enumeration)) return false;
        const auto sign = find_outside(rest_, "(:{=");
        const auto before = rest_.substr(0, sign);
        std::size_t words = 0;
        for (std::size_t i = 0; i < before.size(); ++i) {
            if (is_word(before[i]) && (i == 0 || !is_word(before[i - 1]))) ++words;
        }
        if (words < 3) return false;
        return end_ != '{' || (sign != std::string_view::npos && rest_[sign] == '(');
    }
    // A field or member of the name of a keyword: `type: string`.
    bool in_type_value(std::string_view word) const {
        const auto next = trimmed(rest_.substr(word.size()));
        if (!in_type_ && family_ != Family::script) return false;
        if (next.empty()) return end_ != '{';
        return std::string_view{":=?,(.;"}.find(next.front()) != std::string_view::npos;
    }

    void by_keyword(const Keyword& keyword) {
        head_.what = keyword.what;
        std::string_view behind = rest_.substr(keyword.word.size());
        skip_blanks(behind);
        while (behind.starts_with('*') || behind.starts_with('&')) behind.remove_prefix(1);
        if (keyword.what == What::extension) return extension(behind);
        if (keyword.what == What::enumeration || keyword.word == "const" || keyword.word == "let") {
            for (const std::string_view more : {"class ", "struct ", "enum ", "mut "}) {
                if (!behind.starts_with(more)) continue;
                behind.remove_prefix(more.size());
                if (more == "enum ") head_.what = What::enumeration;
            }
        }
        if (family_ == Family::c && keyword.word == "const") return by_shape();
        if (family_ == Family::c && keyword.what == What::type) behind = c_type_name(behind);
        if (keyword.word == "typedef") {
            head_.name = word_before(rest_, rest_.size());
        } else if (keyword.what == What::function) {
            function_name(behind);
        } else {
            skip_blanks(behind);
            if (behind.starts_with('<')) behind.remove_prefix(behind_bracket(behind, 0));
            skip_blanks(behind);
            head_.name = first_word(behind);
            if (keyword.what == What::scope && family_ == Family::c) head_.name.clear();
        }
        if (keyword.word == "type") type_alias(behind);
        // const f = (a) => {: what follows is a body.
        if (keyword.what == What::variable && end_ == '{' &&
            (rest_.ends_with("=>") || rest_.find("= function") != std::string_view::npos)) {
            head_.what = What::function;
        }
    }

    // Attributes and export macros before the name: class MYLIB_API [[nodiscard]] Name : Base.
    static std::string_view c_type_name(std::string_view text) {
        const auto colon = find_outside(text, ":");
        auto names = trimmed(text.substr(0, colon));
        if (names.ends_with(" final")) names.remove_suffix(6);
        while (names.starts_with("[[") || names.starts_with("alignas")) {
            names.remove_prefix(behind_bracket(names, names.find_first_of("[(")));
            skip_blanks(names);
        }
        const auto space = find_outside(names, " ");
        return space == std::string_view::npos ? names : trimmed(names.substr(space));
    }

    // Go: type T struct {; TypeScript: type T = {.
    void type_alias(std::string_view behind) {
        if (end_ != '{') return;
        if (behind.ends_with("struct") || behind.ends_with("interface") || behind.ends_with("="))
            head_.what = What::type;
    }

    void extension(std::string_view behind) {
        if (behind.starts_with('<')) behind.remove_prefix(behind_bracket(behind, 0));
        const auto middle = behind.find(" for ");
        if (middle != std::string_view::npos) behind.remove_prefix(middle + 5);
        skip_blanks(behind);
        head_.name = first_word(behind);
        if (const auto colons = behind.find("::"); colons == head_.name.size()) {
            head_.name = word_before(behind, find_outside(behind, " <"));
        }
    }

    void function_name(std::string_view behind) {
        if (family_ == Family::go && behind.starts_with('(')) {  // (r *Type[T]) Name(
            const auto close = behind_bracket(behind, 0);
            auto receiver = behind.substr(1, close - 2);
            if (const auto generic = receiver.find('['); generic != std::string_view::npos)
                receiver = receiver.substr(0, generic);
            head_.owner = word_before(receiver, receiver.size());
            behind.remove_prefix(close);
            skip_blanks(behind);
        }
        if (behind.starts_with('<')) behind.remove_prefix(behind_bracket(behind, 0));
        const auto paren = behind.find('(');
        head_.name = family_ == Family::jvm ? word_before(behind, paren) : first_word(behind);
    }

    // No keyword tells: a C-like function or variable, a member of a class.
    void by_shape() {
        const auto paren = find_outside(rest_, "("), equals = find_outside(rest_, "=:"),
                   operation = rest_.find("operator");
        const bool qualified = equals != std::string_view::npos && rest_.substr(equals).starts_with("::");
        if (operation != std::string_view::npos && family_ == Family::c) {
            head_.what = What::function;
            head_.name = "operator";
            return;
        }
        const std::size_t first_equals = qualified ? rest_.find('=') : equals;
        if (paren != std::string_view::npos && paren < std::min(first_equals, rest_.size() + 1)) {
            head_.what = What::function;
            head_.name = word_before(rest_, paren);
            const bool typed = trimmed(rest_.substr(0, paren)).size() > head_.name.size();
            const bool constructor = in_type_ && (family_ == Family::script || family_ == Family::rust ||
                                                  family_ == Family::go || head_.name == type_);
            const auto before = trimmed(rest_.substr(0, paren - head_.name.size()));
            if (before.ends_with('~')) head_.what = What::nothing;
            if (!typed && !constructor) head_.what = What::nothing;  // a macro, a call
            if (family_ == Family::script && !in_type_) head_.what = What::nothing;
            if (family_ == Family::c && rest_.find("::") < paren) outside_of_class(paren);
            return;
        }
        head_.what = What::variable;
        const std::string_view left = rest_.substr(0, std::min(first_equals, rest_.size()));
        head_.name = family_ == Family::go ? first_word(left) : word_before(left, left.size());
        if (family_ == Family::script && !in_type_) {
            const bool assigned = left.find("exports") != std::string_view::npos ||
                                  left.find(".prototype.") != std::string_view::npos;
            if (!assigned || first_equals == std::string_view::npos) head_.what = What::nothing;
            head_.exported = assigned;
        }
        if (family_ == Family::script && head_.what == What::variable) {
            if (rest_.ends_with("=>") || rest_.find("= function") != std::string_view::npos)
                head_.what = What::function;
        }
        const bool bare_name = left == head_.name;
        if (bare_name && (family_ == Family::c || family_ == Family::jvm)) head_.what = What::nothing;
        if (family_ == Family::rust && !in_type_) head_.what = What::nothing;
    }

    // Type::name( : the definition of a member; its declaration is elsewhere.
    void outside_of_class(std::size_t paren) {
        const auto before = rest_.substr(0, paren - std::min(paren, head_.name.size()));
        if (before.ends_with("::")) head_.owner = word_before(before, before.size() - 2);
    }

    void finish() {
        if (head_.what == What::scope || head_.what == What::nothing) return;
        if (head_.name.empty() || head_.name.size() > 128) {
            if (head_.what != What::type && head_.what != What::enumeration) head_.what = What::nothing;
        }
        // Forward declarations say nothing.
        if (head_.what == What::type && end_ != '{' &&
            rest_.find_first_of("(:{;") == std::string_view::npos) {
            const bool kotlin = family_ == Family::jvm || family_ == Family::rust;
            if (!kotlin) head_.what = What::nothing;
        }
        if (family_ == Family::go)
            head_.hidden = !head_.name.empty() && head_.name[0] >= 'a' && head_.name[0] <= 'z';
        if (family_ == Family::rust && !in_type_) head_.hidden = !head_.exported;
        if (family_ == Family::script && head_.name.starts_with('#')) head_.hidden = true;
        head_.signature = shortened(kept_ + std::string{signature()});
    }

    // Without initialisers of constructors and the marks of a body.
    std::string_view signature() const {
        std::string_view text = rest_;
        if (head_.what == What::function && family_ == Family::c) {
            const auto paren = find_outside(text, "(");
            if (paren != std::string_view::npos) {
                const auto colon = find_outside(text, ":", behind_bracket_round(text, paren));
                if (colon != std::string_view::npos && !text.substr(colon).starts_with("::"))
                    text = text.substr(0, colon);
            }
        }
        for (const std::string_view mark : {"=>", "="}) {
            if (text.ends_with(mark)) text = trimmed(text.substr(0, text.size() - mark.size()));
        }
        return trimmed(text);
    }
    static std::size_t behind_bracket_round(std::string_view text, std::size_t open) {
        int depth = 0;
        for (std::size_t i = open; i < text.size(); ++i) {
            if (text[i] == '(') ++depth;
            if (text[i] == ')' && --depth == 0) return i + 1;
        }
        return text.size();
    }

    std::string_view whole_, rest_;
    char end_;
    Family family_;
    bool in_type_;
    std::string_view type_;
    std::string kept_;
    Head head_;
};

}  // namespace

Head read_head(std::string_view text, char end, Family family, bool in_type, std::string_view type) {
    return HeadReader{text, end, family, in_type, type}.read();
}

std::string shortened(std::string_view signature) {
    constexpr std::size_t kLongest = 240, kLongestValue = 48;
    const auto equals = signature.find(" = ");
    if (equals != std::string_view::npos && signature.size() - equals > kLongestValue &&
        signature.find('(') > equals) {
        signature = signature.substr(0, equals);
    }
    if (signature.size() <= kLongest) return std::string{signature};
    std::size_t cut = kLongest;
    while (cut > 0 && (static_cast<unsigned char>(signature[cut]) & 0xC0U) == 0x80) --cut;
    return std::string{signature.substr(0, cut)} + "...";
}

}  // namespace dragoman::completion
