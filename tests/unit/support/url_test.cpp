#include "server/support/url.h"

using namespace dragoman;

TEST_CASE("A URL that is fine is read into its normal form") {
    struct Case {
        std::string_view text, normal;
    };
    const Case cases[] = {
        {"https://api.example.com/v1", "https://api.example.com/v1"},
        {"https://api.example.com", "https://api.example.com/"},
        {"  \t https://api.example.com/v1\r\n", "https://api.example.com/v1"},
        {"HTTPS://API.Example.COM/V1", "https://api.example.com/V1"},
        {"https://api.example.com./v1", "https://api.example.com/v1"},
        {"https://api.example.com:443/v1", "https://api.example.com/v1"},
        {"http://api.example.com:80", "http://api.example.com/"},
        {"http://api.example.com:443", "http://api.example.com:443/"},
        {"http://localhost:11434/v1/", "http://localhost:11434/v1/"},
        {"https://host:65535/", "https://host:65535/"},
        {"https://host?api-version=2024-06", "https://host/?api-version=2024-06"},
        {"https://host/a%20b?q=%2F&x=1", "https://host/a%20b?q=%2F&x=1"},
        {"https://host/v1?to=a@b:c/d", "https://host/v1?to=a@b:c/d"},
        {"http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"},
        {"http://[::1]:8080/v1", "http://[::1]:8080/v1"},
        {"http://[0:0:0:0:0:0:0:1]", "http://[::1]/"},
        {"https://[2001:DB8::A]/v1", "https://[2001:db8::a]/v1"},
        {"https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"},
        {"https://my_gateway.corp.local/", "https://my_gateway.corp.local/"},
        {"https://1.2.3.4.example/", "https://1.2.3.4.example/"},
        {"https://0x7f.example/", "https://0x7f.example/"},
    };
    for (const auto& [text, normal] : cases) {
        CAPTURE(text);
        const auto url = parse_url(text);
        REQUIRE(url.ok());
        CHECK(url->to_string() == normal);
        const auto again = parse_url(normal);
        REQUIRE(again.ok());
        CHECK(again->origin == url->origin);
    }
}

