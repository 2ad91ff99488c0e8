// What is told of a request on its way out.
#include "server/upstream/http/watched_client.h"

#include "tests/support/fake_clock.h"
#include "tests/support/fake_http.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::test;
using Outcome = http::Sent::Outcome;

namespace {

struct Watcher {
    FakeClock clock{};
    FakeHttp network{};
    std::vector<http::Sent> told{};
    http::WatchedClient client{clock, network, [this](const http::Sent& one) { told.push_back(one); }};
    struct Heard final : http::Listener {
        void on_head(const http::Head& head) override { status = head.status; }
        void on_bytes(std::string_view bytes) override { body += bytes; }
        void on_end(const std::optional<http::Failure>& failure, const http::Timings&) override {
            ended = true;
            failed = failure.has_value();
            if (at_end) at_end();
        }
        int status = 0;
        std::string body{};
        bool ended = false, failed = false;
        std::function<void()> at_end{};
    } heard{};

    static http::Request request() {
        http::Request out;
        out.url = "https://gateway.example:8443/v1/chat/completions?key=hidden";
        out.headers = {{"Authorization", "Bearer hidden"}};
        out.body = "0123456789";
        out.errand = std::make_shared<const Errand>(Errand{.role = "chat", .provider = "work", .model = "m"});
        return out;
    }
    std::unique_ptr<http::Transfer> start() { return client.start(request(), heard); }
};

}  // namespace

TEST_CASE("a request is told once, at its end, and reaches its listener unchanged") {
    Watcher w;
    const auto begun = w.clock.wall();
    const auto transfer = w.start();
    CHECK(w.network.last().request.body == "0123456789");
    w.clock.advance(Milliseconds{120});
    w.network.last().head(200);
    w.network.last().bytes("abc");
    w.network.last().bytes("de");
    CHECK(w.told.empty());
    w.network.last().end();
    REQUIRE(w.told.size() == 1);
    const http::Sent& one = w.told.front();
    CHECK(one.origin == "https://gateway.example:8443");
    CHECK(one.errand.role == "chat");
    CHECK(one.errand.provider == "work");
    CHECK(one.time == begun);
    CHECK(one.duration == Milliseconds{120});
    CHECK(one.bytes_out == 10);
    CHECK(one.bytes_in == 5);
    CHECK(one.status == 200);
    CHECK(one.outcome == Outcome::answered);
    CHECK(w.heard.status == 200);
    CHECK(w.heard.body == "abcde");
    CHECK(w.heard.ended);
}

TEST_CASE("a request that is dropped is told as closed, with what had come") {
    Watcher w;
    auto transfer = w.start();
    const bool some = GENERATE(true, false);
    if (some) {
        w.network.last().head(200);
        w.network.last().bytes("half");
    }
    transfer.reset();
    REQUIRE(w.told.size() == 1);
    CHECK(w.told.front().outcome == Outcome::closed);
    CHECK(w.told.front().bytes_in == (some ? 4 : 0));
    CHECK(w.network.last().closed());
    CHECK_FALSE(w.heard.ended);
}

TEST_CASE("a transfer that its listener drops at the end is told once") {
    Watcher w;
    auto transfer = w.start();
    w.heard.at_end = [&] { transfer.reset(); };
    w.network.last().answer(503, "busy");
    REQUIRE(w.told.size() == 1);
    CHECK(w.told.front().outcome == Outcome::answered);
    CHECK(w.told.front().status == 503);
}

TEST_CASE("a request that the network fails is told as failed, one that was never sent is not") {
    Watcher w;
    const auto transfer = w.start();
    using What = http::Failure::What;
    const auto what =
        GENERATE(What::reset, What::first_byte_timeout, What::bad_request, What::resolve, What::connect,
                 What::proxy, What::tls_handshake, What::tls_certificate, What::connect_timeout);
    w.network.last().fail(what);
    CHECK(w.heard.failed);
    if (what == What::bad_request) {
        CHECK(w.told.empty());
    } else {
        REQUIRE(w.told.size() == 1);
        CHECK(w.told.front().outcome == Outcome::failed);
        CHECK(w.told.front().status == 0);
        const bool connected = what == What::reset || what == What::first_byte_timeout;
        CHECK(w.told.front().bytes_out == (connected ? 10 : 0));
    }
}

TEST_CASE("a connection opened ahead is told where a request goes out for it") {
    Watcher w;
    CHECK(w.client.warm(Watcher::request()));
    REQUIRE(w.told.size() == 1);
    CHECK(w.told.front().errand.role == "connect");
    CHECK(w.told.front().outcome == Outcome::connected);
    CHECK(w.told.front().bytes_out == 0);
}

TEST_CASE("a request without an errand is told all the same") {
    Watcher w;
    http::Request plain;
    plain.url = "http://127.0.0.1:1/";
    const auto transfer = w.client.start(std::move(plain), w.heard);
    w.network.last().answer(200, "");
    REQUIRE(w.told.size() == 1);
    CHECK(w.told.front().errand.role.empty());
    CHECK(w.told.front().origin == "http://127.0.0.1:1");
}
