// Where keys come from, and the one way they leave: as a header of a request to their own origin.
#pragma once

#include "protocol/base/result.h"
#include "server/config/config.h"
#include "server/process/runner.h"
#include "server/support/files.h"
#include "server/support/paths.h"
#include "server/support/url.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace dragoman::secrets {

/// A key bound to an origin. Its text can be had as a header for that origin and in no other way;
/// it prints as ***. Copies share the text, which is wiped when the last one goes; until then the log cuts it
/// out of every line.
class Key {
public:
    Key() = default;  // no key: local servers
    /// Refuses (message for a person) a key that is empty, over 8 KiB, or holds control characters,
    /// blanks inside, or bytes beyond ASCII. Blanks around it and a pasted "Bearer " are trimmed first.
    static Result<Key, std::string> bind(std::string_view text, const Origin& origin);

    bool present() const { return text_ != nullptr; }
    /// "Authorization: Bearer ..." when `origin` is the key's own; nothing otherwise or without a key.
    std::optional<std::pair<std::string, std::string>> header_for(const Origin& origin) const;
    /// The first 8 hex digits of the key's SHA-256; empty without a key.
    std::string fingerprint() const;
    bool starts_with(std::string_view prefix) const;
    /// The text was given with blanks around it, which were cut off.
    bool was_trimmed() const { return trimmed_; }

private:
    struct Text;  // wiped on destruction
    std::shared_ptr<const Text> text_;
    Origin origin_;
    bool trimmed_ = false;
};

/// Asks each provider's source when first needed, keeps the answer, shares one running key command
/// among all who wait for it. A key that nobody asked for in a quarter of an hour, and whose time is over, is
/// wiped: so are those of sources that the settings do not name any more. Loop thread.
class Keys {
public:
    Keys(Clock& clock, Files& files, Environment environment, process::Runner& runner, Paths paths);
    ~Keys();

    using Answer = std::function<void(Result<Key>)>;
    /// Dropping the ticket drops the answer (a key command goes on for others who wait).
    struct Ticket {
        virtual ~Ticket() = default;
    };
    /// Calls `answer` once: at once (from inside) when the key is at hand, later otherwise. Ends with
    /// no_key; for a command the message holds its exit status and first line of stderr.
    [[nodiscard]] std::unique_ptr<Ticket> get(const config::Provider& provider, Answer answer);

    /// After a 401: the next get() asks the source anew. False when that was done for this key already,
    /// or the source cannot give another (environment, editor).
    bool refresh(const config::Provider& provider);

    /// dragoman/key/set: held in memory only, wins over the configured source. Nothing: forget it.
    Result<bool, std::string> set_from_editor(const config::Provider& provider,
                                              std::optional<std::string> key);

    struct Status {
        std::string provider, source;
        bool present = false;
        std::string fingerprint;
    };
    /// What is known without starting a program: a command that was not run yet is not present.
    Status status(const config::Provider& provider);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dragoman::secrets
