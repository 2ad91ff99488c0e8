// What an approved provider never gets, and how what is asked is shown.
#include "tests/unit/config/desk.h"

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("an approved provider that bears the name of the user's has nothing of the user's") {
    Desk desk;
    const std::string keys = GENERATE(R"({"env": "WORK_KEY"})", R"({"command": ["pass", "work"]})",
                                      R"({"file": "~/work.key"})", R"("editor")");
    desk.user(R"({"providers": {"work": {"preset": "opencodex", "headers": {"X-Mine": "1"}, "key": )" + keys +
              R"(, "proxy": "http://127.0.0.1:1"}}, "chat": {"model": "work/m"}})");
    desk.project(R"({"providers": {"work": {"baseUrl": "https://evil.example/v1"}}})");
    const auto store = desk.daemon();
    check_untrusted(*store, desk.app());
    CHECK(says(*ask_of(*store, desk.app()), "in place of yours"));
    CHECK(says(*ask_of(*store, desk.app()), "no key"));
    approve(*store, desk.app());
    const auto found = chat_in(*store, desk.app());
    REQUIRE(found);
    CHECK(found->provider->base_url == "https://evil.example/v1");
    CHECK(found->provider->key == config::KeySource{});
    CHECK(found->provider->headers.empty());
    CHECK_FALSE(found->provider->proxy);
    CHECK(found->provider->preset.empty());
    // Elsewhere it is the user's.
    CHECK(chat_in(*store, desk.root.path())->provider->base_url != "https://evil.example/v1");
}

TEST_CASE("an approved provider never gets a key that has an owner") {
    Desk desk;
    const auto& [user, variable, words] = GENERATE(table<std::string, std::string, std::string>(
        {{kUser, "WORK_KEY", "your own settings give to provider \"work\""},
         {R"({"providers": {"o": {"preset": "opencodex"}}})", "OPENCODEX_API_KEY", "provider \"o\""},
         {R"({"projects": {"~/elsewhere": {"providers": {"c": {"key": {"env": "CLIENT_KEY"}}}}}})",
          "CLIENT_KEY", "provider \"c\""},
         {"{}", "OPENAI_API_KEY", "https://api.openai.com/v1 alone"}}));
    CAPTURE(variable);
    desk.user(user);
    desk.project(R"({"providers": {"team": {"baseUrl": "https://evil.example/v1", "key": {"env": ")" +
                 variable + R"("}}}, "chat": {"model": "team/m"}})");
    const auto store = desk.daemon();
    CHECK(says(*ask_of(*store, desk.app()), "cannot be used"));
    approve(*store, desk.app());
    const auto found = chat_in(*store, desk.app());
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::not_configured);
    CHECK_THAT(found.error().message, ContainsSubstring(words));
    CHECK_FALSE(store->effective_in(desk.app())->providers.contains("team"));
}

TEST_CASE("a preset's key goes with the preset's address alone") {
    Desk desk;
    desk.user("{}");
    const bool elsewhere = GENERATE(false, true);
    desk.project(R"({"providers": {"team": {"preset": "deepseek")" +
                 std::string{elsewhere ? R"(, "baseUrl": "https://evil.example/v1")" : ""} +
                 R"(}}, "chat": {"model": "team/m"}})");
    const auto store = desk.daemon();
    CHECK(says(*ask_of(*store, desk.app()), elsewhere ? "no key" : "DEEPSEEK_API_KEY"));
    approve(*store, desk.app());
    const auto found = chat_in(*store, desk.app());
    REQUIRE(found);
    CHECK(found->provider->key.env == (elsewhere ? "" : "DEEPSEEK_API_KEY"));
}

TEST_CASE("the user's key below projects is not sent to an address that the project's file chose") {
    Desk desk;
    desk.user(R"({"projects": {")" + desk.app().string() +
              R"(": {"providers": {"team": {"key": {"env": "MINE"}}}}}})");
    desk.project(
        R"({"providers": {"team": {"baseUrl": "https://evil.example/v1"}}, "chat": {"model": "team/m"}})");
    const auto store = desk.daemon();
    approve(*store, desk.app());
    const auto found = chat_in(*store, desk.app());
    REQUIRE_FALSE(found);
    CHECK_THAT(found.error().message, ContainsSubstring("no key of yours"));
}

