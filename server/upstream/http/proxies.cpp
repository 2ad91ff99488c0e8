#include "server/upstream/http/proxies.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
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

/// Entries are parted by commas or blanks; ".example.com" means the same as "example.com".
std::vector<std::string> entries(std::string_view list) {
    constexpr std::string_view kGaps = ", \t";
    std::vector<std::string> found;
    while (true) {
        const auto first = list.find_first_not_of(kGaps);
        if (first == std::string_view::npos) return found;
        list.remove_prefix(first);
        std::string entry{list.substr(0, list.find_first_of(kGaps))};
        list.remove_prefix(entry.size());
        std::transform(entry.begin(), entry.end(), entry.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (entry.front() == '.') entry.erase(0, 1);
        if (entry.size() > 1 && entry.front() == '[' && entry.back() == ']') {
            entry = entry.substr(1, entry.size() - 2);
        }
        if (!entry.empty()) found.push_back(std::move(entry));
    }
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

Proxies::Proxies(const Environment& environment)
    : https_{first_set(environment, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})},
      http_{first_set(environment, {"http_proxy", "all_proxy", "ALL_PROXY"})},
      excluded_{entries(first_set(environment, {"no_proxy", "NO_PROXY"}))} {}

std::string Proxies::choose(const std::optional<std::string>& wish, const Origin& origin) const {
    if (wish) return *wish;
    if (origin.is_loopback() || excluded(origin)) return {};
    return origin.scheme == "https" ? https_ : http_;
}

bool Proxies::excluded(const Origin& origin) const {
    boost::system::error_code not_an_address;
    const auto address = ip::make_address(origin.host, not_an_address);
    return std::any_of(excluded_.begin(), excluded_.end(), [&](const std::string& entry) {
        if (entry == "*" || entry == origin.host) return true;
        if (!not_an_address) return in_network(address, entry);
        return is_host_or_subdomain(origin.host, entry);
    });
}

}  // namespace dragoman::http
