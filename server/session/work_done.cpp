#include "server/session/work_done.h"

namespace dragoman::session {

struct WorkDone::State {
    Session& session;
    std::string title;
    Json token{};
    bool begun = false;
    std::string message{};  // reported before it could be shown

    void send(Json value) const { session.progress(token, value); }
};

WorkDone::WorkDone(Session& session, const Json& params, std::string title, std::function<void()> on_cancel)
    : state_{std::make_shared<State>(State{.session = session, .title = std::move(title)})} {
    if (const Json* token = find(params, "workDoneToken"); token && (token->is_string() || as_int(*token))) {
        state_->token = *token;
        session.on_progress_cancel(state_->token, std::move(on_cancel));
        begin(*state_);
        return;
    }
    if (!session.client().capabilities.work_done_progress) return;
    state_->token = session.new_progress_token();
    session.on_progress_cancel(state_->token, std::move(on_cancel));
    session.ask_client("window/workDoneProgress/create", {{"token", state_->token}},
                       [waiting = std::weak_ptr<State>{state_}](const std::optional<Json>& agreed) {
                           const auto state = waiting.lock();  // gone: it ended before the client agreed
                           if (state && agreed) begin(*state);
                       });
}

WorkDone::~WorkDone() {
    if (!state_->token.is_null()) state_->session.on_progress_cancel(state_->token, nullptr);
    if (state_->begun) state_->send({{"kind", "end"}});
}

void WorkDone::begin(State& state) {
    state.begun = true;
    Json value = {{"kind", "begin"}, {"title", state.title}, {"cancellable", true}};
    if (!state.message.empty()) value["message"] = state.message;
    state.send(std::move(value));
}

void WorkDone::report(std::string message) {
    state_->message = std::move(message);
    if (state_->begun)
        state_->send({{"kind", "report"}, {"cancellable", true}, {"message", state_->message}});
}

}  // namespace dragoman::session
