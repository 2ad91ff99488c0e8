// What outlives the daemon: conversations across restarts, windows, kill -9 and a broken file.
#include "tests/e2e/setup.h"

#include <catch2/catch_all.hpp>

#include <csignal>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Daemons that share one folder for their data.
struct Home {
    Gateway gateway{"opencodex"};
    TempDir data{};

    std::unique_ptr<TestEditor> start(const Json& changes = Json::object()) {
        auto options = options_for(gateway, changes);
        options.environment["XDG_DATA_HOME"] = data.path().string();
        auto editor = std::make_unique<TestEditor>(std::move(options));
        editor->initialize();
        return editor;
    }
    Json ask(TestEditor& editor, const std::string& prompt, const std::string& answer,
             const Json& more = Json::object()) {
        gateway.answer(Script::answer(answer));
        return editor.result(editor.chat(prompt, nullptr, more));
    }
    std::filesystem::path file() const { return data / "dragoman/dragoman.db"; }
    std::string bytes() const { return data.read("dragoman/dragoman.db"); }
};

Json turns(TestEditor& editor, const Json& conversation) {
    return editor.call("dragoman/chat/get", {{"conversation", conversation}})["turns"];
}

Json listed(TestEditor& editor, const Json& params = Json::object()) {
    return editor.call("dragoman/chat/list", params)["conversations"];
}

}  // namespace

TEST_CASE("a conversation goes on after a restart") {
    Home home;
    auto editor = home.start();
    const Json first = home.ask(*editor, "What is a dragoman?", "An interpreter.");
    editor->quit();

    editor = home.start();
    const Json heads = listed(*editor);
    REQUIRE(heads.size() == 1);
    CHECK(heads[0]["id"] == first["conversation"]);
    CHECK(heads[0]["title"] == "What is a dragoman?");
    CHECK(heads[0]["turns"] == 1);
    CHECK(heads[0]["model"] == first["model"]);
    home.ask(*editor, "Where?", "In Istanbul.", {{"conversation", first["conversation"]}});
    CHECK_THAT(home.gateway.request(1).prompt_text(), ContainsSubstring("An interpreter."));
    const Json all = turns(*editor, first["conversation"]);
    REQUIRE(all.size() == 2);
    CHECK(all[0]["text"] == "An interpreter.");
    CHECK(all[0]["finishReason"] == "stop");
    CHECK(all[1]["text"] == "In Istanbul.");
    CHECK_THAT(editor->call("dragoman/chat/export", {{"conversation", first["conversation"]}})["text"]
                   .get<std::string>(),
               ContainsSubstring("In Istanbul."));
    editor->quit();
}

