// Models, balance, embeddings, keys, status and configuration through the real binary: protocol section 8.
#include "tests/e2e/setup.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int kRequestFailed = -32803;

bool has_model(const Json& models, const std::string& id) {
    return std::any_of(models.begin(), models.end(), [&](const Json& model) { return model["id"] == id; });
}

/// Every file below `folder`, one after the other.
std::string all_files(const std::filesystem::path& folder) {
    std::string out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in{entry.path(), std::ios::binary};
        out.append(std::istreambuf_iterator<char>{in}, {});
    }
    return out;
}

}  // namespace

TEST_CASE("models come from the gateway and from the configuration, and one failure hides nothing") {
    Gateway working{"opencodex"}, broken{"opencodex"};
    broken.answer_when(Gateway::to("GET", "/models"), Script::refuse("opencodex", "500"));
    EditorOptions options = options_for(working);
    options.config["providers"]["bad"] = provider(broken);
    options.config["providers"]["gw"]["models"]["private-model"] = {{"contextLength", 4096}};
    TestEditor editor{options};
    editor.initialize();
    const Json result = editor.call("dragoman/models", {{"refresh", true}});
    CHECK(has_model(result["models"], "gw/gpt-4o"));
    CHECK(has_model(result["models"], "gw/private-model"));
    CHECK(result["selected"]["chat"] == "gw/deepseek-chat");
    REQUIRE(result["errors"].size() == 1);
    CHECK(result["errors"][0]["provider"] == "bad");
    CHECK(result["errors"][0]["kind"] == "upstreamUnavailable");
    editor.quit();
}

TEST_CASE("the balance is told as the gateway counts it") {
    Session s;
    const Json result = s.editor.call("dragoman/balance", {{"provider", "gw"}});
    REQUIRE(result["balances"].size() == 1);
    CHECK(result["balances"][0]["provider"] == "gw");
    CHECK(Json(result["balances"][0]["amount"]).dump().find("482.5") != std::string::npos);
    CHECK(result["balances"][0]["raw"] == Json{{"balance", 482.5}});
    s.editor.quit();
}

TEST_CASE("a balance that cannot be had is an error of its provider") {
    Session s;
    s.gateway.answer_when(Gateway::to("GET", "/balance"), Script::refuse("opencodex", "401"));
    const Json result = s.editor.call("dragoman/balance");
    CHECK(result["balances"].empty());
    REQUIRE(result["errors"].size() == 1);
    CHECK(result["errors"][0]["kind"] == "unauthorized");
}

TEST_CASE("embeddings come in the order of the input") {
    Session s{"generic", {{"embedding", {{"model", "gw/text-embedding-3-small"}}}}};
    const Json both = s.editor.call("dragoman/embed", {{"input", {"one", "two"}}});
    const Json turned = s.editor.call("dragoman/embed", {{"input", {"two", "one"}}});
    REQUIRE(both["vectors"].size() == 2);
    CHECK(both["vectors"][0] == turned["vectors"][1]);
    CHECK(both["vectors"][1] == turned["vectors"][0]);
    CHECK(both["vectors"][0] != both["vectors"][1]);
    CHECK(both["model"] == "gw/text-embedding-3-small");
    CHECK_FALSE(s.gateway.request(0).json.contains("encoding_format"));
    s.editor.quit();
}

TEST_CASE("embeddings without a model are notConfigured") {
    Session s;
    const Json error = s.editor.error(s.editor.request("dragoman/embed", {{"input", {"one", "two"}}}));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == "notConfigured");
}

TEST_CASE("a key from the editor wins over the configured one until it is taken back") {
    Session s;
    s.editor.call("dragoman/key/set", {{"provider", "gw"}, {"key", "sk-live-from-the-editor"}});
    s.editor.result(s.editor.chat("Hello?"));
    CHECK(s.gateway.request(0).header("Authorization") == "Bearer sk-live-from-the-editor");
    s.editor.call("dragoman/key/set", {{"provider", "gw"}, {"key", nullptr}});
    s.editor.result(s.editor.chat("Hello?"));
    CHECK(s.gateway.request(1).header("Authorization") == "Bearer " + s.gateway.key());
    s.editor.quit();
}

