#include "server/upstream/http/curl_client.h"

#include "server/upstream/http/exchange.h"
#include "server/upstream/http/multi.h"
#include "server/upstream/http/request_check.h"

namespace dragoman::http {
namespace {

struct LiveTransfer final : Transfer {
    explicit LiveTransfer(std::weak_ptr<Exchange> mine) : exchange{std::move(mine)} {}
    ~LiveTransfer() override {
        if (const auto held = exchange.lock()) held->abandon();
    }
    std::weak_ptr<Exchange> exchange;
};

/// A request that nothing was sent for.
struct RefusedTransfer final : Transfer {
    RefusedTransfer(Clock& clock, Listener& listener, std::string why)
        : timer{clock.after(Milliseconds{0}, [&listener, why = std::move(why)] {
              listener.on_end(Failure{Failure::What::bad_request, why}, Timings{});
          })} {}
    Timer timer;
};

}  // namespace

/// Its own listener, that forgets what it hears.
struct CurlClient::WarmUp final : Listener {
    void on_head(const Head&) override {}
    void on_bytes(std::string_view) override {}
    void on_end(const std::optional<Failure>&, const Timings&) override { transfer.reset(); }

    std::unique_ptr<Transfer> transfer;
};

CurlClient::CurlClient(boost::asio::io_context& context, Clock& clock, const Environment& environment)
    : context_{context}, clock_{clock}, proxies_{environment} {
    prepare_libcurl();
}

CurlClient::~CurlClient() = default;

std::unique_ptr<Transfer> CurlClient::start(Request request, Listener& listener) {
    const auto refuse = [&](std::string why) {
        return std::make_unique<RefusedTransfer>(clock_, listener, std::move(why));
    };
    const auto url = parse_url(request.url);
    if (!url) return refuse(url.error());
    if (auto fault = find_fault(request)) return refuse(std::move(*fault));
    const std::string proxy = proxies_.choose(request.proxy, url->origin);
    Multi& multi = multi_for(url->origin, proxy, request);
    try {
        const auto exchange =
            std::make_shared<Exchange>(multi, clock_, std::move(request), url->to_string(), proxy, listener);
        multi.start(exchange);
        return std::make_unique<LiveTransfer>(exchange);
    } catch (const std::runtime_error& error) {
        return refuse(error.what());
    }
}

bool CurlClient::warm(const Request& request) {
    const auto url = parse_url(request.url);
    if (!url) return false;
    const std::string proxy = proxies_.choose(request.proxy, url->origin);
    Multi& multi = multi_for(url->origin, proxy, request);
    if (multi.has_fresh_connection()) return false;
    if (url->origin.scheme == "http") {
        if (proxy.empty() && url->origin.is_loopback()) multi.connect_ahead(url->origin);
        return false;
    }
    auto& warm_up = warm_ups_[&multi];
    if (!warm_up) warm_up = std::make_unique<WarmUp>();
    if (warm_up->transfer) return false;

    // libcurl never reuses a TLS connection that was opened with CONNECT_ONLY, nor one whose request was
    // held back: it has to carry an answer first. So the cheapest question there is, without the key.
    Request question;
    question.method = "HEAD";
    question.url = url->origin.to_string() + "/";
    question.timeouts = request.timeouts;
    question.timeouts.total = Milliseconds{15'000};
    question.user_agent = request.user_agent;
    question.proxy = request.proxy;
    question.ca_file = request.ca_file;
    question.http2 = request.http2;
    warm_up->transfer = start(std::move(question), *warm_up);
    return true;
}

Multi& CurlClient::multi_for(const Origin& origin, const std::string& proxy, const Request& request) {
    auto& multi = multis_[Way{origin, proxy, request.ca_file, request.http2}];
    if (!multi) multi = std::make_unique<Multi>(context_, clock_);
    return *multi;
}

}  // namespace dragoman::http
