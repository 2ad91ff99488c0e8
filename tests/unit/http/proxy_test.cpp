// Which requests go through a proxy, and how a proxy fails.
#include "server/upstream/http/proxies.h"
#include "tests/support/key_writings.h"
#include "tests/unit/http/identity.h"
#include "tests/unit/http/tunnel.h"

#include <cstdlib>

namespace dragoman::http::test {
namespace {

Environment environment(std::map<std::string, std::string> variables) {
    return [variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional{found->second};
    };
}

std::string chosen(std::map<std::string, std::string> variables, const std::string& url,
                   std::optional<std::string> wish = {}) {
    return Proxies{environment(std::move(variables))}.choose(wish, parse_url(url).value().origin);
}

}  // namespace

TEST_CASE("the environment's proxy goes by the scheme") {
    const std::map<std::string, std::string> both{{"https_proxy", "http://s:1"},
                                                  {"http_proxy", "http://p:2"}};
    CHECK(chosen(both, "https://gateway.example/") == "http://s:1");
    CHECK(chosen(both, "http://gateway.example/") == "http://p:2");
    CHECK(chosen({{"HTTPS_PROXY", "http://S:1"}}, "https://gateway.example/") == "http://S:1");
    CHECK(chosen({{"HTTP_PROXY", "http://P:1"}}, "http://gateway.example/").empty());
    CHECK(chosen({{"all_proxy", "http://a:3"}}, "https://gateway.example/") == "http://a:3");
    CHECK(chosen({{"ALL_PROXY", "http://a:3"}}, "http://gateway.example/") == "http://a:3");
    CHECK(chosen({}, "https://gateway.example/").empty());
}

TEST_CASE("no_proxy names hosts, domains, addresses and networks") {
    const auto direct = [](const std::string& list, const std::string& url) {
        return chosen({{"all_proxy", "http://p:1"}, {"no_proxy", list}}, url).empty();
    };
    CHECK(direct("*", "https://gateway.example/"));
    CHECK(direct("other.example, gateway.example", "https://gateway.example/"));
    CHECK(direct("example", "https://gateway.example/"));
    CHECK(direct(".EXAMPLE", "https://gateway.example/"));
    CHECK_FALSE(direct("way.example", "https://gateway.example/"));
    CHECK_FALSE(direct("gateway.example.org", "https://gateway.example/"));
    CHECK(direct("10.1.2.3", "https://10.1.2.3/"));
    CHECK(direct("10.0.0.0/8", "https://10.1.2.3/"));
    CHECK_FALSE(direct("10.0.0.0/16", "https://10.1.2.3/"));
    CHECK_FALSE(direct("3", "https://10.1.2.3/"));
    CHECK(direct("[2001:db8::1]", "https://[2001:db8::1]/"));
    CHECK(direct("2001:db8::/32", "https://[2001:db8::1]/"));
    CHECK(direct("gateway.example:443", "https://gateway.example/"));
    CHECK(direct("example:8443", "https://gateway.example:8443/"));
    CHECK_FALSE(direct("gateway.example:80", "https://gateway.example/"));
    CHECK_FALSE(direct("gateway.example:443x", "https://gateway.example/"));
    CHECK(direct("*.gateway.example", "https://a.gateway.example/"));
    CHECK(direct("10.1.2.3:8080", "http://10.1.2.3:8080/"));
    CHECK_FALSE(direct("10.1.2.3:8080", "http://10.1.2.3/"));
    CHECK(direct("[2001:db8::1]:443", "https://[2001:db8::1]/"));
    CHECK_FALSE(direct("[2001:db8::1]:80", "https://[2001:db8::1]/"));
    CHECK(direct("2001:db8::1", "https://[2001:db8::1]:9/"));
    for (const char* odd : {":", ":443", "*.", ".", "[", "[]", "[]:1", ":::", "/8"})
        CHECK_FALSE(direct(odd, "https://gateway.example/"));
    CHECK_FALSE(direct("", "https://gateway.example/"));
    CHECK_FALSE(direct(" , ,", "https://gateway.example/"));
}

TEST_CASE("a request's own proxy wins, and none ever applies to loopback") {
    const std::map<std::string, std::string> set{{"all_proxy", "http://p:1"},
                                                 {"no_proxy", "gateway.example"}};
    CHECK(chosen(set, "https://gateway.example/", "http://mine:1") == "http://mine:1");
    CHECK(chosen(set, "https://elsewhere.example/", "").empty());
    for (const char* url :
         {"http://localhost/", "http://127.0.0.1:8080/", "http://127.9.9.9/", "http://[::1]/"}) {
        CAPTURE(url);
        CHECK(chosen(set, url).empty());
        CHECK(chosen(set, url, "http://mine:1").empty());
        CHECK(chosen(set, url, "socks5h://mine:1").empty());
    }
}

TEST_CASE("a request to a strange name is handed to the environment's proxy, one to loopback is not") {
    LiveWorld outer;
    Server proxy{outer.io, answering(answer("from the proxy"))};
    Server gateway{outer.io, answering(answer("from the gateway"))};
    const std::string address = "http://127.0.0.1:" + std::to_string(proxy.port());
    const Environment variables = environment({{"http_proxy", address}});
    CurlClient client{outer.io, outer.clock, variables};

    // What the process has in its own environment counts as little as what was given is final.
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    ::setenv("no_proxy", "*", 1);
    Recorder away, home;
    away.transfer = client.start(post("http://gateway.invalid/v1"), away);
    home.transfer = client.start(post(gateway.url()), home);
    outer.until_ended(away);
    outer.until_ended(home);
    ::unsetenv("http_proxy");
    ::unsetenv("no_proxy");

    CHECK(away.body == "from the proxy");
    CHECK(home.body == "from the gateway");
    REQUIRE(proxy.peers.size() == 1);
    CHECK(proxy.peers[0]->requests.at(0).rfind("POST http://gateway.invalid/v1 HTTP/1.1\r\n", 0) == 0);
}

TEST_CASE("a proxy that fails is named as the culprit, and sees no key of an https request") {
    struct Case {
        const char* what;
        std::string answer;
        bool finish;
    };
    const std::vector<Case> cases{
        {"wants a password", "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
         false},
        {"refuses", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", true},
        {"dies in CONNECT", "", true},
    };
    for (const Case& row : cases) {
        INFO(row.what);
        LiveWorld world;
        Server proxy{world.io};
        proxy.on_request = [&](Peer& peer, const std::string&) {
            peer.send(row.answer);
            if (row.finish) peer.finish();
        };
        Request request = post("https://gateway.invalid/v1");
        request.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
        request.headers = {{"Authorization", "Bearer canary"}, {"X-Api-Key", "canary"}};
        Recorder recorder;
        world.start(recorder, request);
        world.until_ended(recorder);
        REQUIRE(recorder.failure);
        INFO(recorder.failure->detail);
        CHECK(recorder.failure->what == What::proxy);
        CHECK(recorder.heads.empty());
        CHECK(proxy.peers.at(0)->requests.at(0).rfind("CONNECT gateway.invalid:443", 0) == 0);
        CHECK(proxy.peers[0]->requests[0].find("canary") == std::string::npos);
    }
}

TEST_CASE("a proxy gets its own password and the gateway its key, and neither the other's") {
    const bool socks = GENERATE(false, true);
    const bool from_environment = GENERATE(false, true);
    CAPTURE(socks, from_environment);
    const Identity identity{"DNS:gateway.invalid"};
    auto context = identity.context();
    LiveWorld outer;
    Server gateway{outer.io, answering(answer("fine")), &context};
    Tunnel proxy{outer.io, gateway.port(), "me", "c4n4ry:of@the/proxy"};
    const std::string scheme = socks ? "socks5h" : "http";
    const std::string address =
        scheme + "://me:c4n4ry%3Aof%40the%2Fproxy@127.0.0.1:" + std::to_string(proxy.port());
    CurlClient client{outer.io, outer.clock, environment({{"https_proxy", from_environment ? address : ""}})};
    Request request = post("https://gateway.invalid/v1");
    request.ca_file = identity.certificate();
    request.headers = {{"Authorization", "Bearer sk-live-c4n4ry/key+0123456789"}};
    if (!from_environment) request.proxy = address;
    Recorder recorder;
    recorder.transfer = client.start(request, recorder);
    outer.until_ended(recorder);

    INFO((recorder.failure ? recorder.failure->detail : "no failure"));
    CHECK(recorder.succeeded());
    CHECK(proxy.wanted == std::vector<std::string>{"gateway.invalid:443"});
    for (const std::string& trace : dragoman::test::key_traces("sk-live-c4n4ry/key+0123456789"))
        CHECK(proxy.said.find(trace) == std::string::npos);
    REQUIRE(gateway.peers.size() == 1);
    const std::string& seen = gateway.peers[0]->requests.at(0);
    CHECK(seen.find("Bearer sk-live-c4n4ry/key+0123456789") != std::string::npos);
    CHECK(seen.find("Proxy-Authorization") == std::string::npos);
}

TEST_CASE("a proxy that does not take the password is named, and the password is not") {
    const bool socks = GENERATE(false, true);
    CAPTURE(socks);
    LiveWorld world;
    Server gateway{world.io, answering(answer("fine"))};
    Tunnel proxy{world.io, gateway.port(), "me", "another"};
    Request request = post("https://gateway.invalid/v1");
    const std::string scheme = socks ? "socks5h" : "http";
    request.proxy = scheme + "://me:c4n4ry-password@127.0.0.1:" + std::to_string(proxy.port());
    Recorder recorder;
    world.start(recorder, request);
    world.until_ended(recorder);
    REQUIRE(recorder.failure);
    INFO(recorder.failure->detail);
    CHECK(recorder.failure->what == What::proxy);
    CHECK(recorder.failure->detail.find("c4n4ry") == std::string::npos);
    CHECK(proxy.refused > 0);
    CHECK(gateway.peers.empty());
}

TEST_CASE("rubbish behind a proxy's CONNECT is a failed handshake") {
    LiveWorld world;
    Server proxy{world.io, answering("HTTP/1.1 200 OK\r\n\r\nthis is no TLS at all, not even a bit of it")};
    Request request = post("https://gateway.invalid/v1");
    request.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
    Recorder recorder;
    world.start(recorder, request);
    world.until_ended(recorder);
    REQUIRE(recorder.failure);
    CHECK(recorder.failure->what == What::tls_handshake);
}

TEST_CASE("a proxy that is not there is a proxy failure") {
    LiveWorld world;
    unsigned short port = 0;
    {
        Server closed{world.io};
        port = closed.port();
    }
    Request request = post("http://gateway.invalid/v1");
    request.proxy = "http://127.0.0.1:" + std::to_string(port);
    Recorder recorder;
    world.start(recorder, request);
    world.until_ended(recorder);
    REQUIRE(recorder.failure);
    CHECK(recorder.failure->what == What::proxy);
}

}  // namespace dragoman::http::test
