// Typed settings from the merged tree, which the schema has passed.
#pragma once

#include "server/config/config.h"

#include <string>

namespace dragoman::config {

Provider provider_from(const std::string& name, const Json& settings, const std::filesystem::path& home);
KeySource key_source_from(const Json& key, const std::filesystem::path& home);

}  // namespace dragoman::config
