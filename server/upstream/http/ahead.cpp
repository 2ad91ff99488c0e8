#include "server/upstream/http/ahead.h"

#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace dragoman::http {
namespace {

// Servers close connections on which nothing is asked; most give them longer than this.
constexpr std::chrono::seconds kYoung{15};

boost::asio::ip::tcp::endpoint endpoint_of(const Origin& origin) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(origin.host, error);
    return {error ? boost::asio::ip::address{boost::asio::ip::address_v4::loopback()} : address, origin.port};
}

bool same_address(const boost::asio::ip::tcp::endpoint& endpoint, const sockaddr& address) {
    if (endpoint.data()->sa_family != address.sa_family) return false;
    if (address.sa_family == AF_INET) {
        sockaddr_in ours{}, theirs{};
        std::memcpy(&ours, endpoint.data(), sizeof ours);
        std::memcpy(&theirs, &address, sizeof theirs);
        return ours.sin_port == theirs.sin_port && ours.sin_addr.s_addr == theirs.sin_addr.s_addr;
    }
    if (address.sa_family != AF_INET6) return false;
    sockaddr_in6 ours{}, theirs{};
    std::memcpy(&ours, endpoint.data(), sizeof ours);
    std::memcpy(&theirs, &address, sizeof theirs);
    return ours.sin6_port == theirs.sin6_port &&
           std::memcmp(&ours.sin6_addr, &theirs.sin6_addr, sizeof(in6_addr)) == 0;
}

}  // namespace

ConnectAhead::ConnectAhead(boost::asio::io_context& context, Clock& clock, const Origin& origin)
    : clock_{clock}, endpoint_{endpoint_of(origin)}, socket_{context}, started_{clock.now()} {
    boost::system::error_code error;
    socket_.open(endpoint_.protocol(), error);
    if (error) {
        failed_ = true;
        return;
    }
    ::fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
    socket_.async_connect(endpoint_, [this](const boost::system::error_code& outcome) {
        if (outcome == boost::asio::error::operation_aborted) return;  // this object is gone
        (outcome ? failed_ : connected_) = true;
    });
}

bool ConnectAhead::pending_or_usable() const {
    return !failed_ && socket_.is_open() && clock_.now() - started_ < kYoung;
}

std::optional<int> ConnectAhead::take(const sockaddr& address) {
    if (!connected_ || !pending_or_usable() || !same_address(endpoint_, address)) return std::nullopt;
    // A server speaks first only to say good-bye.
    pollfd state{.fd = socket_.native_handle(), .events = POLLIN | POLLRDHUP, .revents = 0};
    if (::poll(&state, 1, 0) != 0) return std::nullopt;
    boost::system::error_code error;
    const int socket = socket_.release(error);
    return error ? std::nullopt : std::optional{socket};
}

}  // namespace dragoman::http