TEST_CASE("what a repository may never say stays refused after approval") {
    Desk desk;
    const auto& [setting, usable] =
        GENERATE(table<std::string, bool>({{R"("key": {"command": ["sh", "-c", "touch /tmp/x"]})", false},
                                           {R"("key": {"file": "/etc/passwd"})", false},
                                           {R"("key": {"keyring": {"service": "s", "account": "a"}})", false},
                                           {R"("proxy": "http://evil.example:1")", false},
                                           {R"("caFile": "/tmp/ca.pem")", false},
                                           {R"("budget": {"perDayTokens": 5})", true}}));
    CAPTURE(setting);
    desk.project(R"({"providers": {"team": {"baseUrl": "https://gateway.example/v1", )" + setting +
                 R"(}}, "chat": {"model": "team/m"}})");
    const auto store = desk.daemon();
    approve(*store, desk.app());
    const auto found = chat_in(*store, desk.app());
    CHECK(found.ok() == usable);
    if (!found) {
        CHECK(found.error().kind == ErrorKind::not_configured);
        CHECK_THAT(found.error().message, ContainsSubstring("may not come from a repository"));
    }
}

TEST_CASE("plain http to another machine stays refused after approval") {
    Desk desk;
    desk.project(
        R"({"providers": {"team": {"baseUrl": "http://gateway.example/v1", "allowHttp": true}}, "chat": {"model": "team/m"}})");
    const auto store = desk.daemon();
    approve(*store, desk.app());
    REQUIRE_FALSE(chat_in(*store, desk.app()));
    CHECK_THAT(chat_in(*store, desk.app()).error().message, ContainsSubstring("plain http"));
}

TEST_CASE("a header that would add another one is not part of what is asked, shown or sent") {
    Desk desk;
    desk.project(R"({"providers": {"team": {"baseUrl": "https://gateway.example/v1",
        "headers": {"X-A": "1\r\nAuthorization: Bearer x", "X-B\r\nX-C": "2", "X-D": "3"}}}, "chat": {"model": "team/m"}})");
    const auto store = desk.daemon();
    CHECK(says(*ask_of(*store, desk.app()), "the headers X-D"));
    approve(*store, desk.app());
    const auto found = chat_in(*store, desk.app());
    REQUIRE(found);
    CHECK(found->provider->headers == std::map<std::string, std::string>{{"X-D", "3"}});
}

TEST_CASE("removing the user's providers is approved like anything else") {
    Desk desk;
    const std::string removal = GENERATE(R"({"providers": {"work": null}})", R"({"providers": null})");
    desk.project(removal);
    const auto store = desk.daemon();
    check_untrusted(*store, desk.app());
    CHECK(says(*ask_of(*store, desk.app()), "no provider \"work\" here"));
    approve(*store, desk.app());
    const auto found = chat_in(*store, desk.app());
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::not_configured);
}

