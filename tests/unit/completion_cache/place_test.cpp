#include "server/completion/place.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::completion;

namespace {

/// `file` with the cursor as "|", seen as far as `before` and `after` bytes.
Place place(std::string file, std::size_t before = 12'000, std::size_t after = 4'000,
            std::uint64_t scope = 1) {
    const auto cursor = file.find('|');
    file.erase(cursor, 1);
    return Place{Text{file}, cursor, scope, before, after};
}

/// "typed" or "typed +closers" between two states of a file; "-" where the second does not follow.
std::string between(const std::string& then, const std::string& now, std::size_t before = 12'000,
                    std::size_t after = 4'000) {
    const auto typed = place(now, before, after).typed_since(place(then, before, after).anchor());
    if (!typed) return "-";
    return typed->text + (typed->closers == 0 ? "" : " +" + std::to_string(typed->closers));
}

std::string repeat(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace

TEST_CASE("what was typed since is the text between an anchor and the cursor") {
    CHECK(between("int x|\n", "int x|\n").empty());
    CHECK(between("int x|\n", "int x = 1|\n") == " = 1");
    CHECK(between("|", "a|") == "a");
    CHECK(between("|", "|").empty());
    CHECK(between("f() {|\n}", "f() {\n    go|\n}") == "\n    go");
}

TEST_CASE("deleting back into an anchor holds, deleting beyond it does not") {
    const auto anchor = place("value = co|;").anchor();
    CHECK(place("value = conf|;").typed_since(anchor)->text == "nf");
    CHECK(place("value = co|;").typed_since(anchor)->text.empty());
    CHECK_FALSE(place("value = c|;").typed_since(anchor));
}

TEST_CASE("an edit elsewhere in what was seen is another place") {
    CHECK(between("aaa\nb|c\nddd", "aXa\nbb|c\nddd") == "-");
    CHECK(between("aaa\nb|c\nddd", "aaaa\nb|c\nddd") == "-");
    CHECK(between("aaa\nb|c\nddd", "aaa\nb|c\ndXd") == "-");
    CHECK(between("aaa\nb|c\nddd", "aaa\nb|c\nddd\n") == "-");
    CHECK(between("aaa\nb|c\nddd", "\naaa\nb|c\nddd") == "-");
    CHECK(between("aaa\nb|c\nddd", "aaa\nb|\nddd") == "-");
    CHECK(between("aaa\nb|c\nddd", "aaa\nbc|\nddd") == "-");
}

TEST_CASE("an edit beyond what was seen changes nothing") {
    const std::string lines = repeat("line\n", 20);
    CHECK(between("old" + lines + "b|c\n" + lines + "old", "new" + lines + "bx|c\n" + lines + "new", 60,
                  60) == "x");
    CHECK(
        between("old" + lines + "b|c\n" + lines + "old", "longer" + lines + "b|c\n" + lines, 60, 60).empty());
}

TEST_CASE("a text's start and end that were seen have to be there still") {
    // The window is as long as the text: without its borders the contents would be alike.
    CHECK(between("abc|def", "abc|def", 3, 3).empty());
    CHECK(between("abc|def", "Xabc|def", 4, 3) == "-");
    CHECK(between("abc|def", "abc|defX", 3, 4) == "-");
    CHECK(between("Xabc|defX", "Yabc|defY", 3, 3).empty());
}

TEST_CASE("an anchor knows how much was seen") {
    const auto inside = place("abcdef|ghijkl", 4, 3).anchor();
    CHECK(inside.before == 4);
    CHECK(inside.after == 3);
    CHECK_FALSE(inside.from_start);
    CHECK_FALSE(inside.to_end);
    const auto all = place("abcdef|ghijkl", 6, 6).anchor();
    CHECK(all.from_start);
    CHECK(all.to_end);
    CHECK(place("abcdef|ghijkl", 7, 7).anchor() == all);
}

TEST_CASE("closers that the editor put behind the cursor are no edit") {
    CHECK(between("call|\n", "call(|)\n") == "( +1");
    CHECK(between("call|\n", "call(\"|\")\n") == "(\" +2");
    CHECK(between("x = |;", "x = a[b(|)];") == "a[b( +2");
    CHECK(between("x = |;", "x = f(g(h(`|`)));") == "f(g(h(` +4");
    // An editor that closes brackets but no quotes.
    CHECK(between("call|\n", "call(\"|)\n") == "(\" +1");
    // Typed over: nothing of it is left behind the cursor.
    CHECK(between("call|\n", "call()|\n") == "()");
    CHECK(between("call|)\n", "call(|))\n") == "( +1");
}

TEST_CASE("closers of nothing that was typed are an edit") {
    CHECK(between("call|\n", "call|)\n") == "-");
    CHECK(between("call|\n", "call(|]\n") == "-");
    CHECK(between("call|\n", "calla|)\n") == "-");
    CHECK(between("call|\n", "call(x)|)\n") == "-");
    CHECK(between("call|\n", "call([|)]\n") == "-");
    CHECK(between("x|\n", "x(((((|)))))\n") == "-");
    CHECK(between("call|\n", "call(|);\n") == "-");
}

TEST_CASE("a line break between brackets moves the closing one down") {
    CHECK(between("void f() {|}\n", "void f() {\n    |\n}\n") == "\n    ");
    CHECK(between("  if (a) {|}\n", "  if (a) {\n    go|\n  }\n") == "\n    go");
    CHECK(between("void f() |\n", "void f() {\n    |\n}\n") == "{\n    ");
    CHECK(between("void f() |\n", "void f() {\n    go(|)\n}\n") == "-");
    CHECK(between("void f() {|\n", "void f() {\n    |\n}\n") == "-");
    CHECK(between("void f() {|}\n", "void f() { a|\n}\n") == "-");
}

TEST_CASE("files with other line ends tell typed text alike") {
    CHECK(between("f() {|\r\n}\r\n", "f() {\r\n\tgo|\r\n}\r\n") == "\n\tgo");
    CHECK(between("f() {|}\r\n", "f() {\r\n\t|\r\n}\r\n") == "\n\t");
    CHECK(between("a|\rb", "a\rc|\rb") == "\nc");
    CHECK(between("a|\nb", "a|\r\nb") == "-");
}

TEST_CASE("a place lies between characters and outside of line ends") {
    const std::string text = "naïve\r\n";  // ï is bytes 2 and 3
    const auto at = [&](std::size_t cursor) { return Place{Text{text}, cursor, 1, 100, 100}.anchor(); };
    CHECK(at(3) == at(2));
    CHECK(at(7) == at(6));
    CHECK(at(99) == at(8));
    CHECK(between("|", "日本|") == "日本");
    // The bytes in front of a cut character are alike, but it is no place.
    const auto anchor = place("日本|", 100, 0).anchor();
    CHECK_FALSE(place("日本語|", 100, 0).typed_since(anchor, 1));
    CHECK(place("日本語|", 100, 0).typed_since(anchor, 3)->text == "語");
}

TEST_CASE("other scopes are other places") {
    const auto anchor = place("a|", 100, 100, 1).anchor();
    CHECK_FALSE(place("a|", 100, 100, 2).typed_since(anchor));
    CHECK_FALSE(place("a|", 100, 100, 2).typed_since(anchor, 0));
    CHECK(place("a|", 100, 100, 2).tails().front() != anchor.tail_hash);
}

TEST_CASE("an anchor is looked for as far back as was said") {
    const auto anchor = place("start|", 100, 100).anchor();
    const auto text = "start" + repeat("x", 50);
    const auto since = [&](std::size_t typed) {
        return Place{Text{text}, text.size(), 1, 100, 100, typed}.typed_since(anchor);
    };
    CHECK(since(50)->back == 50);
    CHECK_FALSE(since(49));
    CHECK(Place(Text{text}, text.size(), 1, 100, 100, 49).tails().size() == 50);
}

TEST_CASE("tails are those of the places further back") {
    const auto text = repeat("abcde\n", 40);
    for (const std::size_t before : {0U, 5U, 50U, 500U}) {
        const Place now{Text{text}, text.size(), 7, before, 10, 200};
        for (std::size_t back = 0; back < now.tails().size(); ++back) {
            const Place then{Text{text}, text.size() - back, 7, before, 10, 200};
            CHECK(then.anchor().tail_hash == now.tails()[back]);
        }
    }
}

TEST_CASE("a digest depends on every part, its borders and their order") {
    CHECK(digest({"a", "bc"}) == digest({"a", "bc"}));
    CHECK(digest({"a", "bc"}) != digest({"ab", "c"}));
    CHECK(digest({"a", "b"}) != digest({"b", "a"}));
    CHECK(digest({"a"}) != digest({"a", ""}));
    CHECK(digest({}) != digest({""}));
}
