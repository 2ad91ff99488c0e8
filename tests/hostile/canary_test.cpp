// The canary: a marked key from each source, traffic of every kind, and then every byte that was written
// anywhere is searched for it. The only place where it may be is a header to its own origin.
#include "tests/gateway/gateway.h"
#include "tests/hostile/calls.h"
#include "tests/support/command.h"
#include "tests/support/key_writings.h"
#include "tests/support/repository.h"
#include "tests/support/test_editor.h"

#include <catch2/catch_all.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace dragoman::test;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSources[] = {"env", "command", "file", "keyring", "editor"};

/// The marked key of a source and the setting that leads to it. What knows the key lies in a folder of its
/// own, which is not searched.
struct Canary {
    std::string source, key, proxy_password = "c4n4ry-of-the-proxy";
    TempDir vault{};

    explicit Canary(std::string from)
        : source{std::move(from)}, key{"sk-live-c4n4ry+" + source + "/Zm9v+YmFyMTIz=xyz"} {}

    Json setting() const {
        if (source == "env") return {{"env", "GATEWAY_KEY"}};
        if (source == "command") return {{"command", {program("command")}}};
        if (source == "file") return {{"file", vault.write("key", key + "\n").string()}};
        if (source == "keyring") {
            static_cast<void>(program("secret-tool"));
            return {{"keyring", {{"service", "dragoman"}, {"account", "work"}}}};
        }
        return "editor";
    }
    /// One that prints the key; what it can see of its own start goes to the daemon's home, to be searched.
    std::string program(const std::string& name) const {
        return vault
            .write(name,
                   "#!/bin/sh\n{ env; tr '\\0' '\\n' < /proc/self/cmdline; ls -l /proc/self/fd; } > "
                   "\"$HOME/child\"\n"
                   "echo '" +
                       key + "'\n",
                   0700)
            .string();
    }
};

/// The user's gateway, another origin that redirects lead to, a proxy, and a daemon with the canary.
struct Cage {
    Canary canary;
    Gateway ours, elsewhere, proxy;
    std::unique_ptr<TestEditor> editor{};
    TempDir traces{};

    explicit Cage(const std::string& source) : canary{source} {
        proxy.answer_when([](const HttpRequest& request) { return request.method == "CONNECT"; },
                          Script::plain(407, "text/plain", "Who are you?"));
    }

    Json config() const {
        const Json none = {{"attempts", 0}};
        const Json proxied = {
            {"preset", "openai-compatible"},
            {"baseUrl", "https://gateway.invalid/v1"},
            {"key", canary.setting()},
            {"retry", none},
            {"proxy", "http://user:" + canary.proxy_password + "@127.0.0.1:" + std::to_string(proxy.port())}};
        return {{"providers",
                 {{"gw",
                   {{"preset", "opencodex"},
                    {"baseUrl", ours.base_url()},
                    {"key", canary.setting()},
                    {"retry", none}}},
                  {"proxied", proxied}}},
                {"completion", {{"model", "gw/deepseek-chat"}, {"debounceMs", 0}}},
                {"chat", {{"model", "gw/deepseek-chat"}}},
                {"embedding", {{"model", "gw/embed"}}},
                {"log", {{"level", "debug"}}}};
    }
    std::map<std::string, std::string> environment() const {
        std::map<std::string, std::string> out{
            {"PATH", canary.vault.path().string() + ":" + std::getenv("PATH")}};
        if (canary.source == "env") out["GATEWAY_KEY"] = canary.key;
        return out;
    }
    void start() {
        EditorOptions options;
        options.config = config();
        options.environment = environment();
        editor = std::make_unique<TestEditor>(counted(options, traces / "calls", traces.path()));
        editor->initialize({{"workspaceFolders", {{{"uri", editor->uri("repo")}, {"name", "repo"}}}}});
        if (canary.source != "editor") return;
        for (const char* provider : {"gw", "proxied"})
            editor->call("dragoman/key/set", {{"provider", provider}, {"key", canary.key}});
    }

