// One source of settings, read: a file, the editor's overlay, the built-in defaults.
#pragma once

#include "server/config/text.h"
#include "server/support/files.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::config {

/// Who speaks. A repository (a project's file, editor settings without their level) is not the user.
enum class Voice { user, repository };

struct Settings {
    std::string name;              // of the Source: the path, "editor" or "default"
    std::filesystem::path file{};  // empty: none
    Voice voice = Voice::user;

    Json value = Json::object();                     // what counts: right, and allowed to this voice
    Json asked = Json::object();                     // of a repository: what needs approval
    std::vector<std::vector<std::string>> barred{};  // of a repository: paths of what it may never say
    Json projects = Json::object();                  // of the user's file: settings by folder
    std::map<std::string, std::string> refused{};    // JSON pointer -> why it was left out
    std::vector<Problem> problems{};

    Node root{};
    std::optional<Lines> lines{};

    /// A problem of this source at the value that `path` names, or as near to it as the text goes.
    Problem problem_at(const std::vector<std::string>& path, std::string message, bool warning = false) const;
    Problem problem_of(const Finding& finding) const;
    /// The problem that says `why` something was refused, at its own place; otherwise at `path`.
    Problem told(const std::string& why, const std::vector<std::string>& path) const;
};

/// For people: why a settings file was not read.
std::string sentence(FileProblem problem);

/// Reads a file's text. The problem is the one that makes the whole text unreadable.
Result<Settings, Problem> read_settings(const std::filesystem::path& file, const std::string& bytes,
                                        Voice voice);

/// Settings that come as a value, from the editor.
Settings settings_from(const Json& value, std::string name, Voice voice);

/// The defaults of the schema.
std::shared_ptr<const Settings> default_settings();

/// Settings as one layer of several: the whole of a source, or the part of it that speaks of one folder.
struct Layer {
    std::shared_ptr<const Settings> settings;
    const Json* value = nullptr;        // inside `settings`
    std::vector<std::string> prefix{};  // where `value` stands in the source
    std::filesystem::path folder{};     // that it speaks of, where its links lead; empty: everywhere

    bool is_repository() const { return settings->voice == Voice::repository; }
    Problem problem_at(std::vector<std::string> path, std::string message, bool warning = false) const;
    /// Why the value at `pointer` of this layer was left out; null when it was not.
    const std::string* refused(const std::string& pointer) const;
};

Layer layer_of(std::shared_ptr<const Settings> settings);
/// The part of the user's file that speaks of the folder written as `key`, which really is `folder`.
Layer project_layer(std::shared_ptr<const Settings> settings, const std::string& key,
                    std::filesystem::path folder);

}  // namespace dragoman::config
