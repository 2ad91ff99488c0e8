#include "server/completion/context/readiness.h"

#include <algorithm>
#include <utility>

namespace dragoman::completion {

struct Readiness::Handle final : Sources::Waiting {
    explicit Handle(std::shared_ptr<Waiter> mine) : waiter{std::move(mine)} {}
    ~Handle() override {
        waiter->then = nullptr;
        waiter->timer.reset();
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    std::shared_ptr<Waiter> waiter;
};

void Readiness::call(const std::shared_ptr<Waiter>& waiter) {
    const auto then = std::exchange(waiter->then, nullptr);
    waiter->timer.reset();
    if (then) then();
}

void Readiness::end(State& state, const std::string& name) {
    const auto ended = state.under_way.extract(name);
    if (!ended) return;
    for (const auto& one : ended.mapped().waiting) {
        if (const auto waiter = one.lock()) call(waiter);
    }
}

void Readiness::end(const std::string& name) { end(*state_, name); }

std::function<void()> Readiness::begin(const std::string& name) {
    const std::uint64_t number = ++state_->begun;
    state_->under_way[name].number = number;
    return [weak = std::weak_ptr{state_}, name, number] {
        const auto state = weak.lock();
        if (!state) return;
        const auto found = state->under_way.find(name);
        if (found == state->under_way.end() || found->second.number != number) return;
        end(*state, name);
    };
}

std::unique_ptr<Sources::Waiting> Readiness::wait(const std::string& name, Milliseconds at_most,
                                                  std::function<void()> then) {
    auto waiter = std::make_shared<Waiter>();
    waiter->then = std::move(then);
    const auto found = state_->under_way.find(name);
    const bool idle = found == state_->under_way.end();
    if (!idle) {
        auto& waiting = found->second.waiting;
        waiting.erase(
            std::remove_if(waiting.begin(), waiting.end(), [](const auto& one) { return one.expired(); }),
            waiting.end());
        waiting.push_back(waiter);
    }
    waiter->timer = clock_.after(idle ? Milliseconds{0} : at_most, [weak = std::weak_ptr{waiter}] {
        if (const auto due = weak.lock()) call(due);
    });
    return std::make_unique<Handle>(std::move(waiter));
}

}  // namespace dragoman::completion
