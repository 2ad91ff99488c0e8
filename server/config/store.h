// Where settings come from: the layers, read when needed, kept while unchanged.
//
// Loop thread. Reads files through Files, so tests have a disk of their own. A file whose stamp changed
// is read again at the next question; one that became unreadable as JSON keeps its last good content and
// adds a problem.
#pragma once

#include "server/config/config.h"
#include "server/support/files.h"
#include "server/support/paths.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::config {

/// The JSON Schema that validation, `dragoman config schema` and the documents come from.
const Json& schema();

/// A preset's data by name; null for an unknown one. preset_names() lists them in the schema's order.
const Json& preset(const std::string& name);
std::vector<std::string> preset_names();

class Store {
public:
    Store(Files& files, Paths paths, Environment environment);
    ~Store();

    /// The editor's overlay (initializationOptions, didChangeConfiguration); replaces the one before.
    /// `user_level`: the sender vouches that a workspace could not have set it.
    void set_editor_settings(const Json& overlay, bool user_level);
    /// The workspace folders' paths.
    void set_folders(const std::vector<std::filesystem::path>& folders);
    /// What was found with nothing configured (a local server): laid below every file, so that the first
    /// word of the user's own counts. As trusted as the user's file.
    void set_discovered(const Json& overlay);
    /// Choices of this session (dragoman/selectModel, scope session): laid over everything but a request.
    void set_session_overlay(const Json& overlay);

    /// What holds for a document at `path` (empty: for the first workspace folder). Cheap while no file
    /// changed: a few stat calls.
    std::shared_ptr<const Effective> effective(const std::filesystem::path& path = {});

    /// Every configuration file that was looked at since the start and has or had problems, with the
    /// problems it has now: what the editor's diagnostics should show.
    std::map<std::filesystem::path, std::vector<Problem>> problems_by_file();

    /// Command line: an explicit file in place of the user's.
    void use_user_file(std::filesystem::path file);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dragoman::config
