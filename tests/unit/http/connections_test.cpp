// Which connection a request travels on, and what becomes of connections.
#include "tests/unit/http/world.h"

#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>
#include <set>
#include <sys/socket.h>

namespace dragoman::http::test {
namespace {

namespace fs = std::filesystem;

std::set<int> open_sockets() {
    std::set<int> found;
    for (const auto& entry : fs::directory_iterator{"/proc/self/fd"}) {
        std::error_code gone;
        const auto target = fs::read_symlink(entry.path(), gone).string();
        if (target.rfind("socket:", 0) == 0) found.insert(std::stoi(entry.path().filename().string()));
    }
    return found;
}

/// The client's ends of connections to `server`.
std::vector<int> sockets_to(const Server& server) {
    std::vector<int> found;
    for (const int fd : open_sockets()) {
        sockaddr_in remote{};
        socklen_t size = sizeof remote;
        if (::getpeername(fd, reinterpret_cast<sockaddr*>(&remote), &size) != 0) continue;
        if (remote.sin_family == AF_INET && ntohs(remote.sin_port) == server.port()) found.push_back(fd);
    }
    return found;
}

template <class WorldType>
std::unique_ptr<Recorder> fetch(WorldType& world, Request request) {
    auto recorder = std::make_unique<Recorder>();
    world.start(*recorder, std::move(request));
    world.until_ended(*recorder);
    return recorder;
}

}  // namespace

TEST_CASE("a connection that was left open serves the next request") {
    LiveWorld world;
    Server server{world.io, answering(answer("ok"))};
    const auto first = fetch(world, post(server.url()));
    const auto second = fetch(world, post(server.url()));
    CHECK_FALSE(first->timings.reused);
    CHECK(first->timings.connected.count() > 0);
    CHECK(second->timings.reused);
    CHECK(second->timings.connected.count() == 0);
    CHECK(server.peers.size() == 1);
}

TEST_CASE("connections are not shared between ways of being connected") {
    LiveWorld world;
    Server server{world.io, answering(answer("ok"))};
    fetch(world, post(server.url()));
    Request other = post(server.url());
    other.ca_file = "/nowhere/ca.pem";
    CHECK_FALSE(fetch(world, other)->timings.reused);
    CHECK(server.peers.size() == 2);
}

TEST_CASE("an idle connection is closed after half a minute") {
    FakeWorld world;
    Server server{world.io, answering(answer("ok"))};
    fetch(world, post(server.url()));
    world.clock.advance(29s);
    world.poll();
    CHECK_FALSE(server.peers[0]->closed);
    world.clock.advance(1s);
    world.until([&] { return server.peers[0]->closed; });
    CHECK(fetch(world, post(server.url()))->succeeded());
    CHECK(server.peers.size() == 2);
}

TEST_CASE("connections from before the machine slept are not used") {
    FakeWorld world;
    Server server{world.io, answering(answer("ok"))};
    fetch(world, post(server.url()));
    world.clock.set_wall(world.clock.wall() + std::chrono::hours{8});
    SECTION("with nothing under way") {
        CHECK_FALSE(fetch(world, post(server.url()))->timings.reused);
        CHECK(fetch(world, post(server.url()))->timings.reused);
    }
    SECTION("with a request under way") {
        server.on_request = [](Peer& peer, const std::string& request) {
            if (request.find("/slow") == std::string::npos) peer.send(answer("ok"));
        };
        Recorder slow;
        world.start(slow, post(server.url("/slow")));
        world.until([&] { return server.peers.size() == 2 && server.peers[1]->requests.size() == 1; });
        world.clock.set_wall(world.clock.wall() + std::chrono::hours{8});
        CHECK_FALSE(fetch(world, post(server.url()))->timings.reused);
        CHECK(slow.ended == 0);
    }
}

TEST_CASE("a warmed connection serves the next request, and nothing is sent before") {
    LiveWorld world;
    Server server{world.io, answering(answer("ok"))};
    Request request = post(server.url());
    request.headers = {{"Authorization", "Bearer secret-canary"}};
    world.client.warm(request);
    world.client.warm(request);  // one is under way
    world.until([&] { return !server.peers.empty(); });
    world.poll();
    world.client.warm(request);  // and one is there
    world.poll();
    CHECK(server.peers[0]->requests.empty());
    CHECK(fetch(world, request)->succeeded());
    CHECK(fetch(world, request)->timings.reused);
    CHECK(server.peers.size() == 1);
    CHECK(server.peers[0]->requests.size() == 2);
}

TEST_CASE("a warmed connection that the server closed is not used") {
    LiveWorld world;
    Server server{world.io, answering(answer("ok"))};
    const Request request = post(server.url());
    world.client.warm(request);
    world.until([&] { return !server.peers.empty(); });
    world.poll();
    server.peers[0]->reset();
    world.poll();
    CHECK(fetch(world, request)->succeeded());
    CHECK(server.peers.size() == 2);
}

TEST_CASE("warming fails in silence") {
    LiveWorld world;
    unsigned short port = 0;
    {
        Server closed{world.io};
        port = closed.port();
    }
    world.client.warm(post("http://127.0.0.1:" + std::to_string(port)));
    world.client.warm(post("no URL"));
    world.poll();
    Server server{world.io, answering(answer("ok"))};
    CHECK(fetch(world, post(server.url()))->succeeded());
}

TEST_CASE("a request whose kept-alive connection dies under it is sent once more, not twice") {
    LiveWorld world;
    Server server{world.io, answering(answer("ok"))};
    const std::size_t doomed = GENERATE(1U, 2U, 3U);
    std::vector<Recorder> recorders(doomed);
    for (auto& recorder : recorders) world.start(recorder, post(server.url()));
    for (auto& recorder : recorders) world.until_ended(recorder);
    REQUIRE(server.peers.size() == doomed);

    std::size_t sends = 0;
    server.on_request = [&](Peer& peer, const std::string&) {
        ++sends;
        const bool old = std::any_of(server.peers.begin(), server.peers.begin() + static_cast<long>(doomed),
                                     [&](const auto& held) { return held.get() == &peer; });
        if (old) {
            peer.reset();
        } else {
            peer.send(answer("ok"));
        }
    };
    const auto recorder = fetch(world, post(server.url()));
    CHECK(sends == 2);
    CHECK(recorder->ended == 1);
    CHECK(recorder->succeeded() == (doomed == 1));
    if (recorder->failure) CHECK(recorder->failure->what == What::reset);
}

TEST_CASE("a request on a new connection that dies is not sent again") {
    LiveWorld world;
    Server server{world.io, [](Peer& peer, const std::string&) { peer.reset(); }};
    const auto recorder = fetch(world, post(server.url()));
    REQUIRE(recorder->failure);
    CHECK(recorder->failure->what == What::reset);
    world.poll();
    CHECK(server.peers.size() == 1);
}

TEST_CASE("a connection that the server closed while it was idle is noticed") {
    LiveWorld world;
    Server server{world.io, answering(answer("ok"))};
    fetch(world, post(server.url()));
    server.peers[0]->finish();
    world.poll();
    const auto second = fetch(world, post(server.url()));
    CHECK(second->succeeded());
    CHECK_FALSE(second->timings.reused);
}

TEST_CASE("a closed port is a connect failure") {
    LiveWorld world;
    std::string url;
    {
        Server closed{world.io};
        url = closed.url();
    }
    const auto recorder = fetch(world, post(url));
    REQUIRE(recorder->failure);
    CHECK(recorder->failure->what == What::connect);
    CHECK(recorder->failure->detail.find("127.0.0.1") != std::string::npos);
}

TEST_CASE("the client's sockets are closed for children, and closed at the end") {
    LiveWorld world;
    Server server{world.io, answering("HTTP/1.1 200 OK\r\n\r\nendless")};
    Recorder recorder;
    world.start(recorder, post(server.url()));
    world.until([&] { return !recorder.body.empty(); });
    const auto sockets = sockets_to(server);
    REQUIRE(sockets.size() == 1);
    CHECK((::fcntl(sockets[0], F_GETFD) & FD_CLOEXEC) != 0);
    recorder.transfer.reset();
    CHECK(sockets_to(server).empty());
}

TEST_CASE("fifty requests at once have fifty ends") {
    LiveWorld world;
    Server server{world.io, answering(answer("ok"))};
    std::vector<std::unique_ptr<Recorder>> recorders;
    for (int i = 0; i < 50; ++i) {
        recorders.push_back(std::make_unique<Recorder>());
        world.start(*recorders.back(), post(server.url()));
    }
    for (const auto& recorder : recorders) {
        world.until_ended(*recorder);
        CHECK(recorder->succeeded());
    }
}

}  // namespace dragoman::http::test
