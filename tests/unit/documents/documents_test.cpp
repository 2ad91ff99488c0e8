#include "server/documents/documents.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;

namespace {

constexpr auto kUri = "file:///a.txt";

Json opening(const std::string& text, const std::string& uri = kUri, std::int64_t version = 0) {
    return {{"textDocument", {{"uri", uri}, {"languageId", "plain"}, {"version", version}, {"text", text}}}};
}

Json changing(Json changes, std::int64_t version = 1, const std::string& uri = kUri) {
    return {{"textDocument", {{"uri", uri}, {"version", version}}}, {"contentChanges", std::move(changes)}};
}

Json edit(const Range& range, const std::string& text) {
    return {{"range", lsp::to_json(range)}, {"text", text}};
}

Json full(const std::string& text) { return {{"text", text}}; }

Json closing(const std::string& uri = kUri) { return {{"textDocument", {{"uri", uri}}}}; }

// Documents with one open text, and what its listener was told.
struct Opened {
    Documents documents;
    std::vector<AppliedChange> changes;
    int calls = 0;

    explicit Opened(const std::string& text) {
        REQUIRE(documents.did_open(opening(text)).empty());
        documents.on_change = [this](const DocumentSnapshot&, const std::vector<AppliedChange>& applied) {
            ++calls;
            changes = applied;
        };
    }
    std::string change(Json list, std::int64_t version = 1) {
        return documents.did_change(changing(std::move(list), version));
    }
    // Empty for a text that is unknown.
    std::string text() const {
        const auto snapshot = documents.find(kUri);
        return snapshot ? snapshot->text.to_string() : "";
    }
};

}  // namespace

TEST_CASE("an opened document is found with what the client said of it") {
    Documents documents;
    CHECK(documents.did_open(opening("abc", kUri, 7)).empty());
    const auto snapshot = documents.find(kUri);
    REQUIRE(snapshot);
    CHECK(snapshot->uri == kUri);
    CHECK(snapshot->language_id == "plain");
    CHECK(snapshot->version == 7);
    CHECK(snapshot->text.to_string() == "abc");
    CHECK(documents.is_open(kUri));
    CHECK_FALSE(documents.find("file:///b.txt"));
}

TEST_CASE("changes of one notification apply in order, each to the result of the one before", "[F65]") {
    Opened opened{"ab\ncd"};
    CHECK(opened
              .change(Json::array(
                  {edit({{0, 1}, {1, 1}}, "XY"), edit({{0, 3}, {0, 3}}, "\n"), edit({{1, 0}, {1, 1}}, "")}))
              .empty());
    CHECK(opened.text() == "aXY\n");
    CHECK(opened.calls == 1);
    CHECK(opened.changes ==
          std::vector<AppliedChange>{{1, 3, "XY", false}, {3, 0, "\n", false}, {4, 1, "", false}});
}

TEST_CASE("a change without a range between changes with one replaces everything", "[F66]") {
    Opened opened{"abc"};
    CHECK(opened.change(Json::array({edit({{0, 0}, {0, 1}}, "X"), full("new"), edit({{0, 3}, {0, 3}}, "!")}))
              .empty());
    CHECK(opened.text() == "new!");
    CHECK(opened.changes ==
          std::vector<AppliedChange>{{0, 1, "X", false}, {0, 3, "new", true}, {3, 0, "!", false}});
}

TEST_CASE("a null range counts as none", "[F66]") {
    Opened opened{"abc"};
    CHECK(opened.change(Json::array({{{"range", nullptr}, {"text", "new"}}})).empty());
    CHECK(opened.text() == "new");
}

TEST_CASE("rangeLength has no effect", "[F67]") {
    const auto length = GENERATE(as<Json>{}, 0, 99, -1, "x", nullptr);
    Opened opened{"abc"};
    Json change = edit({{0, 1}, {0, 2}}, "X");
    change["rangeLength"] = length;
    CHECK(opened.change(Json::array({change})).empty());
    CHECK(opened.text() == "aXc");
}

