#include "protocol/jsonrpc/framing.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::jsonrpc;
using Fault = FrameReader::Fault;

namespace {

struct Read {
    std::vector<std::string> bodies;
    Fault fault;
    bool clean;
    friend bool operator==(const Read&, const Read&) = default;
};

// What a reader makes of `bytes` that arrive in pieces of `step` after a first one of `first`.
Read read(std::string_view bytes, std::size_t first, std::size_t step) {
    FrameReader reader;
    std::vector<std::string> bodies;
    reader.feed(bytes.substr(0, first), bodies);
    for (std::size_t at = first; at < bytes.size(); at += step) reader.feed(bytes.substr(at, step), bodies);
    return {bodies, reader.fault(), reader.between_frames()};
}

Read read(std::string_view bytes) { return read(bytes, bytes.size(), 1); }

Fault fault_of(std::string_view bytes) { return read(bytes).fault; }

bool reads_as_ok(std::string_view bytes) { return read(bytes) == Read{{"ok"}, Fault::none, true}; }

}  // namespace

TEST_CASE("a message with a Content-Length alone is read", "[A1]") {
    CHECK(reads_as_ok("Content-Length: 2\r\n\r\nok"));
}

TEST_CASE("a Content-Type before or after the length is accepted for utf-8 only", "[A2]") {
    const auto media =
        GENERATE("application/vscode-jsonrpc; charset=utf-8", "application/vscode-jsonrpc; charset=utf8",
                 "application/json;Charset=\"UTF-8\"", "application/json", "a/b; x=y; charset = utf-8 ");
    const std::string type = std::string{"Content-Type: "} + media + "\r\n";
    CHECK(reads_as_ok(type + "Content-Length: 2\r\n\r\nok"));
    CHECK(reads_as_ok("Content-Length: 2\r\n" + type + "\r\nok"));
}

TEST_CASE("another charset is a fault, never a misreading", "[A2]") {
    const auto media = GENERATE("a/b; charset=utf-16", "a/b;charset=latin1", "a/b; x=y; charset=\"\"",
                                "a/b; charset=utf-88");
    const std::string type = std::string{"Content-Type: "} + media + "\r\n";
    CHECK(fault_of(type + "Content-Length: 2\r\n\r\nok") == Fault::unsupported_charset);
    CHECK(fault_of("Content-Length: 2\r\n" + type + "\r\nok") == Fault::unsupported_charset);
}

TEST_CASE("header names come in any case, values with blanks, and unknown headers are skipped", "[A3]") {
    CHECK(reads_as_ok("content-length: 2\r\n\r\nok"));
    CHECK(reads_as_ok("CONTENT-LENGTH:2\r\n\r\nok"));
    CHECK(reads_as_ok("Content-Length \t: \t 2 \t\r\n\r\nok"));
    CHECK(reads_as_ok("X-Unknown: a:b\r\nContent-Length: 2\r\nEmpty:\r\n\r\nok"));
    CHECK(reads_as_ok("Content-Length: 002\r\n\r\nok"));
}

TEST_CASE("header lines may end in a bare line feed", "[A4]") {
    CHECK(reads_as_ok("Content-Length: 2\n\nok"));
    CHECK(reads_as_ok("Content-Length: 2\r\n\nok"));
    CHECK(reads_as_ok("Content-Length: 2\n\r\nok"));
}

TEST_CASE("frames are the same wherever the bytes are cut", "[A5]") {
    const std::string body = "{\"text\":\"a→😀\r\n\r\nContent-Length: 9\"}";
    const std::string bytes =
        frame(body) + "content-type: x; charset=utf8\nContent-Length: 0\n\n" + frame("é") + frame("x");
    const Read whole = read(bytes);
    REQUIRE(whole == Read{{body, "", "é", "x"}, Fault::none, true});
    for (std::size_t first = 0; first <= bytes.size(); ++first) {
        for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{3}, bytes.size()}) {
            REQUIRE(read(bytes, first, step) == whole);
        }
    }
}

TEST_CASE("several messages in one read come out in order", "[A6]") {
    CHECK(read(frame("1") + frame("22") + frame("333")).bodies == std::vector<std::string>{"1", "22", "333"});
}

TEST_CASE("the length counts bytes", "[A7]") {
    const std::string body = "😀😀";
    CHECK(read("Content-Length: 8\r\n\r\n" + body + frame("next")).bodies ==
          std::vector<std::string>{body, "next"});
}

