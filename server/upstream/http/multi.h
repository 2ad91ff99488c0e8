// libcurl's multi interface on the loop: its sockets watched by Asio, its timer kept by the Clock.
//
// One Multi for each way of being connected (origin, proxy, CA file, HTTP version), so that a
// connection can never be reused for a stranger: wrong reuse is the most common class of libcurl's
// security faults. libcurl's handle inside comes with the first request and goes with the connections:
// after kIdleConnection without a request, after the machine slept, and when libcurl reports a fault.
//
// libcurl forbids calling back into a multi handle from its callbacks. Listeners do not know that they
// are called from one, so what they ask for meanwhile (start, stop) waits until libcurl has returned.
#pragma once

#include "server/support/clock.h"
#include "server/upstream/http/ahead.h"

#include <boost/asio/io_context.hpp>
#include <curl/curl.h>

#include <deque>
#include <exception>
#include <memory>
#include <unordered_map>
#include <vector>

namespace dragoman::http {

class Exchange;

/// An idle connection older than this is not used again. Below the keep-alive of the usual gateways
/// (60 s and more), since a POST on a connection that is just being closed is sent twice.
inline constexpr std::chrono::seconds kIdleConnection{30};

/// Loop thread only. Destroying it ends its exchanges without a word to their listeners; not from
/// inside a Listener.
class Multi {
public:
    Multi(boost::asio::io_context& context, Clock& clock) : context_{context}, clock_{clock} {}
    ~Multi();
    Multi(const Multi&) = delete;
    Multi& operator=(const Multi&) = delete;

    /// Sends the request; its exchange lives here until it ends.
    void start(std::shared_ptr<Exchange> exchange);
    /// Ends the transfer and closes what belongs to it, at once where libcurl allows.
    void stop(Exchange& exchange);
    /// From inside a callback: thrown on once libcurl has returned.
    void throw_later(std::exception_ptr thrown) { thrown_ = std::move(thrown); }

    /// Opens a TCP connection that the next request will be sent on, unless there is one. `origin` is this
    /// Multi's, plain http on loopback, without a proxy.
    void connect_ahead(const Origin& origin);

    /// True when a request now would find an idle connection that is far from its end.
    bool has_fresh_connection() const;

private:
    struct Watch;
    struct Cleanup {
        void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
    };
    class InCurl;

    void open();
    void close();
    void drive(curl_socket_t socket, int events);
    void settle(CURLMcode code);
    void break_down(CURLMcode code);
    std::shared_ptr<Exchange> take(CURL* easy);
    void notice_sleep();
    bool resolver_is_hung();

    void watch(curl_socket_t socket, int events);
    void await(const std::shared_ptr<Watch>& watch, bool reading);
    void forget(curl_socket_t socket);

    static int on_socket(CURL*, curl_socket_t socket, int events, void* self, void*);
    static int on_timer(CURLM*, long delay_ms, void* self);
    static curl_socket_t on_open(void* self, curlsocktype, curl_sockaddr* address);
    static int on_close(void* self, curl_socket_t socket);
    static int on_opened(void* self, curl_socket_t socket, curlsocktype);

    boost::asio::io_context& context_;
    Clock& clock_;
    std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
    std::unique_ptr<CURLM, Cleanup> multi_;
    std::unordered_map<CURL*, std::shared_ptr<Exchange>> exchanges_;
    std::vector<std::shared_ptr<Exchange>> arriving_;  // started from inside a callback
    std::vector<CURL*> leaving_;                       // stopped from inside a callback
    bool in_curl_ = false;
    std::exception_ptr thrown_;
    Timer curl_timer_, idle_timer_;

    std::unique_ptr<ConnectAhead> ahead_;
    curl_socket_t handed_over_ = CURL_SOCKET_BAD;  // connected already when libcurl got it
    std::size_t open_sockets_ = 0;
    Clock::Time last_end_{};
    std::chrono::nanoseconds wall_ahead_{};  // of the monotonic clock, when last looked
    bool stale_ = false;                     // the machine slept: connections from before are not used
    std::deque<Clock::Time> hung_lookups_;   // whose threads may still wait for the name server
};

}  // namespace dragoman::http
