#include "server/upstream/gateway/facts.h"

#include "protocol/base/json.h"
#include "server/upstream/gateway/learned.h"
#include "server/upstream/wire/endpoints.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace dragoman::gateway {
namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

constexpr std::chrono::hours kDay{24};
/// Two daemons' clocks are one, but it may be set back a little between two looks at it.
constexpr std::chrono::hours kClockSlack{1};
constexpr std::size_t kMostOfAKind = 1000;
constexpr std::size_t kLongestName = 512;
constexpr std::size_t kMostFields = 64;
constexpr JsonLimits kLimits{.depth = 8, .values = 200'000, .bytes = 4U << 20U};
constexpr int kVersion = 1;

constexpr std::array kApis{std::pair{config::Api::chat, std::string_view{"chat"}},
                           std::pair{config::Api::responses, std::string_view{"responses"}}};

struct Flag {
    std::string_view name;
    bool wire::Dialect::*member;
};
constexpr std::array kFlags{Flag{"maxCompletionTokens", &wire::Dialect::max_completion_tokens},
                            Flag{"developerRole", &wire::Dialect::developer_role},
                            Flag{"sendReasoning", &wire::Dialect::send_reasoning},
                            Flag{"randomSeed", &wire::Dialect::random_seed},
                            Flag{"refusesSampling", &wire::Dialect::refuses_sampling}};

template <class Value>
void merge_kind(std::map<Names, Fact<Value>>& mine, std::map<Names, Fact<Value>>& others) {
    for (auto& [names, fact] : others) {
        const auto [at, added] = mine.try_emplace(names, fact);
        if (!added && at->second.since < fact.since) at->second = std::move(fact);
    }
}

template <class Value>
void drop_stale_of(std::map<Names, Fact<Value>>& kind, Clock::WallTime now) {
    std::erase_if(kind, [now](const auto& entry) { return !is_fresh(entry.second.since, now); });
    if (kind.size() <= kMostOfAKind) return;
    std::vector<Clock::WallTime> times;
    for (const auto& [names, fact] : kind) times.push_back(fact.since);
    const auto oldest_kept = times.end() - static_cast<std::ptrdiff_t>(kMostOfAKind);
    std::nth_element(times.begin(), oldest_kept, times.end());
    std::erase_if(kind, [limit = *oldest_kept](const auto& entry) { return entry.second.since < limit; });
}

bool is_plain_base(const std::string& base) {
    const auto normal = wire::normalise_base_url(base);
    return normal && *normal == base;
}

Json dialect_json(const wire::Dialect& dialect) {
    Json out = Json::object();
    for (const auto& flag : kFlags) {
        if (dialect.*flag.member) out[std::string{flag.name}] = true;
    }
    if (!dialect.dropped.empty()) out["dropped"] = dialect.dropped;
    if (!dialect.replaced.empty()) out["replaced"] = dialect.replaced;
    return out;
}

/// What adapt() ever puts in a field's place: another effort, or a simpler format.
bool is_replacement(const std::string& name, const Json& value) {
    if (name == "response_format=json_schema") return value == Json{{"type", "json_object"}};
    return name.starts_with("reasoning_effort=") && value.is_string();
}

std::optional<wire::Dialect> dialect_of(const Json& value, const std::string& model) {
    if (!value.is_object()) return std::nullopt;
    wire::Dialect out;
    for (const auto& flag : kFlags) out.*flag.member = get_bool(value, flag.name).value_or(false);
    if (const Json* dropped = find(value, "dropped")) {
        if (!dropped->is_array() || dropped->size() > kMostFields) return std::nullopt;
        for (const auto& name : *dropped) {
            if (!name.is_string()) return std::nullopt;
            out.dropped.insert(name.get<std::string>());
        }
    }
    if (const Json* replaced = find(value, "replaced")) {
        if (!replaced->is_object() || replaced->size() > kMostFields) return std::nullopt;
        for (const auto& [name, other] : replaced->items()) {
            if (!is_replacement(name, other)) return std::nullopt;
            out.replaced[name] = other;
        }
    }
    if (loses_the_question(wire::initial_dialect(model), out)) return std::nullopt;
    return out;
}

template <class Value, class Write>
Json write_kind(const std::map<Names, Fact<Value>>& kind, const std::vector<const char*>& names,
                Write write) {
    Json out = Json::array();
    for (const auto& [key, fact] : kind) {
        if (key.size() != names.size() || !is_plain_base(key.front())) continue;
        Json entry = {{"since", duration_cast<seconds>(fact.since.time_since_epoch()).count()}};
        for (std::size_t i = 0; i < names.size(); ++i) entry[names[i]] = key[i];
        write(entry, fact.value);
        out.push_back(std::move(entry));
    }
    return out;
}

/// `read` makes a value of an entry, or nothing of one that is no fact.
template <class Value, class Read>
void read_kind(const Json& document, const char* list, const std::vector<const char*>& names,
               Clock::WallTime now, std::map<Names, Fact<Value>>& out, Read read) {
    const Json* entries = find(document, list);
    if (entries == nullptr || !entries->is_array()) return;
    for (const auto& entry : *entries) {
        Names key;
        for (const auto* name : names) {
            auto text = get_string(entry, name).value_or("");
            if (!text.empty() && text.size() <= kLongestName) key.push_back(std::move(text));
        }
        if (key.size() != names.size() || !is_plain_base(key.front())) continue;
        const auto since = get_int(entry, "since");
        constexpr std::int64_t kLastSecond = 1LL << 33;  // in the year 2242
        if (!since || *since < 0 || *since > kLastSecond) continue;
        const Clock::WallTime learned{seconds{*since}};
        std::optional<Value> value = read(entry);
        if (value && is_fresh(learned, now)) out[std::move(key)] = {std::move(*value), learned};
    }
}

std::optional<config::Api> api_of(const Json& entry) {
    const auto name = get_string(entry, "api").value_or("");
    for (const auto& [api, word] : kApis) {
        if (name == word) return api;
    }
    return std::nullopt;
}

}  // namespace

