#include "tests/unit/http/world.h"

#include <boost/asio/ssl/impl/src.hpp>

#include <cstdio>

namespace dragoman::http::test {

// ---- Peer

Peer::Peer(tcp::socket socket, boost::asio::ssl::context* tls) : socket_{std::move(socket)} {
    if (tls) tls_ = std::make_unique<boost::asio::ssl::stream<tcp::socket&>>(socket_, *tls);
}

void Peer::start() {
    if (!reads) return;
    if (!tls_) return read();
    tls_->async_handshake(boost::asio::ssl::stream_base::server,
                          [self = shared_from_this()](const boost::system::error_code& error) {
                              self->secured = !error;
                              self->closed = error.failed();
                              if (!error) self->read();
                          });
}

void Peer::read() {
    const auto done = [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
        if (error) {
            self->closed = true;
            return;
        }
        self->received.append(self->buffer_.data(), size);
        self->bytes += size;
        self->take_requests();
        self->read();
    };
    if (tls_) {
        tls_->async_read_some(boost::asio::buffer(buffer_), done);
    } else {
        socket_.async_read_some(boost::asio::buffer(buffer_), done);
    }
}

void Peer::take_requests() {
    while (true) {
        const auto head = received.find("\r\n\r\n");
        if (head == std::string::npos) return;
        std::size_t length = 0;
        if (const auto at = received.find("Content-Length: "); at < head) {
            length = std::stoul(received.substr(at + 16, 20));
        }
        if (received.size() < head + 4 + length) return;
        requests.push_back(received.substr(0, head + 4 + length));
        received.erase(0, head + 4 + length);
        if (on_request) on_request(*this, requests.back());
    }
}

void Peer::send(std::string bytes_to_send) {
    outgoing_.push_back(std::move(bytes_to_send));
    if (!writing_) write();
}

void Peer::write() {
    if (outgoing_.empty()) {
        boost::system::error_code ignored;
        if (finishing_) socket_.shutdown(tcp::socket::shutdown_send, ignored);
        return;
    }
    writing_ = true;
    const auto done = [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
        self->writing_ = false;
        if (error) {
            self->closed = true;
            self->outgoing_.clear();
            return;
        }
        self->outgoing_.pop_front();
        self->write();
    };
    if (tls_) {
        boost::asio::async_write(*tls_, boost::asio::buffer(outgoing_.front()), done);
    } else {
        boost::asio::async_write(socket_, boost::asio::buffer(outgoing_.front()), done);
    }
}

void Peer::finish() {
    finishing_ = true;
    if (!writing_) write();
}

void Peer::reset() {
    socket_.set_option(boost::asio::socket_base::linger{true, 0});
    socket_.close();
}

// ---- Server

Server::Server(boost::asio::io_context& context, Handler handler, boost::asio::ssl::context* tls)
    : on_request{std::move(handler)},
      acceptor_{context, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}},
      tls_{tls} {
    accept();
}

Server::~Server() {
    for (const auto& peer : peers) peer->on_request = nullptr;
}

void Server::accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
        if (error) return;
        auto peer = std::make_shared<Peer>(std::move(socket), tls_);
        peer->on_request = [this](Peer& who, const std::string& request) {
            if (on_request) on_request(who, request);
        };
        peers.push_back(peer);
        if (on_accept) on_accept(*peer);
        peer->start();
        accept();
    });
}

std::string Server::url(const std::string& path) const {
    return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port()) + path;
}

// ---- Recorder

void Recorder::on_head(const Head& told) {
    check_order();
    heads.push_back(told);
    if (when_head) when_head();
}

void Recorder::on_bytes(std::string_view bytes) {
    check_order();
    pieces.emplace_back(bytes);
    body += bytes;
    if (when_bytes) when_bytes();
}

void Recorder::on_end(const std::optional<Failure>& how, const Timings& measured) {
    check_order();
    failure = how;
    timings = measured;
    ++ended;
    if (when_end) when_end();
}

void Recorder::drop() {
    transfer.reset();
    dropped_ = true;
}

// ---- answers

std::string answer(const std::string& body, const std::string& headers, int status) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + headers + "\r\n" + body;
}

Server::Handler answering(std::string bytes) {
    return [bytes = std::move(bytes)](Peer& peer, const std::string&) { peer.send(bytes); };
}

std::string output_of(const std::string& command) {
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe);
    std::string output;
    std::array<char, 4096> buffer{};
    while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe))
        output.append(buffer.data(), size);
    REQUIRE(::pclose(pipe) == 0);
    return output;
}

}  // namespace dragoman::http::test
