#include "server/chat/windows.h"

#include <algorithm>

namespace dragoman::chat {
namespace {

/// Estimates further off than this say more about the gateway's counting than about the text.
constexpr double kLeastScale = 0.5, kMostScale = 3.0;
constexpr double kPatience = 0.3;  // what one usage weighs against all before it
/// Below it the chat template, which nobody tells, weighs more than the text.
constexpr std::size_t kTelling = 200;

constexpr std::size_t kAnswer = 4'096;

std::optional<std::size_t> smaller(std::optional<std::size_t> a, std::optional<std::size_t> b) {
    return a && b ? std::min(*a, *b) : a ? a : b;
}

}  // namespace

std::string Windows::name_of(const config::ModelRef& model) {
    return model.provider->base_url + "\n" + model.model.id;
}

double Windows::scale(const config::ModelRef& model) const {
    const auto known = learned_.find(name_of(model));
    return known == learned_.end() ? 1.0 : known->second.scale;
}

std::optional<std::size_t> Windows::told_limit(const config::ModelRef& model) const {
    std::optional<std::int64_t> said = model.model.context_length;
    if (!said && listed) said = listed(model);
    std::optional<std::size_t> limit;
    if (said && *said > 0) limit = static_cast<std::size_t>(*said);
    const auto known = learned_.find(name_of(model));
    return known == learned_.end() ? limit : smaller(limit, known->second.told);
}

std::optional<std::size_t> Windows::limit(const config::ModelRef& model) const {
    const auto known = learned_.find(name_of(model));
    return known == learned_.end() ? told_limit(model) : smaller(told_limit(model), known->second.guessed);
}

TokenCounter Windows::counter(const config::ModelRef& model) const {
    return TokenCounter{model.model.id, scale(model)};
}

void Windows::counted(const config::ModelRef& model, std::size_t estimated, std::int64_t input) {
    if (estimated < kTelling || input <= 0) return;
    double& scale = learned_[name_of(model)].scale;
    const double now = scale * static_cast<double>(input) / static_cast<double>(estimated);
    scale = std::clamp(scale + kPatience * (now - scale), kLeastScale, kMostScale);
}

void Windows::refused(const config::ModelRef& model, const Error& error, std::size_t estimated,
                      std::size_t answer) {
    Learned& learned = learned_[name_of(model)];
    std::int64_t counted = error.prompt_tokens.value_or(0);  // exact, and of the very same text
    if (error.context_limit && *error.context_limit > 0) {
        const auto limit = static_cast<std::size_t>(*error.context_limit);
        learned.told = limit;
        learned.guessed.reset();
        // It was more than there was room for, whatever the estimate said.
        if (counted <= 0 && limit > answer && estimated < limit - answer)
            counted = static_cast<std::int64_t>(limit - answer);
    } else {
        learned.guessed = std::max(estimated / 2 + answer, kLeastGuess);
    }
    if (counted > 0 && estimated > 0) {
        const double now = learned.scale * static_cast<double>(counted) / static_cast<double>(estimated);
        learned.scale = std::clamp(now, kLeastScale, kMostScale);
    }
}

std::size_t room_for_answer(std::optional<std::int64_t> max_tokens, std::size_t limit) {
    if (max_tokens && *max_tokens > 0) return static_cast<std::size_t>(*max_tokens);
    return std::min(kAnswer, limit / 4);
}

}  // namespace dragoman::chat
