#include "server/upstream/http/multi.h"

#include "server/upstream/http/easy.h"
#include "server/upstream/http/exchange.h"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <algorithm>
#include <new>
#include <sys/socket.h>
#include <unistd.h>

namespace dragoman::http {
namespace {

constexpr long kMaxIdleConnections = 16;

// A lookup that is given up leaves its thread behind until the resolver's own time-out (glibc: 2 tries
// of 5 s a name server). A retry loop on a silent name server must not pile such threads up.
constexpr std::size_t kMaxHungLookups = 8;
constexpr std::chrono::seconds kHungLookup{20};

// The monotonic clock stands still while the machine sleeps, the wall clock does not.
constexpr std::chrono::seconds kSleepGap{5};

}  // namespace

/// One of libcurl's sockets on the reactor. The descriptor is borrowed: released, never closed.
struct Multi::Watch {
    explicit Watch(boost::asio::io_context& context, curl_socket_t socket) : descriptor{context, socket} {}

    boost::asio::posix::stream_descriptor descriptor;
    int wanted = 0;                         // CURL_POLL_IN, CURL_POLL_OUT or both
    bool reading = false, writing = false;  // waits that are under way
};

class Multi::InCurl {
public:
    explicit InCurl(Multi& multi) : flag_{multi.in_curl_}, before_{flag_} { flag_ = true; }
    ~InCurl() { flag_ = before_; }
    InCurl(const InCurl&) = delete;
    InCurl& operator=(const InCurl&) = delete;

private:
    bool& flag_;
    bool before_;
};

Multi::~Multi() {
    while (!exchanges_.empty()) take(exchanges_.begin()->first);
    close();
}

void Multi::open() {
    multi_.reset(curl_multi_init());
    if (!multi_) throw std::bad_alloc{};
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
    curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
    curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kMaxIdleConnections);
}

void Multi::close() {
    {
        const InCurl guard{*this};
        multi_.reset();
    }
    curl_timer_.reset();
    idle_timer_.reset();
    while (!watches_.empty()) forget(watches_.begin()->first);
}

void Multi::start(std::shared_ptr<Exchange> exchange) {
    if (in_curl_) {
        arriving_.push_back(std::move(exchange));
        return;
    }
    notice_sleep();
    if (!multi_) open();
    idle_timer_.reset();

    CURL* easy = exchange->easy();
    set(easy, CURLOPT_OPENSOCKETFUNCTION, &Multi::on_open);
    set(easy, CURLOPT_OPENSOCKETDATA, this);
    set(easy, CURLOPT_CLOSESOCKETFUNCTION, &Multi::on_close);
    set(easy, CURLOPT_CLOSESOCKETDATA, this);
    set(easy, CURLOPT_SOCKOPTFUNCTION, &Multi::on_opened);
    set(easy, CURLOPT_SOCKOPTDATA, this);
    set(easy, CURLOPT_MAXAGE_CONN, static_cast<long>(kIdleConnection.count()));
    if (stale_) set(easy, CURLOPT_FRESH_CONNECT, 1L);
    exchanges_.emplace(easy, exchange);
    if (resolver_is_hung()) {
        exchange->fail_soon(
            {Failure::What::resolve, "the name server has left the last lookups without an answer"});
        return;
    }
    CURLMcode code = CURLM_OK;
    {
        const InCurl guard{*this};
        code = curl_multi_add_handle(multi_.get(), easy);
    }
    if (code != CURLM_OK) exchange->fail_soon({Failure::What::connect, curl_multi_strerror(code)});
}

void Multi::stop(Exchange& exchange) {
    CURL* easy = exchange.easy();
    if (exchange.resolving()) hung_lookups_.push_back(clock_.now());
    if (in_curl_) {
        leaving_.push_back(easy);
    } else {
        take(easy);
    }
}

/// Parts the exchange from libcurl. A transfer that had not ended closes its connection (HTTP/2: stream).
std::shared_ptr<Exchange> Multi::take(CURL* easy) {
    auto node = exchanges_.extract(easy);
    if (node.empty()) return nullptr;
    {
        const InCurl guard{*this};
        curl_multi_remove_handle(multi_.get(), easy);
    }
    last_end_ = clock_.now();
    if (exchanges_.empty()) idle_timer_ = clock_.after(kIdleConnection, [this] { close(); });
    return std::move(node.mapped());
}

void Multi::drive(curl_socket_t socket, int events) {
    if (!multi_) return;
    CURLMcode code = CURLM_OK;
    {
        const InCurl guard{*this};
        int running = 0;
        code = curl_multi_socket_action(multi_.get(), socket, events, &running);
    }
    settle(code);
}

/// Does what callbacks asked for, then ends the exchanges that libcurl is done with.
void Multi::settle(CURLMcode code) {
    for (CURL* easy : std::exchange(leaving_, {})) take(easy);
    for (auto& exchange : std::exchange(arriving_, {})) {
        if (exchange->wanted()) start(std::move(exchange));
    }
    if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
    if (code != CURLM_OK) break_down(code);
    int left = 0;
    while (const CURLMsg* message = multi_ ? curl_multi_info_read(multi_.get(), &left) : nullptr) {
        if (message->msg != CURLMSG_DONE) continue;
        const CURLcode result = message->data.result;
        if (const auto exchange = take(message->easy_handle)) exchange->finish(result);
    }
}

