#include "protocol/base/utf.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using enum PositionEncoding;

TEST_CASE("a column after an astral character depends on the encoding", "[E61]") {
    const std::string line = "a\U0001F600b";
    CHECK(byte_offset(line, 3, utf16) == 5);
    CHECK(byte_offset(line, 5, utf8) == 5);
    CHECK(byte_offset(line, 2, utf32) == 5);
    CHECK(units_before(line, 5, utf16) == 3);
    CHECK(units_before(line, 5, utf8) == 5);
    CHECK(units_before(line, 5, utf32) == 2);
}

TEST_CASE("a column inside a character means the character's start", "[E62]") {
    const std::string line = "a\U0001F600b";
    CHECK(byte_offset(line, 2, utf16) == 1);
    for (std::size_t inside = 2; inside < 5; ++inside) CHECK(byte_offset(line, inside, utf8) == 1);
}

TEST_CASE("a column past the line's end means its end", "[E63]") {
    for (const auto encoding : {utf8, utf16, utf32}) CHECK(byte_offset("abc", 99, encoding) == 3);
}

TEST_CASE("ill-formed UTF-8 is replaced by maximal subparts") {
    CHECK(repair_utf8("ok") == "ok");
    CHECK(repair_utf8("\xC0\x80") == "\uFFFD\uFFFD");                      // overlong
    CHECK(repair_utf8("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");            // surrogate
    CHECK(repair_utf8("a\xF0\x9F\x98") == "a\uFFFD");                      // unfinished
    CHECK(repair_utf8("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond U+10FFFF
    CHECK(repair_utf8("\xFF"
                      "a") == "\uFFFDa");
}

TEST_CASE("text that is cut anywhere repairs to the same text") {
    const std::string text = "é→😀 plain \xC3\x28 \xF0\x9F tail";
    const std::string whole = repair_utf8(text);
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        Utf8Repairer repairer;
        std::string joined = repairer.feed(std::string_view{text}.substr(0, cut));
        joined += repairer.feed(std::string_view{text}.substr(cut));
        joined += repairer.finish();
        INFO("cut after byte " << cut);
        CHECK(joined == whole);
    }
    Utf8Repairer single;
    std::string joined;
    for (const char byte : text) joined += single.feed({&byte, 1});
    CHECK(joined + single.finish() == whole);
}

TEST_CASE("one line for people has no control characters and is cut between characters") {
    CHECK(one_line("  a\r\n\tb\x1b[31m  c ") == "a b [31m c");
    CHECK(one_line(std::string(400, 'x'), 10) == "xxxxxxx…");
    CHECK(one_line("ééééé", 8) == "éé…");
    CHECK(one_line("") == "");
    CHECK(one_line("a\xC2\x9B"
                   "31mb \xC2\x85 c") == "a 31mb c");
    CHECK(one_line("user\u202E\u2066admin\u2069 \u200B\uFEFF") ==
          "user<U+202E><U+2066>admin<U+2069> <U+200B><U+FEFF>");
    CHECK(one_line("می\u200Cخواهم 👩\u200D🚀") == "می\u200Cخواهم 👩\u200D🚀");
    CHECK(one_line(std::string(400, 'x').append("\u202E"), 10) == "xxxxxxx…");
}
