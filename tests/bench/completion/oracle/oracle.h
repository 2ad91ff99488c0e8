// Asks for what is hidden, and counts how often it comes back as it was.
#pragma once

#include <string>

namespace dragoman::bench {

struct OracleOptions {
    int spans = 40;         // of each kind in each language
    bool pure = false;      // without the daemon
    int show_failures = 0;  // how many to print
    std::string folder;     // to look for files in, besides where systems have them
    std::string only;       // of failures: those whose language, kind or fault contains it
};

struct Recoveries {
    int asked = 0, right = 0;
};
/// Prints a table by faults, languages and kinds; the result is over all.
Recoveries run_oracle(const OracleOptions& options);

}  // namespace dragoman::bench
