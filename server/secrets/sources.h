// What each kind of key source is asked, and what its answer means: values in, a Key or an Error out.
// An Error names the provider, the source and the cure, and never holds any part of a key.
#pragma once

#include "server/secrets/keys.h"

namespace dragoman::secrets {

/// A no_key error about `provider`.
Error no_key(const config::Provider& provider, std::string message, std::string hint);

Result<Key> from_environment(const config::Provider& provider, const Origin& origin,
                             const Environment& environment);

/// Refuses a file that others can read or that belongs to somebody else.
Result<Key> from_file(const config::Provider& provider, const Origin& origin, Files& files,
                      const std::filesystem::path& home);
/// Where the key file is, with ~ expanded.
std::filesystem::path key_file(const config::Provider& provider, const std::filesystem::path& home);

/// The store of secrets that a keyring key lies in.
enum class Keyring {
    secret_service,  // Linux and the BSDs: libsecret's secret-tool
    keychain,        // macOS: security(1)
};
#ifdef __APPLE__
inline constexpr Keyring kKeyring = Keyring::keychain;
#else
inline constexpr Keyring kKeyring = Keyring::secret_service;
#endif

/// The program that knows the key: the configured command, or the one that asks the keyring.
process::Command key_command(const config::Provider& provider, const Environment& environment,
                             const std::filesystem::path& home, Keyring keyring = kKeyring);
/// What that program's end tells; its output is wiped.
Result<Key> from_outcome(const config::Provider& provider, const Origin& origin, process::Outcome outcome,
                         Keyring keyring = kKeyring);

/// Without a key from the editor: how to give one.
Error waiting_for_editor(const config::Provider& provider);

}  // namespace dragoman::secrets
