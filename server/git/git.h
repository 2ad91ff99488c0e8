// The one way git is called: so that a repository whose configuration is hostile runs nothing.
//
// `git diff` and its kin start what .git/config names: fsmonitor, hooks, filters, external diffs, pagers,
// gpg, and for a missing object of a partial clone a transport. Every call here has all of these switched
// off, an environment of its own, a time limit and an output limit. Filters have no switch: those that the
// repository itself brings are listed and overridden by empty ones before the work tree is compared.
// Never writes to a repository, takes no lock in it and talks to no other machine. Loop thread.
#pragma once

#include "protocol/base/result.h"
#include "server/git/diff_text.h"
#include "server/process/runner.h"
#include "server/support/paths.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dragoman::git {

struct DiffOptions {
    /// privacy.exclude; gets absolute paths. A changed file is asked for as git finds it and as it is seen
    /// from the folder, which may lead through a link.
    std::function<bool(const std::filesystem::path&)> excluded{};
    std::size_t most_tokens = 8000;
};

class Git {
public:
    /// Both outlive it and its calls.
    Git(process::Runner& runner, const Environment& environment)
        : runner_{runner}, environment_{environment} {}

    /// A call under way. Destroying it ends the program and drops the callback; allowed inside that.
    struct Running {
        virtual ~Running() = default;
    };
    template <class T>
    using Done = std::function<void(Result<T>)>;

    // `folder` is any folder of a work tree; the whole tree is compared. `done` is called once, never from
    // inside these. Errors are bad_request with a hint (git cannot be started, no repository there, a work
    // tree that is elsewhere, nothing changed) or timeout.

    /// What the next commit would hold. Does not read the work tree.
    [[nodiscard]] std::unique_ptr<Running> staged_diff(std::filesystem::path folder, DiffOptions options,
                                                       Done<DiffText> done);
    /// What is changed and not staged; files that git does not know are not among it.
    [[nodiscard]] std::unique_ptr<Running> working_diff(std::filesystem::path folder, DiffOptions options,
                                                        Done<DiffText> done);
    /// The first lines of the newest `most` commits, newest first, secrets masked; none in a repository
    /// without commits.
    [[nodiscard]] std::unique_ptr<Running> recent_subjects(std::filesystem::path folder, std::size_t most,
                                                           Done<std::vector<std::string>> done);

private:
    process::Runner& runner_;
    const Environment& environment_;
};

}  // namespace dragoman::git
