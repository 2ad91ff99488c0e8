// `dragoman doctor` through the real binary: what it finds, and which setting it names.
#include "tests/e2e/shell.h"

#include <set>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

/// The finding of that check, or null.
Json finding(const Json& report, const std::string& check) {
    for (const Json& one : report["checks"])
        if (one["check"] == check) return one;
    return nullptr;
}

}  // namespace

TEST_CASE("the doctor finds a good gateway good, down to the first token") {
    const std::string dialect = GENERATE("opencodex", "open1", "openai", "llamacpp");
    CAPTURE(dialect);
    Shell s{dialect};
    const auto ran = s.run({"doctor", "--json"});
    CAPTURE(ran.out, ran.err);
    CHECK(ran.code == 0);
    const Json report = ran.json();
    for (const Json& one : report["checks"]) CHECK(one["ok"] == true);
    for (const char* check : {"address", "name", "connection", "key"})
        CHECK(finding(report, check)["ok"] == true);
    const char* route = dialect == "open1" ? "route responses" : "route chat";
    CHECK_THAT(finding(report, route)["detail"].get<std::string>(), ContainsSubstring(" ms"));
    const auto text = s.run({"doctor"});
    CHECK(text.code == 0);
    CHECK_THAT(text.out, StartsWith("gw\n  ok   address") && ContainsSubstring(route));
}

TEST_CASE("the doctor names the setting behind each fault, and stops where going on is pointless") {
    struct Row {
        const char* what;
        Json changes;  // of the provider
        const char* check;
        const char* setting;
        int code;
    };
    const Row row = GENERATE(values<Row>(
        {{"no such name", {{"baseUrl", "https://gateway.invalid/v1"}}, "name", "providers.gw.baseUrl", 1},
         {"nobody there", {{"baseUrl", "http://127.0.0.1:1/v1"}}, "connection", "providers.gw.baseUrl", 1},
         {"no key", {{"key", {{"env", "NO_SUCH_KEY"}}}}, "key", "providers.gw.key", 3},
         {"a dead proxy",
          {{"baseUrl", "https://gateway.invalid/v1"}, {"proxy", "http://127.0.0.1:1"}},
          "proxy",
          "providers.gw.proxy",
          1}}));
    CAPTURE(row.what);
    Shell s;
    s.config["providers"]["gw"].merge_patch(row.changes);
    const auto ran = s.run({"doctor", "--json"});
    CAPTURE(ran.out);
    CHECK(ran.code == row.code);
    const Json report = ran.json();
    const Json fault = report["checks"].back();
    CHECK(fault["ok"] == false);
    CHECK(fault["check"] == row.check);
    CHECK_THAT(fault["setting"].get<std::string>(), ContainsSubstring(row.setting));
    CHECK(finding(report, "models") == nullptr);
    CHECK_THAT(s.run({"doctor"}).out,
               ContainsSubstring("FAIL") && ContainsSubstring(std::string{"change: "} + row.setting));
}

TEST_CASE(
    "the doctor tells faults apart: the key, the model, the certificate, and a list that is only missing") {
    Shell s;
    SECTION("the key") {
        s.gateway.answer_when([](const HttpRequest&) { return true; }, Script::refuse("opencodex", "401"));
        const auto report = s.run({"doctor", "--json"});
        CHECK(report.code == 1);
        CHECK(finding(report.json(), "models")["setting"] == "providers.gw.key");
        CHECK(finding(report.json(), "route chat")["setting"] == "providers.gw.key");
    }
    SECTION("the model") {
        s.gateway.answer_when(
            Gateway::to("POST", "/chat/completions"),
            Script::json(
                404,
                {{"error", {{"message", "The model `x` does not exist"}, {"code", "model_not_found"}}}}));
        const auto report = s.run({"doctor", "--json"});
        CHECK(report.code == 1);
        CHECK(finding(report.json(), "route chat")["setting"] == "chat.model");
    }
    SECTION("the list") {
        s.gateway.answer_when(Gateway::to("GET", "/models"), Script::json(404, {{"error", "no such page"}}));
        const auto report = s.run({"doctor", "--json"});
        CHECK(report.code == 0);
        CHECK(finding(report.json(), "models")["ok"] == true);
        CHECK_THAT(s.run({"doctor"}).out, ContainsSubstring("note models"));
    }
    SECTION("the certificate") {
        // A server that speaks no TLS stands for every handshake that fails.
        s.config["providers"]["gw"]["baseUrl"] = "https" + s.gateway.base_url().substr(4);
        const auto report = s.run({"doctor", "--json"});
        CHECK(report.code == 1);
        CHECK(report.json()["checks"].back()["check"] == "tls");
        CHECK_THAT(report.json()["checks"].back()["setting"].get<std::string>(),
                   ContainsSubstring("providers.gw.caFile"));
    }
    SECTION("no model is known") {
        s.gateway.answer_when(Gateway::to("GET", "/models"), Script::json(404, {{"error", "no such page"}}));
        s.config["providers"]["gw"]["preset"] = "openai-compatible";
        s.config["chat"]["model"] = nullptr;
        s.config["completion"]["model"] = nullptr;
        const auto report = s.run({"doctor", "--json"});
        CHECK(report.code == 3);
        CHECK(report.json()["checks"].back()["setting"] == "chat.model");
    }
}

TEST_CASE("the doctor looks at every provider, also at those that may not be used") {
    Shell s;
    Gateway second{"opencodex"};
    s.config["providers"]["another"] = provider(second);
    s.config["providers"]["plain"] = {{"preset", "openai-compatible"},
                                      {"baseUrl", "http://gateway.example/v1"}};
    const auto ran = s.run({"doctor", "--json"});
    CHECK(ran.code == 3);
    std::set<std::string> seen;
    const Json report = ran.json();
    for (const Json& one : report["checks"]) seen.insert(one["provider"].get<std::string>());
    CHECK(seen == std::set<std::string>{"another", "gw", "plain"});
    CHECK(s.run({"doctor", "-p", "gw"}).code == 0);
    const auto one = s.run({"doctor", "-p", "plain", "--json"});
    CHECK(one.code == 3);
    CHECK_THAT(one.json()["checks"].back()["setting"].get<std::string>(), StartsWith("providers.plain"));
}
