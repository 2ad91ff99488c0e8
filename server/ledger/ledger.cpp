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

/// What the disk has refused so far, and what is handed over next.
struct Ledger::Backlog {
    std::vector<store::UsageRecord> rows;

    void take(const std::vector<store::UsageRecord>& more) {
        rows.insert(rows.end(), more.begin(), more.end());
        if (rows.size() > kMostWaiting)
            rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(kMostWaiting));
    }
    store::OrTrouble<store::Done> write(store::History& history) {
        auto done = history.add_usage(rows);
        if (done) rows.clear();
        return done;
    }
};

Ledger::Ledger(Clock& clock, store::Shelf& shelf)
    : clock_{clock}, shelf_{shelf}, backlog_{std::make_shared<Backlog>()} {}

Ledger::~Ledger() {
    batch_.reset();
    hand_over();
}

void Ledger::add(const gateway::Receipt& receipt) {
    if (!receipt.purpose.config->record_usage) return;
    fresh_.push_back(record_of(receipt));
    if (!batch_) hand_over_in(kBatch);
}

void Ledger::hand_over_in(Milliseconds delay) {
    batch_ = clock_.after(delay, [this] {
        batch_.reset();
        hand_over();
    });
}

void Ledger::hand_over() {
    if (fresh_.empty() && !refused_) return;
    auto fresh = std::exchange(fresh_, {});
    if (!shelf_.available()) return backlog_->take(fresh);
    shelf_.post(
        store::Shelf::Access::write,
        [backlog = backlog_, fresh = std::move(fresh)](store::History& history) {
            backlog->take(fresh);
            return backlog->write(history);
        },
        [self = std::weak_ptr<Ledger*>{self_}](const store::OrTrouble<store::Done>& done) {
            const auto ledger = self.lock();
            if (!ledger) return;
            (*ledger)->refused_ = !done;
            if (!done) (*ledger)->hand_over_in(kRetry);
        });
}

Ledger::Task Ledger::usage(store::Instant since, store::UsageGroup group,
                           std::function<void(std::vector<store::UsageSum>)> use) {
    hand_over();
    if (!shelf_.available()) {
        use(with_rows({}, backlog_->rows, since, group));
        return nullptr;
    }
    const auto sums = std::make_shared<std::vector<store::UsageSum>>();
    return shelf_.run(
        store::Shelf::Access::read,
        [since, group, sums, backlog = backlog_](store::History& history) {
            auto read = history.usage(since, group);
            *sums = with_rows(read ? *read : std::vector<store::UsageSum>{}, backlog->rows, since, group);
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
    hand_over();
    if (!shelf_.available()) {
        auto known = std::make_unique<KnownAnswer>();
        known->timer = clock_.after(Milliseconds{0}, [use = std::move(use)] {
            use(Spending::failure("there is no folder to keep usage in: set XDG_DATA_HOME or HOME"));
        });
        return known;
    }
    const auto unwritten = std::make_shared<std::vector<store::Spent>>();
    return shelf_.run(
        store::Shelf::Access::read,
        [since, until, day, unwritten, backlog = backlog_](store::History& history) {
            for (const store::UsageRecord& row : backlog->rows)
                if (row.time >= since && row.time < until) unwritten->push_back(spent_on(row));
            return history.spending(since, until, day);
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
