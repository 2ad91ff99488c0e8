// The subcommands; each returns the process's exit code (app.h). `over_budget`: models are asked although a
// budget is spent.
#pragma once

#include "server/cli/context.h"

#include <filesystem>
#include <optional>
#include <string>

namespace dragoman::cli {

struct ChatOptions {
    std::string prompt, model, system;
    std::vector<std::string> files, images;
    bool reasoning = false;       // show the model's reasoning too, on stderr
    bool wait_for_stdin = false;  // to its end, however long it takes; always so without a prompt
};
int chat(Context& context, const ChatOptions& options, bool over_budget);

struct CompleteOptions {
    std::string place;  // FILE:LINE:COLUMN, both from 1; the column counts characters
    std::string model;
    bool trail = false;  // tell on stderr what was done
};
int complete(Context& context, const CompleteOptions& options, bool over_budget);

/// A message for what is staged in the repository that holds `folder` (empty: the working directory).
int commit_message(Context& context, const std::filesystem::path& folder, bool over_budget);

int models(Context& context, const std::string& provider);
int balance(Context& context, const std::string& provider);

struct UsageOptions {
    std::string by = "model";  // a store::UsageGroup by its name
    std::string since;         // session::kSinceForms; empty: all there is
};
/// What is in the ledger, and what is left where a provider tells that.
int usage(Context& context, const UsageOptions& options);

struct SentOptions {
    int days = 7, limit = 200;
    std::string folder{};  // a project's; empty: all
};
/// What left this machine over HTTP, of all daemons.
int sent(Context& context, const SentOptions& options);

int config_show(Context& context, const std::filesystem::path& for_file);
int config_check(Context& context, const std::filesystem::path& for_file);
int config_schema();

struct TrustOptions {
    enum class Action { ask, list, show, allow, deny, forget } action = Action::ask;
    std::filesystem::path folder{};     // empty: the working directory
    std::filesystem::path workspace{};  // where an editor's workspace begins; empty: as for other commands
};
int trust(Context& context, const TrustOptions& options);

struct ConfigChange {
    std::string key;                     // as config::read_key_path takes it
    std::optional<std::string> value{};  // JSON, else a string; nothing: take it out
    bool project = false;                // for the project of the working directory
    std::filesystem::path folder{};      // for the documents below it
};
/// Changes the user's own file: a setting for everything, or below "projects" for one folder.
int config_change(Context& context, const ConfigChange& change);

/// For each provider: is the name found, the way open, the certificate good, the key there and taken, and
/// how long does the first token take; for each failure the setting to change. And how the budgets stand.
int doctor(Context& context, const std::string& provider, bool over_budget);

}  // namespace dragoman::cli
