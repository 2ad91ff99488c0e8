// The life of a child. It is over when the child was reaped and both its pipes ended; a grandchild that
// keeps a pipe open gets one second. Until it is reaped its pid cannot be taken by another process, so
// its group can be signalled safely; afterwards it never is.
#include "server/process/boost_runner.h"

#include "server/process/launch.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <csignal>
#include <cstring>
#include <sys/wait.h>

namespace dragoman::process {
namespace {

using boost::asio::posix::stream_descriptor;

constexpr Milliseconds kKillAfter{2'000};       // from SIGTERM to SIGKILL
constexpr Milliseconds kPipesAfterExit{1'000};  // for what a grandchild may still say

/// The handlers of its pending reads and of its exit own it.
class Child : public std::enable_shared_from_this<Child> {
public:
    Child(boost::asio::io_context& context, Clock& clock, Launched launched, std::size_t limit)
        : clock_{clock},
          pid_{launched.pid},
          limit_{limit},
          exit_{context, launched.exit.release()},
          output_{context, launched.output.release()},
          errors_{context, launched.errors.release()} {}

    /// Reached unreaped only when the loop itself is taken down; the process ends then, and its end reaps.
    ~Child() {
        if (!reaped_) ::kill(-pid_, SIGKILL);
        for (auto* pipe : {&output_, &errors_}) ::explicit_bzero(pipe->buffer.data(), pipe->buffer.size());
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void begin(Milliseconds timeout, std::function<void(Outcome)> done) {
        done_ = std::move(done);
        timer_ = clock_.after(timeout, [this] { time_out(); });
        read(output_, &Outcome::output);
        read(errors_, &Outcome::errors);
        await_exit();
    }

    /// Drops the callback and ends the child. What it still writes is not waited for.
    void abandon() {
        done_ = nullptr;
        close_pipes();
        stop();
    }

private:
    struct Pipe {
        Pipe(boost::asio::io_context& context, int fd) : stream{context, fd} {}
        stream_descriptor stream;
        std::array<char, 16'384> buffer{};
        bool open = true;
    };

    void read(Pipe& pipe, std::string Outcome::*text) {
        pipe.stream.async_read_some(
            boost::asio::buffer(pipe.buffer), [this, self = shared_from_this(), &pipe, text](
                                                  const boost::system::error_code& error, std::size_t got) {
                if (!pipe.open) return;
                if (error) {
                    pipe.open = false;
                    finish_if_over();
                    return;
                }
                auto& kept = outcome_.*text;
                kept.append(pipe.buffer.data(), std::min(got, limit_ - std::min(limit_, kept.size())));
                read(pipe, text);
            });
    }

    void await_exit() {
        exit_.async_wait(stream_descriptor::wait_read,
                         [self = shared_from_this()](const boost::system::error_code&) { self->reap(); });
    }

    void reap() {
        // Whoever of a group that is being ended is left has lost its leader. The leader is still a
        // zombie, so the group's number is its own.
        if (stopping_) ::kill(-pid_, SIGKILL);
        int status = W_EXITCODE(255, 0);  // stands when somebody else has reaped it
        const pid_t got = ::waitpid(pid_, &status, WNOHANG);
        if (got == 0 || (got < 0 && errno == EINTR)) return await_exit();
        reaped_ = true;
        outcome_.end = WIFSIGNALED(status) ? Outcome::End::signalled : Outcome::End::exited;
        outcome_.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
        timer_ = stopping_ ? Timer{} : clock_.after(kPipesAfterExit, [this] { finish(); });
        finish_if_over();
    }

    void time_out() {
        const auto self = shared_from_this();
        outcome_.end = Outcome::End::timed_out;
        stop();
        finish();
    }

    void stop() {
        if (reaped_ || stopping_) return;
        stopping_ = true;
        ::kill(-pid_, SIGTERM);
        timer_ = clock_.after(kKillAfter, [this] { ::kill(-pid_, SIGKILL); });
    }

    void finish_if_over() {
        if (reaped_ && !output_.open && !errors_.open) finish();
    }

    void finish() {
        const auto self = shared_from_this();
        close_pipes();
        if (!stopping_) timer_.reset();
        if (auto done = std::exchange(done_, nullptr)) done(std::move(outcome_));
    }

    void close_pipes() {
        for (auto* pipe : {&output_, &errors_}) {
            boost::system::error_code ignored;
            pipe->open = false;
            pipe->stream.close(ignored);
        }
    }

    Clock& clock_;
    const pid_t pid_;
    const std::size_t limit_;
    stream_descriptor exit_;
    Pipe output_, errors_;
    std::function<void(Outcome)> done_;
    Outcome outcome_;
    Timer timer_;  // the limit, then SIGKILL's; or after a plain exit the pipes'
    bool stopping_ = false;
    bool reaped_ = false;
};

struct RunningChild final : Running {
    explicit RunningChild(std::shared_ptr<Child> running) : child{std::move(running)} {}
    ~RunningChild() override { child->abandon(); }
    std::shared_ptr<Child> child;
};

struct NotStarted final : Running {
    Timer timer;
};

std::unique_ptr<Running> not_started(Clock& clock, std::function<void(Outcome)> done, std::string why) {
    auto none = std::make_unique<NotStarted>();
    none->timer = clock.after(Milliseconds{0}, [done = std::move(done), why = std::move(why)] {
        Outcome outcome;
        outcome.message = why;
        done(std::move(outcome));
    });
    return none;
}

}  // namespace

// A parent that ignores SIGCHLD hands that down, and the kernel would reap the children unseen.
BoostRunner::BoostRunner(boost::asio::io_context& context, Clock& clock) : context_{context}, clock_{clock} {
    ::signal(SIGCHLD, SIG_DFL);
}

std::unique_ptr<Running> BoostRunner::run(Command command, std::function<void(Outcome)> done) {
    auto launched = launch(context_, command);
    if (!launched) return not_started(clock_, std::move(done), std::move(launched.error()));
    const pid_t pid = launched->pid;
    std::shared_ptr<Child> child;
    try {
        child = std::make_shared<Child>(context_, clock_, std::move(launched.value()), command.output_limit);
    } catch (const boost::system::system_error& failure) {  // the reactor takes no more descriptors
        kill_and_reap(pid);
        return not_started(clock_, std::move(done),
                           command.argv[0] + " cannot be watched: " + failure.code().message());
    }
    child->begin(command.timeout, std::move(done));
    return std::make_unique<RunningChild>(std::move(child));
}

}  // namespace dragoman::process
