#include "server/support/thread_worker.h"

#include "server/support/log.h"

#include <boost/asio/post.hpp>

#include <atomic>
#include <exception>

namespace dragoman {

struct ThreadWorker::State {
    std::function<Rest()> work;  // the worker's
    const bool posted;           // nobody drops it
    std::atomic<bool> dropped = false;

    explicit State(std::function<Rest()> todo, bool stays = false) : work{std::move(todo)}, posted{stays} {}
};

ThreadWorker::~ThreadWorker() {
    {
        const std::lock_guard lock{mutex_};
        ending_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

std::unique_ptr<Worker::Task> ThreadWorker::run(std::function<Rest()> work) {
    struct Handle final : Task {
        explicit Handle(std::shared_ptr<State> shared) : state{std::move(shared)} {}
        ~Handle() override { state->dropped = true; }
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;
        std::shared_ptr<State> state;
    };
    auto state = std::make_shared<State>(std::move(work));
    add(state);
    return std::make_unique<Handle>(std::move(state));
}

void ThreadWorker::post(std::function<Rest()> work) { add(std::make_shared<State>(std::move(work), true)); }

void ThreadWorker::add(std::shared_ptr<State> state) {
    {
        const std::lock_guard lock{mutex_};
        waiting_.push_back(std::move(state));
        if (!thread_.joinable()) thread_ = std::thread{[this] { serve(); }};
    }
    wake_.notify_one();
}

std::shared_ptr<ThreadWorker::State> ThreadWorker::next() {
    std::unique_lock lock{mutex_};
    for (;;) {
        wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return nullptr;
        auto state = std::move(waiting_.front());
        waiting_.pop_front();
        if (!state->dropped && (state->posted || !ending_)) return state;
    }
}

void ThreadWorker::serve() {
    while (const auto state = next()) {
        Rest rest;
        try {
            rest = state->work();
        } catch (const std::exception&) {
            log::error("work off the loop failed");
        }
        state->work = nullptr;
        if (!rest) continue;
        boost::asio::post(loop_, [state, rest = std::move(rest)] {
            if (!state->dropped) rest();
        });
    }
}

}  // namespace dragoman
