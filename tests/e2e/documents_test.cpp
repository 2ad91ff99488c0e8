// What the daemon believes the editor's text to be, seen from outside: a model that fills holes is sent the
// text around the cursor, so the text it gets is the text the daemon has.
#include "tests/e2e/setup.h"
#include "tests/unit/documents/reference_text.h"

#include <catch2/catch_all.hpp>

#include <random>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const Json kNothing{{"items", Json::array()}};

Json position(int line, int character) { return {{"line", line}, {"character", character}}; }
Json range(const Json& start, const Json& end) { return {{"start", start}, {"end", end}}; }

/// A session in which positions count in `encoding`.
struct Counting : Session {
    explicit Counting(const std::string& encoding)
        : Session{"llamacpp",
                  Json::object(),
                  {{"capabilities", {{"general", {{"positionEncodings", Json::array({encoding})}}}}}}} {}

    void change(const std::string& uri, const Json& changes, int version = 2) {
        editor.notify("textDocument/didChange",
                      {{"textDocument", {{"uri", uri}, {"version", version}}}, {"contentChanges", changes}});
    }
    /// The response to an inline completion at that place, for which the model says `said`.
    Json complete(const std::string& uri, int line, int character, const std::string& said = "name") {
        gateway.answer(Script::answer(said));
        return editor.result(editor.inline_completion(uri, line, character));
    }
    Json hole() { return gateway.journal().requests.back().json; }
};

struct Columns {
    const char* encoding;
    int after, inside;  // the emoji of a😀b
};
const Columns kColumns[]{{"utf-16", 3, 2}, {"utf-8", 5, 3}, {"utf-32", 2, 1}};

}  // namespace

TEST_CASE("columns count in the units that were agreed on, in both directions", "[E57][E58][E61]") {
    const Columns one = GENERATE(from_range(kColumns));
    CAPTURE(one.encoding);
    Counting c{one.encoding};
    c.editor.open("file:///a.cpp", "cpp", "a😀b = ");
    c.change("file:///a.cpp",
             Json::array(
                 {{{"range", range(position(0, one.after), position(0, one.after + 1))}, {"text", "cc"}}}));
    const Json result = c.complete("file:///a.cpp", 0, one.after + 5);
    CHECK(c.hole()["input_prefix"] == "a😀cc = ");
    REQUIRE(result["items"].size() == 1);
    CHECK(result["items"][0]["range"]["end"] == position(0, one.after + 5));
    c.editor.quit();
}

TEST_CASE("a place inside a character is the character's start", "[E62]") {
    const Columns one = GENERATE(from_range(kColumns));
    if (one.encoding == std::string{"utf-32"}) return;  // no character has an inside there
    CAPTURE(one.encoding);
    Counting c{one.encoding};
    c.editor.open("file:///a.cpp", "cpp", "a😀 b");
    const Json result = c.complete("file:///a.cpp", 0, one.inside);
    CHECK(c.hole()["input_prefix"] == "a");
    CHECK(c.hole()["input_suffix"] == "😀 b");
    REQUIRE(result["items"].size() == 1);
    CHECK(result["items"][0]["range"]["end"] == position(0, 1));
    c.change("file:///a.cpp",
             Json::array({{{"range", range(position(0, 0), position(0, one.inside))}, {"text", ""}}}));
    c.complete("file:///a.cpp", 0, 0);
    CHECK(c.hole()["input_suffix"] == "😀 b");
    c.editor.quit();
}

TEST_CASE("an edit past the end of a line or of the text happens at that end", "[E63][F70]") {
    Counting c{"utf-16"};
    c.editor.open("file:///a.cpp", "cpp", "one\r\ntwo\u2028still two");
    c.change("file:///a.cpp",
             Json::array({{{"range", range(position(0, 99), position(0, 99))}, {"text", "!"}},
                          {{"range", range(position(77, 5), position(99, 0))}, {"text", "?"}}}));
    c.complete("file:///a.cpp", 1, 14);
    CHECK(c.hole()["input_prefix"] == "one!\ntwo\u2028still two?");
    // A completion there is not asked for: the cursor cannot be where no text is.
    CHECK(c.editor.result(c.editor.inline_completion("file:///a.cpp", 1, 99)) == kNothing);
    CHECK(c.editor.result(c.editor.inline_completion("file:///a.cpp", 5, 0)) == kNothing);
    c.editor.quit();
}

