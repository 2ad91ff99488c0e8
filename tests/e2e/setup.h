// What nearly every end-to-end test begins with: a configuration that knows one gateway as provider "gw".
#pragma once

#include "tests/gateway/gateway.h"
#include "tests/support/test_editor.h"

#include <string>

namespace dragoman::test {

using Json = nlohmann::json;

/// The provider entry for `gateway`. Retries are off, so that what a test scripts is what happens.
inline Json provider(const Gateway& gateway) {
    const std::string dialect{gateway.dialect().name};
    return {{"preset", dialect == "generic" ? "openai-compatible" : dialect},
            {"baseUrl", gateway.base_url()},
            {"key", gateway.key().empty() ? Json("none") : Json{{"env", "GATEWAY_KEY"}}},
            {"retry", {{"attempts", 0}}}};
}

/// The user's file: `gateway` as "gw", its first model for every role, no debounce, no look-ahead.
inline Json config_for(const Gateway& gateway) {
    const std::string model = "gw/" + std::string{gateway.dialect().models.front()};
    return {{"providers", {{"gw", provider(gateway)}}},
            {"completion", {{"model", model}, {"debounceMs", 0}, {"lookAhead", "never"}}},
            {"chat", {{"model", model}}}};
}

inline EditorOptions options_for(const Gateway& gateway, const Json& changes = Json::object()) {
    EditorOptions options;
    options.config = config_for(gateway);
    options.config.merge_patch(changes);
    options.environment["GATEWAY_KEY"] = gateway.key();
    return options;
}

/// A gateway and an initialised editor with a daemon between them.
struct Session {
    explicit Session(const std::string& dialect = "opencodex", const Json& config_changes = Json::object(),
                     const Json& initialize_changes = Json::object())
        : gateway{dialect}, editor{options_for(gateway, config_changes)} {
        editor.initialize(initialize_changes);
    }
    Gateway gateway;
    TestEditor editor;
};

/// The texts of the events of `kind`, one after the other.
inline std::string joined(const std::vector<Json>& events, const std::string& kind) {
    std::string out;
    for (const Json& event : events)
        if (event.value("kind", "") == kind) out += event.value("text", "");
    return out;
}

inline Json did_change(const std::string& uri, int version, const Json& changes) {
    return {{"textDocument", {{"uri", uri}, {"version", version}}}, {"contentChanges", changes}};
}

inline bool is_text(const Json& event) { return event.value("kind", "") == "text"; }

}  // namespace dragoman::test
