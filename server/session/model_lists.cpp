#include "server/session/model_lists.h"

#include <algorithm>

namespace dragoman::session {
namespace {
constexpr std::chrono::hours kFresh{1};
}

// One request, and who waits for it.
struct ModelLists::Fetch {
    std::unique_ptr<gateway::Call> call{};
    std::vector<std::weak_ptr<Waiter>> waiters{};
    bool behind = false;  // wanted whoever waits
};

struct ModelLists::Waiter {
    Waiter(Answer to, std::weak_ptr<Fetch> from) : answer{std::move(to)}, fetch{std::move(from)} {}
    ~Waiter() {
        const auto open = fetch.lock();
        if (!open || open->behind) return;
        const auto& all = open->waiters;
        if (std::all_of(all.begin(), all.end(), [](const auto& one) { return one.expired(); }))
            open->call.reset();
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    Answer answer;
    std::weak_ptr<Fetch> fetch;
};

std::shared_ptr<void> ModelLists::get(const std::shared_ptr<const config::Provider>& provider, bool refresh,
                                      Answer answer) {
    Listing& listing = listings_[key_of(*provider)];
    if (listing.fetched && !refresh) {
        if (clock_.now() - *listing.fetched >= kFresh) fetch(provider, listing).behind = true;
        answer({listing.models});
        return nullptr;
    }
    Fetch& under_way = fetch(provider, listing);
    auto waiter = std::make_shared<Waiter>(std::move(answer), listing.fetch);
    under_way.waiters.push_back(waiter);
    return waiter;
}

std::optional<wire::ListedModel> ModelLists::known(const config::Provider& provider,
                                                   const std::string& model) const {
    const auto listing = listings_.find(key_of(provider));
    if (listing == listings_.end()) return std::nullopt;
    const auto& all = listing->second.models;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == model; });
    return found == all.end() ? std::nullopt : std::optional{*found};
}

// The one under way, or a new one. One that everybody let go of has no call any more.
ModelLists::Fetch& ModelLists::fetch(const std::shared_ptr<const config::Provider>& provider,
                                     Listing& listing) {
    if (listing.fetch && listing.fetch->call) return *listing.fetch;
    listing.fetch = std::make_shared<Fetch>();
    listing.fetch->call = gateway_.models(
        provider, [this, key = key_of(*provider)](auto listed) { arrived(Key{key}, std::move(listed)); });
    return *listing.fetch;
}

void ModelLists::arrived(const Key& key, Result<std::vector<wire::ListedModel>> listed) {
    Listing& listing = listings_[key];
    const auto done = std::exchange(listing.fetch, nullptr);
    List list;
    if (listed) {
        listing.models = std::move(listed).value();
        listing.fetched = clock_.now();
    } else {
        list.error = std::move(listed).error();
    }
    list.models = listing.models;
    for (const auto& waiter : done->waiters) {
        if (const auto open = waiter.lock()) open->answer(list);
    }
}

}  // namespace dragoman::session
