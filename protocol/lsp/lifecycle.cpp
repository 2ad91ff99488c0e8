#include "protocol/lsp/lifecycle.h"

#include <algorithm>
#include <initializer_list>

namespace dragoman::lsp {
namespace {

// The value at the end of a path of member names, or null.
const Json* walk(const Json& from, std::initializer_list<std::string_view> path) {
    const Json* at = &from;
    for (const std::string_view name : path) {
        at = find(*at, name);
        if (at == nullptr) return nullptr;
    }
    return at;
}

bool is_true(const Json& from, std::initializer_list<std::string_view> path) {
    const Json* value = walk(from, path);
    return value != nullptr && value->is_boolean() && value->get<bool>();
}

// A capability that is an object, be it an empty one, which Lua clients write as [].
bool is_there(const Json& from, std::initializer_list<std::string_view> path) {
    const Json* value = walk(from, path);
    return value != nullptr && value->is_structured();
}

ClientCapabilities read_capabilities(const Json& from) {
    ClientCapabilities read;
    const Json* encodings = walk(from, {"general", "positionEncodings"});
    if (encodings != nullptr && encodings->is_array()) {
        for (const Json& name : *encodings) {
            if (name.is_string()) read.position_encodings.push_back(name.get<std::string>());
        }
    }
    read.configuration = is_true(from, {"workspace", "configuration"});
    read.workspace_folders = is_true(from, {"workspace", "workspaceFolders"});
    read.apply_edit = is_true(from, {"workspace", "applyEdit"});
    read.document_changes = is_true(from, {"workspace", "workspaceEdit", "documentChanges"});
    read.registers_watched_files =
        is_true(from, {"workspace", "didChangeWatchedFiles", "dynamicRegistration"});
    read.registers_configuration =
        is_true(from, {"workspace", "didChangeConfiguration", "dynamicRegistration"});
    read.registers_inline_completion =
        is_true(from, {"textDocument", "inlineCompletion", "dynamicRegistration"});
    read.inline_completion = is_there(from, {"textDocument", "inlineCompletion"});
    read.publish_diagnostics = is_there(from, {"textDocument", "publishDiagnostics"});
    read.work_done_progress = is_true(from, {"window", "workDoneProgress"});
    read.change_annotations = is_there(from, {"workspace", "workspaceEdit", "changeAnnotationSupport"});
    read.code_action_literals = is_there(from, {"textDocument", "codeAction", "codeActionLiteralSupport"});
    read.show_message_request = is_there(from, {"window", "showMessage"});
    read.show_document = is_true(from, {"window", "showDocument", "support"});
    return read;
}

}  // namespace

std::vector<WorkspaceFolder> workspace_folders_from_json(const Json& value) {
    std::vector<WorkspaceFolder> folders;
    if (!value.is_array()) return folders;
    for (const Json& entry : value) {
        auto uri = get_string(entry, "uri");
        if (!uri || uri->empty()) continue;
        folders.push_back({std::move(*uri), get_string(entry, "name").value_or("")});
    }
    return folders;
}

InitializeParams initialize_params(const Json& params) {
    InitializeParams read;
    if (const auto id = get_int(params, "processId"); id && *id > 0) read.process_id = id;
    read.root_uri = get_string(params, "rootUri");
    read.root_path = get_string(params, "rootPath");
    if (const Json* folders = find(params, "workspaceFolders")) {
        read.workspace_folders = workspace_folders_from_json(*folders);
    }
    if (const Json* options = find(params, "initializationOptions"); options && options->is_object()) {
        read.options = *options;
    }
    if (const Json* capabilities = find(params, "capabilities")) {
        read.capabilities = read_capabilities(*capabilities);
    }
    if (const Json* client = find(params, "clientInfo")) {
        read.client_name = get_string(*client, "name").value_or("");
        read.client_version = get_string(*client, "version").value_or("");
    }
    read.trace = trace_from_name(get_string(params, "trace").value_or("")).value_or(Trace::off);
    return read;
}

std::optional<Trace> trace_from_name(std::string_view name) {
    if (name == "off") return Trace::off;
    if (name == "messages") return Trace::messages;
    if (name == "verbose") return Trace::verbose;
    return std::nullopt;
}

PositionEncoding choose_encoding(const std::vector<std::string>& offered) {
    const auto has = [&](PositionEncoding encoding) {
        return std::find(offered.begin(), offered.end(), wire_name(encoding)) != offered.end();
    };
    if (has(PositionEncoding::utf8)) return PositionEncoding::utf8;
    if (has(PositionEncoding::utf32) && !has(PositionEncoding::utf16)) return PositionEncoding::utf32;
    return PositionEncoding::utf16;
}

Json initialize_result(const ServerOffer& offer) {
    Json capabilities{
        {"positionEncoding", wire_name(offer.encoding)},
        {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", {{"includeText", false}}}}},
        {"inlineCompletionProvider", Json::object()},
        {"codeActionProvider", {{"codeActionKinds", {"quickfix", "refactor.rewrite"}}}},
        {"executeCommandProvider", {{"commands", offer.commands}}},
        {"workspace", {{"workspaceFolders", {{"supported", true}, {"changeNotifications", true}}}}},
        {"experimental", {{"dragoman", {{"protocolVersion", 1}}}}}};
    if (offer.completion_menu) capabilities["completionProvider"] = Json::object();
    return {{"capabilities", std::move(capabilities)},
            {"serverInfo", {{"name", "dragoman"}, {"version", offer.version}}}};
}

}  // namespace dragoman::lsp
