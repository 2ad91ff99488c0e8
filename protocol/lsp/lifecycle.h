// The first exchange of a session: what the client says of itself, and what it is offered.
#pragma once

#include "protocol/base/json.h"
#include "protocol/base/utf.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::lsp {

struct WorkspaceFolder {
    std::string uri, name;
    friend bool operator==(const WorkspaceFolder&, const WorkspaceFolder&) = default;
};
/// Entries without a URI are skipped. `value` as in initialize and didChangeWorkspaceFolders.
std::vector<WorkspaceFolder> workspace_folders_from_json(const Json& value);

/// What of the client's capabilities changes how the daemon speaks.
struct ClientCapabilities {
    std::vector<std::string> position_encodings{};  // as offered, most wanted first; empty: utf-16 only
    bool configuration = false;                     // workspace/configuration may be asked
    bool workspace_folders = false;
    bool apply_edit = false;
    bool document_changes = false;             // of workspaceEdit: edits that carry a version
    bool registers_watched_files = false;      // workspace.didChangeWatchedFiles.dynamicRegistration
    bool registers_configuration = false;      // workspace.didChangeConfiguration.dynamicRegistration
    bool registers_inline_completion = false;  // textDocument.inlineCompletion.dynamicRegistration
    bool inline_completion = false;
    bool publish_diagnostics = false;
    bool work_done_progress = false;
    bool show_document = false;
    bool show_message_request = false;  // says how it shows messages, so a person can be asked
    bool change_annotations = false;    // of workspaceEdit: edits that ask for confirmation
    bool code_action_literals = false;  // CodeAction, not only Command, as the answer to codeAction
};

enum class Trace { off, messages, verbose };

struct InitializeParams {
    std::optional<std::int64_t> process_id{};  // of the parent; nothing where there is none to watch
    std::optional<std::string> root_uri{};
    std::optional<std::string> root_path{};  // deprecated by LSP in favour of root_uri
    std::vector<WorkspaceFolder> workspace_folders{};
    Json options = Json::object();  // initializationOptions; an object always
    ClientCapabilities capabilities{};
    std::string client_name{}, client_version{};  // empty where the client does not say
    Trace trace = Trace::off;
};
/// Reads what is there; everything is optional and nothing makes it fail.
InitializeParams initialize_params(const Json& params);

/// Nothing for an unknown word. Also the value of $/setTrace.
std::optional<Trace> trace_from_name(std::string_view name);

/// utf-8 where it is offered, since texts are kept so; else utf-16, which every client must know; utf-32
/// only where nothing else was offered. Unknown names are skipped; no offer means utf-16.
PositionEncoding choose_encoding(const std::vector<std::string>& offered);

struct ServerOffer {
    PositionEncoding encoding = PositionEncoding::utf16;
    std::string version{};                // of the daemon
    bool completion_menu = false;         // textDocument/completion too, for editors without ghost text
    std::vector<std::string> commands{};  // for workspace/executeCommand
};
/// The result of initialize.
Json initialize_result(const ServerOffer& offer);

}  // namespace dragoman::lsp
