#include "server/edit/tracked_range.h"

#include <algorithm>
#include <string>

namespace dragoman::edit {

bool TrackedRange::follow(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
    const bool whole =
        std::any_of(changes.begin(), changes.end(), [](const AppliedChange& one) { return one.whole; });
    bool untouched = true;
    if (whole) {  // only what differs counts: editors without incremental changes send all of the text
        const std::string before = document_.text.to_string(), after = now.text.to_string();
        const std::size_t shorter = std::min(before.size(), after.size());
        std::size_t head = 0, tail = 0;
        while (head < shorter && before[head] == after[head]) ++head;
        while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
            ++tail;
        const std::size_t removed = before.size() - head - tail, inserted = after.size() - head - tail;
        untouched = (removed == 0 && inserted == 0) || apply(head, removed, inserted);
    } else {
        for (const AppliedChange& one : changes) {
            untouched = untouched && apply(one.begin, one.removed, one.inserted.size());
        }
    }
    document_ = now;
    return untouched;
}

bool TrackedRange::apply(std::size_t at, std::size_t removed, std::size_t inserted) {
    if (begin_ == end_ && at <= begin_ && at + removed >= begin_) return false;
    if (at >= end_) return true;
    if (at + removed > begin_) return false;
    begin_ = begin_ - removed + inserted;
    end_ = end_ - removed + inserted;
    return true;
}

}  // namespace dragoman::edit