TEST_CASE("versions may jump, and one that goes back is accepted and logged", "[F68]") {
    Opened opened{"abc"};
    const Json append = Json::array({edit({{9, 9}, {9, 9}}, "!")});
    CHECK(opened.change(append, 4).empty());
    CHECK(opened.documents.find(kUri)->version == 4);
    const std::string line = opened.change(append, 2);
    CHECK(line.find("from 4 to 2") != std::string::npos);
    CHECK(line.find(kUri) != std::string::npos);
    CHECK(opened.documents.find(kUri)->version == 2);
    CHECK(opened.text() == "abc!!");
    CHECK(opened.documents.did_close(closing()).empty());
    CHECK(opened.documents.did_open(opening("again", kUri, 0)).empty());
    CHECK(opened.documents.find(kUri)->version == 0);
}

TEST_CASE("opening an open document replaces its text and is logged", "[F69]") {
    Opened opened{"abc"};
    CHECK_FALSE(opened.documents.did_open(opening("new")).empty());
    CHECK(opened.text() == "new");
    CHECK(opened.changes == std::vector<AppliedChange>{{0, 0, "new", true}});
    CHECK(opened.documents.all().size() == 1);
}

TEST_CASE("changing or closing a document that is not open is ignored and logged", "[F69]") {
    Documents documents;
    CHECK_FALSE(documents.did_change(changing(Json::array({full("x")}))).empty());
    CHECK_FALSE(documents.did_close(closing()).empty());
    CHECK_FALSE(documents.is_open(kUri));
    CHECK(documents.all().empty());
}

TEST_CASE("positions past the end are clamped", "[E63][F65]") {
    Opened opened{"ab\r\ncd"};
    CHECK(opened.change(Json::array({edit({{0, 50}, {0, 60}}, "1"), edit({{1, 50}, {7, 0}}, "2")})).empty());
    CHECK(opened.text() == "ab1\r\ncd2");
    CHECK(opened.change(Json::array({edit({{40, 0}, {INT32_MAX, INT32_MAX}}, "3")})).empty());
    CHECK(opened.text() == "ab1\r\ncd23");
}

TEST_CASE("integers may be written as 1.0", "[B31]") {
    Opened opened{"abc"};
    CHECK(
        opened
            .change(Json::parse(
                R"([{"range":{"start":{"line":0.0,"character":1.0},"end":{"line":0,"character":2.0}},"text":""}])"))
            .empty());
    CHECK(opened.text() == "ac");
}

TEST_CASE("a change that cannot be understood makes the text unknown until the next full text",
          "[F65][F69]") {
    const auto bad = GENERATE(
        as<std::string>{}, R"({})", R"(null)", R"(5)", R"([])", R"("text")", R"({"text":5})",
        R"({"text":null})", R"({"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":1}}})",
        R"({"range":5,"text":"x"})", R"({"range":[],"text":"x"})", R"({"range":{},"text":"x"})",
        R"({"range":{"start":{"line":0,"character":0}},"text":"x"})",
        R"({"range":{"start":{"line":-1,"character":0},"end":{"line":0,"character":1}},"text":"x"})",
        R"({"range":{"start":{"line":0,"character":-5},"end":{"line":0,"character":1}},"text":"x"})",
        R"({"range":{"start":{"line":0,"character":0.5},"end":{"line":0,"character":1}},"text":"x"})",
        R"({"range":{"start":{"line":"0","character":0},"end":{"line":0,"character":1}},"text":"x"})",
        R"({"range":{"start":{"line":0,"character":1e300},"end":{"line":0,"character":1e301}},"text":"x"})",
        R"({"range":{"start":{"line":0,"character":2},"end":{"line":0,"character":1}},"text":"x"})",
        R"({"range":{"start":{"line":9,"character":0},"end":{"line":8,"character":0}},"text":"x"})");
    CAPTURE(bad);
    Opened opened{"abc"};
    const Json fine = edit({{0, 0}, {0, 0}}, "1");
    const std::string line = opened.change(Json::array({fine, Json::parse(bad), fine}));
    CHECK(line.find("change 2 of 3") != std::string::npos);
    CHECK_FALSE(opened.documents.find(kUri));
    CHECK(opened.documents.all().empty());
    CHECK(opened.documents.is_open(kUri));
    CHECK(opened.calls == 0);

    CHECK_FALSE(opened.change(Json::array({fine}), 2).empty());
    CHECK_FALSE(opened.documents.find(kUri));
    CHECK(opened.calls == 0);

    CHECK(opened.change(Json::array({fine, full("known"), fine}), 3).empty());
    CHECK(opened.text() == "1known");
    CHECK(opened.documents.find(kUri)->version == 3);
    REQUIRE(opened.changes.size() == 2);
    CHECK(opened.changes[0].whole);
}

