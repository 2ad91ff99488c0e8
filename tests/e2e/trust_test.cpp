// A project that brings its own gateway: nothing goes there before the user said so, and what was said holds.
#include "tests/e2e/shell.h"

#include <catch2/catch_all.hpp>

#include <filesystem>
#include <sys/stat.h>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

namespace {

constexpr int kRequestFailed = -32803, kInvalidParams = -32602;
constexpr int kMostAttempts = 1000;  // until an answer of the editor has been heard

/// The user's gateway, the project's, and an editor with the project open.
struct Desk {
    Gateway theirs, ours;
    TestEditor editor{options()};

    EditorOptions options() const {
        EditorOptions out = options_for(ours);
        out.environment["TEAM_KEY"] = theirs.key();
        out.environment["OTHER_KEY"] = "sk-live-other-secret";
        return out;
    }
    Json project(const std::string& variable = "TEAM_KEY") const {
        return {{"providers",
                 {{"team",
                   {{"preset", "openai-compatible"},
                    {"baseUrl", theirs.base_url()},
                    {"headers", {{"X-Team", "blue"}}},
                    {"retry", {{"attempts", 0}}},
                    {"key", {{"env", variable}}}}}}},
                {"chat", {{"model", "team/deepseek-chat"}}},
                {"completion", {{"model", "team/deepseek-chat"}, {"debounceMs", 0}}}};
    }
    void write(const Json& project, const std::string& folder = "app") const {
        editor.home().write(folder + "/.dragoman.json", project.dump(2));
    }
    void start(const Json& changes = Json::object(), const std::string& folder = "app") {
        Json params = {{"workspaceFolders", Json::array({{{"uri", editor.uri(folder)}, {"name", folder}}})}};
        params.update(changes);
        editor.initialize(params);
    }
    /// The next question is answered with the button of that title; empty: dismissed.
    void answer_questions(const std::string& title) {
        editor.on_request("window/showMessageRequest", [title](const Json&) {
            return title.empty() ? Json() : Json{{"title", title}};
        });
    }
    int questions() const {
        int count = 0;
        for (const Json& message : editor.received())
            count += message.value("method", "") == "window/showMessageRequest" ? 1 : 0;
        return count;
    }
    Json question() {
        return editor.message(
            [](const Json& message) { return message.value("method", "") == "window/showMessageRequest"; },
            "a question");
    }
    int ask() { return editor.chat("Hello?"); }
    void check_refused() {
        const Json error = editor.error(ask());
        CHECK(error["code"] == kRequestFailed);
        CHECK(error["data"]["kind"] == "untrusted");
        CHECK(error["data"]["provider"] == "team");
    }
    void check_untouched() const {
        for (const Gateway* gateway : {&theirs, &ours}) CHECK(gateway->journal().connections == 0);
    }
    /// A turn goes to the project's gateway, with its key and header.
    void check_works() {
        const std::size_t number = theirs.journal().requests.size();
        theirs.answer(Script::answer("fine"));
        CHECK(editor.result(ask())["text"] == "fine");
        const HttpRequest request = theirs.request(number);
        CHECK(request.header("Authorization") == "Bearer " + theirs.key());
        CHECK(request.header("X-Team") == "blue");
        CHECK(ours.journal().requests.empty());
    }
    /// Until the daemon has the decision in its file.
    std::string decisions() const { return editor.home().read("state/dragoman/trust.json"); }
    Json config() { return editor.call("dragoman/config"); }

    Shell::Ran run(std::vector<std::string> arguments, std::string_view input = {}) {
        Command command{{.arguments = std::move(arguments),
                         .config = config_for(ours),
                         .environment = {{"TEAM_KEY", theirs.key()},
                                         {"GATEWAY_KEY", ours.key()},
                                         {"XDG_STATE_HOME", (editor.home() / "state").string()}}}};
        command.write(input);
        command.close_input();
        Shell::Ran ran;
        ran.code = command.exit_code();
        ran.out = command.out();
        ran.err = command.err();
        return ran;
    }
    std::string app() const { return (editor.home() / "app").string(); }
};

}  // namespace

