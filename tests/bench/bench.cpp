// Prints the figures that the documentation quotes. Nothing timed is asserted: machines differ.
#include "tests/bench/figures.h"
#include "tests/bench/sections.h"

#include <cstdio>
#include <cstring>
#include <exception>

int main(int argc, char** argv) try {
    using namespace dragoman::bench;
    const bool quick = argc > 1 && std::strcmp(argv[1], "quick") == 0;
    tell("figure", "target", "measured");
    measure_start(quick ? 10 : 50);
    measure_memory();
    measure_deltas(quick ? 300 : 3000);
    measure_flood(10'000);
    measure_cancel(quick ? 10 : 50);
    measure_edits(quick ? 200 : 1000);
    measure_cache(quick ? 500 : 5000);
    measure_present(quick ? 200 : 2000);
    measure_history(quick ? 20 : 50);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "dragoman-bench: %s\n", error.what());
    return 1;
}
