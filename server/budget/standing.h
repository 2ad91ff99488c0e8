// How a budget stands, and what people and programs are told about it. Pure.
#pragma once

#include "protocol/base/error.h"
#include "server/budget/decide.h"
#include "server/support/clock.h"

#include <string>

namespace dragoman::budget {

struct Standing {
    config::Budget budget;
    Tally spent{};
    bool allowed = false;     // the user has lifted it for today
    std::string trouble{};    // why it cannot be checked; what is spent is then unknown
    Clock::WallTime until{};  // when the next day begins

    bool readable() const { return trouble.empty() && budget.fault.empty(); }
    /// It stands in the way of whatever is under it.
    bool reached() const { return !allowed && (!readable() || is_spent(budget, spent)); }
};

/// "5 USD", "5.02 USD", "0.0042 USD"
std::string in_money(double amount, const std::string& currency);

/// "3.2 USD and 1200 tokens of 5 USD or 2000000 tokens used today at work"; what cannot be checked says why.
std::string describe(const Standing& standing);

/// Why a call to `model` is not made: over_budget, with the cure as its hint. `crossing`: something is left,
/// but not enough for this call. `now`: for how long that holds.
Error refusal(const Standing& standing, const config::ModelRef& model, bool crossing,
              const std::filesystem::path& user_file, Clock::WallTime now);

}  // namespace dragoman::budget
