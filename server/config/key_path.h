// The name of a setting as people write it on a command line.
#pragma once

#include "protocol/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::config {

/// The members that a key leads through: `completion.maxTokens`, with quotes around what holds a dot itself
/// (`providers.work.models."gpt-4.1".infill`), or a JSON pointer (`/providers/work/models/gpt-4.1/infill`,
/// RFC 6901). Fails with a sentence about the key.
Result<std::vector<std::string>, std::string> read_key_path(std::string_view key);

}  // namespace dragoman::config
