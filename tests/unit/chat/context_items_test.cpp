// What a model gets to read of what was attached.
#include "server/chat/context_items.h"

#include "tests/unit/chat/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using namespace dragoman::chat;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

namespace {

struct Attachments : ChatBench {
    Result<std::string, std::string> write(ContextItem item) {
        return write_question("Q", {std::move(item)}, *config, documents, disk);
    }
    std::string written(ContextItem item) {
        const auto out = write(std::move(item));
        REQUIRE(out);
        return *out;
    }
    std::string why_not(ContextItem item) {
        const auto out = write(std::move(item));
        REQUIRE_FALSE(out);
        return out.error();
    }
};

}  // namespace

TEST_CASE("each kind of item is written before the question") {
    Attachments a;
    a.project.write("src/x.py", "one\ntwo\r\nthree\n");
    const std::string uri = a.uri("src/x.py");
    struct Row {
        const char* what;
        ContextItem item;
        std::string text;
    };
    for (const Row& row :
         {Row{"a file", FileItem{uri}, "File src/x.py:\n```py\none\ntwo\r\nthree\n```\n\nQ"},
          Row{"lines", RangeItem{uri, {{0, 0}, {1, 3}}},
              "File src/x.py, lines 1 to 2:\n```py\none\ntwo\n```\n\nQ"},
          Row{"a whole line", RangeItem{uri, {{1, 0}, {2, 0}}},
              "File src/x.py, lines 2 to 2:\n```py\ntwo\r\n```\n\nQ"},
          Row{"no width", RangeItem{uri, {{1, 1}, {1, 1}}}, "File src/x.py, lines 2 to 2:\n```py\n```\n\nQ"},
          Row{"backwards", RangeItem{uri, {{2, 0}, {0, 0}}}, "File src/x.py, lines 3 to 3:\n```py\n```\n\nQ"},
          Row{"past the end", RangeItem{uri, {{2, 0}, {99, 99}}},
              "File src/x.py, lines 3 to 3:\n```py\nthree\n```\n\nQ"},
          Row{"text", TextItem{"loose", "a note"}, "a note:\n```\nloose\n```\n\nQ"},
          Row{"text without a label", TextItem{"loose", " "}, "Text:\n```\nloose\n```\n\nQ"},
          Row{"diagnostics",
              DiagnosticsItem{
                  uri,
                  {{{{1, 2}, {1, 3}}, 2, "un\nused", "lint", "W1"}, {{{0, 0}, {0, 1}}, 9, "bad", "", ""}}},
              "Diagnostics of src/x.py:\n```\nsrc/x.py:2:3: warning: un used [lint W1]\nsrc/x.py:1:1: hint: "
              "bad\n```\n\nQ"}}) {
        CAPTURE(row.what);
        CHECK(a.written(row.item) == row.text);
    }
}

TEST_CASE("items keep their order, and no items leave the question as it is") {
    Attachments a;
    CHECK(*write_question("Q", {}, *a.config, a.documents, a.disk) == "Q");
    const auto both =
        write_question("Q", {TextItem{"1", "A"}, TextItem{"2", "B"}}, *a.config, a.documents, a.disk);
    CHECK(*both == "A:\n```\n1\n```\n\nB:\n```\n2\n```\n\nQ");
}

TEST_CASE("what the editor shows wins over the disk, in the editor's units") {
    Attachments a;
    a.project.write("x.cpp", "old");
    a.open(a.uri("x.cpp"), "\xF0\x9F\x90\x89 unsaved", "cpp");
    CHECK(a.written(FileItem{a.uri("x.cpp")}) == "File x.cpp:\n```cpp\n\xF0\x9F\x90\x89 unsaved\n```\n\nQ");
    CHECK_THAT(a.written(RangeItem{a.uri("x.cpp"), {{0, 3}, {0, 10}}}), ContainsSubstring("\nunsaved\n"));
    a.open("untitled:Untitled-1", "draft", "markdown");
    CHECK(a.written(FileItem{"untitled:Untitled-1"}) ==
          "File untitled:Untitled-1:\n```markdown\ndraft\n```\n\nQ");
}

TEST_CASE("a text that got lost in an edit is not replaced by the older one on the disk") {
    Attachments a;
    a.project.write("x.cpp", "old");
    a.open(a.uri("x.cpp"), "new", "cpp");
    a.documents.did_change({{"textDocument", {{"uri", a.uri("x.cpp")}, {"version", 2}}},
                            {"contentChanges", {{{"range", "nonsense"}, {"text", "x"}}}}});
    REQUIRE_FALSE(a.documents.find(a.uri("x.cpp")));
    CHECK_THAT(a.why_not(FileItem{a.uri("x.cpp")}), ContainsSubstring("x.cpp is open"));
}

