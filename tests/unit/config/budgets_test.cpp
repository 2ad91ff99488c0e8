// Budgets: whose word counts, how scopes stand beside each other, and what an unreadable one means.
#include "server/config/budgets.h"

#include "tests/support/temp_dir.h"
#include "tests/unit/config/bench.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

namespace {

/// "budget: 5 USD, 2000000 tokens"; what stands in the way of reading it as "!".
std::string line(const config::Budget& one) {
    std::string out = one.setting + ":";
    if (one.amount) out += " " + std::to_string(*one.amount).substr(0, 3) + " " + one.currency;
    if (one.tokens) out += " " + std::to_string(*one.tokens) + " tokens";
    return out + (one.fault.empty() ? "" : " !");
}
Lines lines(const std::shared_ptr<const config::Effective>& effective) {
    Lines out;
    for (const auto& one : effective->budgets) out.push_back(line(one));
    return out;
}

/// A provider that a budget may stand at.
std::string with_work(const std::string& budget) {
    return R"({"providers": {"work": {"preset": "openai-compatible", "baseUrl": "https://w.example/v1",
        "key": "none", "budget": )" +
           budget + "}}}";
}

}  // namespace

TEST_CASE("a budget stands at the top, at a provider or at a folder, each for itself") {
    Bench bench;
    CHECK(lines(bench.with_user("{}")).empty());
    CHECK(lines(bench.with_user(R"({"budget": {"perDay": {"amount": 5}, "perDayTokens": 100}})")) ==
          Lines{"budget: 5.0 USD 100 tokens"});
    CHECK(lines(bench.with_user(with_work(R"({"perDay": {"amount": 1, "currency": "CNY"}})"))) ==
          Lines{"providers.work.budget: 1.0 CNY"});
    const auto both = bench.with_user(R"({"budget": {"perDay": {"amount": 5}},
        "projects": {"~/src/app/": {"budget": {"perDay": {"amount": 9}}, "providers": {"work": {"budget":
        {"perDayTokens": 7}}}}, "~/other": {"budget": {"perDayTokens": 1}}}})");
    REQUIRE(both->budgets.size() == 3);
    CHECK(both->budgets[0].folder.empty());
    CHECK(both->budgets[1].amount == 9);
    CHECK(both->budgets[1].folder == "/home/u/src/app");
    CHECK(both->budgets[2].provider == "work");
    CHECK(both->budgets[2].folder == "/home/u/src/app");
    std::set<std::string> ids;
    for (const auto& one : both->budgets) ids.insert(one.id());
    CHECK(ids.size() == 3);
}

TEST_CASE("a repository can neither set, raise, lift nor break a budget") {
    Bench bench;
    bench.with_user(R"({"budget": {"perDay": {"amount": 5}, "perDayTokens": 100}})");
    for (const char* text : {R"({"budget": {"perDay": {"amount": 500}}})", R"({"budget": null})",
                             R"({"budget": {"perDay": null, "perDayTokens": null}})", R"({"budget": 7})",
                             R"({"budget": {"perDay": {"amount": "x"}}})", R"({"budgett": {}})",
                             R"({"providers": {"work": {"budget": {"perDayTokens": 1}}}})",
                             R"({"projects": {"~/src/app": {"budget": {"perDayTokens": 1}}}})"}) {
        CAPTURE(text);
        CHECK(lines(bench.with_project(text)) == Lines{"budget: 5.0 USD 100 tokens"});
        CHECK_FALSE(bench.effective()->problems.empty());
    }
    bench.store.set_editor_settings(Json::parse(R"({"budget": {"perDay": {"amount": 500}}})"), false);
    CHECK(lines(bench.effective()) == Lines{"budget: 5.0 USD 100 tokens"});
    bench.store.set_editor_settings(Json::parse(R"({"budget": {"perDay": {"amount": 2}}})"), true);
    CHECK(lines(bench.effective()) == Lines{"budget: 2.0 USD 100 tokens"});
}