TEST_CASE("a full text after an impossible change in the same notification makes the text known", "[F66]") {
    Opened opened{"abc"};
    CHECK_FALSE(opened.change(Json::array({5, full("known")})).empty());
    CHECK(opened.text() == "known");
    CHECK(opened.calls == 1);
}

TEST_CASE("changes that are no list make the text unknown", "[B22]") {
    const auto changes = GENERATE(as<std::string>{}, "null", "5", "\"x\"", "{\"text\":\"x\"}");
    Opened opened{"abc"};
    CHECK_FALSE(opened.change(Json::parse(changes)).empty());
    CHECK_FALSE(opened.documents.find(kUri));
    CHECK_FALSE(opened.documents.did_open(opening("new")).empty());
    CHECK(opened.text() == "new");
}

TEST_CASE("no changes change the version alone", "[B23]") {
    const auto changes = GENERATE(as<std::string>{}, "[]", "{}");
    Opened opened{"abc"};
    const auto revision = opened.documents.find(kUri)->revision;
    CHECK(opened.change(Json::parse(changes), 5).empty());
    CHECK(opened.text() == "abc");
    CHECK(opened.documents.find(kUri)->version == 5);
    CHECK(opened.documents.find(kUri)->revision == revision);
    CHECK(opened.calls == 0);
}

