// Hostile repositories, opened by the real daemon: everything an editor does is done in each of them, while
// what the daemon asks of the kernel is counted.
#pragma once

#include "tests/hostile/calls.h"
#include "tests/hostile/repositories.h"

#include <map>
#include <string>
#include <vector>

namespace dragoman::test {

class Opening {
public:
    /// The ground with the repositories on it, and a daemon that has all of them as workspace folders.
    explicit Opening(std::vector<HostileRepository> repositories);

    /// Documents, completions, questions, edits, commit messages and settings, in each; then the daemon's
    /// end. The repositories that are approved are approved first.
    void use_all();

    // After use_all(); each looks at one kind of thing and checks it.
    void check_verdicts() const;
    void check_servers() const;
    void check_texts() const;  // what the editor was told
    void check_calls() const;  // executed, connected, opened; nothing where the system does not let count

    const Ground& ground() const { return ground_; }

private:
    struct Visit {
        int completion = 0, question = 0, edit = 0, commit = 0, settings = 0;
    };
    std::filesystem::path folder(std::size_t number) const;
    std::filesystem::path opened(std::size_t number) const;
    std::string marker(std::size_t number) const { return "question-" + std::to_string(number) + "-"; }
    void visit(std::size_t number);
    void leave(std::size_t number);
    std::string verdict_on(std::size_t number) const;
    void check_execs(const Calls& calls) const;
    void check_connects(const Calls& calls) const;
    void check_opened(const Calls& calls) const;

    Ground ground_;
    std::vector<HostileRepository> repositories_;
    std::unique_ptr<TestEditor> editor_;
    std::map<std::size_t, Visit> visits_;
    std::map<std::size_t, Json> answers_;  // to the question in each
};

}  // namespace dragoman::test
