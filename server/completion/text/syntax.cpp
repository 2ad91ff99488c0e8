#include "server/completion/text/syntax.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <initializer_list>

namespace dragoman::completion {
namespace {

using Blocks = Syntax::Blocks;
using Raw = Syntax::Raw;

constexpr Syntax with_kinds(Syntax syntax) {
    using Kind = Syntax::Kind;
    const auto mark = [&](char c, Kind kind) { syntax.kinds[static_cast<unsigned char>(c)] = kind; };
    const auto mark_first = [&](std::string_view token) {
        if (!token.empty()) mark(token.front(), Kind::special);
    };
    for (std::size_t i = 0; i < syntax.kinds.size(); ++i) {
        if (is_word(static_cast<char>(i))) syntax.kinds[i] = Kind::word;
    }
    mark(' ', Kind::blank);
    mark('\t', Kind::blank);
    for (const char c : std::string_view{"()[]{}"}) mark(c, Kind::bracket);
    if (syntax.raw == Raw::lua) mark('[', Kind::special);
    for (const char c : syntax.quotes) mark(c, Kind::special);
    for (const auto token : syntax.line_comments) mark_first(token);
    for (const auto token : syntax.long_quotes) mark_first(token);
    mark_first(syntax.comment_open);
    mark_first(syntax.comment_close);
    if (syntax.quote_is_char) mark('\'', Kind::special);
    if (syntax.regex_literals) mark('/', Kind::special);
    if (syntax.raw == Raw::cpp) mark('R', Kind::raw_word);
    if (syntax.raw == Raw::rust) mark('r', Kind::raw_word);
    if (syntax.raw == Raw::rust) mark('b', Kind::raw_word);
    return syntax;
}

constexpr Syntax kUnknown = with_kinds({.line_comments = {"//", "--"},
                                        .comment_open = "/*",
                                        .comment_close = "*/",
                                        .comments_stand_apart = true,
                                        .quote_is_char = true,
                                        .header_ends = {":", "=", "->", "where"}});

constexpr Syntax kC = with_kinds({.line_comments = {"//"},
                                  .comment_open = "/*",
                                  .comment_close = "*/",
                                  .doc_comments = {"///", "//!"},
                                  .quote_is_char = true,
                                  .raw = Raw::cpp,
                                  .header_ends = {":"},
                                  .semicolons = true});

constexpr Syntax kJava = with_kinds({.line_comments = {"//"},
                                     .comment_open = "/*",
                                     .comment_close = "*/",
                                     .doc_comments = {"///"},
                                     .long_quotes = {"\"\"\""},
                                     .quote_is_char = true,
                                     .header_ends = {":", "->", "=>"},
                                     .semicolons = true});

// Kotlin, Swift, Scala: like Java, without semicolons.
constexpr Syntax kKotlin = with_kinds({.line_comments = {"//"},
                                       .comment_open = "/*",
                                       .comment_close = "*/",
                                       .comments_nest = true,
                                       .doc_comments = {"///"},
                                       .long_quotes = {"\"\"\""},
                                       .quote_is_char = true,
                                       .header_ends = {"->", "=>", "=", ":"}});

constexpr Syntax kScript = with_kinds({.line_comments = {"//"},
                                       .comment_open = "/*",
                                       .comment_close = "*/",
                                       .doc_comments = {"///"},
                                       .long_quotes = {"`"},
                                       .interpolation = "${",
                                       .regex_literals = true,
                                       .header_ends = {"=>", ":"},
                                       .semicolons = true});

constexpr Syntax kDart = with_kinds({.line_comments = {"//"},
                                     .comment_open = "/*",
                                     .comment_close = "*/",
                                     .doc_comments = {"///"},
                                     .long_quotes = {"\"\"\"", "'''"},
                                     .header_ends = {"=>", ":"},
                                     .semicolons = true});

constexpr Syntax kGo = with_kinds({.line_comments = {"//"},
                                   .comment_open = "/*",
                                   .comment_close = "*/",
                                   .long_quotes = {"`"},
                                   .verbatim = "`",
                                   .quote_is_char = true,
                                   .header_ends = {":"}});

constexpr Syntax kRust = with_kinds({.line_comments = {"//"},
                                     .comment_open = "/*",
                                     .comment_close = "*/",
                                     .comments_nest = true,
                                     .doc_comments = {"///", "//!"},
                                     .quotes = "",
                                     .long_quotes = {"\""},
                                     .quote_is_char = true,
                                     .raw = Raw::rust,
                                     .header_ends = {"=>"},
                                     .semicolons = true});

constexpr Syntax kPhp = with_kinds({.line_comments = {"//", "#"},
                                    .comment_open = "/*",
                                    .comment_close = "*/",
                                    .header_ends = {":", "=>"},
                                    .semicolons = true});

constexpr Syntax kPython = with_kinds({.blocks = Blocks::indentation,
                                       .line_comments = {"#"},
                                       .long_quotes = {"\"\"\"", "'''"},
                                       .header_ends = {":"}});

constexpr Syntax kYaml = with_kinds({.blocks = Blocks::indentation,
                                     .line_comments = {"#"},
                                     .comments_stand_apart = true,
                                     .header_ends = {":", "|", ">", "-", "|-"}});

constexpr Syntax kToml = with_kinds({.line_comments = {"#"}, .long_quotes = {"\"\"\"", "'''"}});

constexpr Syntax kHaskell = with_kinds({.blocks = Blocks::indentation,
                                        .line_comments = {"--"},
                                        .comment_open = "{-",
                                        .comment_close = "-}",
                                        .comments_nest = true,
                                        .doc_comments = {"-- |", "--"},
                                        .quote_is_char = true,
                                        .header_ends = {"=", "where", "do", "->"}});

constexpr Syntax kLua = with_kinds({.blocks = Blocks::words,
                                    .line_comments = {"--"},
                                    .doc_comments = {"---"},
                                    .raw = Raw::lua,
                                    .header_ends = {"then", "else", "do"},
                                    .openers = {"function", "if", "do", "repeat"},
                                    .closers = {"end", "until"}});

constexpr Syntax kRuby = with_kinds(
    {.blocks = Blocks::words,
     .line_comments = {"#"},
     .regex_literals = true,
     .header_ends = {"then", "else", "ensure", "begin"},
     .openers = {"do"},
     .leading_openers = {"def", "class", "module", "begin", "case", "if", "unless", "while", "until", "for"},
     .closers = {"end"}});

constexpr Syntax kElixir = with_kinds({.blocks = Blocks::words,
                                       .line_comments = {"#"},
                                       .long_quotes = {"\"\"\""},
                                       .header_ends = {"->"},
                                       .openers = {"do", "fn"},
                                       .closers = {"end"}});

constexpr Syntax kJulia = with_kinds({.blocks = Blocks::words,
                                      .line_comments = {"#"},
                                      .comment_open = "#=",
                                      .comment_close = "=#",
                                      .long_quotes = {"\"\"\""},
                                      .quote_is_char = true,
                                      .openers = {"do"},
                                      .leading_openers = {"function", "if", "for", "while", "begin", "let",
                                                          "struct", "module", "try", "macro"},
                                      .closers = {"end"}});

constexpr Syntax kShell = with_kinds({.blocks = Blocks::words,
                                      .line_comments = {"#"},
                                      .comments_stand_apart = true,
                                      .verbatim = "'",
                                      .header_ends = {"then", "else", "do", "in"},
                                      .leading_openers = {"if", "do", "case"},
                                      .closers = {"fi", "done", "esac"}});

constexpr Syntax kSql = with_kinds({.line_comments = {"--"},
                                    .comment_open = "/*",
                                    .comment_close = "*/",
                                    .verbatim = "'\"",
                                    .header_ends = {"AS", "as", "BEGIN", "begin"},
                                    .semicolons = true});

constexpr Syntax kLisp = with_kinds({.line_comments = {";"}, .quotes = "", .long_quotes = {"\""}});

constexpr Syntax kJson = with_kinds({.line_comments = {"//"},
                                     .comment_open = "/*",
                                     .comment_close = "*/",
                                     .quotes = "\"",
                                     .header_ends = {":"}});

constexpr Syntax kCss = with_kinds({.comment_open = "/*", .comment_close = "*/"});
constexpr Syntax kScss = with_kinds({.line_comments = {"//"}, .comment_open = "/*", .comment_close = "*/"});

constexpr Syntax kHash =
    with_kinds({.line_comments = {"#"}, .comments_stand_apart = true, .header_ends = {":"}});

constexpr Syntax kTags =
    with_kinds({.blocks = Blocks::tags, .comment_open = "<!--", .comment_close = "-->", .quotes = "\""});

constexpr Syntax kProse = with_kinds({.blocks = Blocks::prose, .quotes = ""});

struct Language {
    std::string_view id;
    const Syntax* syntax;
};

constexpr Language kLanguages[] = {
    {"c", &kC},
    {"cpp", &kC},
    {"cuda-cpp", &kC},
    {"objective-c", &kC},
    {"objective-cpp", &kC},
    {"csharp", &kJava},
    {"java", &kJava},
    {"groovy", &kJava},
    {"kotlin", &kKotlin},
    {"swift", &kKotlin},
    {"scala", &kKotlin},
    {"javascript", &kScript},
    {"javascriptreact", &kScript},
    {"typescript", &kScript},
    {"typescriptreact", &kScript},
    {"vue", &kScript},
    {"svelte", &kScript},
    {"dart", &kDart},
    {"go", &kGo},
    {"rust", &kRust},
    {"zig", &kC},
    {"php", &kPhp},
    {"python", &kPython},
    {"gdscript", &kPython},
    {"starlark", &kPython},
    {"nim", &kPython},
    {"yaml", &kYaml},
    {"dockercompose", &kYaml},
    {"toml", &kToml},
    {"ini", &kToml},
    {"haskell", &kHaskell},
    {"elm", &kHaskell},
    {"lua", &kLua},
    {"luau", &kLua},
    {"ruby", &kRuby},
    {"crystal", &kRuby},
    {"elixir", &kElixir},
    {"julia", &kJulia},
    {"shellscript", &kShell},
    {"sh", &kShell},
    {"bash", &kShell},
    {"zsh", &kShell},
    {"sql", &kSql},
    {"clojure", &kLisp},
    {"lisp", &kLisp},
    {"scheme", &kLisp},
    {"racket", &kLisp},
    {"emacs-lisp", &kLisp},
    {"json", &kJson},
    {"jsonc", &kJson},
    {"json5", &kJson},
    {"css", &kCss},
    {"scss", &kScss},
    {"less", &kScss},
    {"makefile", &kHash},
    {"cmake", &kHash},
    {"dockerfile", &kHash},
    {"perl", &kHash},
    {"r", &kHash},
    {"nix", &kHash},
    {"terraform", &kHash},
    {"html", &kTags},
    {"xml", &kTags},
    {"xsl", &kTags},
    {"markdown", &kProse},
    {"plaintext", &kProse},
    {"text", &kProse},
    {"latex", &kProse},
    {"tex", &kProse},
    {"bibtex", &kProse},
    {"restructuredtext", &kProse},
    {"asciidoc", &kProse},
    {"git-commit", &kProse},
    {"gitcommit", &kProse},
    // As fences in Markdown call them.
    {"c++", &kC},
    {"cs", &kJava},
    {"kt", &kKotlin},
    {"js", &kScript},
    {"jsx", &kScript},
    {"ts", &kScript},
    {"tsx", &kScript},
    {"golang", &kGo},
    {"rs", &kRust},
    {"py", &kPython},
    {"yml", &kYaml},
    {"rb", &kRuby},
    {"console", &kShell},
};

}  // namespace

const Syntax& syntax_of(std::string_view language) {
    const auto* found = std::find_if(std::begin(kLanguages), std::end(kLanguages),
                                     [&](const Language& known) { return known.id == language; });
    return found == std::end(kLanguages) ? kUnknown : *found->syntax;
}

}  // namespace dragoman::completion
