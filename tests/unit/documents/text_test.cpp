#include "server/documents/document.h"
#include "tests/unit/documents/reference_text.h"

#include <catch2/catch_all.hpp>

#include <random>
#include <set>

using namespace dragoman;
using enum PositionEncoding;

namespace {

constexpr PositionEncoding kEncodings[] = {utf8, utf16, utf32};

// Everything that can be asked of a text, at every offset and at positions inside and outside of it.
void check_against_reference(const Text& text, const std::string& expected) {
    CAPTURE(expected);
    const ReferenceText reference{expected};
    REQUIRE(text.to_string() == expected);
    REQUIRE(text.size() == expected.size());
    REQUIRE(text.line_count() == reference.lines().size());
    for (std::size_t i = 0; i < reference.lines().size(); ++i) {
        const auto [begin, end] = reference.lines()[i];
        REQUIRE(text.line_start(i) == begin);
        REQUIRE(text.line_end(i) == end);
        REQUIRE(text.line(i) == expected.substr(begin, end - begin));
    }
    for (const auto encoding : kEncodings) {
        for (std::size_t offset = 0; offset <= expected.size(); ++offset) {
            REQUIRE(text.position_of(offset, encoding) == reference.position_of(offset, encoding));
        }
        for (std::int64_t line = -1; line <= static_cast<std::int64_t>(text.line_count()); ++line) {
            for (std::int64_t character = -1; character < 12; ++character) {
                const Position position{line, character};
                REQUIRE(text.offset_of(position, encoding) == reference.offset_of(position, encoding));
            }
        }
    }
}

}  // namespace

TEST_CASE("the column after an emoji is 3, 5 or 2, depending on the encoding", "[E61]") {
    const Text text{"x\na😀b"};
    CHECK(text.position_of(7, utf16) == Position{1, 3});
    CHECK(text.position_of(7, utf8) == Position{1, 5});
    CHECK(text.position_of(7, utf32) == Position{1, 2});
    CHECK(text.offset_of({1, 3}, utf16) == 7);
    CHECK(text.offset_of({1, 5}, utf8) == 7);
    CHECK(text.offset_of({1, 2}, utf32) == 7);
}

TEST_CASE("a position inside a character is that character's start", "[E62]") {
    const Text text{"a😀b"};
    CHECK(text.offset_of({0, 2}, utf16) == 1);
    for (std::int64_t inside = 2; inside < 5; ++inside) CHECK(text.offset_of({0, inside}, utf8) == 1);
    for (std::size_t inside = 2; inside < 5; ++inside)
        CHECK(text.position_of(inside, utf16) == Position{0, 1});
}

TEST_CASE("a position past a line's end or past the last line is that end", "[E63]") {
    const Text text{"ab\r\ncd"};
    for (const auto encoding : kEncodings) {
        CHECK(text.offset_of({0, 3}, encoding) == 2);
        CHECK(text.offset_of({0, INT64_MAX}, encoding) == 2);
        CHECK(text.offset_of({1, 99}, encoding) == 6);
        CHECK(text.offset_of({2, 0}, encoding) == 6);
        CHECK(text.offset_of({INT64_MAX, INT64_MAX}, encoding) == 6);
        CHECK(text.offset_of({-1, -1}, encoding) == 0);
    }
    CHECK(text.position_of(99, utf16) == Position{1, 2});
    CHECK(text.line_start(SIZE_MAX) == 6);
    CHECK(text.line_end(SIZE_MAX) == 6);
    CHECK(text.line(SIZE_MAX).empty());
    CHECK(text.line_of(SIZE_MAX) == 1);
    CHECK(text.slice(4, SIZE_MAX) == "cd");
    CHECK(text.slice(5, 2).empty());
}

TEST_CASE("only LF, CRLF and CR end lines", "[F70]") {
    check_against_reference(Text{"a\nb\rc\r\nd\n\re\r\rf\r\n\r\n"}, "a\nb\rc\r\nd\n\re\r\rf\r\n\r\n");
    CHECK(Text{"a\u2028b\u2029c\fd\ve\u0085f"}.line_count() == 1);
}

