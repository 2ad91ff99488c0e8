// A home, a project beside it, and approvals of what the project's files ask for, on a real disk.
#pragma once

#include "server/config/store.h"
#include "tests/support/temp_dir.h"

#include <catch2/catch_all.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dragoman::test {

namespace fs = std::filesystem;
using config::Decision;

inline const std::string kTeam =
    R"({"providers": {"team": {"baseUrl": "https://gateway.example:8443/v1", "headers": {"X-Team": "blue-value"},
        "key": {"env": "TEAM_KEY"}}}, "chat": {"model": "team/m"}})";
inline const std::string kUser =
    R"({"providers": {"work": {"preset": "opencodex", "key": {"env": "WORK_KEY"}}}, "chat": {"model": "work/m"}})";

struct Desk {
    TempDir root{};
    DiskFiles files{};
    std::map<std::string, int> asked_for{};  // environment variables that were read, how often

    Desk() {
        fs::create_directories(root.path() / "home");
        fs::create_directories(app());
        user(kUser);
    }
    fs::path app() const { return root.path() / "src/app"; }
    fs::path trust_json() const { return root.path() / "state/dragoman/trust.json"; }
    void user(const std::string& text) { root.write("home/config.json", text); }
    void project(const std::string& text, const std::string& folder = "src/app") {
        root.write(folder + "/.dragoman.json", text);
    }

    std::unique_ptr<config::Store> daemon(std::vector<fs::path> folders = {}) {
        Paths paths;
        paths.home = root.path() / "home";
        paths.config_file = paths.home / "config.json";
        paths.state_dir = root.path() / "state/dragoman";
        auto store = std::make_unique<config::Store>(
            files, paths, [this](const std::string& name) -> std::optional<std::string> {
                ++asked_for[name];
                return std::nullopt;
            });
        if (folders.empty()) folders = {app()};
        store->set_folders(folders);
        return store;
    }
};

inline std::shared_ptr<const config::Ask> ask_of(config::Store& store, const fs::path& folder) {
    return store.effective_in(folder)->ask;
}

/// As a daemon does it: at once, and then in the file.
inline void decide(config::Store& store, const config::Ask& ask, Decision decision = Decision::allowed) {
    const auto entry = config::entry_of(ask, decision, "2030-01-01T00:00:00.000Z");
    store.hold(entry);
    const auto written = store.trust_file().add(entry);
    REQUIRE(written.failure.empty());
    store.release(entry);
}

inline void approve(config::Store& store, const fs::path& folder) {
    const auto ask = ask_of(store, folder);
    REQUIRE(ask);
    REQUIRE(ask->barred.empty());
    decide(store, *ask);
}

inline Result<config::ModelRef> chat_in(config::Store& store, const fs::path& folder) {
    return store.effective_in(folder)->resolve(config::Role::chat);
}

inline void check_untrusted(config::Store& store, const fs::path& folder) {
    const auto found = chat_in(store, folder);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::untrusted);
}

inline bool says(const config::Ask& ask, const std::string& text) {
    return std::any_of(ask.lines.begin(), ask.lines.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace dragoman::test
