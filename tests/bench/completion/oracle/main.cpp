// The noisy oracle: parts of real files are hidden, and a model that knows them answers with the faults that
// models have. How often the very text comes back is the figure.
//
//     dragoman-bench-oracle [quick] [--pure] [--sources FOLDER] [--show-failures N] [--only WORD]
//
// The figure is taken through the real binary: an editor's invoked requests over stdio, a gateway on
// loopback. --pure calls the post-processing alone, for looking at it.
#include "tests/bench/completion/oracle/oracle.h"
#include "tests/bench/figures.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

int main(int argc, char** argv) try {
    dragoman::bench::OracleOptions options;
    for (int i = 1; i < argc; ++i) {
        const bool more = i + 1 < argc;
        if (std::strcmp(argv[i], "quick") == 0) {
            options.spans = 4;
        } else if (std::strcmp(argv[i], "--pure") == 0) {
            options.pure = true;
        } else if (std::strcmp(argv[i], "--show-failures") == 0 && more) {
            options.show_failures = std::atoi(argv[++i]);
        } else if (std::strcmp(argv[i], "--sources") == 0 && more) {
            options.folder = argv[++i];
        } else if (std::strcmp(argv[i], "--only") == 0 && more) {
            options.only = argv[++i];
        } else {
            std::fprintf(stderr, "dragoman-bench-oracle: unknown argument %s\n", argv[i]);
            return 2;
        }
    }
    const auto [asked, right] = dragoman::bench::run_oracle(options);
    if (asked == 0) throw std::runtime_error{"there is no file to ask about"};
    std::array<char, 64> share{};
    std::snprintf(share.data(), share.size(), "%.2f %% of %d", 100.0 * right / asked, asked);
    dragoman::bench::tell("exact recoveries", "98 %", share.data());
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "dragoman-bench-oracle: %s\n", error.what());
    return 1;
}
