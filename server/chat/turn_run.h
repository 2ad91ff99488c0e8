// One turn while it runs: the call upstream, and what it has brought so far. Private to the room.
#pragma once

#include "server/chat/conversations.h"

#include <functional>
#include <memory>

namespace dragoman::chat {

class TurnRun final : public Engine::Running {
public:
    /// Answers the last turn of `conversation`, which is marked as running already.
    TurnRun(Conversations& conversations, std::shared_ptr<Conversation> conversation,
            std::shared_ptr<const config::Effective> config, Engine::OnEvent on_event, Engine::OnEnd on_end,
            std::function<void(int)> count);
    ~TurnRun() override;

    void start(gateway::Gateway& gateway, gateway::ChatCall call);

private:
    void on_event(const gateway::Event& event);
    void began(const gateway::Began& began);
    void open_tool(const wire::ToolOpen& open);
    void add_arguments(const wire::ToolArguments& piece);
    void completed(const gateway::Completed& done);
    void failed(Error error);
    void end(TurnState state);
    Turn& turn() { return conversation_->turns.back(); }

    Conversations& conversations_;
    const std::shared_ptr<Conversation> conversation_;
    const std::shared_ptr<const config::Effective> config_;
    const Engine::OnEvent on_event_;
    Engine::OnEnd on_end_;
    const std::function<void(int)> count_;
    const std::size_t first_tool_;  // a resumed turn has calls already
    std::unique_ptr<gateway::Call> call_;
};

}  // namespace dragoman::chat
