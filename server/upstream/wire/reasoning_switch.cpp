#include "server/upstream/wire/reasoning_switch.h"

#include "server/upstream/wire/model_traits.h"
#include "server/upstream/wire/text.h"

#include <algorithm>
#include <array>

namespace dragoman::wire {
namespace {

/// The field by which a vendor's own API switches thinking off.
enum class Vendor { none, effort, thinking, enable_thinking };

struct Family {
    std::string_view part, also;      // in the model's name; `also` may be empty
    Vendor vendor = Vendor::none;     // none: thinks never or always, there is no switch
    std::string_view effort{};        // the least one, where efforts are understood
    std::string_view template_key{};  // the argument of its chat template
};

/// Parts of a model's name in lower case; the first row that fits decides. OpenAI's own: least_effort().
constexpr std::array kFamilies = {
    Family{"thinking", ""},  // kimi-k2-thinking, qwen3-...-thinking-2507
    Family{"deepseek-v3.1", "", Vendor::thinking, "none", "thinking"},
    Family{"deepseek-v3.2", "", Vendor::thinking, "none", "thinking"},
    Family{"deepseek-v4", "", Vendor::thinking, "none", "thinking"},
    Family{"deepseek-flash", "", Vendor::thinking, "none", "thinking"},
    Family{"qwen3", "coder"},
    Family{"qwen3", "instruct"},
    Family{"qwen3", "max"},
    Family{"qwen3", "", Vendor::enable_thinking, "", "enable_thinking"},
    Family{"glm-4.5", "", Vendor::thinking, "", "enable_thinking"},
    Family{"glm-4.6", "", Vendor::thinking, "", "enable_thinking"},
    Family{"glm-4.7", "", Vendor::thinking, "", "enable_thinking"},
    Family{"glm-5", "", Vendor::thinking, "", "enable_thinking"},
    Family{"kimi-k2.5", "", Vendor::thinking, "", "thinking"},
    Family{"kimi-k2.6", "", Vendor::thinking, "", "thinking"},
    Family{"kimi-k3", "", Vendor::effort, "low"},
    Family{"gemini-2.5", "flash", Vendor::effort, "none"},
    Family{"gemini-2.5", "pro", Vendor::effort, "low"},
    Family{"gemini-3", "flash", Vendor::effort, "minimal"},
    Family{"gemini-3", "pro", Vendor::effort, "low"},
    Family{"gpt-oss", "", Vendor::effort, "low"},
    Family{"grok-3-mini", "", Vendor::effort, "low"},
    Family{"grok-4.3", "", Vendor::effort, "low"},
};

/// Members of a body that are about reasoning, whoever's.
constexpr std::array<std::string_view, 8> kReasoningFields = {
    "reasoning_effort", "reasoning",       "thinking",          "enable_thinking",
    "thinking_budget",  "thinking_config", "include_reasoning", "think"};
constexpr std::array<std::string_view, 2> kTemplateKeys = {"enable_thinking", "thinking"};

template <std::size_t N>
bool has_any(const Json& object, const std::array<std::string_view, N>& names) {
    // A null counts: it removes what would be sent.
    return object.is_object() && std::any_of(names.begin(), names.end(), [&](std::string_view name) {
               return object.contains(std::string{name});
           });
}

const Family* family_of(std::string_view name) {
    const auto row = std::find_if(kFamilies.begin(), kFamilies.end(), [&](const Family& family) {
        return contains(name, family.part) && contains(name, family.also);
    });
    return row == kFamilies.end() ? nullptr : &*row;
}

ReasoningOff off_by_effort(std::string_view effort) { return {.effort = std::string{effort}}; }

ReasoningOff off_by_field(std::string_view field, Json value) {
    return {.field = std::string{field}, .value = std::move(value)};
}

ReasoningOff off_at_vendor(const Family& family) {
    switch (family.vendor) {
        case Vendor::none: return {};
        case Vendor::effort: return off_by_effort(family.effort);
        case Vendor::thinking: return off_by_field("thinking", {{"type", "disabled"}});
        case Vendor::enable_thinking: return off_by_field("enable_thinking", Json(false));
    }
    return {};
}

/// Hosts that translate efforts for every model they serve; "none" is ignored by one that never thinks.
ReasoningOff off_by_translated_effort(const Family* family) {
    if (family == nullptr) return off_by_effort("none");
    if (family->vendor == Vendor::none) return {};
    return off_by_effort(family->effort.empty() ? "none" : family->effort);
}

}  // namespace

ReasoningOff reasoning_off(std::string_view model, ReasoningHost host, ChatApi api) {
    if (host == ReasoningHost::none) return {};
    if (const auto effort = least_effort(model)) return off_by_effort(*effort);
    const Family* family = family_of(plain_model_name(model));
    if (host == ReasoningHost::effort || host == ReasoningHost::nested_effort) {
        return off_by_translated_effort(family);
    }
    if (family == nullptr) return {};
    // The Responses API has one way to say it.
    if (api == ChatApi::responses || family->vendor == Vendor::effort) return off_by_effort(family->effort);
    switch (host) {
        case ReasoningHost::template_argument:
            if (family->template_key.empty()) return {};
            return off_by_field("chat_template_kwargs", {{std::string{family->template_key}, false}});
        case ReasoningHost::flag:
            return family->vendor == Vendor::none ? ReasoningOff{}
                                                  : off_by_field("enable_thinking", Json(false));
        default: return off_at_vendor(*family);
    }
}

bool speaks_of_reasoning(const Json& extra_body) {
    if (has_any(extra_body, kReasoningFields)) return true;
    const Json* arguments = find(extra_body, "chat_template_kwargs");
    return arguments != nullptr && has_any(*arguments, kTemplateKeys);
}

ReasoningHost reasoning_host(std::string_view name) {
    constexpr std::array kNames = {
        std::pair{"effort", ReasoningHost::effort}, std::pair{"nested-effort", ReasoningHost::nested_effort},
        std::pair{"template", ReasoningHost::template_argument}, std::pair{"flag", ReasoningHost::flag},
        std::pair{"none", ReasoningHost::none}};
    const auto row =
        std::find_if(kNames.begin(), kNames.end(), [&](const auto& r) { return name == r.first; });
    return row == kNames.end() ? ReasoningHost::vendor : row->second;
}

}  // namespace dragoman::wire
