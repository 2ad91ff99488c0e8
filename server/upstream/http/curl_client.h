// http::Client with libcurl, on the loop.
//
// What every request gets is set in easy.cpp; how libcurl is driven is in multi.cpp; one request's
// course is in exchange.cpp. Nothing outside this folder includes curl.
#pragma once

#include "server/upstream/http/http.h"
#include "server/upstream/http/proxies.h"

#include <boost/asio/io_context.hpp>

#include <map>
#include <tuple>

namespace dragoman::http {

class Multi;

/// Loop thread only. Not destroyed from inside a Listener; Transfers may outlive it, their listeners
/// then hear no more.
class CurlClient final : public Client {
public:
    /// Reads the proxy variables now, ignores SIGPIPE and unsets SSLKEYLOGFILE for the whole process:
    /// construct it before threads start. Throws std::runtime_error when libcurl is unusable.
    CurlClient(boost::asio::io_context& context, Clock& clock, const Environment& environment);
    ~CurlClient() override;

    [[nodiscard]] std::unique_ptr<Transfer> start(Request request, Listener& listener) override;
    bool warm(const Request& request) override;

private:
    struct WarmUp;
    using Way = std::tuple<Origin, std::string, std::string, bool>;  // proxy, CA file, HTTP/2

    Multi& multi_for(const Origin& origin, const std::string& proxy, const Request& request);

    boost::asio::io_context& context_;
    Clock& clock_;
    const Proxies proxies_;
    std::map<Way, std::unique_ptr<Multi>> multis_;
    std::map<Multi*, std::unique_ptr<WarmUp>> warm_ups_;
};

}  // namespace dragoman::http
