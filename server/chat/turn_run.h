// One turn while it runs: the call upstream, and what it has brought so far. Private to the room.
#pragma once

#include "server/chat/asking.h"
#include "server/chat/keeper.h"

#include <functional>
#include <memory>

namespace dragoman::chat {

class TurnRun final : public Engine::Running {
public:
    /// Answers the last turn of `conversation`, which is marked as running already.
    TurnRun(Conversations& conversations, Keeper& keeper, std::shared_ptr<Conversation> conversation,
            std::shared_ptr<const config::Effective> config, gateway::Gateway& gateway, Asking asking,
            Engine::OnEvent on_event, Engine::OnEnd on_end, std::function<void(int)> count);
    ~TurnRun() override;

    void start();

private:
    void ask();
    /// After a refusal: asks again with less, where that may help.
    bool ask_less(const Error& error);
    void on_event(const gateway::Event& event);
    void began(const gateway::Began& began);
    void open_tool(const wire::ToolOpen& open);
    void add_arguments(const wire::ToolArguments& piece);
    void completed(const gateway::Completed& done);
    void failed(Error error);
    /// Settles the turn and has it written; `then` follows unless this is destroyed before.
    void end(TurnState state, std::function<void()> then = {});
    void report(Result<Answer> result);
    Turn& turn() { return conversation_->turns.back(); }

    Conversations& conversations_;
    Keeper& keeper_;
    const std::shared_ptr<Conversation> conversation_;
    const std::shared_ptr<const config::Effective> config_;
    gateway::Gateway& gateway_;
    Asking asking_;
    const Engine::OnEvent on_event_;
    Engine::OnEnd on_end_;
    const std::function<void(int)> count_;
    const std::size_t first_tool_;        // a resumed turn has calls already
    bool begun_ = false, shown_ = false;  // told the user: the beginning, anything of the answer
    std::unique_ptr<gateway::Call> call_;
    const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace dragoman::chat
