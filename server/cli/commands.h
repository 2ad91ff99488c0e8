// The subcommands; each returns the process's exit code (app.h).
#pragma once

#include "server/cli/context.h"

#include <filesystem>
#include <string>

namespace dragoman::cli {

struct ChatOptions {
    std::string prompt, model, system;
    std::vector<std::string> files;
    bool reasoning = false;       // show the model's reasoning too, on stderr
    bool wait_for_stdin = false;  // to its end, however long it takes; always so without a prompt
};
int chat(Context& context, const ChatOptions& options);

struct CompleteOptions {
    std::string place;  // FILE:LINE:COLUMN, both from 1; the column counts characters
    std::string model;
    bool trail = false;  // tell on stderr what was done
};
int complete(Context& context, const CompleteOptions& options);

/// A message for what is staged in the repository that holds `folder` (empty: the working directory).
int commit_message(Context& context, const std::filesystem::path& folder);

int models(Context& context, const std::string& provider);
int balance(Context& context, const std::string& provider);

int config_show(Context& context, const std::filesystem::path& for_file);
int config_check(Context& context, const std::filesystem::path& for_file);
int config_schema();

/// For each provider: is the name found, the way open, the certificate good, the key there and taken, and
/// how long does the first token take; for each failure the setting to change.
int doctor(Context& context, const std::string& provider);

}  // namespace dragoman::cli
