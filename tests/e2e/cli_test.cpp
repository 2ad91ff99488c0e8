// The command line through the real binary: each subcommand, its JSON, its exit codes, its errors.
#include "tests/e2e/shell.h"

#include <csignal>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

TEST_CASE("the command line tells what it is and what it takes") {
    Shell s;
    const auto version = s.run({"--version"});
    CHECK(version.code == 0);
    CHECK_THAT(version.out, StartsWith("dragoman ") && ContainsSubstring("editor protocol 1"));
    const auto help = s.run({"--help"});
    CHECK(help.code == 0);
    for (const char* word :
         {"--stdio", "--version", "chat", "complete", "models", "balance", "usage", "config", "doctor"})
        CHECK_THAT(help.out, ContainsSubstring(word));
}

TEST_CASE("a command line that is wrong exits with 2 and writes nothing to stdout") {
    const auto arguments = GENERATE(values<std::vector<std::string>>({{"nonsense"},
                                                                      {"--nonsense"},
                                                                      {"chat", "--nonsense"},
                                                                      {"complete"},
                                                                      {"config"},
                                                                      {"config", "nonsense"},
                                                                      {"chat", "-m"},
                                                                      {"--node-ipc"}}));
    Shell s;
    const auto ran = s.run(arguments);
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    CHECK_FALSE(ran.err.empty());
}

TEST_CASE("an answer streams to the terminal while it arrives") {
    Shell s;
    s.gateway.answer(Script{}.text("first").hold().text(" second").finish());
    Command command = s.start({"chat", "Why?"});
    command.close_input();
    CHECK(command.wait_for_out([](const std::string& out) { return out == "first"; }));
    s.gateway.release();
    CHECK(command.exit_code() == 0);
    CHECK(command.out() == "first second\n");
    CHECK(command.err().empty());
    CHECK_THAT(s.gateway.request(0).prompt_text(), ContainsSubstring("Why?"));
}

TEST_CASE("the question may come from stdin, alone or beside the words") {
    Shell s;
    s.gateway.answer(Script::answer("ok\n"));
    CHECK(s.run({"chat"}, "Piped question?\n").out == "ok\n");
    CHECK_THAT(s.gateway.request(0).prompt_text(), ContainsSubstring("Piped question?"));
    s.gateway.answer(Script::answer("ok"));
    CHECK(s.run({"chat", "Explain"}, "diff --git").code == 0);
    CHECK_THAT(s.gateway.request(1).prompt_text(), ContainsSubstring("standard input:") &&
                                                       ContainsSubstring("diff --git") &&
                                                       ContainsSubstring("Explain"));
    s.gateway.answer(Script::answer("ok"));
    CHECK(s.run({"chat", "Alone"}).code == 0);
    CHECK_THAT(s.gateway.request(2).prompt_text(), !ContainsSubstring("standard input"));
}

TEST_CASE("a stdin that is left open and silent holds nobody up, and what was done is said") {
    Shell s;
    s.gateway.answer(Script::answer("ok"));
    Command command = s.start({"chat", "Why?"});
    CHECK(command.exit_code() == 0);
    CHECK(command.out() == "ok\n");
    CHECK_THAT(command.err(), ContainsSubstring("standard input is open"));
}

TEST_CASE("with --stdin a slow producer is waited for") {
    Shell s;
    s.gateway.answer(Script::answer("ok"));
    s.gateway.answer(Script::answer("ok"));
    Command command = s.start({"chat", "--stdin", "Why?"});
    Command hasty = s.start({"chat", "Why?"});  // began later: its end tells that the patience has passed
    CHECK(hasty.exit_code() == 0);
    command.write("late");
    command.close_input();
    CHECK(command.exit_code() == 0);
    CHECK_THAT(s.gateway.request(1).prompt_text(), ContainsSubstring("late"));
}

