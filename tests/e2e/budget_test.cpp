// Budgets: the real binary counts what a day costs, pauses what nobody asked for, and asks before the rest.
#include "tests/e2e/shell.h"

#include <catch2/catch_all.hpp>

#include <algorithm>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

constexpr int kRequestFailed = -32803;
constexpr int kInvoked = 1, kAutomatic = 2;
/// Per million tokens: a question of 100 and 10 tokens costs 0.12.
const Json kPriced = {
    {"providers",
     {{"gw",
       {{"models", {{"gpt-4o", {{"price", {{"input", 1000}, {"output", 2000}, {"currency", "USD"}}}}}}}}}}}};
const Json kTenCents = {{"budget", {{"perDay", {{"amount", 0.1}, {"currency", "USD"}}}}}};
const Json kCannotBeAsked = {{"capabilities", {{"window", {{"showMessage", nullptr}}}}}};

/// Daemons and commands of one person: one gateway, one database.
struct Purse {
    explicit Purse(Json limits) : changes(std::move(limits)) {}

    Gateway gateway{"openai"};
    TempDir data{};
    Json changes;

    Json config() const {
        Json out = config_for(gateway);
        out.merge_patch(kPriced);
        out.merge_patch(changes);
        return out;
    }
    std::map<std::string, std::string> environment() const {
        return {{"XDG_DATA_HOME", data.path().string()}, {"GATEWAY_KEY", gateway.key()}};
    }
    std::unique_ptr<TestEditor> start(const Json& initialize = Json::object()) const {
        EditorOptions options;
        options.config = config();
        options.environment = environment();
        auto editor = std::make_unique<TestEditor>(std::move(options));
        Json params = {{"workspaceFolders", {{{"uri", editor->uri("work")}, {"name", "work"}}}}};
        params.update(initialize);
        editor->initialize(params);
        editor->open(editor->uri("work/a.cpp"), "cpp", "int x = \n");
        return editor;
    }
    int ask(TestEditor& editor, const std::string& prompt = "Why?") {
        gateway.answer(Script::answer("Because.").usage({.input = 100, .output = 10}));
        return editor.chat(prompt);
    }
    /// Completion at the end of the open line.
    Json complete(TestEditor& editor, int kind) {
        return editor.result(editor.inline_completion(editor.uri("work/a.cpp"), 0, 8, kind))["items"];
    }
    std::size_t requests() const { return gateway.journal().requests.size(); }
    Shell::Ran run(std::vector<std::string> arguments) const {
        Command command{
            {.arguments = std::move(arguments), .config = config(), .environment = environment()}};
        command.close_input();
        const int code = command.exit_code();
        return {code, command.out(), command.err()};
    }
};

void answer_with(TestEditor& editor, const std::string& title) {
    editor.on_request("window/showMessageRequest", [title](const Json&) { return Json{{"title", title}}; });
}

Json wait_for_question(TestEditor& editor) {
    return editor.message(
        [](const Json& message) { return message.value("method", "") == "window/showMessageRequest"; },
        "a question")["params"];
}

std::vector<std::string> titles(const Json& question) {
    std::vector<std::string> out;
    for (const Json& action : question["actions"]) out.push_back(action["title"]);
    return out;
}

