// The real binary run as a command in a terminal's place: arguments and stdin in, two streams and an exit
// code out.
//
//     Command command{{.arguments = {"chat", "Why?"}, .config = config}};
//     command.close_input();
//     CHECK(command.exit_code() == 0);
//     CHECK(command.out() == "Because.\n");
//
// It runs in an environment of its own (fresh_environment.h). Both streams are read as they come, so a
// program that writes much never waits for the test.
#pragma once

#include "tests/support/child.h"
#include "tests/support/patience.h"
#include "tests/support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dragoman::test {

struct CommandOptions {
    std::vector<std::string> arguments{};
    nlohmann::json config = nullptr;                   // the user's file; null: none
    std::map<std::string, std::string> environment{};  // over the fresh one
    std::shared_ptr<TempDir> home{};                   // null: a new one
};

class Command {
public:
    explicit Command(CommandOptions options);
    /// Kills it if it still runs.
    ~Command();

    /// Writes all of it; throws where the program does not take it within the patience.
    void write(std::string_view text);
    void close_input() { child_->close_input(); }
    /// Nobody reads its stdout any more.
    void close_output();
    void signal(int number) { child_->signal(number); }

    /// True as soon as stdout is as wanted; false when that does not come.
    bool wait_for_out(const std::function<bool(const std::string&)>& wanted) const;
    /// Waits for its end. Minus the signal that ended it; throws when it goes on.
    int exit_code() const;
    /// What it wrote, after its end.
    std::string out() const;
    std::string err() const;
    /// stdout as one JSON document; throws where it is not.
    nlohmann::json json() const { return nlohmann::json::parse(out()); }

    const TempDir& home() const { return *home_; }

private:
    enum class Until { ended, stopped };  // stopped: also by close_output()
    void read(int descriptor, std::string& into, Until until);

    std::shared_ptr<TempDir> home_;
    std::unique_ptr<Child> child_;
    int stop_[2] = {-1, -1};  // closing the write end ends the reading of stdout
    mutable std::mutex mutex_;
    mutable std::condition_variable read_;
    std::string out_, err_;
    mutable std::thread out_reader_, err_reader_;
};

}  // namespace dragoman::test
