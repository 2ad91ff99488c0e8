// One edit while it runs: the call upstream, what it has brought so far, and where the selection is by now.
// Private to the room.
#pragma once

#include "server/edit/engine.h"
#include "server/edit/tracked_range.h"

#include <memory>
#include <string>

namespace dragoman::edit {

class Run final : public Engine::Running {
public:
    Run(Engine& engine, Request request, Engine::OnEvent on_event, Engine::OnEnd on_end);
    ~Run() override;

    void start(std::vector<config::ModelRef> chain);
    const std::string& uri() const { return range_.document().uri; }
    void follow(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes);
    /// Ends as ContentModified; may destroy this.
    void modified(std::string why);

private:
    gateway::Purpose purpose() const;
    void on_event(const gateway::Event& event);
    void add_text(std::string_view piece);
    void show_certain_part();
    void completed(const gateway::Completed& done);
    Result<Outcome, Failure> outcome_of(const gateway::Completed& done);
    Result<Outcome, Failure> rewritten(Outcome outcome);
    Failure failure(ErrorKind kind, std::string message, std::string hint) const;
    void show(const std::string& text);
    void end(Result<Outcome, Failure> result);

    Engine& engine_;
    const Request request_;
    const Selection selection_;
    const Masking masking_;
    TrackedRange range_;
    const Engine::OnEvent on_event_;
    Engine::OnEnd on_end_;
    std::unique_ptr<gateway::Call> call_;
    std::string model_;
    std::string answer_;         // all the model said
    std::size_t looked_at_ = 0;  // bytes of it when the certain part was last computed
    std::string shown_;          // what was told as text
};

}  // namespace dragoman::edit
