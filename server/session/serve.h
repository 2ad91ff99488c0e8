// The daemon as an editor's child: stdio, signals, the editor's death, one Session.
#pragma once

#include "server/support/paths.h"

#include <cstdint>
#include <optional>
#include <string>

namespace dragoman::session {

struct ServeOptions {
    std::optional<std::int64_t> client_process_id;  // --clientProcessId
    bool trust_editor_settings = false;             // --trust-editor-settings
    std::string config_file;                        // --config; empty: the user's
};

/// Serves until the editor is gone; the process's exit code. Main thread, once.
int serve(const Environment& environment, const ServeOptions& options);

}  // namespace dragoman::session
