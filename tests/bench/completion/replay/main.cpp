// The typing replay; "quick" for fewer people.
#include "tests/bench/completion/replay/replay_section.h"
#include "tests/bench/figures.h"

#include <cstdio>
#include <cstring>
#include <exception>

int main(int argc, char** argv) try {
    const bool quick = argc > 1 && std::strcmp(argv[1], "quick") == 0;
    dragoman::bench::tell("figure", "target", "measured");
    dragoman::bench::measure_replay(TYPING_RECORD, quick ? 3 : 12);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "dragoman-bench-replay: %s\n", error.what());
    return 1;
}
