// Settings as the rooms above use them: typed, merged, checked, immutable.
//
// An Effective is what holds for one document at one moment. A request keeps the one it began with, so
// a change in a file never reaches into a running call.
#pragma once

#include "protocol/base/json.h"
#include "protocol/base/result.h"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::config {

enum class Api { automatic, chat, responses };
enum class Role { completion, chat, edit, embedding };
inline constexpr Role kRoles[] = {Role::completion, Role::chat, Role::edit, Role::embedding};
std::string_view wire_name(Role role);

struct KeySource {
    enum class Kind { none, env, command, file, keyring, editor } kind = Kind::none;
    std::string env{};
    std::vector<std::string> command{};
    std::optional<int> ttl_seconds{};
    std::filesystem::path file{};
    std::string service{}, account{};

    /// For people: "environment variable WORK_API_KEY", "command pass", ... Never the key.
    std::string describe() const;
    friend bool operator==(const KeySource&, const KeySource&) = default;
};

struct Price {
    double input = 0, output = 0;  // per million tokens
    std::string currency;
    friend bool operator==(const Price&, const Price&) = default;
};

struct Model {
    std::string id;  // as the gateway knows it
    std::optional<std::int64_t> context_length{}, max_output{};
    std::string infill = "auto";
    std::optional<Price> price{};
    Json extra_body = Json::object();
};

struct Timeouts {  // milliseconds
    int connect = 10'000, first_byte = 60'000, idle = 60'000, total = 600'000;
};

struct Provider {
    std::string name;  // the key in "providers"
    std::string preset;
    std::string base_url;  // normalised by wire::normalise_base_url when used
    Api api = Api::automatic;
    KeySource key{};
    std::string key_prefix{};  // customary shape, for a warning only
    std::map<std::string, std::string> headers{};
    std::string user_agent{};
    Timeouts timeouts{};
    int retry_attempts = 2;
    Json extra_body = Json::object();
    std::optional<std::string> proxy{};  // absent: the environment's
    std::string ca_file{};
    bool allow_http = false;
    bool http2 = false;
    bool local = false;     // costs nothing and needs no key: Ollama, llama-server, LM Studio, vLLM
    std::string balance{};  // "", "generic", "deepseek", "openrouter", "siliconflow", "billing"
    /// The default route for `infill: auto`: "chat", "fim-completions", "fim-tokens" (of the family that the
    /// model's name tells, "chat" where it tells none), "mistral-fim" or "llamacpp-infill"; empty: unknown.
    std::string infill{};
    std::map<std::string, std::string> infill_for{};  // glob over model ids -> what model() says for infill
    /// How completions tell this gateway's models not to think: a name of wire::reasoning_host(); empty: as
    /// each model's vendor documents it.
    std::string reasoning_switch{};
    bool prompt_cache_key = false;  // the gateway is known to take prompt_cache_key
    std::map<std::string, Model> models{};

    /// The configured model, or a plain one of that id: any id may be asked for. Its infill is "auto" only
    /// where neither the model nor infill_for says more.
    Model model(const std::string& id) const;
};

struct Completion {
    std::string model;
    bool enabled = true;
    std::string multiline = "auto";  // "auto", "always", "never"
    int max_tokens = 256;
    int debounce_ms = 75;
    int timeout_ms = 15'000;
    bool menu = false;
    int context_tokens = 2000;         // of other files and recent edits, at most; 0: none
    std::string look_ahead = "local";  // "local", "always", "never"
    std::vector<std::string> disabled_languages{};
    std::optional<double> temperature = 0.0;
    Json extra_body = Json::object();
};

struct Chat {
    std::string model;
    std::vector<std::string> fallback{};
    std::optional<std::string> system_prompt{};
    std::optional<double> temperature{};
    std::optional<std::int64_t> max_tokens{};
    std::optional<std::string> reasoning_effort{};
    Json extra_body = Json::object();
};

/// What may be spent in a day, from midnight to midnight on this machine. Every one that is in force counts
/// for itself.
struct Budget {
    std::string provider{};          // empty: all of them but those that cost nothing (Provider::local)
    std::filesystem::path folder{};  // where its links lead; empty: everywhere; otherwise documents below it
    std::filesystem::path named{};   // the same as the user calls it
    std::optional<double> amount{};  // of money, in `currency`
    std::string currency{};
    std::optional<std::int64_t> tokens{};  // sent and received
    std::string setting{};                 // where it stands: "providers.work.budget"
    /// Why a part of it could not be read; empty: all of it was. It then counts as spent, since nobody knows
    /// what was meant.
    std::string fault{};

