// Asks the user once whether what a project's files ask for may be used, and carries the answer out.
//
// A question stands for the record that it shows: the answer is filed for that record, so a file that changes
// meanwhile is not what was approved. Nothing waits for an answer; until there is one, requests that need it
// are refused.
#pragma once

#include "server/config/ask.h"
#include "server/config/config.h"

#include <functional>
#include <set>
#include <string>

namespace dragoman::session {

class Session;

/// Loop thread; lives as long as its session.
class TrustQuestions {
public:
    explicit TrustQuestions(Session& session) : session_{session} {}

    /// Puts the question where there is one, the editor can ask, and it was not asked in this session before.
    void consider(const config::Effective& effective);

    /// Files a decision about `ask`: it holds at once, and is written off the loop. `done` (may be empty)
    /// gets a sentence where the file did not take it, so that it holds for this process alone, else an empty
    /// text.
    void decide(const config::Ask& ask, config::Decision decision,
                std::function<void(const std::string& failure)> done);

private:
    void answered(const config::Ask& ask, const std::string& title);

    Session& session_;
    std::set<std::string> asked_;  // folder and record
};

/// What `ask` would approve, as a question for a person.
std::string question_of(const config::Ask& ask);
/// True where `ask` can be answered from the short question: all of it is there.
bool fits_question(const config::Ask& ask);

/// {folder, workspace, record, decision, asks} for plugins.
Json to_json(const config::Ask& ask);

}  // namespace dragoman::session