TEST_CASE("a project's gateway is asked about once, refused meanwhile, and used after Trust") {
    Desk desk;
    desk.write(desk.project());
    desk.editor.ignore_requests("window/showMessageRequest");
    desk.start();
    const std::string uri = desk.editor.uri("app/a.cpp");
    desk.editor.open(uri, "cpp", "int x = \n");
    const Json question = desk.question();
    const std::string text = question["params"]["message"];
    CHECK_THAT(text, ContainsSubstring(desk.app()));
    CHECK_THAT(text, ContainsSubstring(desk.theirs.base_url()));
    CHECK_THAT(text, ContainsSubstring("environment variable TEAM_KEY"));
    CHECK_THAT(text, ContainsSubstring("X-Team"));
    CHECK_THAT(text, !ContainsSubstring("blue"));
    CHECK_THAT(text, !ContainsSubstring(desk.theirs.key()));
    CHECK(question["params"]["actions"] ==
          Json{{{"title", "Trust"}}, {{"title", "Not now"}}, {{"title", "Never"}}});

    for (int i = 0; i < 3; ++i) desk.check_refused();
    CHECK(desk.editor.result(desk.editor.inline_completion(uri, 0, 8))["items"].empty());
    for (const char* method : {"dragoman/models", "dragoman/balance", "dragoman/key/status"})
        static_cast<void>(desk.editor.response(desk.editor.request(method, {{"provider", "team"}})));
    CHECK(desk.questions() == 1);
    const auto source = [&] {
        const Json config = desk.config();
        for (const Json& one : config["sources"])
            if (one["path"] == desk.app() + "/.dragoman.json") return one;
        return Json();
    };
    CHECK(source()["trusted"] == false);
    CHECK_THAT(source()["asked"].get<std::string>(), ContainsSubstring(desk.theirs.origin()));
    const Json error = desk.editor.error(desk.ask());
    CHECK_THAT(error["data"]["hint"].get<std::string>(),
               ContainsSubstring("dragoman trust allow " + desk.app()));
    desk.check_untouched();

    desk.editor.send({{"jsonrpc", "2.0"}, {"id", question["id"]}, {"result", {{"title", "Trust"}}}});
    desk.editor.notification("dragoman/status", [](const Json& status) {
        return status["state"] == "idle" && status["chat"].value("model", "") == "team/deepseek-chat";
    });
    desk.check_works();
    CHECK(desk.config()["trust"]["decision"] == "allowed");
    CHECK(source()["trusted"] == true);
    CHECK(desk.questions() == 1);
    desk.editor.quit();
    CHECK_THAT(desk.decisions(), !ContainsSubstring(desk.theirs.key()) && !ContainsSubstring("blue"));
}

TEST_CASE("an approval outlives the daemon, and is for what was approved alone") {
    Desk desk;
    desk.write(desk.project());
    desk.answer_questions("");
    desk.start();
    const Json result = desk.editor.call("dragoman/trust", {{"folder", desk.app()}, {"trust", true}});
    CHECK(result["trusted"] == true);
    CHECK(result["folder"] == desk.app());
    CHECK_FALSE(result["asks"].empty());
    CHECK_FALSE(result.contains("warning"));
    desk.check_works();

    const auto expect = [&](bool works) {
        Shell::Ran ran = desk.run({"trust", "show", desk.app(), "--json"});
        CHECK(ran.code == 0);
        CHECK((ran.json()["decision"] == "allowed") == works);
    };
    expect(true);
    const std::size_t connections = desk.theirs.journal().connections;
    const std::size_t requests = desk.theirs.journal().requests.size();
    Json changed = desk.project();
    SECTION("another variable") { changed = desk.project("OTHER_KEY"); }
    SECTION("another header's value") { changed["providers"]["team"]["headers"]["X-Team"] = "red"; }
    SECTION("another path") { changed["providers"]["team"]["baseUrl"] = desk.theirs.base_url() + "/x"; }
    desk.write(changed);
    desk.check_refused();
    expect(false);
    CHECK(desk.theirs.journal().connections == connections);
    CHECK(desk.theirs.journal().requests.size() == requests);
    const Json question = desk.question();
    CHECK_THAT(question["params"]["message"].get<std::string>(),
               ContainsSubstring("something else than you approved"));
    desk.write(desk.project());
    desk.check_works();
    desk.editor.quit();
}

TEST_CASE("Not now is for this session, Never for good") {
    Desk desk;
    const std::string title = GENERATE("", "Not now", "Never", "Trust me");
    CAPTURE(title);
    desk.write(desk.project());
    desk.answer_questions(title);
    desk.start();
    desk.check_refused();
    desk.question();
    desk.check_refused();
    const bool never = title == "Never";
    const auto decision = [&] { return desk.config()["trust"]["decision"]; };
    // The answer travels after the request that it was asked by.
    for (int i = 0; never && decision() != "denied" && i < kMostAttempts; ++i) desk.check_refused();
    CHECK(decision() == (never ? "denied" : "none"));
    CHECK(desk.questions() == 1);
    desk.editor.quit();
    desk.check_untouched();
    const auto listed = desk.run({"trust", "list", "--json"}).json();
    CHECK(listed["folders"].size() == (never ? 1 : 0));
}

