#include "server/completion/context/known_secrets.h"

#include <algorithm>
#include <functional>

namespace dragoman::completion {
namespace {

constexpr std::size_t kMostTexts = 500;

}  // namespace

const std::vector<privacy::Secret>& KnownSecrets::find(std::string_view text) {
    if (found_.size() >= kMostTexts) found_.clear();
    const auto [known, fresh] = found_.try_emplace(std::hash<std::string_view>{}(text));
    if (fresh) known->second = privacy::find_secrets(text);
    return known->second;
}

privacy::Masked KnownSecrets::mask(std::string_view text, std::size_t begin, std::size_t end) {
    privacy::Masked masked;
    std::size_t at = begin;
    for (const privacy::Secret& secret : find(text)) {
        if (secret.end <= begin || secret.begin >= end) continue;
        if (secret.begin > at) masked.text += text.substr(at, secret.begin - at);
        at = std::max(at, secret.begin);
        const std::size_t behind = std::min(end, secret.end);
        masked.text += privacy::mask_of(text.substr(at, behind - at));
        masked.kinds.push_back(secret.kind);
        at = behind;
    }
    masked.text += text.substr(at, end - at);
    return masked;
}

}  // namespace dragoman::completion
