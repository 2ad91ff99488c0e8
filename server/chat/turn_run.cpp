#include "server/chat/turn_run.h"

#include "protocol/base/overloaded.h"

#include <algorithm>
#include <utility>

namespace dragoman::chat {

TurnRun::TurnRun(Conversations& conversations, Keeper& keeper, std::shared_ptr<Conversation> conversation,
                 std::shared_ptr<const config::Effective> config, gateway::Gateway& gateway, Asking asking,
                 Engine::OnEvent on_event, Engine::OnEnd on_end, std::function<void(int)> count)
    : conversations_{conversations},
      keeper_{keeper},
      conversation_{std::move(conversation)},
      config_{std::move(config)},
      gateway_{gateway},
      asking_{std::move(asking)},
      on_event_{std::move(on_event)},
      on_end_{std::move(on_end)},
      count_{std::move(count)},
      first_tool_{turn().tool_calls.size()} {}

TurnRun::~TurnRun() {
    if (call_) end(TurnState::cancelled);
}

void TurnRun::start() {
    ask();
    count_(+1);
}

void TurnRun::ask() {
    call_ = gateway_.chat(asking_.fitted(conversation_->turns),
                          [this](const gateway::Event& event) { on_event(event); });
}

bool TurnRun::ask_less(const Error& error) {
    if (shown_ || error.kind != ErrorKind::context_too_long) return false;
    if (!asking_.narrow(error, conversation_->turns)) return false;
    ask();
    on_event_(Shortened{.attempt = 2, .reason = error.message, .left_out = asking_.left_out()});
    return true;
}

void TurnRun::on_event(const gateway::Event& event) {
    const bool bookkeeping =
        std::holds_alternative<gateway::Began>(event) || std::holds_alternative<gateway::Retry>(event) ||
        std::holds_alternative<gateway::Completed>(event) || std::holds_alternative<gateway::Failed>(event);
    shown_ = shown_ || !bookkeeping;
    std::visit(
        Overloaded{
            [this](const gateway::Began& one) { began(one); },
            [this](const gateway::Retry& retry) { on_event_(retry); },
            [this](const wire::Text& piece) {
                turn().text += piece.text;
                on_event_(piece);
            },
            [this](const wire::Reasoning& piece) {
                turn().reasoning += piece.text;
                on_event_(piece);
            },
            [this](const wire::EncryptedReasoning& blob) { turn().reasoning_items.push_back(blob.item); },
            [this](const wire::ToolOpen& open) { open_tool(open); },
            [this](const wire::ToolArguments& piece) { add_arguments(piece); },
            [this](const wire::ToolEnd& one) { on_event_(one); },
            [this](const gateway::Completed& done) { completed(done); },
            [this](const gateway::Failed& broken) { failed(broken.error); },
        },
        event);
}

void TurnRun::began(const gateway::Began& one) {
    turn().model = one.model;
    if (one.fallback) {
        on_event_(one);
    } else if (!std::exchange(begun_, true)) {
        on_event_(Began{conversation_->id, turn().id, one.model, asking_.left_out(), asking_.masked()});
    }
}

void TurnRun::open_tool(const wire::ToolOpen& open) {
    auto& calls = turn().tool_calls;
    const std::size_t at = first_tool_ + static_cast<std::size_t>(open.slot);
    calls.resize(std::max(calls.size(), at + 1));
    calls[at] = {open.id, open.name, {}};
    on_event_(open);
}

void TurnRun::add_arguments(const wire::ToolArguments& piece) {
    auto& calls = turn().tool_calls;
    const std::size_t at = first_tool_ + static_cast<std::size_t>(piece.slot);
    if (at < calls.size()) calls[at].arguments += piece.text;
    on_event_(piece);
}

void TurnRun::completed(const gateway::Completed& done) {
    Turn& one = turn();
    one.finish = done.finish;
    one.usage = done.usage;
    one.model = done.model;
    if (done.usage) asking_.counted(done.model, *done.usage);
    Answer answer{.conversation = conversation_->id,
                  .turn = one,
                  .cost = gateway::cost_of(*config_, one.model, one.usage),
                  .left_out = asking_.left_out(),
                  .masked = asking_.masked()};
    answer.turn.state = TurnState::complete;
    end(TurnState::complete, [this, answer = std::move(answer)]() mutable { report(std::move(answer)); });
}

void TurnRun::failed(Error error) {
    if (ask_less(error)) return;
    asking_.blame_image(error, conversation_->turns);
    turn().error = error;
    turn().error->partial_text.clear();  // it is the turn's text
    error.partial_text = turn().text;
    end(TurnState::failed, [this, error = std::move(error)]() mutable { report(std::move(error)); });
}

void TurnRun::end(TurnState state, std::function<void()> then) {
    turn().state = state;
    ++turn().revision;
    conversations_.touch(*conversation_);
    call_.reset();
    count_(-1);
    keeper_.save(conversation_, [then = std::move(then), alive = std::weak_ptr<bool>{alive_}] {
        if (then && !alive.expired()) then();  // may destroy this
    });
}

void TurnRun::report(Result<Answer> result) {
    const auto on_end = std::move(on_end_);
    on_end(std::move(result));  // may destroy this
}

}  // namespace dragoman::chat