TEST_CASE("an insertion at the end of a CRLF line comes before the CR", "[F70]") {
    const Text text{"ab\r\ncd\r\n"};
    for (const auto encoding : kEncodings) {
        const std::size_t at = text.offset_of({0, 99}, encoding);
        CHECK(text.replace(at, at, "!").to_string() == "ab!\r\ncd\r\n");
    }
    CHECK(text.position_of(3, utf16) == Position{0, 2});
}

TEST_CASE("texts without a final line break, or with nothing else, have the right lines", "[F71]") {
    CHECK(Text{}.line_count() == 1);
    CHECK(Text{""}.line_count() == 1);
    CHECK(Text{"\n"}.line_count() == 2);
    CHECK(Text{"a"}.line_count() == 1);
    CHECK(Text{"a\n"}.line_count() == 2);
    for (const std::string text : {"", "\n", "\r", "\r\n", "a", "a\n", "\na"})
        check_against_reference(Text{text}, text);
}

TEST_CASE("ill-formed UTF-8 is repaired, in the text and in what is inserted", "[F72]") {
    CHECK(Text{"a\xED\xA0\x80"
               "b"}
              .to_string() == "a\uFFFD\uFFFD\uFFFDb");
    CHECK(Text{"ab"}.replace(1, 1, "\xF0\x9F").to_string() == "a\uFFFDb");
}

TEST_CASE("NUL and a byte order mark are kept", "[F73]") {
    const std::string text{
        "\xEF\xBB\xBF"
        "a\0b",
        6};
    check_against_reference(Text{text}, text);
    CHECK(Text{text}.offset_of({0, 1}, utf16) == 3);
}

TEST_CASE("a CR and an LF that become neighbours are one line break until something comes between") {
    const Text apart{"a\r--\nb"};
    CHECK(apart.line_count() == 3);
    const Text joined = apart.replace(2, 4, "");
    check_against_reference(joined, "a\r\nb");
    check_against_reference(joined.replace(2, 2, "x"), "a\rx\nb");
    check_against_reference(Text{"\n"}.replace(0, 0, "\r"), "\r\n");
    check_against_reference(Text{"\r"}.replace(1, 1, "\n"), "\r\n");
    check_against_reference(Text{"a\r\nb"}.replace(1, 2, ""), "a\nb");
}

TEST_CASE("CRs and LFs merge and part at every place of a text of many pieces") {
    std::string expected(3000, '\r');
    Text text{expected};
    for (std::size_t at = 2999; at > 0; at -= 7) {
        text = text.replace(at, at, "\n");
        expected.insert(at, "\n");
        if (at < 7) break;
    }
    REQUIRE(text.to_string() == expected);
    CHECK(text.line_count() == 3001);  // each \n joined the \r before it
    for (std::size_t at = expected.size(); at-- > 0;) {
        if (expected[at] != '\n') continue;
        text = text.replace(at, at, "x");
        expected.insert(at, "x");
    }
    CHECK(text.line_count() == ReferenceText{expected}.lines().size());
}

TEST_CASE("an edit at offsets inside characters never cuts them") {
    const Text text{"😀→é"};
    for (std::size_t begin = 0; begin <= text.size(); ++begin) {
        for (std::size_t end = 0; end <= text.size() + 1; ++end) {
            CHECK(is_valid_utf8(text.replace(begin, end, "x").to_string()));
        }
    }
    CHECK(text.replace(2, 5, "x").to_string() == "x→é");
    CHECK(text.replace(9, 3, "x").to_string() == "😀→éx");
}

TEST_CASE("an older snapshot does not see edits") {
    const Text before{std::string(5000, 'a')};
    Text now = before;
    for (std::size_t i = 0; i < 1000; ++i) now = now.replace(i * 3, i * 3 + 1, "bc");
    CHECK(before.to_string() == std::string(5000, 'a'));
    CHECK(now.size() == 6000);
}

