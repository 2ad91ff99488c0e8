// The daemon as a benchmark holds it: messages over its pipes, and when each had arrived. It remembers
// nothing and checks nothing; the test editor does that.
#pragma once

#include "tests/bench/figures.h"
#include "tests/support/child.h"
#include "tests/support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <string>

namespace dragoman::bench {

using Json = nlohmann::json;

/// What a daemon needs to ask the server at `url` for everything; `ca_file` is empty for plain http.
Json config_for(const std::string& url, const std::string& ca_file = {});

class Daemon {
public:
    /// Starts it with a home of its own; `config` is the user's file, or null. `data`: where its data lies,
    /// if not there.
    explicit Daemon(const Json& config = nullptr, const std::filesystem::path& data = {});

    void send(const Json& message);
    void request(int id, const std::string& method, const Json& params);
    void notify(const std::string& method, const Json& params);

    struct Arrival {
        std::string body;
        Time at{};  // when its last byte had been read
    };
    /// The next message. Throws std::runtime_error after 20 s without one, or at the end of output.
    Arrival receive();
    /// The response to `id`; `seen` gets what comes before it.
    Json response(int id, const std::function<void(const Json&, Time)>& seen = {});

    void initialize();
    /// shutdown, exit, and the end of the process.
    void quit();
    pid_t pid() const { return child_.pid(); }

private:
    test::TempDir home_;
    test::Child child_;
    std::string buffer_;
    Time read_at_{};
};

/// "Rss" and the like of a process, in KiB.
long long memory_of(pid_t pid, const std::string& what);
/// The most that was ever resident of a process, in KiB.
long long peak_memory_of(pid_t pid);

}  // namespace dragoman::bench
