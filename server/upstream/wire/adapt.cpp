#include "server/upstream/wire/adapt.h"

#include "server/upstream/wire/text.h"

#include <array>
#include <cctype>

namespace dragoman::wire {
namespace {

enum class Action { drop, swap_limit, swap_role, effort, format, reasoning };

/// A field as refusals call it, as the dialect calls it, and what helps.
struct Field {
    std::string_view name;     // in an error's param or message
    std::string_view dialect;  // wire name in Dialect::dropped
    Action action = Action::drop;
    bool plain_word = false;  // also a word of English: counts only in quotes or after a colon
};

constexpr std::array kFields = {
    Field{"max_tokens", "max_tokens", Action::swap_limit},
    Field{"max_completion_tokens", "max_completion_tokens", Action::swap_limit},
    Field{"max_output_tokens", "max_output_tokens"},
    Field{"temperature", "temperature"},
    Field{"top_p", "top_p"},
    Field{"presence_penalty", "presence_penalty"},
    Field{"frequency_penalty", "frequency_penalty"},
    Field{"logprobs", "logprobs"},
    Field{"top_logprobs", "top_logprobs"},
    Field{"seed", "seed"},
    Field{"random_seed", "random_seed"},
    Field{"stop", "stop", Action::drop, true},
    Field{"stream_options", "stream_options"},
    Field{"include_usage", "stream_options"},
    Field{"parallel_tool_calls", "parallel_tool_calls"},
    Field{"store", "store", Action::drop, true},
    Field{"include", "include", Action::drop, true},
    Field{"instructions", "instructions", Action::drop, true},
    Field{"verbosity", "verbosity"},
    Field{"text.verbosity", "verbosity"},
    Field{"prompt_cache_key", "prompt_cache_key"},
    Field{"suffix", "suffix"},
    Field{"cache_prompt", "cache_prompt"},
    Field{"strict", "strict", Action::drop, true},
    Field{"reasoning_effort", "reasoning_effort", Action::effort},
    Field{"reasoning.effort", "reasoning_effort", Action::effort},
    Field{"reasoning", "reasoning_effort", Action::effort, true},
    Field{"thinking", "thinking", Action::drop, true},
    Field{"thinking.type", "thinking"},
    Field{"enable_thinking", "enable_thinking"},
    Field{"chat_template_kwargs", "chat_template_kwargs"},
    Field{"chat_template", "chat_template_kwargs"},
    Field{"response_format", "response_format", Action::format},
    Field{"text.format", "response_format", Action::format},
    Field{"reasoning_content", "reasoning_content", Action::reasoning},
    Field{"role", "role", Action::swap_role, true},
};

/// Words by which a message refuses the field it names.
constexpr std::array<std::string_view, 17> kRefusals = {
    "unsupported",   "not supported",      "unrecognized",      "unknown",           "extra inputs",
    "not permitted", "not allowed",        "does not support",  "only 1 is allowed", "only the default",
    "unavailable",   "not available",      "currently support", "unexpected",        "cannot be used",
    "restricted to", "is allowed for this"};

/// A model that cannot but think. The least effort after none is worth trying there.
constexpr std::array<std::string_view, 4> kAlwaysThinks = {
    "reasoning is mandatory", "reasoning cannot be disabled", "thinking cannot be disabled",
    "only works in thinking mode"};

/// Refusals that name a feature and not the field: it is the first of these that was sent.
struct Saying {
    std::string_view words;
    std::array<std::string_view, 4> fields;
};
constexpr std::array<std::string_view, 4> kReasoningFields = {"reasoning_effort", "thinking",
                                                              "enable_thinking", "chat_template_kwargs"};
constexpr std::array kSayings = {Saying{"does not support insert", {"suffix"}},
                                 Saying{"does not support thinking", kReasoningFields},
                                 Saying{"does not support reasoning", kReasoningFields},
                                 Saying{kAlwaysThinks[0], kReasoningFields},
                                 Saying{kAlwaysThinks[1], kReasoningFields},
                                 Saying{kAlwaysThinks[2], kReasoningFields},
                                 Saying{kAlwaysThinks[3], kReasoningFields}};

/// Efforts from least to most.
constexpr std::array<std::string_view, 7> kEfforts = {"none", "minimal", "low", "medium",
                                                      "high", "xhigh",   "max"};

std::string words_of(const Error& error) {
    return lower_ascii(error.upstream_code + "\n" + error.upstream_message);
}

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& phrases) {
    return std::any_of(phrases.begin(), phrases.end(),
                       [&](std::string_view words) { return contains(text, words); });
}

bool refuses(std::string_view text) { return contains_any(text, kRefusals); }

bool name_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Where `name` stands as a whole word; one that is plain English only in quotes or after a colon.
std::size_t find_name(std::string_view text, std::string_view name, bool plain_word) {
    for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const auto end = at + name.size();
        if (at != 0 && name_byte(text[at - 1])) continue;
        if (end != text.size() && name_byte(text[end])) continue;
        const bool quoted = at != 0 && contains("'\"`.", text.substr(at - 1, 1));
        const bool after_colon = at >= 2 && text.substr(at - 2, 2) == ": ";
        if (!plain_word || quoted || after_colon) return at;
    }
    return std::string_view::npos;
}