TEST_CASE("an editor that cannot ask gets no question, and nothing is approved by it") {
    Desk desk;
    desk.write(desk.project());
    desk.answer_questions("Trust");
    desk.start({{"capabilities", {{"window", {{"showMessage", nullptr}}}}}});
    for (int i = 0; i < 2; ++i) desk.check_refused();
    desk.editor.quit();
    CHECK(desk.questions() == 0);
    desk.check_untouched();
}

TEST_CASE("too much for a question cannot be approved from it") {
    Desk desk;
    Json project = desk.project();
    for (int i = 0; i < 60; ++i)
        project["providers"]["team"]["extraBody"]["parameter" + std::to_string(i)] = i;
    desk.write(project);
    desk.answer_questions("Trust");
    desk.start();
    desk.check_refused();
    const Json question = desk.question();
    CHECK(question["params"]["actions"] == Json{{{"title", "Not now"}}, {{"title", "Never"}}});
    CHECK_THAT(question["params"]["message"].get<std::string>(), ContainsSubstring("dragoman trust"));
    desk.check_refused();
    CHECK(desk.config()["trust"]["decision"] == "none");
    const Json refused =
        desk.editor.error(desk.editor.request("dragoman/trust", {{"folder", desk.app()}, {"trust", true}}));
    CHECK(refused["code"] == kInvalidParams);
    CHECK_THAT(refused["message"].get<std::string>(), ContainsSubstring("dragoman trust allow"));
    desk.check_untouched();
    CHECK_THAT(desk.run({"trust", "show", desk.app()}).out, ContainsSubstring("\"parameter59\": 59"));
    CHECK(desk.run({"trust", "allow", desk.app()}).code == 0);
    desk.check_works();
    desk.editor.quit();
}

TEST_CASE("dragoman/trust tells what it cannot do, and binds to the record that was shown") {
    Desk desk;
    desk.write(desk.project());
    desk.editor.home().write("plain/a.txt", "");
    desk.editor.ignore_requests("window/showMessageRequest");
    desk.start();
    const auto refusal = [&](const Json& params) {
        const Json error = desk.editor.error(desk.editor.request("dragoman/trust", params));
        CHECK(error["code"] == kInvalidParams);
        return error["message"].get<std::string>();
    };
    CHECK_THAT(refusal({{"trust", true}}), ContainsSubstring("folder"));
    CHECK_THAT(refusal({{"folder", "app"}, {"trust", true}}), ContainsSubstring("folder"));
    CHECK_THAT(refusal({{"folder", desk.app()}}), ContainsSubstring("trust"));
    CHECK_THAT(refusal({{"folder", desk.app()}, {"trust", "yes"}}), ContainsSubstring("trust"));
    CHECK_THAT(refusal({{"folder", desk.editor.uri("plain")}, {"trust", true}}),
               ContainsSubstring("nothing"));
    CHECK_THAT(refusal({{"folder", "/no/such/folder"}, {"trust", true}}), ContainsSubstring("nothing"));
    const std::string record = desk.config()["trust"]["record"];
    Json changed = desk.project("OTHER_KEY");
    desk.write(changed);
    CHECK_THAT(refusal({{"folder", desk.app()}, {"trust", true}, {"record", record}}),
               ContainsSubstring("something else"));
    desk.write(desk.project());
    CHECK(desk.editor.call(
              "dragoman/trust",
              {{"folder", desk.editor.uri("app")}, {"trust", true}, {"record", record}})["trusted"] == true);
    desk.check_works();
    CHECK(desk.editor.call("dragoman/trust", {{"folder", desk.app()}, {"trust", false}})["trusted"] == false);
    desk.check_refused();
    desk.editor.quit();
}

