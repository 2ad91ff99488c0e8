#include "server/upstream/http/proxies.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <charconv>
#include <initializer_list>

namespace dragoman::http {
namespace {

namespace ip = boost::asio::ip;

std::string first_set(const Environment& environment, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        if (auto value = environment(name)) return *value;
    }
    return {};
}

/// Cuts ":443" off the end of `name`; 0 where there is none. "2001:db8::1" has none, "[2001:db8::1]:443" has.
std::uint16_t take_port(std::string& name) {
    const auto colon = name.rfind(':');
    if (colon == std::string::npos || (name.find(':') != colon && name[colon - 1] != ']')) return 0;
    std::uint16_t port = 0;
    const char* const end = name.data() + name.size();
    const auto [stop, problem] = std::from_chars(name.data() + colon + 1, end, port);
    if (problem != std::errc{} || stop != end) return 0;
    name.resize(colon);
    return port;
}

bool in_network(const ip::address& host, const std::string& network) {
    boost::system::error_code bad;
    if (host.is_v4()) {
        const auto range = ip::make_network_v4(network, bad);
        return !bad &&
               ip::make_network_v4(host.to_v4(), range.prefix_length()).canonical() == range.canonical();
    }
    const auto range = ip::make_network_v6(network, bad);
    return !bad && ip::make_network_v6(host.to_v6(), range.prefix_length()).canonical() == range.canonical();
}

bool is_host_or_subdomain(std::string_view host, std::string_view domain) {
    if (host == domain) return true;
    return host.size() > domain.size() && host.substr(host.size() - domain.size()) == domain &&
           host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

/// Entries are parted by commas or blanks; ".example.com" means the same as "example.com".
std::vector<Proxies::Exclusion> Proxies::exclusions(std::string_view list) {
    constexpr std::string_view kGaps = ", \t";
    std::vector<Exclusion> found;
    while (true) {
        const auto first = list.find_first_not_of(kGaps);
        if (first == std::string_view::npos) return found;
        list.remove_prefix(first);
        std::string entry{list.substr(0, list.find_first_of(kGaps))};
        list.remove_prefix(entry.size());
        std::transform(entry.begin(), entry.end(), entry.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        Exclusion one{.name = std::move(entry), .port = 0};
        one.port = take_port(one.name);
        std::string& name = one.name;
        if (name.starts_with("*.")) name.erase(0, 1);
        if (name.starts_with('.')) name.erase(0, 1);
        if (name.size() > 1 && name.front() == '[' && name.back() == ']') {
            name = name.substr(1, name.size() - 2);
        }
        if (!name.empty()) found.push_back(std::move(one));
    }
}

Proxies::Proxies(const Environment& environment)
    : https_{first_set(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})},
      http_{first_set(environment, {"http_proxy", "all_proxy", "ALL_PROXY"})},
      excluded_{exclusions(first_set(environment, {"no_proxy", "NO_PROXY"}))} {}

std::string Proxies::choose(const std::optional<std::string>& wish, const Origin& origin) const {
    if (origin.is_loopback()) return {};
    if (wish) return *wish;
    if (excluded(origin)) return {};
    return origin.scheme == "https" ? https_ : http_;
}

bool Proxies::excluded(const Origin& origin) const {
    boost::system::error_code not_an_address;
    const auto address = ip::make_address(origin.host, not_an_address);
    return std::any_of(excluded_.begin(), excluded_.end(), [&](const Exclusion& one) {
        if (one.port != 0 && one.port != origin.port) return false;
        if (one.name == "*" || one.name == origin.host) return true;
        if (!not_an_address) return in_network(address, one.name);
        return is_host_or_subdomain(origin.host, one.name);
    });
}

}  // namespace dragoman::http