TEST_CASE("null takes back what lower layers said, for the part it names") {
    Bench bench;
    const auto below = [&](const std::string& settings) {
        return lines(bench.with_user(R"({"budget": {"perDay": {"amount": 5}, "perDayTokens": 100},
            "projects": {"~/src/app": )" +
                                     settings + "}}"));
    };
    CHECK(below(R"({"budget": null})").empty());
    CHECK(below(R"({"budget": {"perDay": null}})") == Lines{"budget: 100 tokens"});
    CHECK(below(R"({"budget": {"perDayTokens": null}})") == Lines{"budget: 5.0 USD"});
    const auto replaced = below(R"({"budget": {"perDayTokens": null, "perDay": {"amount": 1}}})");
    REQUIRE(replaced.size() == 2);
    CHECK(replaced[0] == "budget: 5.0 USD");
}

TEST_CASE("a budget that cannot be read is there, with the reason, and the rest of it counts") {
    Bench bench;
    for (const char* text :
         {R"({"budget": {"perDay": {"amount": "5"}}})", R"({"budget": {"perDay": 5}})", R"({"budget": 5})",
          R"({"budget": {"perDay": {"currency": "USD"}}})", R"({"budget": {"perDayTokens": -1}})",
          R"({"budget": {"amount": 0, "currency": "USD"}})", R"({"budget": {"limit": 0}})",
          R"({"budget": {"tokensPerDay": 0}})", R"({"budget": {"perMonth": {"amount": 5}}})",
          R"({"budget": {"perDay": {"limit": 5}}})", R"({"budget": {"perMonth": null}})",
          R"({"budget": {"perday": {"amount": 5}}})", R"({"buget": {"perDay": {"amount": 5}}})"}) {
        CAPTURE(text);
        CHECK(lines(bench.with_user(text)) == Lines{"budget: !"});
        CHECK_FALSE(bench.effective()->problems.empty());
    }
    CHECK(lines(bench.with_user(R"({"budget": {"perDay": {"amount": []}, "perDayTokens": 10}})")) ==
          Lines{"budget: 10 tokens !"});
    CHECK(lines(bench.with_user(R"({"budget": {"perDay": {"amount": 5, "upTo": 1}, "perMonth": 1}})")) ==
          Lines{"budget: 5.0 USD !"});
    CHECK(lines(bench.with_user(with_work(R"({"perDayTokens": true})"))) ==
          Lines{"providers.work.budget: !"});
    CHECK(lines(bench.with_user(R"({"projects": {"~/src/app": {"budget": {"perDay": 1}}}})")).size() == 1);
    CHECK(lines(bench.with_user("{}")).empty());
}

TEST_CASE("a higher layer mends the part that it says, and no other") {
    Bench bench;
    const auto laid = [&](const std::string& user, const std::string& editor) {
        bench.store.set_editor_settings(Json::parse(R"({"budget": )" + editor + "}"), true);
        return lines(bench.with_user(R"({"budget": )" + user + "}"));
    };
    const std::string money = R"({"perDay": "5 USD"})", tokens = R"({"perDayTokens": "many"})",
                      whole = R"({"limit": 5})";
    const std::string say_money = R"({"perDay": {"amount": 1}})", say_tokens = R"({"perDayTokens": 10})";
    CHECK(laid(money, say_tokens) == Lines{"budget: 10 tokens !"});
    CHECK(laid(money, say_money) == Lines{"budget: 1.0 USD"});
    CHECK(laid(tokens, say_money) == Lines{"budget: 1.0 USD !"});
    CHECK(laid(tokens, say_tokens) == Lines{"budget: 10 tokens"});
    CHECK(laid(whole, R"({"perDay": {"amount": 1}, "perDayTokens": 10})") ==
          Lines{"budget: 1.0 USD 10 tokens !"});
    CHECK(laid("7", say_money) == Lines{"budget: 1.0 USD !"});
    CHECK(laid(R"({"perDay": 5, "perDayTokens": []})", say_money) == Lines{"budget: 1.0 USD !"});
    CHECK(laid(money, R"({"perDay": null})").empty());
    CHECK(laid(money, R"({"perDayTokens": null})") == Lines{"budget: !"});
    CHECK(laid(whole, "null").empty());
    CHECK(laid(whole, "{}") == Lines{"budget: !"});
    CHECK(laid(R"({"perDay": {"amount": 5}})", money) == Lines{"budget: 5.0 USD !"});
}

