// A worker that works when the test says so.
#pragma once

#include "server/support/worker.h"

#include <deque>

namespace dragoman::test {

class FakeWorker final : public Worker {
public:
    std::unique_ptr<Task> run(std::function<Rest()> work) override {
        auto job = std::make_shared<Job>();
        job->work = std::move(work);
        waiting_.push_back(job);
        return std::make_unique<Handle>(job);
    }

    void post(std::function<Rest()> work) override {
        waiting_.push_back(std::make_shared<Job>());
        waiting_.back()->work = std::move(work);
    }

    /// Does what has waited for longest.
    void work_one() {
        const auto job = waiting_.front();
        waiting_.pop_front();
        if (job->dropped) return;
        const Rest rest = job->work();
        if (rest && !job->dropped) rest();
    }
    /// Does all that waits, and what that orders anew.
    void work_off() {
        while (!waiting_.empty()) work_one();
    }
    std::size_t waiting() const { return waiting_.size(); }

private:
    struct Job {
        std::function<Rest()> work;
        bool dropped = false;
    };
    struct Handle final : Task {
        explicit Handle(std::shared_ptr<Job> mine) : job{std::move(mine)} {}
        ~Handle() override { job->dropped = true; }
        Handle(const Handle&) = delete;
        Handle& operator=(const Handle&) = delete;
        std::shared_ptr<Job> job;
    };
    std::deque<std::shared_ptr<Job>> waiting_;
};

}  // namespace dragoman::test
