// The ground on which hostile repositories lie: the user's gateway and keys, what must stay unread, and the
// servers and sentinels that tell when something went where it must not.
#pragma once

#include "tests/gateway/gateway.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_editor.h"

#include <filesystem>
#include <string>
#include <vector>

namespace dragoman::test {

using Json = nlohmann::json;

/// Stands in everything that must neither be sent nor shown: keys of other sources, files outside.
inline constexpr const char* kStolen = "STOLEN";

class Ground {
public:
    Ground();

    Gateway ours{"opencodex"};  // the user's, as provider "work"
    Gateway evil;               // nobody may ever connect here
    Gateway theirs;             // a project's, for those that the user approves
    TempDir home;

    std::filesystem::path outside(const std::string& name) const { return home / ("outside/" + name); }
    /// Where programs lie that leave sentinel() behind.
    std::filesystem::path planted() const { return home / "planted"; }
    std::string program() const { return (planted() / "program").string(); }
    std::filesystem::path sentinel() const { return home / "ran"; }
    bool ran() const { return std::filesystem::exists(sentinel()); }

    /// The user's file and an environment full of keys; PATH leads through `first` and relative folders.
    EditorOptions options(const std::string& first_on_path = {}) const;
    /// A program of each name that a daemon might call, in `folder`.
    void plant(const std::filesystem::path& folder) const;
    /// Files that must never be opened, as they really are called.
    std::vector<std::string> forbidden() const;

private:
    Json config() const;
};

}  // namespace dragoman::test
