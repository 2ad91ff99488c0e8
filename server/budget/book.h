// What was spent today, and who may spend more: the guard of every call that costs money.
//
// The ledger counts for all daemons of the user; the book keeps its last answer in memory, adds what this
// daemon has asked since (also what is under way, and what is not recorded), and reads again in the
// background. A call in the background is judged by that at once, so no keystroke waits for the disk but the
// day's first; whatever the user asks for waits for a fresh count. Spending that cannot be read is a reached
// limit, never none. It never guesses a price or a rate of exchange.
#pragma once

#include "server/budget/standing.h"
#include "server/ledger/ledger.h"
#include "server/support/local_day.h"
#include "server/upstream/gateway/guard.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace dragoman::budget {

enum class Choice { send, today, no };

/// Put to the user before a call that a limit stands against.
struct Question {
    std::string role;  // Purpose::role
    Error why;
};

/// Loop thread.
class Book final : public gateway::Guard {
public:
    /// How old a count may be before it is read again for calls in the background, and for others.
    static constexpr Milliseconds kStale{5'000}, kFresh{1'000};
    /// For how long an answer of the disk is waited for.
    static constexpr Milliseconds kPatience{2'000};
    /// For how long a count still counts while the disk fails.
    static constexpr Milliseconds kTrusted{60'000};

    Book(Clock& clock, ledger::Ledger& ledger);
    ~Book() override;

    /// Every receipt of this daemon, after the ledger got it.
    void add(const gateway::Receipt& receipt);

    std::unique_ptr<Ticket> admit(gateway::Outlay outlay, Answer answer) override;
    std::optional<Error> barred(const config::Effective& config, const config::ModelRef& model) override;

    /// How the budgets of `config` stand, as far as is known; nothing before the day's first count.
    std::vector<Standing> standings(const config::Effective& config) const;
    /// Counts anew. `done` is called once, from the loop, unless the task is dropped; on_change comes before.
    struct Task {
        virtual ~Task() = default;
    };
    [[nodiscard]] std::unique_ptr<Task> count(std::function<void()> done);
    /// The same for whoever listens to on_change.
    void count();
    /// Lifts a budget until midnight, here at once and in all daemons.
    void allow_today(const std::string& budget_id);

    /// Gateway::under_way(); may be empty.
    std::function<std::vector<gateway::Receipt>()> under_way;
    /// Asks the user; false where nobody can be asked, and the call is refused. The function may be called
    /// from inside, later, or never; after `no` a change of mind still lifts the limit for today. May be
    /// empty.
    std::function<bool(const Question&, std::function<void(Choice)>)> ask;
    /// Something may stand otherwise; may be empty.
    std::function<void()> on_change;
    /// What the user should know about a budget, each sentence once; may be empty.
    std::function<void(const std::string&)> on_notice;

private:
    struct Admission;
    struct Waiting;
    using Reached = std::pair<Standing, bool /* crossing */>;

    LocalDay today() const { return local_day(clock_.wall()); }
    bool known() const;
    bool is_older_than(Milliseconds age) const;
    std::string trouble() const;
    std::vector<store::Spent> spent(const LocalDay& day) const;
    Standing standing_of(const config::Budget& budget, const std::vector<store::Spent>& spent,
                         const config::Effective& config, const LocalDay& day) const;
    std::optional<Reached> reached_by(const config::Effective& config, const config::ModelRef& model,
                                      const store::Spent& next) const;
    void look(const std::shared_ptr<Admission>& admission);
    void decide(const std::shared_ptr<Admission>& admission);
    static void settle(Admission& admission, std::optional<Error> refusal);
    void put_question(const std::shared_ptr<Admission>& admission, const Reached& reached, Error why);
    void tell_uncounted(const gateway::Outlay& outlay, const store::Spent& next);
    void wait(std::weak_ptr<Waiting> waiting);
    void read();
    void heard(const LocalDay& day, std::size_t included, const store::OrTrouble<store::DaySpending>& read);
    void wake();
    void changed();
    void order_midnight();

    Clock& clock_;
    ledger::Ledger& ledger_;

    struct Count {
        LocalDay day;
        store::DaySpending spending;
        Clock::Time taken;
    };
    std::optional<Count> count_;
    std::vector<std::pair<Clock::WallTime, store::Spent>> since_;  // asked here since the count was ordered
    std::vector<store::Spent> unrecorded_;                         // of unrecorded_day_
    std::string unrecorded_day_;
    std::set<std::pair<std::string, std::string>> allowed_;  // day, budget: lifted here
    std::string trouble_;                                    // of the last count
    Clock::Time trouble_since_{};
    std::set<std::string> told_;
    std::vector<std::weak_ptr<Waiting>> waiting_;
    ledger::Ledger::Task reading_;
    Timer patience_, midnight_;
};

}  // namespace dragoman::budget