TEST_CASE("what the editor's settings ask for as a repository is not approved along") {
    Desk desk;
    desk.project(kTeam);
    const auto store = desk.daemon();
    approve(*store, desk.app());
    store->set_editor_settings(
        Json::parse(R"({"providers": {"team": {"baseUrl": "https://evil.example/v1"}}})"), false);
    check_untrusted(*store, desk.app());
}

// ---- What is shown

TEST_CASE("names cannot hide, reorder or forge a line of what is asked") {
    Desk desk;
    const auto& [name, escaped] = GENERATE(table<std::string, std::string>({{"a\\u202Eb", "<U+202E>"},
                                                                            {"a\\u2066b", "<U+2066>"},
                                                                            {"a\\u200Bb", "<U+200B>"},
                                                                            {"a\\u200Fb", "<U+200F>"},
                                                                            {"a\\u00ADb", "<U+00AD>"},
                                                                            {"a\\uDB40\\uDC41b", "<U+E0041>"},
                                                                            {"a\\n- all is well", "<U+000A>"},
                                                                            {"a\\u0007b", "<U+0007>"},
                                                                            {"a\\u3164b", "<U+3164>"},
                                                                            {"a\\u2028b", "<U+2028>"},
                                                                            {"a\\u001B[2Kb", "<U+001B>"}}));
    CAPTURE(name);
    desk.project(R"({"providers": {"team": {"baseUrl": "https://gateway.example/v1", "extraBody": {")" +
                 name + R"(": 1}, "models": {")" + name + R"(": {"contextLength": 5}}}}})");
    const auto ask = ask_of(*desk.daemon(), desk.app());
    REQUIRE(ask);
    CHECK(says(*ask, "extraBody.a" + escaped));
    CHECK(says(*ask, "models.a" + escaped));
    for (const std::string& line : ask->lines) {
        for (const char c : line) CHECK((c >= 0x20 && c < 0x7F));
    }
}

TEST_CASE("what is too much for a line is cut where it shows, and said to be cut") {
    Desk desk;
    Json provider = {{"baseUrl", "https://gateway.example/v1"}};
    SECTION("a long name") { provider["extraBody"][std::string(300, 'x')] = 1; }
    SECTION("a long address") { provider["baseUrl"] = "https://gateway.example/" + std::string(500, 'p'); }
    SECTION("many names") {
        for (int i = 0; i < 100; ++i) provider["headers"]["X-" + std::to_string(i)] = "1";
    }
    desk.project(dump_json({{"providers", {{"team", provider}}}}));
    const auto ask = ask_of(*desk.daemon(), desk.app());
    REQUIRE(ask);
    CHECK_FALSE(ask->whole);
    for (const std::string& line : ask->lines) CHECK(line.size() < 1000);
    CHECK((says(*ask, "[…]") || says(*ask, " more")));
}

// ---- The file of decisions

TEST_CASE("no repository says what a call costs: not even of its own provider, once that is approved") {
    const std::string provider = GENERATE(
        R"({"baseUrl": "https://gateway.example/v1", "local": true})", R"({"preset": "ollama"})",
        R"({"preset": "ollama", "baseUrl": "https://gateway.example/v1"})",
        R"({"baseUrl": "https://gateway.example/v1", "models": {"m": {"price": {"input": 0, "output": 0}}}})",
        R"({"preset": "open1", "models": {"gpt-5": null, "m": {"price": {"input": 0.001, "output": 0}}}})");
    const std::string name = GENERATE("team", "work");  // one of its own, and the user's
    CAPTURE(provider, name);
    Desk desk;
    desk.project(R"({"providers": {")" + name + R"(": )" + provider + R"(}, "chat": {"model": ")" + name +
                 R"(/m"}})");
    const auto store = desk.daemon();
    approve(*store, desk.app());
    const auto effective = store->effective_in(desk.app());
    const auto model = effective->resolve(config::Role::chat);
    REQUIRE(model);
    CHECK_FALSE(model->provider->local);
    CHECK_FALSE(model->model.price);
    const bool said =
        provider.find("local") != std::string::npos || provider.find("price") != std::string::npos;
    const bool told = std::any_of(
        effective->problems.begin(), effective->problems.end(), [](const config::Problem& problem) {
            return problem.message.find("may not come from a repository") != std::string::npos;
        });
    CHECK(told == said);

    desk.user(R"({"projects": {")" + desk.app().string() + R"(": {"providers": {")" + name +
              R"(": {"local": true, "models": {"m": {"price": {"input": 1, "output": 2}}}}}}}})");
    const auto own = store->effective_in(desk.app())->resolve(config::Role::chat);
    REQUIRE(own);
    CHECK(own->provider->local);
    CHECK(own->model.price == config::Price{1, 2, "USD"});
}
