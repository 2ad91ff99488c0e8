#include "server/cli/context.h"

#include "protocol/jsonrpc/message.h"
#include "server/cli/app.h"
#include "server/config/project.h"

#include <boost/asio/signal_set.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <csignal>

namespace dragoman::cli {
namespace {

constexpr int kSignalBase = 128;  // a shell's way to say by which signal a program ended

}  // namespace

Context::Context(const Environment& environment, const CommonOptions& options)
    : options_{options}, core_{std::make_unique<session::Core>(environment)} {
    if (!options.config_file.empty()) core_->store.use_user_file(absolute_path(options.config_file));
}

std::shared_ptr<const config::Effective> Context::config_for(const std::filesystem::path& path) {
    std::error_code ignored;
    const auto place =
        path.empty() ? std::filesystem::current_path(ignored) : absolute_path(path).lexically_normal();
    const auto file = place.has_filename() ? place : place.parent_path();
    if (std::filesystem::is_directory(file, ignored)) return config_of_folder(file, {});
    const auto folder = file.parent_path();
    core_->store.set_folders({config::project_above(core_->files, folder).value_or(folder)});
    config_ = core_->store.effective(file);
    return config_;
}

std::shared_ptr<const config::Effective> Context::config_of_folder(const std::filesystem::path& folder,
                                                                   const std::filesystem::path& workspace) {
    auto root = config::project_above(core_->files, folder).value_or(folder);
    if (!workspace.empty()) {
        const auto real = core_->files.real_path(absolute_path(workspace));
        if (!real) return nullptr;
        const bool holds =
            std::mismatch(real->begin(), real->end(), folder.begin(), folder.end()).first == real->end();
        if (!holds) return nullptr;
        root = *real;
    }
    core_->store.set_folders({root});
    config_ = core_->store.effective_in(folder);
    return config_;
}

void Context::ask_before_overspending(bool over_budget) {
    using budget::Choice;
    core_->book.on_notice = [](const std::string& what) { complain_line(what); };
    core_->book.ask = [this, over_budget](const budget::Question& question,
                                          const std::function<void(Choice)>& choose) {
        if (over_budget) {
            choose(Choice::send);
            return true;
        }
        if (!stdin_is_terminal() || json()) return false;
        complain("dragoman: " + question.why.message +
                 ".\nSend it anyway? \"y\": this once, \"t\": and everything until midnight [y/t/N] ");
        const std::string line = read_line();
        choose(line == "y" || line == "yes" ? Choice::send : line == "t" ? Choice::today : Choice::no);
        return true;
    };
}

int Context::run_until_finished() {
    boost::asio::signal_set signals{core_->loop, SIGINT, SIGTERM};
    signals.async_wait([this](const boost::system::error_code& error, int number) {
        if (!error) finish(kSignalBase + number);
    });
    core_->loop.run();
    return exit_code_;
}

void Context::finish(int exit_code) {
    exit_code_ = exit_code;
    core_->loop.stop();
}

int Context::report(const Error& told) const {
    Error error = told;
    if (error.kind == ErrorKind::over_budget) error.hint += " For this command alone, add --over-budget.";
    if (options_.json) {
        Json data = jsonrpc::error_data(error);
        data["message"] = error.message;
        print_json({{"error", std::move(data)}});
        return exit_code_of(error);
    }
    if (error.kind == ErrorKind::not_configured && config_) complain_about(config_->problems);
    complain_line("dragoman: " + error.message);
    if (!error.hint.empty()) complain_line(error.hint);
    return exit_code_of(error);
}

int Context::refuse(const std::string& message) const {
    if (options_.json) {
        print_json({{"error", {{"kind", "usage"}, {"message", message}}}});
    } else {
        complain_line("dragoman: " + message);
    }
    return kExitUsage;
}

std::filesystem::path absolute_path(const std::filesystem::path& path) {
    std::error_code error;
    auto absolute = std::filesystem::absolute(path, error);
    return error ? path : absolute;
}

std::string_view describe(FileProblem problem) {
    switch (problem) {
        case FileProblem::missing: return "is not there";
        case FileProblem::not_regular: return "is not a regular file";
        case FileProblem::too_large: return "is too large";
        case FileProblem::unreadable: return "cannot be read";
    }
    return "cannot be read";
}

void complain_about(const std::vector<config::Problem>& problems) {
    for (const auto& problem : problems) {
        complain_line(fmt::format("{}:{}:{}: {}: {}", problem.path.empty() ? "editor" : problem.path.string(),
                                  problem.line, problem.column, problem.warning ? "warning" : "error",
                                  problem.message));
    }
}

Error no_provider(const config::Effective& config, const std::string& name) {
    const auto why = name.empty() ? config.resolve(config::Role::chat) : config.find(name + "/any");
    if (!why) return why.error();
    return {.kind = ErrorKind::not_configured, .message = "no provider is configured"};
}

int exit_code_of(const Error& error) {
    switch (error.kind) {
        case ErrorKind::not_configured:
        case ErrorKind::no_key:
        case ErrorKind::untrusted: return kExitConfiguration;
        default: return kExitFailed;
    }
}

}  // namespace dragoman::cli
