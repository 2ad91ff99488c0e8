#include "server/completion/context/passages.h"

#include "server/completion/text/lines.h"
#include "server/support/tokens.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <set>

namespace dragoman::completion {
namespace {

// How far around the cursor names count, in bytes, and how much the farthest of them.
constexpr std::size_t kBefore = 3'000, kAfter = 1'000;
constexpr float kFarthest = 0.25F, kPart = 0.15F;
// Of a name that a passage told of already, for the passages after it.
constexpr float kToldAlready = 0.3F;
constexpr std::size_t kCandidates = 64, kFewestLines = 12, kMostLines = 30;
constexpr float kLeast = 0.03F;  // of the best one's score; what has less to do with the matter is left out
constexpr std::string_view kKeyBegins = "-----BEGIN";
constexpr std::size_t kKeyReach = 4'000;  // bytes: a private key of 4096 bits
constexpr double kNearDuplicate = 0.7;
constexpr auto kVisitCounts = std::chrono::minutes{10};
constexpr std::size_t kMostChunks = 20'000;  // of all documents: what a search reads through in a millisecond

std::string_view file_name(std::string_view uri) { return uri.substr(uri.rfind('/') + 1); }
std::string_view folder(std::string_view uri) { return uri.substr(0, uri.size() - file_name(uri).size()); }
// "shape" of shape.h, shape.cpp and shape_test.cpp.
std::string_view stem(std::string_view uri) {
    std::string_view name = file_name(uri);
    name = name.substr(0, name.find('.', 1));
    for (const std::string_view ending : {"_test", "-test", "_spec", "_impl", "_internal"}) {
        if (name.size() > ending.size() && name.ends_with(ending)) name.remove_suffix(ending.size());
    }
    if (name.size() > 5 && name.starts_with("test_")) name.remove_prefix(5);
    return name;
}

// \n line ends, and one at its end; no empty lines before and behind.
std::string whole_lines(std::string_view text) {
    std::string lines = normalise_line_ends(text);
    const std::size_t from = lines.find_first_not_of(kSpace);
    if (from == std::string::npos) return {};
    lines.erase(lines.find_last_not_of(kSpace) + 1);
    const std::size_t newline = lines.rfind('\n', from);
    if (newline != std::string::npos) lines.erase(0, newline + 1);
    return lines + '\n';
}

}  // namespace

// What the text around the cursor speaks of, and how much each name is worth.
struct Passages::Interest {
    std::bitset<kFeatures> any;  // asked first: it stays in the processor's nearest cache
    std::vector<float> worth = std::vector<float>(kFeatures);
    std::vector<Feature> all;

    void clear() {
        for (const Feature feature : all) {
            any.reset(feature);
            worth[feature] = 0;
        }
        all.clear();
    }
    void take(std::string_view text, bool before, const Frequencies& frequencies) {
        for (const Mention& mention : find_mentions(text)) {
            const std::size_t away = before ? text.size() - mention.at : mention.at;
            const float distance = static_cast<float>(away) / static_cast<float>(before ? kBefore : kAfter);
            const float near = 1.0F - (1.0F - kFarthest) * std::min(1.0F, distance);
            const float value = near * (mention.part ? kPart : 1.0F) * frequencies.weight(mention.feature);
            if (value <= worth[mention.feature]) continue;
            worth[mention.feature] = value;
            any.set(mention.feature);
            all.push_back(mention.feature);
        }
    }
    float of(const Chunk& chunk) const {
        float sum = 0;
        for (const Feature feature : chunk.features) {
            if (any[feature]) sum += worth[feature];
        }
        return sum / std::sqrt(static_cast<float>(chunk.features.size()) + 20.0F);
    }
    void told(const Chunk& chunk) {
        for (const Feature feature : chunk.features) worth[feature] *= kToldAlready;
    }
};

struct Passages::Candidate {
    const Entry* entry = nullptr;
    std::size_t index = 0, begin = 0;           // of the chunk: its number, its first byte
    std::size_t first_free = 0, last_free = 0;  // how far it may grow: chunks that are not visible
    float factor = 1, score = 0;
};

struct Passages::Range {
    std::size_t first = 0, last = 0;  // chunks
    std::size_t begin = 0, end = 0;   // bytes
};

Passages::Passages(Clock& clock, KnownSecrets& secrets) : clock_{clock}, secrets_{secrets} {}
Passages::~Passages() = default;

void Passages::changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
    const auto found = entries_.find(now.uri);
    if (found == entries_.end()) return;  // look_at() will meet it
    Entry& entry = found->second;
    bool follows = true;
    for (const AppliedChange& change : changes)
        follows = follows && !change.whole && entry.chunks->apply(change);
    if (!follows || entry.chunks->bytes() != now.text.size()) entry.chunks->reset(now.text.size());
    entry.snapshot = now;
}

