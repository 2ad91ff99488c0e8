// Prints how much of what hidden code needs is found; "quick" for a small sample.
#include "tests/bench/completion/recall_section.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

int main(int argc, char** argv) try {
    bool quick = false;
    std::size_t failures = 0;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "quick") == 0) quick = true;
        if (std::strcmp(argv[i], "--show-failures") == 0 && i + 1 < argc)
            failures = std::strtoul(argv[++i], nullptr, 10);
    }
    dragoman::bench::run_recall(quick, failures);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "dragoman-bench-recall: %s\n", error.what());
    return 1;
}