TEST_CASE("the state of a key is told, the key never") {
    Session s;
    const Json body{{"error", "Incorrect API key provided: " + s.gateway.key()}};
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script::json(401, body));
    const Json error = s.editor.error(s.editor.chat("Hello?", "t"));
    CHECK(error["data"]["kind"] == "unauthorized");
    const Json status = s.editor.call("dragoman/key/status");
    REQUIRE(status["providers"].size() >= 1);
    CHECK(status["providers"][0]["present"] == true);
    CHECK(status["providers"][0]["fingerprint"].get<std::string>().size() == 8);
    s.editor.call("dragoman/config");
    s.editor.quit();
    for (const Json& message : s.editor.received())
        CHECK_THAT(message.dump(), !ContainsSubstring(s.gateway.key()));
    CHECK_THAT(s.editor.stderr_text(), !ContainsSubstring(s.gateway.key()));
    CHECK_THAT(all_files(s.editor.home().path()), !ContainsSubstring(s.gateway.key()));
}

TEST_CASE("the configuration is told with its sources and problems") {
    Session s{"opencodex", {{"complition", {{"model", "x"}}}}};
    const Json result = s.editor.call("dragoman/config");
    CHECK(result["effective"]["chat"]["model"] == "gw/deepseek-chat");
    CHECK_FALSE(result["sources"].empty());
    REQUIRE(result["problems"].size() == 1);
    CHECK_THAT(result["problems"][0]["path"].get<std::string>(), Catch::Matchers::EndsWith("config.json"));
    CHECK_THAT(result["problems"][0]["message"].get<std::string>(),
               ContainsSubstring("complition") && ContainsSubstring("completion"));
    CHECK(result["problems"][0]["line"].get<int>() > 1);
    const Json published = s.editor.notification("textDocument/publishDiagnostics");
    CHECK_FALSE(published["diagnostics"].empty());
    s.editor.quit();
}

TEST_CASE("the editor's settings win over the user's file, when they come and when they change") {
    const Json gpt{{"chat", {{"model", "gw/gpt-4o"}}}};
    Gateway gateway;
    TestEditor editor{options_for(gateway)};
    editor.initialize({{"initializationOptions", gpt}});
    CHECK(editor.call("dragoman/config")["effective"]["chat"]["model"] == "gw/gpt-4o");
    SECTION("pushed") {
        editor.notify("workspace/didChangeConfiguration",
                      {{"settings", {{"dragoman", {{"chat", {{"model", "gw/claude-3-sonnet"}}}}}}}});
        CHECK(editor.call("dragoman/config")["effective"]["chat"]["model"] == "gw/claude-3-sonnet");
    }
    SECTION("pulled") {
        editor.on_request("workspace/configuration", [](const Json&) {
            return Json::array({{{"chat", {{"model", "gw/claude-3-sonnet"}}}}});
        });
        editor.notify("workspace/didChangeConfiguration", {{"settings", nullptr}});
        static_cast<void>(editor.message(
            [](const Json& message) { return message.value("method", "") == "workspace/configuration"; },
            "workspace/configuration"));
        // The answer is on its way; a request that follows it sees it.
        std::string model;
        for (int i = 0; i < 1000 && model != "gw/claude-3-sonnet"; ++i)
            model = editor.call("dragoman/config")["effective"]["chat"]["model"];
        CHECK(model == "gw/claude-3-sonnet");
    }
    editor.quit();
}

TEST_CASE("the status follows what runs") {
    Session s;
    s.gateway.answer(Script{}.text("a").hold().finish());
    const int id = s.editor.chat("Hello?", "t");
    const Json busy =
        s.editor.notification("dragoman/status", [](const Json& p) { return p["state"] == "busy"; });
    CHECK(busy["inFlight"] == 1);
    s.gateway.wait_held();
    s.gateway.release();
    s.editor.result(id);
    const Json idle = s.editor.notification(
        "dragoman/status", [](const Json& p) { return p["state"] == "idle" && p["inFlight"] == 0; });
    CHECK(idle["chat"]["model"] == "gw/deepseek-chat");
    s.editor.quit();
}
