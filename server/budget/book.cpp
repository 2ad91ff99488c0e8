#include "server/budget/book.h"

#include "server/budget/decide.h"
#include "server/ledger/sums.h"
#include "server/upstream/gateway/cost.h"

#include <algorithm>

namespace dragoman::budget {
namespace {

/// Calls of this daemon beside the last count; more order a new one.
constexpr std::size_t kMostSince = 1'000;

store::Instant instant_of(Clock::WallTime time) {
    return std::chrono::duration_cast<Milliseconds>(time.time_since_epoch()).count();
}

store::Spent spent_by(const gateway::Receipt& receipt) {
    return ledger::spent_on(ledger::record_of(receipt));
}

/// What is known of a call before it is sent: its prompt.
store::Spent cost_of_prompt(const gateway::Outlay& outlay) {
    gateway::Receipt receipt{.purpose = outlay.purpose, .model = outlay.model.id()};
    receipt.guess.input = outlay.prompt_tokens;
    return spent_by(receipt);
}

void add_to(std::vector<store::Spent>& all, const store::Spent& one) {
    for (store::Spent& known : all) {
        if (known.model != one.model || known.project != one.project || known.currency != one.currency)
            continue;
        known.tokens += one.tokens;
        known.unpriced += one.unpriced;
        known.cost += one.cost;
        return;
    }
    all.push_back(one);
}

}  // namespace

/// Somebody who waits for a count.
struct Book::Waiting {
    std::function<void()> due;
};

struct Book::Admission {
    gateway::Outlay outlay;
    Answer answer;
    Timer start{};
    std::shared_ptr<Waiting> waiting{};
};

Book::Book(Clock& clock, ledger::Ledger& ledger) : clock_{clock}, ledger_{ledger} {}
Book::~Book() = default;

void Book::add(const gateway::Receipt& receipt) {
    const config::Effective& config = *receipt.purpose.config;
    const store::Spent one = spent_by(receipt);
    if (config.record_usage) {
        // Without a count, or one that was ordered, the next one holds it.
        if (count_ || reading_) since_.emplace_back(receipt.asked, one);
        if (since_.size() > kMostSince) read();
    } else {
        if (const std::string day = today().name; day != unrecorded_day_) {
            unrecorded_day_ = day;
            unrecorded_.clear();
        }
        add_to(unrecorded_, one);
    }
    if (!config.budgets.empty()) changed();
}

bool Book::known() const { return count_ && count_->day.name == today().name; }

bool Book::is_older_than(Milliseconds age) const { return !known() || clock_.now() - count_->taken > age; }

/// Why nothing can be said of today; empty: it can, or is not known yet.
std::string Book::trouble() const { return is_older_than(kTrusted) ? trouble_ : std::string{}; }

std::vector<store::Spent> Book::spent(const LocalDay& day) const {
    std::vector<store::Spent> all;
    if (count_ && count_->day.name == day.name) all = count_->spending.spent;
    for (const auto& [time, one] : since_)
        if (time >= day.begin) all.push_back(one);
    if (unrecorded_day_ == day.name) all.insert(all.end(), unrecorded_.begin(), unrecorded_.end());
    if (under_way) {
        for (const gateway::Receipt& receipt : under_way()) all.push_back(spent_by(receipt));
    }
    return all;
}

Standing Book::standing_of(const config::Budget& budget, const std::vector<store::Spent>& spent,
                           const config::Effective& config, const LocalDay& day) const {
    Standing out{
        .budget = budget, .spent = tally(budget, spent, config), .trouble = trouble(), .until = day.end};
    out.allowed = allowed_.contains({day.name, budget.id()});
    if (!out.allowed && known()) {
        const auto& lifted = count_->spending.allowed;
        out.allowed = std::find(lifted.begin(), lifted.end(), budget.id()) != lifted.end();
    }
    return out;
}

std::vector<Standing> Book::standings(const config::Effective& config) const {
    std::vector<Standing> out;
    if (config.budgets.empty() || (!known() && trouble().empty())) return out;
    const LocalDay day = today();
    const auto all = spent(day);
    for (const config::Budget& budget : config.budgets) out.push_back(standing_of(budget, all, config, day));
    return out;
}

/// The first budget that stands against the call.
std::optional<Book::Reached> Book::reached_by(const config::Effective& config, const config::ModelRef& model,
                                              const store::Spent& next) const {
    const LocalDay day = today();
    const auto all = spent(day);
    for (const config::Budget& budget : config.budgets) {
        if (!holds_for(budget, *model.provider)) continue;
        Standing standing = standing_of(budget, all, config, day);
        if (standing.allowed) continue;
        const bool blocked = !standing.readable() || would_cross(budget, standing.spent, next);
        if (!blocked) continue;
        const bool crossing = standing.readable() && !is_spent(budget, standing.spent);
        return Reached{std::move(standing), crossing};
    }
    return std::nullopt;
}

std::optional<Error> Book::barred(const config::Effective& config, const config::ModelRef& model) {
    if (config.budgets.empty()) return std::nullopt;
    if (is_older_than(kStale)) read();
    if (!known() && trouble().empty()) return std::nullopt;  // admit() waits for the count
    store::Spent next{.model = model.id()};
    if (model.model.price && model.model.price->input <= 0 && model.model.price->output <= 0) next.tokens = 1;
    const auto reached = reached_by(config, model, next);
    if (!reached) return std::nullopt;
    return refusal(reached->first, model, reached->second, config.user_file, clock_.wall());
}

// ---- one call

namespace {

struct AdmissionTicket final : gateway::Guard::Ticket {
    explicit AdmissionTicket(std::shared_ptr<void> held) : admission{std::move(held)} {}
    std::shared_ptr<void> admission;
};

}  // namespace

std::unique_ptr<gateway::Guard::Ticket> Book::admit(gateway::Outlay outlay, Answer answer) {
    auto admission = std::make_shared<Admission>();
    admission->outlay = std::move(outlay);
    admission->answer = std::move(answer);
    admission->start = clock_.after(Milliseconds{0}, [this, weak = std::weak_ptr{admission}] {
        if (const auto one = weak.lock()) look(one);
    });
    return std::make_unique<AdmissionTicket>(std::move(admission));
}

void Book::look(const std::shared_ptr<Admission>& admission) {
    const bool background = admission->outlay.background;
    const bool enough = background ? known() || !trouble().empty() : !is_older_than(kFresh);
    if (enough) {
        if (is_older_than(kStale)) read();
        return decide(admission);
    }
    admission->waiting = std::make_shared<Waiting>();
    admission->waiting->due = [this, weak = std::weak_ptr{admission}] {
        if (const auto one = weak.lock()) decide(one);
    };
    wait(admission->waiting);
}

void Book::decide(const std::shared_ptr<Admission>& admission) {
    const gateway::Outlay& outlay = admission->outlay;
    const config::Effective& config = *outlay.purpose.config;
    const store::Spent next = cost_of_prompt(outlay);
    tell_uncounted(outlay, next);
    const auto reached = reached_by(config, outlay.model, next);
    if (!reached || outlay.purpose.consent->over_budget) return settle(*admission, std::nullopt);
    Error why = refusal(reached->first, outlay.model, reached->second, config.user_file, clock_.wall());
    if (outlay.background || !ask) return settle(*admission, std::move(why));
    put_question(admission, *reached, std::move(why));
}

void Book::settle(Admission& admission, std::optional<Error> refusal) {
    if (const auto answer = std::exchange(admission.answer, nullptr)) answer(std::move(refusal));
}

void Book::put_question(const std::shared_ptr<Admission>& admission, const Reached& reached, Error why) {
    const Question question{.role = admission->outlay.purpose.role, .why = why};
    const auto chosen = [this, weak = std::weak_ptr{admission}, id = reached.first.budget.id(),
                         why](Choice choice) {
        // What was allowed for the day holds, also when the call was given up meanwhile.
        if (choice == Choice::today) allow_today(id);
        const auto one = weak.lock();
        if (!one || !one->answer) return;
        if (choice == Choice::no) return settle(*one, why);
        if (choice == Choice::today) return decide(one);  // another budget may stand against it, too
        one->outlay.purpose.consent->over_budget = true;
        settle(*one, std::nullopt);
    };
    if (!ask(question, chosen)) settle(*admission, std::move(why));
}

/// A limit of money that cannot see a call is said to the user; the limit of tokens still counts it.
void Book::tell_uncounted(const gateway::Outlay& outlay, const store::Spent& next) {
    if (!on_notice) return;
    const config::ModelRef& model = outlay.model;
    for (const config::Budget& budget : outlay.purpose.config->budgets) {
        if (model.provider->local || !budget.amount || !holds_for(budget, *model.provider)) continue;
        if (can_count(budget, next)) continue;
        std::string text = "dragoman: the budget of " + in_money(*budget.amount, budget.currency) +
                           " a day (" + budget.setting + ") does not count " + model.id() + ": ";
        text += next.unpriced > 0 ? "its price is not known. Set price of that model below providers." +
                                        model.provider->name + ".models"
                                  : "its price is in " + next.currency;
        text += ", or limit its tokens with perDayTokens.";
        if (told_.insert(text).second) on_notice(text);
    }
}

// ---- counting

namespace {

struct CountTask final : Book::Task {
    std::shared_ptr<void> waiting;
};

}  // namespace

std::unique_ptr<Book::Task> Book::count(std::function<void()> done) {
    auto waiting = std::make_shared<Waiting>();
    waiting->due = std::move(done);
    auto task = std::make_unique<CountTask>();
    task->waiting = waiting;
    wait(waiting);
    return task;
}

void Book::count() { read(); }

void Book::wait(std::weak_ptr<Waiting> waiting) {
    waiting_.push_back(std::move(waiting));
    read();
    if (patience_) return;
    patience_ = clock_.after(kPatience, [this] {
        trouble_ = "the database does not answer";
        trouble_since_ = clock_.now();
        wake();
    });
}

void Book::read() {
    if (reading_) return;
    if (!trouble_.empty() && waiting_.empty() && clock_.now() - trouble_since_ < kStale) return;
    const LocalDay day = today();
    reading_ = ledger_.spending(
        instant_of(day.begin), instant_of(day.end), day.name,
        [this, day, included = since_.size()](const auto& read) { heard(day, included, read); });
}

void Book::heard(const LocalDay& day, std::size_t included,
                 const store::OrTrouble<store::DaySpending>& read) {
    const auto ended = std::move(reading_);  // it is calling
    if (read) {
        trouble_.clear();
        count_ = Count{.day = day, .spending = *read, .taken = clock_.now()};
        since_.erase(since_.begin(), since_.begin() + static_cast<std::ptrdiff_t>(included));
    } else {
        trouble_ = read.error();
        trouble_since_ = clock_.now();
    }
    wake();
}

/// Whoever is called may wait again, or end others that wait.
void Book::wake() {
    patience_.reset();
    const auto waiting = std::exchange(waiting_, {});
    changed();
    for (const auto& weak : waiting)
        if (const auto one = weak.lock()) one->due();
}

void Book::allow_today(const std::string& budget_id) {
    const LocalDay day = today();
    allowed_.insert({day.name, budget_id});
    ledger_.allow(day.name, budget_id);
    changed();
}

void Book::changed() {
    order_midnight();
    if (on_change) on_change();
}

/// A new day changes how everything stands.
void Book::order_midnight() {
    if (midnight_) return;
    const auto left = std::chrono::ceil<Milliseconds>(today().end - clock_.wall());
    midnight_ = clock_.after(std::max(left, Milliseconds{1}), [this] {
        midnight_.reset();
        read();
    });
}

}  // namespace dragoman::budget
