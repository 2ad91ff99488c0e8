// Which proxy a request goes through, decided once and in one place, so that libcurl's own look at the
// environment is never needed.
//
// Names and rules are curl's: https_proxy, http_proxy, all_proxy and no_proxy, each also in upper case,
// except HTTP_PROXY, which a CGI server fills from a request's header ("httpoxy").
#pragma once

#include "server/support/paths.h"
#include "server/support/url.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::http {

class Proxies {
public:
    /// Reads the environment once; later changes of it do not count.
    explicit Proxies(const Environment& environment);

    /// The proxy's URL, "" for none. `wish` is Request::proxy: it wins where it is set. The environment
    /// never sends a loopback origin anywhere.
    std::string choose(const std::optional<std::string>& wish, const Origin& origin) const;

private:
    bool excluded(const Origin& origin) const;

    std::string https_, http_;
    std::vector<std::string> excluded_;  // entries of no_proxy, lower case, without leading dots
};

}  // namespace dragoman::http
