#include "server/ledger/ledger.h"

#include "server/ledger/sums.h"
#include "server/upstream/gateway/cost.h"

#include <utility>

namespace dragoman::ledger {

store::UsageRecord record_of(const gateway::Receipt& receipt) {
    const config::Effective& config = *receipt.purpose.config;
    store::UsageRecord out;
    out.time = std::chrono::duration_cast<Milliseconds>(receipt.asked.time_since_epoch()).count();
    out.role = receipt.purpose.role;
    out.model = receipt.model;
    out.project = config.account.string();
    if (receipt.usage) {
        out.input = receipt.usage->input;
        out.output = receipt.usage->output;
        out.cached = receipt.usage->cached.value_or(0);
    }
    if (auto cost = gateway::cost_of(config, receipt.model, receipt.usage)) {
        out.cost = cost->amount;
        out.currency = std::move(cost->currency);
    }
    out.guess_tokens = receipt.guess.input + receipt.guess.output;
    if (out.guess_tokens > 0) {
        if (auto cost = gateway::cost_of(config, receipt.model, receipt.guess)) {
            out.guess_cost = cost->amount;
            out.guess_currency = std::move(cost->currency);
        }
    }
    out.duration_ms = receipt.duration.count();
    out.outcome = receipt.outcome;
    return out;
}

Ledger::Ledger(Clock& clock, store::Shelf& shelf)
    : clock_{clock},
      shelf_{shelf},
      batches_{clock, shelf, [](store::History& history, std::span<const store::UsageRecord> rows) {
                   return history.add_usage(rows);
               }} {}

void Ledger::add(const gateway::Receipt& receipt) {
    if (receipt.purpose.config->record_usage) batches_.add(record_of(receipt));
}

Ledger::Task Ledger::usage(store::Instant since, store::UsageGroup group,
                           std::function<void(std::vector<store::UsageSum>)> use) {
    using Sums = std::vector<store::UsageSum>;
    const auto sums = std::make_shared<Sums>();
    return batches_.read(
        [since, group, sums](store::History* history, const std::vector<store::UsageRecord>& waiting) {
            using Read = store::OrTrouble<Sums>;
            Read read = history == nullptr ? Read{Sums{}} : history->usage(since, group);
            *sums = with_rows(read ? *read : Sums{}, waiting, since, group);
            return read;
        },
        [sums, use = std::move(use)](const auto&) { use(std::move(*sums)); });
}

namespace {

/// An answer that is known already, given from the loop as every other.
struct KnownAnswer final : Worker::Task {
    Timer timer;
};

}  // namespace

Ledger::Task Ledger::spending(store::Instant since, store::Instant until, const std::string& day,
                              std::function<void(store::OrTrouble<store::DaySpending>)> use) {
    using Spending = store::OrTrouble<store::DaySpending>;
    if (!shelf_.available()) {
        auto known = std::make_unique<KnownAnswer>();
        known->timer = clock_.after(Milliseconds{0}, [use = std::move(use)] {
            use(Spending::failure("there is no folder to keep usage in: set XDG_DATA_HOME or HOME"));
        });
        return known;
    }
    const auto unwritten = std::make_shared<std::vector<store::Spent>>();
    return batches_.read(
        [since, until, day, unwritten](store::History* history,
                                       const std::vector<store::UsageRecord>& waiting) {
            for (const store::UsageRecord& row : waiting)
                if (row.time >= since && row.time < until) unwritten->push_back(spent_on(row));
            return history->spending(since, until, day);
        },
        [unwritten, use = std::move(use)](const Spending& read) {
            Spending whole = read;
            if (whole) whole->spent.insert(whole->spent.end(), unwritten->begin(), unwritten->end());
            use(std::move(whole));
        });
}

void Ledger::allow(const std::string& day, const std::string& budget) {
    if (!shelf_.available()) return;
    shelf_.post(
        store::Shelf::Access::write,
        [day, budget](store::History& history) { return history.allow(day, budget); }, [](const auto&) {});
}

}  // namespace dragoman::ledger
