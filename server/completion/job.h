// One ghost-text request from the keystroke to its answer: wait, ask, clean, answer once.
//
// Private to the room. The engine owns the jobs; a job knows nothing of other documents.
#pragma once

#include "server/completion/context.h"
#include "server/completion/engine.h"

#include <functional>
#include <memory>
#include <string>

namespace dragoman::completion {

class Job {
public:
    /// `on_upstream` is told when the upstream call begins (+1) and ends (-1); `done` is called once, from
    /// the loop, unless the job is destroyed or superseded before.
    Job(Clock& clock, gateway::Gateway& gateway, InlineRequest request, std::string id,
        std::function<void(int)> on_upstream, Engine::Done done);
    ~Job();
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    /// Begins the debounce (none when invoked). The answer never comes from inside.
    void start();
    /// Ends the job without an answer; the caller knows what to tell. The trail entry is complete after it.
    void stop(TrailEntry::Outcome outcome);

    const TrailEntry& trail() const { return trail_; }
    const std::string& uri() const { return request_.document.uri; }
    /// Gives up the right to answer.
    Engine::Done take_done() { return std::move(done_); }

private:
    void note(std::string step, std::string detail);
    std::optional<std::string> closed_gate() const;
    void begin();
    void look();
    void run_out_of_time();
    void ask();
    wire::Sampling sampling() const;
    std::unique_ptr<gateway::Call> ask_chat();
    std::unique_ptr<gateway::Call> ask_fill();
    void on_event(const gateway::Event& event);
    void on_text(const wire::Text& piece);
    void on_completed(const gateway::Completed& done);
    void on_failed(const gateway::Failed& failed);
    void answer_with_text(bool cut_off);
    void fail(Error error);
    void finish(TrailEntry::Outcome outcome, InlineResult result);
    void close_call();

    Clock& clock_;
    gateway::Gateway& gateway_;
    InlineRequest request_;
    std::function<void(int)> on_upstream_;
    Engine::Done done_;

    Window window_;
    bool single_line_ = false;
    std::optional<config::ModelRef> model_;
    std::string route_, text_;
    int routes_tried_ = 0;
    Clock::Time started_, asked_{};
    Timer wait_, limit_;
    std::unique_ptr<gateway::Call> call_;
    bool ended_ = false;
    TrailEntry trail_;
};

}  // namespace dragoman::completion
