// A proxy that really leads on: HTTP CONNECT or SOCKS5 (RFC 1928, 1929), as the client begins, with a name
// and password where it wants one. It remembers every byte the client gave it, so that a test can look for
// what must not be among them. Wherever the client wants to go, it leads to one port of this machine.
#pragma once

#include "tests/unit/http/world.h"

namespace dragoman::http::test {

class Tunnel {
public:
    /// `user` and `password` empty: whoever comes is let through.
    Tunnel(boost::asio::io_context& context, unsigned short target, std::string user = {},
           std::string password = {});
    ~Tunnel();
    Tunnel(const Tunnel&) = delete;
    Tunnel& operator=(const Tunnel&) = delete;

    unsigned short port() const { return acceptor_.local_endpoint().port(); }

    std::vector<std::string> wanted;  // where to, "name:port", one for each client that got through
    std::string said;                 // all that clients gave, inside the tunnel too
    int refused = 0;                  // clients without the password

private:
    class Line;
    void accept();

    tcp::acceptor acceptor_;
    tcp::endpoint target_;
    std::string user_, password_;
};

}  // namespace dragoman::http::test
