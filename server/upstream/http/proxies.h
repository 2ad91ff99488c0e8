// Which proxy a request goes through, decided once and in one place, so that libcurl's own look at the
// environment is never needed.
//
// Names and rules are curl's: https_proxy, http_proxy, all_proxy and no_proxy, each also in upper case,
// except HTTP_PROXY, which a CGI server fills from a request's header ("httpoxy"). Beyond curl's, an entry of
// no_proxy may begin with "*." and end with a port, as the ones of Go and Python may.
#pragma once

#include "server/support/paths.h"
#include "server/support/url.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::http {

class Proxies {
public:
    /// Reads the environment once; later changes of it do not count.
    explicit Proxies(const Environment& environment);

    /// The proxy's URL, "" for none. `wish` is Request::proxy: it wins where it is set. None for a loopback
    /// origin, whatever is wished: plain http is allowed there because nobody stands in between.
    std::string choose(const std::optional<std::string>& wish, const Origin& origin) const;

private:
    bool excluded(const Origin& origin) const;

    std::string https_, http_;
    struct Exclusion {
        std::string name;        // host, domain, address, network or "*"; lower case
        std::uint16_t port = 0;  // 0: any
    };
    static std::vector<Exclusion> exclusions(std::string_view list);
    std::vector<Exclusion> excluded_;  // of no_proxy
};

}  // namespace dragoman::http
