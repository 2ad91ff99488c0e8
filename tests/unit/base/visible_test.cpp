#include "protocol/base/visible.h"

#include "protocol/base/utf.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;

TEST_CASE("letters of any script show as they are") {
    for (const char* text : {"plain", "Größe", "項目", "проект", "مشروع", "naïve café", "a b", "🎉", ""}) {
        const Shown shown = visible(text, 300);
        CHECK(shown.text == text);
        CHECK(shown.whole);
    }
}

TEST_CASE("what controls, reorders, hides or ends a quotation is written out") {
    CHECK(visible("a\nb\tc", 300).text == "a<U+000A>b<U+0009>c");
    CHECK(visible("\x1B[31m", 300).text == "<U+001B>[31m");
    CHECK(visible("a\" b", 300).text == "a<U+0022> b");
    CHECK(visible("\u202Eabc\u2066\u061C\u200F", 300).text == "<U+202E>abc<U+2066><U+061C><U+200F>");
    CHECK(visible("a\u00A0\u3000\u2800\u3164\u00ADb", 300).text ==
          "a<U+00A0><U+3000><U+2800><U+3164><U+00AD>b");
    CHECK(visible("\U000E0041\uFE0F\U000F0000", 300).text == "<U+E0041><U+FE0F><U+F0000>");
    CHECK(visible("a\u0085\u007Fb", 300).text == "a<U+0085><U+007F>b");
    CHECK(visible("\xFF", 300).text == "\uFFFD");
}

TEST_CASE("a cut shows, and leaves no half character or escape") {
    for (std::size_t bytes = 0; bytes < 30; ++bytes) {
        const Shown shown = visible("ä\u202Eb\u2028c€", bytes);
        INFO(bytes << ": " << shown.text);
        CHECK(is_valid_utf8(shown.text));
        CHECK(shown.whole == (shown.text == "ä<U+202E>b<U+2028>c€"));
        CHECK(shown.whole != shown.text.ends_with("[…]"));
    }
}
