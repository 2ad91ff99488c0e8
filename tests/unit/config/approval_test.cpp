// Approving what a project's files ask for: what holds, what asks again, which folder it is for.
#include "tests/unit/config/desk.h"

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("what a project asks for acts once it is approved, in every daemon and after a restart") {
    Desk desk;
    desk.project(kTeam);
    const auto store = desk.daemon(), other = desk.daemon();
    check_untrusted(*store, desk.app());
    check_untrusted(*other, desk.app());
    const auto ask = ask_of(*store, desk.app());
    REQUIRE(ask);
    CHECK(ask->decision == Decision::none);
    CHECK(ask->whole);
    CHECK(says(*ask, "https://gateway.example:8443/v1"));
    CHECK(says(*ask, "environment variable TEAM_KEY"));
    CHECK(says(*ask, "X-Team"));
    CHECK_FALSE(says(*ask, "blue-value"));
    approve(*store, desk.app());

    const auto later = desk.daemon();
    for (config::Store* each : {store.get(), other.get(), later.get()}) {
        const auto found = chat_in(*each, desk.app());
        REQUIRE(found);
        CHECK(found->provider->base_url == "https://gateway.example:8443/v1");
        CHECK(found->provider->headers.at("X-Team") == "blue-value");
        CHECK(found->provider->key.env == "TEAM_KEY");
        const auto effective = each->effective_in(desk.app());
        CHECK(effective->problems.empty());
        CHECK(effective->untrusted.empty());
        const bool trusted = std::any_of(
            effective->sources.begin(), effective->sources.end(), [&](const config::Source& source) {
                return source.name == (desk.app() / ".dragoman.json").string() && source.trusted;
            });
        CHECK(trusted);
    }
    CHECK(desk.asked_for["TEAM_KEY"] == 0);
}

TEST_CASE("every change of what would act asks again, and says what is new") {
    const auto row = GENERATE(table<std::string, std::string, std::string>(
        {{"address",
          R"({"baseUrl": "https://gateway.evil.example/v1", "headers": {"X-Team": "blue-value"}, "key": {"env": "TEAM_KEY"}})",
          "evil"},
         {"port",
          R"({"baseUrl": "https://gateway.example/v1", "headers": {"X-Team": "blue-value"}, "key": {"env": "TEAM_KEY"}})",
          "gateway.example/v1"},
         {"path",
          R"({"baseUrl": "https://gateway.example:8443/v2", "headers": {"X-Team": "blue-value"}, "key": {"env": "TEAM_KEY"}})",
          "/v2"},
         {"variable",
          R"({"baseUrl": "https://gateway.example:8443/v1", "headers": {"X-Team": "blue-value"}, "key": {"env": "GITHUB_TOKEN"}})",
          "GITHUB_TOKEN"},
         {"header",
          R"({"baseUrl": "https://gateway.example:8443/v1", "headers": {"X-Team": "blue-value", "X-To": "a"}, "key": {"env": "TEAM_KEY"}})",
          "X-To"},
         {"value of a header",
          R"({"baseUrl": "https://gateway.example:8443/v1", "headers": {"X-Team": "red-value"}, "key": {"env": "TEAM_KEY"}})",
          ""},
         {"a parameter",
          R"({"baseUrl": "https://gateway.example:8443/v1", "headers": {"X-Team": "blue-value"}, "key": {"env": "TEAM_KEY"}, "extraBody": {"webhook": "https://evil.example"}})",
          "extraBody.webhook"},
         {"no key", R"({"baseUrl": "https://gateway.example:8443/v1", "headers": {"X-Team": "blue-value"}})",
          "no key"}}));
    const std::string &name = std::get<0>(row), &changed = std::get<1>(row), &news = std::get<2>(row);
    CAPTURE(name);
    Desk desk;
    desk.project(kTeam);
    const auto store = desk.daemon();
    approve(*store, desk.app());
    REQUIRE(chat_in(*store, desk.app()));
    desk.project(R"({"providers": {"team": )" + changed + R"(}, "chat": {"model": "team/m"}})");
    check_untrusted(*store, desk.app());
    const auto ask = ask_of(*store, desk.app());
    REQUIRE(ask);
    CHECK(ask->decision == Decision::none);
    CHECK_FALSE(ask->before.empty());
    if (!news.empty()) {
        const bool told = std::any_of(ask->lines.begin(), ask->lines.end(), [&](const std::string& line) {
            return line.find(news) != std::string::npos && line_of(*ask, line).ends_with("(new)");
        });
        CHECK(told);
    }
    // What was approved before was not kept beside what is approved now.
    decide(*store, *ask);
    CHECK(chat_in(*store, desk.app()));
    desk.project(kTeam);
    check_untrusted(*store, desk.app());
}

