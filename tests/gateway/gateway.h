// A scripted OpenAI-compatible server on 127.0.0.1, for a test to use beside a daemon it has started.
//
//     Gateway gateway{"opencodex"};
//     gateway.answer(Script{}.text("Hel").hold().text("lo").finish());
//     ...the daemon asks...
//     gateway.wait_held();
//     gateway.release();
//
// It runs in a thread of its own; every public function may be called from any thread. What it saw can be
// waited for, with a limit. It reads each connection all the time, also while it answers, so a client that
// goes away is noticed at once. It speaks HTTP/1.1 with keep-alive, and no TLS.
#pragma once

#include "tests/gateway/script.h"
#include "tests/support/patience.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dragoman::test {

/// What the gateway has seen so far.
struct Journal {
    std::vector<HttpRequest> requests;  // all but HEAD
    std::vector<HttpRequest> heads;     // HEAD, by which clients warm a connection; numbered by themselves
    std::size_t connections = 0;        // accepted
    std::size_t open = 0;               // of those, not closed yet
    std::size_t held = 0;               // answers that wait for release()
};

struct GatewayOptions {
    std::string dialect = "opencodex";
    unsigned short port = 0;            // 0: any free one
    std::chrono::milliseconds pace{0};  // a pause after each piece of the gateway's own answers
};

class Gateway {
public:
    /// Listens when this returns. Throws boost::system::system_error where the port is taken, and
    /// std::invalid_argument for an unknown dialect.
    explicit Gateway(GatewayOptions options = {});
    explicit Gateway(std::string dialect) : Gateway{GatewayOptions{.dialect = std::move(dialect)}} {}
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    unsigned short port() const;
    std::string origin() const;    // "http://127.0.0.1:PORT"
    std::string base_url() const;  // with the dialect's prefix
    std::string key() const;       // one that is accepted; empty where none is asked for
    const Dialect& dialect() const;

    /// The answer to the next POST that no answer_when() takes; several queue up.
    void answer(Script script);
    /// The answer to each request for which `when` is true; the newest one asked first. `when` runs in the
    /// gateway's thread.
    using When = std::function<bool(const HttpRequest&)>;
    void answer_when(When when, Script script);
    /// True for requests of that method whose path ends so.
    static When to(std::string method, std::string path_end);

    /// Lets `times` holds of that label go on, now or when they are reached.
    void release(const std::string& label = {}, std::size_t times = 1);
    /// Closes every connection that has no request under way, as servers do after a while.
    void drop_idle();

    Journal journal() const;
    /// True as soon as `seen` is; false after `limit`.
    bool wait_for(const std::function<bool(const Journal&)>& seen,
                  std::chrono::milliseconds limit = kPatience) const;

    // These wait and throw std::runtime_error, with what was seen instead, when it does not come.
    /// Request `number` as it arrived.
    HttpRequest request(std::size_t number) const;
    /// Request `number` when its answer has ended, in whatever way.
    HttpRequest ended(std::size_t number) const;
    void wait_held(std::size_t count = 1) const;

    class Impl;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace dragoman::test