TEST_CASE("two windows share their conversations while both are open") {
    Home home;
    const auto one = home.start(), two = home.start();
    const Json first = home.ask(*one, "First?", "Alpha.");
    const Json conversation = {{"conversation", first["conversation"]}};
    home.ask(*two, "Second?", "Beta.", conversation);
    home.ask(*one, "Third?", "Gamma.", conversation);
    CHECK(turns(*two, first["conversation"]).size() == 3);
    CHECK(listed(*two, {{"query", "gamma alp"}}).empty());
    CHECK(listed(*two, {{"query", "gam"}}).size() == 1);
    CHECK(two->error(two->request("dragoman/chat/list", {{"query", std::string(60'000, 'x')}}))["code"] ==
          -32602);
    CHECK(two->call("dragoman/chat/rename", {{"conversation", first["conversation"]}, {"title", "Renamed"}})
              .is_null());
    CHECK(listed(*one)[0]["title"] == "Renamed");
    one->quit();
    two->quit();
}

TEST_CASE("an answer that was told outlives kill -9, and of one under way the question does") {
    Home home;
    auto editor = home.start();
    const Json told = home.ask(*editor, "Told?", "Yes.");
    home.gateway.answer(Script{}.text("half").hold().finish());
    editor->chat("Under way?", "t");
    editor->progress_until("t", is_text);
    CHECK(listed(*editor).size() == 2);  // the disk does one thing after the other: the question is written
    editor->signal(SIGKILL);
    CHECK(editor->exit_code() == -SIGKILL);

    editor = home.start();
    CHECK(turns(*editor, told["conversation"])[0]["text"] == "Yes.");
    const Json open = listed(*editor, {{"query", "under"}});
    REQUIRE(open.size() == 1);
    const Json turn = turns(*editor, open[0]["id"])[0];
    CHECK(turn["prompt"] == "Under way?");
    CHECK(turn["status"] == "cancelled");
    home.gateway.release();
    home.ask(*editor, "", "whole",
             {{"conversation", open[0]["id"]}, {"replaceTurn", turn["id"]}, {"continue", true}});
    CHECK(turns(*editor, open[0]["id"])[0]["text"] == "whole");
    editor->quit();
}

TEST_CASE("kill -9 in the middle of writing, again and again, loses no turn that was on disk") {
    constexpr int kRounds = 6, kAtOnce = 8;
    Home home;
    std::map<std::string, std::string> written;  // conversation -> its answer
    for (int round = 0; round < kRounds; ++round) {
        const auto editor = home.start();
        std::map<int, std::string> asked;  // request -> answer
        for (int i = 0; i < kAtOnce; ++i) {
            const std::string answer = "answer" + std::to_string(round) + "x" + std::to_string(i);
            home.gateway.answer_when(
                [wanted = "question " + answer](const HttpRequest& request) {
                    return request.prompt_text().find(wanted) != std::string::npos;
                },
                Script::answer(answer + " " + std::string(20'000, 'x')));
            asked[editor->chat("question " + answer + "?")] = answer;
        }
        // The first few are told and known to be written, the others are on their way.
        for (int i = 0; i <= round % 4; ++i) {
            const auto one = std::next(asked.begin(), i);
            written[editor->result(one->first)["conversation"]] = one->second;
        }
        listed(*editor);
        editor->signal(SIGKILL);
        CHECK(editor->exit_code() == -SIGKILL);
    }
    const auto editor = home.start();
    for (const auto& [conversation, answer] : written) {
        const Json found = turns(*editor, conversation);
        REQUIRE(found.size() == 1);
        CHECK_THAT(found[0]["text"].get<std::string>(), ContainsSubstring(answer + " xxx"));
        CHECK(found[0]["finishReason"] == "stop");
        CHECK(listed(*editor, {{"query", answer}}).size() == 1);
    }
    for (const Json& head : listed(*editor, {{"limit", 1000}})) CHECK(turns(*editor, head["id"]).size() == 1);
    CHECK_FALSE(std::filesystem::exists(home.data / "dragoman/dragoman.db.broken"));
    editor->quit();
}

TEST_CASE("what arrived of an answer is kept when the editor ends in the middle of it") {
    Home home;
    auto editor = home.start();
    home.gateway.answer(Script{}.text("half").hold().finish());
    editor->chat("Why?", "t");
    editor->progress_until("t", is_text);
    editor->close_stdin();
    CHECK(editor->exit_code() >= 0);
    editor = home.start();
    const Json turn = turns(*editor, listed(*editor)[0]["id"])[0];
    CHECK(turn["text"] == "half");
    CHECK(turn["status"] == "cancelled");
    home.gateway.release();
    editor->quit();
}

TEST_CASE("a file that is no database is moved aside with a message, and chat goes on") {
    Home home;
    home.data.write("dragoman/dragoman.db", std::string(5000, '?'));
    const auto editor = home.start();
    const Json answer = home.ask(*editor, "Why?", "Because.");
    CHECK(answer["text"] == "Because.");
    const Json message = editor->notification("window/showMessage");
    CHECK_THAT(message["message"].get<std::string>(), ContainsSubstring("dragoman.db.broken"));
    CHECK(home.data.read("dragoman/dragoman.db.broken") == std::string(5000, '?'));
    CHECK(turns(*editor, answer["conversation"]).size() == 1);
    editor->quit();
}

TEST_CASE("where nothing can be written chat goes on, with one message") {
    Home home;
    home.data.write("dragoman", "a file in the place of the folder");
    const auto editor = home.start();
    const Json answer = home.ask(*editor, "Why?", "Because.");
    home.ask(*editor, "And?", "So.", {{"conversation", answer["conversation"]}});
    CHECK(turns(*editor, answer["conversation"]).size() == 2);
    CHECK(listed(*editor, {{"query", "because"}}).size() == 1);
    const auto received = editor->received();
    CHECK(std::count_if(received.begin(), received.end(), [](const Json& message) {
              return message.value("method", "") == "window/showMessage";
          }) == 1);
    editor->quit();
}

TEST_CASE("keepConversations false writes nothing") {
    Home home;
    const auto editor = home.start({{"privacy", {{"keepConversations", false}, {"recordUsage", false}}}});
    const Json answer = home.ask(*editor, "Secret?", "Yes.");
    CHECK(turns(*editor, answer["conversation"]).size() == 1);
    CHECK(listed(*editor).size() == 1);
    editor->quit();
    CHECK_FALSE(std::filesystem::exists(home.file()));
}

TEST_CASE("what is deleted is gone from the file's bytes, and for every window") {
    Home home;
    const auto one = home.start(), two = home.start();
    const Json gone = home.ask(*one, "About Hatzegopteryx?", "It flew over Transsylvania.");
    const Json kept = home.ask(*one, "About Archaeopteryx?", "It glided.");
    CHECK_THAT(home.bytes(), ContainsSubstring("Hatzegopteryx") && ContainsSubstring("hatzegopteryx"));
    CHECK(two->call("dragoman/chat/delete", {{"conversation", gone["conversation"]}}).is_null());
    for (const char* word : {"Hatzegopteryx", "hatzegopteryx", "Transsylvania", "transsylvania"})
        CHECK(home.bytes().find(word) == std::string::npos);
    CHECK(one->error(one->request("dragoman/chat/get", {{"conversation", gone["conversation"]}}))["code"] ==
          -32602);
    CHECK(listed(*one).size() == 1);
    CHECK(turns(*one, kept["conversation"])[0]["text"] == "It glided.");
    one->quit();
    two->quit();
}

TEST_CASE("no likely secret of what was attached is stored, as none was sent") {
    Home home;
    const auto editor = home.start();
    const std::string secret = std::string{"ghp_"} + "ABCDEFabcdef0123456789ABCDEFabcdef01";
    const Json range = {{"start", {{"line", 0}, {"character", 0}}}, {"end", {{"line", 0}, {"character", 1}}}};
    const Json context = {
        {{"kind", "diagnostics"},
         {"uri", "file:///a/x.py"},
         {"diagnostics",
          {{{"range", range}, {"message", "bad " + secret}, {"code", secret}, {"source", secret}}}}},
        {{"kind", "text"}, {"text", "loose"}, {"label", "log " + secret}}};
    const Json answer = home.ask(*editor, "hi", "Hello.", {{"context", context}});
    CHECK(answer["masked"] == 4);
    CHECK_THAT(home.gateway.request(0).prompt_text(),
               ContainsSubstring("bad ******** [******** ********]") && ContainsSubstring("log ********"));
    CHECK_THAT(turns(*editor, answer["conversation"]).dump(),
               ContainsSubstring("bad ********") && !ContainsSubstring(secret));
    CHECK(editor->call("dragoman/chat/export", {{"conversation", answer["conversation"]}})
              .dump()
              .find(secret) == std::string::npos);
    editor->quit();
    CHECK_THAT(home.bytes(), ContainsSubstring("bad ********") && !ContainsSubstring(secret));
}

TEST_CASE("a key that a failing key command prints is neither shown nor stored") {
    Home home;
    const std::string key = "sk-live-test0123456789";
    const Json command = {"sh", "-c", "echo using key " + key + " >&2; exit 1"};
    const auto editor =
        home.start({{"providers", {{"gw", {{"key", {{"env", nullptr}, {"command", command}}}}}}}});
    const Json error = editor->error(editor->chat("hi"));
    CHECK_THAT(error.dump(), ContainsSubstring("exit status 1: using key ***"));
    editor->quit();
    CHECK_THAT(editor->transcript(), !ContainsSubstring(key));
    CHECK_THAT(home.bytes(), ContainsSubstring("using key ***") && !ContainsSubstring(key));
}