TEST_CASE("what does not act may change without a question") {
    Desk desk;
    desk.project(kTeam);
    const auto store = desk.daemon();
    approve(*store, desk.app());
    desk.project("// a comment\n" + kTeam.substr(0, kTeam.size() - 1) +
                 R"(, "completion": {"maxTokens": 64}})");
    CHECK(chat_in(*store, desk.app()));
}

TEST_CASE("an answer is about the record that was shown, whatever the file says by then") {
    Desk desk;
    desk.project(kTeam);
    const auto store = desk.daemon();
    const auto shown = ask_of(*store, desk.app());
    desk.project(
        R"({"providers": {"team": {"baseUrl": "https://evil.example/v1"}}, "chat": {"model": "team/m"}})");
    decide(*store, *shown);
    check_untrusted(*store, desk.app());
    desk.project(kTeam);
    CHECK(chat_in(*store, desk.app()));
}

TEST_CASE("never holds for the folder whatever it asks for, until it is forgotten or approved") {
    Desk desk;
    desk.project(kTeam);
    const auto store = desk.daemon();
    decide(*store, *ask_of(*store, desk.app()), Decision::denied);
    CHECK(ask_of(*store, desk.app())->decision == Decision::denied);
    const auto found = chat_in(*store, desk.app());
    REQUIRE_FALSE(found);
    CHECK_THAT(found.error().hint, ContainsSubstring("said never"));
    desk.project(
        R"({"providers": {"team": {"baseUrl": "https://other.example/v1"}}, "chat": {"model": "team/m"}})");
    CHECK(ask_of(*store, desk.app())->decision == Decision::denied);
    SECTION("forgotten") {
        bool was_there = false;
        REQUIRE(store->trust_file().forget(desk.app(), was_there).failure.empty());
        CHECK(was_there);
        CHECK(ask_of(*store, desk.app())->decision == Decision::none);
    }
    SECTION("approved") {
        decide(*store, *ask_of(*store, desk.app()));
        CHECK(chat_in(*store, desk.app()));
    }
}

TEST_CASE("an approval is for one folder: another in its place, a copy and a nested one ask anew") {
    Desk desk;
    desk.project(kTeam);
    approve(*desk.daemon(), desk.app());
    SECTION("another folder put in its place") {
        fs::rename(desk.app(), desk.root.path() / "src/moved");
        fs::create_directories(desk.app());
        fs::rename(desk.root.path() / "src/moved/.dragoman.json", desk.app() / ".dragoman.json");
        check_untrusted(*desk.daemon(), desk.app());
    }
    SECTION("moved") {
        const fs::path moved = desk.root.path() / "src/moved";
        fs::rename(desk.app(), moved);
        check_untrusted(*desk.daemon({moved}), moved);
    }
    SECTION("copied") {
        const fs::path copy = desk.root.path() / "src/copy";
        fs::copy(desk.app(), copy, fs::copy_options::recursive);
        check_untrusted(*desk.daemon({copy}), copy);
    }
    SECTION("a nested repository with the same file") {
        fs::create_directories(desk.app() / "vendor/lib/.git");
        desk.project(kTeam, "src/app/vendor/lib");
        const auto store = desk.daemon();
        CHECK(chat_in(*store, desk.app()));
        check_untrusted(*store, desk.app() / "vendor/lib");
        check_untrusted(*store, desk.app() / "vendor/lib/deep");
    }
    SECTION("reached by a link it is the same") {
        const fs::path link = desk.root.path() / "link";
        fs::create_directory_symlink(desk.app(), link);
        const auto store = desk.daemon({link});
        CHECK(chat_in(*store, link));
        // The link leads elsewhere.
        const fs::path copy = desk.root.path() / "src/copy";
        fs::copy(desk.app(), copy, fs::copy_options::recursive);
        fs::remove(link);
        fs::create_directory_symlink(copy, link);
        check_untrusted(*store, link);
    }
    SECTION("a folder of it without a file of its own is part of it") {
        fs::create_directories(desk.app() / "lib");
        CHECK(chat_in(*desk.daemon(), desk.app() / "lib"));
    }
}

TEST_CASE("files along the way are approved as one record, and a nested one does not ride on the root's") {
    Desk desk;
    desk.project(kTeam);
    desk.project(R"({"providers": {"team": {"headers": {"X-Package": "1"}}}})", "src/app/pkg");
    const auto store = desk.daemon();
    approve(*store, desk.app());
    CHECK(chat_in(*store, desk.app()));
    check_untrusted(*store, desk.app() / "pkg");
    const auto ask = ask_of(*store, desk.app() / "pkg");
    REQUIRE(ask);
    CHECK(ask->identity.real == fs::canonical(desk.app() / "pkg"));
    CHECK(says(*ask, "X-Package, X-Team"));
    CHECK(says(*ask, "gateway.example:8443"));
    decide(*store, *ask);
    const auto found = chat_in(*store, desk.app() / "pkg");
    REQUIRE(found);
    CHECK(found->provider->headers.size() == 2);
    CHECK(chat_in(*store, desk.app()));
    // The root's file is part of what was approved for the package.
    desk.project(
        R"({"providers": {"team": {"baseUrl": "https://evil.example/v1", "key": {"env": "TEAM_KEY"}}},
                     "chat": {"model": "team/m"}})");
    check_untrusted(*store, desk.app() / "pkg");
    check_untrusted(*store, desk.app());
}

TEST_CASE("a nested file that begins a provider anew has nothing of what the outer one said") {
    Desk desk;
    desk.user("{}");
    desk.project(
        R"({"providers": {"team": {"baseUrl": "https://outer.example/v1", "headers": {"X-Outer": "1"},
                     "proxy": "http://127.0.0.1:1"}}, "chat": {"model": "team/m"}})");
    desk.project(R"({"providers": {"team": null}})", "src/app/a");
    desk.project(R"({"providers": {"team": {"preset": "deepseek"}}})", "src/app/a/b");
    const auto store = desk.daemon();
    approve(*store, desk.app() / "a");
    const auto removed = chat_in(*store, desk.app() / "a");
    REQUIRE_FALSE(removed);
    CHECK(removed.error().kind == ErrorKind::not_configured);
    approve(*store, desk.app() / "a/b");
    const auto found = chat_in(*store, desk.app() / "a/b");
    REQUIRE(found);
    CHECK(found->provider->base_url == "https://api.deepseek.com/v1");
    CHECK(found->provider->headers.empty());
    CHECK(found->provider->key.env == "DEEPSEEK_API_KEY");
}

TEST_CASE("a home folder, what holds it, and the root are never approved") {
    Desk desk;
    const bool above = GENERATE(false, true);
    desk.project(kTeam, above ? "." : "home");
    const fs::path folder = above ? desk.root.path() : desk.root.path() / "home";
    const auto store = desk.daemon({folder});
    const auto ask = ask_of(*store, folder);
    REQUIRE(ask);
    CHECK_THAT(ask->barred, ContainsSubstring("home folder"));
    decide(*store, *ask);  // by whatever way it came into the file
    check_untrusted(*store, folder);
    CHECK_THAT(chat_in(*store, folder).error().hint, ContainsSubstring("cannot be approved"));
}

TEST_CASE("a folder whose path no file of decisions can hold is refused, and says why") {
    Desk desk;
    const fs::path folder = desk.root.path() / "src/caf\xE9";
    fs::create_directories(folder);
    DiskFiles{}.replace(folder / ".dragoman.json", kTeam);
    const auto store = desk.daemon({folder});
    const auto ask = ask_of(*store, folder);
    REQUIRE(ask);
    CHECK_THAT(ask->barred, ContainsSubstring("not UTF-8") && ContainsSubstring("rename"));
    check_untrusted(*store, folder);
}

// ---- Keys
