// Choosing models and changing settings through the real binary and a real disk: dragoman/selectModel and
// `dragoman config set`.
#include "tests/e2e/setup.h"
#include "tests/e2e/shell.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr const char* kConfig = "config/dragoman/config.json";

std::string uri_of(const std::filesystem::path& path) { return "file://" + path.string(); }

/// A user's file as a person writes it.
std::string written_by_hand(const Gateway& gateway) {
    return "// all mine\r\n{\r\n\t\"providers\": {\"gw\": " + provider(gateway).dump() +
           "}, // one\r\n\t\"chat\": {\"model\": \"gw/deepseek-chat\"} /* for now */\r\n}\r\n";
}

std::string model_asked(const Gateway& gateway, std::size_t request) {
    return gateway.request(request).json["model"];
}

}  // namespace

TEST_CASE("a model that is chosen answers the next question, and the status follows") {
    Session s;
    const Json select{{"role", "chat"}, {"model", "gw/gpt-4o"}, {"scope", "session"}};
    CHECK(s.editor.call("dragoman/selectModel", select)["selected"]["chat"] == "gw/gpt-4o");
    s.editor.notification("dragoman/status", [](const Json& params) {
        return params["chat"].value("model", "") == "gw/gpt-4o";
    });
    s.editor.result(s.editor.chat("Hello?"));
    CHECK(model_asked(s.gateway, 0) == "gpt-4o");
    CHECK(s.editor.call("dragoman/models")["selected"]["chat"] == "gw/gpt-4o");
    s.editor.call("dragoman/selectModel", {{"role", "chat"}, {"model", nullptr}, {"scope", "session"}});
    s.editor.result(s.editor.chat("Hello?"));
    CHECK(model_asked(s.gateway, 2) == "deepseek-chat");
    s.editor.quit();
}

TEST_CASE("a choice for everything is written into the user's file and leaves the rest of it alone") {
    Gateway gateway;
    EditorOptions options;
    options.environment["GATEWAY_KEY"] = gateway.key();
    TestEditor editor{options};
    std::string text = written_by_hand(gateway);
    const auto file = editor.home().write(kConfig, text, 0640);
    editor.initialize();
    const Json result =
        editor.call("dragoman/selectModel", {{"role", "chat"}, {"model", "gw/gpt-4o"}, {"scope", "user"}});
    CHECK(result["file"] == file.string());
    CHECK(result["selected"]["chat"] == "gw/gpt-4o");
    text.replace(text.find("gw/deepseek-chat"), 16, "gw/gpt-4o");
    CHECK(editor.home().read(kConfig) == text);
    CHECK(std::filesystem::status(file).permissions() == static_cast<std::filesystem::perms>(0640));
    editor.result(editor.chat("Hello?"));
    CHECK(model_asked(gateway, 0) == "gpt-4o");
    editor.quit();
}

TEST_CASE("a choice for a project holds there and nowhere else") {
    Gateway gateway;
    TestEditor editor{options_for(gateway)};
    const auto root = editor.home().path() / "work/app";
    std::filesystem::create_directories(root);
    const std::string document = uri_of(root / "main.c");
    const Json folders = Json::array({{{"uri", uri_of(root)}, {"name", "app"}}});
    const bool has_file = GENERATE(true, false);
    if (has_file) editor.home().write("work/app/.dragoman.json", "{\n  // ours\n}\n");
    editor.initialize({{"workspaceFolders", folders}});
    const Json result = editor.call("dragoman/selectModel", {{"role", "chat"},
                                                             {"model", "gw/gpt-4o"},
                                                             {"scope", "project"},
                                                             {"textDocument", {{"uri", document}}}});
    CHECK(result["selected"]["chat"] == "gw/gpt-4o");
    if (has_file) {
        CHECK(editor.home().read("work/app/.dragoman.json") ==
              "{\n  // ours\n  \"chat\": {\n    \"model\": \"gw/gpt-4o\"\n  }\n}\n");
    } else {
        const Json user = Json::parse(editor.home().read(kConfig));
        CHECK(user["projects"]["~/work/app"]["chat"]["model"] == "gw/gpt-4o");
        CHECK(user["chat"]["model"] == "gw/deepseek-chat");
    }
    const auto model = [&](const std::string& uri) {
        return editor.call("dragoman/config",
                           {{"textDocument", {{"uri", uri}}}})["effective"]["chat"]["model"];
    };
    CHECK(model(document) == "gw/gpt-4o");
    CHECK(model("file:///elsewhere/x.c") == "gw/deepseek-chat");
    editor.quit();
}

