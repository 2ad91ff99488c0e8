#include "server/secrets/keys.h"
#include "server/support/log.h"

using namespace dragoman;
using secrets::Key;

namespace {

Origin origin_of(std::string_view url) { return parse_url(url)->origin; }

const Origin kHome = origin_of("https://gateway.example/v1");

std::string header_of(const Key& key) {
    const auto header = key.header_for(kHome);
    return header ? header->first + ": " + header->second : "none";
}

}  // namespace

TEST_CASE("A key is taken without the blanks and the Bearer that were copied along") {
    struct Case {
        std::string_view text;
        bool trimmed;
    };
    const Case cases[] = {
        {"sk-123456", false},        {" sk-123456", true},
        {"sk-123456\r\n", true},     {"\t\v\f sk-123456 \n\n", true},
        {"Bearer sk-123456", true},  {" bearer   sk-123456 ", true},
        {"BEARER\tsk-123456", true},
    };
    for (const auto& [text, trimmed] : cases) {
        CAPTURE(text);
        const auto key = Key::bind(text, kHome);
        REQUIRE(key.ok());
        CHECK(header_of(*key) == "Authorization: Bearer sk-123456");
        CHECK(key->was_trimmed() == trimmed);
        CHECK(key->present());
    }
    // These begin like it and are keys all the same.
    for (const std::string& text :
         std::vector<std::string>{"Bearersk-1", "bearer-token", "!~", std::string(8192, 'k')}) {
        const auto key = Key::bind(text, kHome);
        REQUIRE(key.ok());
        CHECK(header_of(*key) == "Authorization: Bearer " + text);
    }
}

TEST_CASE("A key that could not be a header's value is refused without being quoted") {
    struct Case {
        std::string text;
        std::string_view reason;
    };
    std::vector<Case> cases = {
        {"", "empty"},
        {" \r\n\t", "empty"},
        {"Bearer ", "empty"},
        {"bearer", "empty"},
        {std::string(8193, 'k'), "8192"},
        {"canary\r\nX-Evil: 1", "line break"},
        {"canary\nsecond", "line break"},
        {"canary two", "blank"},
        {"canary\ttwo", "blank"},
        {"Bearer Bearer canary", "blank"},
        {"canary\xc3\xa9", "ASCII"},
        {"\xef\xbb\xbf"
         "canary",
         "ASCII"},
        {"canary\x7f", "control"},
        {std::string("canary\0x", 8), "control"},
    };
    for (int c = 1; c < 0x20; ++c) {
        if (c == '\n' || c == '\r' || c == '\t') continue;
        cases.push_back({"canary" + std::string(1, static_cast<char>(c)) + "x", "control"});
    }
    for (const auto& [text, reason] : cases) {
        CAPTURE(text);
        const auto key = Key::bind(text, kHome);
        REQUIRE_FALSE(key.ok());
        CHECK(key.error().find(reason) != std::string::npos);
        CHECK(key.error().find("canary") == std::string::npos);
    }
}

TEST_CASE("A key leaves as a header to its own origin and to no other") {
    const auto key = Key::bind("sk-123456", kHome);
    REQUIRE(key.ok());
    for (const auto url :
         {"https://gateway.example", "https://GATEWAY.example:443/other?x", "https://gateway.example./"}) {
        CHECK(key->header_for(origin_of(url)));
    }
    for (const auto url :
         {"http://gateway.example", "https://gateway.example:8443", "https://evil.example",
          "https://gateway.example.evil.example", "https://api.gateway.example", "http://localhost"}) {
        CAPTURE(url);
        CHECK_FALSE(key->header_for(origin_of(url)));
    }
    CHECK_FALSE(key->header_for(Origin{}));
}

TEST_CASE("No key gives no header, no fingerprint and begins with nothing") {
    const Key none;
    CHECK_FALSE(none.present());
    CHECK_FALSE(none.header_for(kHome));
    CHECK_FALSE(none.header_for(Origin{}));
    CHECK(none.fingerprint().empty());
    CHECK_FALSE(none.starts_with(""));
}

TEST_CASE("A fingerprint is the start of the key's SHA-256, whatever stood around the key") {
    // printf abc | sha256sum
    CHECK(Key::bind("abc", kHome)->fingerprint() == "ba7816bf");
    CHECK(Key::bind(" Bearer abc\n", origin_of("http://localhost"))->fingerprint() == "ba7816bf");
    CHECK(Key::bind("abd", kHome)->fingerprint() != "ba7816bf");
    CHECK(Key::bind("sk-live-1", kHome)->starts_with("sk-live-"));
    CHECK_FALSE(Key::bind("sk-test-1", kHome)->starts_with("sk-live-"));
}

TEST_CASE("A key is cut out of every log line for as long as somebody holds it") {
    const std::string text = "canary-bound-key-42", line = "x " + text + " y";
    CHECK(log::redact(line) == line);
    auto key = Key::bind("Bearer " + text + "\n", kHome).value();
    CHECK(log::redact(line) == "x *** y");
    Key copy = key;
    key = Key{};
    CHECK(log::redact(line) == "x *** y");
    copy = Key::bind("canary-bound-key-43", kHome).value();
    CHECK(log::redact(line) == line);
}