TEST_CASE("a question that cannot be asked is refused with a reason, as JSON where that is wanted") {
    Shell s;
    struct Row {
        std::vector<std::string> arguments;
        std::string input, error;
    };
    const Row row =
        GENERATE(values<Row>({{{"chat"}, "", "nothing was asked"},
                              {{"chat", " "}, "", "nothing was asked"},
                              {{"chat", "x"}, std::string{"a\0b", 3}, "standard input is not text"},
                              {{"chat", "x"}, std::string((8U << 20U) + 1, 'x'), "more than 8 MiB"},
                              {{"chat", "x", "-f", "/nowhere/at.all"}, "", "at.all does not exist"},
                              {{"chat", "x", "-f", "/dev/null"}, "", "null is not a regular file"},
                              {{"chat", "x", "--config", "/nowhere/c.json"}, "", "/nowhere/c.json"}}));
    const auto ran = s.run(row.arguments, row.input);
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, ContainsSubstring(row.error));
    auto arguments = row.arguments;
    arguments.emplace_back("--json");
    const auto json = s.run(arguments, row.input);
    CHECK(json.code == 2);
    CHECK_THAT(json.json()["error"]["message"].get<std::string>(), ContainsSubstring(row.error));
    CHECK(s.gateway.journal().requests.empty());
}

TEST_CASE("as JSON the answer is one document with its model, usage and reasoning") {
    Shell s{"opeai"};
    s.gateway.answer(
        Script{}.reasoning("hm").text("Yes \x1b[31m\x7f.").finish().usage({.input = 5, .output = 3}));
    const auto ran = s.run({"chat", "--json", "Really?"});
    CHECK(ran.code == 0);
    CHECK(ran.out.find('\x1b') == std::string::npos);
    CHECK(ran.out.find('\x7f') == std::string::npos);
    const Json answer = ran.json();
    CHECK(answer["text"] == "Yes \x1b[31m\x7f.");
    CHECK(answer["model"] == "gw/deepseek-v4-flash");
    CHECK(answer["finishReason"] == "stop");
    CHECK(answer["reasoning"] == "hm");
    CHECK(answer["usage"]["inputTokens"] == 5);
}

TEST_CASE("model, system prompt and files go with the question, and reasoning is shown on request, apart") {
    Shell s{"opeai"};
    s.config["privacy"] = {{"exclude", {"**/*.secret"}}};
    const std::string path = s.file("notes.md", "remember this");
    s.gateway.answer(Script{}.reasoning("hm").text("Yes.").finish());
    const auto ran = s.run(
        {"chat", "Really?", "-m", "gw/other-model", "--system", "Be brief.", "-f", path, "--reasoning"});
    CHECK(ran.code == 0);
    CHECK(ran.out == "Yes.\n");
    CHECK(ran.err == "hm\n");
    const auto request = s.gateway.request(0);
    CHECK(request.model() == "other-model");
    CHECK_THAT(request.body, ContainsSubstring("Be brief.") && ContainsSubstring("remember this"));

    s.gateway.answer(Script::answer("Both."));
    CHECK(s.run({"chat", "-f", path, "-f", s.file("more.md", "and that"), "Which?"}).out == "Both.\n");
    CHECK_THAT(s.gateway.request(1).body, ContainsSubstring("remember this") &&
                                              ContainsSubstring("and that") && ContainsSubstring("Which?"));
    const auto refused = s.run({"chat", "x", "-f", s.file("x.secret", "hidden")});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, ContainsSubstring("x.secret is kept on this machine"));
}

TEST_CASE("nothing that a model writes can steer the terminal") {
    Shell s{"opeai"};
    s.gateway.answer(Script{}
                         .reasoning("\x1b]0;title\x07")
                         .text("a\x1b]52;c;ZXZpbA==\x07"
                               "b\r\x08\x7f")
                         .text("\xC2\x9B"
                               "31m\xE2\x80\xAE"
                               "txet\xE2\x80\x8B\xF3\xA0\x81\x81 \xF0\x9F\x90\x89\n\ttab")
                         .finish());
    const auto ran = s.run({"chat", "x", "--reasoning"});
    CHECK(ran.code == 0);
    CHECK(ran.out == "a]52;c;ZXZpbA==b31m<U+202E>txet<U+200B><U+E0041> \xF0\x9F\x90\x89\n\ttab\n");
    CHECK(ran.err == "]0;title\n");
}

