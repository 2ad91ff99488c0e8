#include "server/completion/cache.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::completion;

namespace {

Place place(std::string file, std::uint64_t scope = 1) {
    const auto cursor = file.find('|');
    file.erase(cursor, 1);
    return Place{Text{file}, cursor, scope, 12'000, 4'000};
}

/// A cache whose texts were made at places in files.
struct Filled {
    Cache cache;
    explicit Filled(CacheLimits limits = {}) : cache{limits} {}
    Filled(const std::string& file, const std::string& text) { put(file, text); }

    void put(const std::string& file, const std::string& text, const std::string& id = "c1",
             bool whole = true) {
        cache.put(place(file).anchor(), text, whole, id);
    }
    /// What is found, one after the other with " / " between; "-" for nothing.
    std::string find(const std::string& file, std::size_t most = 3) {
        std::string out;
        for (const auto& hit : cache.find(place(file), most)) {
            out += (out.empty() ? "" : " / ") + (hit.rest.empty() ? "(nothing)" : hit.rest) +
                   (hit.closers == 0 ? "" : " over " + std::to_string(hit.closers));
        }
        return out.empty() ? "-" : out;
    }
};

}  // namespace

TEST_CASE("typing the next characters of a suggestion leaves the rest of it") {
    Filled filled{"int total = |;", "first + second"};
    CHECK(filled.find("int total = |;") == "first + second");
    CHECK(filled.find("int total = f|;") == "irst + second");
    CHECK(filled.find("int total = first + |;") == "second");
    CHECK(filled.find("int total = fo|;") == "-");
    CHECK(filled.find("int total = fi|;") == "rst + second");  // after deleting back
    CHECK(filled.find("int total =|;") == "-");
}

TEST_CASE("accepting a line or a word of a suggestion leaves the rest of it") {
    Filled filled{"void f() {|\n}\n", "\n    one();\n    two();"};
    CHECK(filled.find("void f() {\n    one();|\n}\n") == "\n    two();");
    CHECK(filled.find("void f() {\n    one|\n}\n") == "();\n    two();");
    CHECK(filled.find("void f() {\n    one();\n    two();|\n}\n") == "-");
}

TEST_CASE("a suggestion is not found again after an edit elsewhere, and is after its undo") {
    Filled filled{"int a;\nint b = |;\nint c;", "a + 1"};
    CHECK(filled.find("int x;\nint b = a|;\nint c;") == "-");
    CHECK(filled.find("int a;\nint b = a|;\nint d;") == "-");
    CHECK(filled.find("int a;\nint b = a|;\nint c;") == " + 1");
}

TEST_CASE("a suggestion belongs to its scope") {
    Cache cache;
    cache.put(place("a|", 1).anchor(), "b", true, "c1");
    CHECK(cache.find(place("a|", 2)).empty());
    CHECK(cache.find(place("a|", 1)).size() == 1);
}

TEST_CASE("the suggestion that was made nearest comes first, then the newer") {
    Filled filled;
    filled.put("a|", "bcd old", "c1");
    filled.put("a|", "bcd new", "c2");
    filled.put("ab|", "cd near", "c3");
    CHECK(filled.find("ab|") == "cd near / cd new / cd old");
    CHECK(filled.find("ab|", 1) == "cd near");
    CHECK(filled.find("a|") == "bcd new / bcd old");
}

TEST_CASE("two suggestions that go on alike are one") {
    Filled filled;
    filled.put("a|", "bcd", "c1");
    filled.put("ab|", "cd", "c2");
    CHECK(filled.find("ab|") == "cd");
    CHECK(filled.find("abc|") == "d");
}

TEST_CASE("more of the same generation replaces what there was of it") {
    Filled filled;
    filled.put("a|", "b", "c1", false);
    filled.put("a|", "b and more", "c1");
    CHECK(filled.cache.size() == 1);
    const auto hits = filled.cache.find(place("a|"));
    REQUIRE(hits.size() == 1);
    CHECK(hits.front().rest == "b and more");
    CHECK(hits.front().whole);
    CHECK(hits.front().id == "c1");
}

TEST_CASE("that a model had nothing to add holds for the very place") {
    Filled filled{"done();|\n", ""};
    CHECK(filled.find("done();|\n") == "(nothing)");
    CHECK(filled.find("done();\n|\n") == "-");
    CHECK(filled.find("done()|\n") == "-");
}

