#include "server/completion/context/edits.h"

#include "server/completion/text/lines.h"
#include "server/privacy/secret_text.h"

#include <algorithm>
#include <utility>

namespace dragoman::completion {
namespace {

constexpr auto kPause = std::chrono::seconds{10};  // after which the same lines begin a new edit
constexpr std::size_t kMostLineBytes = 300;        // of a line that is shown
constexpr std::size_t kMostBytes = 16 * 1024;      // of the lines of an edit; generated texts have more

/// Of whole lines.
std::size_t bytes_of(const Text& text, std::size_t first, std::size_t count) {
    return text.line_start(first + count) - text.line_start(first);
}

/// A line that stands beside an edit.
std::string neighbour(const Text& text, std::size_t line) {
    return bytes_of(text, line, 1) > kMostBytes ? std::string{} : text.line(line);
}

std::vector<std::string> lines_of(const Text& text, std::size_t first, std::size_t count) {
    std::vector<std::string> lines;
    for (std::size_t i = first; i < first + count && i < text.line_count(); ++i)
        lines.push_back(text.line(i));
    return lines;
}

bool same_but_for_blanks(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const auto words = [](const std::vector<std::string>& lines) {
        std::string all;
        for (const std::string& line : lines) {
            std::copy_if(line.begin(), line.end(), std::back_inserter(all),
                         [](char c) { return c != ' ' && c != '\t'; });
        }
        return all;
    };
    return words(a) == words(b);
}

// The lines with one above and one below them, their secrets masked together: a key may be many lines.
std::vector<std::string> masked_lines(const std::string& above, const std::vector<std::string>& lines,
                                      const std::string& below, std::vector<std::string_view>& kinds) {
    std::string all = above;
    for (const std::string& line : lines) all.append("\n").append(line);
    all.append("\n").append(below);
    const privacy::Masked masked = privacy::mask_secrets(all);
    kinds.insert(kinds.end(), masked.kinds.begin(), masked.kinds.end());
    const auto views = split_lines(masked.text);
    return {views.begin(), views.end()};
}

void add_line(std::string& text, char sign, std::string_view line) {
    text += sign;
    // Cut between characters: a byte that continues one never begins the rest.
    std::size_t end = std::min(line.size(), kMostLineBytes);
    while (end < line.size() && end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    text += line.substr(0, end);
    text += '\n';
}

}  // namespace

void Edits::changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
    const auto [known, fresh] = texts_.emplace(now.uri, now.text);
    const bool whole =
        std::any_of(changes.begin(), changes.end(), [](const AppliedChange& change) { return change.whole; });
    if (!fresh && !whole) {
        Text before = known->second;
        for (const AppliedChange& change : changes) {
            const Text after = before.replace(change.begin, change.begin + change.removed, change.inserted);
            const std::size_t first = before.line_of(change.begin);
            const std::size_t last = before.line_of(change.begin + change.removed);
            const std::size_t last_now = after.line_of(change.begin + change.inserted.size());
            apply(now.uri, before, after, {first, last - first + 1, last_now - first + 1});
            before = after;
        }
        forget_undone();
    } else if (whole) {
        // Where the lines of older edits are now is not known; what was changed stays true.
        for (Region& region : regions_) {
            if (region.shown.uri != now.uri) continue;
            region.last = Clock::Time{};
            region.shown.overwritten = true;
        }
    }
    known->second = now.text;
}

void Edits::closed(const std::string& uri) { texts_.erase(uri); }

void Edits::apply(const std::string& uri, const Text& before, const Text& after, const Span& span) {
    if (bytes_of(before, span.line, span.before) > kMostBytes ||
        bytes_of(after, span.line, span.after) > kMostBytes) {
        return move_others(uri, span);
    }
    const auto now = clock_.now();
    const auto same = std::find_if(regions_.rbegin(), regions_.rend(), [&](const Region& region) {
        return region.shown.uri == uri && now - region.last < kPause &&
               span.line <= region.line + region.lines && span.line + span.before >= region.line;
    });
    Region region;
    if (same != regions_.rend()) {
        region = std::move(*same);
        regions_.erase(std::next(same).base());
    } else {
        region.shown.uri = uri;
        region.line = span.line;
        region.lines = span.before;
        region.removed = lines_of(before, span.line, span.before);
    }
    const bool fits = extend(region, before, after, span);
    move_others(uri, span);
    if (!fits) return;
    region.last = now;
    regions_.push_back(std::move(region));
    if (regions_.size() > kMost) regions_.pop_front();
}

// Makes the region cover the changed lines too, and reads what they are now. What lies between was not
// changed since the region began, so it is the same in what was removed. False where it has grown too large.
bool Edits::extend(Region& region, const Text& before, const Text& after, const Span& span) const {
    const std::size_t end = std::max(region.line + region.lines, span.line + span.before);
    const std::size_t first = std::min(region.line, span.line);
    if (end - first > kMostLines || span.after > kMostLines) return false;
    if (bytes_of(before, first, end - first) > kMostBytes) return false;
    std::vector<std::string> removed = lines_of(before, first, region.line - first);
    removed.insert(removed.end(), region.removed.begin(), region.removed.end());
    const std::size_t old_end = region.line + region.lines;
    const std::vector<std::string> behind = lines_of(before, old_end, end - old_end);
    removed.insert(removed.end(), behind.begin(), behind.end());
    region.removed = std::move(removed);
    region.line = first;
    region.lines = end - first + span.after - span.before;
    if (region.lines > kMostLines || region.removed.size() > kMostLines) return false;
    region.added = lines_of(after, region.line, region.lines);
    region.above = region.line > 0 ? neighbour(after, region.line - 1) : std::string{};
    region.below = neighbour(after, region.line + region.lines);
    region.is_rendered = false;
    return true;
}

void Edits::move_others(const std::string& uri, const Span& span) {
    for (Region& region : regions_) {
        if (region.shown.uri != uri) continue;
        if (region.line >= span.line + span.before) {
            region.line += span.after - span.before;
        } else if (region.line + region.lines > span.line) {
            region.shown.overwritten = true;
        }
    }
}

// An edit that ends where it began is none, and one that takes back an older one takes both away.
void Edits::forget_undone() {
    if (regions_.empty()) return;
    const Region& last = regions_.back();
    if (last.removed == last.added) {
        // Not gone while it may go on: what is typed next belongs to the same lines, and recent() is silent.
        return;
    }
    const auto undone = std::find_if(regions_.begin(), regions_.end() - 1, [&](const Region& region) {
        return region.shown.uri == last.shown.uri && region.line == last.line &&
               region.removed == last.added && region.added == last.removed;
    });
    if (undone == regions_.end() - 1) return;
    regions_.pop_back();
    regions_.erase(undone);
}

// A region covers whole bursts of typing; shown is what differs, and a line around it.
void Edits::render(Region& region) {
    Edit& shown = region.shown;
    shown.text.clear();
    shown.masked.clear();
    shown.first_line = shown.end_line = 0;
    if (same_but_for_blanks(region.removed, region.added)) return;
    const auto removed = masked_lines(region.above, region.removed, region.below, shown.masked);
    const auto added = masked_lines(region.above, region.added, region.below, shown.masked);
    const std::size_t shorter = std::min(removed.size(), added.size());
    std::size_t head = 0, tail = 0;
    while (head < shorter && removed[head] == added[head]) ++head;
    while (tail < shorter - head && removed[removed.size() - 1 - tail] == added[added.size() - 1 - tail])
        ++tail;
    if (head + tail == removed.size() && head + tail == added.size()) return;
    shown.first_line = head == 0 ? 0 : head - 1;  // the first of `added` is the line above the region
    shown.end_line = added.size() - tail - 1;
    if (head > 0 && has_word(added[head - 1])) add_line(shown.text, ' ', added[head - 1]);
    for (std::size_t i = head; i < removed.size() - tail; ++i) {
        if (!is_blank(removed[i])) add_line(shown.text, '-', removed[i]);
    }
    for (std::size_t i = head; i < added.size() - tail; ++i) {
        if (!is_blank(added[i])) add_line(shown.text, '+', added[i]);
    }
    if (tail > 0 && has_word(added[added.size() - tail]))
        add_line(shown.text, ' ', added[added.size() - tail]);
}

std::vector<Edits::Edit> Edits::recent() {
    std::vector<Edit> edits;
    for (Region& region : regions_) {
        if (!std::exchange(region.is_rendered, true)) render(region);
    }
    for (auto region = regions_.rbegin(); region != regions_.rend(); ++region) {
        if (region->shown.text.empty()) continue;
        edits.push_back(region->shown);
        edits.back().first_line += region->line;
        edits.back().end_line += region->line;
    }
    return edits;
}

}  // namespace dragoman::completion
