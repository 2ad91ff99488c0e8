// What left the machine, from the socket to the table in a terminal.
#include "tests/e2e/shell.h"

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int kInvalidParams = -32602;

/// Daemons and commands that share one folder for their data.
struct Office {
    Gateway gateway{"openai"};
    TempDir data{};

    std::map<std::string, std::string> environment() const {
        return {{"XDG_DATA_HOME", data.path().string()}, {"GATEWAY_KEY", gateway.key()}};
    }
    std::unique_ptr<TestEditor> start(const Json& changes = Json::object()) const {
        EditorOptions options = options_for(gateway, changes);
        options.environment = environment();
        auto editor = std::make_unique<TestEditor>(std::move(options));
        editor->initialize({{"workspaceFolders", {{{"uri", editor->uri("work")}, {"name", "work"}}}}});
        return editor;
    }
    struct Ran {
        int code = 0;
        std::string out, err;
        Json json() const { return Json::parse(out); }
    };
    Ran run(std::vector<std::string> arguments) const {
        Command command{
            {.arguments = std::move(arguments), .config = config_for(gateway), .environment = environment()}};
        command.close_input();
        const int code = command.exit_code();
        return {code, command.out(), command.err()};
    }
};

std::vector<std::string> roles(const Json& entries) {
    std::vector<std::string> out;
    for (const Json& one : entries) out.push_back(one["role"]);
    return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("each request is told with where it went and how much, never with what was in it") {
    Office o;
    const auto editor = o.start();
    o.gateway.answer(Script::answer("whispered answer"));
    editor->result(editor->chat("whispered question", nullptr,
                                {{"context", Json::array({{{"kind", "text"}, {"text", "attached"}}})}}));
    editor->call("dragoman/models");
    const Json entries = editor->call("dragoman/sent")["entries"];
    REQUIRE(roles(entries) == Lines{"models", "chat"});
    const Json& chat = entries[1];
    CHECK(chat["origin"] == o.gateway.origin());
    CHECK(chat["provider"] == "gw");
    CHECK(chat["model"] == "gw/gpt-4o");
    CHECK(chat["project"] == (editor->home() / "work").string());
    CHECK(chat["bytes"] == o.gateway.request(0).body.size());
    CHECK(chat["bytesIn"].get<int>() > 0);
    CHECK(chat["httpStatus"] == 200);
    CHECK(chat["masked"] == 0);
    CHECK_THAT(chat["pieces"].dump(), ContainsSubstring("\"prompt\"") && ContainsSubstring("\"text\""));
    CHECK_FALSE(entries[0].contains("model"));
    const std::string all = entries.dump();
    for (const std::string& never :
         {std::string{"whispered"}, std::string{"attached"}, o.gateway.key(), std::string{"/v1"}}) {
        CAPTURE(never);
        CHECK_THAT(all, !ContainsSubstring(never));
    }
    editor->quit();

    const auto listed = o.run({"sent", "--json"});
    REQUIRE(listed.code == 0);
    CHECK(listed.json()["entries"] == entries);
    const auto table = o.run({"sent"});
    REQUIRE(table.code == 0);
    CHECK_THAT(table.out, ContainsSubstring("gw/gpt-4o") && ContainsSubstring(o.gateway.origin()));
    CHECK_THAT(table.out, !ContainsSubstring("whispered"));
}

TEST_CASE("each retry and each model that takes over is a request of its own") {
    Office o;
    const auto editor = o.start({{"providers", {{"gw", {{"retry", {{"attempts", 1}}}}}}},
                                 {"chat", {{"fallback", {"gw/gpt-4o-mini"}}}}});
    for (int i = 0; i < 2; ++i) o.gateway.answer(Script::json(503, {{"error", {{"message", "busy"}}}}));
    o.gateway.answer(Script::answer("At last."));
    editor->result(editor->chat("Why?"));
    const Json entries = editor->call("dragoman/sent")["entries"];
    REQUIRE(entries.size() == o.gateway.journal().requests.size());
    REQUIRE(entries.size() == 3);
    CHECK(entries[0]["model"] == "gw/gpt-4o-mini");
    CHECK(entries[1]["model"] == "gw/gpt-4o");
    CHECK(entries[1]["httpStatus"] == 503);
    CHECK(entries[2]["httpStatus"] == 503);
    editor->quit();
}

TEST_CASE("a request that is cancelled has left the machine all the same") {
    Office o;
    const auto editor = o.start();
    o.gateway.answer(Script{}.text("Be").hold().text("cause").finish());
    const int id = editor->chat("Why?", "t");
    editor->progress_until("t", is_text);
    editor->cancel(id);
    editor->error(id);
    const Json entries = editor->call("dragoman/sent")["entries"];
    REQUIRE(entries.size() == 1);
    CHECK(entries[0]["outcome"] == "closed");
    CHECK(entries[0]["bytesIn"].get<int>() > 0);
    o.gateway.release();
    editor->quit();
}

TEST_CASE("what is not to be recorded is known to its own daemon only") {
    Office o;
    const auto editor = o.start({{"privacy", {{"recordUsage", false}, {"keepConversations", false}}}});
    o.gateway.answer(Script::answer("Because."));
    editor->result(editor->chat("Why?"));
    editor->call("dragoman/models");
    CHECK(editor->call("dragoman/sent")["entries"].size() == 2);
    editor->quit();
    const auto listed = o.run({"sent", "--json"});
    REQUIRE(listed.code == 0);
    CHECK(listed.json()["entries"].empty());
    CHECK_FALSE(std::filesystem::exists(o.data / "dragoman/dragoman.db"));
}

TEST_CASE("a list is as long, as old and of the folder that is asked for") {
    Office o;
    const auto editor = o.start();
    for (int i = 0; i < 3; ++i) {
        o.gateway.answer(Script::answer("Because."));
        editor->result(editor->chat("Why?"));
    }
    CHECK(editor->call("dragoman/sent", {{"limit", 2}})["entries"].size() == 2);
    CHECK(editor->call("dragoman/sent", {{"folder", editor->uri("work")}})["entries"].size() == 3);
    CHECK(editor->call("dragoman/sent", {{"folder", "/nowhere"}})["entries"].empty());
    CHECK(editor->call("dragoman/sent", {{"folder", "/"}})["entries"].size() == 3);
    CHECK(editor->call("dragoman/sent", {{"folder", editor->uri("work") + "/"}})["entries"].size() == 3);
    CHECK(editor->call("dragoman/sent", {{"since", "2001-01-01"}})["entries"].size() == 3);
    CHECK(editor->call("dragoman/sent", {{"since", "2200-01-01"}})["entries"].empty());
    for (const Json& wrong : {Json{{"limit", -1}}, Json{{"limit", "all"}}, Json{{"since", "soon"}},
                              Json{{"since", 5}}, Json{{"folder", "relative"}}, Json{{"folder", 1}}}) {
        CAPTURE(wrong);
        CHECK(editor->error(editor->request("dragoman/sent", wrong))["code"] == kInvalidParams);
    }
    editor->quit();
    const auto wrong = o.run({"sent", "--days", "0"});
    CHECK(wrong.code == 2);
    CHECK_THAT(wrong.err, ContainsSubstring("--days"));
    const auto none = o.run({"sent", "--folder", "/nowhere"});
    CHECK(none.code == 0);
    CHECK(none.out == "nothing was sent\n");
}
