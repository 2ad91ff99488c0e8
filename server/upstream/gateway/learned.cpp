#include "server/upstream/gateway/learned.h"

#include <algorithm>
#include <array>

namespace dragoman::gateway {
namespace {

std::vector<std::string> newly_dropped(const wire::Dialect& before, const wire::Dialect& after) {
    std::vector<std::string> names;
    std::ranges::set_difference(after.dropped, before.dropped, std::back_inserter(names));
    return names;
}

}  // namespace

std::optional<config::Api> Learned::api(const std::string& base) const {
    const auto* kept = apis_.get(base);
    return kept ? std::optional{*kept} : std::nullopt;
}

wire::Dialect Learned::dialect(const std::string& base, const std::string& model) const {
    const auto* kept = dialects_.get({base, model});
    return kept ? *kept : wire::initial_dialect(model);
}

void Learned::keep_dialect(const std::string& base, const std::string& model, wire::Dialect dialect) {
    dialects_.put({base, model}, std::move(dialect));
}

bool Learned::refused(const std::string& base, const std::string& model, const std::string& route) const {
    return refused_.get({base, model, route}) != nullptr;
}

void Learned::refuse(const std::string& base, const std::string& model, const std::string& route) {
    refused_.put({base, model, route}, true);
}

std::string describe_change(const wire::Dialect& before, const wire::Dialect& after) {
    const auto dropped = newly_dropped(before, after);
    if (!dropped.empty()) return dropped.front() + " left out";
    for (const auto& [name, value] : after.replaced) {
        const auto old = before.replaced.find(name);
        if (old == before.replaced.end() || old->second != value) return name + " replaced";
    }
    if (before.max_completion_tokens != after.max_completion_tokens) {
        return after.max_completion_tokens ? "max_tokens sent as max_completion_tokens"
                                           : "max_completion_tokens sent as max_tokens";
    }
    if (before.developer_role != after.developer_role) {
        return after.developer_role ? "role system sent as developer" : "role developer sent as system";
    }
    if (before.send_reasoning != after.send_reasoning) {
        return after.send_reasoning ? "reasoning sent back" : "reasoning not sent back";
    }
    if (before.random_seed != after.random_seed) return "seed renamed";
    return "request changed";
}

bool loses_the_question(const wire::Dialect& before, const wire::Dialect& after) {
    static constexpr std::array kQuestion{"model",  "messages",     "input",       "prompt",
                                          "suffix", "input_prefix", "input_suffix"};
    return std::ranges::any_of(newly_dropped(before, after), [](const std::string& name) {
        return std::ranges::find(kQuestion, name) != kQuestion.end();
    });
}

}  // namespace dragoman::gateway
