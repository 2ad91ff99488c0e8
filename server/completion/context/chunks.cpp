#include "server/completion/context/chunks.h"

#include "server/completion/text/lines.h"

#include <algorithm>
#include <cmath>

namespace dragoman::completion {
namespace {

constexpr std::size_t kFewestLines = 6, kMostChunkLines = 16, kMostChunkBytes = 1'500;
constexpr std::size_t kNotOpen = 50;           // chunks
constexpr std::size_t kMinifiedBytes = 4'000;  // one line of this size is no code that anybody wrote

// A line that goes on with what stands above it rather than beginning something.
bool begins_something(std::string_view line) {
    return !line.empty() && line.front() != ' ' && line.front() != '\t' && is_word(line.front());
}

}  // namespace

void Frequencies::add(const std::vector<Feature>& features) {
    if (features.empty()) return;
    if (counts_.empty()) counts_.resize(kFeatures);
    for (const Feature feature : features) ++counts_[feature];
    ++chunks_;
}

void Frequencies::remove(const std::vector<Feature>& features) {
    if (features.empty()) return;
    for (const Feature feature : features) --counts_[feature];
    --chunks_;
}

float Frequencies::weight(Feature feature) const {
    if (counts_.empty()) return 0;
    // As BM25 has it: the odds that a chunk does not have the feature, as a logarithm. Beside a few open
    // documents stands the code that is not open, taken to lack it.
    const auto has = static_cast<float>(counts_[feature]);
    const auto lacks = static_cast<float>(chunks_ + kNotOpen) - has;
    return std::max(0.0F, std::log((lacks + 0.5F) / (has + 0.5F) + 1.0F) - 0.7F);
}

Chunks::~Chunks() {
    for (Chunk& chunk : chunks_) forget(chunk);
}

void Chunks::forget(Chunk& chunk) {
    frequencies_.remove(chunk.features);
    chunk.features.clear();
}

void Chunks::reset(std::size_t size) {
    for (Chunk& chunk : chunks_) forget(chunk);
    chunks_.assign(1, Chunk{.bytes = size});
    any_stale_ = true;
}

std::size_t Chunks::bytes() const {
    std::size_t sum = 0;
    for (const Chunk& chunk : chunks_) sum += chunk.bytes;
    return sum;
}

bool Chunks::apply(const AppliedChange& change) {
    // From the chunk that the edit begins in to the one that holds the byte behind it: where a line end
    // went, the line that followed has become part of the one before.
    if (chunks_.empty()) return false;
    std::size_t first = 0, begin = 0;
    while (first + 1 < chunks_.size() && begin + chunks_[first].bytes <= change.begin)
        begin += chunks_[first++].bytes;
    std::size_t last = first, end = begin;
    for (; last < chunks_.size(); ++last) {
        end += chunks_[last].bytes;
        if (end > change.begin + change.removed) break;
    }
    last = std::min(last, chunks_.size() - 1);
    if (change.begin + change.removed > end) return false;
    Chunk merged{.bytes = end - begin - change.removed + change.inserted.size()};
    for (std::size_t i = first; i <= last; ++i) {
        merged.visited = std::max(merged.visited, chunks_[i].visited);
        forget(chunks_[i]);
    }
    const auto at = chunks_.begin() + static_cast<std::ptrdiff_t>(first);
    *at = std::move(merged);
    chunks_.erase(at + 1, at + 1 + static_cast<std::ptrdiff_t>(last - first));
    any_stale_ = true;
    return true;
}

void Chunks::refresh(const Text& text) {
    if (!any_stale_) return;
    std::vector<Chunk> fresh;
    fresh.reserve(chunks_.size());
    std::size_t at = 0;
    for (Chunk& chunk : chunks_) {
        const std::size_t end = at + chunk.bytes;
        if (!chunk.stale) {
            fresh.push_back(std::move(chunk));
        } else if (chunk.bytes > 0) {
            const std::size_t line = text.line_of(at);
            std::size_t left = line < kMostLines ? kMostLines - line : 0;
            for (Chunk& part : cut(text.slice(at, end), chunk.visited, left))
                fresh.push_back(std::move(part));
        }
        at = end;
    }
    if (fresh.empty()) fresh.push_back(Chunk{.stale = false});
    chunks_ = std::move(fresh);
    any_stale_ = false;
}

std::vector<Chunk> Chunks::cut(std::string_view text, const std::optional<Clock::Time>& visited,
                               std::size_t& lines) {
    std::vector<Chunk> chunks;
    std::size_t begin = 0, held = 0;  // of the chunk under way: its first byte, its lines
    const auto end_chunk = [&](std::size_t end) {
        if (end == begin) return;
        Chunk chunk{.bytes = end - begin, .stale = false, .visited = visited};
        if (chunk.bytes < kMinifiedBytes) chunk.features = features_of(text.substr(begin, end - begin));
        frequencies_.add(chunk.features);
        chunks.push_back(std::move(chunk));
        begin = end;
        held = 0;
    };
    std::size_t at = 0;
    for (; at < text.size() && lines > 0; --lines) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        const std::string_view line = text.substr(at, end - at);
        const bool full =
            held >= kMostChunkLines || at - begin >= kMostChunkBytes || line.size() >= kMinifiedBytes;
        if (full || (held >= kFewestLines && begins_something(line))) end_chunk(at);
        at = end;
        ++held;
        if (held >= kFewestLines && line.find_first_not_of(" \t\r\n") == line.npos) end_chunk(at);
    }
    end_chunk(at);
    if (at < text.size())
        chunks.push_back(Chunk{.bytes = text.size() - at, .stale = false, .visited = visited});
    return chunks;
}

void Chunks::visit(std::size_t offset, Clock::Time now) {
    std::size_t end = 0;
    for (Chunk& chunk : chunks_) {
        end += chunk.bytes;
        if (offset < end || &chunk == &chunks_.back()) {
            chunk.visited = now;
            return;
        }
    }
}

}  // namespace dragoman::completion
