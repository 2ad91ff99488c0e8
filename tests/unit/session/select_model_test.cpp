// dragoman/selectModel: what is chosen, for how much, where it is written, and what is refused.
#include "tests/unit/session/bench.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using Catch::Matchers::ContainsSubstring;
using dragoman::test::SessionBench;

namespace {

constexpr int kInvalidParams = -32602, kRequestFailed = -32803;
const std::string kFolder = "/home/u/src/app";
const std::string kDocument = "file://" + kFolder + "/main.c";
const std::filesystem::path kProjectFile = kFolder + "/.dragoman.json";

struct Selecting : SessionBench {
    Selecting() {
        user(R"({
  // mine
  "providers": {"gw": {"preset": "openai-compatible", "baseUrl": "http://127.0.0.1:9/v1", "key": "none"},
                "other": {"preset": "openai-compatible", "baseUrl": "http://127.0.0.1:8/v1", "key": "none"}},
  "chat": {"model": "gw/m"}, // the usual one
  "completion": {"model": "gw/m"}
})");
        request("init", "initialize",
                {{"capabilities", Json::object()},
                 {"workspaceFolders", {{{"uri", "file://" + kFolder}, {"name", "app"}}}}});
        notify("initialized");
        clock.settle();
        static_cast<void>(sent());
    }
    void user(std::string text) { files.disk.write(kUserFile, std::move(text)); }
    std::string text(const std::filesystem::path& file) {
        const auto content = files.disk.read(file, 1U << 20U);
        return content ? content->bytes : "no file";
    }
    /// The response; everything else that was sent is in `others`.
    Json select(const Json& params) {
        request(++id, "dragoman/selectModel", params);
        worker.work_off();
        Json response;
        others.clear();
        for (Json& message : sent()) {
            if (!message.contains("method") && message["id"] == id) {
                response = std::move(message);
            } else {
                others.push_back(std::move(message));
            }
        }
        return response;
    }
    Json chosen(const std::string& role, const Json& model, const std::string& scope) {
        const Json response = select(
            {{"role", role}, {"model", model}, {"scope", scope}, {"textDocument", {{"uri", kDocument}}}});
        CAPTURE(response.dump());
        REQUIRE(response.contains("result"));
        return response["result"];
    }
    std::string model(config::Role role, const std::string& uri = kDocument) {
        const auto found = session.config_for(uri)->resolve(role);
        return found ? found->id() : "none";
    }
    int id = 0;
    std::vector<Json> others;
};

}  // namespace

TEST_CASE("a choice for the session writes nothing, holds at once, and is taken back with null") {
    Selecting s;
    const std::string before = s.text(SessionBench::kUserFile);
    const Json result = s.chosen("chat", "other/big/one", "session");
    CHECK(result ==
          Json{{"selected", {{"chat", "other/big/one"}, {"completion", "gw/m"}, {"edit", "other/big/one"}}}});
    CHECK(s.model(config::Role::chat) == "other/big/one");
    CHECK(s.text(SessionBench::kUserFile) == before);
    REQUIRE(s.others.size() == 1);
    CHECK(s.others[0]["method"] == "dragoman/status");
    CHECK(s.others[0]["params"]["chat"]["model"] == "other/big/one");

    s.chosen("completion", "other/c", "session");
    s.chosen("edit", "other/e", "session");
    s.chosen("embedding", "other/v", "session");
    CHECK(s.chosen("chat", nullptr, "session")["selected"] ==
          Json{{"chat", "gw/m"}, {"completion", "other/c"}, {"edit", "other/e"}, {"embedding", "other/v"}});
}

TEST_CASE("a choice for everything goes into the user's file, and all else of it stays") {
    Selecting s;
    std::string expected = s.text(SessionBench::kUserFile);
    const Json result = s.chosen("chat", "other/x", "user");
    expected.replace(expected.find("\"gw/m\"}, // the"), 6, "\"other/x\"");
    CHECK(s.text(SessionBench::kUserFile) == expected);
    CHECK(result["file"] == SessionBench::kUserFile.string());
    CHECK(result["selected"]["chat"] == "other/x");
    CHECK(s.model(config::Role::chat, "file:///elsewhere/x.c") == "other/x");
    s.chosen("edit", "gw/e", "user");
    CHECK(s.model(config::Role::edit) == "gw/e");
    CHECK(s.chosen("edit", nullptr, "user")["selected"]["edit"] == "other/x");
    CHECK(s.text(SessionBench::kUserFile) == expected);
    CHECK_FALSE(s.chosen("edit", nullptr, "user").contains("file"));
}

TEST_CASE("a choice for a project goes into its nearest file, or into the user's own for that folder") {
    Selecting s;
    SECTION("the project has a file") {
        s.files.disk.write(kProjectFile, "{ } // ours\n");
        const Json result = s.chosen("completion", "other/x", "project");
        CHECK(result["file"] == kProjectFile.string());
        CHECK_THAT(s.text(kProjectFile), ContainsSubstring("// ours"));
    }
    SECTION("it has none") {
        const Json result = s.chosen("completion", "other/x", "project");
        CHECK(result["file"] == SessionBench::kUserFile.string());
        CHECK_THAT(s.text(SessionBench::kUserFile), ContainsSubstring("\"~/src/app\""));
        CHECK(s.text(kProjectFile) == "no file");
    }
    CHECK(s.model(config::Role::completion) == "other/x");
    CHECK(s.model(config::Role::completion, "file:///elsewhere/x.c") == "gw/m");
    s.chosen("completion", nullptr, "project");
    CHECK(s.model(config::Role::completion) == "gw/m");
}

