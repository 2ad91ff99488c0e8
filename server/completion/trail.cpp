#include "server/completion/trail.h"

#include "server/documents/documents.h"

#include <algorithm>

namespace dragoman::completion {
namespace {
constexpr std::size_t kMostEntries = 200;
constexpr std::size_t kMostSteps = 100;
}  // namespace

void Trail::add(TrailEntry entry) {
    entries_.push_front(std::move(entry));
    if (entries_.size() > kMostEntries) entries_.pop_back();
}

TrailEntry* Trail::find(const std::string& id) {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const auto& one) { return one.id == id; });
    return found == entries_.end() ? nullptr : &*found;
}

void Trail::note(const std::string& id, std::string step, std::string detail) {
    TrailEntry* entry = find(id);
    if (entry != nullptr && entry->steps.size() < kMostSteps) {
        entry->note(std::move(step), std::move(detail));
    }
}

std::vector<TrailEntry> Trail::list(const std::optional<std::string>& uri, std::size_t limit) const {
    const std::optional<std::string> wanted = uri ? std::optional{normalise_uri(*uri)} : std::nullopt;
    std::vector<TrailEntry> out;
    for (const TrailEntry& entry : entries_) {
        if (out.size() == limit) break;
        if (!wanted || normalise_uri(entry.uri) == *wanted) out.push_back(entry);
    }
    return out;
}

}  // namespace dragoman::completion
