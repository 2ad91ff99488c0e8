// Suggestions found again while they are typed, in process: what a keystroke costs that the cache answers.
#include "server/completion/cache.h"
#include "tests/bench/figures.h"
#include "tests/bench/sections.h"

#include <stdexcept>

namespace dragoman::bench {
namespace {

constexpr std::size_t kBefore = 12'000, kAfter = 4'000;

completion::Place place(const Text& text, std::size_t cursor) { return {text, cursor, 1, kBefore, kAfter}; }

/// Code whose lines are alike enough to make an index work.
std::string code(int lines) {
    std::string out;
    for (int i = 0; i < lines; ++i) out += "    total += price(" + std::to_string(i) + ") * amount;\n";
    return out;
}

}  // namespace

void measure_cache(int samples) {
    constexpr int kEntries = 1000;
    const std::string suggestion = "    total += price(first) * amount;\n    return total + shipping;\n";
    const Text text{code(2000)};
    completion::Cache cache;
    for (int i = 1; i <= kEntries; ++i) {
        const auto cursor = text.line_start(static_cast<std::size_t>(i) + 500);
        cache.put(place(text, cursor).anchor(), suggestion, true, "c" + std::to_string(i));
    }
    std::vector<Span> spans;
    for (int i = 0; i < samples; ++i) {
        const auto begin = text.line_start(static_cast<std::size_t>(i % kEntries) + 501);
        const auto typed = static_cast<std::size_t>(i) % suggestion.size();
        const Text now = text.replace(begin, begin, std::string_view{suggestion}.substr(0, typed));
        const Time start = SteadyClock::now();
        const auto hits = cache.find(place(now, begin + typed));
        spans.push_back(SteadyClock::now() - start);
        if (hits.empty() || hits.front().rest != suggestion.substr(typed)) {
            throw std::runtime_error{"the cache lost a suggestion while it was typed"};
        }
    }
    tell("cached completion, 1 000 entries", "p99 <= 1 ms", median_and(spans, 0.99));
}

}  // namespace dragoman::bench
