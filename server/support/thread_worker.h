// The daemon's Worker: one thread that starts with the first work.
#pragma once

#include "server/support/worker.h"

#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace dragoman {

/// Destroying it waits for the work that has begun and for what was posted, and drops the rest. `loop`
/// outlives it.
class ThreadWorker final : public Worker {
public:
    explicit ThreadWorker(boost::asio::io_context& loop) : loop_{loop} {}
    ~ThreadWorker() override;
    ThreadWorker(const ThreadWorker&) = delete;
    ThreadWorker& operator=(const ThreadWorker&) = delete;

    [[nodiscard]] std::unique_ptr<Task> run(std::function<Rest()> work) override;
    void post(std::function<Rest()> work) override;

private:
    struct State;  // of one task; shared with whoever dropped it
    void add(std::shared_ptr<State> state);
    void serve();
    /// The next to be done, once there is one; null at the end.
    std::shared_ptr<State> next();

    boost::asio::io_context& loop_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::shared_ptr<State>> waiting_;
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace dragoman