    /// Tells budgets apart, also between daemons and after a change of the numbers.
    std::string id() const { return provider + '@' + folder.string(); }
    friend bool operator==(const Budget&, const Budget&) = default;
};

/// One thing wrong in one file; the rest of the file still counts.
struct Problem {
    std::filesystem::path path;  // empty: the editor's settings
    int line = 1, column = 1;    // from 1; the column counts UTF-16 units
    int end_line = 1, end_column = 1;
    std::string message;
    bool warning = false;
    friend bool operator==(const Problem&, const Problem&) = default;
};

struct Source {
    std::string name;     // a path, "editor" or "default"
    bool trusted = true;  // all that it says counts: the user's, or approved
    std::string asked{};  // of a repository: what needs approval, in words; empty: nothing
    friend bool operator==(const Source&, const Source&) = default;
};

struct ModelRef {
    std::shared_ptr<const Provider> provider;
    Model model;
    std::string id() const { return provider->name + "/" + model.id; }
};

struct Ask;  // ask.h

struct Effective {
    /// Those that may be used here: neither untrusted nor unusable nor other than the required one.
    std::map<std::string, std::shared_ptr<const Provider>> providers;
    /// What the project's files ask for that needs the user's approval, and whether it was given; null:
    /// nothing.
    std::shared_ptr<const Ask> ask;
    /// Providers that a repository defined or changed without the user's approval, and what it asked
    /// for, in words. A request that needs one is refused; it never goes elsewhere.
    std::map<std::string, std::string> untrusted;
    /// Providers that cannot be used as they are written, and why, in words. A request that needs one is
    /// not_configured; it never goes elsewhere either.
    std::map<std::string, std::string> unusable;
    std::optional<std::string> require_provider;  // a project's demand: every other provider is refused
    /// What makes every request fail as not_configured: settings that nobody can read and that may hold a
    /// budget or name files that stay here. No provider is in `providers` then.
    std::optional<Problem> blocked;
    Completion completion;
    Chat chat;
    std::string edit_model;       // empty: the chat model
    std::string embedding_model;  // empty: none
    std::vector<std::string> exclude;
    bool record_usage = true, keep_conversations = true;
    /// Those in force here, only ever the user's own words: the widest first.
    std::vector<Budget> budgets;
    std::filesystem::path
        account;  // the folder, without links, under which the ledger files what is spent here; may be empty
    std::string log_level = "info";
    std::filesystem::path project;    // the folder whose configuration this is; empty: none
    std::filesystem::path user_file;  // where the lines of a hint belong
    std::string suggested_preset;     // what a hint proposes where nothing is configured

    Json merged;                                    // the same as one JSON value, keys redacted
    std::map<std::string, std::string> provenance;  // JSON pointer of each leaf -> name of its Source
    std::vector<Source> sources;
    std::vector<Problem> problems;

    /// The provider and model that serve `role`; `asked` ("provider/model") is the request's own wish.
    /// Ends with not_configured (nothing chosen, unknown provider; the hint holds the lines that fix
    /// it) or untrusted.
    Result<ModelRef> resolve(Role role, const std::string& asked = {}) const;
    /// The same for a name that may come from a fallback list.
    Result<ModelRef> find(const std::string& provider_and_model) const;
    /// True when privacy.exclude names `path`, or a folder around it, as it is written, in any Unicode form;
    /// paths are taken relative to `project` where they lie in it. Whether a file may be sent is
    /// stays_here()'s to say (exclusion.h).
    bool excluded(const std::filesystem::path& path) const;
    /// What else may keep the file at another path here, as the store that this comes from has it then: what
    /// holds for its own folder and, where that is in no workspace folder, what its project excludes (of such
    /// a one `project` and `exclude` alone are set). Empty: nothing else is known. Loop thread.
    std::function<std::vector<std::shared_ptr<const Effective>>(const std::filesystem::path&)> elsewhere;
};

}  // namespace dragoman::config
