#include "server/upstream/gateway/cost.h"

namespace dragoman::gateway {

std::optional<Cost> cost_of(const config::Effective& config, const std::string& model,
                            const std::optional<wire::Usage>& usage) {
    constexpr double kPriceUnit = 1'000'000.0;  // tokens
    const auto found = config.find(model);
    if (!found || !found->model.price || !usage) return std::nullopt;
    const config::Price& price = *found->model.price;
    return Cost{(price.input * static_cast<double>(usage->input) +
                 price.output * static_cast<double>(usage->output)) /
                    kPriceUnit,
                price.currency};
}

}  // namespace dragoman::gateway
