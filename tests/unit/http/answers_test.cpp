// How answers arrive: heads, bodies in pieces, the ways a body can end, limits of size.
#include "tests/unit/http/world.h"

namespace dragoman::http::test {
namespace {

/// Sends one request to a server that answers with `bytes` and then does `after`.
template <class After>
std::unique_ptr<Recorder> fetch(LiveWorld& world, std::string bytes, After after,
                                Request request = post("")) {
    Server server{world.io};
    server.on_request = [&](Peer& peer, const std::string&) {
        peer.send(bytes);
        after(peer);
    };
    request.url = server.url();
    auto recorder = std::make_unique<Recorder>();
    world.start(*recorder, std::move(request));
    world.until_ended(*recorder);
    CHECK_FALSE(recorder->told_after_drop);
    return recorder;
}

const auto kStay = [](Peer&) {};

std::string gzip_of(const std::string& shell) { return output_of(shell + " | gzip -c"); }

}  // namespace

TEST_CASE("head and body arrive in order and in the pieces in which they were sent") {
    LiveWorld world;
    Server server{world.io};
    Recorder recorder;
    world.start(recorder, post(server.url()));
    CHECK(recorder.ended == 0);
    world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
    Peer& peer = *server.peers[0];
    peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-Request-ID:  a b \r\n\r\n");
    world.until([&] { return recorder.heads.size() == 1; });
    CHECK(recorder.heads[0].status == 200);
    REQUIRE(find_header(recorder.heads[0].headers, "X-REQUEST-id"));
    CHECK(*find_header(recorder.heads[0].headers, "X-REQUEST-id") == "a b");
    CHECK_FALSE(find_header(recorder.heads[0].headers, "X-Request"));
    for (const std::string piece : {"data: 1\n\n", "data: ", "2\n\n"}) {
        const auto before = recorder.pieces.size();
        peer.send(piece);
        world.until([&] { return recorder.pieces.size() > before; });
        CHECK(recorder.pieces.back() == piece);
    }
    peer.finish();
    world.until_ended(recorder);
    CHECK(recorder.succeeded());
    CHECK(recorder.timings.first_byte.count() > 0);
    CHECK_FALSE(recorder.timings.reused);
}

TEST_CASE("a chunked body is the same wherever its bytes are cut") {
    const std::string whole =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nghos\r\n6\r\nt text\r\n0\r\nX-Late: "
        "1\r\n\r\n";
    LiveWorld world;
    for (std::size_t cut = 1; cut < whole.size(); cut += 3) {
        Server server{world.io};
        server.on_request = [&](Peer& peer, const std::string&) {
            peer.send(whole.substr(0, cut));
            peer.send(whole.substr(cut));
        };
        Recorder recorder;
        world.start(recorder, post(server.url()));
        world.until_ended(recorder);
        CHECK(recorder.succeeded());
        CHECK(recorder.body == "ghost text");
        REQUIRE(recorder.heads.size() == 1);
        CHECK_FALSE(find_header(recorder.heads[0].headers, "X-Late"));
    }
}

TEST_CASE("the head is the final answer's, however many interim answers came before") {
    LiveWorld world;
    std::string bytes;
    for (int i = 0; i < 20; ++i) bytes += "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n";
    const auto recorder = fetch(world, bytes + answer("late", "", 404), kStay);
    CHECK(recorder->succeeded());
    REQUIRE(recorder->heads.size() == 1);
    CHECK(recorder->heads[0].status == 404);
    CHECK_FALSE(find_header(recorder->heads[0].headers, "X-Early"));
    CHECK(recorder->body == "late");
}

TEST_CASE("every way of answering has its end") {
    struct Case {
        const char* what;
        std::string bytes;
        bool finish;
        std::optional<What> failure;
        std::string body;
    };
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::vector<Case> cases{
        {"close-delimited", "HTTP/1.1 200 OK\r\n\r\nabc", true, std::nullopt, "abc"},
        {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nabc", true, std::nullopt, "abc"},
        {"no content", "HTTP/1.1 204 No Content\r\n\r\n", false, std::nullopt, ""},
        {"an error status is an answer", answer("oops", "", 503), false, std::nullopt, "oops"},
        {"shorter than announced", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", true, What::short_body,
         "abc"},
        {"no last chunk", chunked + "3\r\nabc\r\n", true, What::short_body, "abc"},
        {"cut inside a chunk", chunked + "9\r\nabc", true, What::short_body, "abc"},
        {"a chunk size that is no number", chunked + "3\r\nabc\r\nzz\r\n", true, What::protocol, "abc"},
        {"nothing at all", "", true, What::reset, ""},
        {"half a head", "HTTP/1.1 200 OK\r\nContent-", true, What::reset, ""},
        {"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", true, What::protocol, ""},
        {"a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", true, What::protocol,
         ""},
        {"an encoding nobody knows", answer("abc", "Content-Encoding: rot13\r\n"), false, What::protocol, ""},
        {"an encoding that is not there", answer("abc", "Content-Encoding: gzip\r\n"), false, What::protocol,
         ""},
    };
    LiveWorld world;
    for (const Case& row : cases) {
        INFO(row.what);
        const auto recorder = fetch(world, row.bytes, [&](Peer& peer) {
            if (row.finish) peer.finish();
        });
        CHECK(recorder->ended == 1);
        CHECK(recorder->failure.has_value() == row.failure.has_value());
        if (recorder->failure && row.failure) {
            INFO(recorder->failure->detail);
            CHECK(static_cast<int>(recorder->failure->what) == static_cast<int>(*row.failure));
            CHECK_FALSE(recorder->failure->detail.empty());
            CHECK(recorder->failure->detail.find('\n') == std::string::npos);
        }
        CHECK(recorder->body == row.body);
    }
}

TEST_CASE("a reset ends the request once, after any number of bytes") {
    const std::string whole =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\nabcde\r\n";
    LiveWorld world;
    for (std::size_t size = 0; size < whole.size(); size += 7) {
        Server server{world.io};
        Recorder recorder;
        world.start(recorder, post(server.url()));
        world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
        server.peers[0]->send(whole.substr(0, size));
        const bool body = size > whole.find("abc");
        if (body) world.until([&] { return !recorder.body.empty(); });
        server.peers[0]->reset();
        world.until_ended(recorder);
        world.poll();
        CHECK(recorder.ended == 1);
        REQUIRE(recorder.failure);
        INFO(size << " " << recorder.failure->detail);
        CHECK(recorder.failure->what == What::reset);
        CHECK(server.peers.size() == 1);
    }
}

TEST_CASE("a redirect is an answer and is never followed") {
    LiveWorld world;
    Server other{world.io, answering(answer("other"))};
    for (const int status : {301, 302, 303, 307, 308}) {
        const std::string place =
            other.url("/").substr(std::string_view{"http:"}.size());  // "//127.0.0.1:1/"
        for (const std::string& target : {other.url("/"), place, "http://me:word@" + place.substr(2),
                                          "HTTP:" + place, std::string{"file:///etc/passwd"},
                                          std::string{"/again"}, std::string{"?loop"}, std::string{}}) {
            const auto recorder = fetch(world, answer("", "Location: " + target + "\r\n", status), kStay);
            CHECK(recorder->succeeded());
            REQUIRE(recorder->heads.size() == 1);
            CHECK(recorder->heads[0].status == status);
            CHECK(*find_header(recorder->heads[0].headers, "location") == target);
        }
    }
    world.poll();
    CHECK(other.peers.empty());
}

TEST_CASE("headers without end are cut") {
    LiveWorld world;
    const std::string line = "X-Filler: " + std::string(1000, 'x') + "\r\n";
    for (const bool interim : {false, true}) {
        const std::string filler = interim ? "HTTP/1.1 103 Hint\r\n" + line + "\r\n" : line;
        Server server{world.io};
        server.on_request = [&](Peer& peer, const std::string&) {
            if (!interim) peer.send("HTTP/1.1 200 OK\r\n");
            for (std::size_t sent = 0; sent < (2U << 20U); sent += filler.size()) peer.send(filler);
        };
        Recorder recorder;
        world.start(recorder, post(server.url()));
        world.until_ended(recorder);
        REQUIRE(recorder.failure);
        CHECK(recorder.failure->what == What::too_large);
        CHECK(recorder.heads.empty());
        world.until([&] { return server.peers[0]->closed; });
    }
}

TEST_CASE("a body is cut at its limit and not a byte before") {
    LiveWorld world;
    for (const std::size_t size : {999U, 1000U, 1001U, 100'000U}) {
        Request request = post("");
        request.body_limit = 1000;
        const auto recorder = fetch(world, answer(std::string(size, 'a')), kStay, request);
        CHECK(recorder->failure.has_value() == (size > 1000));
        if (recorder->failure) CHECK(recorder->failure->what == What::too_large);
        if (!recorder->failure) CHECK(recorder->body.size() == size);
        CHECK(recorder->body.size() <= 1000);
    }
}

TEST_CASE("compression that nobody asked for is undone") {
    LiveWorld world;
    std::string accepts;
    Server server{world.io};
    const std::string packed = gzip_of("printf 'data: hello'");
    server.on_request = [&](Peer& peer, const std::string& request) {
        accepts = request;
        peer.send(answer(packed, "Content-Encoding: gzip\r\n"));
    };
    Recorder recorder;
    world.start(recorder, post(server.url()));
    world.until_ended(recorder);
    CHECK(recorder.succeeded());
    CHECK(recorder.body == "data: hello");
    CHECK(accepts.find("Accept-Encoding: identity\r\n") != std::string::npos);
}

TEST_CASE("a compressed bomb is cut at the limit of what comes out of it") {
    LiveWorld world;
    Request request = post("");
    request.body_limit = 1U << 20U;
    const std::string bomb = gzip_of("head -c 100000000 /dev/zero");
    REQUIRE(bomb.size() < request.body_limit);
    const auto recorder = fetch(world, answer(bomb, "Content-Encoding: gzip\r\n"), kStay, request);
    REQUIRE(recorder->failure);
    CHECK(recorder->failure->what == What::too_large);
    CHECK(recorder->body.size() <= request.body_limit);
}

TEST_CASE("ten thousand small pieces arrive one after the other") {
    LiveWorld world;
    Server server{world.io};
    Recorder recorder;
    world.start(recorder, post(server.url()));
    world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
    std::string expected;
    server.peers[0]->send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 10'000; ++i) {
        const std::string piece = std::to_string(10'000 + i);
        expected += piece;
        server.peers[0]->send("5\r\n" + piece + "\r\n");
    }
    server.peers[0]->send("0\r\n\r\n");
    world.until_ended(recorder);
    CHECK(recorder.succeeded());
    CHECK(recorder.body == expected);
}

TEST_CASE("a large body goes out whole, also when the answer comes before its end") {
    LiveWorld world;
    const std::string body(5U << 20U, 'p');
    SECTION("read to the end") {
        Server server{world.io, answering(answer("ok"))};
        Recorder recorder;
        world.start(recorder, post(server.url(), body));
        world.until_ended(recorder);
        CHECK(recorder.succeeded());
        CHECK(server.peers[0]->requests[0].find("Expect:") == std::string::npos);
        CHECK(server.peers[0]->requests[0].substr(server.peers[0]->requests[0].size() - body.size()) == body);
    }
    SECTION("refused early") {
        Server server{world.io};
        Recorder recorder;
        world.start(recorder, post(server.url(), body));
        world.until([&] { return !server.peers.empty() && server.peers[0]->bytes > 0; });
        server.peers[0]->send(answer("too long", "Connection: close\r\n", 413));
        world.until_ended(recorder);
        REQUIRE(recorder.heads.size() == 1);
        CHECK(recorder.heads[0].status == 413);
        CHECK(recorder.body == "too long");
    }
}

}  // namespace dragoman::http::test
