// Bad input of every kind: it gives the stated error, which names the thing and the cure, and the daemon
// goes on.
#include "tests/e2e/setup.h"

#include <catch2/catch_all.hpp>

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

constexpr int kRequestFailed = -32803;
const Json kNothing{{"items", Json::array()}};

/// A chat turn works, by `model`.
void check_works(Gateway& gateway, TestEditor& editor, const std::string& model) {
    gateway.answer(Script::answer("fine"));
    const Json result = editor.result(editor.chat("Hello?"));
    CHECK(result["text"] == "fine");
    CHECK(result["model"] == model);
}

}  // namespace

// --- Configuration files

namespace {

struct Broken {
    const char* name;
    std::function<void(const fs::path& file, const std::string& good)> make;
    int line, column;  // 0: the file as a whole
    const char* told;
    bool rest_counts = false;  // what else the file says is used
};

void write(const fs::path& file, const std::string& text) { std::ofstream{file} << text; }

const std::vector<Broken> kBroken{
    {"cut off",
     [](const fs::path& file, const std::string& good) { write(file, good.substr(0, good.size() - 2)); }, 1,
     1, "never closed"},
    {"no JSON", [](const fs::path& file, const std::string&) { write(file, "{\n  model: x\n}"); }, 2, 3,
     "double quotes"},
    {"an unknown key",
     [](const fs::path& file, const std::string& good) {
         write(file, "{\n  \"complition\": {},\n" + good.substr(1));
     },
     2, 3, "did you mean \"completion\"", true},
    {"a wrong type",
     [](const fs::path& file, const std::string& good) {
         write(file, "{\n  \"log\": {\"level\": 7},\n" + good.substr(1));
     },
     2, 20, "log.level", true},
    {"a FIFO", [](const fs::path& file, const std::string&) { CHECK(::mkfifo(file.c_str(), 0600) == 0); }, 0,
     0, "not a regular file"},
    {"a folder", [](const fs::path& file, const std::string&) { fs::create_directory(file); }, 0, 0,
     "not a regular file"},
    {"2 MB",
     [](const fs::path& file, const std::string& good) { write(file, good + std::string(2U << 20U, ' ')); },
     0, 0, "1 MiB"},
    {"unreadable",
     [](const fs::path& file, const std::string&) {
         fs::create_symlink(file.filename(), file);
     },  // to itself
     0, 0, "cannot be read"},
};

}  // namespace

TEST_CASE(
    "a configuration file that breaks is told, the last good one counts, and mending needs no restart") {
    const Broken& one = GENERATE(from_range(kBroken));
    CAPTURE(one.name);
    Session s;
    const fs::path file = s.editor.home() / "config/dragoman/config.json";
    const std::string good = s.editor.home().read("config/dragoman/config.json");
    check_works(s.gateway, s.editor, "gw/deepseek-chat");
    fs::remove(file);
    one.make(file, good);

    const Json result = s.editor.call("dragoman/config");
    REQUIRE(result["problems"].size() == 1);
    const Json& problem = result["problems"][0];
    CHECK(problem["path"] == file.string());
    CHECK_THAT(problem["message"].get<std::string>(), ContainsSubstring(one.told));
    if (one.line > 0) {
        CHECK(problem["line"] == one.line);
        CHECK(problem["column"] == one.column);
    }
    const auto about_file = [&](const Json& params) { return params["uri"] == "file://" + file.string(); };
    const Json published = s.editor.notification("textDocument/publishDiagnostics", about_file);
    REQUIRE(published["diagnostics"].size() == 1);
    CHECK(published["diagnostics"][0]["message"] == problem["message"]);
    if (one.line > 0)
        CHECK(published["diagnostics"][0]["range"]["start"] ==
              Json{{"line", one.line - 1}, {"character", one.column - 1}});
    check_works(s.gateway, s.editor, "gw/deepseek-chat");

    fs::remove(file);
    Json mended = Json::parse(good);
    mended["chat"]["model"] = "gw/gpt-4o";
    s.editor.write_config(mended);
    check_works(s.gateway, s.editor, "gw/gpt-4o");
    CHECK(s.editor.notification("textDocument/publishDiagnostics", about_file)["diagnostics"].empty());
    CHECK(s.editor.call("dragoman/config")["problems"].empty());
    s.editor.quit();
}