TEST_CASE("what a gateway refuses exits with 1, what is not configured with 3, each with the cure") {
    struct Row {
        const char* ask;
        int code;
        const char* kind;
    };
    const Row row = GENERATE(Row{"401", 1, "unauthorized"}, Row{"402", 1, "insufficientBalance"},
                             Row{"429", 1, "rateLimited"}, Row{"500", 1, "upstreamUnavailable"});
    Shell s;
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script::refuse("opencodex", row.ask));
    const auto ran = s.run({"chat", "x"});
    CHECK(ran.code == row.code);
    CHECK(ran.out.empty());
    CHECK_FALSE(ran.err.empty());
    const auto json = s.run({"chat", "x", "--json"});
    CHECK(json.code == row.code);
    CHECK(json.json()["error"]["kind"] == row.kind);
    CHECK_FALSE(json.json()["error"]["message"].get<std::string>().empty());
}

TEST_CASE("without a configuration, a key or a known provider the exit code is 3 and the hint helps") {
    Shell s;
    const auto configured = s.config;
    s.config = Json::object();
    auto ran = s.run({"chat", "x", "--json"});
    CHECK(ran.code == 3);
    CHECK(ran.json()["error"]["kind"] == "notConfigured");
    CHECK_FALSE(ran.json()["error"]["hint"].get<std::string>().empty());
    for (const char* command : {"models", "balance", "doctor"}) {
        CAPTURE(command);
        CHECK(s.run({command}).code == 3);
        CHECK(s.run({command, "--json"}).json()["error"]["kind"] == "notConfigured");
    }
    s.config = configured;
    CHECK(s.run({"chat", "x", "-m", "nobody/m"}).code == 3);
    CHECK(s.run({"models", "-p", "nobody"}).code == 3);
    s.config["providers"]["gw"]["key"] = {{"env", "NO_SUCH_KEY"}};
    ran = s.run({"chat", "x"});
    CHECK(ran.code == 3);
    CHECK_THAT(ran.err, ContainsSubstring("NO_SUCH_KEY"));
}

TEST_CASE("a broken configuration file is named where it leaves nothing configured") {
    Shell s;
    s.home->write("config/dragoman/config.json", "{ \"providers\": ");
    s.config = nullptr;
    const auto ran = s.run({"chat", "x"});
    CHECK(ran.code == 3);
    CHECK_THAT(ran.err, ContainsSubstring("config.json:1:"));
}

TEST_CASE("an interrupted answer ends with 128 and the signal, and takes its connection along") {
    const int signal = GENERATE(SIGINT, SIGTERM);
    Shell s;
    s.gateway.answer(Script{}.text("first").hold().finish());
    Command command = s.start({"chat", "Why?"});
    command.close_input();
    REQUIRE(command.wait_for_out([](const std::string& out) { return out == "first"; }));
    command.signal(signal);
    CHECK(command.exit_code() == 128 + signal);
    CHECK(command.out() == "first\n");
    CHECK(s.gateway.wait_for([](const Journal& seen) { return seen.open == 0; }));
}

TEST_CASE("a reader that had enough ends the answer quietly") {
    Shell s;
    s.gateway.answer(Script{}.text("first\n").hold().text("second\n").hold("end").finish());
    Command command = s.start({"chat", "Why?"});
    command.close_input();
    REQUIRE(command.wait_for_out([](const std::string& out) { return out == "first\n"; }));
    command.close_output();
    s.gateway.release();
    CHECK(command.exit_code() == 0);
    CHECK(command.err() == "");
    CHECK(s.gateway.wait_for([](const Journal& seen) { return seen.open == 0; }));
}