void Passages::closed(const std::string& uri) { entries_.erase(uri); }

void Passages::visited(const std::string& uri, std::size_t offset) {
    const auto found = entries_.find(uri);
    if (found != entries_.end()) found->second.chunks->visit(offset, clock_.now());
}

void Passages::look_at(const std::vector<DocumentSnapshot>& open) {
    std::set<std::string_view> wanted;
    std::size_t chunks = 0;
    for (const DocumentSnapshot& document : open) {
        if (wanted.size() == kMostDocuments || chunks > kMostChunks) break;
        wanted.insert(document.uri);
        Entry& entry = entries_[document.uri];
        if (!entry.chunks) entry.chunks = std::make_unique<Chunks>(frequencies_);
        if (entry.chunks->all().empty() || entry.snapshot.revision != document.revision) {
            entry.chunks->reset(document.text.size());
            entry.snapshot = document;
        }
        entry.chunks->refresh(document.text);
        chunks += entry.chunks->all().size();
    }
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        entry = wanted.count(entry->first) != 0 ? std::next(entry) : entries_.erase(entry);
    }
}

float Passages::factor(const Query& query, const DocumentSnapshot& document) const {
    if (document.uri == query.document.uri) return 1.0F;
    float factor = 1.0F;
    if (document.language_id == query.document.language_id) factor *= 1.15F;
    if (stem(document.uri) == stem(query.document.uri)) factor *= 1.25F;
    if (folder(document.uri) == folder(query.document.uri)) factor *= 1.1F;
    return factor;
}