TEST_CASE("a configuration that is broken from the start is served and told, and mended while running") {
    const Broken& one = GENERATE(from_range(kBroken));
    if (one.rest_counts) return;
    CAPTURE(one.name);
    Gateway gateway;
    EditorOptions options = options_for(gateway);
    const Json good = options.config;
    options.config = nullptr;
    // The folder is known only once the editor is there, and the file must be there before the daemon reads
    // it: at initialize.
    TestEditor editor{options};
    const fs::path file = editor.home() / "config/dragoman/config.json";
    fs::create_directories(file.parent_path());
    one.make(file, good.dump(2));
    editor.initialize();
    const Json error = editor.error(editor.chat("Hello?"));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == "notConfigured");
    CHECK_FALSE(error["data"]["hint"].get<std::string>().empty());
    CHECK(editor.notification("textDocument/publishDiagnostics")["diagnostics"].size() == 1);
    fs::remove(file);
    editor.write_config(good);
    check_works(gateway, editor, "gw/deepseek-chat");
    editor.quit();
}

TEST_CASE("what the user's file may limit is not sent while it cannot be read, whoever configures the rest") {
    const Broken& one = GENERATE(from_range(kBroken));
    if (one.rest_counts) return;
    CAPTURE(one.name);
    Gateway gateway;
    EditorOptions options = options_for(gateway);
    const Json settings = options.config;
    options.config = nullptr;
    options.arguments.push_back("--trust-editor-settings");
    TestEditor editor{options};
    const fs::path file = editor.home() / "config/dragoman/config.json";
    fs::create_directories(file.parent_path());
    one.make(file, R"({"budget": {"perDayTokens": 1000000}, "privacy": {"exclude": ["*.key"]}  })");
    editor.initialize({{"initializationOptions", settings}});
    const std::string uri = editor.uri("a.cpp");
    editor.open(uri, "cpp", "int x = \n");

    const Json said = editor.notification("window/showMessage");
    CHECK(said["type"] == 1);
    CHECK_THAT(said["message"].get<std::string>(), ContainsSubstring(one.told));
    CHECK_THAT(said["message"].get<std::string>(), ContainsSubstring("Correct " + file.string()));
    const Json status =
        editor.notification("dragoman/status", [](const Json& now) { return now["state"] == "error"; });
    CHECK_THAT(status["message"].get<std::string>(), ContainsSubstring(file.string() + ":"));
    CHECK(status["error"]["kind"] == "notConfigured");
    const Json error = editor.error(editor.chat("Hello?"));
    CHECK(error["data"]["kind"] == "notConfigured");
    CHECK_THAT(error["message"].get<std::string>(), ContainsSubstring(one.told));
    CHECK(editor.result(editor.inline_completion(uri, 0, 8)) == kNothing);
    for (const char* method : {"dragoman/embed", "dragoman/models", "dragoman/balance"})
        CHECK(editor.error(editor.request(method, {{"input", "x"}}))["data"]["kind"] == "notConfigured");
    CHECK(gateway.journal().connections == 0);

    fs::remove(file);
    editor.write_config({{"budget", {{"perDayTokens", 1'000'000}}}});
    check_works(gateway, editor, "gw/deepseek-chat");
    editor.notification("dragoman/status", [](const Json& now) { return now["state"] == "idle"; });
    editor.quit();
}

// --- A repository that wants to choose