TEST_CASE("A URL that another parser could read differently is refused with the reason") {
    struct Case {
        std::string text;
        std::string_view reason;  // a part of the message
    };
    const std::string label64(64, 'a');
    std::string host255 = "a";
    while (host255.size() < 255) host255 += ".a";
    const Case cases[] = {
        {"", "empty"},
        {"   ", "empty"},
        {"api.example.com/v1", "begin with https://"},
        {"//api.example.com/v1", "begin with https://"},
        {"https:/api.example.com", "begin with https://"},
        {"https:api.example.com", "begin with https://"},
        {"ftp://host/", "begin with https://"},
        {"file:///etc/passwd", "begin with https://"},
        {"javascript://host/", "begin with https://"},
        {"://host/", "begin with https://"},
        {"https://", "no host"},
        {"https:///v1", "no host"},
        {"https://:8080/", "no host"},
        {"https://./", "no host"},
        {"https://user@host/", "user-info"},
        {"https://user:hunter2@host/", "user-info"},
        {"https://good.example@evil.example/", "user-info"},
        {"https://good.example:443@evil.example/", "user-info"},
        {"https://@host/", "user-info"},
        {"https://good.example\\@evil.example/", "backslash"},
        {"https:\\\\host\\v1", "backslash"},
        {"https://good.example%2f.evil.example/", "percent escape"},
        {"https://good.example%00.evil.example/", "percent escape"},
        {"https://ho%73t/", "percent escape"},
        {"https://host/%00", "NUL"},
        {"https://host/a%0", "two hex digits"},
        {"https://host/a%zz", "two hex digits"},
        {"https://host/{model}/v1", "percent-encoded"},
        {"https://host/v1#x", "fragment"},
        {"https://good.example#@evil.example/", "fragment"},
        {"https://ho st/", "blank"},
        {"https://host/a b", "blank"},
        {"https://host\r\nX-Evil: 1/", "control"},
        {"https://host/\x01", "control"},
        {"https://host/\x7f", "control"},
        {std::string("https://good.example\0.evil.example/", 35), "control"},
        {"https://b\xc3\xbc"
         "cher.example/",
         "ASCII"},
        {"https://host/\xff", "ASCII"},
        {"https://host\xe3\x80\x82"
         "example/",
         "ASCII"},
        {"https://a..b/", "valid host"},
        {"https://host../", "valid host"},
        {"https://.host/", "valid host"},
        {"https://ho!st/", "valid host"},
        {"https://host,other/", "valid host"},
        {"https://{host}/", "valid host"},
        {"https://" + label64 + ".example/", "valid host"},
        {"https://" + host255 + "/", "longer"},
        {"https://0177.0.0.1/", "IPv4"},
        {"https://2130706433/", "IPv4"},
        {"https://0x7f.0.0.1/", "IPv4"},
        {"https://0x7f000001/", "IPv4"},
        {"https://127.1/", "IPv4"},
        {"https://127.0.1/", "IPv4"},
        {"https://127.0.0.256/", "IPv4"},
        {"https://127.0.0.01/", "IPv4"},
        {"https://1.2.3.4.5/", "IPv4"},
        {"https://a.b.0x10/", "IPv4"},
        {"https://host.0x/", "IPv4"},
        {"https://[::1/", "no ]"},
        {"https://[::1%eth0]/", "IPv6"},
        {"https://[::1%25eth0]/", "IPv6"},
        {"https://[]/", "IPv6"},
        {"https://[127.0.0.1]/", "IPv6"},
        {"https://[v1.x]/", "IPv6"},
        {"https://[::1]x/", "other than a port"},
        {"https://[::1]8080/", "other than a port"},
        {"https://::1/", "no host"},
        {"https://host:/", "port"},
        {"https://host:0/", "port"},
        {"https://host:65536/", "port"},
        {"https://host:4294967376/", "port"},
        {"https://host:-1/", "port"},
        {"https://host:+80/", "port"},
        {"https://host:80a/", "port"},
        {"https://host:80:80/", "port"},
        {"https://[::1]:/", "port"},
        {"https://host/" + std::string(9000, 'a'), "8192"},
    };
    for (const auto& [text, reason] : cases) {
        CAPTURE(text, reason);
        const auto url = parse_url(text);
        REQUIRE_FALSE(url.ok());
        CAPTURE(url.error());
        CHECK(url.error().find(reason) != std::string::npos);
        CHECK(url.error().find("hunter2") == std::string::npos);
    }
}

TEST_CASE("Only literals of the loopback network are loopback") {
    const std::string_view loopback[] = {"http://localhost", "http://LOCALHOST.:1/", "http://127.0.0.1",
                                         "http://127.255.0.9:8080", "http://[::1]"};
    const std::string_view other[] = {"http://127.evil.example",
                                      "http://localhost.evil.example",
                                      "http://128.0.0.1",
                                      "http://0.0.0.0",
                                      "http://[::]",
                                      "http://[::ffff:127.0.0.1]",
                                      "http://[::2]"};
    for (const auto text : loopback) {
        CAPTURE(text);
        CHECK(parse_url(text)->origin.is_loopback());
    }
    for (const auto text : other) {
        CAPTURE(text);
        CHECK_FALSE(parse_url(text)->origin.is_loopback());
    }
}

TEST_CASE("Origins differ by scheme, host and port and by nothing else") {
    const auto origin = [](std::string_view text) { return parse_url(text)->origin; };
    const Origin base = origin("https://host.example/v1");
    CHECK(base == origin("https://HOST.example:443/other?x=1"));
    CHECK(base != origin("http://host.example/v1"));
    CHECK(base != origin("https://host.example:8443/v1"));
    CHECK(base != origin("https://api.host.example/v1"));
    CHECK(base.to_string() == "https://host.example");
}
