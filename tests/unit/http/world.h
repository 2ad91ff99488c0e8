// What the tests of this room stand on: a loop, a client, a listener that remembers, and a server of
// raw sockets on the same loop, so that every byte and every close is the test's own.
#pragma once

#include "server/support/loop_clock.h"
#include "server/upstream/http/curl_client.h"
#include "tests/support/fake_clock.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch_all.hpp>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace dragoman::http::test {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using What = Failure::What;

/// One accepted connection: keeps what came, sends what it is told, notices its end.
class Peer : public std::enable_shared_from_this<Peer> {
public:
    Peer(tcp::socket socket, boost::asio::ssl::context* tls);

    void start();
    void send(std::string bytes);
    /// Sends what waits, then ends the stream.
    void finish();
    /// Ends it with a RST, what waits unsent is lost.
    void reset();

    std::string received;               // not yet taken by `on_request`
    std::size_t bytes = 0;              // of everything that came
    bool closed = false;                // the client ended it, or died
    bool secured = false;               // the TLS handshake went through
    std::vector<std::string> requests;  // whole ones
    std::function<void(Peer&, const std::string&)> on_request;
    bool reads = true;  // false: never empties the socket

private:
    void read();
    void write();
    void take_requests();

    tcp::socket socket_;
    std::unique_ptr<boost::asio::ssl::stream<tcp::socket&>> tls_;
    std::array<char, 16384> buffer_{};
    std::deque<std::string> outgoing_;
    bool writing_ = false, finishing_ = false;
};

class Server {
public:
    using Handler = std::function<void(Peer&, const std::string& request)>;

    explicit Server(boost::asio::io_context& context, Handler on_request = {},
                    boost::asio::ssl::context* tls = nullptr);
    ~Server();

    std::string url(const std::string& path = "/v1/chat") const;
    unsigned short port() const { return acceptor_.local_endpoint().port(); }
    void stop() { acceptor_.close(); }

    Handler on_request;
    std::function<void(Peer&)> on_accept;
    std::vector<std::shared_ptr<Peer>> peers;

private:
    void accept();

    tcp::acceptor acceptor_;
    boost::asio::ssl::context* tls_;
};

/// Remembers what it is told, in order.
struct Recorder : Listener {
    void on_head(const Head& told) override;
    void on_bytes(std::string_view bytes) override;
    void on_end(const std::optional<Failure>& how, const Timings& measured) override;

    bool succeeded() const { return ended == 1 && !failure; }

    std::vector<Head> heads;
    std::vector<std::string> pieces;
    std::string body;
    std::optional<Failure> failure;
    Timings timings;
    int ended = 0;
    bool told_after_drop = false;

    std::unique_ptr<Transfer> transfer;
    std::function<void()> when_head, when_bytes, when_end;
    void drop();

private:
    bool dropped_ = false;
    void check_order() { told_after_drop = told_after_drop || dropped_ || ended > 0; }
};

/// A loop with a client on it. With FakeClock, zero delays run by themselves and all others when told.
template <class ClockType>
struct World {
    explicit World(std::map<std::string, std::string> variables = {})
        : client{io, clock, [variables](const std::string& name) -> std::optional<std::string> {
                     const auto found = variables.find(name);
                     if (found == variables.end() || found->second.empty()) return std::nullopt;
                     return found->second;
                 }} {}

    /// Turns the loop until `done`; a test that never gets there fails.
    template <class Predicate>
    void until(Predicate done) {
        const auto patience = std::chrono::steady_clock::now() + 20s;
        while (true) {
            settle();
            if (done()) return;
            io.restart();
            io.run_one_until(patience);
            if (std::chrono::steady_clock::now() >= patience) FAIL("this never happened");
        }
    }
    void until_ended(const Recorder& recorder) {
        until([&] { return recorder.ended > 0; });
    }
    /// Everything that is ready now.
    void poll() {
        do settle();
        while (io.restart(), io.poll() > 0);
    }

    static ClockType make_clock([[maybe_unused]] boost::asio::io_context& io) {
        if constexpr (std::is_constructible_v<ClockType, boost::asio::io_context&>) {
            return ClockType{io};
        } else {
            return ClockType{};
        }
    }

    void start(Recorder& recorder, Request request) {
        recorder.transfer = client.start(std::move(request), recorder);
    }

    boost::asio::io_context io;
    ClockType clock = make_clock(io);
    CurlClient client;

private:
    void settle() {
        if constexpr (std::is_same_v<ClockType, dragoman::test::FakeClock>) clock.settle();
    }
};

using LiveWorld = World<LoopClock>;
using FakeWorld = World<dragoman::test::FakeClock>;

inline Request post(const std::string& url, std::string body = "{}") {
    Request request;
    request.url = url;
    request.body = std::move(body);
    return request;
}

/// Answers with a body of known length, so that the connection stays.
std::string answer(const std::string& body, const std::string& headers = "", int status = 200);

/// A handler that answers so to each request.
Server::Handler answering(std::string bytes);

/// What a shell command prints.
std::string output_of(const std::string& command);

}  // namespace dragoman::http::test
