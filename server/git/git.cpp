#include "server/git/git.h"

#include "protocol/base/utf.h"
#include "server/privacy/secret_text.h"

#include <optional>
#include <set>
#include <utility>

namespace dragoman::git {
namespace {

namespace fs = std::filesystem;
using process::Outcome;
using End = Outcome::End;

constexpr Milliseconds kTimeLimit{10'000};
constexpr std::size_t kMostOutput = 2U << 20U;

/// Settings as GIT_CONFIG_KEY_n and GIT_CONFIG_VALUE_n: unlike with -c, a name may hold a '='.
using Settings = std::vector<std::pair<std::string, std::string>>;

/// Where the repository that holds `folder` begins, as far as its names tell; `folder` itself where none
/// does.
fs::path begin_of(const fs::path& folder) {
    std::error_code gone;
    const fs::path real = fs::weakly_canonical(folder, gone);
    for (fs::path at = real; at.has_relative_path(); at = at.parent_path()) {
        if (fs::exists(at / ".git", gone)) return at;
    }
    return real;
}

/// `path` without what a repository could have filled: relative folders, and those within it.
std::string path_outside(std::string_view path, const fs::path& repository) {
    const fs::path begin = begin_of(repository);
    std::string out;
    while (!path.empty()) {
        const auto end = std::min(path.find(':'), path.size());
        const fs::path folder{path.substr(0, end)};
        path.remove_prefix(std::min(end + 1, path.size()));
        if (!folder.is_absolute()) continue;
        std::error_code gone;
        const fs::path relative = fs::weakly_canonical(folder, gone).lexically_relative(begin);
        const bool inside = !relative.empty() && *relative.begin() != "..";
        if (!inside) out += (out.empty() ? "" : ":") + folder.string();
    }
    return out;
}

/// The environment reaches the programs that git itself starts for submodules, too.
std::map<std::string, std::string> environment_of(const Environment& from, const Settings& settings,
                                                  const fs::path& repository) {
    std::map<std::string, std::string> out{{"GIT_NO_LAZY_FETCH", "1"},
                                           {"GIT_ALLOW_PROTOCOL", "none"},
                                           {"GIT_TERMINAL_PROMPT", "0"},
                                           {"GIT_OPTIONAL_LOCKS", "0"}};
    for (const char* name : {"PATH", "HOME", "LANG"}) {
        if (auto value = from(name)) out[name] = std::move(*value);
    }
    if (const auto path = out.find("PATH"); path != out.end())
        path->second = path_outside(path->second, repository);
    out["GIT_CONFIG_COUNT"] = std::to_string(settings.size());
    for (std::size_t i = 0; i < settings.size(); ++i) {
        out["GIT_CONFIG_KEY_" + std::to_string(i)] = settings[i].first;
        out["GIT_CONFIG_VALUE_" + std::to_string(i)] = settings[i].second;
    }
    return out;
}

std::vector<std::string> safe_argv(std::vector<std::string> arguments) {
    std::vector<std::string> argv{"git", "--no-pager"};
    for (const char* setting :
         {"core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "log.showSignature=false",
          "core.sshCommand=false", "safe.bareRepository=explicit", "core.quotePath=false",
          "diff.autoRefreshIndex=false"}) {
        argv.insert(argv.end(), {"-c", setting});
    }
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return argv;
}

/// What of the user's and the repository's taste would change the form is set here. A submodule counts by
/// its commit: looking into its work tree would be a second repository with filters of its own.
std::vector<std::string> diff_arguments(bool staged) {
    std::vector<std::string> arguments{"diff",
                                       "--no-ext-diff",
                                       "--no-textconv",
                                       "--no-color",
                                       "--no-relative",
                                       "--ignore-submodules=dirty",
                                       "--submodule=short",
                                       "--find-renames",
                                       "--unified=3",
                                       "--src-prefix=a/",
                                       "--dst-prefix=b/"};
    if (staged) arguments.emplace_back("--cached");
    arguments.emplace_back("--");
    return arguments;
}

/// The keys that empty each filter named by a key of the repository's own files. `listed` is what
/// `git config --show-scope --name-only -z --get-regexp` says: scope NUL key NUL, and so on.
Settings without_filters(std::string_view listed) {
    std::set<std::string> drivers;
    const auto next = [&] {
        const auto end = std::min(listed.find('\0'), listed.size());
        const std::string_view field = listed.substr(0, end);
        listed.remove_prefix(std::min(end + 1, listed.size()));
        return field;
    };
    while (!listed.empty()) {
        const std::string_view scope = next(), key = next();
        const auto dot = key.rfind('.');
        const bool users = scope == "system" || scope == "global";
        if (!users && dot != std::string_view::npos) drivers.emplace(key.substr(0, dot));
    }
    Settings out;
    for (const std::string& driver : drivers) {
        for (const char* program : {".clean", ".smudge", ".process"}) out.emplace_back(driver + program, "");
        out.emplace_back(driver + ".required", "false");
    }
    return out;
}

Error trouble(std::string message, std::string hint) {
    Error error;
    error.kind = ErrorKind::bad_request;
    error.message = std::move(message);
    error.hint = std::move(hint);
    return error;
}

/// Nothing where the program ended well.
std::optional<Error> failure_of(const Outcome& outcome, const fs::path& folder) {
    if (outcome.end == End::exited && outcome.code == 0) return std::nullopt;
    if (outcome.end == End::not_started) {
        return trouble("git cannot be started: " + one_line(outcome.message),
                       "install git, put it on the PATH that dragoman is started with, and name a folder "
                       "that exists");
    }
    if (outcome.end == End::timed_out) {
        Error error = trouble("git took longer than 10 seconds in " + one_line(folder.string()),
                              "see how long `git diff` takes there, and try again");
        error.kind = ErrorKind::timeout;
        error.retryable = true;
        return error;
    }
    if (outcome.end == End::signalled) {
        return trouble("git was ended by signal " + std::to_string(outcome.code),
                       "try `git status` in that folder");
    }
    const std::string words = one_line(outcome.errors);
    return trouble("git refused " + one_line(folder.string()) + (words.empty() ? "" : ": " + words),
                   "try `git status` in that folder");
}

/// One program after the other; what runs is ended with it.
class Steps : public Git::Running {
public:
    Steps(process::Runner& runner, const Environment& environment, fs::path folder)
        : folder_(std::move(folder)), runner_{runner}, environment_{environment} {}

protected:
    void run(std::vector<std::string> arguments, std::function<void(Outcome)> then, Settings settings = {}) {
        process::Command command;
        command.argv = safe_argv(std::move(arguments));
        command.environment = environment_of(environment_, settings, folder_);
        command.directory = folder_;
        command.output_limit = kMostOutput;
        command.timeout = kTimeLimit;
        program_ = runner_.run(std::move(command), std::move(then));
    }

    fs::path folder_;

private:
    process::Runner& runner_;
    const Environment& environment_;
    std::unique_ptr<process::Running> program_;
};

class DiffSteps final : public Steps {
public:
    DiffSteps(process::Runner& runner, const Environment& environment, fs::path folder, bool staged,
              DiffOptions options, Git::Done<DiffText> done)
        : Steps{runner, environment, std::move(folder)},
          staged_{staged},
          options_(std::move(options)),
          done_(std::move(done)) {}

    void start() {
        run({"rev-parse", "--show-toplevel", "--show-cdup"}, [this](const Outcome& outcome) {
            if (auto error = find_top(outcome)) return end(std::move(*error));
            if (staged_) return diff({});
            list_filters();
        });
    }

private:
    /// core.worktree could name any folder, whose files would be sent then; a work tree of git's own making
    /// holds the folder that is asked for, and a .git.
    std::optional<Error> find_top(const Outcome& outcome) {
        if (outcome.end == End::exited && outcome.code != 0) {
            const std::string words = one_line(outcome.errors);
            return trouble("no work tree of git is at " + one_line(folder_.string()) +
                               (words.empty() ? "" : ": " + words),
                           "name a folder of a repository that your git opens, or run `git init` there");
        }
        if (auto error = failure_of(outcome, folder_)) return error;
        std::string_view lines = outcome.output;
        if (lines.ends_with('\n')) lines.remove_suffix(1);
        const auto last = lines.rfind('\n');
        top_ = fs::path{lines.substr(0, last)};
        if (last != std::string_view::npos)
            seen_top_ = (folder_ / fs::path{lines.substr(last + 1)}).lexically_normal();
        std::error_code gone;
        const auto relative = fs::canonical(folder_, gone).lexically_relative(top_);
        const bool inside = !gone && !relative.empty() && *relative.begin() != "..";
        if (inside && fs::exists(top_ / ".git", gone)) return std::nullopt;
        return trouble("the repository at " + one_line(folder_.string()) +
                           " has its work tree elsewhere, at " + one_line(top_.string()),
                       "name a folder of that work tree, or unset core.worktree");
    }

    void list_filters() {
        run({"config", "--show-scope", "--name-only", "-z", "--get-regexp", "^filter\\."},
            [this](const Outcome& outcome) {
                const bool none = outcome.end == End::exited && outcome.code == 1;
                if (auto error = failure_of(outcome, folder_); error && !none) return end(std::move(*error));
                if (outcome.output.size() >= kMostOutput) {
                    return end(trouble("the repository configures more filters than can be switched off",
                                       "look at its .git/config"));
                }
                diff(without_filters(outcome.output));
            });
    }

    void diff(Settings settings) {
        run(
            diff_arguments(staged_),
            [this](const Outcome& outcome) {
                if (auto error = failure_of(outcome, folder_)) return end(std::move(*error));
                if (outcome.output.empty()) return end(nothing());
                const DiffLimits limits{
                    .excluded = [this](const std::string& path) { return excluded(path); },
                    .most_tokens = options_.most_tokens,
                    .truncated = outcome.output.size() >= kMostOutput};
                end(shape_diff(outcome.output, limits));
            },
            std::move(settings));
    }

    bool excluded(const std::string& path) const {
        return options_.excluded && (options_.excluded(top_ / path) || options_.excluded(seen_top_ / path));
    }

    Error nothing() const {
        const std::string where = one_line(folder_.string());
        if (staged_) return trouble("nothing is staged in " + where, "stage what belongs together: git add");
        return trouble("nothing is changed in " + where + " that is not staged",
                       "attach the staged changes instead (staged: true); a new file is among the changes "
                       "after git add");
    }

    void end(Result<DiffText> result) {
        const auto done = std::exchange(done_, nullptr);
        done(std::move(result));
    }

    bool staged_;
    DiffOptions options_;
    Git::Done<DiffText> done_;
    fs::path top_, seen_top_;  // as git finds it; as it is seen from the folder
};

class SubjectSteps final : public Steps {
public:
    using Steps::Steps;

    void start(std::size_t most, Git::Done<std::vector<std::string>> done) {
        run({"log", "--no-ext-diff", "--no-textconv", "--no-color", "--no-show-signature", "-n",
             std::to_string(most), "--format=%s", "--"},
            [this, done = std::move(done)](const Outcome& outcome) {
                // 128 is a repository without commits as well as none; a diff tells the second apart.
                const bool none = outcome.end == End::exited && outcome.code == 128;
                if (auto error = failure_of(outcome, folder_); error && !none) return done(std::move(*error));
                done(none ? std::vector<std::string>{} : lines(outcome.output));
            });
    }

private:
    static std::vector<std::string> lines(std::string_view text) {
        std::vector<std::string> out;
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            if (end > 0) out.push_back(one_line(privacy::mask_secrets(text.substr(0, end)).text));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return out;
    }
};

}  // namespace

std::unique_ptr<Git::Running> Git::staged_diff(fs::path folder, DiffOptions options, Done<DiffText> done) {
    auto steps = std::make_unique<DiffSteps>(runner_, environment_, std::move(folder), true,
                                             std::move(options), std::move(done));
    steps->start();
    return steps;
}

std::unique_ptr<Git::Running> Git::working_diff(fs::path folder, DiffOptions options, Done<DiffText> done) {
    auto steps = std::make_unique<DiffSteps>(runner_, environment_, std::move(folder), false,
                                             std::move(options), std::move(done));
    steps->start();
    return steps;
}

std::unique_ptr<Git::Running> Git::recent_subjects(fs::path folder, std::size_t most,
                                                   Done<std::vector<std::string>> done) {
    auto steps = std::make_unique<SubjectSteps>(runner_, environment_, std::move(folder));
    steps->start(most, std::move(done));
    return steps;
}

}  // namespace dragoman::git
