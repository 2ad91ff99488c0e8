#include "protocol/lsp/lifecycle.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::lsp;
using enum PositionEncoding;

TEST_CASE("the position encoding is one the client offered, utf-8 first", "[E57][E58][E59][E60]") {
    struct Case {
        std::vector<std::string> offered;
        PositionEncoding chosen;
    };
    const auto [offered, chosen] = GENERATE(values<Case>({
        {{"utf-16"}, utf16},
        {{"utf-8", "utf-16", "utf-32"}, utf8},
        {{"utf-8", "utf-32", "utf-16"}, utf8},
        {{"utf-32", "utf-8", "utf-16"}, utf8},
        {{"utf-32", "utf-16"}, utf16},
        {{"utf-32"}, utf32},
        {{}, utf16},
        {{"ebcdic", "UTF-8", ""}, utf16},
        {{"ebcdic", "utf-8"}, utf8},
    }));
    CHECK(choose_encoding(offered) == chosen);
}

TEST_CASE("what a client says of itself is read") {
    const auto params = initialize_params(Json::parse(R"({
        "processId": 42.0, "rootUri": "file:///r", "rootPath": "/r", "trace": "verbose",
        "clientInfo": {"name": "Editor", "version": "1.2"},
        "workspaceFolders": [{"uri": "file:///r", "name": "r"}, {"name": "none"}, 5, {"uri": "file:///s"}],
        "initializationOptions": {"completion": {"menu": true}},
        "capabilities": {
            "general": {"positionEncodings": ["utf-8", 5, "utf-16"]},
            "workspace": {"configuration": true, "workspaceFolders": true, "applyEdit": true,
                          "workspaceEdit": {"documentChanges": true},
                          "didChangeWatchedFiles": {"dynamicRegistration": true},
                          "didChangeConfiguration": {"dynamicRegistration": true}},
            "textDocument": {"inlineCompletion": {"dynamicRegistration": true}, "publishDiagnostics": []},
            "window": {"workDoneProgress": true, "showDocument": {"support": true}}}})"));
    CHECK(params.process_id == 42);
    CHECK(params.root_uri == "file:///r");
    CHECK(params.root_path == "/r");
    CHECK(params.trace == Trace::verbose);
    CHECK(params.client_name == "Editor");
    CHECK(params.client_version == "1.2");
    CHECK(params.workspace_folders == std::vector<WorkspaceFolder>{{"file:///r", "r"}, {"file:///s", ""}});
    CHECK(params.options == Json::parse(R"({"completion":{"menu":true}})"));
    const ClientCapabilities& can = params.capabilities;
    CHECK(can.position_encodings == std::vector<std::string>{"utf-8", "utf-16"});
    CHECK((can.configuration && can.workspace_folders && can.apply_edit && can.document_changes));
    CHECK((can.registers_watched_files && can.registers_configuration && can.registers_inline_completion));
    CHECK((can.inline_completion && can.publish_diagnostics && can.work_done_progress && can.show_document));
}

TEST_CASE("an initialize with nothing, nulls or nonsense works", "[C34][E59]") {
    const auto text = GENERATE(
        as<std::string>{}, "{}", "[]", "null", R"({"processId":null,"rootUri":null,"capabilities":{}})",
        R"({"processId":-1,"capabilities":null,"workspaceFolders":null,"trace":"loud"})",
        R"({"processId":"x","rootUri":5,"capabilities":[],"workspaceFolders":{},"clientInfo":"me"})",
        R"({"capabilities":{"general":[],"workspace":5,"window":{"showDocument":true},
                                   "textDocument":{"inlineCompletion":null,"publishDiagnostics":null}}})",
        R"({"capabilities":{"general":{"positionEncodings":"utf-8"},
                                   "workspace":{"configuration":"yes","didChangeWatchedFiles":[]}}})");
    CAPTURE(text);
    const auto params = initialize_params(Json::parse(text));
    CHECK_FALSE(params.process_id);
    CHECK_FALSE(params.root_uri);
    CHECK(params.options == Json::object());
    CHECK(params.workspace_folders.empty());
    CHECK(params.trace == Trace::off);
    CHECK(choose_encoding(params.capabilities.position_encodings) == utf16);
    const ClientCapabilities& can = params.capabilities;
    CHECK_FALSE((can.configuration || can.registers_watched_files || can.inline_completion ||
                 can.publish_diagnostics || can.work_done_progress || can.show_document));
}

TEST_CASE("options that are an empty list are an empty object", "[B23]") {
    CHECK(initialize_params(Json::parse(R"({"initializationOptions":[]})")).options == Json::object());
    CHECK(initialize_params(Json::parse(R"({"initializationOptions":"x"})")).options == Json::object());
}

TEST_CASE("the offer to the client has every member of the protocol and no null", "[C47][C48][G79]") {
    const Json result = initialize_result(
        {.encoding = utf8, .version = "1.2.3", .commands = {"dragoman.completionAccepted"}});
    CHECK(result == Json::parse(R"({
        "capabilities": {
            "positionEncoding": "utf-8",
            "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
            "inlineCompletionProvider": {},
            "codeActionProvider": {"codeActionKinds": ["quickfix", "refactor.rewrite"]},
            "executeCommandProvider": {"commands": ["dragoman.completionAccepted"]},
            "workspace": {"workspaceFolders": {"supported": true, "changeNotifications": true}},
            "experimental": {"dragoman": {"protocolVersion": 1}}},
        "serverInfo": {"name": "dragoman", "version": "1.2.3"}})"));
}

TEST_CASE("the completion menu is offered only on request", "[G94]") {
    const Json with = initialize_result({.encoding = utf16, .version = "1", .completion_menu = true});
    CHECK(with["capabilities"]["completionProvider"] == Json::object());
    CHECK(with["capabilities"]["positionEncoding"] == "utf-16");
}
