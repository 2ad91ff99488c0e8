#include "tests/bench/server.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace dragoman::bench {

Identity::Identity() : context_{SSL_CTX_new(TLS_server_method()), SSL_CTX_free} {
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
    const std::unique_ptr<X509, void (*)(X509*)> certificate{X509_new(), X509_free};
    X509* const x509 = certificate.get();
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509), 86'400);
    X509_NAME* const name = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("bench"), -1,
                               -1, 0);
    X509_set_issuer_name(x509, name);
    X509_set_pubkey(x509, key.get());
    X509_EXTENSION* const host = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(x509, host, -1);
    X509_EXTENSION_free(host);
    if (X509_sign(x509, key.get(), EVP_sha256()) == 0 || SSL_CTX_use_certificate(context_.get(), x509) != 1 ||
        SSL_CTX_use_PrivateKey(context_.get(), key.get()) != 1)
        throw std::runtime_error{"no certificate could be made"};
}

std::string Identity::certificate_pem() const {
    const std::unique_ptr<BIO, int (*)(BIO*)> out{BIO_new(BIO_s_mem()), BIO_free};
    PEM_write_bio_X509(out.get(), SSL_CTX_get0_certificate(context_.get()));
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

long Connection::receive(char* bytes, std::size_t size) const {
    if (tls_ != nullptr) return SSL_read(tls_, bytes, static_cast<int>(size));
    return ::recv(socket_, bytes, size, 0);
}

std::string Connection::read_request() {
    for (;;) {
        if (const auto head = input_.find("\r\n\r\n"); head != std::string::npos) {
            const auto field = input_.find("Content-Length: ");
            const std::size_t size =
                field < head ? std::strtoul(input_.c_str() + field + 16, nullptr, 10) : std::size_t{0};
            if (input_.size() >= head + 4 + size) {
                std::string request = input_.substr(0, head + 4 + size);
                input_.erase(0, request.size());
                return request;
            }
        }
        char chunk[16384];
        const long got = receive(chunk, sizeof chunk);
        if (got <= 0) return {};
        input_.append(chunk, static_cast<std::size_t>(got));
    }
}

bool Connection::send(std::string_view bytes) const {
    if (tls_ != nullptr) return SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) > 0;
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool Connection::send_event(const std::string& json) const {
    const std::string event = "data: " + json + "\n\n";
    char size[24];
    std::snprintf(size, sizeof size, "%zx\r\n", event.size());
    return send(size + event + "\r\n");
}

bool Connection::begin_stream() const {
    return send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
}

bool Connection::end_stream() const {
    return send_event(chat_chunk({})) && send_event("[DONE]") && send("0\r\n\r\n");
}

Time Connection::wait_closed() {
    char chunk[1024];
    while (receive(chunk, sizeof chunk) > 0) {
    }
    return SteadyClock::now();
}

Server::Server(Answer answer, const Identity* identity) : answer_{std::move(answer)}, identity_{identity} {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &size) != 0)
        throw std::runtime_error{"the benchmark's server cannot listen"};
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_loop(); }};
}

Server::~Server() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
        const std::lock_guard lock{mutex_};
        for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
}

std::string Server::url() const {
    return (identity_ != nullptr ? "https" : "http") + std::string{"://127.0.0.1:"} + std::to_string(port_) +
           "/v1";
}

void Server::accept_loop() {
    for (;;) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        const std::lock_guard lock{mutex_};
        open_.push_back(socket);
        threads_.emplace_back([this, socket] { serve(socket); });
    }
}

void Server::serve(int socket) {
    const std::unique_ptr<SSL, void (*)(SSL*)> tls{
        identity_ == nullptr ? nullptr : SSL_new(identity_->context()), SSL_free};
    if (tls) SSL_set_fd(tls.get(), socket);
    if (!tls || SSL_accept(tls.get()) == 1) {
        Connection connection{socket, tls.get()};
        for (std::string request; !(request = connection.read_request()).empty();) {
            if (request.compare(0, 5, "HEAD ") == 0)
                connection.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            else
                answer_(connection);
        }
    }
    const std::lock_guard lock{mutex_};
    open_.erase(std::find(open_.begin(), open_.end(), socket));
    ::close(socket);
}

std::string chat_chunk(std::string_view content) {
    const std::string head =
        R"({"id":"b","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,)";
    if (content.empty()) return head + R"("delta":{},"finish_reason":"stop"}]})";
    return head + R"("delta":{"content":")" + std::string{content} + R"("},"finish_reason":null}]})";
}

}  // namespace dragoman::bench
