#include "protocol/base/json.h"

#include "protocol/base/utf.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;

namespace {
JsonFailure failure_of(const std::string& text) {
    const auto parsed = parse_json(text);
    REQUIRE_FALSE(parsed.ok());
    return parsed.error();
}
}  // namespace

TEST_CASE("nesting beyond the limit is refused without building the tree") {
    for (const std::string open : {"[", "{\"a\":"}) {
        std::string deep;
        for (int i = 0; i < 100'000; ++i) deep += open;
        CHECK(failure_of(deep).what == JsonFailure::What::too_deep);
    }
    CHECK(parse_json(std::string(128, '[') + std::string(128, ']')).ok());
    CHECK(failure_of(std::string(129, '[') + std::string(129, ']')).what == JsonFailure::What::too_deep);
}

TEST_CASE("a syntax error tells its place and nothing of the text") {
    CHECK(failure_of(R"({"a": nope})").offset == 7);
    for (const std::string bad :
         {"", " ", "{", "[1,]", "1 2", "nul", "\"\xff\"", "NaN", "1e999", "'a'", "\"a\nb\""}) {
        INFO(bad);
        CHECK(failure_of(bad).what == JsonFailure::What::syntax);
    }
}

TEST_CASE("a surrogate escape without its half becomes a replacement character", "[F72]") {
    CHECK(parse_json(R"("a\ud83d")").value() == "a\uFFFD");
    CHECK(parse_json(R"("\ude00b")").value() == "\uFFFDb");
    CHECK(parse_json(R"("\ud83d\ude00")").value() == "\U0001F600");
    CHECK(parse_json(R"("\\ud83d")").value() == "\\ud83d");
    CHECK(parse_json(R"("\ud83d\ud83d\ude00")").value() == "\uFFFD\U0001F600");
}

TEST_CASE("text that is not UTF-8 is repaired when it is written") {
    CHECK(is_valid_utf8(dump_json(Json{{"a", "x\xff\xc3"}})));
}

TEST_CASE("members are read by type, and a number like 12.0 is an integer") {
    const Json object =
        parse_json(R"({"i":12.0,"n":null,"s":"x","b":true,"f":1.5,"big":1e300,"u":18446744073709551615})")
            .value();
    CHECK(get_int(object, "i") == 12);
    CHECK_FALSE(get_int(object, "f"));
    CHECK_FALSE(get_int(object, "big"));
    CHECK_FALSE(get_int(object, "u"));
    CHECK_FALSE(get_int(object, "s"));
    CHECK(find(object, "n") == nullptr);
    CHECK(get_string(object, "s") == "x");
    CHECK(get_bool(object, "b") == true);
    CHECK(get_number(object, "f") == 1.5);
    CHECK_FALSE(get_string(Json::array(), "s"));
}

TEST_CASE("a patch merges objects, replaces the rest and removes by null") {
    Json base = {{"a", {{"x", 1}, {"y", 2}}}, {"b", {1, 2}}, {"c", 1}};
    merge_json(base, {{"a", {{"y", 3}, {"z", {{"q", nullptr}, {"r", 1}}}}}, {"b", {9}}, {"c", nullptr}});
    CHECK(base == Json{{"a", {{"x", 1}, {"y", 3}, {"z", {{"r", 1}}}}}, {"b", {9}}});
}
