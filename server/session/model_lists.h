// The models that gateways list: fetched when asked for, kept in memory, and never waited for twice.
//
// A list younger than an hour is given at once. An older one is given at once, too, and fetched anew behind
// it; who wants it fresh waits. Whoever asks while a list is on its way waits for that one. Nothing is
// fetched for those who never ask.
#pragma once

#include "server/config/config.h"
#include "server/support/clock.h"
#include "server/upstream/gateway/gateway.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dragoman::session {

class ModelLists {
public:
    ModelLists(Clock& clock, gateway::Gateway& gateway) : clock_{clock}, gateway_{gateway} {}

    struct List {
        std::vector<wire::ListedModel> models;  // the last that came, also where fetching it anew failed
        std::optional<Error> error{};           // why it is not fresh although that was waited for
    };
    using Answer = std::function<void(const List&)>;
    /// May answer from inside. Dropping what it returns drops the answer, and the request once nobody waits
    /// for it. Loop thread.
    [[nodiscard]] std::shared_ptr<void> get(const std::shared_ptr<const config::Provider>& provider,
                                            bool refresh, Answer answer);

    /// What the gateway said of a model when it was last asked, however long ago; asks nobody.
    std::optional<wire::ListedModel> known(const config::Provider& provider, const std::string& model) const;

private:
    using Key = std::pair<std::string, std::string>;  // name and base URL of the provider
    struct Fetch;
    struct Waiter;
    struct Listing {
        std::vector<wire::ListedModel> models{};
        std::optional<Clock::Time> fetched{};
        std::shared_ptr<Fetch> fetch{};  // while one is under way
    };

    static Key key_of(const config::Provider& provider) { return {provider.name, provider.base_url}; }
    Fetch& fetch(const std::shared_ptr<const config::Provider>& provider, Listing& listing);
    void arrived(const Key& key, Result<std::vector<wire::ListedModel>> listed);

    Clock& clock_;
    gateway::Gateway& gateway_;
    std::map<Key, Listing> listings_;
};

}  // namespace dragoman::session
