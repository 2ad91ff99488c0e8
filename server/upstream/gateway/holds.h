// Providers that told us to wait: until when nothing more is sent to them.
#pragma once

#include "server/config/config.h"
#include "server/support/clock.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace dragoman::gateway {

/// Loop thread. A provider is its name and base URL: two projects may use one name for two gateways.
class Holds {
public:
    explicit Holds(Clock& clock) : clock_{clock} {}

    /// A later end wins over an earlier one.
    void hold(const config::Provider& provider, Milliseconds time) {
        auto& until = until_[{provider.name, provider.base_url}];
        until = std::max(until, clock_.now() + time);
    }
    /// Nothing when requests may be sent now.
    std::optional<Clock::Time> until(const config::Provider& provider) const {
        const auto at = until_.find({provider.name, provider.base_url});
        if (at == until_.end() || at->second <= clock_.now()) return std::nullopt;
        return at->second;
    }

private:
    Clock& clock_;
    std::map<std::pair<std::string, std::string>, Clock::Time> until_;
};

}  // namespace dragoman::gateway