TEST_CASE("an answer that breaks off leaves what came and an error") {
    Shell s;
    s.gateway.answer(Script{}.text("half").reset());
    const auto ran = s.run({"chat", "x"});
    CHECK(ran.code == 1);
    CHECK(ran.out == "half\n");
    CHECK_FALSE(ran.err.empty());
    s.gateway.answer(Script{}.text("half").reset());
    const auto json = s.run({"chat", "x", "--json"});
    CHECK(json.code == 1);
    CHECK(json.json()["error"]["partialText"] == "half");
}

TEST_CASE("a completion is printed for a place in a file") {
    Shell s;
    s.gateway.answer(Script::answer("return a + b"));
    const std::string path = s.file("add.py", "def add(a, b):\n    \n");
    const auto ran = s.run({"complete", path + ":2:5", "--trail"});
    CHECK(ran.code == 0);
    CHECK_THAT(ran.out, ContainsSubstring("return a + b"));
    CHECK_FALSE(ran.err.empty());
    CHECK_THAT(s.gateway.request(0).body, !ContainsSubstring(s.home->path().string()));
    s.gateway.answer(Script::answer("return a + b"));
    const auto json = s.run({"complete", path + ":2:5", "--json"});
    CHECK(json.code == 0);
    CHECK_THAT(json.json()["items"][0]["insertText"].get<std::string>(), ContainsSubstring("return a + b"));
}

TEST_CASE("a place that is none is refused with a reason") {
    Shell s{"opencodex", {{"privacy", {{"exclude", {"**/*.secret"}}}}}};
    const std::string path = s.file("x.py", "a\n\xC3\xA4\xC3\xB6");
    s.file("binary", std::string_view{"a\0b", 3});
    s.file("x.secret", "hidden");
    const std::string folder = (s.home->path() / "project").string();
    const std::vector<std::pair<std::string, std::string>> rows{
        {path, "is not FILE:LINE:COLUMN"},
        {path + ":1", "is not FILE:LINE:COLUMN"},
        {path + ":0:1", "is not FILE:LINE:COLUMN"},
        {path + ":1:-1", "is not FILE:LINE:COLUMN"},
        {path + ":1:x", "is not FILE:LINE:COLUMN"},
        {path + ":99999999999999999999:1", "is not FILE:LINE:COLUMN"},
        {":1:1", "is not FILE:LINE:COLUMN"},
        {path + ":3:1", "has only 2 lines"},
        {path + ":2:4", "has only 2 characters"},
        {folder + ":1:1", "is not a regular file"},
        {folder + "/gone.py:1:1", "is not there"},
        {folder + "/binary:1:1", "is not a text file"},
        {folder + "/x.secret:1:1", "is kept on this machine"},
    };
    for (const auto& [place, why] : rows) {
        CAPTURE(place);
        const auto ran = s.run({"complete", place});
        CHECK(ran.code == 2);
        CHECK(ran.out.empty());
        CHECK_THAT(ran.err, ContainsSubstring(why));
    }
    CHECK(s.run({"complete", path + ":9:9", "--json"}).json()["error"]["kind"] == "usage");
    CHECK(s.gateway.journal().requests.empty());
}

TEST_CASE("a completion that fails says why") {
    Shell s;
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script::refuse("opencodex", "401"));
    const auto ran = s.run({"complete", s.file("x.py", "a\n") + ":1:2", "--json"});
    CHECK(ran.code == 1);
    CHECK(ran.json()["error"]["kind"] == "unauthorized");
}

