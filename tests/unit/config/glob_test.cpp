#include "server/config/glob.h"

#include "tests/unit/config/bench.h"

#include <catch2/catch_all.hpp>

using dragoman::config::Glob;
using dragoman::test::Bench;

TEST_CASE("globs say what they say in editors") {
    struct Case {
        std::string pattern, text;
        bool matches;
    };
    const Case one = GENERATE(values<Case>({
        {"*.pem", "a.pem", true},
        {"*.pem", "d/a.pem", false},
        {"**/*.pem", "a.pem", true},
        {"**/*.pem", "/x/y/a.pem", true},
        {"**/.env*", ".env", true},
        {"**/.env*", "a/b/.env.local", true},
        {"**/.env*", "a/b.env", false},
        {"**/id_*", "home/.ssh/id_rsa", true},
        {"**/id_*", "home/grid_a", false},
        {"a/**/b", "a/b", true},
        {"a/**/b", "a/x/y/b", true},
        {"a/**/b", "a/xb", false},
        {"secret/", "secret/a/b", true},
        {"secret/", "secrets/a", false},
        {"secret/**", "secret", false},
        {"a**b", "a/x/b", true},
        {"?.c", "x.c", true},
        {"?.c", "\xC3\xA4.c", true},
        {"?.c", "/.c", false},
        {"?", "ab", false},
        {"[a-c]x", "bx", true},
        {"[!a-c]x", "bx", false},
        {"[!a-c]x", "/x", false},
        {"[]x]", "]", true},
        {"[a", "[a", true},
        {"{a,b}.txt", "b.txt", true},
        {"{a,b}.txt", "c.txt", false},
        {"{a,{b,c}d}", "cd", true},
        {"{a,}b", "b", true},
        {"{**/x,y}", "p/q/x", true},
        {"{a", "{a", true},
        {"a}", "a}", true},
        {"a,b", "a,b", true},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"\xff*", "\xff\x80", true},
    }));
    INFO(one.pattern << " on " << one.text);
    CHECK(Glob{one.pattern}.matches(one.text) == one.matches);
}

TEST_CASE("a hostile glob costs no more than its length times the text's") {
    std::string braces, stars;
    for (int i = 0; i < 30; ++i) braces += "{a,a}";
    for (int i = 0; i < 64; ++i) stars += "a**";
    CHECK(Glob{braces}.matches(std::string(30, 'a')));
    CHECK_FALSE(Glob{braces}.matches(std::string(31, 'a')));
    CHECK_FALSE(Glob{stars + "b"}.matches(std::string(4096, 'a')));
    CHECK(Glob{std::string(200, '{') + std::string(200, '}')}.matches("") ==
          Glob{std::string(200, '{') + std::string(200, '}')}.matches(""));
}

TEST_CASE("files are excluded by name, by path in the project and by absolute path") {
    Bench bench;
    const auto effective = bench.with_user(R"({"privacy": {"exclude":
        ["*.key", "secrets/*.txt", "/home/u/private/**", "/top.c", "*codestral*"]}})");
    CHECK(effective->excluded("/home/u/src/app/deep/a.key"));
    CHECK(effective->excluded("/elsewhere/a.key"));
    CHECK(effective->excluded("/home/u/src/app/secrets/a.txt"));
    CHECK(effective->excluded("/home/u/src/app/x/../secrets/a.txt"));
    CHECK_FALSE(effective->excluded("/elsewhere/secrets/a.txt"));
    CHECK_FALSE(effective->excluded("/home/u/src/app/secrets/deep/a.txt"));
    CHECK(effective->excluded("/home/u/private/x/y"));
    CHECK(effective->excluded("/home/u/src/app/top.c"));
    CHECK_FALSE(effective->excluded("/home/u/src/app/lib/top.c"));
    CHECK_FALSE(effective->excluded("/home/u/src/app/main.c"));
}

TEST_CASE("keys and environment files are excluded when nothing is said") {
    Bench bench;
    CHECK(bench.effective()->excluded("/home/u/src/app/.env"));
    CHECK(bench.effective()->excluded("/home/u/src/app/a/.env.local"));
    CHECK(bench.effective()->excluded("/home/u/.ssh/id_ed25519"));
    CHECK_FALSE(bench.effective()->excluded("/home/u/src/app/environment.c"));
}

TEST_CASE("a glob holds a path that it matches, or whose folders it matches from a place on") {
    const auto held = [](const std::string& pattern, const std::u32string& path, std::size_t from) {
        bool out = Glob{pattern}.matches(path);
        for (std::size_t at = from; at < path.size(); ++at)
            out = out || (path[at] == U'/' && Glob{pattern}.matches(std::u32string_view{path}.substr(0, at)));
        return out;
    };
    for (const char* pattern :
         {"a", "*", "**", "a/*", "**/b", "a/", "/a", "{,a}", "{a,a/b}/c", "?", "[ab]", ""}) {
        for (const char32_t* path : {U"a", U"a/b", U"a/b/c", U"/a/b", U"b/a", U"c/b/a/", U"//", U""}) {
            for (std::size_t from = 0; from < 6; ++from) {
                CAPTURE(pattern, from);
                CHECK(Glob{pattern}.holds(path, from) == held(pattern, path, from));
            }
        }
    }
}
