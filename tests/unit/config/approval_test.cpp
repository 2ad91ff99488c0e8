// Approving what a project's files ask for, on a real disk: what holds, what asks again, what never works.

#include "server/config/redact.h"
#include "server/config/store.h"
#include "tests/support/temp_dir.h"

#include <catch2/catch_all.hpp>

#include <map>
#include <sys/stat.h>

using namespace dragoman;
using config::Decision;
namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string kTeam =
    R"({"providers": {"team": {"baseUrl": "https://gateway.example:8443/v1", "headers": {"X-Team": "blue-value"},
        "key": {"env": "TEAM_KEY"}}}, "chat": {"model": "team/m"}})";
const std::string kUser =
    R"({"providers": {"work": {"preset": "opencodex", "key": {"env": "WORK_KEY"}}}, "chat": {"model": "work/m"}})";

/// A home, a project beside it, and stores as several daemons have them.
struct Desk {
    test::TempDir root{};
    DiskFiles files{};
    std::map<std::string, int> asked_for{};  // environment variables that were read, how often

    Desk() {
        fs::create_directories(root.path() / "home");
        fs::create_directories(app());
        user(kUser);
    }
    fs::path app() const { return root.path() / "src/app"; }
    fs::path trust_json() const { return root.path() / "state/dragoman/trust.json"; }
    void user(const std::string& text) { root.write("home/config.json", text); }
    void project(const std::string& text, const std::string& folder = "src/app") {
        root.write(folder + "/.dragoman.json", text);
    }

    std::unique_ptr<config::Store> daemon(std::vector<fs::path> folders = {}) {
        Paths paths;
        paths.home = root.path() / "home";
        paths.config_file = paths.home / "config.json";
        paths.state_dir = root.path() / "state/dragoman";
        auto store = std::make_unique<config::Store>(
            files, paths, [this](const std::string& name) -> std::optional<std::string> {
                ++asked_for[name];
                return std::nullopt;
            });
        if (folders.empty()) folders = {app()};
        store->set_folders(folders);
        return store;
    }
};

std::shared_ptr<const config::Ask> ask_of(config::Store& store, const fs::path& folder) {
    return store.effective_in(folder)->ask;
}

/// As a daemon does it: at once, and then in the file.
void decide(config::Store& store, const config::Ask& ask, Decision decision = Decision::allowed) {
    const auto entry = config::entry_of(ask, decision, "2030-01-01T00:00:00.000Z");
    store.hold(entry);
    const auto written = store.trust_file().add(entry);
    REQUIRE(written.failure.empty());
    store.release(entry);
}

void approve(config::Store& store, const fs::path& folder) {
    const auto ask = ask_of(store, folder);
    REQUIRE(ask);
    REQUIRE(ask->barred.empty());
    decide(store, *ask);
}

Result<config::ModelRef> chat_in(config::Store& store, const fs::path& folder) {
    return store.effective_in(folder)->resolve(config::Role::chat);
}

void check_untrusted(config::Store& store, const fs::path& folder) {
    const auto found = chat_in(store, folder);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::untrusted);
}