    /// What a gateway says that has the key in every writing, in every place.
    std::vector<Script> refusals() const {
        std::string quoted;
        for (const auto& written : key_writings(canary.key)) quoted += " " + written;
        return {
            Script::json(401,
                         {{"error", {{"message", "Incorrect API key provided:" + quoted}, {"code", quoted}}}})
                .header("WWW-Authenticate", "Bearer " + canary.key)
                .header("Authorization", "Bearer " + canary.key),
            Script::json(403, {{"error", {{"message", "Bearer " + canary.key}, {"param", canary.key}}}}),
            Script::json(400, {{"error", quoted}}),
            Script::plain(500, "text/html", "<title>" + quoted + "</title>" + quoted)
                .header("Authorization", "Bearer " + canary.key),
            Script::plain(200, "text/html", "Authorization: Bearer" + quoted),
            Script::plain(200, "text/plain", quoted).header("Content-Encoding", "gzip"),
            Script::json(302, {{"at", quoted}})
                .header("Location", elsewhere.base_url() + "/chat/completions"),
            Script::json(307, {{"at", quoted}})
                .header("Location",
                        elsewhere.base_url() + "/?k=" + writing::percent(canary.key, writing::kUpper)),
            Script::json(429, {{"error", {{"message", quoted}}}})
                .header("x-request-id", canary.key)
                .header("Retry-After", canary.key),
            Script::plain(200, "text/event-stream", "data: {\"id\": \"" + canary.key).promise(100'000),
            Script::plain(200, canary.key, "data: [DONE]\n\n"),
            Script{}.late_head().reset(),
        };
    }

    /// What only a streamed answer can say.
    Script broken_stream() const {
        return Script{}.text("partial").event(
            {{"error", {{"message", "Bearer " + canary.key}, {"type", "server_error"}}}});
    }

    void ask_everything() {
        const Repository repository{editor->home() / "repo"};
        repository.stage("a.txt", "one\n");
        const std::string uri = editor->uri("repo/a.cpp");
        editor->open(uri, "cpp", "int x = \n");
        for (const Script& script : refusals()) {
            ours.answer_when([](const HttpRequest&) { return true; }, script);
            ask_once(uri);
        }
        ours.answer_when(Gateway::to("POST", "/chat/completions"), broken_stream());
        ask_once(uri);
        static_cast<void>(
            editor->response(editor->chat("Through a proxy?", nullptr, {{"model", "proxied/m"}})));
        editor->write_config(config());  // read anew
        ask_settings();
    }
    void ask_once(const std::string& uri) {
        const Json range = {{"start", {{"line", 0}, {"character", 0}}},
                            {"end", {{"line", 0}, {"character", 8}}}};
        const Json document = {{"uri", uri}};
        std::vector<int> ids{
            editor->chat("Hello?", "t"),
            editor->inline_completion(uri, 0, 8),
            editor->request("dragoman/edit",
                            {{"textDocument", document}, {"range", range}, {"instruction", "Mend"}}),
            editor->request("dragoman/commitMessage", {{"folder", (editor->home() / "repo").string()}}),
            editor->request("dragoman/embed", {{"input", {"x"}}}),
            editor->request("dragoman/models", {{"refresh", true}}),
            editor->request("dragoman/balance"),
            editor->request("workspace/executeCommand",
                            {{"command", "dragoman.codeAction"},
                             {"arguments", {{{"action", "explain"}, {"uri", uri}, {"range", range}}}}}),
        };
        for (const int id : ids) static_cast<void>(editor->response(id));
    }
    void ask_settings() {
        for (const char* method : {"dragoman/config", "dragoman/key/status", "dragoman/trail",
                                   "dragoman/chat/list", "dragoman/usage", "dragoman/status"})
            static_cast<void>(editor->response(editor->request(method)));
        const Json listed = editor->call("dragoman/chat/list");
        for (const Json& conversation : listed["conversations"]) {
            const Json which = {{"conversation", conversation["id"]}, {"format", "json"}};
            static_cast<void>(editor->response(editor->request("dragoman/chat/get", which)));
            static_cast<void>(editor->response(editor->request("dragoman/chat/export", which)));
        }
        for (const std::string& bad :
             {canary.key + "\r\nX: y", canary.key + " " + canary.key, "\x01" + canary.key})
            static_cast<void>(
                editor->error(editor->request("dragoman/key/set", {{"provider", "gw"}, {"key", bad}})));
        static_cast<void>(
            editor->error(editor->request("dragoman/key/set", {{"provider", "none"}, {"key", canary.key}})));
        static_cast<void>(editor->error(editor->request("dragoman/key/set", {{"key", {canary.key}}})));
    }

    // Everything that was written, by the name of where.
    std::map<std::string, std::string> written() const {
        std::map<std::string, std::string> out;
        out["stderr"] = editor->stderr_text();
        for (const Json& message : editor->received())
            out["the editor"] += message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
        for (const auto& entry : fs::recursive_directory_iterator{editor->home().path()}) {
            if (!entry.is_regular_file()) continue;
            std::ifstream in{entry.path(), std::ios::binary};
            out[entry.path().string()].assign(std::istreambuf_iterator<char>{in}, {});
        }
        for (const auto& [name, gateway] : {std::pair{"another origin", &elsewhere}, {"the proxy", &proxy}})
            out[name] = received_by(*gateway);
        for (const HttpRequest& request : ours.journal().requests)
            out["a request's body"] += request.target + request.body;
        if (!can_count()) return out;
        for (const Exec& exec : calls_in(traces / "calls").execs) {
            if (exec.program == DRAGOMAN_BINARY) continue;  // the user's own environment has it
            for (const auto& text : {exec.argv, exec.environment})
                for (const std::string& one : text) out["a child's start"] += one + "\n";
        }
        return out;
    }
    static std::string received_by(const Gateway& gateway) {
        std::string out;
        for (const auto& requests : {gateway.journal().requests, gateway.journal().heads}) {
            for (const HttpRequest& request : requests) {
                out += request.method + " " + request.target + "\n" + request.body + "\n";
                for (const auto& [name, value] : request.headers) out += name + ": " + value + "\n";
            }
        }
        return out;
    }
};

void check_absent(const std::string& where, const std::string& text, const std::vector<std::string>& traces) {
    for (const std::string& trace : traces) {
        const auto at = text.find(trace);
        const std::size_t from = at == std::string::npos ? 0 : at - std::min<std::size_t>(at, 300);
        INFO(where << " holds " << trace << ": " << text.substr(from, 600));
        CHECK(at == std::string::npos);
    }
}

void check_cage(const Cage& cage) {
    const auto written = cage.written();
    for (const auto& [where, text] : written) {
        check_absent(where, text, key_traces(cage.canary.key));
        // The proxy gets its password in its own header, and the user's file is where it comes from.
        if (where == "the proxy" || where.ends_with("config.json")) continue;
        check_absent(where, text, {cage.canary.proxy_password});
    }
    // What was searched was there to be searched.
    CHECK(written.at("stderr").size() + written.at("the editor").size() > 1000);
    const auto log = std::find_if(written.begin(), written.end(),
                                  [](const auto& one) { return one.first.ends_with("dragoman.log"); });
    REQUIRE(log != written.end());
    CHECK(log->second.find("serving") != std::string::npos);
    CHECK(written.at("the proxy").find("CONNECT gateway.invalid:443") != std::string::npos);
    CHECK(written.at("another origin").empty());
}

}  // namespace