TEST_CASE("a repository's own provider waits for approval, and nobody else is asked in its place") {
    Gateway theirs, ours;
    EditorOptions options = options_for(ours);
    TestEditor editor{options};
    const bool redefined = GENERATE(false, true);
    CAPTURE(redefined);
    const std::string name = redefined ? "gw" : "theirs";
    const Json project{{"providers",
                        {{name,
                          {{"preset", "openai-compatible"},
                           {"baseUrl", theirs.base_url()},
                           {"key", {{"env", "GATEWAY_KEY"}}}}}}},
                       {"chat", {{"model", name + "/m"}}},
                       {"completion", {{"model", name + "/m"}}}};
    editor.home().write("app/.dragoman.json", project.dump(2));
    editor.initialize({{"workspaceFolders", Json::array({{{"uri", editor.uri("app")}, {"name", "app"}}})}});
    const std::string uri = editor.uri("app/a.cpp");
    editor.open(uri, "cpp", "int x = \n");

    const Json error = editor.error(editor.chat("Hello?", nullptr, {{"textDocument", {{"uri", uri}}}}));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == "untrusted");
    CHECK(error["data"]["provider"] == name);
    CHECK_THAT(error["message"].get<std::string>(), ContainsSubstring(name));
    CHECK_FALSE(error["data"]["hint"].get<std::string>().empty());
    CHECK(editor.result(editor.inline_completion(uri, 0, 8)) == kNothing);
    CHECK(editor.notification("dragoman/status", [](const Json& p) {
        return p.contains("error");
    })["error"]["kind"] == "untrusted");
    for (const char* method :
         {"dragoman/models", "dragoman/balance", "dragoman/key/status", "dragoman/embed"})
        static_cast<void>(editor.response(
            editor.request(method, {{"provider", name}, {"input", "x"}, {"textDocument", {{"uri", uri}}}})));
    editor.quit();
    for (const Gateway* gateway : {&theirs, &ours}) {
        CHECK(gateway->journal().connections == 0);
        CHECK(gateway->journal().requests.empty());
        CHECK(gateway->journal().heads.empty());
    }
    for (const Json& message : editor.received()) CHECK_THAT(message.dump(), !ContainsSubstring(ours.key()));
}

// --- Key sources

TEST_CASE("a key source that gives no key is told by name, with a cure, and nothing is sent") {
    struct Case {
        const char* name;
        Json key;
        std::vector<std::string> told;
    };
    const auto shell = [](const char* script) {
        return Json{{"command", Json::array({"/bin/sh", "-c", script})}};
    };
    const Case one = GENERATE_COPY(
        Case{"variable not set", {{"env", "NO_SUCH_KEY"}}, {"NO_SUCH_KEY", "not set"}},
        Case{"variable empty", {{"env", "EMPTY_KEY"}}, {"EMPTY_KEY"}},
        Case{
            "command fails", shell("echo vault is locked >&2; exit 3"), {"exit status 3", "vault is locked"}},
        Case{"command prints nothing", shell("true"), {"sh", "empty"}},
        Case{"command prints a blank line first", shell("echo; echo sk-live-second"), {"sh", "empty"}},
        Case{"command prints control characters",
             shell("printf 'sk-live-\\001\\033[1mx\\n'"),
             {"sh", "control"}},
        Case{"command is killed", shell("kill -9 $$"), {"signal 9"}},
        Case{"command does not exist", {{"command", Json::array({"/no/such/program"})}}, {"program"}},
        Case{"file is missing", {{"file", "~/no-such-key"}}, {"no-such-key", "does not exist"}},
        Case{"file is for everybody", {{"file", "~/open-key"}}, {"open-key", "others"}},
        Case{"file is a folder", {{"file", "~/tmp"}}, {"not a regular file"}},
        Case{"file is empty", {{"file", "~/empty-key"}}, {"empty-key", "empty"}},
        Case{"editor has not given one", "editor", {"editor"}});
    CAPTURE(one.name);
    Gateway gateway;
    EditorOptions options = options_for(gateway);
    options.config["providers"]["gw"]["key"] = one.key;
    options.environment["EMPTY_KEY"] = "";
    TestEditor editor{options};
    editor.home().write("open-key", "sk-live-open\n", 0644);
    editor.home().write("empty-key", "", 0600);
    editor.initialize();
    const Json error = editor.error(editor.chat("Hello?"));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == "noKey");
    CHECK(error["data"]["provider"] == "gw");
    CHECK_FALSE(error["data"]["hint"].get<std::string>().empty());
    const auto message = error["message"].get<std::string>();
    CHECK_THAT(message, ContainsSubstring("gw"));
    for (const auto& part : one.told) CHECK_THAT(message, ContainsSubstring(part));
    CHECK_THAT(error.dump(), !ContainsSubstring("sk-live"));

    editor.open(editor.uri("a.cpp"), "cpp", "int x = \n");
    CHECK(editor.result(editor.inline_completion(editor.uri("a.cpp"), 0, 8)) == kNothing);
    CHECK(gateway.journal().requests.empty());
    editor.call("dragoman/key/set", {{"provider", "gw"}, {"key", gateway.key()}});
    check_works(gateway, editor, "gw/deepseek-chat");
    editor.quit();
}

