#include "server/ledger/sums.h"

#include "server/support/local_day.h"

#include <map>
#include <string>
#include <utility>

namespace dragoman::ledger {
namespace {

/// As SQLite's date(..., 'localtime') writes it.
std::string day_of(store::Instant time) { return local_day(Clock::WallTime{Milliseconds{time}}).name; }

std::string key_of(const store::UsageRecord& row, store::UsageGroup group) {
    switch (group) {
        case store::UsageGroup::day: return day_of(row.time);
        case store::UsageGroup::model: return row.model;
        case store::UsageGroup::project: return row.project;
        case store::UsageGroup::role: return row.role;
    }
    return row.model;
}

}  // namespace

std::vector<store::UsageSum> with_rows(const std::vector<store::UsageSum>& sums,
                                       const std::vector<store::UsageRecord>& rows, store::Instant since,
                                       store::UsageGroup group) {
    std::map<std::pair<std::string, std::string>, store::UsageSum> all;
    for (const store::UsageSum& sum : sums) all[{sum.key, sum.currency}] = sum;
    for (const store::UsageRecord& row : rows) {
        if (row.time < since) continue;
        const std::string key = key_of(row, group);
        store::UsageSum& sum = all[{key, row.currency}];
        sum.key = key;
        sum.currency = row.currency;
        ++sum.requests;
        sum.input += row.input;
        sum.output += row.output;
        if (row.input == 0 && row.output == 0) ++sum.unmetered;
        if (row.cost) sum.cost = sum.cost.value_or(0) + *row.cost;
    }
    std::vector<store::UsageSum> out;
    for (auto& [key, sum] : all) out.push_back(std::move(sum));
    return out;
}

store::Spent spent_on(const store::UsageRecord& row) {
    const std::int64_t tokens = row.input + row.output + row.guess_tokens;
    const bool priced = row.cost || row.guess_cost;
    return {.model = row.model,
            .project = row.project,
            .tokens = tokens,
            .unpriced = priced ? 0 : tokens,
            .cost = row.cost.value_or(0) + row.guess_cost.value_or(0),
            .currency = row.currency + row.guess_currency};
}

}  // namespace dragoman::ledger
