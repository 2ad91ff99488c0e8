// Problems of configuration files as an editor sees them: diagnostics on the file.
#pragma once

#include "protocol/base/json.h"
#include "server/config/config.h"

#include <vector>

namespace dragoman::session {

/// LSP Diagnostic[]. A Problem's columns count UTF-16 units, and are given as they are under the other
/// encodings too: what stands before a problem on its line of a settings file is ASCII nearly always.
Json diagnostics_of(const std::vector<config::Problem>& problems);

/// {path, line, column, message}[], for dragoman/config.
Json problem_list(const std::vector<config::Problem>& problems);

/// {path, trusted, asked?}[], likewise.
Json source_list(const std::vector<config::Source>& sources);

}  // namespace dragoman::session
