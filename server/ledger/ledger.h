// What calls of gateways have used and cost: a row for each receipt, written in batches.
//
// Tokens are the gateway's own count: where it told none, as for most cancelled calls, the row says zero, and
// what was probably used stands beside it for budgets alone. Rows wait for the disk as store::Batches says.
// Never here: what was asked or answered.
#pragma once

#include "server/store/batches.h"
#include "server/support/clock.h"
#include "server/upstream/gateway/gateway.h"

#include <functional>
#include <memory>
#include <vector>

namespace dragoman::ledger {

/// What is kept of a receipt.
store::UsageRecord record_of(const gateway::Receipt& receipt);

/// Loop thread.
class Ledger {
public:
    Ledger(Clock& clock, store::Shelf& shelf);

    /// Nothing where the configuration of the call says privacy.recordUsage: false.
    void add(const gateway::Receipt& receipt);

    using Task = std::unique_ptr<Worker::Task>;
    /// Sums over all daemons, with what is not written yet; where the disk fails, of what waits here alone.
    /// `use` is not called once the task is dropped; without a disk it is called from inside, and null is
    /// returned.
    [[nodiscard]] Task usage(store::Instant since, store::UsageGroup group,
                             std::function<void(std::vector<store::UsageSum>)> use);

    /// What was spent in [`since`, `until`) by all daemons, with what is not written yet, and the limits
    /// lifted for `day`; or why that cannot be told. `use` is called from the loop, never from inside, and
    /// not once the task is dropped.
    [[nodiscard]] Task spending(store::Instant since, store::Instant until, const std::string& day,
                                std::function<void(store::OrTrouble<store::DaySpending>)> use);
    /// Lifts a limit for `day`, for every daemon; a disk that refuses is told by the shelf.
    void allow(const std::string& day, const std::string& budget);

private:
    Clock& clock_;
    store::Shelf& shelf_;
    store::Batches<store::UsageRecord> batches_;
};

}  // namespace dragoman::ledger
