// The environment of a program under test: a HOME of its own, and of the caller's variables only PATH and
// the sanitizers' options.
#pragma once

#include "tests/support/temp_dir.h"

#include <cstdlib>
#include <map>
#include <string>

namespace dragoman::test {

inline std::map<std::string, std::string> fresh_environment(const TempDir& home) {
    const std::string root = home.path().string();
    std::map<std::string, std::string> out{{"HOME", root},
                                           {"XDG_CONFIG_HOME", root + "/config"},
                                           {"XDG_STATE_HOME", root + "/state"},
                                           {"XDG_DATA_HOME", root + "/data"},
                                           {"XDG_CACHE_HOME", root + "/cache"},
                                           {"TMPDIR", root + "/tmp"},
                                           {"LANG", "C.UTF-8"}};
    for (const char* name : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"})
        if (const char* value = std::getenv(name)) out[name] = value;
    return out;
}

}  // namespace dragoman::test