TEST_CASE("models of every provider are listed, one failure hides nothing but shows in the exit code") {
    Shell s;
    Gateway broken{"opencodex"};
    broken.answer_when(Gateway::to("GET", "/models"), Script::refuse("opencodex", "500"));
    CHECK_THAT(s.run({"models"}).out, ContainsSubstring("gw/gpt-4o\n") &&
                                          ContainsSubstring("gw/deepseek-chat  (chat, completion, edit)\n"));
    s.config["providers"]["bad"] = provider(broken);
    const auto both = s.run({"models", "--json"});
    CHECK(both.code == 1);
    CHECK(both.json()["models"].size() == 3);
    CHECK(both.json()["selected"]["chat"] == "gw/deepseek-chat");
    CHECK(both.json()["errors"][0]["provider"] == "bad");
    CHECK(both.json()["errors"][0]["kind"] == "upstreamUnavailable");
    CHECK(s.run({"models", "-p", "gw"}).code == 0);
    const auto text = s.run({"models"});
    CHECK(text.code == 1);
    CHECK_THAT(text.out, ContainsSubstring("gw/gpt-4o\n"));
    CHECK_THAT(text.err, ContainsSubstring("bad"));
}

TEST_CASE("the balance is told; a provider without one is a failure only where nobody else answers") {
    Shell s;
    CHECK_THAT(s.run({"balance"}).out, StartsWith("gw: 482.5"));
    Gateway other{"opeai"};
    s.config["providers"]["plain"] = provider(other);
    s.config["providers"]["plain"]["preset"] = "openai";
    const auto both = s.run({"balance", "--json"});
    CAPTURE(both.out);
    CHECK(both.json()["balances"].size() == 1);
    CHECK(both.json()["balances"][0]["provider"] == "gw");
    CHECK(both.code == 0);
    CHECK(s.run({"balance", "-p", "plain"}).code == 3);
}

TEST_CASE("the configuration is shown with its sources, checked, and its schema printed") {
    Shell s;
    const auto shown = s.run({"config", "show"});
    CHECK(shown.code == 0);
    CHECK_THAT(shown.out,
               ContainsSubstring("/chat/model = \"gw/deepseek-chat\"") && ContainsSubstring("config.json"));
    const auto json = s.run({"config", "show", "--json"});
    CHECK(json.json()["effective"]["chat"]["model"] == "gw/deepseek-chat");
    CHECK(json.json()["problems"].empty());
    CHECK(s.run({"config", "check"}).code == 0);
    CHECK(s.run({"config", "schema"}).json().contains("properties"));

    s.config["chta"] = {{"model", "x"}};
    const auto checked = s.run({"config", "check"});
    CHECK_THAT(checked.err, ContainsSubstring("chta") && ContainsSubstring("config.json:"));
    const auto list = s.run({"config", "check", "--json"}).json()["problems"];
    REQUIRE(list.size() == 1);
    CHECK_THAT(list[0]["message"].get<std::string>(), ContainsSubstring("chta"));
    s.config.erase("chta");
    s.config["chat"]["model"] = 5;
    CHECK(s.run({"config", "check"}).code == 3);
}

TEST_CASE("--for shows what holds for a file of a project") {
    Shell s;
    s.file(".dragoman.json", R"({"chat": {"model": "gw/gpt-4o"}})");
    const std::string path = s.file("src/x.py", "");
    const auto json = s.run({"config", "show", "--for", path, "--json"}).json();
    CHECK(json["effective"]["chat"]["model"] == "gw/gpt-4o");
    CHECK_THAT(json["provenance"]["/chat/model"].get<std::string>(), EndsWith(".dragoman.json"));
    s.file(".dragoman.json", R"({"chat": {"fallback": ["gw/a", "gw/b"]}})");
    const auto shown = s.run({"config", "show", "--for", path}).out;
    for (const char* line : {"/chat/fallback/0 = \"gw/a\"", "/chat/fallback/1 = \"gw/b\""}) {
        const auto at = shown.find(line);
        REQUIRE(at != std::string::npos);
        CHECK_THAT(shown.substr(at, shown.find('\n', at) - at), EndsWith(".dragoman.json)"));
    }
    CHECK_THAT(shown, ContainsSubstring("/completion/maxTokens = 256  (default)"));
}