TEST_CASE("what was accepted counts in UTF-16 whatever was agreed on", "[E64]") {
    const Columns one = GENERATE(from_range(kColumns));
    CAPTURE(one.encoding);
    Counting c{one.encoding};
    c.editor.open("file:///a.cpp", "cpp", "s = ");
    const Json item = c.complete("file:///a.cpp", 0, 4, "\"a😀b\";")["items"][0];
    const auto text = item["insertText"].get<std::string>();
    const std::string accepted = text.substr(0, text.find("b"));
    const auto units = dragoman::units_before(accepted, accepted.size(), dragoman::PositionEncoding::utf16);
    c.editor.notify("textDocument/didPartiallyAcceptCompletion", {{"item", item}, {"acceptedLength", units}});
    const Json trail = c.editor.call("dragoman/trail", {{"limit", 1}})["entries"][0];
    CHECK_THAT(trail["steps"].dump(), ContainsSubstring("byte " + std::to_string(accepted.size()) + "\""));
    c.editor.quit();
}

TEST_CASE("changes of one notification apply one after the other, full texts in between",
          "[F65][F66][F67][F68]") {
    Counting c{"utf-16"};
    c.editor.open("file:///a.cpp", "cpp", "zero", 7);
    const Json begin = range(position(0, 0), position(0, 0));
    c.change(
        "file:///a.cpp",
        Json::array({{{"range", begin}, {"text", "lost "}},
                     {{"text", "one two"}},
                     {{"range", range(position(0, 3), position(0, 4))}, {"rangeLength", 99}, {"text", "\n"}},
                     {{"range", range(position(1, 3), position(1, 3))}, {"text", " three"}}}),
        3);
    c.complete("file:///a.cpp", 1, 9);
    CHECK(c.hole()["input_prefix"] == "one\ntwo three");
    c.editor.quit();
}

TEST_CASE("documents are opened again, closed twice and changed unopened without harm", "[F68][F69]") {
    Counting c{"utf-16"};
    c.change("file:///never.cpp", Json::array({{{"text", "x"}}}));
    c.editor.notify("textDocument/didClose", {{"textDocument", {{"uri", "file:///never.cpp"}}}});
    c.editor.wait_stderr("didChange");
    c.editor.wait_stderr("didClose");
    c.editor.open("file:///a.cpp", "cpp", "first", 5);
    c.editor.open("file:///a.cpp", "cpp", "second", 0);
    c.complete("file:///a.cpp", 0, 6);
    CHECK(c.hole()["input_prefix"] == "second");
    c.editor.quit();
}

TEST_CASE("texts of every kind reach the model whole and as valid UTF-8", "[F71][F72][F73]") {
    struct Case {
        std::string escaped;  // inside a JSON string
        std::string seen;
    };
    const Case one = GENERATE(
        Case{"", ""}, Case{"\\n", "\n"}, Case{"no end", "no end"},
        Case{"nul \\u0000 nul", std::string{"nul \0 nul", 9}}, Case{"\\uFEFFbom", "\uFEFFbom"},
        Case{"half \\ud83d a pair", "half \uFFFD a pair"}, Case{"other half \\ude00", "other half \uFFFD"},
        Case{"turned \\ude00\\ud83d", "turned \uFFFD\uFFFD"},
        Case{"a\\rb\\u2028c\\u0085d", "a\nb\u2028c\u0085d"});
    CAPTURE(one.escaped);
    Counting c{"utf-16"};
    c.editor.send_raw(TestEditor::frame(
        R"({"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a.cpp","languageId":"cpp","version":1,"text":")" +
        one.escaped + R"("}}})"));
    c.complete("file:///a.cpp", 0, 0);
    // The gateway parses strictly: a body that is not UTF-8 would be no JSON.
    REQUIRE(c.hole().is_object());
    CHECK(c.hole()["input_prefix"].get<std::string>() + c.hole()["input_suffix"].get<std::string>() ==
          one.seen);
    c.editor.quit();
}

TEST_CASE("documents of any scheme are served, and one file under two spellings is one", "[F74]") {
    struct Case {
        const char* opened;
        const char* asked;
    };
    const Case one = GENERATE(Case{"file:///C%3A/x y.cpp", "file:///c:/x%20y.cpp"},
                              Case{"file:///c:/x.cpp", "file:///c%3a/x.cpp"},
                              Case{"file:///m%C3%BCll.cpp", "file:///m%c3%bcll.cpp"},
                              Case{"untitled:Untitled-1", "untitled:Untitled-1"},
                              Case{"vscode-notebook-cell:/n.ipynb#C1", "vscode-notebook-cell:/n.ipynb#C1"},
                              Case{"git:/a.cpp?ref=HEAD", "git:/a.cpp?ref=HEAD"});
    CAPTURE(one.opened);
    Counting c{"utf-16"};
    c.editor.open(one.opened, "cpp", "int x = ");
    CHECK(c.complete(one.asked, 0, 8)["items"].size() == 1);
    CHECK(c.hole()["input_prefix"] == "int x = ");
    c.editor.quit();
}

