// A TCP connection opened before it is needed, to be handed to libcurl when it asks for a socket.
//
// libcurl cannot do this itself: it never reuses what CONNECT_ONLY opened. For loopback servers alone,
// since nothing has to be looked up for them and no TLS belongs to the connection.
#pragma once

#include "server/support/clock.h"
#include "server/support/url.h"

#include <boost/asio/ip/tcp.hpp>

#include <optional>

struct sockaddr;

namespace dragoman::http {

/// Loop thread only.
class ConnectAhead {
public:
    /// Begins to connect; a failure is silent. `origin` must be plain http on loopback.
    ConnectAhead(boost::asio::io_context& context, Clock& clock, const Origin& origin);

    /// True while the connection is being made or there, and young.
    bool pending_or_usable() const;
    /// The connected socket, once, when it goes to `address`, is young and the peer has not closed it. The
    /// caller owns it from then on.
    std::optional<int> take(const sockaddr& address);

private:
    Clock& clock_;
    boost::asio::ip::tcp::endpoint endpoint_;
    boost::asio::ip::tcp::socket socket_;
    Clock::Time started_;
    bool connected_ = false, failed_ = false;
};

}  // namespace dragoman::http
