// A key is looked up by provider name, source and origin together: two projects may give one name to
// different gateways, and neither must ever see the other's key.
#include "server/secrets/keys.h"

#include "protocol/base/utf.h"
#include "server/secrets/sources.h"
#include "server/support/log.h"

#include <cstring>
#include <list>

namespace dragoman::secrets {
namespace {

using config::KeySource;
using Kind = KeySource::Kind;

constexpr std::chrono::seconds kTimeToLive{15 * 60};
constexpr std::chrono::seconds kIdle{15 * 60};  // that long a key is kept which nobody asks for
// Keystrokes come many a second; a locked password manager is not asked again for each.
constexpr std::chrono::seconds kFailureStands{10};

struct Waiter {
    Keys::Answer answer;  // empty: the ticket was dropped
};

struct WaiterTicket final : Keys::Ticket {
    explicit WaiterTicket(std::shared_ptr<Waiter> waiting) : waiter{std::move(waiting)} {}
    ~WaiterTicket() override { waiter->answer = nullptr; }
    std::shared_ptr<Waiter> waiter;
};

/// What is known of one provider's key.
struct Entry {
    std::string provider;
    KeySource source;
    Origin origin;

    std::optional<Result<Key>> kept{};  // the source's last answer
    Key replaced{};                     // while its successor is asked for: stderr may quote it
    Clock::Time kept_until{};           // of programs
    std::optional<FileStamp> stamp{};   // of files
    std::string refreshed{};            // the fingerprint of the key that refresh() was last called for
    Clock::Time used{};
    Timer idle{};

    std::unique_ptr<process::Running> running{};
    std::vector<std::shared_ptr<Waiter>> waiters{};
};

bool is_program(Kind kind) { return kind == Kind::command || kind == Kind::keyring; }

}  // namespace

class Keys::Impl {
public:
    Impl(Clock& clock, Files& files, Environment environment, process::Runner& runner, Paths paths)
        : clock_{clock},
          files_{files},
          environment_{std::move(environment)},
          runner_{runner},
          home_{std::move(paths.home)} {}

    std::unique_ptr<Ticket> get(const config::Provider& provider, Answer answer) {
        if (auto known = at_hand(provider)) {
            answer(std::move(*known));
            return std::make_unique<Ticket>();
        }
        Entry& entry = entry_of(provider, origin_of(provider).value());
        auto waiter = std::make_shared<Waiter>(Waiter{std::move(answer)});
        entry.waiters.push_back(waiter);
        if (!entry.running) start(provider, entry);
        return std::make_unique<WaiterTicket>(std::move(waiter));
    }

    bool refresh(const config::Provider& provider) {
        const auto origin = origin_of(provider);
        const Kind kind = provider.key.kind;
        if (!origin || editor_key(provider, *origin) || (!is_program(kind) && kind != Kind::file))
            return false;
        Entry& entry = entry_of(provider, *origin);
        if (entry.running) return true;  // somebody else's refresh
        if (!entry.kept || !entry.kept->ok()) return false;
        const std::string fingerprint = (*entry.kept)->fingerprint();
        if (entry.refreshed == fingerprint) return false;
        entry.refreshed = fingerprint;
        entry.replaced = **entry.kept;
        entry.kept.reset();
        return true;
    }

    Result<bool, std::string> set_from_editor(const config::Provider& provider,
                                              std::optional<std::string> text) {
        const auto origin = origin_of(provider);
        if (!origin) return origin.error();
        const auto place = std::make_pair(provider.name, *origin);
        if (!text) {
            from_editor_.erase(place);
            return false;
        }
        auto key = Key::bind(*text, *origin);
        ::explicit_bzero(text->data(), text->size());
        if (!key) return "the key cannot be used: " + key.error();
        from_editor_.insert_or_assign(place, std::move(key).value());
        return true;
    }

    Status status(const config::Provider& provider) {
        Status status;
        status.provider = provider.name;
        status.source = provider.key.describe();
        const auto origin = origin_of(provider);
        if (!origin) return status;
        if (editor_key(provider, *origin)) status.source = KeySource{.kind = Kind::editor}.describe();
        auto known = at_hand(provider);
        if (!known) known = entry_of(provider, *origin).kept;  // a program's answer that has grown old
        if (known && known->ok()) {
            status.present = (*known)->present();
            status.fingerprint = (*known)->fingerprint();
        }
        return status;
    }

private:
    static Result<Origin, std::string> origin_of(const config::Provider& provider) {
        auto url = parse_url(provider.base_url);
        if (!url)
            return "the base URL of provider \"" + one_line(provider.name) +
                   "\" cannot be used: " + url.error();
        return std::move(url->origin);
    }

    const Key* editor_key(const config::Provider& provider, const Origin& origin) const {
        const auto found = from_editor_.find({provider.name, origin});
        return found == from_editor_.end() ? nullptr : &found->second;
    }