std::vector<Passages::Candidate> Passages::rank(const Query& query, const Interest& interest) const {
    std::vector<Candidate> candidates;
    const auto now = clock_.now();
    for (const auto& [uri, entry] : entries_) {
        const bool here = uri == query.document.uri;
        const float base = factor(query, entry.snapshot);
        const auto& chunks = entry.chunks->all();
        std::size_t begin = 0, first_free = 0, last_free = chunks.size() - 1;
        const std::size_t of_this = candidates.size();
        for (std::size_t i = 0; i < chunks.size(); begin += chunks[i++].bytes) {
            if (here && begin < query.visible_end && begin + chunks[i].bytes > query.visible_begin) {
                first_free = i + 1;
                last_free = std::min(last_free, i == 0 ? 0 : i - 1);
                continue;
            }
            const float own = interest.of(chunks[i]);
            if (own <= 0) continue;
            const bool recent = chunks[i].visited && now - *chunks[i].visited < kVisitCounts;
            const float all = recent ? base * 1.3F : base;
            candidates.push_back({&entry, i, begin, first_free, chunks.size() - 1, all, own * all});
        }
        for (std::size_t c = of_this; c < candidates.size(); ++c) {
            if (candidates[c].index <= last_free) candidates[c].last_free = last_free;
        }
    }
    const auto best =
        candidates.begin() + static_cast<std::ptrdiff_t>(std::min(kCandidates, candidates.size()));
    std::partial_sort(candidates.begin(), best, candidates.end(),
                      [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
    candidates.erase(best, candidates.end());
    return candidates;
}

// Grows towards the better neighbour while that has to do with the matter or the passage is short.
Passages::Range Passages::grow(const Candidate& candidate, const Interest& interest,
                               const std::set<std::size_t>& taken, const SeenLines& seen) const {
    const auto& chunks = candidate.entry->chunks->all();
    const Text& text = candidate.entry->snapshot.text;
    Range range{candidate.index, candidate.index, candidate.begin,
                candidate.begin + chunks[candidate.index].bytes};
    const float enough = 0.5F * interest.of(chunks[candidate.index]);
    const auto is_new = [&](std::size_t begin, std::size_t end) {
        return seen.share(text.slice(begin, end)) < kNearDuplicate;
    };
    for (;;) {
        const std::size_t lines = text.line_of(range.end) - text.line_of(range.begin);
        if (lines >= kMostLines) return range;
        const bool up = range.first > candidate.first_free && taken.count(range.first - 1) == 0 &&
                        is_new(range.begin - chunks[range.first - 1].bytes, range.begin);
        const bool down = range.last < candidate.last_free && taken.count(range.last + 1) == 0 &&
                          is_new(range.end, range.end + chunks[range.last + 1].bytes);
        const float before = up ? interest.of(chunks[range.first - 1]) : -1;
        const float after = down ? interest.of(chunks[range.last + 1]) : -1;
        const float better = std::max(before, after);
        if (better < 0 || (better < enough && lines >= kFewestLines)) return range;
        if (before > after) {
            range.begin -= chunks[--range.first].bytes;
        } else {
            range.end += chunks[++range.last].bytes;
        }
    }
}

Passage Passages::cut(const Candidate& candidate, const Range& range) const {
    const DocumentSnapshot& document = candidate.entry->snapshot;
    // A passage may begin in the midst of a private key, the one secret of many lines, which is known by how
    // it begins.
    std::size_t from = range.begin, to = range.end;
    const std::size_t reach = from > kKeyReach ? from - kKeyReach : 0;
    const std::size_t key = document.text.slice(reach, to).find(kKeyBegins);
    if (key != std::string::npos) {
        from = std::min(from, reach + key);
        to += kKeyReach;
    }
    const std::string around = document.text.slice(from, to);
    const std::size_t begin = range.begin - from, end = range.end - from;
    privacy::Masked masked = secrets_.mask(around, begin, end);
    Passage passage;
    passage.uri = document.uri;
    passage.original = whole_lines(std::string_view{around}.substr(begin, end - begin));
    passage.text = masked.kinds.empty() ? passage.original : whole_lines(masked.text);
    passage.masked = std::move(masked.kinds);
    passage.tokens = estimate_tokens(passage.text);
    return passage;
}

std::vector<Passage> Passages::similar(const Query& query, std::size_t budget, SeenLines seen) {
    const Text& text = query.document.text;
    const std::size_t from = query.cursor > kBefore ? query.cursor - kBefore : 0;
    if (!interest_) interest_ = std::make_unique<Interest>();
    interest_->clear();
    interest_->take(text.slice(from, query.cursor), true, frequencies_);
    interest_->take(text.slice(query.cursor, query.cursor + kAfter), false, frequencies_);

    std::vector<Candidate> candidates = rank(query, *interest_);
    const float least = candidates.empty() ? 0 : candidates.front().score * kLeast;
    std::map<const Entry*, bool> allowed;
    std::map<const Entry*, std::set<std::size_t>> taken;
    std::vector<Passage> passages;
    while (!candidates.empty() && budget > 0) {
        for (Candidate& candidate : candidates) {
            candidate.score =
                candidate.factor * interest_->of(candidate.entry->chunks->all()[candidate.index]);
        }
        const auto best =
            std::max_element(candidates.begin(), candidates.end(),
                             [](const Candidate& a, const Candidate& b) { return a.score < b.score; });
        const Candidate candidate = *best;
        candidates.erase(best);
        if (candidate.score < least) break;
        auto& taken_here = taken[candidate.entry];
        if (taken_here.count(candidate.index) != 0) continue;
        const auto [known, first] = allowed.emplace(candidate.entry, true);
        if (first && query.allow) known->second = query.allow(candidate.entry->snapshot.uri);
        if (!known->second) continue;
        const Chunk& chunk = candidate.entry->chunks->all()[candidate.index];
        const Text& whole = candidate.entry->snapshot.text;
        if (seen.share(whole.slice(candidate.begin, candidate.begin + chunk.bytes)) >= kNearDuplicate)
            continue;
        const Range range = grow(candidate, *interest_, taken_here, seen);
        Passage passage = cut(candidate, range);
        if (passage.text.empty() || passage.tokens > budget || seen.share(passage.text) >= kNearDuplicate)
            continue;
        budget -= passage.tokens;
        seen.add(passage.text);
        for (std::size_t i = range.first; i <= range.last; ++i) {
            taken_here.insert(i);
            interest_->told(candidate.entry->chunks->all()[i]);
        }
        passages.push_back(std::move(passage));
    }
    return passages;
}

}  // namespace dragoman::completion
