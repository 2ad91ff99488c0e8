// The model server that may be running on this machine, for the user who configured nothing yet.
#pragma once

#include "protocol/base/json.h"
#include "server/upstream/gateway/gateway.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::session {

/// Asks each local preset's usual address for its models, all at once; the first preset in the schema's
/// order that answers with a model wins. Loopback only, no key, nothing billed.
class LocalServers {
public:
    explicit LocalServers(gateway::Gateway& gateway) : gateway_{gateway} {}

    struct Found {
        Json overlay;         // configuration that uses it
        std::string message;  // for the user, with the lines that make it permanent
    };
    /// `done` is called once, never from inside; destroying this object takes the question back.
    void look(std::function<void(std::optional<Found>)> done);

private:
    struct Probe {
        std::shared_ptr<const config::Provider> provider;
        std::unique_ptr<gateway::Call> call;
        bool answered = false;
        std::string model;  // the first one listed
    };
    void one_answered();

    gateway::Gateway& gateway_;
    std::function<void(std::optional<Found>)> done_;
    std::vector<Probe> probes_;
};

}  // namespace dragoman::session
