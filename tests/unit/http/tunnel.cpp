#include "tests/unit/http/tunnel.h"

#include "tests/support/key_writings.h"

namespace dragoman::http::test {

/// One client: what it says first is read as a whole, then bytes go both ways.
class Tunnel::Line : public std::enable_shared_from_this<Line> {
public:
    Line(Tunnel& tunnel, tcp::socket client)
        : tunnel_{tunnel}, client_{std::move(client)}, server_{client_.get_executor()} {}

    void listen() {
        client_.async_read_some(boost::asio::buffer(buffer_),
                                [self = shared_from_this()](auto error, std::size_t got) {
                                    if (error) return;
                                    const std::string bytes{self->buffer_.data(), got};
                                    self->tunnel_.said += bytes;
                                    self->heard_ += bytes;
                                    while (self->step()) {
                                    }
                                    if (!self->over_) self->listen();
                                });
    }

private:
    /// Takes one message out of what was heard; false when it is not whole yet.
    bool step() {
        if (heard_.empty() || over_) return false;
        return heard_[0] == 5 || socks_ ? step_socks() : step_http();
    }

    bool step_http() {
        const auto end = heard_.find("\r\n\r\n");
        if (end == std::string::npos) return false;
        const std::string head = heard_.substr(0, end);
        heard_.erase(0, end + 4);
        std::string words = dragoman::test::writing::base64(tunnel_.user_ + ":" + tunnel_.password_);
        if (!tunnel_.user_.empty() && head.find("Proxy-Authorization: Basic " + words) == std::string::npos) {
            ++tunnel_.refused;
            answer(
                "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                "Content-Length: 0\r\n\r\n");
            return true;
        }
        const auto from = head.find(' ') + 1;
        lead(head.substr(from, head.find(' ', from) - from), "HTTP/1.1 200 Connection established\r\n\r\n");
        return false;
    }

    // Greeting, name and password where they are wanted, then the request: RFC 1928 section 3 and 4.
    bool step_socks() {
        socks_ = true;
        const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(heard_[at]); };
        const auto take = [&](std::size_t size) {
            if (heard_.size() < size) return false;
            heard_.erase(0, size);
            return true;
        };
        const auto has = [&](std::size_t size) { return heard_.size() >= size; };
        if (stage_ == 0) {
            if (!has(2) || !has(2U + byte(1))) return false;
            const bool offers = heard_.substr(2, byte(1)).find('\x02') != std::string::npos;
            const bool wants = !tunnel_.user_.empty();
            stage_ = wants ? 1 : 2;
            if (wants && !offers) ++tunnel_.refused;
            answer(wants ? offers ? "\x05\x02" : "\x05\xff" : std::string{"\x05\0", 2});
            return take(2U + byte(1));
        }
        if (stage_ == 1) {
            if (!has(2) || !has(3U + byte(1)) || !has(3U + byte(1) + byte(2U + byte(1)))) return false;
            const std::size_t name = byte(1), word = byte(2 + name);
            const bool right =
                heard_.substr(2, name) == tunnel_.user_ && heard_.substr(3 + name, word) == tunnel_.password_;
            if (!right) ++tunnel_.refused;
            stage_ = 2;
            answer(right ? std::string{"\x01\0", 2} : "\x01\x01");
            return take(3 + name + word);
        }
        if (!has(5)) return false;
        const std::size_t size = byte(3) == 1 ? 4 : byte(3) == 4 ? 16 : 1U + byte(4);
        if (!has(4 + size + 2)) return false;
        const std::string name = byte(3) == 3 ? heard_.substr(5, size - 1) : "an address";
        const int port = byte(4 + size) * 256 + byte(5 + size);
        take(4 + size + 2);
        lead(name + ":" + std::to_string(port), std::string{"\x05\0\0\x01\0\0\0\0\0\0", 10});
        return false;
    }

    void answer(const std::string& bytes) {
        boost::system::error_code gone;
        boost::asio::write(client_, boost::asio::buffer(bytes), gone);
    }

    void lead(const std::string& where, const std::string& yes) {
        over_ = true;
        tunnel_.wanted.push_back(where);
        boost::system::error_code failed;
        server_.connect(tunnel_.target_, failed);
        if (failed) return;
        answer(yes);
        boost::asio::write(server_, boost::asio::buffer(heard_), failed);
        pass(client_, server_, buffer_, true);
        pass(server_, client_, back_, false);
    }

    void pass(tcp::socket& from, tcp::socket& to, std::array<char, 16384>& buffer, bool of_client) {
        from.async_read_some(boost::asio::buffer(buffer), [this, self = shared_from_this(), &from, &to,
                                                           &buffer, of_client](auto error, std::size_t got) {
            boost::system::error_code gone;
            if (error) {
                to.shutdown(tcp::socket::shutdown_send, gone);
                return;
            }
            if (of_client) tunnel_.said.append(buffer.data(), got);
            boost::asio::write(to, boost::asio::buffer(buffer.data(), got), gone);
            if (!gone) pass(from, to, buffer, of_client);
        });
    }

    Tunnel& tunnel_;
    tcp::socket client_, server_;
    std::array<char, 16384> buffer_{}, back_{};
    std::string heard_;
    int stage_ = 0;
    bool socks_ = false, over_ = false;
};

Tunnel::Tunnel(boost::asio::io_context& context, unsigned short target, std::string user,
               std::string password)
    : acceptor_{context, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}},
      target_{boost::asio::ip::address_v4::loopback(), target},
      user_{std::move(user)},
      password_{std::move(password)} {
    accept();
}

Tunnel::~Tunnel() = default;

void Tunnel::accept() {
    acceptor_.async_accept([this](auto error, tcp::socket socket) {
        if (error) return;
        std::make_shared<Line>(*this, std::move(socket))->listen();
        accept();
    });
}

}  // namespace dragoman::http::test
