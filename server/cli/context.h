// What every subcommand starts from: the daemon's core and the project of the working directory.
#pragma once

#include "server/cli/terminal.h"
#include "server/session/core.h"

#include <filesystem>
#include <memory>
#include <string>

namespace dragoman::cli {

struct CommonOptions {
    bool json = false;        // one JSON document on stdout and nothing else
    std::string config_file;  // --config; empty: the user's
};

class Context {
public:
    Context(const Environment& environment, const CommonOptions& options);

    session::Core& core() { return *core_; }
    bool json() const { return options_.json; }

    /// What holds for a file or a folder, or for the working directory. The project is the nearest folder
    /// upwards that holds .dragoman.json or .git, else the working directory.
    std::shared_ptr<const config::Effective> config_for(const std::filesystem::path& path = {});

    /// What holds for the documents of `folder`, an absolute path, when `workspace` is opened (empty: the
    /// project as above). Null where `workspace` is no folder that holds it.
    std::shared_ptr<const config::Effective> config_of_folder(const std::filesystem::path& folder,
                                                              const std::filesystem::path& workspace);

    /// What a call beyond a budget does: it is sent where `over_budget` (the flag) says so, otherwise asked
    /// about at a terminal, and refused where there is none.
    void ask_before_overspending(bool over_budget);

    /// Turns the loop until finish() is called or the user interrupts; the exit code. Once.
    int run_until_finished();
    void finish(int exit_code);

    /// Tells an error, and where nothing is configured what is wrong in the configuration's files: on
    /// stderr, or as {"error": {kind, message, hint, ...}} on stdout. Returns its exit code.
    int report(const Error& error) const;
    /// The same for a command line that asks for what cannot be; `message` is a sentence for a person.
    int refuse(const std::string& message) const;

private:
    CommonOptions options_;
    std::unique_ptr<session::Core> core_;
    std::shared_ptr<const config::Effective> config_;  // the last one asked for
    int exit_code_ = 0;
};

/// From the working directory on; `path` itself where that is gone.
std::filesystem::path absolute_path(const std::filesystem::path& path);

/// "is not there", "cannot be read", ...
std::string_view describe(FileProblem problem);

/// One line a problem on stderr: FILE:LINE:COLUMN: error: message.
void complain_about(const std::vector<config::Problem>& problems);

/// Why there is no provider of that name, or none at all where it is empty.
Error no_provider(const config::Effective& config, const std::string& name);

int exit_code_of(const Error& error);

}  // namespace dragoman::cli