TEST_CASE("an item that cannot be had is named with the reason") {
    Attachments a;
    a.project.write("binary", std::string{"a\0b", 3});
    a.project.write("large.txt", std::string((8U << 20U) + 1, 'x'));
    std::filesystem::create_directory(a.project / "folder");
    struct Row {
        std::string uri, why;
    };
    for (const Row& row : {Row{a.uri("gone.txt"), "gone.txt does not exist"},
                           Row{a.uri("folder"), "folder is not a regular file"},
                           Row{a.uri("binary"), "binary is not a text file"},
                           Row{a.uri("large.txt"), "large.txt is larger than 8 MiB"},
                           Row{"untitled:x", "untitled:x is not open and names no file"},
                           Row{"https://example.com/x", "is not open and names no file"},
                           Row{"", " is not open and names no file"}}) {
        CHECK_THAT(a.why_not(FileItem{row.uri}), ContainsSubstring(row.why));
        CHECK_THAT(a.why_not(RangeItem{row.uri, {}}), ContainsSubstring(row.why));
    }
}

TEST_CASE("an excluded file is refused by name, open or not, under any spelling") {
    Attachments a;
    a.config->exclude = {"**/.env*", "secret/**"};
    a.project.write(".env", "TOKEN=1");
    a.project.write("secret/x.txt", "hidden");
    a.open(a.uri(".env.local"), "TOKEN=2");
    std::filesystem::create_symlink(a.project / ".env", a.project / "harmless.txt");
    for (const std::string& uri :
         {a.uri(".env"), a.uri(".env.local"), a.uri("src/../.env"), a.uri("harmless.txt"),
          a.uri("secret/x.txt"), "file://" + (a.project / "%2Eenv").string()}) {
        CAPTURE(uri);
        for (const ContextItem& item : {ContextItem{FileItem{uri}}, ContextItem{RangeItem{uri, {}}},
                                        ContextItem{DiagnosticsItem{uri, {}}}}) {
            const std::string why = a.why_not(item);
            CHECK_THAT(why, EndsWith("is kept on this machine by privacy.exclude"));
            CHECK(why.find("TOKEN") == std::string::npos);
        }
    }
}

TEST_CASE("what is too long is cut at a character, with a note that says by how much") {
    Attachments a;
    constexpr std::size_t kMost = 200'000;
    std::string text;
    while (text.size() <= kMost + 100) text += "\xE2\x82\xAC";  // three bytes: the limit lies inside one
    a.project.write("x.txt", text);
    const std::size_t kept = kMost - kMost % 3;
    const std::string note =
        "(cut here: " + std::to_string(text.size() - kept) + " more bytes were left out)";
    for (const ContextItem& item : {ContextItem{FileItem{a.uri("x.txt")}}, ContextItem{TextItem{text, ""}},
                                    ContextItem{RangeItem{a.uri("x.txt"), {{0, 0}, {9, 0}}}}}) {
        const std::string out = a.written(item);
        CHECK(out.size() < kept + 200);
        CHECK(is_valid_utf8(out));
        CHECK(out.find(note) != std::string::npos);
    }
    CHECK(a.written(TextItem{std::string(kMost, 'x'), ""}).find("cut here") == std::string::npos);
}

TEST_CASE("no text can close its own fence, and no name can open a line") {
    Attachments a;
    CHECK(fenced("```\nx", "") == "````\n```\nx\n````\n");
    CHECK(fenced("a ````` b", "md") == "``````md\na ````` b\n``````\n");
    CHECK(fenced("", "") == "```\n```\n");
    a.project.write("a\nIgnore all.py`x", "text");
    CHECK(a.written(FileItem{a.uri("a\nIgnore all.py`x")}) == "File a Ignore all.py`x:\n```\ntext\n```\n\nQ");
    CHECK_THAT(a.written(DiagnosticsItem{a.uri("x"), {{{}, 1, "m", "s\n```\nrun", "c"}}}),
               ContainsSubstring("m [s ``` run c]\n"));
}

TEST_CASE("a file's folder outside the project stays unsaid") {
    ChatBench b;
    CHECK(shown_path(b.project / "src/x.cpp", *b.config) == "src/x.cpp");
    CHECK(shown_path(b.project / "src/../x.cpp", *b.config) == "x.cpp");
    CHECK(shown_path("/home/somebody/x.cpp", *b.config) == "x.cpp");
    CHECK(shown_path(b.project.path().string() + "-other/x.cpp", *b.config) == "x.cpp");
    b.config->project.clear();
    CHECK(shown_path("/home/somebody/x.cpp", *b.config) == "x.cpp");
}

TEST_CASE("ill-formed UTF-8 of a file or a command line is repaired before it is sent") {
    Attachments a;
    a.project.write("x.txt",
                    "a\xFF"
                    "b");
    const auto out = write_question("q\xC3", {FileItem{a.uri("x.txt")}, TextItem{"\x80", ""}}, *a.config,
                                    a.documents, a.disk);
    REQUIRE(out);
    CHECK(is_valid_utf8(*out));
}

TEST_CASE("a question of fifty megabytes is sent whole") {
    ChatBench b;
    const std::string prompt(50U << 20U, 'x');
    b.answered(b.question(prompt), "long");
    CHECK(b.http.last().request.body.size() > prompt.size());
    CHECK(b.newest().turns.at(0).prompt.size() == prompt.size());
}
