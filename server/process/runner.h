// Children: run a program, read what it says, end it. The only room that includes Boost.Process.
#pragma once

#include "server/support/clock.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dragoman::process {

struct Command {
    std::vector<std::string> argv{};                 // argv[0] is found on PATH; no shell
    std::map<std::string, std::string> environment;  // the whole of it
    std::filesystem::path directory;                 // empty: the home folder, or "/"
    std::size_t output_limit = 64U << 10U;           // per stream; the rest is read and dropped
    Milliseconds timeout{30'000};
};

struct Outcome {
    enum class End { exited, signalled, timed_out, not_started } end = End::not_started;
    int code = 0;         // exit status or signal
    std::string output;   // stdout
    std::string errors;   // stderr
    std::string message;  // why it did not start, for a person
};

/// A child that runs. Destroying it ends the child's process group (SIGTERM, after 2 s SIGKILL) and
/// drops the callback.
struct Running {
    virtual ~Running() = default;
};

class Runner {
public:
    virtual ~Runner() = default;
    /// Starts `command` with stdin empty; `done` is called once, on the loop, never from inside run().
    [[nodiscard]] virtual std::unique_ptr<Running> run(Command command,
                                                       std::function<void(Outcome)> done) = 0;
};

}  // namespace dragoman::process
