// What goes on for one document: the request that waits, the generations that run, what was shown.
//
// The rules of the way from a keystroke to its ghost text are here: memory first, then what is under way,
// then a pause, then the gateway; an answer as soon as the shown part is whole; the rest kept while it is of
// use. Private to the room; loop thread.
#pragma once

#include "server/completion/cache.h"
#include "server/completion/generation.h"
#include "server/completion/job.h"
#include "server/completion/pace.h"
#include "server/completion/trail.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dragoman::completion {

/// What all documents share.
struct Shared {
    Clock& clock;
    gateway::Gateway& gateway;
    Sources& sources;
    std::function<void(int)> on_activity;  // +1 when a generation begins, -1 when it ends
    Cache cache{};
    Pace pace{};
    Trail trail{};
    std::set<std::string> unsuitable{};     // models that were told to only reason
    std::map<std::string, int> narrowed{};  // how often a model's prompt was too long
    std::optional<Clock::Time> last_call{};
};

class Desk {
public:
    explicit Desk(Shared& shared) : shared_{shared} {}
    ~Desk();
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    /// There must be no other: supersede() first.
    void start(std::unique_ptr<Job> job);
    /// Ends the request without an answer of its own; gives back the right to answer.
    Engine::Done end_job(TrailEntry::Outcome outcome);
    const Job* job() const { return job_.get(); }

    /// Not for a change of the whole text: what was typed is read from it when the editor asks.
    void document_changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes);
    /// False for another suggestion than the one shown last. The second time does nothing.
    bool accepted(const std::string& id, const std::string& how);
    /// Ends everything; a request that waits gets nothing.
    void closed();
    /// Ends what goes on, with or without a request.
    void rest();

private:
    /// A generation at work, and what it is kept for.
    struct Running {
        std::unique_ptr<Generation> generation;
        std::size_t lines_shown = 0;  // of its text, by early answers
        bool answered = false;
        bool ahead = false;  // begun before anyone asked
        /// Of one ahead: the suggestion that leads to its place.
        Anchor lead_anchor{};
        std::string lead{};
        Timer grace{};  // after its request was cancelled
    };
    /// A suggestion that the editor has.
    struct Shown {
        std::string id;
        std::shared_ptr<const Query> query;
        std::string text;   // behind the cursor of the query
        bool told = false;  // that it was accepted
    };

    // A request's way.
    void begin();
    bool answer_from_cache();
    bool join_running();
    void join(Running& running, Typed typed);
    Milliseconds debounce() const;
    void wait_and_ask(Milliseconds delay);
    void look_and_ask();
    void ask();
    void take_steps(Generation& generation);
    bool see_less();
    void deliver();
    void answer(const Cleaned& cleaned);
    void limit_time(Milliseconds left);
    void run_out_of_time();
    void fail(Error error, std::string notice = {});
    void finish(TrailEntry::Outcome outcome, InlineResult result);
    void show(std::vector<Suggestion> items, const std::string& text);

    // A generation's.
    Running& generate(std::shared_ptr<const Query> query, const std::string& id);
    Running* find(const Generation* generation);
    Running* joined();
    void on_news(const Generation* generation);
    void care_for(const Generation* generation);
    bool of_use(const Running& running) const;
    void stop(const Generation* generation);
    void retire(const Generation* generation);
    void keep_steps(Generation& generation);
    void drop_disagreeing(const std::function<bool(const Running&)>& agrees);
    bool leads_to(const Running& running, const Place& place) const;

    // Ahead of the user.
    void plan_ahead(const Shown& shown);
    void look_ahead();
    void give_up();
    void infer_acceptance(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes);

    Shared& shared_;
    std::unique_ptr<Job> job_;
    const Generation* joined_ = nullptr;  // what job_ waits for
    std::vector<Running> running_;        // newest last
    bool just_accepted_ = false;          // whoever accepts is not typing: no pause before what follows
    std::optional<Shown> shown_, ahead_;  // ahead_: what is to be followed up once nothing runs
};

}  // namespace dragoman::completion
