// Who answers in the demonstration: a gateway whose key is in the environment, or the embedded one.
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <string>

namespace dragoman::demo {

struct Provider {
    std::string introduction;  // what the viewer is told
    nlohmann::json config;     // the user's config.json
    std::map<std::string, std::string> environment;
};

/// The embedded gateway at `url`.
Provider embedded(const std::string& url);

/// The first preset of the file `presets` whose key variable is set, with the model DRAGOMAN_DEMO_MODEL or
/// else the first one that the preset knows; without one of these the preset is passed over. Otherwise the
/// embedded gateway. Throws nlohmann's exceptions where the file is not the presets'.
Provider choose(const std::filesystem::path& presets, const std::string& url);

}  // namespace dragoman::demo
