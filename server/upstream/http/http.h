// HTTP as the rooms above see it: a request, its head, its bytes, one end. No curl in sight.
//
// Redirects are never followed, netrc and cookies do not exist, and loopback is never reached through
// the environment's proxy. Retry is the gateway room's, with one exception that cannot be had without:
// a request whose kept-alive connection turns out dead before any byte of an answer is sent once more.
#pragma once

#include "server/support/clock.h"
#include "server/support/errand.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dragoman::http {

using Header = std::pair<std::string, std::string>;
using Headers = std::vector<Header>;

/// The first header of that name, in any case; nullptr when there is none.
const std::string* find_header(const Headers& headers, std::string_view name);

/// Zero switches a limit off.
struct Timeouts {
    Milliseconds connect{10'000};     // name, TCP and TLS together
    Milliseconds first_byte{60'000};  // from the request being sent to the final answer's status line
    Milliseconds idle{60'000};        // between two pieces of the answer; of the request, while it is sent
    Milliseconds total{600'000};

    friend bool operator==(const Timeouts&, const Timeouts&) = default;
};

struct Request {
    std::string method = "POST";
    std::string url;
    Headers headers;  // may hold a key: never logged
    std::string body;
    Timeouts timeouts;
    std::string user_agent;
    /// Nothing: the proxy of the user's environment, which never applies to loopback. "": none.
    std::optional<std::string> proxy;
    std::string ca_file;  // empty: the system's
    /// Offered to the server, which may decline. libcurl before 8.0 reports a stream that the server reset
    /// inside the body as a body that ended.
    bool http2 = false;
    std::size_t body_limit = 64U << 20U;     // bytes of answer, decoded, before it is cut off as too large
    std::shared_ptr<const Errand> errand{};  // for the list of what was sent; not sent itself
};

struct Head {
    int status = 0;
    Headers headers;  // of the final answer, not of 1xx or of a proxy's CONNECT
};

struct Failure {
    enum class What {
        bad_request,  // the URL or a header was refused before anything was sent
        resolve,
        connect,
        proxy,
        tls_handshake,
        tls_certificate,
        connect_timeout,
        first_byte_timeout,
        idle_timeout,
        total_timeout,
        reset,       // the connection died
        short_body,  // closed before the announced end
        too_large,   // headers or body over the limit
        protocol,    // not HTTP, or an encoding that cannot be undone
    } what = What::protocol;
    std::string detail{};  // libcurl's words, on one line; no header, no key
};

/// Durations from start(), zero where the phase did not happen (a reused connection has no connect).
struct Timings {
    std::chrono::microseconds resolved{}, connected{}, secured{}, first_byte{}, total{};
    bool reused = false;
};

/// Loop thread. At most one head, then bytes in pieces of any size, then exactly one end. Each
/// function may destroy its Transfer, after which none is called again.
class Listener {
public:
    virtual ~Listener() = default;
    virtual void on_head(const Head& head) = 0;
    virtual void on_bytes(std::string_view bytes) = 0;
    /// No failure: the body ended as HTTP says it ends (which does not mean that the answer did).
    virtual void on_end(const std::optional<Failure>& failure, const Timings& timings) = 0;
};

/// A request under way. Destroying it closes the transfer (HTTP/1.1: the connection; HTTP/2: the
/// stream) and its Listener hears no more.
struct Transfer {
    virtual ~Transfer() = default;
};

class Client {
public:
    virtual ~Client() = default;
    /// Loop thread. `listener` must live until the Transfer is destroyed; it is never called from
    /// inside start().
    [[nodiscard]] virtual std::unique_ptr<Transfer> start(Request request, Listener& listener) = 0;
    /// Opens the connection that the next request to that origin with the same proxy, CA file and HTTP
    /// version will use, unless there is one. Plain http (loopback only): TCP, and not a byte is sent.
    /// https: libcurl keeps a connection only after it carried an answer, so `HEAD /` is sent, without the
    /// key. Failures are silent. True where such a request goes out now.
    virtual bool warm(const Request& request) = 0;
};

}  // namespace dragoman::http