TEST_CASE("a project's provider of the user's name gets none of the user's keys, approved or not") {
    Desk desk;
    const bool names_it = GENERATE(false, true);
    Json project = desk.project("GATEWAY_KEY");
    Json& providers = project["providers"];
    providers["gw"] = providers["team"];
    providers.erase("team");
    if (!names_it) providers["gw"].erase("key");
    project["chat"]["model"] = "gw/deepseek-chat";
    desk.write(project);
    desk.answer_questions("Trust");
    desk.start();
    CHECK(desk.editor.error(desk.ask())["data"]["kind"] == "untrusted");
    CHECK_THAT(desk.question()["params"]["message"].get<std::string>(),
               ContainsSubstring("in place of yours"));
    desk.check_untouched();
    for (int i = 0; desk.config()["trust"]["decision"] != "allowed" && i < kMostAttempts; ++i) {
    }
    const Json response = desk.editor.response(desk.ask());
    const std::string kind = response.contains("error") ? response["error"]["data"].value("kind", "") : "";
    CHECK((kind == "notConfigured") == names_it);
    desk.editor.quit();
    CHECK(desk.ours.journal().requests.empty());
    CHECK(desk.theirs.journal().requests.empty() == names_it);
    for (const HttpRequest& request : desk.theirs.journal().requests)
        CHECK(request.header("Authorization").empty());
    for (const Json& message : desk.editor.received())
        CHECK_THAT(message.dump(), !ContainsSubstring(desk.ours.key()));
}

TEST_CASE("a malformed file of decisions grants nothing, is told, and is moved aside by the next decision") {
    Desk desk;
    desk.write(desk.project());
    const std::string broken = "{\"version\": 1, \"folders\": [";
    desk.editor.home().write("state/dragoman/trust.json", broken);
    desk.editor.ignore_requests("window/showMessageRequest");
    desk.start();
    desk.check_refused();
    const std::string file = (desk.editor.home() / "state/dragoman/trust.json").string();
    desk.editor.notification("textDocument/publishDiagnostics",
                             [&](const Json& params) { return params["uri"] == "file://" + file; });
    CHECK(desk.run({"trust", "list"}).code == 3);
    CHECK(desk.editor.call("dragoman/trust", {{"folder", desk.app()}, {"trust", true}})["trusted"] == true);
    desk.editor.notification("window/showMessage", [&](const Json& params) {
        return params["message"].get<std::string>().find(file + ".broken") != std::string::npos;
    });
    CHECK(desk.editor.home().read("state/dragoman/trust.json.broken") == broken);
    desk.check_works();
    desk.editor.quit();
}

TEST_CASE("two editors share decisions while both run") {
    Desk desk;
    desk.write(desk.project());
    desk.editor.ignore_requests("window/showMessageRequest");
    desk.start();
    desk.check_refused();
    EditorOptions options = desk.options();
    options.environment["XDG_STATE_HOME"] = (desk.editor.home() / "state").string();
    TestEditor second{options};
    second.ignore_requests("window/showMessageRequest");
    second.initialize(
        {{"workspaceFolders", Json::array({{{"uri", desk.editor.uri("app")}, {"name", "app"}}})}});
    CHECK(second.call("dragoman/trust", {{"folder", desk.app()}, {"trust", true}})["trusted"] == true);
    desk.check_works();
    CHECK(desk.run({"trust", "forget", desk.app()}).code == 0);
    desk.check_refused();
    CHECK(second.error(second.chat("Hello?"))["data"]["kind"] == "untrusted");
    second.quit();
    desk.editor.quit();
}

