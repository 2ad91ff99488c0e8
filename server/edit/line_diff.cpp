#include "server/edit/line_diff.h"

#include <algorithm>
#include <optional>

namespace dragoman::edit {
namespace {

using Lines = std::vector<std::string_view>;
using Index = std::ptrdiff_t;

/// The part of both texts that lies between their equal beginning and their equal end.
struct Middle {
    const Lines& before;
    const Lines& after;
    std::size_t skipped = 0;  // equal lines at the beginning
    Index old_size = 0, new_size = 0;

    bool equal(Index x, Index y) const {
        return before[skipped + static_cast<std::size_t>(x)] == after[skipped + static_cast<std::size_t>(y)];
    }
};

Middle middle_of(const Lines& before, const Lines& after) {
    const auto shorter = std::min(before.size(), after.size());
    std::size_t head = 0, tail = 0;
    while (head < shorter && before[head] == after[head]) ++head;
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    return {.before = before,
            .after = after,
            .skipped = head,
            .old_size = static_cast<Index>(before.size() - head - tail),
            .new_size = static_cast<Index>(after.size() - head - tail)};
}

/// How far each diagonal k = x - y was reached with d changes: the x of diagonal k is at [k + d].
using Reach = std::vector<Index>;

/// The diagonal from which diagonal `k` is entered with the `d`th change: k + 1 adds a line, k - 1 removes
/// one.
Index entered_from(const Reach& before, Index d, Index k) {
    const auto x = [&](Index diagonal) { return before[static_cast<std::size_t>(diagonal + d - 1)]; };
    return k == -d || (k != d && x(k - 1) < x(k + 1)) ? k + 1 : k - 1;
}

/// Where diagonal `k` is entered, on the grid of old lines (x) and new lines (y).
Index entry(const Reach& before, Index d, Index k) {
    const Index from = entered_from(before, d, k);
    return before[static_cast<std::size_t>(from + d - 1)] + (from < k ? 1 : 0);
}

/// The reaches for 0, 1, ... changes, until both texts are at their end; nothing where that takes too many.
std::optional<std::vector<Reach>> search(const Middle& middle, Index most) {
    std::vector<Reach> reaches;
    for (Index d = 0; d <= most; ++d) {
        Reach reach(static_cast<std::size_t>(2 * d + 1));
        for (Index k = -d; k <= d; k += 2) {
            Index x = d == 0 ? 0 : entry(reaches.back(), d, k);
            while (x < middle.old_size && x - k < middle.new_size && middle.equal(x, x - k)) ++x;
            reach[static_cast<std::size_t>(k + d)] = x;
            if (x == middle.old_size && x - k == middle.new_size) return reaches;
        }
        reaches.push_back(std::move(reach));
    }
    return std::nullopt;
}

void add(std::vector<LineHunk>& backwards, const LineHunk& step) {
    LineHunk* next = backwards.empty() ? nullptr : &backwards.back();
    if (next != nullptr && next->old_begin == step.old_end && next->new_begin == step.new_end) {
        next->old_begin = step.old_begin;
        next->new_begin = step.new_begin;
    } else {
        backwards.push_back(step);
    }
}

}  // namespace

std::vector<LineHunk> diff_lines(const Lines& before, const Lines& after, std::size_t most_changes) {
    const Middle middle = middle_of(before, after);
    if (middle.old_size == 0 && middle.new_size == 0) return {};
    const auto place = [&](Index at) { return middle.skipped + static_cast<std::size_t>(at); };
    const auto reaches = search(middle, static_cast<Index>(most_changes));
    if (!reaches) return {{place(0), place(middle.old_size), place(0), place(middle.new_size)}};

    std::vector<LineHunk> hunks;
    Index k = middle.old_size - middle.new_size;
    for (Index d = static_cast<Index>(reaches->size()); d > 0; --d) {
        const Reach& earlier = (*reaches)[static_cast<std::size_t>(d - 1)];
        const Index from = entered_from(earlier, d, k), x = entry(earlier, d, k), y = x - k;
        const bool removed = from < k;
        add(hunks, {place(removed ? x - 1 : x), place(x), place(removed ? y : y - 1), place(y)});
        k = from;
    }
    std::reverse(hunks.begin(), hunks.end());
    return hunks;
}

}  // namespace dragoman::edit