TEST_CASE("ten thousand random edits give what a plain string gives, in all encodings", "[F78]") {
    const auto encoding = GENERATE(utf8, utf16, utf32);
    std::mt19937 random{static_cast<unsigned>(encoding) + 1};
    const auto below = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>{0, n}(random);
    };
    const std::vector<std::string> alphabet{"a", "b ", "\t", "\n",     "\r\n",  "\r",
                                            "é", "→",  "😀",  "\u2028", "word_", "\n\r"};

    std::string expected;
    Text text;
    for (int step = 0; step < 10'000; ++step) {
        const ReferenceText reference{expected};
        const auto lines = static_cast<std::int64_t>(reference.lines().size());
        Position start{static_cast<std::int64_t>(below(static_cast<std::size_t>(lines))),
                       static_cast<std::int64_t>(below(20))};
        Position end = start;
        if (below(2) > 0) end.character += static_cast<std::int64_t>(below(6));
        if (below(9) == 0) end.line += static_cast<std::int64_t>(below(3));
        std::string inserted;
        const std::size_t pieces = below(40) == 0 ? 600 : below(expected.size() > 6000 ? 1 : 4);
        for (std::size_t i = 0; i < pieces; ++i) inserted += alphabet[below(alphabet.size() - 1)];
        if (expected.size() > 12'000) end.line += 200;  // keeps the reference quick

        const std::size_t from = reference.offset_of(start, encoding),
                          to = reference.offset_of(end, encoding);
        REQUIRE(text.offset_of(start, encoding) == from);
        REQUIRE(text.offset_of(end, encoding) == to);
        REQUIRE(text.position_of(from, encoding) == reference.position_of(from, encoding));
        text = text.replace(from, std::max(from, to), inserted);
        expected.replace(from, std::max(from, to) - from, inserted);
        REQUIRE(text.size() == expected.size());
        if (step % 50 == 0) REQUIRE((text.to_string() == expected));
    }
    CHECK((text.to_string() == expected));
}

TEST_CASE("small texts of every kind answer every question as a plain string does") {
    std::mt19937 random{7};
    const std::vector<std::string> alphabet{"a", "\n", "\r", "\r\n", "é", "→", "😀", "\u2028"};
    for (int round = 0; round < 200; ++round) {
        std::string expected;
        for (int i = 0; i < 12; ++i) expected += alphabet[random() % alphabet.size()];
        check_against_reference(Text{expected}, expected);
    }
}

TEST_CASE("a line of 5 MB is edited at its end without being read", "[F77]") {
    std::string line;
    for (int i = 0; i < 1'000'000; ++i) line += "é→";
    Text text{line};
    const auto encoding = GENERATE(utf8, utf16, utf32);
    const std::int64_t length = text.position_of(text.size(), encoding).character;
    for (int i = 0; i < 10'000; ++i) {  // ten thousand scans of 5 MB would be 50 GB
        const std::size_t at = text.offset_of({0, length + i}, encoding);
        text = text.replace(at, at, "x");
    }
    CHECK(text.size() == 5'010'000);
    CHECK(text.line_count() == 1);
    CHECK(text.position_of(text.size(), encoding) == Position{0, length + 10'000});
    CHECK(text.slice(4'999'995, 5'000'003) == "é→xxx");
}

TEST_CASE("a document of 100 000 lines is edited anywhere without being read", "[F77]") {
    std::string lines;
    for (int i = 0; i < 100'000; ++i) lines += "some line of quite an ordinary length\r\n";
    Text text{lines};
    std::mt19937 random{3};
    for (int i = 0; i < 10'000; ++i) {
        const Position position{static_cast<std::int64_t>(random() % 100'000), 5};
        const std::size_t at = text.offset_of(position, utf16);
        REQUIRE(text.position_of(at, utf16) == position);
        text = text.replace(at, at, "!");
    }
    CHECK(text.size() == lines.size() + 10'000);
    CHECK(text.line_count() == 100'001);
}

TEST_CASE("a text of 64 MB is built and read back", "[A12]") {
    std::string big(64U << 20U, 'x');
    for (std::size_t at = 79; at < big.size(); at += 80) big[at] = '\n';
    const Text text{big};
    CHECK(text.line_count() == (64U << 20U) / 80 + 1);
    CHECK((text.replace(0, 1, "y").slice(1, SIZE_MAX) == std::string_view{big}.substr(1)));
}