bool says(const config::Ask& ask, const std::string& text) {
    return std::any_of(ask.lines.begin(), ask.lines.end(),
                       [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace

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

TEST_CASE("the file of decisions is for its owner alone") {
    Desk desk;
    desk.project(kTeam);
    const auto store = desk.daemon();
    approve(*store, desk.app());
    struct stat info {};
    REQUIRE(::stat(desk.trust_json().c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0600);
    REQUIRE(::stat(desk.trust_json().parent_path().c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0700);
    fs::permissions(desk.trust_json(), fs::perms::group_write, fs::perm_options::add);
    const auto later = desk.daemon();
    check_untrusted(*later, desk.app());
    const auto problems = later->effective_in(desk.app())->problems;
    CHECK(std::any_of(problems.begin(), problems.end(), [](const config::Problem& problem) {
        return problem.message.find("others may write") != std::string::npos;
    }));
}

TEST_CASE("every change of what would act asks again, and says what is new") {
    const auto& [name, changed, news] = GENERATE(table<std::string, std::string, std::string>(
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

// ---- Keys

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

TEST_CASE(
    "a file of decisions that is not whole grants nothing, is told, and is moved aside by the next one") {
    Desk desk;
    desk.project(kTeam);
    approve(*desk.daemon(), desk.app());
    const std::string good = desk.root.read("state/dragoman/trust.json");
    Json whole = Json::parse(good);
    std::string bad = good;
    SECTION("cut") { bad = good.substr(0, good.size() / 2); }
    SECTION("empty") { bad.clear(); }
    SECTION("not JSON") { bad = "\x01\x02\xff"; }
    SECTION("another version") { whole["version"] = 2, bad = dump_json(whole); }
    SECTION("no version") { whole.erase("version"), bad = dump_json(whole); }
    SECTION("a member more") { whole["folders"][0]["scope"] = "all", bad = dump_json(whole); }
    SECTION("a member less") { whole["folders"][0].erase("inode"), bad = dump_json(whole); }
    SECTION("another type") { whole["folders"][0]["inode"] = "1", bad = dump_json(whole); }
    SECTION("a negative number") { whole["folders"][0]["device"] = -1, bad = dump_json(whole); }
    SECTION("a record that is no digest") { whole["folders"][0]["record"] = "", bad = dump_json(whole); }
    SECTION("one bad entry behind a good one") {
        whole["folders"].push_back({{"folder", "/"}}), bad = dump_json(whole);
    }
    SECTION("a member said twice") {
        bad = good;
        bad.insert(bad.find("\"record\""), "\"record\": \"" + std::string(64, '0') + "\", ");
    }
    SECTION("larger than any of ours") { bad = good + std::string(2U << 20U, ' '); }
    desk.root.write("state/dragoman/trust.json", bad);

    const auto store = desk.daemon();
    check_untrusted(*store, desk.app());
    const auto problems = store->effective_in(desk.app())->problems;
    const bool told = std::any_of(problems.begin(), problems.end(), [&](const config::Problem& problem) {
        return problem.path == desk.trust_json() &&
               problem.message.find("nothing is approved by it") != std::string::npos;
    });
    CHECK(told);
    const auto entry = config::entry_of(*ask_of(*store, desk.app()), Decision::allowed, "now");
    const auto written = store->trust_file().add(entry);
    CHECK(written.failure.empty());
    CHECK(written.moved == desk.trust_json().string() + ".broken");
    CHECK(desk.root.read("state/dragoman/trust.json.broken") == bad);
    CHECK(chat_in(*store, desk.app()));
}

TEST_CASE("no byte of the file of decisions can be flipped into an approval of something else") {
    Desk desk;
    desk.project(kTeam);
    approve(*desk.daemon(), desk.app());
    const std::string good = desk.root.read("state/dragoman/trust.json");
    desk.project(
        R"({"providers": {"team": {"baseUrl": "https://evil.example/v1"}}, "chat": {"model": "team/m"}})");
    const auto store = desk.daemon();
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 7)));
        desk.root.write("state/dragoman/trust.json", bad);
        CHECK_FALSE(chat_in(*store, desk.app()));
    }
}

TEST_CASE("decisions of several daemons about several projects meet in one file") {
    Desk desk;
    std::vector<std::unique_ptr<config::Store>> daemons;
    std::vector<fs::path> folders;
    for (int i = 0; i < 5; ++i) {
        const std::string name = "src/p" + std::to_string(i);
        desk.project(kTeam, name);
        folders.push_back(desk.root.path() / name);
        daemons.push_back(desk.daemon({folders.back()}));
        check_untrusted(*daemons.back(), folders.back());
    }
    for (std::size_t i = 0; i < folders.size(); ++i) approve(*daemons[i], folders[i]);
    const auto later = desk.daemon(folders);
    for (const fs::path& folder : folders) CHECK(chat_in(*later, folder));
    CHECK(later->trust_file().read().entries.size() == folders.size());
}

TEST_CASE("a decision that no disk takes holds for this process, and says why") {
    Desk desk;
    desk.project(kTeam);
    desk.root.write("state/dragoman", "a file where the folder should be");
    const auto store = desk.daemon();
    const auto entry = config::entry_of(*ask_of(*store, desk.app()), Decision::allowed, "now");
    store->hold(entry);
    CHECK_FALSE(store->trust_file().add(entry).failure.empty());
    CHECK(chat_in(*store, desk.app()));
    check_untrusted(*desk.daemon(), desk.app());
}
