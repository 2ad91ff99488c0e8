// A real llama-server with the deterministic model of make_gguf.py: the words of the question choose the
// answer (kSay, or what is said for LOOP, THINK and UTF8), whatever the temperature.
#pragma once

#include "tests/llama/server_log.h"

#include <string>
#include <vector>

namespace dragoman::test {

inline constexpr const char* kSay =
    "Hello! I am a very small model with a fixed answer, here to test clients.";

class ModelServer {
public:
    struct Options {
        std::vector<std::string> more{};  // command-line arguments
        std::string key{};                // asked for where not empty
        unsigned short port = 0;          // 0: any free one
    };

    /// Skips the running test where scripts/model-server has not told of a server.
    static void need();

    /// Answers when this returns; throws std::runtime_error with the server's log otherwise. One slot: a
    /// second request waits until the first has ended.
    ModelServer();
    explicit ModelServer(Options options);
    /// Ends the server, as the end of the test program does in any case.
    ~ModelServer();

    std::string base_url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }
    /// The body of `GET path`, or nothing where the status is not 200.
    std::optional<std::string> get(const std::string& path) const;
    /// Tokens generated since the start.
    double tokens_generated() const;
    /// Without a farewell, as the system does when memory is short.
    void kill();

private:
    Child child_;
    ServerLog log_;
    unsigned short port_ = 0;
};

/// A port of 127.0.0.1 that nobody uses just now.
unsigned short free_port();

}  // namespace dragoman::test