TEST_CASE("a key is in no byte that is written anywhere but to its own origin", "[canary]") {
    const std::string source = GENERATE(from_range(std::begin(kSources), std::end(kSources)));
    CAPTURE(source);
    Cage cage{source};
    cage.start();
    cage.ask_everything();
    const auto sent = cage.ours.journal().requests;
    CHECK(std::any_of(sent.begin(), sent.end(), [&](const HttpRequest& one) {
        return one.header("Authorization") == "Bearer " + cage.canary.key;
    }));
    cage.editor->quit();
    check_cage(cage);
}

TEST_CASE("a crash leaves no key behind", "[canary]") {
    Cage cage{"env"};
    cage.start();
    cage.ours.answer(Script{}.text("partial").stall());
    static_cast<void>(cage.editor->chat("Hello?", "t"));
    static_cast<void>(cage.editor->progress("t", 2));
    // Of the daemon alone, where a counter stands above it.
    std::ifstream children{"/proc/" + std::to_string(cage.editor->pid()) + "/task/" +
                           std::to_string(cage.editor->pid()) + "/children"};
    pid_t daemon = 0;
    if (!(children >> daemon)) daemon = cage.editor->pid();
    REQUIRE(::kill(daemon, SIGSEGV) == 0);
    CHECK(cage.editor->exit_code() != 0);
    for (const auto& entry : fs::recursive_directory_iterator{cage.traces.path()}) {
        CAPTURE(entry.path());
        CHECK(entry.path().filename().string().find("core") == std::string::npos);
    }
    std::map<std::string, std::string> written = cage.written();
    for (const auto& [where, text] : written) check_absent(where, text, key_traces(cage.canary.key));
}

TEST_CASE("no command prints a key", "[canary]") {
    const std::string source = GENERATE("env", "command", "file", "keyring");
    CAPTURE(source);
    const Cage cage{source};
    const auto home = std::make_shared<TempDir>();
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"chat", "Hello?"},
                                               {"doctor"},
                                               {"doctor", "--json"},
                                               {"models"},
                                               {"config", "show"},
                                               {"usage"}}) {
        CAPTURE(arguments.front());
        Command command{{.arguments = arguments,
                         .config = cage.config(),
                         .environment = cage.environment(),
                         .home = home}};
        command.close_input();
        static_cast<void>(command.exit_code());
        check_absent("stdout", command.out(), key_traces(cage.canary.key));
        check_absent("stderr", command.err(), key_traces(cage.canary.key));
        check_absent("stdout", command.out(), {cage.canary.proxy_password});
        CHECK_FALSE((command.out() + command.err()).empty());
    }
    for (const auto& entry : fs::recursive_directory_iterator{home->path()}) {
        if (!entry.is_regular_file()) continue;
        check_absent(entry.path().string(), home->read(entry.path()), key_traces(cage.canary.key));
    }
}
