#include "server/ledger/sums.h"

#include <array>
#include <ctime>
#include <map>
#include <string>
#include <utility>

namespace dragoman::ledger {
namespace {

/// As SQLite's date(..., 'localtime') writes it.
std::string day_of(store::Instant time) {
    const auto seconds = static_cast<std::time_t>(time / 1000);
    std::tm parts{};
    std::array<char, 32> text{};
    ::localtime_r(&seconds, &parts);
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

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

}  // namespace dragoman::ledger
