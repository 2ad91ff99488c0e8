// Progress of a command as LSP shows it: begin, report, end, and a button that cancels.
//
// With the request's own workDoneToken, or one that the client agreed to. Until it has agreed nothing is sent
// under the token, and nothing ever where it refuses or cannot.
#pragma once

#include "server/session/session.h"

#include <functional>
#include <memory>
#include <string>

namespace dragoman::session {

class WorkDone {
public:
    /// `params` of the request; `on_cancel` is called when the user cancels, on the loop, and may destroy
    /// this.
    WorkDone(Session& session, const Json& params, std::string title, std::function<void()> on_cancel);
    /// Sends the end.
    ~WorkDone();
    WorkDone(const WorkDone&) = delete;
    WorkDone& operator=(const WorkDone&) = delete;

    void report(std::string message);

private:
    struct State;
    static void begin(State& state);
    std::shared_ptr<State> state_;
};

}  // namespace dragoman::session
