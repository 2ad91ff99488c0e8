// Long work off the loop: a value goes in, a value comes back.
//
// For what may stall (reading many files, a large index) and touches nothing that the loop owns.
#pragma once

#include <functional>
#include <memory>

namespace dragoman {

class Worker {
public:
    /// What is left to do on the loop once the work is done; may be empty.
    using Rest = std::function<void()>;
    /// Dropping a task keeps its rest from being called; work that has begun ends unheard. Loop thread.
    struct Task {
        virtual ~Task() = default;
    };

    virtual ~Worker() = default;
    /// Runs `work` on the worker's thread, in order of arrival, then its rest on the loop; never from inside.
    /// `work` may use only what was copied into it and what is safe on any thread (DiskFiles is). Work that
    /// throws has no rest. Loop thread.
    [[nodiscard]] virtual std::unique_ptr<Task> run(std::function<Rest()> work) = 0;
    /// The same for work that has to be done whatever becomes of the one who ordered it: nobody can drop it,
    /// and the worker's end waits for it (its rest is then not called).
    virtual void post(std::function<Rest()> work) = 0;
};

}  // namespace dragoman
