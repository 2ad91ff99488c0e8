#include "server/session/budgets.h"

#include "server/session/session.h"

#include <algorithm>
#include <cmath>

namespace dragoman::session {
namespace {

using budget::Choice;

constexpr std::string_view kSend = "Send anyway", kToday = "Allow for today", kNotNow = "Not now";
constexpr int kWarning = 2;  // LSP MessageType

/// Sums of many small amounts end in digits that mean nothing.
double in_millionths(double amount) { return std::round(amount * 1e6) / 1e6; }

Json money_json(const budget::Standing& standing) {
    const double most = *standing.budget.amount, spent = standing.spent.money;
    Json out = {{"amount", most}, {"currency", standing.budget.currency}};
    if (!standing.readable()) return out;
    out["spent"] = in_millionths(spent);
    out["left"] = in_millionths(std::max(0.0, most - spent));
    return out;
}

Json tokens_json(const budget::Standing& standing) {
    const std::int64_t most = *standing.budget.tokens, spent = standing.spent.tokens;
    Json out = {{"limit", most}};
    if (!standing.readable()) return out;
    out["spent"] = spent;
    out["left"] = std::max<std::int64_t>(0, most - spent);
    return out;
}

Json budget_json(const budget::Standing& standing) {
    const config::Budget& limits = standing.budget;
    const bool known = standing.readable();
    Json out = {{"setting", limits.setting},
                {"reached", standing.reached()},
                {"allowed", standing.allowed},
                {"until", iso_time(standing.until)}};
    if (!limits.provider.empty()) out["provider"] = limits.provider;
    if (!limits.folder.empty()) out["folder"] = limits.named.string();
    if (limits.amount) out["perDay"] = money_json(standing);
    if (limits.tokens) out["perDayTokens"] = tokens_json(standing);
    if (known && limits.amount && standing.spent.uncounted > 0)
        out["uncountedTokens"] = standing.spent.uncounted;
    if (!known) out["trouble"] = budget::describe(standing);
    return out;
}

Choice choice_of(const std::string& title) {
    return title == kSend ? Choice::send : title == kToday ? Choice::today : Choice::no;
}

}  // namespace

Json budgets_json(const std::vector<budget::Standing>& standings) {
    Json out = Json::array();
    for (const budget::Standing& one : standings) out.push_back(budget_json(one));
    return out;
}

bool BudgetQuestions::ask(const budget::Question& question, std::function<void(Choice)> choose) {
    if (!session_.client().capabilities.show_message_request) return false;
    const bool invoked = question.role == "completion";
    if (invoked) choose(Choice::no);
    if (invoked && std::exchange(offered_, true)) return true;
    Json actions = Json::array();
    if (!invoked) actions.push_back({{"title", kSend}});
    actions.push_back({{"title", kToday}});
    actions.push_back({{"title", kNotNow}});
    const std::string text = "dragoman: " + question.why.message + (invoked ? "." : ". Send it anyway?") +
                             " \"" + std::string{kToday} +
                             "\" lifts this limit until midnight, for automatic completion too.";
    session_.ask_client("window/showMessageRequest",
                        {{"type", kWarning}, {"message", text}, {"actions", std::move(actions)}},
                        [this, invoked, choose = std::move(choose)](const std::optional<Json>& answer) {
                            if (invoked) offered_ = false;
                            choose(choice_of(answer ? get_string(*answer, "title").value_or("") : ""));
                        });
    return true;
}

}  // namespace dragoman::session
