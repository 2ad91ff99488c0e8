// What calls use and cost, from the gateway's count to the table in a terminal.
#include "tests/e2e/shell.h"

#include <catch2/catch_all.hpp>

#include <csignal>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

constexpr int kInvalidParams = -32602;
/// Per million tokens.
const Json kPriced = {
    {"providers",
     {{"gw",
       {{"models", {{"gpt-4o", {{"price", {{"input", 1000}, {"output", 2000}, {"currency", "USD"}}}}}}}}}}}};

/// Daemons and commands that share one folder for their data.
struct Books {
    Gateway gateway{"openai"};
    TempDir data{};

    Json config(const Json& changes = Json::object()) const {
        Json out = config_for(gateway);
        out["embedding"] = {{"model", "gw/text-embedding-3-small"}};
        out.merge_patch(kPriced);
        out.merge_patch(changes);
        return out;
    }
    std::map<std::string, std::string> environment() const {
        return {
            {"XDG_DATA_HOME", data.path().string()}, {"GATEWAY_KEY", gateway.key()}, {"TZ", "Asia/Shanghai"}};
    }
    std::unique_ptr<TestEditor> start(const Json& changes = Json::object()) const {
        EditorOptions options;
        options.config = config(changes);
        options.environment = environment();
        auto editor = std::make_unique<TestEditor>(std::move(options));
        editor->initialize({{"workspaceFolders", {{{"uri", editor->uri("work")}, {"name", "work"}}}}});
        return editor;
    }
    void ask(TestEditor& editor, const std::string& prompt) {
        gateway.answer(Script::answer("Because.").usage({.input = 100, .output = 10}));
        editor.result(editor.chat(prompt));
    }
    struct Ran {
        int code = 0;
        std::string out, err;
        Json json() const { return Json::parse(out); }
    };
    Ran run(std::vector<std::string> arguments) const {
        Command command{
            {.arguments = std::move(arguments), .config = config(), .environment = environment()}};
        command.close_input();
        const int code = command.exit_code();
        return {code, command.out(), command.err()};
    }
};

/// "key requests input+output", the key cut at its last slash.
std::vector<std::string> lines(const Json& rows) {
    std::vector<std::string> out;
    for (const Json& row : rows) {
        const auto key = row["key"].get<std::string>();
        out.push_back(key.substr(key.rfind('/') + 1) + " " + row["requests"].dump() + " " +
                      row["inputTokens"].dump() + "+" + row["outputTokens"].dump());
    }
    return out;
}

