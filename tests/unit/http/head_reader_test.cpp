#include "server/upstream/http/head_reader.h"

#include <catch2/catch_all.hpp>

namespace dragoman::http::test {

TEST_CASE("a head is read line by line, the way servers really write them") {
    HeadReader reader;
    using Step = HeadReader::Step;
    for (const char* line : {"HTTP/1.1 103 Early Hints\r\n", "Link: </a>\r\n", "\r\n", "HTTP/2 429 \r\n"}) {
        CHECK(reader.feed(line) == Step::more);
    }
    CHECK(reader.final_started());
    for (const char* line : {"Retry-After:3\n", "X-Folded: one\r\n", "\t two \r\n", "X-Url: http://a:1\r\n",
                             "no colon here\r\n", "X-None:\r\n", "X-Twice: 1\r\n", "X-Twice: 2\r\n"}) {
        CHECK(reader.feed(line) == Step::more);
    }
    CHECK(reader.feed("\r\n") == Step::complete);
    const Headers expected{{"Retry-After", "3"}, {"X-Folded", "one two"}, {"X-Url", "http://a:1"},
                           {"X-None", ""},       {"X-Twice", "1"},        {"X-Twice", "2"}};
    CHECK(reader.head().status == 429);
    CHECK(reader.head().headers == expected);
    CHECK(*find_header(reader.head().headers, "x-twice") == "1");

    CHECK(reader.feed("X-Trailer: late\r\n") == Step::more);
    CHECK(reader.feed("\r\n") == Step::more);
    CHECK(reader.head().headers == expected);
}

TEST_CASE("a status line without a readable number starts no final head") {
    for (const char* line : {"HTTP/1.1\r\n", "HTTP/1.1 \r\n", "HTTP/1.1 OK\r\n"}) {
        HeadReader reader;
        reader.feed(line);
        CHECK(reader.feed("\r\n") == HeadReader::Step::more);
        CHECK_FALSE(reader.complete());
    }
}

}  // namespace dragoman::http::test