TEST_CASE("a length that is missing, wrong or too large is a fault wherever it is cut", "[A8]") {
    struct Case {
        std::string_view header;
        Fault fault;
    };
    const auto [header, expected] = GENERATE(values<Case>({
        {"Content-Type: application/json\r\n\r\n", Fault::no_length},
        {"\r\n", Fault::no_length},
        {"Content-Length: -1\r\n\r\n", Fault::bad_length},
        {"Content-Length: +2\r\n\r\n", Fault::bad_length},
        {"Content-Length: 0x2\r\n\r\n", Fault::bad_length},
        {"Content-Length: 2.0\r\n\r\n", Fault::bad_length},
        {"Content-Length: 2 2\r\n\r\n", Fault::bad_length},
        {"Content-Length: \r\n\r\n", Fault::bad_length},
        {"Content-Length: two\r\n\r\n", Fault::bad_length},
        {"Content-Length: 2\r\nContent-Length: 3\r\n\r\n", Fault::bad_length},
        {"Content-Length: 67108865\r\n\r\n", Fault::body_too_large},
        {"Content-Length: 18446744073709551618\r\n\r\n", Fault::body_too_large},
        {"Content-Length: 99999999999999999999999999999999\r\n\r\n", Fault::body_too_large},
        {"Content-Length 2\r\n\r\n", Fault::malformed_header},
        {"{\"jsonrpc\"}\r\n\r\n", Fault::malformed_header},
    }));
    CAPTURE(header);
    const std::string bytes = frame("before") + std::string{header} + "ok" + frame("after");
    for (std::size_t first = 0; first <= bytes.size(); ++first) {
        REQUIRE(read(bytes, first, 1) == Read{{"before"}, expected, false});
    }
    CHECK(describe(expected) != describe(Fault::none));
}

TEST_CASE("the same length twice is no contradiction") {
    CHECK(reads_as_ok("Content-Length: 2\r\nContent-Length: 2\r\n\r\nok"));
}

TEST_CASE("a header is limited in bytes and lines, however it arrives") {
    const std::string filler(kMaxHeader, 'x');
    const std::string length = "Content-Length: 2\r\n";
    const auto padded = [&](std::size_t size) {  // a header block of exactly `size` bytes
        const std::string name = "X: ";
        return name + filler.substr(0, size - name.size() - 2 - length.size() - 2) + "\r\n" + length +
               "\r\nok";
    };
    for (const std::size_t step : {1U, 7U, 100'000U}) {
        CHECK(read(padded(kMaxHeader), 0, step) == Read{{"ok"}, Fault::none, true});
        CHECK(read(padded(kMaxHeader + 1), 0, step).fault == Fault::header_too_long);
        CHECK(read(filler + "x", 0, step).fault == Fault::header_too_long);
    }
    std::string lines;
    for (std::size_t i = 0; i + 1 < kMaxHeaderLines; ++i) lines += "X: y\r\n";
    CHECK(reads_as_ok(lines + length + "\r\nok"));
    CHECK(fault_of(lines + "X: y\r\n" + length + "\r\nok") == Fault::header_too_long);
    CHECK(read(frame(filler) + padded(kMaxHeader)).bodies.size() == 2);  // the limit is of each block
}

TEST_CASE("a body of no bytes is a body", "[A11]") {
    CHECK(read("Content-Length: 0\r\n\r\n") == Read{{""}, Fault::none, true});
}

TEST_CASE("a body of 50 MB in small reads is accepted, and no memory is taken for one that does not come",
          "[A12]") {
    const std::string body(50'000'000, 'x');
    const std::string bytes = frame(body);
    const Read whole = read(bytes, 0, 64U << 10U);
    CHECK(whole.fault == Fault::none);
    REQUIRE(whole.bodies.size() == 1);
    CHECK((whole.bodies[0] == body));

    // Ten thousand readers that each were promised 64 MiB: 640 GB if promises were believed.
    std::vector<FrameReader> readers(10'000);
    std::vector<std::string> bodies;
    for (FrameReader& reader : readers) reader.feed("Content-Length: 67108864\r\n\r\nx", bodies);
    CHECK(bodies.empty());
    CHECK(readers.back().fault() == Fault::none);
}

TEST_CASE("what is written starts with one Content-Length line and nothing else", "[A13]") {
    CHECK(frame("{}") == "Content-Length: 2\r\n\r\n{}");
    CHECK(frame("→") == "Content-Length: 3\r\n\r\n→");
    CHECK(frame("") == "Content-Length: 0\r\n\r\n");
}

TEST_CASE("an end of input is clean between frames only", "[C37]") {
    const std::string bytes = frame("ok");
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        CAPTURE(cut);
        CHECK(read(bytes.substr(0, cut)).clean == (cut == 0 || cut == bytes.size()));
    }
}
