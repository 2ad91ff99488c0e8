// Documents, folders and settings: what the editor tells about the workspace.

#include "server/session/methods.h"
#include "server/support/log.h"
#include "server/support/paths.h"

#include <algorithm>

namespace dragoman::session {
namespace {

constexpr std::string_view kProjectFile = "/.dragoman.json";

void log_unless_empty(std::string_view method, const std::string& complaint) {
    if (!complaint.empty()) log::warning("{}: {}", method, complaint);
}

bool is_project_file(const std::string& uri) { return uri.ends_with(kProjectFile); }

std::string document_uri(const Json& params) {
    const Json* document = find(params, "textDocument");
    return document == nullptr ? std::string{} : get_string(*document, "uri").value_or("");
}

}  // namespace

void handle_did_open(Session& session, const Json& params) {
    log_unless_empty("didOpen", session.services().documents.did_open(params));
    // Also shows what is wrong in the settings that this document brings into play.
    prepare_context(session, document_uri(params));
}

void handle_did_change(Session& session, const Json& params) {
    log_unless_empty("didChange", session.services().documents.did_change(params));
}

void handle_did_close(Session& session, const Json& params) {
    log_unless_empty("didClose", session.services().documents.did_close(params));
}

void handle_did_save(Session& session, const Json& params) {
    if (is_project_file(document_uri(params))) session.configuration_changed();
}

void handle_did_change_configuration(Session& session, const Json& params) {
    const Json* settings = find(params, "settings");
    const Json* ours = settings == nullptr ? nullptr : find(*settings, "dragoman");
    if (ours != nullptr) return session.set_editor_settings(*ours);
    session.pull_configuration();
}

void handle_did_change_watched_files(Session& session, const Json& params) {
    const Json* changes = find(params, "changes");
    if (changes == nullptr || !changes->is_array()) return;
    const bool ours = std::any_of(changes->begin(), changes->end(), [](const Json& change) {
        return is_project_file(get_string(change, "uri").value_or(""));
    });
    if (ours) session.configuration_changed();
}

void handle_did_change_folders(Session& session, const Json& params) {
    const Json* event = find(params, "event");
    if (event == nullptr) return;
    std::vector<std::string> folders = session.folders();
    if (const Json* removed = find(*event, "removed")) {
        for (const auto& folder : lsp::workspace_folders_from_json(*removed)) {
            std::erase_if(folders, [&](const auto& known) {
                return normalise_uri(known) == normalise_uri(folder.uri);
            });
        }
    }
    if (const Json* added = find(*event, "added")) {
        for (const auto& folder : lsp::workspace_folders_from_json(*added)) folders.push_back(folder.uri);
    }
    session.set_folders(folders);
    session.configuration_changed();
}

}  // namespace dragoman::session
