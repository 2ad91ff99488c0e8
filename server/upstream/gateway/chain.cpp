#include "server/upstream/gateway/chain.h"

#include "server/support/log.h"

#include <algorithm>

namespace dragoman::gateway {

std::vector<config::ModelRef> with_fallback(config::ModelRef first, const config::Effective& config) {
    std::vector<config::ModelRef> chain{std::move(first)};
    for (const std::string& name : config.chat.fallback) {
        auto next = config.find(name);
        if (!next) {
            log::warning("chat.fallback: {}", next.error().message);
        } else if (std::none_of(chain.begin(), chain.end(),
                                [&](const auto& one) { return one.id() == next->id(); })) {
            chain.push_back(std::move(*next));
        }
    }
    return chain;
}

}  // namespace dragoman::gateway
