#include "server/upstream/http/watched_client.h"

#include <utility>

namespace dragoman::http {
namespace {

Sent begun(const Request& request, Clock& clock) {
    Sent sent;
    if (request.errand) sent.errand = *request.errand;
    sent.time = clock.wall();
    if (const auto url = parse_url(request.url)) sent.origin = url->origin.to_string();
    sent.bytes_out = request.body.size();
    return sent;
}

/// It ended before there was a connection that a request could go through.
bool never_connected(Failure::What what) {
    switch (what) {
        case Failure::What::resolve:
        case Failure::What::connect:
        case Failure::What::proxy:
        case Failure::What::tls_handshake:
        case Failure::What::tls_certificate:
        case Failure::What::connect_timeout: return true;
        default: return false;
    }
}

}  // namespace

/// Between the client and the one who asked; tells at the end, or when the transfer is dropped before it.
class WatchedClient::Watch final : public Listener, public Transfer {
public:
    using Tell = std::shared_ptr<const std::function<void(const Sent&)>>;
    Watch(Clock& clock, Tell tell, Sent sent, Listener& listener)
        : clock_{clock},
          tell_{std::move(tell)},
          sent_{std::move(sent)},
          listener_{listener},
          begun_{clock.now()} {}
    ~Watch() override {
        transfer_.reset();
        if (open_) tell(Sent::Outcome::closed);
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    void hold(std::unique_ptr<Transfer> transfer) { transfer_ = std::move(transfer); }

    void on_head(const Head& head) override {
        sent_.status = head.status;
        listener_.on_head(head);
    }
    void on_bytes(std::string_view bytes) override {
        sent_.bytes_in += bytes.size();
        listener_.on_bytes(bytes);
    }
    void on_end(const std::optional<Failure>& failure, const Timings& timings) override {
        // What was refused before anything was sent has not left this machine.
        const bool never_sent = failure && failure->what == Failure::What::bad_request;
        if (never_sent) {
            open_ = false;
        } else {
            if (failure && never_connected(failure->what)) sent_.bytes_out = 0;
            tell(failure ? Sent::Outcome::failed : Sent::Outcome::answered);
        }
        listener_.on_end(failure, timings);  // which may destroy this
    }

private:
    void tell(Sent::Outcome outcome) {
        open_ = false;
        sent_.outcome = outcome;
        sent_.duration = std::chrono::duration_cast<Milliseconds>(clock_.now() - begun_);
        (*tell_)(sent_);
    }

    Clock& clock_;
    const Tell tell_;
    Sent sent_;
    Listener& listener_;
    const Clock::Time begun_;
    bool open_ = true;
    std::unique_ptr<Transfer> transfer_;
};

WatchedClient::WatchedClient(Clock& clock, Client& client, std::function<void(const Sent&)> tell)
    : clock_{clock},
      client_{client},
      tell_{std::make_shared<const std::function<void(const Sent&)>>(std::move(tell))} {}
WatchedClient::~WatchedClient() = default;

std::unique_ptr<Transfer> WatchedClient::start(Request request, Listener& listener) {
    auto watch = std::make_unique<Watch>(clock_, tell_, begun(request, clock_), listener);
    watch->hold(client_.start(std::move(request), *watch));
    return watch;
}

bool WatchedClient::warm(const Request& request) {
    if (!client_.warm(request)) return false;
    Sent sent = begun(request, clock_);
    sent.errand.role = "connect";
    sent.bytes_out = 0;
    sent.outcome = Sent::Outcome::connected;
    (*tell_)(sent);
    return true;
}

}  // namespace dragoman::http
