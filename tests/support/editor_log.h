// Everything that went over the wire, and the rules that hold for every run. Guarded by one mutex: the
// test's thread and the reader's meet here.
#pragma once

#include "tests/support/patience.h"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace dragoman::test {

class EditorLog {
public:
    using Json = nlohmann::json;

    // The reader's side.
    void received(const Json& message);
    void error_output(std::string_view bytes);
    void violation(std::string what);
    void output_ended();

    // The test's side.
    void sent(const Json& message);
    void note(std::string line);
    /// Calls `look` under the lock after each change until it is true; throws with the transcript when the
    /// limit passes, or at once when the daemon's output has ended without it.
    void wait(const std::function<bool()>& look, const std::string& what);
    std::vector<Json> messages() const;
    std::string errors() const;
    std::vector<std::string> violations() const;
    /// Requests sent that have no response.
    std::vector<std::string> unanswered() const;
    std::string transcript() const;

    // For use inside wait().
    const std::vector<Json>& all() const { return messages_; }
    std::vector<bool>& taken() { return taken_; }
    const std::string& error_text() const { return errors_; }

private:
    std::string transcript_locked() const;
    void check_rules(const Json& message);

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Json> messages_;
    std::vector<bool> taken_;
    std::vector<std::string> lines_, violations_;
    std::string errors_;
    std::map<std::string, int> responses_;         // id as JSON text -> how many
    std::map<std::string, std::string> progress_;  // token as JSON text -> id as JSON text
    bool ended_ = false;
};

}  // namespace dragoman::test
