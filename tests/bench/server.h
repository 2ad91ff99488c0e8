// A server that knows to the microsecond when a byte went out: blocking sockets, a thread for each
// connection, no buffer of its own.
#pragma once

#include "tests/bench/figures.h"

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace dragoman::bench {

/// A certificate for 127.0.0.1 made on the spot, and its key.
class Identity {
public:
    Identity();
    Identity(const Identity&) = delete;
    Identity& operator=(const Identity&) = delete;
    std::string certificate_pem() const;
    SSL_CTX* context() const { return context_.get(); }

private:
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
};

class Connection {
public:
    Connection(int socket, SSL* tls) : socket_{socket}, tls_{tls} {}

    /// The head and body of the next request; empty when the client has closed.
    std::string read_request();
    /// All of `bytes`, in one write. False when the client is gone.
    bool send(std::string_view bytes) const;
    /// One event of a stream, as an HTTP chunk.
    bool send_event(const std::string& json) const;
    /// The head of a stream, its end.
    bool begin_stream() const;
    bool end_stream() const;
    /// Waits until the client closes; when it did.
    Time wait_closed();

private:
    long receive(char* bytes, std::size_t size) const;
    int socket_;
    SSL* tls_;
    std::string input_;
};

class Server {
public:
    /// `answer` is called in the connection's thread for each request but HEAD.
    using Answer = std::function<void(Connection&)>;
    explicit Server(Answer answer, const Identity* identity = nullptr);
    /// Closes everything and waits for its threads.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::string url() const;

private:
    void accept_loop();
    void serve(int socket);

    Answer answer_;
    const Identity* identity_;
    int listener_ = -1;
    unsigned short port_ = 0;
    std::mutex mutex_;
    std::vector<int> open_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

/// A chat completion chunk with `content`; with a finish reason instead where it is empty.
std::string chat_chunk(std::string_view content);

}  // namespace dragoman::bench
