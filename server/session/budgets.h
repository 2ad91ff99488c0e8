// Budgets before the user: how they stand, and the question before a call that goes beyond one.
#pragma once

#include "protocol/base/json.h"
#include "server/budget/book.h"

#include <functional>
#include <vector>

namespace dragoman::session {

class Session;

/// [{setting, provider?, folder?, perDay?: {amount, currency, spent, left}, perDayTokens?: {limit, spent,
/// left}, uncountedTokens?, reached, allowed, until, trouble?}]; without spent and left where they are
/// unknown.
Json budgets_json(const std::vector<budget::Standing>& standings);

/// Loop thread; lives as long as its session.
class BudgetQuestions {
public:
    explicit BudgetQuestions(Session& session) : session_{session} {}

    /// As Book::ask wants it. Whoever asked for a completion by a key cannot wait for an answer: that call is
    /// refused at once, and the question is about the next ones.
    bool ask(const budget::Question& question, std::function<void(budget::Choice)> choose);

private:
    Session& session_;
    bool offered_ = false;  // to lift the limit, and not answered yet
};

}  // namespace dragoman::session