    Entry& entry_of(const config::Provider& provider, const Origin& origin) {
        for (auto& entry : entries_) {
            if (entry.provider == provider.name && entry.origin == origin && entry.source == provider.key)
                return entry;
        }
        return entries_.emplace_back(
            Entry{.provider = provider.name, .source = provider.key, .origin = origin});
    }

    Entry& used_entry(const config::Provider& provider, const Origin& origin) {
        Entry& entry = entry_of(provider, origin);
        entry.used = clock_.now();
        if (!entry.idle) watch(entry);
        return entry;
    }

    void watch(Entry& entry) {
        const auto until = std::max(entry.used + kIdle, entry.kept_until);
        const auto left = std::chrono::ceil<Milliseconds>(until - clock_.now());
        entry.idle = clock_.after(left, [this, &entry] { wipe_if_idle(entry); });
    }

    void wipe_if_idle(Entry& entry) {
        const auto now = clock_.now();
        if (entry.running) entry.used = now;
        if (now < std::max(entry.used + kIdle, entry.kept_until)) return watch(entry);
        entry.kept.reset();
        entry.idle.reset();
    }

    /// The answer when it takes no program; nothing when one must be asked.
    std::optional<Result<Key>> at_hand(const config::Provider& provider) {
        const auto origin = origin_of(provider);
        if (!origin) return no_key(provider, origin.error(), "Correct this provider's baseUrl.");
        if (const Key* key = editor_key(provider, *origin)) return *key;
        switch (provider.key.kind) {
            case Kind::none: return Key{};
            case Kind::editor: return waiting_for_editor(provider);
            case Kind::env: return environment_key(provider, *origin);
            case Kind::file: return file_key(provider, *origin);
            case Kind::command:
            case Kind::keyring: break;
        }
        const Entry& entry = used_entry(provider, *origin);
        if (entry.kept && clock_.now() < entry.kept_until) return entry.kept;
        return std::nullopt;
    }

    // The environment of a process stays as it is, so a key found there is kept.
    Result<Key> environment_key(const config::Provider& provider, const Origin& origin) {
        Entry& entry = used_entry(provider, origin);
        if (!entry.kept || !entry.kept->ok()) entry.kept = from_environment(provider, origin, environment_);
        return *entry.kept;
    }

    Result<Key> file_key(const config::Provider& provider, const Origin& origin) {
        Entry& entry = used_entry(provider, origin);
        const auto stamp = files_.stamp(key_file(provider, home_));
        if (!entry.kept || !entry.kept->ok() || !stamp || stamp != entry.stamp) {
            entry.kept = from_file(provider, origin, files_, home_);
            entry.stamp = stamp;
        }
        return *entry.kept;
    }

    void start(const config::Provider& provider, Entry& entry) {
        log::debug("asking the {} for the key of provider {}", provider.key.describe(), provider.name);
        entry.running = runner_.run(key_command(provider, environment_, home_),
                                    [this, &entry, provider](process::Outcome outcome) {
                                        finish(provider, entry, std::move(outcome));
                                    });
    }

    void finish(const config::Provider& provider, Entry& entry, process::Outcome outcome) {
        const auto ended = std::move(entry.running);
        const auto waiters = std::exchange(entry.waiters, {});
        const auto result = from_outcome(provider, entry.origin, std::move(outcome));
        const std::chrono::seconds life =
            provider.key.ttl_seconds ? std::chrono::seconds{*provider.key.ttl_seconds} : kTimeToLive;
        entry.kept = result;
        entry.replaced = {};
        entry.kept_until = clock_.now() + (result.ok() ? life : kFailureStands);
        // From here on an answer may do anything, even end this object.
        for (const auto& waiter : waiters) {
            if (auto answer = std::exchange(waiter->answer, nullptr)) answer(result);
        }
    }

    Clock& clock_;
    Files& files_;
    Environment environment_;
    process::Runner& runner_;
    std::filesystem::path home_;
    std::list<Entry> entries_;  // entries stay in place: running commands refer to theirs
    std::map<std::pair<std::string, Origin>, Key> from_editor_;
};

Keys::Keys(Clock& clock, Files& files, Environment environment, process::Runner& runner, Paths paths)
    : impl_{std::make_unique<Impl>(clock, files, std::move(environment), runner, std::move(paths))} {}

Keys::~Keys() = default;

std::unique_ptr<Keys::Ticket> Keys::get(const config::Provider& provider, Answer answer) {
    return impl_->get(provider, std::move(answer));
}

bool Keys::refresh(const config::Provider& provider) { return impl_->refresh(provider); }

Result<bool, std::string> Keys::set_from_editor(const config::Provider& provider,
                                                std::optional<std::string> key) {
    return impl_->set_from_editor(provider, std::move(key));
}

Keys::Status Keys::status(const config::Provider& provider) { return impl_->status(provider); }

}  // namespace dragoman::secrets
