// An http::Client that sees every request on its way out and tells of each once, when nothing more can come
// of it: the one place where all that leaves this machine over HTTP can be counted.
//
// It changes nothing on the way and keeps no request: neither a body nor a header is ever told.
#pragma once

#include "server/support/errand.h"
#include "server/support/url.h"
#include "server/upstream/http/http.h"

#include <functional>
#include <memory>
#include <optional>

namespace dragoman::http {

struct Sent {
    Errand errand{};
    Clock::WallTime time{};     // when it was handed over
    Milliseconds duration{};    // from then to the end
    std::string origin{};       // "https://gateway.example": no path, no query
    std::size_t bytes_out = 0;  // of the body; none where no connection came about
    std::size_t bytes_in = 0;   // of the answer's body, decoded
    int status = 0;             // of the answer's head; 0: none came
    enum class Outcome {
        answered,
        closed,     // by the one who asked: a cancel, or enough had come
        failed,     // the network, a limit, TLS
        connected,  // a connection opened ahead: how its HEAD was answered is not waited for
    } outcome = Outcome::answered;
};

class WatchedClient final : public Client {
public:
    /// `client` outlives it. `tell` is called on the loop; it may be called from inside the destruction of a
    /// Transfer, and starts and ends no requests.
    WatchedClient(Clock& clock, Client& client, std::function<void(const Sent&)> tell);
    ~WatchedClient() override;

    [[nodiscard]] std::unique_ptr<Transfer> start(Request request, Listener& listener) override;
    bool warm(const Request& request) override;

private:
    class Watch;
    Clock& clock_;
    Client& client_;
    const std::shared_ptr<const std::function<void(const Sent&)>> tell_;  // transfers may outlive this
};

}  // namespace dragoman::http