Json limited_status(TestEditor& editor) {
    return editor.notification("dragoman/status",
                               [](const Json& status) { return status["state"] == "limited"; });
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("at the limit automatic completion pauses, and status and trail say why and until when") {
    Purse purse{kTenCents};
    const auto editor = purse.start();
    editor->result(purse.ask(*editor));
    const Json status = limited_status(*editor);
    CHECK_THAT(status["message"].get<std::string>(), StartsWith("today's budget of 0.1 USD is spent"));
    CHECK(status["limitedUntil"].is_string());
    CHECK(status["error"]["kind"] == "overBudget");
    CHECK(status["budgets"][0]["setting"] == "budget");
    CHECK(status["budgets"][0]["perDay"]["spent"].get<double>() == Catch::Approx(0.12));
    CHECK(status["budgets"][0]["perDay"]["left"] == 0);
    CHECK(status["budgets"][0]["until"] == status["limitedUntil"]);

    const auto before = purse.requests();
    CHECK(purse.complete(*editor, kAutomatic).empty());
    CHECK(purse.requests() == before);
    const Json steps = editor->call("dragoman/trail", {{"limit", 1}})["entries"][0]["steps"];
    CHECK(std::any_of(steps.begin(), steps.end(), [](const Json& one) { return one["step"] == "budget"; }));
    editor->quit();
}

TEST_CASE("who asks for a completion by the key is offered to lift the limit, once") {
    Purse purse{kTenCents};
    const auto editor = purse.start();
    editor->result(purse.ask(*editor));
    answer_with(*editor, "Allow for today");
    const auto before = purse.requests();
    CHECK(purse.complete(*editor, kInvoked).empty());
    CHECK(purse.requests() == before);
    CHECK(titles(wait_for_question(*editor)) == Lines{"Allow for today", "Not now"});
    purse.gateway.answer(Script::answer("4;"));
    for (int i = 0; i < 200 && purse.complete(*editor, kInvoked).empty(); ++i) {
    }
    CHECK(purse.requests() == before + 1);
    editor->quit();
}

TEST_CASE("chat asks first: not now sends nothing, send anyway this question, allow for today all of them") {
    Purse purse{kTenCents};
    const auto editor = purse.start();
    editor->result(purse.ask(*editor));
    const auto before = purse.requests();

    answer_with(*editor, "Not now");
    const Json error = editor->error(editor->chat("And?"));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == "overBudget");
    CHECK_THAT(error["data"]["hint"].get<std::string>(), ContainsSubstring("raise budget in"));
    CHECK(error["data"]["retryAfterMs"].is_number());
    const Json question = wait_for_question(*editor);
    CHECK(titles(question) == Lines{"Send anyway", "Allow for today", "Not now"});
    CHECK_THAT(question["message"].get<std::string>(),
               ContainsSubstring("today's budget of 0.1 USD is spent"));
    CHECK(purse.requests() == before);

    answer_with(*editor, "Send anyway");
    CHECK(editor->result(purse.ask(*editor))["text"] == "Because.");
    wait_for_question(*editor);
    CHECK(purse.complete(*editor, kAutomatic).empty());  // that was for one question

    answer_with(*editor, "Allow for today");
    CHECK(editor->result(purse.ask(*editor))["text"] == "Because.");
    wait_for_question(*editor);
    CHECK(editor->result(purse.ask(*editor))["text"] == "Because.");
    purse.gateway.answer(Script::answer("4;"));
    CHECK(purse.complete(*editor, kAutomatic).size() == 1);
    editor->quit();
}

TEST_CASE("a question that waits for its answer can be cancelled, and an editor that cannot ask refuses") {
    Purse purse{kTenCents};
    auto editor = purse.start();
    editor->result(purse.ask(*editor));
    const auto before = purse.requests();
    editor->ignore_requests("window/showMessageRequest");
    const int waiting = editor->chat("And?");
    wait_for_question(*editor);
    editor->cancel(waiting);
    CHECK(editor->error(waiting)["code"] == -32800);
    editor->quit();

    editor = purse.start(kCannotBeAsked);
    CHECK(editor->error(editor->chat("And?"))["data"]["kind"] == "overBudget");
    CHECK(purse.complete(*editor, kInvoked).empty());
    const Json told = editor->notification("window/showMessage");
    CHECK_THAT(told["message"].get<std::string>(), ContainsSubstring("raise budget in"));
    CHECK(purse.requests() == before);
    editor->quit();
}

TEST_CASE("two windows share one budget, and what was allowed for today") {
    Purse purse{{{"budget", {{"perDay", {{"amount", 0.2}, {"currency", "USD"}}}}}}};
    const auto one = purse.start(), two = purse.start();
    one->result(purse.ask(*one));
    one->result(purse.ask(*one));
    one->quit();  // what it spent is written now
    const Json budget = two->call("dragoman/usage")["budgets"][0];
    CHECK(budget["perDay"]["spent"].get<double>() == Catch::Approx(0.24));
    CHECK(budget["reached"] == true);
    answer_with(*two, "Allow for today");
    CHECK(two->result(purse.ask(*two))["text"] == "Because.");
    wait_for_question(*two);
    two->quit();

    const auto three = purse.start();
    CHECK(three->result(purse.ask(*three))["text"] == "Because.");
    const auto heard = three->received();
    CHECK(std::none_of(heard.begin(), heard.end(), [](const Json& message) {
        return message.value("method", "") == "window/showMessageRequest";
    }));
    CHECK(three->call("dragoman/usage")["budgets"][0]["allowed"] == true);
    three->quit();
}