bool is_fresh(Clock::WallTime since, Clock::WallTime now) {
    return since <= now + kClockSlack && now < since + kDay;
}

void merge(Facts& facts, Facts other) {
    merge_kind(facts.apis, other.apis);
    merge_kind(facts.dialects, other.dialects);
    merge_kind(facts.refused, other.refused);
}

void drop_stale(Facts& facts, Clock::WallTime now) {
    drop_stale_of(facts.apis, now);
    drop_stale_of(facts.dialects, now);
    drop_stale_of(facts.refused, now);
}

std::string write_facts(const Facts& facts) {
    Json document = {{"version", kVersion}};
    document["apis"] = write_kind(facts.apis, {"base"}, [](Json& entry, config::Api api) {
        for (const auto& [known, word] : kApis) {
            if (known == api) entry["api"] = word;
        }
    });
    document["dialects"] = write_kind(
        facts.dialects, {"base", "model"},
        [](Json& entry, const wire::Dialect& dialect) { entry["dialect"] = dialect_json(dialect); });
    document["refusedRoutes"] =
        write_kind(facts.refused, {"base", "model", "route"}, [](Json&, std::monostate) {});
    return dump_json(document) + "\n";
}

ReadFacts read_facts(std::string_view text, Clock::WallTime now) {
    const auto document = parse_json(text, kLimits);
    if (!document || get_int(*document, "version") != kVersion) return {.facts = {}, .broken = true};
    ReadFacts out;
    read_kind(*document, "apis", {"base"}, now, out.facts.apis, api_of);
    read_kind(*document, "dialects", {"base", "model"}, now, out.facts.dialects, [](const Json& entry) {
        const Json* dialect = find(entry, "dialect");
        return dialect ? dialect_of(*dialect, get_string(entry, "model").value_or("")) : std::nullopt;
    });
    read_kind(*document, "refusedRoutes", {"base", "model", "route"}, now, out.facts.refused,
              [](const Json&) { return std::optional{std::monostate{}}; });
    drop_stale(out.facts, now);
    return out;
}

}  // namespace dragoman::gateway