TEST_CASE("dragoman trust shows, approves, refuses and forgets, and asks nobody without a terminal") {
    Desk desk;
    desk.write(desk.project());
    desk.editor.home().write("plain/a.txt", "");
    const std::string plain = (desk.editor.home() / "plain").string();

    const auto show = desk.run({"trust", "show", desk.app()});
    CHECK(show.code == 0);
    CHECK_THAT(show.out, ContainsSubstring(desk.theirs.base_url()) && ContainsSubstring("TEAM_KEY") &&
                             ContainsSubstring("X-Team") && ContainsSubstring("It is not approved"));
    const auto asked = desk.run({"trust", desk.app()}, "yes\n");
    CHECK(asked.code == 2);
    CHECK_THAT(asked.err, ContainsSubstring("dragoman trust allow " + desk.app()));
    CHECK(desk.run({"trust", "list"}).out == "nothing was decided about any project\n");
    CHECK(desk.run({"trust", "allow", plain}).code == 2);
    CHECK(desk.run({"trust", "allow", plain + "/none"}).code == 2);
    CHECK(desk.run({"trust", "allow"}).code == 2);
    CHECK(desk.run({"trust", "allow", desk.app(), "--workspace", plain}).code == 2);

    CHECK(desk.run({"trust", "allow", desk.app()}).code == 0);
    struct stat info {};
    REQUIRE(::stat((desk.editor.home() / "state/dragoman/trust.json").c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0600);
    CHECK_THAT(desk.run({"trust", "show", desk.app()}).out, ContainsSubstring("It is approved"));
    CHECK_THAT(desk.run({"trust", "list"}).out, ContainsSubstring("approved  " + desk.app()));
    desk.check_untouched();
    CHECK(desk.run({"trust", "deny", desk.app()}).code == 0);
    CHECK_THAT(desk.run({"trust", "show", desk.app()}).out, ContainsSubstring("you said never"));
    CHECK(desk.run({"trust", "deny", plain}).code == 0);
    CHECK_THAT(desk.run({"trust", "forget", desk.app()}).out, ContainsSubstring("forgotten"));
    CHECK_THAT(desk.run({"trust", "forget", desk.app()}).out, ContainsSubstring("nothing was decided"));
    const auto listed = desk.run({"trust", "list", "--json"}).json();
    REQUIRE(listed["folders"].size() == 1);
    CHECK(listed["folders"][0]["folder"] == plain);
    std::filesystem::remove_all(plain);
    CHECK_THAT(desk.run({"trust", "forget", plain + "/"}).out, ContainsSubstring("forgotten: " + plain));
}

TEST_CASE("a decision is about the folder that asks, never by way of one inside it") {
    Desk desk;
    desk.write(desk.project());
    desk.editor.home().write("app/in/a.txt", "");
    const std::string inside = desk.app() + "/in";
    for (const std::string action : {"allow", "deny"}) {
        CAPTURE(action);
        const auto ran = desk.run({"trust", action, inside});
        CHECK(ran.code == 2);
        CHECK_THAT(ran.err, ContainsSubstring("dragoman trust " + action + " " + desk.app()));
        CHECK(desk.run({"trust", "list"}).out == "nothing was decided about any project\n");
        CHECK(desk.run({"trust", action, desk.app()}).code == 0);
        CHECK_THAT(desk.run({"trust", "forget", inside}).out,
                   ContainsSubstring("nothing was decided about " + inside) &&
                       ContainsSubstring("dragoman trust forget " + desk.app()));
        CHECK(desk.run({"trust", "forget", desk.app()}).out == "forgotten: " + desk.app() + "\n");
    }
    desk.check_untouched();
}

TEST_CASE("a package of a monorepo is approved by the command that the refusal names") {
    Desk desk;
    desk.write(desk.project());
    desk.write({{"providers", {{"team", {{"userAgent", "pkg/1"}}}}}}, "app/pkg");
    desk.editor.ignore_requests("window/showMessageRequest");
    desk.start();
    const std::string uri = desk.editor.uri("app/pkg/a.cpp");
    const auto ask = [&] { return desk.editor.chat("Hello?", nullptr, {{"textDocument", {{"uri", uri}}}}); };
    CHECK(desk.run({"trust", "allow", desk.app()}).code == 0);
    desk.check_works();
    const Json error = desk.editor.error(ask());
    CHECK(error["data"]["kind"] == "untrusted");
    const std::string command = "dragoman trust allow " + desk.app() + "/pkg --workspace " + desk.app();
    CHECK_THAT(error["data"]["hint"].get<std::string>(), ContainsSubstring(command));
    CHECK(desk.run({"trust", "allow", desk.app() + "/pkg", "--workspace", desk.app()}).code == 0);
    desk.theirs.answer(Script::answer("fine"));
    CHECK(desk.editor.result(ask())["text"] == "fine");
    CHECK(desk.theirs.request(1).header("User-Agent") == "pkg/1");
    desk.editor.quit();
}

TEST_CASE("doctor calls an unapproved provider by its name and says how to approve it") {
    Shell shell;
    Gateway theirs;
    const Json project = {
        {"providers", {{"team", {{"baseUrl", theirs.base_url()}, {"key", {{"env", "TEAM_KEY"}}}}}}}};
    shell.file(".dragoman.json", project.dump());
    const std::string folder = (*shell.home / "project").string();
    const fs::path before = fs::current_path();
    fs::current_path(folder);
    const auto ran = shell.run({"doctor", "--json", "--provider", "team"});
    fs::current_path(before);
    CHECK(ran.code == 3);
    const Json check = ran.json()["checks"][0];
    CHECK(check["provider"] == "team");
    CHECK(check["ok"] == false);
    CHECK_THAT(check["detail"].get<std::string>(), ContainsSubstring(theirs.origin()));
    CHECK_THAT(check["hint"].get<std::string>(), ContainsSubstring("dragoman trust allow " + folder));
    CHECK(theirs.journal().connections == 0);
}
