#include "server/completion/cache.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

/// Of entries that are compared for one place. Only texts that repeat themselves come near it.
constexpr std::size_t kMostLooks = 2048;

}  // namespace

std::size_t Cache::cost(const Entry& entry) { return sizeof(Entry) + entry.text.size() + entry.id.size(); }

std::vector<Cache::Hit> Cache::find(const Place& place, std::size_t most) {
    std::vector<Hit> hits;
    std::vector<Entries::iterator> used;
    std::size_t looks = 0;
    const auto& tails = place.tails();
    for (std::size_t back = 0; back < tails.size() && hits.size() < most; ++back) {
        const auto bucket = by_tail_.find(tails[back]);
        if (bucket == by_tail_.end()) continue;
        for (auto at = bucket->second.rbegin(); at != bucket->second.rend(); ++at) {
            if (hits.size() == most || ++looks > kMostLooks) break;
            const Entry& entry = **at;
            const auto typed = place.typed_since(entry.anchor, back);
            if (!typed) continue;
            const auto rest = rest_behind(typed->text, entry.text);
            if (!rest || (rest->empty() && back != 0)) continue;
            const bool known =
                std::any_of(hits.begin(), hits.end(), [&](const Hit& hit) { return hit.rest == *rest; });
            if (known) continue;
            hits.push_back({std::string{*rest}, typed->closers, entry.whole, entry.id});
            used.push_back(*at);
        }
    }
    for (auto at = used.rbegin(); at != used.rend(); ++at) entries_.splice(entries_.begin(), entries_, *at);
    return hits;
}

void Cache::put(const Anchor& anchor, std::string text, bool whole, std::string id) {
    if (const auto bucket = by_tail_.find(anchor.tail_hash); bucket != by_tail_.end()) {
        const auto same = std::find_if(bucket->second.begin(), bucket->second.end(), [&](const auto& one) {
            return one->anchor == anchor && (one->id == id || one->text == text);
        });
        if (same != bucket->second.end()) drop(*same);
    }
    if (text.empty() && !whole) return;
    Entry entry{anchor, std::move(text), std::move(id), whole};
    if (cost(entry) > limits_.bytes || limits_.entries == 0) return;
    bytes_ += cost(entry);
    entries_.push_front(std::move(entry));
    by_tail_[anchor.tail_hash].push_back(entries_.begin());
    while (entries_.size() > limits_.entries || bytes_ > limits_.bytes) drop(std::prev(entries_.end()));
}

void Cache::drop(Entries::iterator entry) {
    const auto bucket = by_tail_.find(entry->anchor.tail_hash);
    std::erase(bucket->second, entry);
    if (bucket->second.empty()) by_tail_.erase(bucket);
    bytes_ -= cost(*entry);
    entries_.erase(entry);
}

void Cache::clear() {
    by_tail_.clear();
    entries_.clear();
    bytes_ = 0;
}

}  // namespace dragoman::completion