bool any_message_has_role(const Json& sent, std::string_view role) {
    for (const auto* list : {"messages", "input"}) {
        const Json* messages = find(sent, list);
        if (messages == nullptr || !messages->is_array()) continue;
        for (const auto& message : *messages) {
            if (get_string(message, "role") == role) return true;
        }
    }
    return false;
}

bool any_tool_is_strict(const Json& sent) {
    const Json* tools = find(sent, "tools");
    if (tools == nullptr || !tools->is_array()) return false;
    return std::any_of(tools->begin(), tools->end(), [](const Json& tool) {
        const Json* function = find(tool, "function");
        return tool.contains("strict") || (function != nullptr && function->contains("strict"));
    });
}

bool was_sent(const Field& field, const Json& sent) {
    if (field.dialect == "reasoning_effort") {
        return find(sent, "reasoning_effort") != nullptr || find(sent, "reasoning") != nullptr;
    }
    const Json* text = find(sent, "text");
    if (field.dialect == "response_format") {
        return find(sent, "response_format") != nullptr ||
               (text != nullptr && find(*text, "format") != nullptr);
    }
    if (field.dialect == "verbosity" && text != nullptr) return find(*text, "verbosity") != nullptr;
    if (field.action == Action::swap_role)
        return find(sent, "messages") != nullptr || find(sent, "input") != nullptr;
    if (field.action == Action::reasoning) return find(sent, "messages") != nullptr;
    if (field.dialect == "strict") return any_tool_is_strict(sent);
    return find(sent, field.dialect) != nullptr;
}

const Field* field_named(std::string_view name, const Json& sent) {
    const auto row = std::find_if(kFields.begin(), kFields.end(),
                                  [&](const Field& f) { return f.name == name && was_sent(f, sent); });
    return row == kFields.end() ? nullptr : &*row;
}

/// The field that `param` names: "temperature", "reasoning.effort", "tools[0].function.strict",
/// "stream_options.include_usage", "messages[0].role".
const Field* field_of_param(std::string_view param, const Json& sent) {
    if (const Field* whole = field_named(param, sent)) return whole;
    const auto dot = param.rfind('.');
    if (dot == std::string_view::npos) return nullptr;
    if (const Field* last = field_named(param.substr(dot + 1), sent)) return last;
    return field_named(param.substr(0, param.find_first_of(".[")), sent);
}

/// The field that was sent and that the message names first; the longer of two that begin together.
const Field* field_of_message(std::string_view text, const Json& sent) {
    for (const auto& saying : kSayings) {
        if (!contains(text, saying.words)) continue;
        for (const auto field : saying.fields) {
            if (const Field* named = field_named(field, sent)) return named;
        }
        return nullptr;
    }
    if (!refuses(text)) return nullptr;
    const Field* best = nullptr;
    std::size_t first = std::string_view::npos;
    for (const auto& field : kFields) {
        if (!was_sent(field, sent)) continue;
        const auto at = find_name(text, field.name, field.plain_word);
        const bool longer = best != nullptr && at == first && field.name.size() > best->name.size();
        if (at < first || (at != std::string_view::npos && longer)) {
            best = &field;
            first = at;
        }
    }
    return best;
}

void drop(Dialect& dialect, std::string_view name) { dialect.dropped.emplace(name); }

std::optional<std::string> effort_of(const Json& sent) {
    const Json* reasoning = find(sent, "reasoning");
    return reasoning != nullptr ? get_string(*reasoning, "effort") : get_string(sent, "reasoning_effort");
}

/// A field that the model's name drops was sent all the same where the effort was none.
void drop_sent(Dialect& dialect, std::string_view name, const Json& sent) {
    const bool added = dialect.dropped.emplace(name).second;
    if (!added && effort_of(sent) == "none") dialect.refuses_sampling = true;
}

