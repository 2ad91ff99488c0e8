#include "server/budget/decide.h"

#include "server/config/budgets.h"

#include <algorithm>

namespace dragoman::budget {
namespace {

/// Sums of many small amounts are not exact.
constexpr double kRounding = 1e-9;

bool same_currency(const std::string& left, const std::string& right) {
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; };
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [&](char a, char b) { return upper(a) == upper(b); });
}

bool counts(const config::Budget& budget, const store::Spent& one, const config::Effective& config) {
    const std::string provider = one.model.substr(0, one.model.find('/'));
    const auto known = config.providers.find(provider);
    const bool free = known != config.providers.end() && known->second->local;
    if (budget.provider.empty() ? free : budget.provider != provider) return false;
    if (budget.folder.empty() || config::lies_in(one.project, budget.folder)) return true;
    // A folder that holds the project only by a link's name: what is spent there is filed elsewhere.
    return !config.account.empty() && one.project == config.account.native();
}

bool is_free(const store::Spent& one) { return one.unpriced == 0 && one.cost <= 0 && one.tokens > 0; }

}  // namespace

bool holds_for(const config::Budget& budget, const config::Provider& provider) {
    return budget.provider.empty() ? !provider.local : budget.provider == provider.name;
}

bool can_count(const config::Budget& budget, const store::Spent& one) {
    return one.unpriced == 0 && (one.cost <= 0 || same_currency(one.currency, budget.currency));
}

bool counts_price(const config::Budget& budget, const std::optional<config::Price>& price) {
    if (!price) return false;
    return (price->input <= 0 && price->output <= 0) || same_currency(price->currency, budget.currency);
}

Tally tally(const config::Budget& budget, const std::vector<store::Spent>& spent,
            const config::Effective& config) {
    Tally out;
    for (const store::Spent& one : spent) {
        if (!counts(budget, one, config)) continue;
        out.tokens += one.tokens;
        const bool ours = one.cost <= 0 || same_currency(one.currency, budget.currency);
        if (ours) out.money += one.cost;
        out.uncounted += ours ? one.unpriced : one.tokens;
    }
    return out;
}

bool is_spent(const config::Budget& budget, const Tally& spent) {
    return (budget.amount && spent.money + kRounding >= *budget.amount) ||
           (budget.tokens && spent.tokens >= *budget.tokens);
}

bool would_cross(const config::Budget& budget, const Tally& spent, const store::Spent& next) {
    const double cost = can_count(budget, next) ? next.cost : 0;
    const bool money =
        budget.amount && !is_free(next) &&
        (spent.money + kRounding >= *budget.amount || spent.money + cost > *budget.amount + kRounding);
    const bool tokens =
        budget.tokens && (spent.tokens >= *budget.tokens || spent.tokens + next.tokens > *budget.tokens);
    return money || tokens;
}

}  // namespace dragoman::budget