TEST_CASE("what is spent is filed under the project, or the folder of a budget that is not around it") {
    Bench bench;
    CHECK(bench.with_user("{}")->account == "/home/u/src/app");
    const auto account = [&](const std::string& folder) {
        return bench.with_user(R"({"projects": {")" + folder + R"(": {"budget": {"perDayTokens": 1}}}})")
            ->account;
    };
    CHECK(account("~/src") == "/home/u/src/app");
    CHECK(account("~/src/app") == "/home/u/src/app");
    CHECK(account("~/other") == "/home/u/src/app");
    bench.with_user(R"({"projects": {"~/src/app/lib": {"budget": {"perDayTokens": 1}}}})");
    CHECK(bench.effective("/home/u/src/app/lib/a.c")->account == "/home/u/src/app/lib");
    CHECK(bench.effective("/home/u/src/app/main.c")->account == "/home/u/src/app");
    CHECK(config::lies_in("/src/app", "/src/app"));
    CHECK(config::lies_in("/src/app/x", "/src/app"));
    CHECK(config::lies_in("/src", "/"));
    CHECK_FALSE(config::lies_in("/src/application", "/src/app"));
    CHECK_FALSE(config::lies_in("/src", "/src/app"));
}

TEST_CASE("folders of budgets lie where their links lead, and are called as the user calls them") {
    TempDir home;
    fs::create_directories(home / "src/deep/app");
    fs::create_directories(home / "lnk");
    fs::create_directory_symlink(home / "src/deep/app", home / "lnk/app");
    fs::create_directory_symlink(home / "src/deep/app", home / "a");
    DiskFiles files;
    Paths paths;
    paths.home = home.path();
    paths.config_file = home / "config.json";
    config::Store store{files, paths, [](const std::string&) { return std::nullopt; }};
    const std::string inner = GENERATE("~/lnk/app", "~/a", "~/src/deep/app/");
    home.write("config.json", R"({"projects": {")" + inner + R"(": {"budget": {"perDayTokens": 300},
        "completion": {"maxTokens": 3}}, "~/src/deep": {"budget": {"perDayTokens": 1200},
        "completion": {"maxTokens": 12}}}})");
    const fs::path opened = home / GENERATE("lnk/app", "a", "src/deep/app");
    CAPTURE(inner, opened);
    store.set_folders({opened});
    const auto effective = store.effective(opened / "main.c");
    CHECK(effective->completion.max_tokens == 3);
    REQUIRE(effective->budgets.size() == 2);
    CHECK(effective->budgets[0].tokens == 1200);
    CHECK(effective->budgets[1].tokens == 300);
    CHECK(effective->account == home / "src/deep/app");
    for (const config::Budget& one : effective->budgets)
        CHECK(config::lies_in(effective->account, one.folder));
    const std::string spelled = inner.substr(2);
    CHECK(effective->budgets[1].named == home / (spelled.ends_with('/') ? "src/deep/app" : spelled));
    CHECK(effective->project == opened);
}

TEST_CASE("a folder that holds a project by a link in it files what is spent there") {
    TempDir home;
    fs::create_directories(home / "work");
    fs::create_directories(home / "disk/app");
    fs::create_directory_symlink(home / "disk/app", home / "work/app");
    DiskFiles files;
    Paths paths;
    paths.home = home.path();
    paths.config_file = home / "config.json";
    config::Store store{files, paths, [](const std::string&) { return std::nullopt; }};
    home.write("config.json", R"({"projects": {"~/work": {"budget": {"perDayTokens": 1}}}})");
    store.set_folders({home / "work/app"});
    CHECK(store.effective(home / "work/app/x.c")->account == home / "work");
}

TEST_CASE("the innermost folder is the deepest, however long its name") {
    const auto in = [](const char* folder) { return config::Budget{.folder = folder, .tokens = 1}; };
    CHECK(config::account_for("/x", {in("/a/b/c"), in("/a-long-name-of-a-folder")}) == "/a/b/c");
    CHECK(config::account_for("/a/b/c/d", {in("/a/b/c"), in("/a")}) == "/a/b/c/d");
    CHECK(config::account_for("/a/b", {}) == "/a/b");
}

TEST_CASE("a budget without a record is a warning") {
    Bench bench;
    const auto effective =
        bench.with_user(R"({"budget": {"perDayTokens": 1}, "privacy": {"recordUsage": false}})");
    CHECK(tells(effective->problems, "a budget counts only what this window has spent"));
    CHECK_FALSE(tells(bench.with_user(R"({"privacy": {"recordUsage": false}})")->problems, "budget"));
}
