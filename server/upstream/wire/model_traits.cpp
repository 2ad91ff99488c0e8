#include "server/upstream/wire/model_traits.h"

#include "server/upstream/wire/request.h"
#include "server/upstream/wire/text.h"

#include <array>
#include <charconv>

namespace dragoman::wire {
namespace {

struct Version {
    int major = 0, minor = 0;
};

/// The version of a name that begins "gpt-": {5, 1} for "gpt-5.1-codex"; zeros for other names.
Version gpt_version(std::string_view name) {
    Version version;
    if (!name.starts_with("gpt-")) return version;
    const char* end = name.data() + name.size();
    const auto after = std::from_chars(name.data() + 4, end, version.major).ptr;
    if (after != end && *after == '.') std::from_chars(after + 1, end, version.minor);
    return version;
}

bool is_chat_variant(std::string_view name) { return contains(name, "-chat"); }

constexpr std::array<std::string_view, 3> kThinkers = {"o1", "o3", "o4"};

/// "o3" and "o3-mini", not "o3x".
bool is_named(std::string_view name, std::string_view stem) {
    return name.starts_with(stem) && (name.size() == stem.size() || name[stem.size()] == '-');
}

/// Fields that a thinking model refuses, whatever their value.
constexpr std::array<const char*, 7> kSamplingFields = {"temperature",       "top_p",    "presence_penalty",
                                                        "frequency_penalty", "logprobs", "top_logprobs",
                                                        "logit_bias"};

/// Names of models that take no other temperature than 1, or none at all.
struct NameRule {
    std::string_view part, also{};
};
constexpr std::array kFixedTemperature = {NameRule{"gpt-5", "-chat"}, NameRule{"gpt-4o", "search-preview"},
                                          NameRule{"kimi-k2.5"},      NameRule{"kimi-k2.6"},
                                          NameRule{"kimi-k2.7"},      NameRule{"kimi-k3"}};
constexpr std::array kNoStop = {NameRule{"o3"}, NameRule{"o4-mini"}};
/// Refuse a turn with tool calls whose reasoning is not sent back.
constexpr std::array kReasoningSentBack = {NameRule{"deepseek-v4"}};
constexpr std::array<std::string_view, 6> kMistralNames = {"mistral",  "codestral", "ministral",
                                                           "devstral", "magistral", "pixtral"};

template <class Rules>
bool any_part(const Rules& rules, std::string_view name) {
    return std::any_of(rules.begin(), rules.end(), [&](const NameRule& rule) {
        return contains(name, rule.part) && contains(name, rule.also);
    });
}

/// Efforts by name where they differ from what the version tells. An empty one: there is no choice.
struct EffortRule {
    std::string_view part, effort;
};
constexpr std::array kEfforts = {EffortRule{"-pro", ""}, EffortRule{"o1-mini", ""},
                                 EffortRule{"o1-preview", ""}, EffortRule{"codex", "low"}};

}  // namespace

std::string plain_model_name(std::string_view model) {
    const auto slash = model.rfind('/');
    return lower_ascii(slash == std::string_view::npos ? model : model.substr(slash + 1));
}

bool is_reasoning_model(std::string_view model) {
    const std::string name = plain_model_name(model);
    if (is_chat_variant(name)) return false;
    return gpt_version(name).major >= 5 ||
           std::any_of(kThinkers.begin(), kThinkers.end(),
                       [&](std::string_view stem) { return is_named(name, stem); });
}

bool samples_without_effort(std::string_view model) {
    const std::string name = plain_model_name(model);
    const auto [major, minor] = gpt_version(name);
    return !is_chat_variant(name) && (major > 5 || (major == 5 && minor >= 1));
}

std::optional<std::string> least_effort(std::string_view model) {
    if (!is_reasoning_model(model)) return std::nullopt;
    const std::string name = plain_model_name(model);
    const auto row = std::find_if(kEfforts.begin(), kEfforts.end(),
                                  [&](const EffortRule& rule) { return contains(name, rule.part); });
    if (row != kEfforts.end()) return std::string{row->effort};
    if (gpt_version(name).major == 0) return "low";
    return samples_without_effort(model) ? "none" : "minimal";
}

Dialect initial_dialect(std::string_view model) {
    const std::string name = plain_model_name(model);
    Dialect dialect;
    if (is_reasoning_model(model)) {
        dialect.max_completion_tokens = true;
        dialect.developer_role = true;
        dialect.dropped.insert(kSamplingFields.begin(), kSamplingFields.end());
        const bool refuses_stop = std::any_of(
            kNoStop.begin(), kNoStop.end(), [&](const NameRule& rule) { return is_named(name, rule.part); });
        if (refuses_stop) dialect.dropped.insert("stop");
    }
    if (any_part(kFixedTemperature, name)) dialect.dropped.insert("temperature");
    dialect.send_reasoning = any_part(kReasoningSentBack, name);
    // Elsewhere (a local server, a gateway that writes "mistralai/...") the field has its usual name.
    dialect.random_seed =
        !contains(model, "/") && std::any_of(kMistralNames.begin(), kMistralNames.end(),
                                             [&](std::string_view stem) { return name.starts_with(stem); });
    return dialect;
}

}  // namespace dragoman::wire
