// What the gateway's thread and the test share: scripts one way, the journal the other. All of it under one
// mutex; the only place of this library where threads meet.
#pragma once

#include "tests/gateway/gateway.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace dragoman::test {

class Board {
public:
    Board(const Dialect& dialect, std::chrono::milliseconds pace) : dialect_{dialect}, pace_{pace} {}

    // The test's side.
    void queue(Script script);
    void add_rule(Gateway::When when, Script script);
    Journal journal() const;
    bool wait_for(const std::function<bool(const Journal&)>& seen, std::chrono::milliseconds limit) const;

    // The gateway's side.
    std::size_t connected();
    void disconnected();
    /// Files the request, and how it is to be answered. HEAD is answered 404 without looking at scripts;
    /// its number stands for nothing in sent() and ended().
    std::pair<std::size_t, Reply> arrived(HttpRequest request);
    static constexpr std::size_t kNoNumber = static_cast<std::size_t>(-1);
    void sent(std::size_t number, std::size_t bytes);
    void ended(std::size_t number, HttpRequest::Fate fate);
    void held(int change);

private:
    Script choose(const HttpRequest& request, bool& own);

    const Dialect& dialect_;
    const std::chrono::milliseconds pace_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    Journal journal_;
    std::deque<Script> queue_;
    std::vector<std::pair<Gateway::When, Script>> rules_;
};

}  // namespace dragoman::test
