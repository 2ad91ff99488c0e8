// Whether a limit is reached: arithmetic on what was spent today. Pure.
#pragma once

#include "server/config/config.h"
#include "server/store/records.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace dragoman::budget {

/// What of a day counts for one budget.
struct Tally {
    double money = 0;            // in the budget's currency
    std::int64_t tokens = 0;     // sent and received
    std::int64_t uncounted = 0;  // of these, tokens that are not in `money`: no price, or another currency
    friend bool operator==(const Tally&, const Tally&) = default;
};

/// Whether calls to `provider` are under the budget. One of no provider does not count what costs nothing.
bool holds_for(const config::Budget& budget, const config::Provider& provider);

/// `spent`: everything of the day. Providers that `config` does not know count like any other.
Tally tally(const config::Budget& budget, const std::vector<store::Spent>& spent,
            const config::Effective& config);

/// The cost that is known of `one` is in no other currency than the budget's; nothing of it is unknown.
bool can_count(const config::Budget& budget, const store::Spent& one);

/// Whether the budget's money counts calls of a model with that price.
bool counts_price(const config::Budget& budget, const std::optional<config::Price>& price);

/// Nothing is left.
bool is_spent(const config::Budget& budget, const Tally& spent);
/// Nothing is left for `next`, a call to come, or it goes beyond what is left. A model that is known to be
/// free passes a limit of money.
bool would_cross(const config::Budget& budget, const Tally& spent, const store::Spent& next);

}  // namespace dragoman::budget
