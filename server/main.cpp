// Flags and wiring only: the process is made safe to hold keys, then the command line decides.

#include "server/cli/app.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace {

// A key in memory must not reach a core file, a debugger of the same user or the TLS key log. Writing to an
// editor that died is an error to be handled, not a signal to die by.
void harden(bool debuggable) {
    std::signal(SIGPIPE, SIG_IGN);
    unsetenv("SSLKEYLOGFILE");
    if (debuggable) return;
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

int main(int argc, char** argv) {
    bool debuggable = false;
    for (int i = 1; i < argc; ++i) debuggable = debuggable || std::strcmp(argv[i], "--debuggable") == 0;
    harden(debuggable);
    return dragoman::cli::run(argc, argv, dragoman::process_environment());
}
