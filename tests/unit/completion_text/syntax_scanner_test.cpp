// What is code, comment or string, and which brackets are open.

#include "server/completion/text/scanner.h"

#include <catch2/catch_all.hpp>

#include <string>
#include <string_view>

using namespace dragoman::completion;

namespace {

struct Seen {
    std::string open;  // the brackets
    Region region = Region::code;
    int oddities = 0;
};

// Of a text without a line end behind it: as the cursor stands there.
Seen scan(std::string_view text, std::string_view language) {
    Scanner scanner{syntax_of(language)};
    Region region = Region::code;
    for (std::size_t at = 0; at <= text.size();) {
        const Line line = scanner.scan(text, at);
        region = line.ends_in;
        at = line.end + 1;
    }
    Seen seen{.open = {}, .region = region, .oddities = scanner.oddities()};
    for (const Bracket& bracket : scanner.brackets()) seen.open += bracket.open;
    return seen;
}

struct Row {
    std::string_view language, text, open;
    Region region = Region::code;
};

void check(std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        CAPTURE(row.language, row.text);
        const Seen seen = scan(row.text, row.language);
        CHECK(seen.open == row.open);
        CHECK(static_cast<int>(seen.region) == static_cast<int>(row.region));
    }
}

}  // namespace

TEST_CASE("brackets in strings and comments do not count") {
    check({
        {"cpp", "f({\"(\", '[', /* { */ // (", "({", Region::line_comment},
        {"cpp", "a(\"\\\"(\");", ""},
        {"cpp", "x = 1'000'000 + '{';\nf(", "("},
        {"cpp", "R\"x()\" {\n)x\" + u8'(' [", "["},
        {"cpp", "\"a \\\n( b\" {", "{"},
        {"cpp", "// it's (\n{", "{"},
        {"python", "'''\n(it's\n''' [", "["},
        {"python", "f'{(' + rb\"[\" (", "("},
        {"python", "# don't (\n{", "{"},
        {"typescript", "`${f({a: `(`})} {` [", "["},
        {"typescript", "`${f(", "$("},
        {"typescript", "x = /[/'\"(]/g; y = a / b / (", "("},
        {"typescript", "return /\\//.test(", "("},
        {"java", "\"\"\"\n {\" \n\"\"\" (", "("},
        {"go", "`\\` + '\\'' + string('{') (", "("},
        {"rust", "fn f<'a, 'b>(x: &'a str) { let c = '('; r#\"\"{\"# [", "{["},
        {"rust", "\"one {\ntwo\" (", "("},
        {"rust", "/* /* ( */ ( */ [", "["},
        {"lua", "[==[ ]] ( ]==] .. t[1] {", "{"},
        {"lua", "--[[ ( ]] f( -- [", "(", Region::line_comment},
        {"yaml", "a: it's [", "["},
        {"yaml", "a: b#c {", "{"},
        {"shellscript", "echo $# ${#a} '\\' {", "{"},
        {"haskell", "foldl' f x' ( -- [\n{- { -}", "("},
        {"x", "don't ( it's", "("},
    });
}

TEST_CASE("words open and close blocks where they stand for that") {
    check({
        {"lua", "function f() if x then", "ww"},
        {"lua", "for i = 1, 2 do while y do end", "w"},
        {"lua", "repeat f() until x", ""},
        {"lua", "a.end = b:if_() ", ""},
        {"ruby", "def f\n  return 1 if x\n  while y do", "ww"},
        {"ruby", "x = case y\n", "w"},
        {"shellscript", "if a; then b; fi; for x in done; do", "w"},
        {"shellscript", "echo if do fi", ""},
        {"elixir", "def f, do: 1", ""},
    });
}

TEST_CASE("a scan recovers from what is not closed or not opened") {
    check({
        {"cpp", "f(\n}\n{", "({"},
        {"cpp", "{ f(a[ }", ""},
        {"cpp", "} ) ]\n(", "("},
        {"cpp", "\"open {\n[", "["},
        {"cpp", "end of a ( comment */ {", "{"},
        {"python", "x = \"\"\"\n(", "", Region::string},
        {"cpp", "/* (", "", Region::block_comment},
    });
}

TEST_CASE("a text that begins inside of a string looks odd when read as code") {
    const std::string_view tail =
        "Says it.\n    \"\"\"\n    return 1\n\ndef g():\n    \"\"\"Says: x.\"\"\"\n";
    const Syntax& python = syntax_of("python");
    Scanner inside = Scanner::within(python, "\"\"\"");
    for (std::size_t at = 0; at < tail.size();) at = inside.scan(tail, at).end + 1;
    CHECK(inside.oddities() == 0);
    CHECK(inside.region() == Region::code);
    CHECK(scan(tail, "python").oddities > 0);
    CHECK(scan("def f():\n    \"\"\"Says it.\"\"\"\nx = \"\"\"\na\n\"\"\"\n", "python").oddities == 0);
}

TEST_CASE("a line knows its indentation and the statement that it belongs to") {
    const std::string_view text = "  foo(a,\n      b) {\n\t  x\n  }\n";
    Scanner scanner{syntax_of("cpp")};
    const Line first = scanner.scan(text, 0);
    const Line second = scanner.scan(text, first.end + 1);
    CHECK(first.depth_after == 1);
    CHECK(second.indent == 6);
    CHECK(second.statement_indent == 2);
    CHECK(second.statement == first.begin);
    CHECK(scanner.brackets().back().indent == 2);
    const Line third = scanner.scan(text, second.end + 1);
    CHECK(third.indent == 10);
    scanner.set_floor(1, 0);
    const Line last = scanner.scan(text, third.end + 1);
    CHECK(last.fell_at == text.size() - 2);
    CHECK(last.closed == '{');
    CHECK(columns(" \t \tx") == 16);
}

TEST_CASE("a long line is scanned in one pass, whatever it holds") {
    // Nothing to measure: a scan that looks back or ahead without bound would not come to its end in time.
    for (const std::string_view piece :
         {"(", "}", "(}", "'", "/", "R\"", "r#", "[=", "--[", "\"", "`${", "a"}) {
        std::string text;
        while (text.size() < 400'000) text += piece;
        for (const std::string_view language : {"cpp", "typescript", "rust", "lua", "ruby"}) {
            CHECK(scan(text, language).open.size() <= text.size());
        }
    }
}

TEST_CASE("brackets that are nested deeper than is listed are closed all the same") {
    constexpr std::size_t kDeep = 5'000;
    for (const std::size_t closed : {std::size_t{0}, std::size_t{1}, kDeep - 300, kDeep - 1, kDeep}) {
        Scanner scanner{syntax_of("cpp")};
        scanner.scan(std::string(kDeep, '{') + std::string(closed, '}'), 0);
        const std::size_t open = kDeep - closed;
        CHECK(scanner.depth() == static_cast<int>(open));
        CHECK(scanner.brackets().size() <= open);
        CHECK(scanner.brackets().empty() == (open == 0));
    }
}

TEST_CASE("an unknown language reads as brackets and C comments") {
    CHECK(&syntax_of("no such language") == &syntax_of(""));
    CHECK(&syntax_of("cpp") != &syntax_of(""));
    CHECK(&syntax_of("typescriptreact") == &syntax_of("javascript"));
}
