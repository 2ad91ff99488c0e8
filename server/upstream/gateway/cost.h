// What an answer cost, where the configuration knows the model's price.
#pragma once

#include "server/config/config.h"
#include "server/upstream/wire/event.h"

#include <optional>
#include <string>

namespace dragoman::gateway {

struct Cost {
    double amount = 0;
    std::string currency;
};

/// `model` is "provider/model". Nothing where price or usage is unknown.
std::optional<Cost> cost_of(const config::Effective& config, const std::string& model,
                            const std::optional<wire::Usage>& usage);

}  // namespace dragoman::gateway
