#include "tests/demo/provider.h"

#include <cstdlib>
#include <fstream>

namespace dragoman::demo {
namespace {

using Json = nlohmann::json;

std::string variable(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    return value == nullptr ? std::string{} : std::string{value};
}

Json config_for(const std::string& name, Json provider, const std::string& model) {
    const Json role{{"model", name + "/" + model}};
    return {{"providers", {{name, std::move(provider)}}}, {"completion", role}, {"chat", role}};
}

}  // namespace

Provider embedded(const std::string& url) {
    return {
        "The answers come from the embedded demonstration gateway at " + url +
            ":\nreal HTTP on this machine, and no model behind it.",
        config_for("demo", {{"preset", "openai-compatible"}, {"baseUrl", url}, {"key", "none"}}, "scripted"),
        {}};
}

Provider choose(const std::filesystem::path& presets, const std::string& url) {
    std::ifstream file{presets};
    const auto rows = nlohmann::ordered_json::parse(file);
    const std::string wanted = variable("DRAGOMAN_DEMO_MODEL");
    for (const auto& [name, preset] : rows.items()) {
        if (!preset.contains("key") || !preset.at("key").is_object()) continue;
        const auto key_variable = preset.at("key").at("env").get<std::string>();
        const std::string key = variable(key_variable);
        std::string model = wanted;
        if (model.empty() && preset.contains("models")) model = preset.at("models").begin().key();
        if (key.empty() || model.empty()) continue;
        Provider chosen{key_variable + " is set: the answers come from " +
                            preset.at("baseUrl").get<std::string>() + ", model " + model + ".",
                        config_for(name, {{"preset", name}}, model),
                        {{key_variable, key}}};
        // The daemon's environment is a fresh one; the way out of this network belongs to it.
        for (const char* passed : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                   "no_proxy", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"})
            if (const std::string value = variable(passed); !value.empty())
                chosen.environment[passed] = value;
        return chosen;
    }
    return embedded(url);
}

}  // namespace dragoman::demo