/// libcurl says that its handle is broken: nothing that hangs on it can be trusted to end by itself.
void Multi::break_down(CURLMcode code) {
    std::vector<std::shared_ptr<Exchange>> lost;
    while (!exchanges_.empty()) lost.push_back(take(exchanges_.begin()->first));
    close();
    for (const auto& exchange : lost) exchange->fail({Failure::What::reset, curl_multi_strerror(code)});
}

void Multi::connect_ahead(const Origin& origin) {
    if (ahead_ && ahead_->pending_or_usable()) return;
    ahead_ = std::make_unique<ConnectAhead>(context_, clock_, origin);
}

bool Multi::has_fresh_connection() const {
    return !stale_ && open_sockets_ > exchanges_.size() && clock_.now() - last_end_ < kIdleConnection / 2;
}

void Multi::notice_sleep() {
    const auto ahead =
        std::chrono::duration_cast<std::chrono::nanoseconds>(clock_.wall().time_since_epoch()) -
        std::chrono::duration_cast<std::chrono::nanoseconds>(clock_.now().time_since_epoch());
    if (multi_ && std::chrono::abs(ahead - wall_ahead_) > kSleepGap) stale_ = true;
    wall_ahead_ = ahead;
    if (stale_ && exchanges_.empty()) {
        close();
        stale_ = false;
    }
}

bool Multi::resolver_is_hung() {
    while (!hung_lookups_.empty() && clock_.now() - hung_lookups_.front() > kHungLookup)
        hung_lookups_.pop_front();
    return hung_lookups_.size() >= kMaxHungLookups;
}

void Multi::watch(curl_socket_t socket, int events) {
    auto found = watches_.find(socket);
    if (found == watches_.end())
        found = watches_.emplace(socket, std::make_shared<Watch>(context_, socket)).first;
    const auto watch = found->second;
    watch->wanted = events;
    if ((events & CURL_POLL_IN) && !watch->reading) await(watch, true);
    if ((events & CURL_POLL_OUT) && !watch->writing) await(watch, false);
}

void Multi::await(const std::shared_ptr<Watch>& watch, bool reading) {
    using Descriptor = boost::asio::posix::stream_descriptor;
    (reading ? watch->reading : watch->writing) = true;
    // Weak: a watch that is gone may have had its handler queued already, and its number may belong to
    // another socket by now.
    watch->descriptor.async_wait(
        reading ? Descriptor::wait_read : Descriptor::wait_write,
        [this, reading, weak = std::weak_ptr{watch}](const boost::system::error_code& error) {
            const auto held = weak.lock();
            if (!held || !held->descriptor.is_open()) return;
            (reading ? held->reading : held->writing) = false;
            const int wish = reading ? CURL_POLL_IN : CURL_POLL_OUT;
            if (!(held->wanted & wish)) return;
            const int event = reading ? CURL_CSELECT_IN : CURL_CSELECT_OUT;
            drive(held->descriptor.native_handle(), error ? event | CURL_CSELECT_ERR : event);
            if (!held->descriptor.is_open()) return;
            if ((held->wanted & wish) && !(reading ? held->reading : held->writing)) await(held, reading);
        });
}

void Multi::forget(curl_socket_t socket) {
    const auto node = watches_.extract(socket);
    if (!node.empty()) node.mapped()->descriptor.release();
}

int Multi::on_socket(CURL*, curl_socket_t socket, int events, void* self, void*) {
    auto& multi = *static_cast<Multi*>(self);
    try {
        if (events == CURL_POLL_REMOVE) {
            multi.forget(socket);
        } else {
            multi.watch(socket, events);
        }
        return 0;
    } catch (...) {
        return -1;  // the reactor takes no more: socket_action reports it
    }
}

int Multi::on_timer(CURLM*, long delay_ms, void* self) {
    auto& multi = *static_cast<Multi*>(self);
    try {
        multi.curl_timer_.reset();
        if (delay_ms >= 0) {
            multi.curl_timer_ =
                multi.clock_.after(Milliseconds{delay_ms}, [&multi] { multi.drive(CURL_SOCKET_TIMEOUT, 0); });
        }
        return 0;
    } catch (...) {
        return -1;
    }
}

/// libcurl before 8.17 leaves its sockets open for children.
curl_socket_t Multi::on_open(void* self, curlsocktype, curl_sockaddr* address) {
    auto& multi = *static_cast<Multi*>(self);
    const auto waiting = multi.ahead_ ? multi.ahead_->take(address->addr) : std::nullopt;
    if (waiting) multi.ahead_.reset();
    const int socket =
        waiting ? *waiting : ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (socket < 0) return CURL_SOCKET_BAD;
    if (waiting) multi.handed_over_ = socket;
    ++multi.open_sockets_;
    return socket;
}

int Multi::on_opened(void* self, curl_socket_t socket, curlsocktype) {
    auto& multi = *static_cast<Multi*>(self);
    if (socket != multi.handed_over_) return CURL_SOCKOPT_OK;
    multi.handed_over_ = CURL_SOCKET_BAD;
    return CURL_SOCKOPT_ALREADY_CONNECTED;
}

int Multi::on_close(void* self, curl_socket_t socket) {
    auto& multi = *static_cast<Multi*>(self);
    multi.forget(socket);
    --multi.open_sockets_;
    return ::close(socket);
}

}  // namespace dragoman::http
