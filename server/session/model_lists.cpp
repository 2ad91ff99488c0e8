#include "server/session/model_lists.h"

namespace dragoman::session {
namespace {
constexpr std::chrono::hours kFresh{1};
}

std::shared_ptr<void> ModelLists::get(const std::shared_ptr<const config::Provider>& provider, bool refresh,
                                      Answer answer) {
    const auto known = listings_.find(provider->name);
    if (!refresh && known != listings_.end() && known->second.base_url == provider->base_url &&
        clock_.now() - known->second.fetched < kFresh) {
        answer(known->second.models);
        return nullptr;
    }
    return gateway_.models(provider, [this, provider, answer = std::move(answer)](auto listed) {
        if (listed) listings_[provider->name] = {provider->base_url, *listed, clock_.now()};
        answer(std::move(listed));
    });
}

}  // namespace dragoman::session