TEST_CASE("a repository's link cannot have another file written") {
    Gateway gateway;
    TestEditor editor{options_for(gateway)};
    const auto root = editor.home().path() / "work/app";
    std::filesystem::create_directories(root);
    const auto outside = editor.home().write("outside.json", "{}");
    std::filesystem::create_symlink(outside, root / ".dragoman.json");
    editor.initialize({{"workspaceFolders", Json::array({{{"uri", uri_of(root)}, {"name", "app"}}})}});
    const Json error = editor.error(editor.request(
        "dragoman/selectModel", {{"role", "chat"}, {"model", "gw/gpt-4o"}, {"scope", "project"}}));
    CHECK_THAT(error["message"].get<std::string>(), ContainsSubstring("link out of the workspace"));
    CHECK(editor.home().read("outside.json") == "{}");
    editor.quit();
}

TEST_CASE("a setting is written from the command line, holds, and is taken out again without a trace") {
    Shell s;
    const std::string before = written_by_hand(s.gateway);
    s.home->write(kConfig, before);
    s.config = nullptr;
    const auto set = s.run({"config", "set", "chat.model", "gw/gpt-4o"});
    CHECK(set.code == 0);
    CHECK_THAT(set.out, ContainsSubstring("/chat/model = \"gw/gpt-4o\"") && ContainsSubstring("config.json"));
    CHECK_THAT(s.home->read(kConfig), ContainsSubstring("/* for now */"));
    s.run({"chat", "Hello?"});
    CHECK(model_asked(s.gateway, 0) == "gpt-4o");
    CHECK(s.run({"config", "set", "chat.model", "gw/deepseek-chat"}).code == 0);
    CHECK(s.home->read(kConfig) == before);

    const auto json = s.run({"config", "set", "/completion/maxTokens", "128", "--user", "--json"}).json();
    CHECK(json["key"] == "/completion/maxTokens");
    CHECK(json["value"] == 128);
    CHECK(json["written"] == true);
    CHECK(s.run({"config", "show", "--json"}).json()["effective"]["completion"]["maxTokens"] == 128);
    CHECK(s.run({"config", "set", "completion.maxTokens", "128", "--json"}).json()["written"] == false);
    CHECK(s.run({"config", "unset", "completion.maxTokens"}).code == 0);
    CHECK(s.home->read(kConfig) == before);
    CHECK(s.run({"config", "set", "providers.gw.models.\"gpt-4.1\".contextLength", "1000000"}).code == 0);
    CHECK(s.run({"config", "unset", "/providers/gw/models/gpt-4.1/contextLength"}).code == 0);
    CHECK(s.home->read(kConfig) == before);
}

TEST_CASE("a first setting makes the file, and a folder's settings go below \"projects\"") {
    Shell s;
    s.config = nullptr;
    CHECK(s.run({"config", "set", "log.level", "off"}).code == 0);
    CHECK(s.home->read(kConfig) == "{\n  \"log\": {\n    \"level\": \"off\"\n  }\n}\n");
    const std::string path = s.file("x.py", "");
    const auto folder = s.home->path() / "project";
    CHECK(s.run({"config", "set", "completion.maxTokens", "7", "--for", folder.string()}).code == 0);
    CHECK(Json::parse(s.home->read(kConfig))["projects"]["~/project"]["completion"]["maxTokens"] == 7);
    CHECK(s.run({"config", "show", "--for", path, "--json"}).json()["effective"]["completion"]["maxTokens"] ==
          7);
    CHECK(s.run({"config", "show", "--json"}).json()["effective"]["completion"]["maxTokens"] == 256);
    const auto here = s.run({"config", "set", "completion.maxTokens", "9", "--project", "--json"}).json();
    CHECK_THAT(here["key"].get<std::string>(), Catch::Matchers::StartsWith("/projects/"));
    CHECK(s.run({"config", "show", "--json"}).json()["effective"]["completion"]["maxTokens"] == 9);
    CHECK(s.run({"config", "unset", "completion.maxTokens", "--project"}).code == 0);
    CHECK(s.run({"config", "unset", "completion.maxTokens", "--for", folder.string()}).code == 0);
    CHECK(s.home->read(kConfig) == "{\n  \"log\": {\n    \"level\": \"off\"\n  }\n}\n");
}

