// Destroying a Transfer: the connection goes, the listener hears no more, wherever it happens.
#include "tests/unit/http/world.h"

namespace dragoman::http::test {
namespace {

enum class Moment { at_once, connected, head, bytes, end };

/// Drops the transfer at `moment`; the server goes on sending.
void drop_at(Moment moment) {
    LiveWorld world;
    Server server{world.io};
    server.on_request = [&](Peer& peer, const std::string&) {
        if (moment == Moment::connected) return;
        peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n5\r\nother\r\n");
        if (moment == Moment::end) peer.finish();
    };
    Recorder recorder;
    world.start(recorder, post(server.url()));
    const auto drop = [&] { recorder.drop(); };
    switch (moment) {
        case Moment::at_once: drop(); break;
        case Moment::connected:
            world.until([&] { return !server.peers.empty() && !server.peers[0]->requests.empty(); });
            drop();
            break;
        case Moment::head: recorder.when_head = drop; break;
        case Moment::bytes: recorder.when_bytes = drop; break;
        case Moment::end: recorder.when_end = drop; break;
    }
    if (moment == Moment::at_once) {
        world.poll();
        CHECK(server.peers.empty());
    } else {
        world.until([&] { return !server.peers.empty() && server.peers[0]->closed; });
    }
    world.poll();
    CHECK_FALSE(recorder.told_after_drop);
    CHECK_FALSE(recorder.transfer);
    CHECK(recorder.ended == (moment == Moment::end ? 1 : 0));
    CHECK(recorder.heads.size() == (moment == Moment::at_once || moment == Moment::connected ? 0 : 1));
    if (moment == Moment::head) CHECK(recorder.body.empty());

    // The next request is not served by what was left over.
    Recorder next;
    server.on_request = answering(answer("next"));
    world.start(next, post(server.url()));
    world.until_ended(next);
    CHECK(next.body == "next");
    CHECK_FALSE(next.timings.reused);
}

}  // namespace

TEST_CASE("dropping a transfer closes its connection and silences its listener") {
    drop_at(GENERATE(Moment::at_once, Moment::connected, Moment::head, Moment::bytes, Moment::end));
}

TEST_CASE("dropping a transfer during a long upload closes its connection at once") {
    LiveWorld world;
    Server server{world.io};
    server.on_accept = [](Peer& peer) { peer.reads = false; };
    Recorder recorder;
    world.start(recorder, post(server.url(), std::string(20U << 20U, 'p')));
    world.until([&] { return !server.peers.empty(); });
    world.poll();
    recorder.drop();
    server.peers[0]->reads = true;
    server.peers[0]->start();
    world.until([&] { return server.peers[0]->closed; });
    CHECK(server.peers[0]->bytes < (20U << 20U));
    CHECK(recorder.ended == 0);
}

TEST_CASE("a listener may drop another's transfer") {
    LiveWorld world;
    Server server{world.io, answering("HTTP/1.1 200 OK\r\n\r\nendless")};
    Recorder killer, victim;
    world.start(victim, post(server.url()));
    world.until([&] { return !victim.body.empty(); });
    killer.when_bytes = [&] {
        victim.drop();
        killer.drop();
    };
    world.start(killer, post(server.url()));
    world.until(
        [&] { return server.peers.size() == 2 && server.peers[0]->closed && server.peers[1]->closed; });
    CHECK(victim.ended == 0);
    CHECK(killer.ended == 0);
    CHECK_FALSE(victim.told_after_drop);
}

TEST_CASE("a listener may start the next request from anywhere") {
    enum class From { head, bytes, end };
    const From from = GENERATE(From::head, From::bytes, From::end);
    LiveWorld world;
    Server server{world.io, answering(answer("body"))};
    Recorder first, second;
    const auto chain = [&] { world.start(second, post(server.url())); };
    (from == From::head ? first.when_head : from == From::bytes ? first.when_bytes : first.when_end) = chain;
    world.start(first, post(server.url()));
    world.until_ended(second);
    CHECK(first.succeeded());
    CHECK(second.succeeded());
    CHECK(second.body == "body");
}

TEST_CASE("a request that was started and dropped inside one callback is never sent") {
    LiveWorld world;
    Server server{world.io, answering(answer("body"))};
    Recorder first, second;
    first.when_bytes = [&] {
        world.start(second, post(server.url("/second")));
        second.drop();
    };
    world.start(first, post(server.url("/first")));
    world.until_ended(first);
    world.poll();
    CHECK(first.succeeded());
    CHECK(second.ended == 0);
    CHECK(server.peers.size() == 1);
    CHECK(server.peers[0]->requests.size() == 1);
}

TEST_CASE("what a listener throws comes out of the loop, not through libcurl") {
    LiveWorld world;
    Server server{world.io, answering(answer("body"))};
    Recorder recorder;
    bool thrown = false;
    recorder.when_bytes = [] { throw std::runtime_error{"from the listener"}; };
    world.start(recorder, post(server.url()));
    try {
        world.until_ended(recorder);
    } catch (const std::runtime_error& error) {
        thrown = std::string{error.what()} == "from the listener";
    }
    CHECK(thrown);
    world.until([&] { return server.peers[0]->closed; });
    CHECK(recorder.ended == 0);
}

TEST_CASE("transfers may outlive the client") {
    Recorder recorder;
    auto world = std::make_unique<LiveWorld>();
    Server server{world->io, answering("HTTP/1.1 200 OK\r\n\r\nendless")};
    {
        CurlClient client{world->io, world->clock, [](const std::string&) { return std::nullopt; }};
        recorder.transfer = client.start(post(server.url()), recorder);
        world->until([&] { return !recorder.body.empty(); });
    }
    world->until([&] { return server.peers[0]->closed; });
    CHECK(recorder.ended == 0);
    recorder.transfer.reset();
}

}  // namespace dragoman::http::test
