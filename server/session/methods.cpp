#include "server/session/methods.h"

#include <array>
#include <utility>

namespace dragoman::session {
namespace {

// clang-format off
constexpr std::array<std::pair<std::string_view, RequestHandler>, 26> kRequests{{
    {"initialize",                    handle_initialize},
    {"shutdown",                      handle_shutdown},
    {"textDocument/inlineCompletion", handle_inline_completion},
    {"textDocument/completion",       handle_completion},
    {"textDocument/codeAction",       handle_code_action},
    {"workspace/executeCommand",      handle_execute_command},
    {"dragoman/trail",                handle_trail},
    {"dragoman/edit",                 handle_edit},
    {"dragoman/chat/send",            handle_chat_send},
    {"dragoman/chat/list",            handle_chat_list},
    {"dragoman/chat/get",             handle_chat_get},
    {"dragoman/chat/rename",          handle_chat_rename},
    {"dragoman/chat/delete",          handle_chat_delete},
    {"dragoman/chat/fork",            handle_chat_fork},
    {"dragoman/chat/export",          handle_chat_export},
    {"dragoman/commitMessage",        handle_commit_message},
    {"dragoman/models",               handle_models},
    {"dragoman/selectModel",          handle_select_model},
    {"dragoman/balance",              handle_balance},
    {"dragoman/usage",                handle_usage},
    {"dragoman/sent",                 handle_sent},
    {"dragoman/embed",                handle_embed},
    {"dragoman/key/set",              handle_key_set},
    {"dragoman/key/status",           handle_key_status},
    {"dragoman/config",               handle_config},
    {"dragoman/trust",                handle_trust},
}};

constexpr std::array<std::pair<std::string_view, NotificationHandler>, 15> kNotifications{{
    {"initialized",                               handle_initialized},
    {"exit",                                      handle_exit},
    {"$/cancelRequest",                           handle_cancel},
    {"$/setTrace",                                handle_set_trace},
    {"window/workDoneProgress/cancel",            handle_progress_cancel},
    {"textDocument/didOpen",                      handle_did_open},
    {"textDocument/didChange",                    handle_did_change},
    {"textDocument/didClose",                     handle_did_close},
    {"textDocument/didSave",                      handle_did_save},
    {"workspace/didChangeConfiguration",          handle_did_change_configuration},
    {"workspace/didChangeWatchedFiles",           handle_did_change_watched_files},
    {"workspace/didChangeWorkspaceFolders",       handle_did_change_folders},
    {"textDocument/didShowCompletion",            handle_did_show_completion},
    {"textDocument/didPartiallyAcceptCompletion", handle_did_partially_accept},
    {"textDocument/didFocus",                     handle_did_focus},
}};
// clang-format on

template <class Table>
auto find_in(const Table& table, std::string_view method) -> decltype(table.front().second) {
    for (const auto& [name, handler] : table) {
        if (name == method) return handler;
    }
    return nullptr;
}

}  // namespace

std::optional<std::filesystem::path> folder_param(const Json& params) {
    const auto folder = get_string(params, "folder");
    if (!folder) return std::nullopt;
    if (folder->starts_with('/') && folder->find('\0') == std::string::npos)
        return std::filesystem::path{*folder};
    return path_of_uri(*folder);
}

RequestHandler find_request(std::string_view method) { return find_in(kRequests, method); }
NotificationHandler find_notification(std::string_view method) { return find_in(kNotifications, method); }

}  // namespace dragoman::session
