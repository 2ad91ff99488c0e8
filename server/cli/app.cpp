#include "server/cli/app.h"

#include "server/cli/commands.h"
#include "server/session/serve.h"
#include "server/support/log.h"

#include <CLI/CLI.hpp>
#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <system_error>

namespace dragoman::cli {
namespace {

constexpr const char* kVersion = "dragoman " DRAGOMAN_VERSION " (editor protocol 1)";

struct Choice {
    session::ServeOptions serve;
    std::int64_t client_process_id = 0;
    bool stdio = false, node_ipc = false, debuggable = false;
    std::string log_file;
    CommonOptions common;
    ChatOptions chat;
    CompleteOptions complete;
    TrustOptions trust;
    UsageOptions usage;
    SentOptions sent;
    std::string provider, for_file, folder;
    ConfigChange change;
    std::string value;
    bool user = false;  // the default, said
    bool over_budget = false;
};

struct Commands {
    CLI::App *chat, *complete, *commit_message, *models, *balance, *usage, *sent, *config_show, *config_check,
        *config_schema, *config_set, *config_unset, *doctor, *trust;
};

void add_common(CLI::App* command, Choice& choice) {
    command->add_flag("--json", choice.common.json, "Print JSON for scripts");
    command->add_option("--config", choice.common.config_file, "Read this file in place of the user's");
}

void describe_server(CLI::App& app, Choice& choice) {
    app.set_version_flag("--version", kVersion);
    app.add_flag("--stdio", choice.stdio,
                 "Serve an editor on stdin and stdout (the default without a terminal)");
    app.add_option("--clientProcessId", choice.client_process_id, "End when this process ends");
    app.add_flag("--node-ipc", choice.node_ipc)->group("");
    app.add_flag("--debuggable", choice.debuggable, "Allow debuggers and core files");
    app.add_flag("--trust-editor-settings", choice.serve.trust_editor_settings,
                 "The settings the editor sends are the user's: no workspace could have set them");
    app.add_option("--log-file", choice.log_file, "Write the log here instead of the state folder");
    app.add_option("--config", choice.common.config_file, "Read this file in place of the user's");
}

/// `dragoman trust [FOLDER]` shows and asks; its subcommands do one thing each without a question.
void describe_trust(CLI::App* trust, Choice& choice) {
    using Action = TrustOptions::Action;
    TrustOptions& options = choice.trust;
    const auto add_place = [&](CLI::App* command, bool required) {
        command->add_option("folder", options.folder, "A folder of the project")->required(required);
        command->add_option("--workspace", options.workspace,
                            "The folder that the editor opens, which holds it");
        add_common(command, choice);
    };
    const auto add = [&](const char* name, const char* what, Action action) {
        CLI::App* command = trust->add_subcommand(name, what);
        command->callback([&options, action] { options.action = action; });
        if (action == Action::list) {
            add_common(command, choice);
        } else {
            add_place(command, action != Action::show);
        }
    };
    add_place(trust, false);
    trust->require_subcommand(0, 1);
    add("list", "Print what was decided", Action::list);
    add("show", "Print what a project's files ask for", Action::show);
    add("allow", "Approve what a project's files ask for as it is now", Action::allow);
    add("deny", "Never use, nor be asked about, what a project's files ask for", Action::deny);
    add("forget", "Undo what was decided about a project", Action::forget);
}

void describe_config(CLI::App& config, Choice& choice, Commands& commands) {
    config.require_subcommand(1);
    commands.config_show =
        config.add_subcommand("show", "Print the values in force and where each comes from");
    commands.config_check = config.add_subcommand("check", "Print what is wrong in the configuration files");
    commands.config_schema = config.add_subcommand("schema", "Print the JSON Schema of configuration files");
    for (CLI::App* command : {commands.config_show, commands.config_check}) {
        command->add_option("--for", choice.for_file, "As it holds for this file");
        add_common(command, choice);
    }
    add_common(commands.config_schema, choice);
    commands.config_set = config.add_subcommand("set", "Write a setting into your own file");
    commands.config_unset = config.add_subcommand("unset", "Take a setting out of your own file");
    for (CLI::App* command : {commands.config_set, commands.config_unset}) {
        command
            ->add_option("key", choice.change.key,
                         "completion.maxTokens; quotes around names with dots; or a JSON pointer")
            ->required();
        auto* user = command->add_flag("--user", choice.user, "For everything (the default)");
        auto* project = command->add_flag("--project", choice.change.project,
                                          "For the project of the working directory, below \"projects\"");
        auto* folder = command->add_option("--for", choice.for_file, "For this folder, below \"projects\"");
        user->excludes(project)->excludes(folder);
        project->excludes(folder);
        add_common(command, choice);
    }
    commands.config_set->add_option("value", choice.value, "JSON; what is no JSON is a string")->required();
}

Commands describe_commands(CLI::App& app, Choice& choice) {
    Commands commands{};
    commands.chat = app.add_subcommand("chat", "Ask a question; the answer streams to the terminal");
    commands.chat->add_option("prompt", choice.chat.prompt, "The question; what stdin holds is added to it");
    commands.chat->add_option("-m,--model", choice.chat.model, "provider/model");
    // One value each: the question may stand behind it.
    commands.chat
        ->add_option("-f,--file", choice.chat.files, "A file to go with the question; may be repeated")
        ->allow_extra_args(false);
    commands.chat
        ->add_option("-i,--image", choice.chat.images,
                     "A picture to go with it: PNG, JPEG, GIF or WebP; may be repeated")
        ->allow_extra_args(false);
    commands.chat->add_option("--system", choice.chat.system, "System prompt for this question");
    commands.chat->add_flag(
        "--stdin", choice.chat.wait_for_stdin,
        "Wait for what comes on stdin; otherwise its first byte must come within a second");
    commands.chat->add_flag("--reasoning", choice.chat.reasoning, "Show the model's reasoning on stderr");
    add_common(commands.chat, choice);

    commands.complete = app.add_subcommand("complete", "Print what would stand at a place of a file");
    commands.complete->add_option("place", choice.complete.place, "FILE:LINE:COLUMN, both from 1")
        ->required();
    commands.complete->add_option("-m,--model", choice.complete.model, "provider/model");
    commands.complete->add_flag("--trail", choice.complete.trail, "Tell each step on stderr");
    add_common(commands.complete, choice);

    commands.commit_message =
        app.add_subcommand("commit-message", "Print a commit message for what is staged");
    commands.commit_message->add_option("--folder", choice.folder, "A folder of the repository");
    add_common(commands.commit_message, choice);

    commands.models = app.add_subcommand("models", "List the models of the configured gateways");
    commands.balance = app.add_subcommand("balance", "Show what is left on the gateways' accounts");
    commands.usage = app.add_subcommand("usage", "Show what was used and what it cost");
    commands.usage->add_option("--by", choice.usage.by, "day, model, project or role");
    commands.usage->add_option("--since", choice.usage.since,
                               "A date (2026-01-31) or a time (2026-01-31T08:00:00Z)");
    add_common(commands.usage, choice);
    commands.sent = app.add_subcommand("sent", "Show what left this machine: when, where to, how much");
    commands.sent->add_option("--days", choice.sent.days, "So far back (7)");
    commands.sent->add_option("--limit", choice.sent.limit, "At most so many requests (200)");
    commands.sent->add_option("--folder", choice.sent.folder, "Only for the project in this folder");
    add_common(commands.sent, choice);
    commands.doctor = app.add_subcommand("doctor", "Test each gateway step by step");
    for (CLI::App* command : {commands.models, commands.balance, commands.doctor}) {
        command->add_option("-p,--provider", choice.provider, "Only this provider");
        add_common(command, choice);
    }

    for (CLI::App* command : {commands.chat, commands.complete, commands.commit_message, commands.doctor})
        command->add_flag("--over-budget", choice.over_budget,
                          "Ask the model although today's budget is spent");

    describe_config(*app.add_subcommand("config", "Look at the configuration and change it"), choice,
                    commands);
    commands.trust = app.add_subcommand("trust", "Show what a project's files ask for, and approve it");
    describe_trust(commands.trust, choice);
    return commands;
}

int serve(const Environment& environment, Choice& choice) {
    if (choice.node_ipc) {
        complain_line("dragoman: --node-ipc is not served; start it with --stdio and pipes");
        return kExitUsage;
    }
    const Paths paths = find_paths(environment);
    const std::string file = !choice.log_file.empty()  ? choice.log_file
                             : paths.state_dir.empty() ? std::string{}
                                                       : (paths.state_dir / "dragoman.log").string();
    log::init({.level = log::Level::info, .file = file, .to_stderr = true});
    if (choice.client_process_id > 0) choice.serve.client_process_id = choice.client_process_id;
    choice.serve.config_file = choice.common.config_file;
    return session::serve(environment, choice.serve);
}

int run_command(const Commands& commands, const Environment& environment, const Choice& choice) {
    if (commands.config_schema->parsed()) return config_schema();
    log::init({.level = log::Level::warning, .file = {}, .to_stderr = true});
    Context context{environment, choice.common};
    const std::string& file = choice.common.config_file;
    if (!file.empty() && !context.core().files.stamp(file))
        return context.refuse("--config " + file + ": there is no such file");
    if (commands.chat->parsed()) return chat(context, choice.chat, choice.over_budget);
    if (commands.complete->parsed()) return complete(context, choice.complete, choice.over_budget);
    if (commands.commit_message->parsed()) return commit_message(context, choice.folder, choice.over_budget);
    if (commands.models->parsed()) return models(context, choice.provider);
    if (commands.balance->parsed()) return balance(context, choice.provider);
    if (commands.usage->parsed()) return usage(context, choice.usage);
    if (commands.sent->parsed()) return sent(context, choice.sent);
    if (commands.config_show->parsed()) return config_show(context, choice.for_file);
    if (commands.config_check->parsed()) return config_check(context, choice.for_file);
    if (commands.trust->parsed()) return trust(context, choice.trust);
    if (commands.config_set->parsed() || commands.config_unset->parsed()) {
        ConfigChange change = choice.change;
        change.folder = choice.for_file;
        if (commands.config_set->parsed()) change.value = choice.value;
        return config_change(context, change);
    }
    return doctor(context, choice.provider, choice.over_budget);
}

/// An answer that could not be written is a failure, unless its reader had seen enough.
int close_output(int code) {
    const int failure = output_error();
    if (failure == 0 || failure == EPIPE) return code;
    complain_line(fmt::format("dragoman: cannot write to standard output: {}",
                              std::generic_category().message(failure)));
    return code == 0 ? kExitFailed : code;
}

}  // namespace

int run(int argc, char** argv, const Environment& environment) {
    fill_standard_streams();
    CLI::App app{
        "dragoman: ghost text and chat for any editor, from any OpenAI-compatible gateway.\n"
        "Without a subcommand it serves an editor on stdin and stdout.",
        "dragoman"};
    Choice choice;
    describe_server(app, choice);
    const Commands commands = describe_commands(app, choice);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kExitUsage;
    }
    if (!app.get_subcommands().empty()) return close_output(run_command(commands, environment, choice));
    if (!choice.stdio && stdin_is_terminal()) {
        print(app.help());
        return close_output(0);
    }
    return serve(environment, choice);
}

}  // namespace dragoman::cli