/// The other name of the output limit, where the refusal is about the name and not about the number.
void swap_limit(Dialect& dialect, std::string_view text, const Field& field) {
    const bool modern = field.name == "max_completion_tokens";
    const auto other = modern ? "max_tokens" : "max_completion_tokens";
    const bool names_other = find_name(text, other, false) != std::string_view::npos;
    if (refuses(text) || names_other) dialect.max_completion_tokens = !modern;
}

void swap_role(Dialect& dialect, std::string_view text, const Json& sent) {
    if (any_message_has_role(sent, "developer")) {
        dialect.developer_role = false;
    } else if (any_message_has_role(sent, "system") &&
               find_name(text, "system", true) != std::string_view::npos) {
        dialect.developer_role = true;
    }
}

/// The nearest effort among those that the message lists; without a list the field is dropped.
void change_effort(Dialect& dialect, std::string_view text, const Json& sent) {
    const auto value = effort_of(sent);
    const auto rank = std::find(kEfforts.begin(), kEfforts.end(), value.value_or(""));
    const auto distance = [&](auto other) { return std::abs(other - rank); };
    auto nearest = kEfforts.end();
    for (auto other = kEfforts.begin(); rank != kEfforts.end() && other != kEfforts.end(); ++other) {
        if (other == rank || find_name(text, *other, true) == std::string_view::npos) continue;
        if (nearest == kEfforts.end() || distance(other) < distance(nearest)) nearest = other;
    }
    if (nearest == kEfforts.end() && value == "none" && contains_any(text, kAlwaysThinks))
        nearest = std::find(kEfforts.begin(), kEfforts.end(), "low");
    const std::string key = "reasoning_effort=" + value.value_or("");
    if (nearest == kEfforts.end() || dialect.replaced.contains(key)) {
        drop(dialect, "reasoning_effort");
    } else {
        dialect.replaced[key] = *nearest;
    }
}

void change_format(Dialect& dialect, const Json& sent) {
    const Json* text = find(sent, "text");
    const Json* format = text != nullptr ? find(*text, "format") : find(sent, "response_format");
    if (format != nullptr && get_string(*format, "type") == "json_schema") {
        dialect.replaced["response_format=json_schema"] = Json{{"type", "json_object"}};
    } else {
        drop(dialect, "response_format");
    }
}

/// DeepSeek's thinking models refuse tool calls whose reasoning is missing, older ones refuse it.
void change_reasoning(Dialect& dialect, std::string_view text) {
    const bool wanted = contains(text, "must be") || contains(text, "required") || contains(text, "missing");
    dialect.send_reasoning = wanted;
}

/// Refusals of fields come as 400 and 422, in a stream without a status, and from llama.cpp as 500.
bool may_be_about_a_field(const Error& error) {
    if (error.kind != ErrorKind::bad_request) return false;
    constexpr std::array<int, 5> kStatuses = {0, 200, 400, 422, 500};
    return std::find(kStatuses.begin(), kStatuses.end(), error.http_status) != kStatuses.end();
}

}  // namespace

std::optional<Dialect> adapt(const Dialect& dialect, const Error& error, const Json& sent) {
    if (!may_be_about_a_field(error)) return std::nullopt;
    const std::string text = words_of(error);
    const Field* field = error.param.empty() ? nullptr : field_of_param(lower_ascii(error.param), sent);
    if (field == nullptr) field = field_of_message(text, sent);
    // "messages.0.role: Input should be 'system', ...": the place is in the message, the param is the list.
    const bool about_role = contains(text, "role") && any_message_has_role(sent, "developer");
    if (field == nullptr && about_role) field = field_named("role", sent);
    if (field == nullptr) return std::nullopt;

    Dialect next = dialect;
    switch (field->action) {
        case Action::drop: drop_sent(next, field->dialect, sent); break;
        case Action::swap_limit: swap_limit(next, text, *field); break;
        case Action::swap_role: swap_role(next, text, sent); break;
        case Action::effort: change_effort(next, text, sent); break;
        case Action::format: change_format(next, sent); break;
        case Action::reasoning: change_reasoning(next, text); break;
    }
    return next == dialect ? std::nullopt : std::optional{std::move(next)};
}

bool refuses_endpoint(const Error& error) {
    // Only such statuses: never after 401, 402, 429 or 5xx, and not for an answer that was merely empty.
    constexpr std::array<int, 5> kStatuses = {200, 400, 403, 404, 405};
    return error.kind == ErrorKind::bad_response && !error.retryable && error.partial_text.empty() &&
           std::find(kStatuses.begin(), kStatuses.end(), error.http_status) != kStatuses.end();
}

}  // namespace dragoman::wire
