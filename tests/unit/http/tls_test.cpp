// Who is believed: certificates, authorities, versions. The server's side is Asio's.
#include "tests/unit/http/identity.h"

namespace dragoman::http::test {
namespace {

std::unique_ptr<Recorder> fetch(LiveWorld& world, const Server& server, const std::string& ca_file) {
    Request request = post(server.url());
    request.ca_file = ca_file;
    auto recorder = std::make_unique<Recorder>();
    world.start(*recorder, request);
    world.until_ended(*recorder);
    return recorder;
}

}  // namespace

TEST_CASE("a self-signed certificate is refused before a byte of HTTP, and believed with its CA file") {
    LiveWorld world;
    const Identity identity{"IP:127.0.0.1"};
    auto context = identity.context();
    Server server{world.io, answering(answer("secret")), &context};

    const auto refused = fetch(world, server, "");
    REQUIRE(refused->failure);
    CHECK(refused->failure->what == What::tls_certificate);
    CHECK(server.peers.at(0)->bytes == 0);

    const auto believed = fetch(world, server, identity.certificate());
    CHECK(believed->succeeded());
    CHECK(believed->body == "secret");
    CHECK(believed->timings.secured.count() > 0);
    CHECK(fetch(world, server, identity.certificate())->timings.reused);
    CHECK(fetch(world, server, "")->failure);
}

TEST_CASE("a certificate for another host is refused") {
    LiveWorld world;
    const Identity identity{"DNS:gateway.example"};
    auto context = identity.context();
    Server server{world.io, answering(answer("secret")), &context};
    const auto recorder = fetch(world, server, identity.certificate());
    REQUIRE(recorder->failure);
    CHECK(recorder->failure->what == What::tls_certificate);
    CHECK(server.peers.at(0)->bytes == 0);
}

TEST_CASE("a certificate outside of its time is refused") {
    LiveWorld world;
    const Identity identity{"IP:127.0.0.1"};
    identity.out_of_date(GENERATE(3600L, -3600L));
    auto context = identity.context();
    Server server{world.io, answering(answer("secret")), &context};
    const auto recorder = fetch(world, server, identity.certificate());
    REQUIRE(recorder->failure);
    CHECK(recorder->failure->what == What::tls_certificate);
    CHECK(server.peers.at(0)->bytes == 0);
}

TEST_CASE("a CA file that is not there is named") {
    LiveWorld world;
    const Identity identity{"IP:127.0.0.1"};
    auto context = identity.context();
    Server server{world.io, answering(answer("secret")), &context};
    const auto recorder = fetch(world, server, "/nowhere/ca.pem");
    REQUIRE(recorder->failure);
    CHECK(recorder->failure->what == What::tls_certificate);
    CHECK(recorder->failure->detail.find("/nowhere/ca.pem") != std::string::npos);
}

TEST_CASE("TLS before 1.2 is refused") {
    LiveWorld world;
    const Identity identity{"IP:127.0.0.1"};
    auto context = identity.context();
    SSL_CTX_set_security_level(context.native_handle(), 0);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_1_VERSION);
    Server server{world.io, answering(answer("secret")), &context};
    const auto recorder = fetch(world, server, identity.certificate());
    REQUIRE(recorder->failure);
    CHECK(recorder->failure->what == What::tls_handshake);
}

TEST_CASE("a server that speaks no TLS, or closes in the handshake, fails the handshake") {
    LiveWorld world;
    Server server{world.io};
    const bool speaks = GENERATE(true, false);
    server.on_accept = [&](Peer& peer) {
        if (speaks) peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.finish();
    };
    std::string url = server.url();
    url.replace(0, 4, "https");
    Recorder recorder;
    world.start(recorder, post(url));
    world.until_ended(recorder);
    REQUIRE(recorder.failure);
    CHECK(recorder.failure->what == What::tls_handshake);
}

TEST_CASE("dropping a transfer under TLS closes the connection too") {
    LiveWorld world;
    const Identity identity{"IP:127.0.0.1"};
    auto context = identity.context();
    Server server{world.io, answering("HTTP/1.1 200 OK\r\n\r\nendless"), &context};
    Request request = post(server.url());
    request.ca_file = identity.certificate();
    Recorder recorder;
    world.start(recorder, request);
    world.until([&] { return !recorder.body.empty(); });
    recorder.drop();
    world.until([&] { return server.peers[0]->closed; });
    CHECK_FALSE(recorder.told_after_drop);
}

TEST_CASE("a request that may use HTTP/2 gets HTTP/1.1 from a server that has no other") {
    LiveWorld world;
    const Identity identity{"IP:127.0.0.1"};
    auto context = identity.context();
    Server server{world.io, answering(answer("old")), &context};
    Request request = post(server.url());
    request.ca_file = identity.certificate();
    request.http2 = true;
    Recorder recorder;
    world.start(recorder, request);
    world.until_ended(recorder);
    CHECK(recorder.succeeded());
    CHECK(recorder.body == "old");
}

}  // namespace dragoman::http::test