TEST_CASE("of what a key command prints the first line is the key") {
    Gateway gateway;
    EditorOptions options = options_for(gateway);
    options.config["providers"]["gw"]["key"] = {
        {"command", Json::array({"/bin/sh", "-c", "echo " + gateway.key() + "; echo user: me"})}};
    TestEditor editor{options};
    editor.initialize();
    check_works(gateway, editor, "gw/deepseek-chat");
    CHECK(gateway.request(0).header("Authorization") == "Bearer " + gateway.key());
    editor.quit();
}

// --- Answers that are none

namespace {

struct Hostile {
    const char* name;
    Script script;
    const char* kind;
};

Script event_stream(const std::string& bytes) { return Script::plain(200, "text/event-stream", bytes); }

std::vector<Hostile> hostile() {
    const std::string megabytes(10U << 20U, 'a');
    return {
        {"HTML", Script::plain(200, "text/html", "<html><title>Sign in</title></html>"), "badResponse"},
        {"HTML as a stream", event_stream("<html><title>Sign in</title></html>\n\n"), "badResponse"},
        {"nothing", Script::plain(200, "application/json", ""), "badResponse"},
        {"nothing as a stream", event_stream(""), "badResponse"},
        {"JSON cut off",
         Script::plain(200, "application/json", R"({"choices": [{"message": {"content": "hel)"), "network"},
        {"an event cut off", event_stream("data: {\"choices\": [{\"delta\": {\"content\": \"hel"), "network"},
        {"gzip that is none",
         Script::plain(200, "application/json", "not gzip at all").header("Content-Encoding", "gzip"),
         "badResponse"},
        {"10 MB without a line end", event_stream("data: " + megabytes), "network"},
        {"40 MB without a line end", event_stream("data: " + megabytes + megabytes + megabytes + megabytes),
         "badResponse"},
        {"10 MB of one event", event_stream("data: \"" + megabytes + "\"\n\n"), "badResponse"},
        {"10 MB of HTML", Script::plain(200, "text/html", "<html>" + megabytes), "badResponse"},
        {"10 MB of an error", Script::plain(500, "text/plain", megabytes), "upstreamUnavailable"},
        {"a number", Script::plain(200, "application/json", "42"), "badResponse"},
        {"null", Script::plain(200, "application/json", "null"), "badResponse"},
        {"choices of a wrong type", Script::json(200, {{"choices", 5}}), "badResponse"},
        {"no choices", Script::json(200, {{"choices", Json::array()}}), "badResponse"},
        {"events that are no objects", event_stream("data: 1\n\ndata: null\n\ndata: []\n\ndata: [DONE]\n\n"),
         "badResponse"},
        {"events of another API", event_stream("data: {\"hello\": \"world\"}\n\n"), "badResponse"},
        {"events of wrong types",
         event_stream("data: {\"choices\": {\"0\": 1}}\n\ndata: {\"choices\": [7, null, {\"delta\": 3}, "
                      "{\"delta\": {\"content\": 9, \"tool_calls\": \"x\"}}], \"usage\": \"much\"}\n\n"),
         "network"},
        {"deep JSON", Script::plain(200, "application/json", std::string(100'000, '[')), "network"},
        {"bytes that are no text", event_stream("data: \xff\xfe\x80\n\n"), "badResponse"},
        {"an error of a wrong type", Script::json(400, {{"error", Json::array({1, nullptr})}}), "badRequest"},
        {"a status that does not exist", Script::plain(799, "text/plain", "?"), "badResponse"},
    };
}

}  // namespace

TEST_CASE("a hostile answer is told as what it is, and the next one is read") {
    static const auto all = hostile();
    const Hostile& one = GENERATE(from_range(all));
    CAPTURE(one.name);
    Session s;
    s.gateway.answer(one.script);
    const Json error = s.editor.error(s.editor.chat("Hello?", "t"));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == one.kind);
    CHECK(error["data"]["provider"] == "gw");
    CHECK_FALSE(error["data"]["hint"].get<std::string>().empty());
    CHECK(error.dump().size() < 10'000);

    s.editor.open(s.editor.uri("a.cpp"), "cpp", "int x = \n");
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), one.script);
    const Json shown = s.editor.result(s.editor.inline_completion(s.editor.uri("a.cpp"), 0, 8));
    CHECK(shown["items"].size() <= (error["data"].contains("partialText") ? 1 : 0));
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script::answer("42;"));
    CHECK(s.editor.result(s.editor.chat("Hello?"))["text"] == "42;");
    CHECK(s.editor.result(s.editor.inline_completion(s.editor.uri("a.cpp"), 0, 8))["items"].size() == 1);
    s.editor.quit();
}

// --- Messages and edits

TEST_CASE("edits that cannot be understood are logged, and the text is unknown until a whole one comes") {
    const Json range{{"start", {{"line", 0}, {"character", 0}}}, {"end", {{"line", 0}, {"character", 1}}}};
    const Json changes = GENERATE_COPY(
        Json("x"), Json(5), Json::array({5}), Json::array({Json::object()}),
        Json::array({{{"range", range}}}), Json::array({{{"range", {{"start", "x"}}}, {"text", "y"}}}),
        Json::array({{{"range", range}, {"text", 7}}}),
        Json::array({{{"range", {{"start", range["end"]}, {"end", range["start"]}}}, {"text", "turned"}}}));
    CAPTURE(changes.dump());
    Session s{"llamacpp"};
    const std::string uri = s.editor.uri("a.cpp");
    s.editor.open(uri, "cpp", "int x = ");
    const auto change = [&](const Json& content, int version) {
        s.editor.notify("textDocument/didChange", {{"textDocument", {{"uri", uri}, {"version", version}}},
                                                   {"contentChanges", content}});
    };
    change(changes, 2);
    s.editor.wait_stderr("didChange");
    CHECK(s.editor.result(s.editor.inline_completion(uri, 0, 8)) == kNothing);
    CHECK(s.gateway.journal().requests.empty());
    change(Json::array({{{"text", "int y = "}}}), 3);
    s.gateway.answer(Script::answer("1;"));
    CHECK(s.editor.result(s.editor.inline_completion(uri, 0, 8))["items"].size() == 1);
    CHECK(s.gateway.request(0).json["input_prefix"] == "int y = ");
    s.editor.quit();
}

TEST_CASE("notifications and requests of any shape are survived", "[B22]") {
    const Json shape = GENERATE(
        Json(nullptr), Json::array(), Json::array({1, 2}), Json::object(), Json{{"textDocument", 5}},
        Json{{"textDocument", {{"uri", 5}}}},
        Json{{"textDocument", {{"uri", "%%%\x01 not a URI"}}}, {"position", "x"}},
        Json{{"item", 5}, {"event", 5}, {"settings", "x"}, {"changes", {{"a", 1}}}, {"id", {{"a", 1}}}},
        Json{{"event", {{"added", 5}, {"removed", Json::array({5})}}},
             {"prompt", "x"},
             {"context", 5},
             {"options", "x"},
             {"provider", 7},
             {"input", {{"a", 1}}},
             {"limit", -5},
             {"conversation", Json::array()}});
    CAPTURE(shape.dump());
    Session s;
    for (const char* method :
         {"initialized", "$/cancelRequest", "$/setTrace", "textDocument/didOpen", "textDocument/didChange",
          "textDocument/didClose", "textDocument/didSave", "workspace/didChangeConfiguration",
          "workspace/didChangeWatchedFiles", "workspace/didChangeWorkspaceFolders",
          "textDocument/didShowCompletion", "textDocument/didPartiallyAcceptCompletion",
          "textDocument/didFocus", "window/workDoneProgress/cancel"})
        s.editor.notify(method, shape);
    for (const char* method :
         {"textDocument/inlineCompletion", "textDocument/codeAction", "workspace/executeCommand",
          "dragoman/trail", "dragoman/edit", "dragoman/chat/send", "dragoman/chat/list", "dragoman/chat/get",
          "dragoman/chat/rename", "dragoman/chat/delete", "dragoman/chat/fork", "dragoman/chat/export",
          "dragoman/models", "dragoman/balance", "dragoman/embed", "dragoman/key/set", "dragoman/key/status",
          "dragoman/config"}) {
        CAPTURE(method);
        const Json response = s.editor.response(s.editor.request(method, shape));
        if (!response.contains("error")) continue;
        CHECK(response["error"]["code"] != -32603);
        CHECK_FALSE(response["error"]["message"].get<std::string>().empty());
    }
    s.editor.quit();
}