std::vector<std::string> rows(TestEditor& editor, const Json& params = Json::object()) {
    return lines(editor.call("dragoman/usage", params)["rows"]);
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("chat, completion, embedding, failure and cancel each leave a row") {
    Books books;
    const auto editor = books.start();
    CHECK(rows(*editor).empty());
    books.ask(*editor, "Why?");

    const std::string uri = editor->uri("work/a.cpp");
    editor->open(uri, "cpp", "int x = \n");
    books.gateway.answer(Script::answer("4;").usage({.input = 30, .output = 2}));
    editor->result(editor->inline_completion(uri, 0, 8));

    editor->call("dragoman/embed", {{"input", {"one"}}});

    books.gateway.answer(Script::refuse("openai", "500"));
    editor->error(editor->chat("Broken?"));

    books.gateway.answer(Script{}.text("half").hold().finish());
    const int id = editor->chat("Cancelled?", "t");
    editor->progress_until("t", is_text);
    editor->cancel(id);
    editor->error(id);

    const Json by_role = editor->call("dragoman/usage", {{"groupBy", "role"}})["rows"];
    REQUIRE(by_role.size() >= 3);
    const auto row = [&](const std::string& role, bool priced) {
        for (const Json& one : by_role)
            if (one["key"] == role && one.contains("cost") == priced) return one;
        return Json{};
    };
    CHECK(row("chat", true)["requests"] == 1);
    CHECK(row("chat", true)["cost"].get<double>() == Catch::Approx(0.12));
    CHECK(row("chat", true)["currency"] == "USD");
    CHECK(row("chat", false)["requests"] == 2);
    CHECK(row("chat", false)["unmetered"] == 2);
    CHECK(row("completion", true)["inputTokens"] == 30);
    CHECK(row("embedding", false)["requests"] == 1);
    CHECK(rows(*editor, {{"groupBy", "project"}}).at(0).rfind("work ", 0) == 0);
    books.gateway.release();
    editor->quit();
}

TEST_CASE("commit messages and the doctor's questions are counted as such") {
    Books books;
    CHECK(books.run({"doctor"}).code == 0);
    const auto editor = books.start();
    CHECK_THAT(rows(*editor, {{"groupBy", "role"}}).at(0), StartsWith("doctor "));
    editor->quit();
}

TEST_CASE("two daemons add up, across restarts, and a command sees both") {
    Books books;
    auto one = books.start(), two = books.start();
    books.ask(*one, "One?");
    books.ask(*two, "Two?");
    books.ask(*two, "Three?");
    one->quit();
    CHECK(rows(*two) == Lines{"gpt-4o 3 300+30"});
    two->quit();
    two = books.start();
    CHECK(rows(*two) == Lines{"gpt-4o 3 300+30"});
    two->quit();

    const auto table = books.run({"usage"});
    CHECK(table.code == 0);
    CHECK(table.out ==
          "model      requests  input  output        cost\n"
          "gw/gpt-4o         3    300      30  0.3600 USD\n"
          "total             3    300      30  0.3600 USD\n");
    const auto json = books.run({"usage", "--by", "role", "--json"});
    CHECK(json.code == 0);
    CHECK(json.json()["rows"][0]["key"] == "chat");
    CHECK(json.json()["totals"][0]["cost"].get<double>() == Catch::Approx(0.36));
    CHECK(json.json()["errors"].empty());
}

TEST_CASE("since is a moment or a day of this machine, and what it cannot be is named") {
    Books books;
    const auto editor = books.start();
    books.ask(*editor, "Why?");
    for (const char* past : {"2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000+08:00"})
        CHECK(rows(*editor, {{"since", past}}).size() == 1);
    CHECK(rows(*editor, {{"since", "2199-01-01"}}).empty());
    CHECK(rows(*editor, {{"since", nullptr}, {"groupBy", nullptr}}).size() == 1);
    CHECK(rows(*editor, {{"groupBy", "day"}}).at(0).size() == std::string{"2026-01-01 1 100+10"}.size());
    const auto refused = [&](const Json& params) {
        const Json error = editor->error(editor->request("dragoman/usage", params));
        CHECK(error["code"] == kInvalidParams);
        return error["message"].get<std::string>();
    };
    for (const Json& since :
         {Json("yesterday"), Json("2026-02-30"), Json("2026-1-1"), Json(0), Json::array(), Json("")})
        CHECK_THAT(refused({{"since", since}}), StartsWith("since must be"));
    for (const Json& group : {Json("week"), Json(1), Json("")})
        CHECK_THAT(refused({{"groupBy", group}}), StartsWith("groupBy must be"));
    editor->quit();

    for (const std::vector<std::string>& wrong :
         {std::vector<std::string>{"usage", "--by", "week"}, {"usage", "--since", "soon"}}) {
        const auto command = books.run(wrong);
        CHECK(command.code == 2);
        CHECK(command.out.empty());
        CHECK_THAT(command.err, ContainsSubstring(wrong[1] + " must be"));
    }
}

TEST_CASE("recordUsage false writes nothing, and is a project's own choice") {
    Books books;
    auto editor = books.start({{"privacy", {{"recordUsage", false}, {"keepConversations", false}}}});
    books.ask(*editor, "Why?");
    CHECK(rows(*editor).empty());
    editor->quit();
    CHECK_FALSE(std::filesystem::exists(books.data / "dragoman/dragoman.db"));
}

TEST_CASE("rows outlive an orderly end, also that of a closed pipe and of SIGTERM") {
    Books books;
    for (const int way : {0, 1, 2}) {
        const auto editor = books.start();
        books.ask(*editor, "Why?");
        if (way == 0) editor->quit();
        if (way == 1) editor->close_stdin();
        if (way == 2) editor->signal(SIGTERM);
        CHECK(editor->exit_code() >= 0);
    }
    const auto json = books.run({"usage", "--json"});
    CHECK(json.code == 0);
    CHECK(lines(json.json()["rows"]) == Lines{"gpt-4o 3 300+30"});
}

TEST_CASE("a disk that takes nothing costs rows and one message, and no answer") {
    Books books;
    books.data.write("dragoman", "a file in the place of the folder");
    const auto editor = books.start();
    books.ask(*editor, "Why?");
    books.ask(*editor, "And?");
    CHECK(rows(*editor) == Lines{"gpt-4o 2 200+20"});
    CHECK(rows(*editor) == Lines{"gpt-4o 2 200+20"});
    const auto received = editor->received();
    CHECK(std::count_if(received.begin(), received.end(), [](const Json& message) {
              return message.value("method", "") == "window/showMessage";
          }) == 1);
    editor->quit();
    std::filesystem::remove(books.data / "dragoman");
    std::filesystem::create_directories(books.data / "dragoman/dragoman.db");
    const auto table = books.run({"usage"});
    CHECK(table.code == 1);
    CHECK_THAT(table.err, ContainsSubstring("dragoman.db"));
}

TEST_CASE("the balance stands below the table, and its failure never hides it") {
    Shell s;  // its gateway tells no usage
    s.gateway.answer(Script::answer("Because."));
    CHECK(s.run({"chat", "Why?"}).code == 0);
    auto ran = s.run({"usage", "--by", "role"});
    CHECK(ran.code == 0);
    CHECK(ran.out ==
          "role   requests  input  output  cost\n"
          "chat          1      0       0     -\n"
          "total         1      0       0     -\n"
          "1 of these requests ended without a token count and count as zero\n"
          "left at gw: 482.5 credits\n");
    s.gateway.answer_when(Gateway::to("GET", "/balance"), Script::refuse("opencodex", "401"));
    ran = s.run({"usage"});
    CHECK(ran.code == 0);
    CHECK_THAT(ran.out, ContainsSubstring("total ") && !ContainsSubstring("left at"));
    CHECK_THAT(ran.err, ContainsSubstring("balance of gw"));
    const auto json = s.run({"usage", "--json"}).json();
    CHECK(json["rows"].size() == 1);
    CHECK(json["errors"][0]["provider"] == "gw");
    CHECK(json["errors"][0]["kind"] == "unauthorized");
    s.config = nullptr;
    CHECK_THAT(s.run({"usage"}).out, ContainsSubstring("total "));
}
