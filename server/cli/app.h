// The command line: `dragoman` alone serves an editor, its subcommands do the same work in a terminal.
//
// Exit codes: 0 done; 1 the gateway or the network refused; 2 the command line was wrong; 3 the
// configuration, a key or trust is missing; 128 and the signal's number when interrupted.
#pragma once

#include "server/support/paths.h"

namespace dragoman::cli {

inline constexpr int kExitFailed = 1, kExitUsage = 2, kExitConfiguration = 3;

/// Main thread, once per process.
int run(int argc, char** argv, const Environment& environment);

}  // namespace dragoman::cli
