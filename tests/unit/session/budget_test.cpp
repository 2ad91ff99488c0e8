// Budgets in a session: what is asked, what the status says, and what is never asked twice.
#include "tests/unit/session/bench.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::test;

namespace {

/// A session with a limit of ten tokens a day, wired as the daemon is. No disk: what is asked here counts.
struct Limited {
    SessionBench bench{};

    explicit Limited(const std::string& record = "false") {
        bench.files.disk.write(SessionBench::kUserFile,
                               R"({"providers": {"gw": {"preset": "openai-compatible",
            "baseUrl": "http://127.0.0.1:9/v1", "key": "none"}}, "chat": {"model": "gw/m"},
            "completion": {"model": "gw/m", "debounceMs": 0}, "privacy": {"recordUsage": )" +
                                   record + R"(},
            "budget": {"perDayTokens": 10}})");
        bench.gateway.on_receipt([this](const gateway::Receipt& receipt) {
            bench.ledger.add(receipt);
            bench.book.add(receipt);
        });
        bench.gateway.guard_with(bench.book);
        bench.request("init", "initialize",
                      {{"capabilities", {{"window", {{"showMessage", Json::object()}}}}}});
        bench.notify("initialized");
        turn();
    }
    /// Lets the loop and the disk do what waits.
    void turn() {
        for (int i = 0; i < 10; ++i) {
            bench.clock.settle();
            bench.disk.work_off();
        }
    }
    std::vector<Json> hear() {
        turn();
        return bench.sent();
    }
};

std::vector<Json> of_method(const std::vector<Json>& messages, const std::string& method) {
    std::vector<Json> out;
    for (const Json& one : messages)
        if (one.value("method", "") == method) out.push_back(one);
    return out;
}

}  // namespace

TEST_CASE("spending that nobody can count pauses completion and is in the first status") {
    Limited limited;
    const auto statuses = of_method(limited.hear(), "dragoman/status");
    REQUIRE_FALSE(statuses.empty());
    const Json status = statuses.back()["params"];
    CHECK(status["state"] == "limited");
    CHECK(status["error"]["kind"] == "overBudget");
    CHECK(status["budgets"][0].contains("trouble"));
    CHECK_FALSE(status["budgets"][0]["perDayTokens"].contains("spent"));
}

TEST_CASE("the status tells of the budgets of every workspace folder, and of those below that are asked in") {
    SessionBench bench;
    const auto write = [&](const Json& limits) {
        Json projects = Json::object();
        for (const auto& [folder, tokens] : limits.items())
            projects[folder] = {{"budget", {{"perDayTokens", tokens}}}};
        bench.files.disk.write(SessionBench::kUserFile,
                               dump_json({{"projects", projects}, {"budget", {{"perDayTokens", 1}}}}));
    };
    const auto limits = [&] {
        for (int i = 0; i < 10; ++i) {
            bench.clock.settle();
            bench.disk.work_off();
        }
        std::map<std::string, std::int64_t> out;
        const auto statuses = of_method(bench.sent(), "dragoman/status");
        if (statuses.empty()) return out;
        for (const Json& one : statuses.back()["params"].value("budgets", Json::array()))
            out[one.value("folder", "")] = one["perDayTokens"]["limit"].get<std::int64_t>();
        return out;
    };
    using Limits = std::map<std::string, std::int64_t>;
    write({{"/w/one", 10}, {"/w/two", 20}, {"/w/two/inner", 30}, {"/elsewhere", 40}});
    bench.request(
        "init", "initialize",
        {{"capabilities", Json::object()},
         {"workspaceFolders",
          {{{"uri", "file:///w/one"}, {"name", "one"}}, {{"uri", "file:///w/two"}, {"name", "two"}}}}});
    bench.notify("initialized");
    CHECK(limits() == Limits{{"", 1}, {"/w/one", 10}, {"/w/two", 20}});

    const auto open = [&](const std::string& uri) {
        bench.notify("textDocument/didOpen",
                     {{"textDocument", {{"uri", uri}, {"languageId", "c"}, {"version", 1}, {"text", ""}}}});
    };
    open("file:///w/two/inner/a.c");
    CHECK(limits() == Limits{{"", 1}, {"/w/one", 10}, {"/w/two", 20}, {"/w/two/inner", 30}});

    write({{"/w/one", 10}, {"/w/two", 21}, {"/w/two/inner", 31}});
    open("file:///w/one/b.c");
    CHECK(limits() == Limits{{"", 1}, {"/w/one", 10}, {"/w/two", 21}, {"/w/two/inner", 31}});

    bench.notify(
        "workspace/didChangeWorkspaceFolders",
        {{"event", {{"removed", {{{"uri", "file:///w/two"}, {"name", "two"}}}}, {"added", Json::array()}}}});
    CHECK(limits() == Limits{{"", 1}, {"/w/one", 10}});
}

TEST_CASE("the question offers three answers, and what comes back decides about the request") {
    const auto [title, sends] = GENERATE(table<std::string, bool>(
        {{"Send anyway", true}, {"Allow for today", true}, {"Not now", false}, {"", false}}));
    Limited limited;
    static_cast<void>(limited.hear());
    limited.bench.request(1, "dragoman/chat/send", {{"prompt", "Hello?"}});
    const auto questions = of_method(limited.hear(), "window/showMessageRequest");
    REQUIRE(questions.size() == 1);
    CHECK(questions[0]["params"]["actions"].size() == 3);
    CHECK(limited.bench.http.count() == 0);
    limited.bench.receive({{"jsonrpc", "2.0"},
                           {"id", questions[0]["id"]},
                           {"result", title.empty() ? Json() : Json{{"title", title}}}});
    const auto after = limited.hear();
    CHECK((limited.bench.http.count() == 1) == sends);
    const auto answered = std::any_of(after.begin(), after.end(), [](const Json& one) {
        return !one.contains("method") && one["id"] == 1 && one["error"]["data"]["kind"] == "overBudget";
    });
    CHECK(answered != sends);
}

TEST_CASE("a session that ends leaves the book without questions") {
    auto limited = std::make_unique<Limited>();
    static_cast<void>(limited->hear());
    limited->bench.request(1, "dragoman/chat/send", {{"prompt", "Hello?"}});
    limited->turn();
    limited->bench.session.input_ended(true);
    limited->turn();
    CHECK(limited->bench.http.count() == 0);
    limited.reset();
}
