// One setting changed in a file on the disk: read, edited in place, held against the schema, written.
//
// The user's file is never made worse than it was: what does not parse is not written, a value that the
// schema would refuse is refused before, and a file that changed in between is left to whoever changed it.
#pragma once

#include "protocol/base/json.h"
#include "protocol/base/result.h"
#include "server/config/settings.h"
#include "server/support/files.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::config {

/// Where a setting stands: a file, who speaks in it, and the members from its root on.
struct Target {
    std::filesystem::path file{};
    Voice voice = Voice::user;
    std::vector<std::string> path{};
};

struct ChangeFailure {
    std::string message;         // a sentence that names the file and, where it has one, line and column
    bool value_refused = false;  // the value is to blame, not the file
};

/// Sets `value` at `target`, or takes out what is there where `value` is nothing. True when the file was
/// written, false when it says so already. Where somebody else writes meanwhile, the setting goes into what
/// they wrote, unless they do not stop. On any thread that may use `files`; blocks for the disk.
Result<bool, ChangeFailure> change_file(Files& files, const Target& target, const std::optional<Json>& value);

}  // namespace dragoman::config
