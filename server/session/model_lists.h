// The models that gateways list, fetched when asked for and kept for a while.
#pragma once

#include "server/config/config.h"
#include "server/support/clock.h"
#include "server/upstream/gateway/gateway.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dragoman::session {

class ModelLists {
public:
    ModelLists(Clock& clock, gateway::Gateway& gateway) : clock_{clock}, gateway_{gateway} {}

    using Answer = std::function<void(Result<std::vector<wire::ListedModel>>)>;
    /// From memory while younger than an hour and `refresh` is false; otherwise from the gateway. May
    /// answer from inside. Dropping the call drops the answer.
    [[nodiscard]] std::shared_ptr<void> get(const std::shared_ptr<const config::Provider>& provider,
                                            bool refresh, Answer answer);

private:
    struct Listing {
        std::string base_url;
        std::vector<wire::ListedModel> models;
        Clock::Time fetched;
    };
    Clock& clock_;
    gateway::Gateway& gateway_;
    std::map<std::string, Listing> listings_;  // by provider name
};

}  // namespace dragoman::session