TEST_CASE("an answer that was stopped before it said anything is not kept") {
    Filled filled;
    filled.put("a|", "", "c1", false);
    CHECK(filled.cache.size() == 0);
}

TEST_CASE("closers of the editor are told with what is found") {
    Filled filled{"x = |\n", "call(a, b);"};
    CHECK(filled.find("x = call(|)\n") == "a, b); over 1");
    CHECK(filled.find("x = call(a|)\n") == ", b); over 1");
    CHECK(filled.find("x = call(a, b)|\n") == ";");
}

TEST_CASE("the editor's indentation may be other blanks than the suggestion's") {
    struct {
        std::string typed, text, rest;
    } const rows[] = {
        {"\n\t", "\n    return 1;", "return 1;"},          // tabs for spaces
        {"\n    ", "\n\treturn 1;", "return 1;"},          // spaces for tabs
        {"\n\tret", "\n    return 1;", "urn 1;"},          // and typed on
        {"\n\tone;\n\ttw", "\n    one;\n    two;", "o;"},  // several lines
        {"\n  ", "\n    return 1;", "  return 1;"},        // the beginning of the same blanks
        {"\n", "\n    return 1;", "    return 1;"},        // an editor that indents nothing
        {"\n  ret", "\n    return 1;", "urn 1;"},          // one that wants the line further left
        {"\n    ", "\n\n    two;", "\n    two;"},          // an empty line keeps no blanks
        {"\n    \n    t", "\n\n    two;", "wo;"},          // nor where it was left behind
        {"\n\n    t", "\n    \n    two;", "wo;"},          // nor where the model wrote some
        {"\n        ", "\n    }", "-"},                    // the line belongs further left
        {"\n    ", "\n}", "-"},                            // as does this one
        {"\n    x", "\nx", "-"},                           // typed there all the same
        {"\n\tother", "\n    return 1;", "-"},             // other words
        {" x\n\t", "\tx\n    y", "-"},                     // blanks where no line begins count
        {"a \n\tb", "a\n    b", "-"},                      // as they do at a line's end
    };
    for (const auto& row : rows) {
        INFO(row.typed << " of " << row.text);
        Filled filled{"f() {|\n}", row.text};
        CHECK(filled.find("f() {" + row.typed + "|\n}") == row.rest);
    }
}

TEST_CASE("the least recently used go when there are too many") {
    Filled filled{CacheLimits{.entries = 2}};
    filled.put("a|", "1");
    filled.put("b|", "2");
    CHECK(filled.find("a|") == "1");
    filled.put("c|", "3");
    CHECK(filled.cache.size() == 2);
    CHECK(filled.find("a|") == "1");
    CHECK(filled.find("b|") == "-");
    CHECK(filled.find("c|") == "3");
}

TEST_CASE("the least recently used go when they are too large") {
    Filled filled{CacheLimits{.entries = 1000, .bytes = 10'000}};
    for (int i = 0; i < 100; ++i) {
        filled.put(std::to_string(i) + "|", std::string(3'000, 'x'));
        CHECK(filled.cache.size() <= 3);
    }
    CHECK(filled.find("98|") != "-");
    filled.put("large|", std::string(20'000, 'x'));
    CHECK(filled.find("large|") == "-");
    CHECK(filled.find("98|") != "-");
}

TEST_CASE("a cleared cache has nothing and takes new texts") {
    Filled filled{"a|", "b"};
    filled.cache.clear();
    CHECK(filled.cache.size() == 0);
    CHECK(filled.find("a|") == "-");
    filled.put("a|", "c");
    CHECK(filled.find("a|") == "c");
}

TEST_CASE("a text that repeats itself without end is searched in bounded time") {
    Filled filled;
    const std::string spaces(8'000, ' ');
    for (int i = 0; i < 1'000; ++i) {
        filled.put(spaces.substr(0, 4'000 + static_cast<std::size_t>(i)) + "|", "x" + std::to_string(i));
    }
    CHECK(filled.find(spaces + "|") == "-");
    CHECK(filled.find(spaces.substr(0, 4'999) + "|") == "x999");
}