TEST_CASE("the newest choice counts: one that is written takes the session's away") {
    Selecting s;
    s.chosen("chat", "other/session", "session");
    s.chosen("completion", "other/session", "session");
    CHECK(s.chosen("chat", "other/user", "user")["selected"]["chat"] == "other/user");
    CHECK(s.model(config::Role::completion) == "other/session");
    CHECK(s.chosen("completion", "other/project", "project")["selected"]["completion"] == "other/project");
}

TEST_CASE("a choice that something else outranks says what does") {
    Selecting s;
    s.files.disk.write(kProjectFile, R"({"chat": {"model": "gw/theirs"}})");
    const Json result = s.chosen("chat", "other/x", "user");
    CHECK(result["selected"]["chat"] == "gw/theirs");
    CHECK(result["outrankedBy"] == kProjectFile.string());
    CHECK_FALSE(s.chosen("chat", "other/x", "project").contains("outrankedBy"));
}

TEST_CASE("what is no choice is refused with what is known, and nothing is written") {
    Selecting s;
    const std::string before = s.text(SessionBench::kUserFile);
    const auto refused = [&](const Json& changes) {
        Json params = {{"role", "chat"}, {"model", "gw/m"}, {"scope", "user"}};
        params.merge_patch(changes);
        if (changes.contains("model") && changes["model"].is_null()) params.erase("model");
        const Json response = s.select(params);
        CAPTURE(response.dump());
        REQUIRE(response.contains("error"));
        CHECK(response["error"]["code"] == kInvalidParams);
        return response["error"]["message"].get<std::string>();
    };
    CHECK_THAT(refused({{"role", "chta"}}),
               ContainsSubstring("\"embedding\"") && ContainsSubstring("mean \"chat\""));
    CHECK_THAT(refused({{"role", 5}}), ContainsSubstring("\"completion\""));
    CHECK_THAT(refused({{"scope", "sesion"}}), ContainsSubstring("mean \"session\""));
    CHECK_THAT(refused({{"scope", nullptr}}), ContainsSubstring("\"project\""));
    CHECK_THAT(refused({{"model", nullptr}}), ContainsSubstring("null"));
    CHECK_THAT(refused({{"model", 7}}), ContainsSubstring("provider/model"));
    CHECK_THAT(refused({{"model", "othr/x"}}), ContainsSubstring("did you mean \"other\""));
    CHECK_THAT(refused({{"model", "m"}}), ContainsSubstring("provider/model"));
    CHECK_THAT(refused({{"scope", "project"}, {"textDocument", {{"uri", "file:///tmp/x.c"}}}}),
               ContainsSubstring("no workspace folder"));
    CHECK(s.text(SessionBench::kUserFile) == before);
    CHECK(s.model(config::Role::chat) == "gw/m");
}

TEST_CASE("a project gets no provider that it may not use, and nobody one that only a project has") {
    Selecting s;
    const auto code = [&](const std::string& model, const std::string& scope) {
        const Json response = s.select(
            {{"role", "chat"}, {"model", model}, {"scope", scope}, {"textDocument", {{"uri", kDocument}}}});
        return response.contains("error") ? response["error"]["code"].get<int>() : 0;
    };
    s.files.disk.write(kProjectFile, R"({"requireProvider": "other"})");
    CHECK(code("gw/m", "project") == kInvalidParams);
    CHECK(code("gw/m", "session") == kInvalidParams);
    CHECK(code("other/x", "project") == 0);

    s.files.disk.write(kProjectFile, R"({"providers": {"team": {"baseUrl": "https://team.example/v1"}}})");
    CHECK(code("team/x", "project") == kRequestFailed);
    CHECK(code("team/x", "user") == kInvalidParams);

    s.files.disk.remove(kProjectFile);
    s.user(R"({"projects": {"~/src/app": {"providers": {"client": {"preset": "openai"}}}}})");
    CHECK(code("client/x", "user") == kInvalidParams);
    CHECK(code("client/x", "project") == 0);
    CHECK(s.model(config::Role::chat) == "client/x");
}

TEST_CASE("a file that cannot be written is named, and what held before holds on") {
    Selecting s;
    const auto failed = [&] {
        const Json response = s.select({{"role", "chat"}, {"model", "other/x"}, {"scope", "user"}});
        CAPTURE(response.dump());
        REQUIRE(response.contains("error"));
        CHECK(response["error"]["code"] == kRequestFailed);
        CHECK(s.model(config::Role::chat) == "gw/m");
        return response["error"]["message"].get<std::string>();
    };
    s.files.disk.write_problem = WriteProblem::not_permitted;
    CHECK_THAT(failed(),
               ContainsSubstring(SessionBench::kUserFile.string()) && ContainsSubstring("read-only"));
    s.files.disk.write_problem.reset();
    // Its last good content holds; it is not written over.
    s.user("{\"chat\": ");
    CHECK_THAT(failed(), ContainsSubstring("config.json:1:10"));
    CHECK(s.text(SessionBench::kUserFile) == "{\"chat\": ");
}

TEST_CASE("a choice that is cancelled before it was written is not written") {
    Selecting s;
    const std::string before = s.text(SessionBench::kUserFile);
    s.request("gone", "dragoman/selectModel", {{"role", "chat"}, {"model", "other/x"}, {"scope", "user"}});
    s.notify("$/cancelRequest", {{"id", "gone"}});
    s.worker.work_off();
    REQUIRE(s.responses("gone").size() == 1);
    CHECK(s.text(SessionBench::kUserFile) == before);
}
