#include "server/cli/app.h"

#include "server/cli/commands.h"
#include "server/session/serve.h"
#include "server/support/log.h"

#include <CLI/CLI.hpp>
#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <cstring>

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
    std::string provider, for_file, folder;
};

struct Commands {
    CLI::App *chat, *complete, *commit_message, *models, *balance, *config_show, *config_check,
        *config_schema, *doctor;
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

Commands describe_commands(CLI::App& app, Choice& choice) {
    Commands commands{};
    commands.chat = app.add_subcommand("chat", "Ask a question; the answer streams to the terminal");
    commands.chat->add_option("prompt", choice.chat.prompt, "The question; what stdin holds is added to it");
    commands.chat->add_option("-m,--model", choice.chat.model, "provider/model");
    commands.chat->add_option("-f,--file", choice.chat.files, "A file to go with the question");
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
    commands.doctor = app.add_subcommand("doctor", "Test each gateway step by step");
    for (CLI::App* command : {commands.models, commands.balance, commands.doctor}) {
        command->add_option("-p,--provider", choice.provider, "Only this provider");
        add_common(command, choice);
    }

    CLI::App* config = app.add_subcommand("config", "Look at the configuration");
    config->require_subcommand(1);
    commands.config_show =
        config->add_subcommand("show", "Print the values in force and where each comes from");
    commands.config_check = config->add_subcommand("check", "Print what is wrong in the configuration files");
    commands.config_schema = config->add_subcommand("schema", "Print the JSON Schema of configuration files");
    for (CLI::App* command : {commands.config_show, commands.config_check}) {
        command->add_option("--for", choice.for_file, "As it holds for this file");
        add_common(command, choice);
    }
    add_common(commands.config_schema, choice);
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
    if (commands.chat->parsed()) return chat(context, choice.chat);
    if (commands.complete->parsed()) return complete(context, choice.complete);
    if (commands.commit_message->parsed()) return commit_message(context, choice.folder);
    if (commands.models->parsed()) return models(context, choice.provider);
    if (commands.balance->parsed()) return balance(context, choice.provider);
    if (commands.config_show->parsed()) return config_show(context, choice.for_file);
    if (commands.config_check->parsed()) return config_check(context, choice.for_file);
    return doctor(context, choice.provider);
}

/// An answer that could not be written is a failure, unless its reader had seen enough.
int close_output(int code) {
    const int failure = output_error();
    if (failure == 0 || failure == EPIPE) return code;
    complain_line(fmt::format("dragoman: cannot write to standard output: {}", std::strerror(failure)));
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
