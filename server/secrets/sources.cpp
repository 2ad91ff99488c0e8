#include "server/secrets/sources.h"

#include "protocol/base/utf.h"
#include "server/privacy/key_shapes.h"
#include "server/privacy/secret_text.h"
#include "server/support/log.h"

#include <cstring>
#include <unistd.h>

namespace dragoman::secrets {
namespace {

using config::KeySource;
using End = process::Outcome::End;

constexpr std::size_t kFileLimit = 16U << 10U;    // twice the longest key
constexpr std::size_t kOutputLimit = 64U << 10U;  // some password managers print whole records
constexpr Milliseconds kCommandTimeout{30'000};   // a person may have to touch a fingerprint reader
constexpr std::size_t kSaidLimit = 200;
constexpr std::size_t kShortestKey = 6;  // what is shorter is no key, and is found in any sentence

// What password managers need to find their agents, stores and sessions. An allow list: the daemon's
// environment may hold keys of other providers.
constexpr std::string_view kPassedOn[] = {
    "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "GNUPGHOME", "GPG_TTY", "HOME", "LANG", "LOGNAME",
    "PASSWORD_STORE_DIR", "PATH", "SHELL", "SSH_AUTH_SOCK", "TERM", "USER", "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
    // 1Password: see also the session variables, which are named after accounts.
    "OP_ACCOUNT", "OP_BIOMETRIC_UNLOCK_ENABLED", "OP_CONNECT_HOST", "OP_CONNECT_TOKEN",
    "OP_SERVICE_ACCOUNT_TOKEN"};
constexpr std::string_view kPassedOnPrefix = "OP_SESSION_";

void wipe(std::string& text) { ::explicit_bzero(text.data(), text.size()); }

std::string in_quotes(std::string_view text) { return '"' + one_line(text, kSaidLimit) + '"'; }

std::string of_provider(const config::Provider& provider) {
    return " of provider " + in_quotes(provider.name);
}

/// `text` up to its first line break.
std::string_view first_line(std::string_view text) {
    std::string_view line = text.substr(0, text.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r";
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// `text` without the one line break that ends the last line of a file.
std::string_view without_line_end(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

Result<Key> bound(const config::Provider& provider, const Origin& origin, std::string_view text,
                  const std::string& source) {
    auto key = Key::bind(text, origin);
    if (!key) {
        return no_key(
            provider,
            "the key" + of_provider(provider) + " from " + source + " cannot be used: " + key.error(),
            "Check what " + source + " gives: one line with the key and nothing else.");
    }
    if (key->was_trimmed()) {
        log::warning("the key{} from {} has blanks or \"Bearer\" around it, which were cut off",
                     of_provider(provider), source);
    }
    return std::move(key).value();
}

std::string command_name(const config::Provider& provider) {
    const auto& argv = provider.key.command;
    return "key command " + in_quotes(argv.empty() ? "" : std::filesystem::path{argv[0]}.filename().native());
}

std::string keyring_name(const KeySource& source) {
    return "the keyring (service " + in_quotes(source.service) + ", account " + in_quotes(source.account) +
           ")";
}

/// How a store of secrets is asked, in the words of its program.
struct KeyringProgram {
    std::string_view name;
    std::string_view lookup;                 // its command
    std::string_view service, account, end;  // the words before both values, and behind them
    int no_item;                             // the exit status where it holds no such thing,
    bool says_so;                            // and whether a word on stderr comes with it
    std::string_view store, install;         // hints
};

constexpr KeyringProgram kSecretTool{
    .name = "secret-tool",
    .lookup = "lookup",
    .service = "service",
    .account = "account",
    .end = "",
    .no_item = 1,
    .says_so = false,
    .store = "secret-tool store --label=dragoman",
    .install = "Install secret-tool (package libsecret-tools or libsecret), or choose another key source."};
// By its full name, which no PATH can change; errSecItemNotFound (-25300) ends it with its lowest byte.
constexpr KeyringProgram kSecurity{.name = "/usr/bin/security",
                                   .lookup = "find-generic-password",
                                   .service = "-s",
                                   .account = "-a",
                                   .end = "-w",
                                   .no_item = 44,
                                   .says_so = true,
                                   .store = "security add-generic-password -w",
                                   .install = "Choose another key source."};

const KeyringProgram& program_of(Keyring keyring) {
    return keyring == Keyring::keychain ? kSecurity : kSecretTool;
}

/// What a program or the system said, as one line without anything that looks like a key.
std::string shown(std::string_view words) {
    return one_line(privacy::redact_keys(privacy::mask_secrets(log::redact(words)).text), kSaidLimit);
}

/// ": what the program said first on stderr", or nothing. On its way to failing it may have printed the key:
/// what it wrote to stdout is cut out, and so is whatever looks like a key.
std::string said(const process::Outcome& outcome) {
    std::string words{first_line(outcome.errors)};
    const std::string output{trimmed(first_line(outcome.output))};
    for (auto at = words.find(output); output.size() >= kShortestKey && at != std::string::npos;
         at = words.find(output)) {
        words.replace(at, output.size(), "***");
    }
    const std::string line = shown(words);
    return line.empty() ? line : ": " + line;
}

std::string how_it_ended(const process::Outcome& outcome) {
    switch (outcome.end) {
        case End::exited: return "failed with exit status " + std::to_string(outcome.code) + said(outcome);
        case End::signalled: return "was ended by signal " + std::to_string(outcome.code) + said(outcome);
        case End::timed_out:
            return "gave no answer within " + std::to_string(kCommandTimeout.count() / 1000) + " s" +
                   said(outcome);
        case End::not_started: break;
    }
    return "could not be started: " + shown(outcome.message);
}

Error command_failed(const config::Provider& provider, const process::Outcome& outcome) {
    const char* hint = outcome.end == End::timed_out
                           ? "Run the command in a terminal: it may wait for input, which it cannot get here."
                           : "Run the command in a terminal; its first line of output must be the key.";
    return no_key(provider,
                  "the " + command_name(provider) + of_provider(provider) + ' ' + how_it_ended(outcome),
                  hint);
}

Error keyring_failed(const config::Provider& provider, const process::Outcome& outcome,
                     const KeyringProgram& program) {
    const auto& source = provider.key;
    const std::string name{program.name};
    if (outcome.end == End::not_started) {
        return no_key(provider,
                      "the key" + of_provider(provider) + " is in the keyring, but " + name + " " +
                          how_it_ended(outcome),
                      std::string{program.install});
    }
    const bool no_item = outcome.end == End::exited && outcome.code == program.no_item &&
                         (program.says_so || first_line(outcome.errors).empty());
    return no_key(provider,
                  no_item
                      ? keyring_name(source) + " holds no key for provider " + in_quotes(provider.name)
                      : name + ", asked for the key" + of_provider(provider) + ", " + how_it_ended(outcome),
                  no_item ? "Store it: " + std::string{program.store} + " " + std::string{program.service} +
                                " '" + one_line(source.service) + "' " + std::string{program.account} + " '" +
                                one_line(source.account) + "'"
                          : "Unlock the keyring, or choose another key source.");
}

std::string file_problem(FileProblem problem) {
    switch (problem) {
        case FileProblem::missing: return "does not exist";
        case FileProblem::not_regular: return "is not a regular file";
        case FileProblem::too_large: return "is too large to be a key";
        case FileProblem::unreadable: break;
    }
    return "cannot be read";
}

}  // namespace

Error no_key(const config::Provider& provider, std::string message, std::string hint) {
    return Error{.kind = ErrorKind::no_key,
                 .message = std::move(message),
                 .hint = std::move(hint),
                 .provider = provider.name};
}

Result<Key> from_environment(const config::Provider& provider, const Origin& origin,
                             const Environment& environment) {
    auto value = environment(provider.key.env);
    const std::string name = one_line(provider.key.env);
    if (!value) {
        return no_key(
            provider,
            "the environment variable " + name + " with the key" + of_provider(provider) + " is not set",
            "export " + name +
                "=... in the shell that starts the editor. An editor started from the desktop may not see "
                "the shell's environment: there, use a key command, a key file or the keyring.");
    }
    auto key = bound(provider, origin, *value, "environment variable " + name);
    wipe(*value);
    return key;
}

std::filesystem::path key_file(const config::Provider& provider, const std::filesystem::path& home) {
    return expand_home(provider.key.file.native(), home);
}

Result<Key> from_file(const config::Provider& provider, const Origin& origin, Files& files,
                      const std::filesystem::path& home) {
    const std::filesystem::path path = key_file(provider, home);
    const std::string name = "key file " + one_line(path.native());
    const std::string whose = "the " + name + of_provider(provider) + ' ';
    if (!path.is_absolute()) {
        return no_key(provider, whose + "is not an absolute path", "Write it with a leading / or ~/.");
    }
    auto content = files.read(path, kFileLimit);
    if (!content) {
        return no_key(provider, whose + file_problem(content.error()),
                      "Write the key, and nothing else, into that file and chmod 600 it.");
    }
    if (content->owner != ::geteuid()) {
        wipe(content->bytes);
        return no_key(provider, whose + "belongs to another user", "Keep the key in a file of your own.");
    }
    if ((content->mode & 077U) != 0) {
        wipe(content->bytes);
        return no_key(provider, whose + "can be read or changed by others",
                      "chmod 600 " + one_line(path.native()));
    }
    auto key = bound(provider, origin, without_line_end(content->bytes), name);
    wipe(content->bytes);
    return key;
}

process::Command key_command(const config::Provider& provider, const Environment& environment,
                             const std::filesystem::path& home, Keyring keyring) {
    const auto& source = provider.key;
    process::Command command;
    if (source.kind == KeySource::Kind::keyring) {
        const KeyringProgram& program = program_of(keyring);
        for (const std::string_view word :
             {program.name, program.lookup, program.service, std::string_view{source.service},
              program.account, std::string_view{source.account}})
            command.argv.emplace_back(word);
        if (!program.end.empty()) command.argv.emplace_back(program.end);
    } else {
        command.argv = source.command;
        if (!command.argv.empty()) command.argv[0] = expand_home(command.argv[0], home).native();
    }
    const auto pass_on = [&](std::string name) {
        if (auto value = environment(name)) command.environment.emplace(std::move(name), std::move(*value));
    };
    for (const auto name : kPassedOn) pass_on(std::string{name});
    for (auto& name : environment_names(kPassedOnPrefix)) pass_on(std::move(name));
    command.directory = home;
    command.output_limit = kOutputLimit;
    command.timeout = kCommandTimeout;
    return command;
}

Result<Key> from_outcome(const config::Provider& provider, const Origin& origin, process::Outcome outcome,
                         Keyring keyring) {
    const bool in_keyring = provider.key.kind == KeySource::Kind::keyring;
    if (outcome.end != End::exited || outcome.code != 0) {
        Error error = in_keyring ? keyring_failed(provider, outcome, program_of(keyring))
                                 : command_failed(provider, outcome);
        wipe(outcome.output);
        wipe(outcome.errors);
        return error;
    }
    auto key = bound(provider, origin, first_line(outcome.output),
                     in_keyring ? keyring_name(provider.key) : command_name(provider));
    // Some fail with the status of success.
    if (!key) key.error().message += said(outcome);
    wipe(outcome.output);
    wipe(outcome.errors);
    return key;
}

Error waiting_for_editor(const config::Provider& provider) {
    return no_key(provider, "the editor has not handed over the key" + of_provider(provider),
                  "Enter the key in the editor (dragoman/key/set), or choose another key source.");
}

}  // namespace dragoman::secrets
