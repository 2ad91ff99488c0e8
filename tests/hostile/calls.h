// What the daemon and everything below it asked of the kernel: programs executed, connections made, files
// opened. strace (5.3 and newer) does the counting; where it is missing or not allowed, tests that need it
// are skipped by name and the others go by what servers and sentinel files have seen.
#pragma once

#include "tests/support/test_editor.h"

#include <filesystem>
#include <string>
#include <vector>

namespace dragoman::test {

struct Exec {
    std::string program;
    std::vector<std::string> argv{}, environment{};
};

struct Opened {
    std::string path;  // as asked for
    std::string real;  // what was opened, links followed; empty where it failed
    bool writes = false;
};

struct Calls {
    std::vector<Exec> execs{};            // attempts too; the daemon itself is the first
    std::vector<std::string> connects{};  // addresses as strace writes them
    std::vector<std::string> listens{};   // of bind() and listen()
    std::vector<Opened> opened{};
};

/// Whether this system lets a test count.
bool can_count();

/// `options` with the daemon started under the counter, which writes to `log`, in the folder `cwd`.
EditorOptions counted(EditorOptions options, const std::filesystem::path& log,
                      const std::filesystem::path& cwd);

/// What `log` holds; for use after the daemon's end.
Calls calls_in(const std::filesystem::path& log);

}  // namespace dragoman::test
