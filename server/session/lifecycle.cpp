// initialize to exit.

#include "protocol/lsp/lifecycle.h"

#include "server/session/local_servers.h"
#include "server/session/methods.h"
#include "server/support/log.h"
#include "server/support/paths.h"

namespace dragoman::session {
namespace {

/// The workspace folders, or the one root that older clients name.
std::vector<std::string> folders_of(const lsp::InitializeParams& client) {
    std::vector<std::string> folders;
    for (const auto& folder : client.workspace_folders) folders.push_back(folder.uri);
    if (folders.empty() && client.root_uri) folders.push_back(*client.root_uri);
    if (folders.empty() && client.root_path) folders.push_back(uri_of_path(*client.root_path));
    return folders;
}

/// Asks to be told about changes of configuration files, where the client can be asked.
void register_watchers(Session& session) {
    Json registrations = Json::array();
    if (session.client().capabilities.registers_watched_files) {
        registrations.push_back(
            {{"id", "dragoman.files"},
             {"method", "workspace/didChangeWatchedFiles"},
             {"registerOptions", {{"watchers", {{{"globPattern", "**/.dragoman.json"}}}}}}});
    }
    if (session.client().capabilities.registers_configuration) {
        registrations.push_back({{"id", "dragoman.settings"},
                                 {"method", "workspace/didChangeConfiguration"},
                                 {"registerOptions", {{"section", "dragoman"}}}});
    }
    if (registrations.empty()) return;
    session.ask_client("client/registerCapability", {{"registrations", std::move(registrations)}},
                       [](const std::optional<Json>&) {});
}

/// Opens the connection that the first keystroke will use.
void warm_up(Session& session) {
    const auto config = session.services().store.effective();
    const auto model = config->resolve(config::Role::completion);
    if (model && config->completion.enabled) session.services().gateway.warm(*model->provider);
}

}  // namespace

void handle_initialize(Session& session, const Reply& reply, const Json& params) {
    if (session.initialized()) {
        return reply.error(
            {.code = jsonrpc::Code::invalid_request, .message = "initialize was sent before", .data = {}});
    }
    session.client() = lsp::initialize_params(params);
    const lsp::InitializeParams& client = session.client();
    const PositionEncoding encoding = lsp::choose_encoding(client.capabilities.position_encodings);
    session.services().documents.set_encoding(encoding);
    session.set_folders(folders_of(client));
    session.services().store.set_editor_settings(client.options,
                                                 session.services().editor_settings_are_the_users);
    session.set_running();
    reply.result(lsp::initialize_result(
        {.encoding = encoding,
         .version = DRAGOMAN_VERSION,
         .completion_menu = session.services().store.effective()->completion.menu,
         .commands = {std::string{lsp::kCompletionAccepted}, std::string{lsp::kCodeAction}}}));
    session.configuration_changed();
    session.status().open();
    if (client.process_id && session.services().watch_parent)
        session.services().watch_parent(*client.process_id);
    log::info("serving {} {}", client.client_name.empty() ? "an unnamed editor" : client.client_name,
              client.client_version);
}

void handle_initialized(Session& session, const Json&) {
    register_watchers(session);
    session.pull_configuration();
    // Only with nothing configured at all: settings that are broken or wait for trust are not replaced.
    const auto config = session.services().store.effective();
    if (config->providers.empty() && config->unusable.empty() && config->untrusted.empty() &&
        config->problems.empty()) {
        session.find_local_server();
    } else {
        warm_up(session);
    }
}

void handle_shutdown(Session& session, const Reply& reply, const Json&) { session.shut_down(reply); }

void handle_exit(Session& session, const Json&) { session.exit(); }

void handle_cancel(Session& session, const Json& params) {
    const auto member = params.find("id");
    if (member == params.end()) return;
    if (const auto id = jsonrpc::id_from_json(*member)) session.cancel(*id);
}

void handle_set_trace(Session&, const Json&) {}

void handle_progress_cancel(Session& session, const Json& params) {
    if (const Json* token = find(params, "token")) session.cancel_progress(*token);
}

}  // namespace dragoman::session
