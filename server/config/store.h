// Where settings come from: the layers, read when needed, kept while unchanged.
//
// Loop thread. Reads files through Files, so tests have a disk of their own. A file whose stamp changed
// is read again at the next question; one that became unreadable as JSON keeps its last good content and
// adds a problem; the user's own, where there is no last good content, blocks every request.
#pragma once

#include "server/config/config.h"
#include "server/config/edit_file.h"
#include "server/config/trust_store.h"
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

    /// What holds for the documents of `folder`, whose Effective::ask is what its files ask for.
    std::shared_ptr<const Effective> effective_in(const std::filesystem::path& folder);

    /// A decision counts from now on; it is for the caller to write it (trust_file()) off the loop, and then
    /// to say that the file has it. Where it never does, the decision holds for this process.
    void hold(TrustEntry entry);
    void release(const TrustEntry& entry);
    const TrustFile& trust_file() const;

    /// What holds where no project and no folder of the user's speaks.
    std::shared_ptr<const Effective> outside();

    /// Where the user's own file says `path` for everything, and where for the documents below `folder`.
    Target in_user_file(std::vector<std::string> path) const;
    Target for_folder(const std::filesystem::path& folder, std::vector<std::string> path);
    /// Where a choice that a repository may make (trust class free) is written for the project of the
    /// document at `document` (empty: of the first workspace folder): where the user's file speaks of it for
    /// this folder, because that outranks the rest; else in the nearest .dragoman.json that there is; else in
    /// the user's file for the workspace folder. Fails, with a sentence, outside of every workspace folder
    /// and where that .dragoman.json is not to be used.
    Result<Target, std::string> for_project(const std::filesystem::path& document,
                                            std::vector<std::string> path);

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
