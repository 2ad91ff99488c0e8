// From a Command to a process that runs: the one moment that needs Boost.Process.
#pragma once

#include "protocol/base/result.h"
#include "server/process/runner.h"

#include <boost/asio/io_context.hpp>

#include <string>
#include <sys/types.h>

namespace dragoman::process {

/// A descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_{fd} {}
    Descriptor(Descriptor&& other) noexcept : fd_{other.release()} {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    int get() const { return fd_; }
    int release();

private:
    int fd_;
};

/// A child just started, leader of its own process group. Whoever holds this must reap it.
struct Launched {
    pid_t pid = -1;
    Descriptor exit{};    // pidfd: readable once the child has ended
    Descriptor output{};  // read ends of the child's stdout and stderr
    Descriptor errors{};
};

/// Starts the child with stdin empty, nothing inherited but descriptors 0 to 2, default signal
/// dispositions, no core dumps, and an end when the daemon's loop thread ends. The error is a sentence
/// for a person; no process is left behind then. Loop thread.
Result<Launched, std::string> launch(boost::asio::io_context& context, const Command& command);

/// Ends a child's process group that nobody will watch, at once.
void kill_and_reap(pid_t pid);

}  // namespace dragoman::process
