#include "tests/support/child.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace dragoman::test {
namespace {

struct Pipe {
    Pipe() {
        if (::pipe(ends.data()) != 0) throw std::runtime_error{std::string{"pipe: "} + std::strerror(errno)};
        for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    }
    ~Pipe() {
        for (const int end : ends)
            if (end >= 0) ::close(end);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    int take(std::size_t end) { return std::exchange(ends[end], -1); }
    std::array<int, 2> ends{-1, -1};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

}  // namespace

Child::Child(const Start& start) {
    // A test writes to programs that may be gone; the program itself starts with the usual disposition.
    static const auto ignored = std::signal(SIGPIPE, SIG_IGN);
    static_cast<void>(ignored);

    Pipe in, out, err;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.ends[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out.ends[1], 1);
    if (start.stderr_closed) posix_spawn_file_actions_addclose(&actions, 2);
    if (!start.stderr_closed) posix_spawn_file_actions_adddup2(&actions, err.ends[1], 2);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

    std::vector<std::string> arguments{start.binary.string()};
    arguments.insert(arguments.end(), start.arguments.begin(), start.arguments.end());
    std::vector<std::string> environment;
    for (const auto& [name, value] : start.environment) environment.push_back(name + "=" + value);
    const int failure = ::posix_spawn(&pid_, start.binary.c_str(), &actions, &attributes,
                                      pointers(arguments).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failure != 0)
        throw std::runtime_error{"cannot start " + start.binary.string() + ": " + std::strerror(failure)};

    input_ = in.take(1);
    output_ = out.take(0);
    if (!start.stderr_closed) errors_ = err.take(0);
    ::fcntl(input_, F_SETFL, O_NONBLOCK);
    watcher_ = std::thread{[this] { watch(); }};
}

Child::~Child() {
    signal(SIGKILL);
    watcher_.join();
    close_input();
    close_output();
    if (errors_ >= 0) ::close(errors_);
}

void Child::watch() {
    siginfo_t info{};
    // The zombie stays until the status is set under the lock, so signal() never meets a reused pid.
    while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    const std::lock_guard lock{mutex_};
    int status = 0;
    ::waitpid(pid_, &status, 0);
    status_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    ended_.notify_all();
}

void Child::close_input() {
    if (const int end = std::exchange(input_, -1); end >= 0) ::close(end);
}

void Child::close_output() {
    if (const int end = std::exchange(output_, -1); end >= 0) ::close(end);
}

void Child::signal(int number) {
    const std::lock_guard lock{mutex_};
    if (!status_) ::kill(pid_, number);
}

std::optional<int> Child::wait(std::chrono::milliseconds limit) const {
    std::unique_lock lock{mutex_};
    ended_.wait_for(lock, limit, [&] { return status_.has_value(); });
    return status_;
}

}  // namespace dragoman::test
