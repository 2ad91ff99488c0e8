// What the tests with a real model server begin with: it is the provider "local", and its model does
// everything.
#pragma once

#include "tests/e2e/setup.h"
#include "tests/llama/model_server.h"

namespace dragoman::test {

inline Json config_for(const std::string& base_url, const Json& changes = Json::object()) {
    Json config{{"providers",
                 {{"local", {{"preset", "llamacpp"}, {"baseUrl", base_url}, {"retry", {{"attempts", 0}}}}}}},
                {"completion", {{"model", "local/tiny"}, {"debounceMs", 0}}},
                {"chat", {{"model", "local/tiny"}}},
                {"embedding", {{"model", "local/tiny"}}}};
    config.merge_patch(changes);
    return config;
}

inline Json with_provider(const Json& changes) { return {{"providers", {{"local", changes}}}}; }

/// A model server and an initialised editor with a daemon between them.
struct Local {
    explicit Local(const Json& config_changes = Json::object(), ModelServer::Options options = {})
        : server{std::move(options)},
          editor{EditorOptions{.config = config_for(server.base_url(), config_changes)}} {
        editor.initialize();
    }
    ModelServer server;
    TestEditor editor;
};

}  // namespace dragoman::test
