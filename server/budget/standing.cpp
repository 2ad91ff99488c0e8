#include "server/budget/standing.h"

#include "protocol/base/utf.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace dragoman::budget {
namespace {

/// " at work", " in /src/app", both, or nothing.
std::string scope_of(const config::Budget& budget) {
    std::string out;
    if (!budget.provider.empty()) out += " at " + budget.provider;
    if (!budget.folder.empty()) out += " in " + one_line(budget.named.string(), 200);
    return out;
}

/// "5 USD or 2000000 tokens"
std::string limits_of(const config::Budget& budget) {
    std::string out;
    if (budget.amount) out = in_money(*budget.amount, budget.currency);
    if (budget.tokens) out += (out.empty() ? "" : " or ") + std::to_string(*budget.tokens) + " tokens";
    return out;
}

/// Of what the budget limits, what is used: "5.02 USD and 1200 tokens".
std::string spent_of(const Standing& standing) {
    std::string out;
    if (standing.budget.amount) out = in_money(standing.spent.money, standing.budget.currency);
    if (standing.budget.tokens)
        out += (out.empty() ? "" : " and ") + std::to_string(standing.spent.tokens) + " tokens";
    return out;
}

std::string trouble_of(const Standing& standing) {
    if (!standing.budget.fault.empty())
        return fmt::format("{} cannot be read, so it counts as spent: {}", standing.budget.setting,
                           standing.budget.fault);
    return "what was spent today cannot be read, so the budget cannot be checked: " + standing.trouble;
}

}  // namespace

std::string in_money(double amount, const std::string& currency) {
    std::string text =
        amount > 0 && amount < 1 ? fmt::format("{:.4f}", amount) : fmt::format("{:.2f}", amount);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text + " " + currency;
}

std::string describe(const Standing& standing) {
    if (!standing.readable()) return trouble_of(standing);
    std::string out = fmt::format("{} of {} used today{}", spent_of(standing), limits_of(standing.budget),
                                  scope_of(standing.budget));
    if (standing.allowed) out += "; you lifted the limit until midnight";
    return out;
}

Error refusal(const Standing& standing, const config::ModelRef& model, bool crossing,
              const std::filesystem::path& user_file, Clock::WallTime now) {
    const config::Budget& budget = standing.budget;
    Error error{.kind = ErrorKind::over_budget};
    error.provider = model.provider->name;
    error.model = model.id();
    error.retry_after = std::max(Milliseconds{0}, std::chrono::ceil<Milliseconds>(standing.until - now));
    if (!standing.readable()) {
        error.message = one_line(trouble_of(standing), 500);
        error.hint = budget.fault.empty()
                         ? "Completion pauses until it can be read; everything else asks first."
                         : fmt::format("Correct {} in {}.", budget.setting, user_file.string());
        if (budget.fault.empty()) error.retry_after.reset();
        return error;
    }
    error.message = fmt::format("today's budget of {}{} {}: {} used", limits_of(budget), scope_of(budget),
                                crossing ? "is not enough for this" : "is spent", spent_of(standing));
    error.hint =
        fmt::format("Completion pauses until midnight; everything else asks first. To go on, raise {} in {}.",
                    budget.setting, user_file.string());
    return error;
}

}  // namespace dragoman::budget