TEST_CASE("a thousand documents are open at once", "[F75]") {
    Counting c{"utf-16"};
    const auto uri = [](int i) { return "file:///d/" + std::to_string(i) + ".cpp"; };
    for (int i = 0; i < 1000; ++i) c.editor.open(uri(i), "cpp", "int x" + std::to_string(i) + " = ");
    for (const int i : {0, 499, 999}) {
        c.complete(uri(i), 0, 8);
        CHECK_THAT(c.hole()["input_prefix"].get<std::string>(),
                   ContainsSubstring("int x" + std::to_string(i)));
    }
    for (int i = 0; i < 1000; ++i)
        c.editor.notify("textDocument/didClose", {{"textDocument", {{"uri", uri(i)}}}});
    CHECK(c.editor.result(c.editor.inline_completion(uri(499), 0, 8)) == kNothing);
    c.editor.quit();
}

TEST_CASE("saving is heard with and without the text", "[F76]") {
    Counting c{"utf-16"};
    c.editor.open("file:///a.cpp", "cpp", "int x = ");
    const Json document{{"uri", "file:///a.cpp"}};
    c.editor.notify("textDocument/didSave", {{"textDocument", document}});
    c.editor.notify("textDocument/didSave", {{"textDocument", document}, {"text", "something else"}});
    c.complete("file:///a.cpp", 0, 8);
    CHECK(c.hole()["input_prefix"] == "int x = ");
    c.editor.quit();
}

TEST_CASE("a line of 5 MB is typed at its end", "[F77]") {
    Counting c{"utf-16"};
    constexpr int kLength = 5'000'000, kTyped = 1000;
    c.editor.open("file:///a.js", "javascript", std::string(kLength, 'a'));
    for (int i = 0; i < kTyped; ++i) {
        const Json end = position(0, kLength + i);
        c.change("file:///a.js", Json::array({{{"range", range(end, end)}, {"text", "b"}}}), i + 2);
    }
    c.complete("file:///a.js", 0, kLength + kTyped);
    const auto prefix = c.hole()["input_prefix"].get<std::string>();
    CHECK(prefix.size() < 100'000);
    CHECK(prefix.ends_with("a" + std::string(kTyped, 'b')));
    c.editor.quit();
}

TEST_CASE("thousands of random edits leave the editor and the daemon with one text", "[F78]") {
    using dragoman::PositionEncoding;
    const auto [name, encoding] =
        GENERATE(table<std::string, PositionEncoding>({{"utf-8", PositionEncoding::utf8},
                                                       {"utf-16", PositionEncoding::utf16},
                                                       {"utf-32", PositionEncoding::utf32}}));
    CAPTURE(name);
    std::mt19937 random{static_cast<unsigned>(encoding) + 11};
    const std::vector<std::string> alphabet{"a", "b ", "\t", "\n",     "\r\n", "\r",
                                            "é", "→",  "😀",  "\u2028", "word_"};
    Counting c{name};
    std::string expected;
    c.editor.open("file:///a.txt", "text", expected);
    for (int step = 0; step < 10'000; ++step) {
        const ReferenceText reference{expected};
        const auto line = static_cast<std::int64_t>(random() % (reference.lines().size() + 1));
        const dragoman::Position start{line, static_cast<std::int64_t>(random() % 20)};
        dragoman::Position end{line + (random() % 8 == 0 ? 1 : 0),
                               start.character + static_cast<std::int64_t>(random() % 4)};
        if (expected.size() > 1500) end.line += 20;
        std::string inserted;
        for (auto pieces = random() % 4; pieces > 0; --pieces)
            inserted += alphabet[random() % alphabet.size()];
        const std::size_t from = reference.offset_of(start, encoding),
                          to = std::max(from, reference.offset_of(end, encoding));
        expected.replace(from, to - from, inserted);
        c.change("file:///a.txt",
                 Json::array({{{"range", range({{"line", start.line}, {"character", start.character}},
                                               {{"line", end.line}, {"character", end.character}})},
                               {"text", inserted}}}),
                 step + 2);
    }
    // Attached to a question, a document is sent with its line ends as they are.
    c.gateway.answer(Script::answer("ok"));
    c.editor.result(c.editor.chat(
        "Same?", nullptr, {{"context", Json::array({{{"kind", "file"}, {"uri", "file:///a.txt"}}})}}));
    CHECK(c.gateway.journal().requests.back().prompt_text().find("\n" + expected) != std::string::npos);
    c.editor.quit();
}
