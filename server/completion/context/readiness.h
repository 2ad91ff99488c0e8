// Who waits for what is being looked up, and until when.
//
// Loop thread. A waiting one may do anything when it is called, also drop itself and others.
#pragma once

#include "server/completion/context/sources.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dragoman::completion {

class Readiness {
public:
    explicit Readiness(Clock& clock) : clock_{clock} {}

    /// Begins a look-up for `name`; what it returns ends it. A look-up that began later takes its place.
    std::function<void()> begin(const std::string& name);
    /// Nothing is under way for `name` any more; who waits for it is called.
    void end(const std::string& name);
    /// As Sources::when_ready.
    std::unique_ptr<Sources::Waiting> wait(const std::string& name, Milliseconds at_most,
                                           std::function<void()> then);

private:
    struct Waiter {
        std::function<void()> then;  // empty once called or dropped
        Timer timer;
    };
    struct Handle;
    struct UnderWay {
        std::uint64_t number = 0;
        std::vector<std::weak_ptr<Waiter>> waiting;
    };
    struct State {
        std::map<std::string, UnderWay> under_way;
        std::uint64_t begun = 0;
    };
    static void end(State& state, const std::string& name);
    static void call(const std::shared_ptr<Waiter>& waiter);

    Clock& clock_;
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace dragoman::completion