TEST_CASE("a cancelled call counts by a guess, apart from what the gateway counted") {
    Purse purse{{{"budget", {{"perDayTokens", 1'000'000}}}}};
    const auto editor = purse.start();
    purse.gateway.answer(Script{}.text("half an answer").hold().finish());
    const int id = editor->chat("Cancelled?", "t");
    editor->progress_until("t", is_text);
    editor->cancel(id);
    editor->error(id);
    const Json usage = editor->call("dragoman/usage");
    REQUIRE(usage["rows"].size() == 1);
    CHECK(usage["rows"][0]["unmetered"] == 1);
    CHECK(usage["rows"][0]["inputTokens"] == 0);
    CHECK(usage["budgets"][0]["perDayTokens"]["spent"] > 5);
    CHECK(usage["budgets"][0]["reached"] == false);
    purse.gateway.release();
    editor->quit();
    CHECK_THAT(purse.run({"usage"}).out, ContainsSubstring("of 1000000 tokens used today"));
}

TEST_CASE("a database that cannot be read is no licence: completion pauses, chat asks") {
    Purse purse{kTenCents};
    purse.data.write("dragoman", "a file in the place of the folder");
    const auto editor = purse.start();
    CHECK(purse.complete(*editor, kAutomatic).empty());
    const Json status = limited_status(*editor);
    CHECK_THAT(status["message"].get<std::string>(), ContainsSubstring("cannot be checked"));
    CHECK_FALSE(status.contains("limitedUntil"));
    answer_with(*editor, "Not now");
    CHECK(editor->error(editor->chat("Hello?"))["data"]["kind"] == "overBudget");
    CHECK(purse.requests() == 0);
    answer_with(*editor, "Send anyway");
    CHECK(editor->result(purse.ask(*editor))["text"] == "Because.");
    editor->quit();
}

TEST_CASE("a budget that is raised while the editor is open holds at once") {
    Purse purse{kTenCents};
    const auto editor = purse.start();
    editor->result(purse.ask(*editor));
    limited_status(*editor);
    purse.changes = {{"budget", {{"perDay", {{"amount", 7}, {"currency", "USD"}}}}}};
    editor->write_config(purse.config());
    purse.gateway.answer(Script::answer("4;"));
    CHECK(purse.complete(*editor, kAutomatic).size() == 1);
    editor->quit();
}

TEST_CASE("commands refuse beyond a budget without a terminal and name the flag that sends all the same") {
    Purse purse{kTenCents};
    purse.gateway.answer(Script::answer("Because.").usage({.input = 100, .output = 10}));
    CHECK(purse.run({"chat", "Why?"}).code == 0);
    const auto before = purse.requests();
    auto ran = purse.run({"chat", "Why?"});
    CHECK(ran.code == 1);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err,
               ContainsSubstring("today's budget of 0.1 USD is spent") && ContainsSubstring("--over-budget"));
    CHECK(purse.run({"chat", "--json", "Why?"}).json()["error"]["kind"] == "overBudget");
    CHECK(purse.requests() == before);
    purse.gateway.answer(Script::answer("Because.").usage({.input = 100, .output = 10}));
    ran = purse.run({"chat", "--over-budget", "Why?"});
    CHECK(ran.code == 0);
    CHECK(ran.out == "Because.\n");

    ran = purse.run({"usage"});
    CHECK_THAT(ran.out, ContainsSubstring("budget reached: 0.24 USD of 0.1 USD used today"));
    const Json budget = purse.run({"usage", "--json"}).json()["budgets"][0];
    CHECK(budget["reached"] == true);
    CHECK(budget["perDay"]["left"] == 0);
    CHECK_THAT(purse.run({"doctor"}).out,
               ContainsSubstring("is spent: 0.24 USD used\n       change: budget\n"));
    ran = purse.run({"doctor", "--over-budget"});
    CHECK_THAT(ran.out, ContainsSubstring("note budget: 0.24 USD of 0.1 USD used today"));
}

TEST_CASE("a price that is not known is said once, and by the doctor; a limit of tokens counts it") {
    Purse purse{{{"budget", {{"perDay", {{"amount", 1}, {"currency", "EUR"}}}, {"perDayTokens", 110}}}}};
    const auto editor = purse.start();
    editor->result(purse.ask(*editor));
    const auto told = editor->notification("window/showMessage")["message"].get<std::string>();
    CHECK_THAT(told, ContainsSubstring("does not count gw/gpt-4o") && ContainsSubstring("USD"));
    limited_status(*editor);
    CHECK(editor->call("dragoman/usage")["budgets"][0]["uncountedTokens"] == 110);
    editor->quit();
    CHECK_THAT(purse.run({"doctor", "--over-budget"}).out,
               ContainsSubstring("gw/gpt-4o has no price in EUR, so its cost is not counted"));
}
