// Everything the editor may ask or tell, as one table.
//
// To add a method: its types in protocol/, a function here and in the handler file of its subject, a line
// in methods.cpp, a story in tests/e2e, a row in docs/protocol.md.
#pragma once

#include "server/session/session.h"

#include <string_view>

namespace dragoman::session {

using RequestHandler = void (*)(Session&, const Reply&, const Json& params);
using NotificationHandler = void (*)(Session&, const Json& params);

/// `params.folder`: an absolute path, or a file: URI as editors name their folders. Nothing for another text.
std::optional<std::filesystem::path> folder_param(const Json& params);

/// nullptr: no such method.
RequestHandler find_request(std::string_view method);
NotificationHandler find_notification(std::string_view method);

// lifecycle.cpp
void handle_initialize(Session&, const Reply&, const Json&);
void handle_shutdown(Session&, const Reply&, const Json&);
void handle_initialized(Session&, const Json&);
void handle_exit(Session&, const Json&);
void handle_cancel(Session&, const Json&);
void handle_set_trace(Session&, const Json&);
void handle_progress_cancel(Session&, const Json&);

// workspace.cpp
void handle_did_open(Session&, const Json&);
void handle_did_change(Session&, const Json&);
void handle_did_close(Session&, const Json&);
void handle_did_save(Session&, const Json&);
void handle_did_change_configuration(Session&, const Json&);
void handle_did_change_watched_files(Session&, const Json&);
void handle_did_change_folders(Session&, const Json&);

// inline_completion.cpp
void handle_inline_completion(Session&, const Reply&, const Json&);
void handle_execute_command(Session&, const Reply&, const Json&);
void handle_did_show_completion(Session&, const Json&);
void handle_did_partially_accept(Session&, const Json&);
void handle_did_focus(Session&, const Json&);
/// A document has come into view: what its imports point to is looked up before the first keystroke.
void prepare_context(Session&, const std::string& uri);
void handle_trail(Session&, const Reply&, const Json&);

// menu_completion.cpp
void handle_completion(Session&, const Reply&, const Json&);

// edit_methods.cpp
void handle_edit(Session&, const Reply&, const Json&);

// code_actions.cpp
void handle_code_action(Session&, const Reply&, const Json&);
/// workspace/executeCommand of lsp::kCodeAction.
void run_code_action(Session&, const Reply&, const Json&);

// chat_methods.cpp
void handle_chat_send(Session&, const Reply&, const Json&);
void handle_chat_list(Session&, const Reply&, const Json&);
void handle_chat_get(Session&, const Reply&, const Json&);
void handle_chat_rename(Session&, const Reply&, const Json&);
void handle_chat_delete(Session&, const Reply&, const Json&);
void handle_chat_fork(Session&, const Reply&, const Json&);
void handle_chat_export(Session&, const Reply&, const Json&);

// commit_methods.cpp
void handle_commit_message(Session&, const Reply&, const Json&);

// trust_methods.cpp
void handle_trust(Session&, const Reply&, const Json&);

// select_model.cpp
void handle_select_model(Session&, const Reply&, const Json&);

// usage_methods.cpp
void handle_sent(Session& session, const Reply& reply, const Json& params);
void handle_usage(Session&, const Reply&, const Json&);

// provider_methods.cpp
void handle_models(Session&, const Reply&, const Json&);
void handle_balance(Session&, const Reply&, const Json&);
void handle_embed(Session&, const Reply&, const Json&);
void handle_key_set(Session&, const Reply&, const Json&);
void handle_key_status(Session&, const Reply&, const Json&);
void handle_config(Session&, const Reply&, const Json&);

}  // namespace dragoman::session
