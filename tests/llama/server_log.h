// What a server writes on stdout and stderr, read as it comes so that the server never waits.
#pragma once

#include "tests/support/child.h"

#include <string>

namespace dragoman::test {

class ServerLog {
public:
    /// `server` must outlive this.
    explicit ServerLog(const Child& server);
    /// Waits for the end of both streams: the server has been killed.
    ~ServerLog();
    ServerLog(const ServerLog&) = delete;
    ServerLog& operator=(const ServerLog&) = delete;

    /// The digits after `words`, as soon as the log has them and what follows; nothing when the log has ended
    /// without or patience has.
    std::optional<std::string> digits_after(const std::string& words) const;
    std::string text() const;

private:
    std::optional<std::string> find_digits(const std::string& words) const;
    void read(int out, int err);

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::string text_;
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace dragoman::test