TEST_CASE("a folder inside a repository has settings of its own") {
    Shell s;
    s.file(".git/HEAD", "ref: refs/heads/main\n");
    s.file("inner/x.py", "");
    const auto outer = (s.home->path() / "project").string(), inner = outer + "/inner";
    const Json own = {{"own", {{"preset", "openai-compatible"}, {"baseUrl", s.gateway.base_url()}}}};
    CHECK(s.run({"config", "set", "chat.model", "own/m", "--for", inner}).code == 3);
    s.config = nullptr;  // it is written now, and changes
    CHECK(s.run({"config", "set", "providers", own.dump(), "--for", inner}).code == 0);
    CHECK(s.run({"config", "set", "chat.model", "own/m", "--for", inner + "/"}).code == 0);
    const auto model_for = [&](const std::string& path) {
        return s.run({"config", "show", "--for", path, "--json"}).json()["effective"]["chat"]["model"];
    };
    for (const std::string& place : {inner, inner + "/", inner + "/.", inner + "/x.py", inner + "/new.py"}) {
        CAPTURE(place);
        CHECK(model_for(place) == "own/m");
    }
    for (const std::string& place : {outer, outer + "/x.py", inner + "/.."}) {
        CAPTURE(place);
        CHECK(model_for(place) != "own/m");
    }
    CHECK(s.run({"config", "set", "chat.model", "own/m", "--for", outer}).code == 3);
}

TEST_CASE("a setting that would be wrong is refused in words, and the file stays as it is") {
    Shell s;
    const std::string before = written_by_hand(s.gateway);
    s.home->write(kConfig, before);
    s.config = nullptr;
    const std::string secret = "sk-live-0123456789abcdef";
    const struct {
        std::vector<std::string> change;
        int code;
        const char* part;
    } cases[] = {{{"chat.modle", "gw/x"}, 2, "did you mean \"model\""},
                 {{"chat.temperature", "hot"}, 2, "a number"},
                 {{"chat..model", "gw/x"}, 2, "chat..model"},
                 {{"chat.model", "gv/x"}, 3, "did you mean \"gw\""},
                 {{"chat.model.deeper", "x"}, 3, "\"chat.model\" is no object"},
                 {{"providers.gw.key", secret}, 2, "environment variable"},
                 {{"providers.gw.headers.Authorization", "Bearer " + secret}, 2, "in the clear"}};
    for (const auto& one : cases) {
        std::vector<std::string> arguments{"config", "set"};
        arguments.insert(arguments.end(), one.change.begin(), one.change.end());
        const auto ran = s.run(arguments);
        CAPTURE(one.change, ran.out, ran.err);
        CHECK(ran.code == one.code);
        CHECK(ran.out.empty());
        CHECK_THAT(ran.err, ContainsSubstring(one.part));
        CHECK(ran.err.find(secret) == std::string::npos);
        CHECK(s.home->read(kConfig) == before);
    }
    CHECK(s.run({"config", "set", "chat.model"}).code == 2);
    CHECK(s.run({"config", "set", "a.b", "1", "--user", "--project"}).code == 2);
    CHECK(s.run({"config", "set", "chat.temperature", "1", "--for", "/no/such/folder"}).code == 2);
    CHECK(s.run({"config", "set", "chat.modle", "x", "--json"}).json()["error"]["kind"] == "usage");
}

TEST_CASE("a file that does not parse or is read-only is named and not written; a link stays a link") {
    Shell s;
    s.config = nullptr;
    s.home->write(kConfig, "{\n  \"chat\": {,}\n}");
    auto ran = s.run({"config", "set", "chat.temperature", "1"});
    CHECK(ran.code == 3);
    CHECK_THAT(ran.err, ContainsSubstring("config.json:2:12: "));
    CHECK(s.home->read(kConfig) == "{\n  \"chat\": {,}\n}");

    s.home->write(kConfig, "{}", 0444);
    ran = s.run({"config", "set", "chat.temperature", "1"});
    CHECK(ran.code == 3);
    CHECK_THAT(ran.err, ContainsSubstring("read-only"));
    CHECK(s.home->read(kConfig) == "{}");

    const auto real = s.home->write("dotfiles/dragoman.json", "{}\n");
    std::filesystem::remove(s.home->path() / kConfig);
    std::filesystem::create_symlink(real, s.home->path() / kConfig);
    CHECK(s.run({"config", "set", "chat.temperature", "1"}).code == 0);
    CHECK(std::filesystem::is_symlink(s.home->path() / kConfig));
    CHECK_THAT(s.home->read("dotfiles/dragoman.json"), ContainsSubstring("\"temperature\": 1"));
}
