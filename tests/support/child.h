// A program started with pipes on its three standard streams, for tests: its end is known as it happens.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace dragoman::test {

class Child {
public:
    struct Start {
        std::filesystem::path binary;
        std::vector<std::string> arguments{};
        std::map<std::string, std::string> environment{};
        bool stderr_closed = false;
    };
    /// Throws std::runtime_error where the program cannot be started.
    explicit Child(const Start& start);
    /// Kills it if it still runs, and waits for its end.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    int input() const { return input_; }    // written to, non-blocking
    int output() const { return output_; }  // read from
    int errors() const { return errors_; }  // read from; -1 with stderr_closed
    pid_t pid() const { return pid_; }

    void close_input();
    void close_output();
    void signal(int number);

    /// The exit code, or minus the signal that ended it; nothing while it runs after `limit`.
    std::optional<int> wait(std::chrono::milliseconds limit) const;

private:
    void watch();

    pid_t pid_ = -1;
    int input_ = -1, output_ = -1, errors_ = -1;
    mutable std::mutex mutex_;
    mutable std::condition_variable ended_;
    std::optional<int> status_;
    std::thread watcher_;
};

}  // namespace dragoman::test
