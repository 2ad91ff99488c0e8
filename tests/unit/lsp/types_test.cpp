#include "protocol/lsp/types.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::lsp;

namespace {

InlineCompletionParams read(Json context, InlineDialect known = InlineDialect::unknown) {
    Json params{{"textDocument", {{"uri", "file:///a"}}}, {"position", {{"line", 1}, {"character", 2}}}};
    if (!context.is_null()) params["context"] = std::move(context);
    const auto result = inline_completion_params(params, known);
    REQUIRE(result);
    return *result;
}

}  // namespace

TEST_CASE("positions and ranges are read strictly but for 1.0", "[B31]") {
    CHECK(position_from_json({{"line", 1.0}, {"character", 2}}) == Position{1, 2});
    CHECK(position_from_json({{"line", 0}, {"character", 4294967295}}) == Position{0, 4294967295});
    for (const char* bad :
         {"null", "[]", "{}", "5", R"({"line":1})", R"({"line":-1,"character":0})",
          R"({"line":0,"character":-1})", R"({"line":0.5,"character":0})", R"({"line":1e300,"character":0})",
          R"({"line":"1","character":0})", R"({"line":18446744073709551615,"character":0})",
          R"({"line":null,"character":0})"}) {
        CAPTURE(bad);
        CHECK_FALSE(position_from_json(Json::parse(bad)));
    }
    const Range range{{1, 2}, {3, 4}};
    CHECK(range_from_json(to_json(range)) == range);
    CHECK_FALSE(range_from_json({{"start", to_json(range.start)}}));
    CHECK_FALSE(range_from_json(Json::array({to_json(range.start), to_json(range.end)})));
}

TEST_CASE("a document's version is read where there is one") {
    CHECK(text_document_of({{"textDocument", {{"uri", "u:1"}, {"version", 3}}}})->version == 3);
    CHECK_FALSE(text_document_of({{"textDocument", {{"uri", "u:1"}, {"version", nullptr}}}})->version);
    CHECK_FALSE(text_document_of({{"textDocument", {{"version", 3}}}}));
}

TEST_CASE("trigger kinds of both dialects are understood", "[G80]") {
    struct Case {
        const char* context;
        InlineDialect known;
        bool automatic;
        InlineDialect then;
    };
    using enum InlineDialect;
    const auto [context, known, automatic, then] = GENERATE(values<Case>({
        {R"({"triggerKind":0})", unknown, false, old},
        {R"({"triggerKind":1})", unknown, false, unknown},
        {R"({"triggerKind":2})", unknown, true, final},
        {R"({"triggerKind":1})", old, true, old},
        {R"({"triggerKind":1})", final, false, final},
        {R"({"triggerKind":2})", old, true, final},
        {R"({"triggerKind":1.0})", unknown, false, unknown},
        {R"({"triggerKind":"x"})", unknown, true, unknown},
        {R"({"triggerKind":9})", final, true, final},
        {R"({})", old, true, old},
        {R"([])", unknown, true, unknown},
        {R"(null)", unknown, true, unknown},
    }));
    CAPTURE(context);
    const auto params = read(Json::parse(context), known);
    CHECK(params.automatic == automatic);
    CHECK(params.dialect == then);
}

TEST_CASE("the selected entry's range is an object or a pair, and a pair proves the old dialect", "[G81]") {
    const Json start = to_json(Position{1, 0}), end = to_json(Position{1, 2});
    const auto with = [&](Json range) {
        return read(
            {{"triggerKind", 1}, {"selectedCompletionInfo", {{"range", std::move(range)}, {"text", "foo"}}}});
    };
    const auto object = with({{"start", start}, {"end", end}}), pair = with(Json::array({start, end}));
    for (const auto& params : {object, pair}) {
        REQUIRE(params.selected);
        CHECK(params.selected->range == Range{{1, 0}, {1, 2}});
        CHECK(params.selected->text == "foo");
    }
    CHECK_FALSE(object.automatic);
    CHECK(object.dialect == InlineDialect::final);
    CHECK(pair.automatic);
    CHECK(pair.dialect == InlineDialect::old);
}