TEST_CASE("params of any shape are survived and logged", "[B22]") {
    const auto params =
        GENERATE(as<std::string>{}, "null", "[]", "{}", "5", R"({"textDocument":null})",
                 R"({"textDocument":[]})", R"({"textDocument":{}})", R"({"textDocument":{"uri":5}})",
                 R"({"textDocument":{"uri":""}})", R"({"textDocument":"file:///a.txt"})");
    CAPTURE(params);
    Opened opened{"abc"};
    CHECK_FALSE(opened.documents.did_open(Json::parse(params)).empty());
    CHECK_FALSE(opened.documents.did_change(Json::parse(params)).empty());
    CHECK_FALSE(opened.documents.did_close(Json::parse(params)).empty());
    CHECK(opened.text() == "abc");
}

TEST_CASE("a document opened without a text is open but unknown", "[B22]") {
    const auto text = GENERATE(as<Json>{}, nullptr, 5, Json::array());
    Documents documents;
    Json params = opening("");
    params["textDocument"]["text"] = text;
    CHECK_FALSE(documents.did_open(params).empty());
    CHECK(documents.is_open(kUri));
    CHECK_FALSE(documents.find(kUri));
    CHECK(documents.did_change(changing(Json::array({full("x")}))).empty());
    CHECK(documents.find(kUri));
}

TEST_CASE("a version or language that is missing or no integer does no harm") {
    Documents documents;
    CHECK(documents
              .did_open(
                  Json::parse(R"({"textDocument":{"uri":"u:1","text":"a","version":null,"languageId":7}})"))
              .empty());
    CHECK(documents.find("u:1")->version == 0);
    CHECK(documents.find("u:1")->language_id.empty());
    CHECK(documents
              .did_change(Json::parse(
                  R"({"textDocument":{"uri":"u:1","version":"x"},"contentChanges":[{"text":"b"}]})"))
              .empty());
    CHECK(documents.find("u:1")->text.to_string() == "b");
}

TEST_CASE("one file under several spellings is one document, and the client's spelling stays", "[F74]") {
    Documents documents;
    CHECK(documents.did_open(opening("abc", "file:///C%3A/a%20b")).empty());
    CHECK(documents.did_change(changing(Json::array({full("new")}), 1, "file:///c:/a b")).empty());
    REQUIRE(documents.find("FILE:///c%3a/a b"));
    CHECK(documents.find("file:///c:/a b")->uri == "file:///C%3A/a%20b");
    std::string closed;
    documents.on_close = [&](const std::string& uri) { closed = uri; };
    CHECK(documents.did_close(closing("file:///c:/a b")).empty());
    CHECK(closed == "file:///C%3A/a%20b");
    CHECK(documents.all().empty());
}

TEST_CASE("documents of any scheme are opened by their identity", "[F74]") {
    Documents documents;
    const std::vector<std::string> uris{"untitled:Untitled-1", "vscode-notebook-cell:/x.ipynb#W0s",
                                        "git:/x?%7B%7D", "git:/x?{}"};
    for (const std::string& uri : uris) CHECK(documents.did_open(opening(uri, uri)).empty());
    for (const std::string& uri : uris) CHECK(documents.find(uri)->text.to_string() == uri);
}

TEST_CASE("a thousand documents are listed with the last touched first, and closed ones are freed", "[F75]") {
    Documents documents;
    const auto uri = [](int i) { return "file:///" + std::to_string(i); };
    for (int i = 0; i < 1000; ++i) CHECK(documents.did_open(opening("x", uri(i))).empty());
    CHECK(documents.did_change(changing(Json::array({full("y")}), 1, uri(500))).empty());
    const auto all = documents.all();
    REQUIRE(all.size() == 1000);
    CHECK(all[0].uri == uri(500));
    CHECK(all[1].uri == uri(999));
    CHECK(all[999].uri == uri(0));
    for (int i = 0; i < 1000; ++i) CHECK(documents.did_close(closing(uri(i))).empty());
    CHECK(documents.all().empty());
}

TEST_CASE("revisions only rise, over documents, reopening and unknown texts") {
    Opened opened{"abc"};
    std::vector<std::uint64_t> revisions;
    const auto note = [&] { revisions.push_back(opened.documents.find(kUri)->revision); };
    note();
    CHECK(opened.change(Json::array({edit({{0, 0}, {0, 0}}, "x")})).empty());
    note();
    CHECK_FALSE(opened.change(Json::array({5})).empty());
    CHECK(opened.change(Json::array({full("y")})).empty());
    note();
    CHECK(opened.documents.did_close(closing()).empty());
    CHECK(opened.documents.did_open(opening("z")).empty());
    note();
    CHECK(std::adjacent_find(revisions.begin(), revisions.end(), std::greater_equal<>{}) == revisions.end());
}

TEST_CASE("edits count in the connection's encoding", "[E58][E61]") {
    struct Case {
        PositionEncoding encoding;
        std::int64_t column;
    };
    const auto [encoding, column] = GENERATE(values<Case>(
        {{PositionEncoding::utf16, 3}, {PositionEncoding::utf8, 5}, {PositionEncoding::utf32, 2}}));
    Opened opened{"a😀b"};
    opened.documents.set_encoding(encoding);
    CHECK(opened.change(Json::array({edit({{0, column}, {0, column}}, "|")})).empty());
    CHECK(opened.text() == "a😀|b");
}

TEST_CASE("a snapshot keeps its text while the document goes on") {
    Opened opened{"abc"};
    const auto before = opened.documents.find(kUri);
    CHECK(opened.change(Json::array({full("new")})).empty());
    CHECK(opened.documents.did_close(closing()).empty());
    CHECK(before->text.to_string() == "abc");
}

TEST_CASE("the listener sees the text with all changes applied") {
    Documents documents;
    std::string seen;
    documents.on_change = [&](const DocumentSnapshot& now, const std::vector<AppliedChange>&) {
        seen += now.text.to_string() + "@" + std::to_string(now.version) + " ";
    };
    CHECK(documents.did_open(opening("a")).empty());
    CHECK(documents.did_change(changing(Json::array({full("b"), edit({{0, 1}, {0, 1}}, "c")}))).empty());
    CHECK(seen == "a@0 bc@1 ");
}

TEST_CASE("a log line never holds a line break or the text", "[I109]") {
    Documents documents;
    const std::string uri = "x:a\nb" + std::string(5000, 'c');
    CHECK(documents.did_open(opening("secret", uri)).empty());
    const std::string line = documents.did_open(opening("secret", uri));
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find("secret") == std::string::npos);
    CHECK(line.size() < 600);
}
