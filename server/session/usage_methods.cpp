// dragoman/usage: what the ledger knows.

#include "server/session/budgets.h"
#include "server/session/methods.h"
#include "server/session/usage.h"

namespace dragoman::session {
namespace {

/// Answers `result` and how the budgets of the workspace stand, where there are any.
void answer_with_budgets(Session& session, const Reply& reply, Json result) {
    if (!session.has_budgets()) return reply.result(result);
    auto count = session.services().book.count([&session, reply, result] {
        Json whole = result;
        whole["budgets"] = budgets_json(session.standings());
        reply.result(whole);
    });
    reply.keep(std::shared_ptr<void>{std::move(count)});
}

}  // namespace

void handle_usage(Session& session, const Reply& reply, const Json& params) {
    store::Instant since = 0;
    auto group = std::optional{store::UsageGroup::model};
    if (const Json* given = find(params, "since")) {
        const auto read = given->is_string() ? read_since(given->get<std::string>()) : std::nullopt;
        if (!read) return reply.invalid_params("since must be " + std::string{kSinceForms});
        since = *read;
    }
    if (const Json* given = find(params, "groupBy")) {
        group = given->is_string() ? read_group(given->get<std::string>()) : std::nullopt;
        if (!group) return reply.invalid_params("groupBy must be " + std::string{kGroups});
    }
    auto task = session.services().ledger.usage(since, *group, [&session, reply](const auto& sums) {
        answer_with_budgets(session, reply, {{"rows", usage_rows_json(sums)}});
    });
    if (task) reply.keep(std::shared_ptr<void>{std::move(task)});
}

}  // namespace dragoman::session