TEST_CASE("version and formatting options are used where they are there", "[G82]") {
    const auto full = inline_completion_params(Json::parse(
        R"({"textDocument":{"uri":"u:1","version":3},"position":{"line":0,"character":0},
            "formattingOptions":{"tabSize":4.0,"insertSpaces":true}})"));
    REQUIRE(full);
    CHECK(full->version == 3);
    CHECK(full->tab_size == 4);
    CHECK(full->insert_spaces == true);
    const auto bare = read(nullptr);
    CHECK_FALSE(bare.version);
    CHECK_FALSE(bare.tab_size);
    CHECK_FALSE(bare.insert_spaces);
    for (const char* size : {"0", "-4", "1e9", "\"4\"", "null"}) {
        const auto odd = inline_completion_params(Json::parse(
            R"({"textDocument":{"uri":"u:1"},"position":{"line":0,"character":0},"formattingOptions":{"tabSize":)" +
            std::string{size} + "}}"));
        REQUIRE(odd);
        CHECK_FALSE(odd->tab_size);
    }
}

TEST_CASE("params that cannot be used name the member that is wrong", "[B22]") {
    struct Case {
        const char *params, *member;
    };
    const auto [params, member] = GENERATE(values<Case>({
        {"{}", "textDocument"},
        {R"({"textDocument":{"uri":5},"position":{"line":0,"character":0}})", "textDocument"},
        {R"({"textDocument":{"uri":"u:1"}})", "position"},
        {R"({"textDocument":{"uri":"u:1"},"position":{"line":-1,"character":0}})", "position"},
        {R"({"textDocument":{"uri":"u:1"},"position":{"line":0,"character":0},"context":{"selectedCompletionInfo":{}}})",
         "selectedCompletionInfo"},
        {R"({"textDocument":{"uri":"u:1"},"position":{"line":0,"character":0},
             "context":{"selectedCompletionInfo":{"text":"x","range":[{"line":0,"character":0}]}}})",
         "selectedCompletionInfo"},
    }));
    const auto result = inline_completion_params(Json::parse(params));
    REQUIRE_FALSE(result);
    CHECK(result.error().find(member) != std::string::npos);
}

TEST_CASE("items are written in the form that is safe in every client", "[G83][G85]") {
    CHECK(to_json(std::vector<InlineCompletionItem>{}) == Json::parse(R"({"items":[]})"));
    const std::vector<InlineCompletionItem> items{{"c1", "foo$1}\\", {{1, 0}, {1, 2}}}};
    CHECK(to_json(items) == Json::parse(R"({"items":[{"insertText":"foo$1}\\","range":
        {"start":{"line":1,"character":0},"end":{"line":1,"character":2}},
        "command":{"title":"Completion accepted","command":"dragoman.completionAccepted","arguments":["c1"]}}]})"));
}

TEST_CASE("an item that comes back is known by its id, and strangers by none", "[H100]") {
    const Json written = to_json(std::vector<InlineCompletionItem>{{"c1", "x", {}}});
    CHECK(completion_id_of(written["items"][0]) == "c1");
    for (const char* item :
         {"null", "{}", "[]", R"({"command":5})", R"({"command":{"command":"other","arguments":["c1"]}})",
          R"({"command":{"command":"dragoman.completionAccepted"}})",
          R"({"command":{"command":"dragoman.completionAccepted","arguments":[]}})",
          R"({"command":{"command":"dragoman.completionAccepted","arguments":[5]}})"}) {
        CHECK_FALSE(completion_id_of(Json::parse(item)));
    }
}

TEST_CASE("menu items rank last, select nothing and are asked for anew") {
    const Json list = to_json(std::vector<MenuItem>{
        {.id = "c1", .label = "return a;", .text = "return a;\n}", .range = {{1, 4}, {1, 7}}},
        {.id = "c2", .label = "return b;", .text = "return b;", .range = {{1, 4}, {1, 7}}}});
    CHECK(list["isIncomplete"] == true);
    REQUIRE(list["items"].size() == 2);
    const Json& item = list["items"][0];
    CHECK(item["label"] == "return a;");
    CHECK(item["kind"] == 1);
    CHECK(item["documentation"] == "return a;\n}");
    CHECK(item["filterText"] == "return a;");
    CHECK(item["insertTextFormat"] == 1);
    CHECK_FALSE(item.contains("preselect"));
    CHECK(item["textEdit"] == Json{{"range", to_json(Range{{1, 4}, {1, 7}})}, {"newText", "return a;\n}"}});
    CHECK(completion_id_of(item) == "c1");
    CHECK(item["sortText"].get<std::string>() > "zz");
    CHECK(list["items"][1]["sortText"].get<std::string>() > item["sortText"].get<std::string>());
    CHECK(to_json(std::vector<MenuItem>{}) == Json{{"isIncomplete", true}, {"items", Json::array()}});
}
