// Rows that are not on disk yet, added to the sums that are. Pure but for the time zone.
#pragma once

#include "server/store/records.h"

#include <vector>

namespace dragoman::ledger {

/// `sums` with those of `rows` that are of `since` or later, as History::usage() would give them.
std::vector<store::UsageSum> with_rows(const std::vector<store::UsageSum>& sums,
                                       const std::vector<store::UsageRecord>& rows, store::Instant since,
                                       store::UsageGroup group);

/// One row as History::spending() would give it.
store::Spent spent_on(const store::UsageRecord& row);

}  // namespace dragoman::ledger
