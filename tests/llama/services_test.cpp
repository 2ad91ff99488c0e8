// Ghost text, embeddings, the list of models and the commands, with a real model server.
#include "tests/llama/setup.h"
#include "tests/support/command.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int kRequestFailed = -32803;
const std::string kAdd = "def add(left, right):\n    \n\nprint(add(1, 2))\n";

struct Ran {
    int code;
    std::string out, err;
};

/// Runs commands, one after the other, in one home.
struct Terminal {
    Json config;
    std::map<std::string, std::string> environment{};
    std::shared_ptr<TempDir> home = std::make_shared<TempDir>();

    Ran run(std::vector<std::string> arguments, std::string_view input = {}) const {
        Command command{{std::move(arguments), config, environment, home}};
        command.write(input);
        command.close_input();
        const int code = command.exit_code();
        return {code, command.out(), command.err()};
    }
};

}  // namespace

TEST_CASE("a real model fills the hole at the cursor") {
    Local local;
    const std::string uri = local.editor.uri("add.py");
    local.editor.open(uri, "python", kAdd);
    const Json items = local.editor.result(local.editor.inline_completion(uri, 1, 4))["items"];
    REQUIRE(items.size() == 1);
    const auto covered = 4 - items[0]["range"]["start"]["character"].get<std::size_t>();
    CHECK(items[0]["insertText"].get<std::string>().substr(covered) == "return left + right");
    const Json entry = local.editor.call("dragoman/trail", {{"limit", 1}})["entries"][0];
    CHECK(entry["outcome"] == "shown");
    CHECK(entry["source"] == "upstream");
    local.editor.quit();
}

TEST_CASE("ghost text waits for the busy model and comes when the turn before it is cancelled") {
    Local local;
    const std::string uri = local.editor.uri("add.py");
    local.editor.open(uri, "python", kAdd);
    const int endless = local.editor.chat("LOOP", "t");
    local.editor.progress_until("t", is_text);
    const int waiting = local.editor.inline_completion(uri, 1, 4);
    local.editor.cancel(endless);
    CHECK(local.editor.result(waiting)["items"].size() == 1);
    local.editor.quit();
}

TEST_CASE("a real model's vectors tell the same text from another") {
    Local local{Json::object(), {.more = {"--embedding", "--pooling", "mean"}}};
    const Json result = local.editor.call("dragoman/embed", {{"input", {"one", "two", "one"}}});
    const Json& vectors = result["vectors"];
    REQUIRE(vectors.size() == 3);
    CHECK(vectors[0].size() == 512);
    CHECK(vectors[0] != vectors[1]);
    for (std::size_t i = 0; i < vectors[0].size(); ++i)
        CHECK(vectors[0][i].get<double>() == Catch::Approx(vectors[2][i].get<double>()).margin(1e-6));
    CHECK(result["model"] == "local/tiny");
    local.editor.quit();
}

TEST_CASE("a server that makes no vectors says how it would") {
    Local local;
    const Json error = local.editor.error(local.editor.request("dragoman/embed", {{"input", {"one"}}}));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["httpStatus"] == 501);
    CHECK_THAT(error["data"]["upstreamMessage"].get<std::string>(), ContainsSubstring("--embedding"));
    CHECK_FALSE(error["data"]["hint"].get<std::string>().empty());
    local.editor.quit();
}

TEST_CASE("a real server's model is listed") {
    Local local;
    const Json result = local.editor.call("dragoman/models", {{"refresh", true}});
    CHECK(result["errors"].empty());
    REQUIRE(result["models"].size() == 1);
    CHECK(result["models"][0]["id"] == "local/tiny");
    local.editor.quit();
}

TEST_CASE("the commands work with a real model") {
    ModelServer server;
    const Terminal terminal{config_for(server.base_url())};

    const Ran chat = terminal.run({"chat", "Who are you?"});
    CHECK(chat.code == 0);
    CHECK(chat.out == std::string{kSay} + "\n");
    CHECK(chat.err.empty());

    const Ran thinking = terminal.run({"chat", "--reasoning"}, "THINK of this.");
    CHECK(thinking.out == "The result is forty-two.\n");
    CHECK_THAT(thinking.err, ContainsSubstring("Let me reason"));

    const Json answer = Json::parse(terminal.run({"chat", "--json", "Who are you?"}).out);
    CHECK(answer["text"] == kSay);
    CHECK(answer["finishReason"] == "stop");

    const auto file = terminal.home->write("add.py", kAdd);
    const Ran complete = terminal.run({"complete", file.string() + ":2:5"});
    CHECK(complete.code == 0);
    CHECK(complete.out == "return left + right\n");

    const Ran models = terminal.run({"models"});
    CHECK(models.code == 0);
    CHECK(models.out == "local/tiny  (chat, completion, edit, embedding)\n");

    const Json checks = Json::parse(terminal.run({"doctor", "--json"}).out)["checks"];
    for (const char* wanted : {"connection", "key", "models", "route chat", "route llamacpp-infill"}) {
        CAPTURE(wanted);
        CHECK(std::any_of(checks.begin(), checks.end(), [&](const Json& check) {
            return check["check"] == wanted && check["ok"] == true;
        }));
    }
}

TEST_CASE("the doctor names what is wrong with a real server, and the setting to change") {
    ModelServer server{{.key = "sk-llama-right"}};
    const Json key{{"env", "LLAMA_KEY"}};
    const Terminal wrong{config_for(server.base_url(), with_provider({{"key", key}})),
                         {{"LLAMA_KEY", "sk-llama-wrong"}}};
    const Ran refused = wrong.run({"doctor"});
    CHECK(refused.code != 0);
    CHECK_THAT(refused.out, ContainsSubstring("FAIL route chat"));
    CHECK_THAT(refused.out + refused.err, !ContainsSubstring("sk-llama-wrong"));
    const Terminal right{config_for(server.base_url(), with_provider({{"key", key}})),
                         {{"LLAMA_KEY", "sk-llama-right"}}};
    CHECK(right.run({"doctor"}).code == 0);

    server.kill();
    const Ran gone = right.run({"doctor"});
    CHECK(gone.code != 0);
    CHECK_THAT(gone.out, ContainsSubstring("FAIL connection") && ContainsSubstring("baseUrl"));
}
