#include "server/support/loop_clock.h"

#include <boost/asio/steady_timer.hpp>

namespace dragoman {
namespace {

// The handler shares ownership of the state, so that it can look whether the order still stands
// when it runs after cancel() came too late to remove it from the queue.
struct SteadyOrder final : Timer::Order {
    struct State {
        State(boost::asio::io_context& context, Milliseconds delay) : timer{context, delay} {}
        boost::asio::steady_timer timer;
        std::function<void()> due;
    };

    explicit SteadyOrder(std::shared_ptr<State> shared) : state{std::move(shared)} {}
    ~SteadyOrder() override {
        state->due = nullptr;
        state->timer.cancel();
    }

    std::shared_ptr<State> state;
};

}  // namespace

Timer LoopClock::after(Milliseconds delay, std::function<void()> due) {
    auto order = std::make_unique<SteadyOrder>(std::make_shared<SteadyOrder::State>(context_, delay));
    order->state->due = std::move(due);
    order->state->timer.async_wait([state = order->state](const boost::system::error_code&) {
        if (auto run = std::move(state->due)) {
            state->due = nullptr;
            run();
        }
    });
    return Timer{std::move(order)};
}

}  // namespace dragoman
