// Edits of large texts, in process.
#include "server/documents/documents.h"
#include "tests/bench/figures.h"
#include "tests/bench/sections.h"

#include <random>
#include <stdexcept>

namespace dragoman::bench {
namespace {

const std::string kUri = "file:///tmp/large.txt";

void measure_edits_of(const std::string& what, const std::string& text, int lines, int columns, int samples) {
    Documents documents{PositionEncoding::utf16};
    documents.did_open(
        {{"textDocument", {{"uri", kUri}, {"languageId", "text"}, {"version", 1}, {"text", text}}}});
    std::mt19937 random{1};
    const auto below = [&](int limit) { return std::uniform_int_distribution{0, limit - 1}(random); };
    std::vector<Span> spans;
    for (int version = 2; version < samples + 2; ++version) {
        const int line = below(lines), column = below(columns), length = below(3);
        const Json range{{"start", {{"line", line}, {"character", column}}},
                         {"end", {{"line", line}, {"character", column + length}}}};
        const char* const inserted = below(10) == 0 ? "two\nlines" : "x";
        const Json params{{"textDocument", {{"uri", kUri}, {"version", version}}},
                          {"contentChanges", Json::array({{{"range", range}, {"text", inserted}}})}};
        const Time begin = SteadyClock::now();
        const std::string problem = documents.did_change(params);
        spans.push_back(SteadyClock::now() - begin);
        if (!problem.empty()) throw std::runtime_error{problem};
    }
    tell("an edit of " + what, "median <= 1 ms", median_and(spans, 0.99));
}

}  // namespace

void measure_edits(int samples) {
    constexpr int kLines = 100'000, kColumns = 50, kLong = 5'000'000;
    std::string text;
    for (int i = 0; i < kLines; ++i) text += std::string(kColumns, 'a') + "\n";
    measure_edits_of("a document of 100 000 lines", text, kLines, kColumns, samples);
    measure_edits_of("a document of one line of 5 MB", std::string(kLong, 'a'), 1, kLong / 2, samples);
}

}  // namespace dragoman::bench
