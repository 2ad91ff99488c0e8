// What gateways taught us by refusing: which API they speak, which fields a model does not take, which
// fill routes it lacks. Kept for a day, in memory.
#pragma once

#include "server/config/config.h"
#include "server/support/clock.h"
#include "server/upstream/wire/request.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dragoman::gateway {

/// Values that are forgotten a day after they were put.
template <class Key, class Value>
class DayMemory {
public:
    explicit DayMemory(Clock& clock) : clock_{clock} {}

    const Value* get(const Key& key) const {
        const auto at = kept_.find(key);
        return at != kept_.end() && clock_.now() < at->second.until ? &at->second.value : nullptr;
    }
    void put(const Key& key, Value value) {
        std::erase_if(kept_, [now = clock_.now()](const auto& entry) { return entry.second.until <= now; });
        kept_.insert_or_assign(key, Entry{std::move(value), clock_.now() + std::chrono::hours{24}});
    }

private:
    struct Entry {
        Value value;
        Clock::Time until;
    };
    Clock& clock_;
    std::map<Key, Entry> kept_;
};

/// `base` is a normalised base URL throughout. Loop thread.
class Learned {
public:
    explicit Learned(Clock& clock) : apis_{clock}, dialects_{clock}, refused_{clock} {}

    /// Chat or responses, once a gateway answered one after refusing the other.
    std::optional<config::Api> api(const std::string& base) const;
    void keep_api(const std::string& base, config::Api api) { apis_.put(base, api); }

    /// What was learned, else what the model's name tells.
    wire::Dialect dialect(const std::string& base, const std::string& model) const;
    void keep_dialect(const std::string& base, const std::string& model, wire::Dialect dialect);

    bool refused(const std::string& base, const std::string& model, const std::string& route) const;
    void refuse(const std::string& base, const std::string& model, const std::string& route);

private:
    using Names = std::vector<std::string>;
    DayMemory<std::string, config::Api> apis_;
    DayMemory<Names, wire::Dialect> dialects_;
    DayMemory<Names, bool> refused_;
};

/// In words, for the trail: "temperature left out", "max_tokens sent as max_completion_tokens".
std::string describe_change(const wire::Dialect& before, const wire::Dialect& after);

/// The change would leave out what the request is about, so the answer would be to another question.
bool loses_the_question(const wire::Dialect& before, const wire::Dialect& after);

}  // namespace dragoman::gateway
