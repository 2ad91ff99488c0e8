// The time a request may take, phase by phase, on a clock that the test turns.
#include "tests/unit/http/world.h"

namespace dragoman::http::test {
namespace {

// libcurl keeps the connect limit too, by a clock that no test turns: long enough for a busy machine.
constexpr Timeouts kLimits{.connect = 15s, .first_byte = 20s, .idle = 5s, .total = 100s};

Request limited(const std::string& url, std::string body = "{}") {
    Request request = post(url, std::move(body));
    request.timeouts = kLimits;
    return request;
}

/// Nothing ends just before `left`, and it ends as `expected` then.
void check_ends_after(FakeWorld& world, Recorder& recorder, Milliseconds left, What expected) {
    world.clock.advance(left - 1ms);
    world.poll();
    CHECK(recorder.ended == 0);
    world.clock.advance(1ms);
    REQUIRE(recorder.ended == 1);
    REQUIRE(recorder.failure);
    CHECK(recorder.failure->what == expected);
    CHECK(recorder.failure->detail.find(" ms") != std::string::npos);
    world.poll();
    CHECK_FALSE(recorder.told_after_drop);
}

}  // namespace

TEST_CASE("a peer that does not finish the TLS handshake costs the connect limit") {
    FakeWorld world;
    Server server{world.io};
    Recorder recorder;
    std::string url = server.url();
    url.replace(0, 4, "https");
    world.start(recorder, limited(url));
    world.until([&] { return !server.peers.empty() && server.peers[0]->bytes > 0; });  // its ClientHello
    check_ends_after(world, recorder, kLimits.connect, What::connect_timeout);
    world.until([&] { return server.peers[0]->closed; });
}

TEST_CASE("a peer that accepts and never answers costs the first-byte limit") {
    FakeWorld world;
    Server server{world.io};
    Recorder recorder;
    world.start(recorder, limited(server.url()));
    world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
    world.poll();
    SECTION("silent") {}
    SECTION("with interim answers only") {
        server.peers[0]->send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n");
        world.poll();
    }
    check_ends_after(world, recorder, kLimits.first_byte, What::first_byte_timeout);
    world.until([&] { return server.peers[0]->closed; });
}

TEST_CASE("silence inside an answer costs the idle limit, and each piece starts it anew") {
    FakeWorld world;
    Server server{world.io};
    Recorder recorder;
    world.start(recorder, limited(server.url()));
    world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
    world.clock.advance(kLimits.first_byte - 1ms);
    server.peers[0]->send("HTTP/1.1 200 OK\r\n\r\n");
    world.until([&] { return recorder.heads.size() == 1; });
    for (std::size_t piece = 1; piece <= 4; ++piece) {
        world.clock.advance(kLimits.idle - 1ms);
        CHECK(recorder.ended == 0);
        server.peers[0]->send(": ping\n\n");
        world.until([&] { return recorder.pieces.size() == piece; });
    }
    check_ends_after(world, recorder, kLimits.idle, What::idle_timeout);
    CHECK(recorder.body.size() == 4 * 8);
    world.until([&] { return server.peers[0]->closed; });
}

TEST_CASE("a head that stops in the middle costs the idle limit") {
    FakeWorld world;
    Server server{world.io};
    Recorder recorder;
    world.start(recorder, limited(server.url()));
    world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
    server.peers[0]->send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n");
    world.poll();
    check_ends_after(world, recorder, kLimits.idle, What::idle_timeout);
}

TEST_CASE("an upload that the peer does not take costs the idle limit") {
    FakeWorld world;
    Server server{world.io};
    server.on_accept = [](Peer& peer) { peer.reads = false; };
    Recorder recorder;
    world.start(recorder, limited(server.url(), std::string(20U << 20U, 'p')));
    world.until([&] { return !server.peers.empty(); });
    world.poll();
    check_ends_after(world, recorder, kLimits.idle, What::idle_timeout);
}

TEST_CASE("the first-byte limit begins when a long upload is through") {
    FakeWorld world;
    Server server{world.io};
    Recorder recorder;
    world.start(recorder, limited(server.url(), std::string(3U << 20U, 'p')));
    world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
    world.poll();
    check_ends_after(world, recorder, kLimits.first_byte, What::first_byte_timeout);
}

TEST_CASE("an answer that never stops costs the total limit") {
    FakeWorld world;
    Server server{world.io};
    Recorder recorder;
    world.start(recorder, limited(server.url()));
    world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
    server.peers[0]->send("HTTP/1.1 200 OK\r\n\r\n");
    world.until([&] { return recorder.heads.size() == 1; });
    Milliseconds passed{0};
    while (passed + 4s < kLimits.total) {
        world.clock.advance(4s);
        passed += 4s;
        const auto before = recorder.pieces.size();
        server.peers[0]->send("more");
        world.until([&] { return recorder.pieces.size() > before; });
    }
    check_ends_after(world, recorder, kLimits.total - passed, What::total_timeout);
    CHECK(recorder.timings.total == kLimits.total);
}

TEST_CASE("a limit of zero is none") {
    FakeWorld world;
    Server server{world.io};
    Recorder recorder;
    Request request = post(server.url());
    request.timeouts = {.connect = 0ms, .first_byte = 0ms, .idle = 0ms, .total = 0ms};
    world.start(recorder, request);
    world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
    world.clock.advance(std::chrono::hours{48});
    server.peers[0]->send(answer("at last"));
    world.until_ended(recorder);
    CHECK(recorder.succeeded());
}

TEST_CASE("a listener may drop its transfer when a limit ends it") {
    FakeWorld world;
    Server server{world.io};
    Recorder recorder;
    recorder.when_end = [&] { recorder.drop(); };
    world.start(recorder, limited(server.url()));
    world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
    world.clock.advance(kLimits.total);
    CHECK(recorder.ended == 1);
    CHECK_FALSE(recorder.transfer);
}

}  // namespace dragoman::http::test
