#include "tests/gateway/gateway.h"

#include "tests/gateway/board.h"
#include "tests/gateway/connection.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <stdexcept>
#include <thread>

namespace dragoman::test {

namespace asio = boost::asio;
using asio::ip::tcp;

class Gateway::Impl {
public:
    explicit Impl(const GatewayOptions& options)
        : dialect{test::dialect(options.dialect)},
          board{dialect, options.pace},
          holds{board},
          acceptor{loop, tcp::endpoint{asio::ip::address_v4::loopback(), options.port}} {
        accept();
        thread = std::thread{[this] { loop.run(); }};
    }
    ~Impl() {
        loop.stop();
        thread.join();
    }

    void accept() {
        acceptor.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
            if (!acceptor.is_open()) return;
            if (!error) {
                auto connection = std::make_shared<Connection>(std::move(socket), board, holds);
                std::erase_if(connections, [](const auto& weak) { return weak.expired(); });
                connections.push_back(connection);
                connection->start();
            }
            accept();
        });
    }

    const Dialect& dialect;
    // The loop is declared after what its pending handlers touch when they are destroyed with it.
    Board board;
    HoldQueue holds;
    asio::io_context loop{1};
    tcp::acceptor acceptor;
    std::vector<std::weak_ptr<Connection>> connections;
    std::thread thread;
};

Gateway::Gateway(GatewayOptions options) : impl_{std::make_unique<Impl>(options)} {}
Gateway::~Gateway() = default;

unsigned short Gateway::port() const { return impl_->acceptor.local_endpoint().port(); }
std::string Gateway::origin() const { return "http://127.0.0.1:" + std::to_string(port()); }
std::string Gateway::base_url() const { return origin() + std::string{impl_->dialect.prefix}; }
std::string Gateway::key() const { return std::string{impl_->dialect.key}; }
const Dialect& Gateway::dialect() const { return impl_->dialect; }

void Gateway::answer(Script script) { impl_->board.queue(std::move(script)); }
void Gateway::answer_when(When when, Script script) {
    impl_->board.add_rule(std::move(when), std::move(script));
}

Gateway::When Gateway::to(std::string method, std::string path_end) {
    return [method = std::move(method), path_end = std::move(path_end)](const HttpRequest& request) {
        const std::string path = request.path();
        return request.method == method && path.size() >= path_end.size() &&
               path.compare(path.size() - path_end.size(), path_end.size(), path_end) == 0;
    };
}

void Gateway::release(const std::string& label, std::size_t times) {
    asio::post(impl_->loop, [impl = impl_.get(), label, times] { impl->holds.release(label, times); });
}

void Gateway::drop_idle() {
    asio::post(impl_->loop, [impl = impl_.get()] {
        for (const auto& weak : impl->connections)
            if (const auto connection = weak.lock()) connection->drop_if_idle();
    });
}

Journal Gateway::journal() const { return impl_->board.journal(); }

bool Gateway::wait_for(const std::function<bool(const Journal&)>& seen,
                       std::chrono::milliseconds limit) const {
    return impl_->board.wait_for(seen, limit);
}

namespace {

std::string describe(const Journal& journal) {
    std::string out = std::to_string(journal.connections) + " connections, " + std::to_string(journal.held) +
                      " answers held, requests:";
    for (const HttpRequest& request : journal.requests) {
        out += "\n  " + request.method + " " + request.target + " " + request.body.substr(0, 200);
        out += request.fate == HttpRequest::Fate::answering ? " (being answered)" : " (ended)";
    }
    return out;
}

}  // namespace

HttpRequest Gateway::request(std::size_t number) const {
    if (!wait_for([&](const Journal& seen) { return seen.requests.size() > number; }))
        throw std::runtime_error{"request " + std::to_string(number) + " never came; the gateway saw " +
                                 describe(journal())};
    return journal().requests[number];
}

HttpRequest Gateway::ended(std::size_t number) const {
    const auto has_ended = [&](const Journal& seen) {
        return seen.requests.size() > number && seen.requests[number].fate != HttpRequest::Fate::answering;
    };
    if (!wait_for(has_ended))
        throw std::runtime_error{"request " + std::to_string(number) + " never ended; the gateway saw " +
                                 describe(journal())};
    return journal().requests[number];
}

void Gateway::wait_held(std::size_t count) const {
    if (!wait_for([&](const Journal& seen) { return seen.held >= count; }))
        throw std::runtime_error{std::to_string(count) + " answers should be held; the gateway saw " +
                                 describe(journal())};
}

}  // namespace dragoman::test
