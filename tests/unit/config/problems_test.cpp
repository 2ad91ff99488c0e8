#include "server/config/exclusion.h"
#include "server/config/settings.h"
#include "tests/unit/config/bench.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using dragoman::test::Bench;
using dragoman::test::listing;
using dragoman::test::tells;

namespace {

struct Case {
    std::string text;
    int line, column;
    std::string message;  // a part of it
};

const std::vector<Case> kCases = {
    // Not JSON at all.
    {"", 1, 1, "the file is empty; write {}"},
    {"  // nothing\n", 2, 1, "the file is empty"},
    {"[]", 1, 1, "must be one JSON object"},
    {"{", 1, 1, "never closed"},
    {"{\"log\": {\"level\": \"info\"}", 1, 1, "this { is never closed"},
    {"{} x", 1, 4, "nothing may follow"},
    {"{\"log\" {}}", 1, 8, "a colon is expected"},
    {"{\"log\": {},}", 1, 12, "no comma may stand before the closing }"},
    {"{\"log\": {} \"chat\": {}}", 1, 12, "a comma or } is expected"},
    {"{\"chat\": {\"fallback\": [1,]}}", 1, 26, "no comma may stand before the closing ]"},
    {"{\"chat\": {\"fallback\": [", 1, 23, "this [ is never closed"},
    {"{log: {}}", 1, 2, "a key in double quotes"},
    {"{'log': {}}", 1, 2, "a key in double quotes"},
    {"{\"log\": {\"level\": 'info'}}", 1, 19, "double quotes"},
    {"{\"log\": {\"level\": info}}", 1, 19, "this is no value"},
    {"{\"log\": {\"level\": }}", 1, 19, "a value is expected"},
    {"{\"log\": {\"level\": \"info}}", 1, 19, "not closed on its line"},
    {"{\"log\": {\"level\": \"a\\x\"}}", 1, 19, "an escape that JSON does not know"},
    {"{ /* \n */ /* {}", 2, 5, "never closed by */"},
    {"{\n\"chat\": {\"systemPrompt\": \"\xff\"}}", 2, 1, "not UTF-8"},
    {"{\"chat\": {\"maxTokens\": 1e999}}", 1, 24, "this is no value"},
    // JSON that says something wrong.
    {"{\"log\": {\"level\": \"info\", \"level\": \"debug\"}}", 1, 27, "\"level\" is said twice"},
    {"{\"completoin\": {}}", 1, 2, "unknown key \"completoin\"; did you mean \"completion\"?"},
    {"{\n  \"completion\": {\n    \"maxtoken\": 5\n  }\n}", 3, 5, "did you mean \"maxTokens\"?"},
    {"{\"log\": {\"file\": \"/x\"}}", 1, 10, "known here: \"level\""},
    {"{\"completion\": {\"maxTokens\": \"many\"}}", 1, 30,
     "\"completion.maxTokens\" is a string; a whole number is expected"},
    {"{\"completion\": {\"maxTokens\": 2.5}}", 1, 30, "is a number; a whole number is expected"},
    {"{\"completion\": {\"maxTokens\": 0}}", 1, 30, "is too small: 1 is the least"},
    {"{\"completion\": {\"temperature\": 3}}", 1, 32, "is too large: 2 is the most"},
    {"{\"completion\": {\"enabled\": 1}}", 1, 28, "is a whole number; true or false is expected"},
    {"{\"completion\": true}", 1, 16, "\"completion\" is true; an object is expected"},
    {"{\"completion\": {\"multiline\": \"autp\"}}", 1, 30,
     "must be one of \"auto\", \"always\" or \"never\"; did you mean \"auto\"?"},
    {"{\"privacy\": {\"exclude\": \"*.pem\"}}", 1, 25, "is a string; a list is expected"},
    {"{\"privacy\": {\"exclude\": [\"*.pem\", 5]}}", 1, 35, "\"privacy.exclude.1\" is a whole number"},
    {"{\"privacy\": {\"exclude\": [null]}}", 1, 26, "is null; a string is expected"},
    {"{\"providers\": {\"a/b\": {}}}", 1, 16, "a name in \"providers\" is not usable"},
    {"{\"providers\": {\"w\": {\"preset\": \"opencodx\"}}}", 1, 32, "did you mean \"opencodex\"?"},
    {"{\"providers\": {\"w\": {\"baseUrl\": \"ftp://x/v1\"}}}", 1, 33,
     "\"providers.w.baseUrl\" is not usable"},
    {"{\"providers\": {\"w\": {\"preset\": \"openai\", \"headers\": {\"a b\": \"c\"}}}}", 1, 54,
     "the characters of an HTTP header name"},
    {"{\"providers\": {\"w\": {\"preset\": \"openai\", \"headers\": {\"A\": \"b\\r\\nC: d\"}}}}", 1, 59,
     "printable ASCII"},
    {"{\"providers\": {\"w\": {\"preset\": \"openai\", \"models\": {\"m\": {\"infill\": \"psm\"}}}}}", 1, 69,
     "\"providers.w.models.m.infill\" is not as expected"},
    {"{\"providers\": {\"w\": {\"preset\": \"openai\", \"models\": {\"m\": {\"price\": {\"input\": 1}}}}}}",
     1, 68, "needs \"output\""},
    // Columns count UTF-16 units: the emoji is two, the umlaut one.
    {"{/* \xF0\x9F\x98\x80\xC3\xA4 */ \"chta\": {}}", 1, 12, "did you mean \"chat\"?"},
    {"\xEF\xBB\xBF{\"chta\": {}}", 1, 2, "did you mean \"chat\"?"},
    {"{\r\n\t\"chta\": {}\r\n}", 2, 2, "did you mean \"chat\"?"},
};

}  // namespace

TEST_CASE("every mistake in a file is told once, at its line and column") {
    const Case& one = GENERATE(from_range(kCases));
    Bench bench;
    const auto effective = bench.with_user(one.text);
    INFO(one.text << "\n" << listing(effective->problems));
    REQUIRE(effective->problems.size() == 1);
    const config::Problem& problem = effective->problems.front();
    CHECK(problem.path == dragoman::test::kUserFile);
    CHECK(problem.line == one.line);
    CHECK(problem.column == one.column);
    CHECK((problem.end_line > problem.line || problem.end_column >= problem.column));
    CHECK(problem.message.find(one.message) != std::string::npos);
}

TEST_CASE("what is wrong is left out and the rest of the file counts") {
    Bench bench;
    const auto effective = bench.with_user(R"({
        "providers": {"work": {"preset": "opencodex", "timeouts": {"idleMs": "long", "totalMs": 5000}}},
        "completion": {"model": "work/m", "maxTokens": -1, "debounceMs": 20},
        "chat": {"fallback": ["work/a", 7, "work/b"]},
        "nonsense": 1
    })");
    CHECK(effective->problems.size() == 4);
    CHECK(effective->completion.model == "work/m");
    CHECK(effective->completion.max_tokens == 256);
    CHECK(effective->completion.debounce_ms == 20);
    CHECK(effective->chat.fallback == std::vector<std::string>{"work/a", "work/b"});
    CHECK(effective->providers.at("work")->timeouts.total == 5000);
    CHECK(effective->providers.at("work")->timeouts.idle == 60000);
}

TEST_CASE("a key in a file is a problem that never shows the key, and its provider is not used") {
    const std::string key =
        GENERATE(R"("sk-live-0123456789")", R"({"value": "sk-live-0123456789"})",
                 R"({"env": "sk-live-0123456789"})", R"({"literal": "sk-live-0123456789"})");
    Bench bench;
    const auto effective = bench.with_user(R"({"providers": {"work": {"preset": "opencodex", "key": )" + key +
                                           R"(}}, "chat": {"model": "work/m"}})");
    INFO(listing(effective->problems));
    CHECK(tells(effective->problems, "environment variable"));
    CHECK_FALSE(tells(effective->problems, "0123456789"));
    CHECK(dump_json(effective->merged).find("0123456789") == std::string::npos);
    const auto found = effective->resolve(config::Role::chat);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::not_configured);
    CHECK((found.error().message + found.error().hint).find("0123456789") == std::string::npos);
}

TEST_CASE("a provider is not used without a part that decides where requests go") {
    const std::string part =
        GENERATE(R"("baseUrl": "https://u:p@host/v1")", R"("baseURL": "https://my.gateway/v1")",
                 R"("proxy": 7)", R"("preset": "opena")", R"("caFile": [])", R"("key": 5)", R"("baseUrl": 5)",
                 R"("key": {"command": ["pass", 5]})");
    Bench bench;
    const bool own = part.find("preset") != std::string::npos;
    const auto effective =
        bench.with_user(R"({"providers": {"work": {)" + std::string{own ? "" : R"("preset": "openai", )"} +
                        part + R"(}}, "chat": {"model": "work/m"}})");
    INFO(part << "\n" << listing(effective->problems));
    const auto found = effective->resolve(config::Role::chat);
    REQUIRE_FALSE(found);
    CHECK(found.error().kind == ErrorKind::not_configured);
    CHECK(found.error().message.find("work") != std::string::npos);
    CHECK(effective->providers.empty());
}

TEST_CASE("a correct word of a higher layer mends a provider") {
    Bench bench;
    const auto effective = bench.with_user(R"({
        "providers": {"work": {"preset": "openai", "baseUrl": 5}},
        "projects": {"~/src/app": {"providers": {"work": {"baseUrl": "https://gateway.example/v1"}}}},
        "chat": {"model": "work/m"}})");
    REQUIRE(effective->resolve(config::Role::chat));
    CHECK(effective->providers.at("work")->base_url == "https://gateway.example/v1");
}

TEST_CASE("plain http goes to loopback, elsewhere only where the user's file allows it") {
    Bench bench;
    const auto with = [&](const std::string& rest) {
        return bench.with_user(R"({"providers": {"work": {)" + rest + R"(}}, "chat": {"model": "work/m"}})")
            ->resolve(config::Role::chat)
            .ok();
    };
    CHECK(with(R"("baseUrl": "http://localhost:9/v1")"));
    CHECK(with(R"("baseUrl": "http://127.0.0.1:9")"));
    CHECK_FALSE(with(R"("baseUrl": "http://gateway.example/v1")"));
    CHECK(tells(bench.effective()->problems, "plain http"));
    CHECK(with(R"("baseUrl": "http://gateway.example/v1", "allowHttp": true)"));
    CHECK_FALSE(with(R"("api": "chat")"));
    CHECK(tells(bench.effective()->problems, "it says no \"baseUrl\""));
}

TEST_CASE("a proxy before this machine is not used, and said so") {
    Bench bench;
    const auto warned = [&](const std::string& url, const std::string& proxy) {
        const auto effective = bench.with_user(R"({"providers": {"work": {"baseUrl": ")" + url +
                                               R"(", "allowHttp": true, "proxy": ")" + proxy +
                                               R"("}}, "chat": {"model": "work/m"}})");
        CHECK(effective->resolve(config::Role::chat).ok());
        return tells(effective->problems, "\"providers.work.proxy\" is not used");
    };
    for (const char* url : {"http://localhost:9/v1", "https://127.0.0.1/v1", "http://[::1]:9/v1"}) {
        CAPTURE(url);
        CHECK(warned(url, "socks5h://proxy.example:1080"));
        CHECK_FALSE(warned(url, ""));
    }
    CHECK_FALSE(warned("http://gateway.example/v1", "http://proxy.example:3128"));
}

TEST_CASE("a proxy of a kind that nobody knows is refused, and so is what would have gone through it") {
    Bench bench;
    for (const char* proxy : {"ftp://p:1", "socks9://p:1", "SOCKS5 p://x", "://p"}) {
        CAPTURE(proxy);
        const auto effective =
            bench.with_user(R"({"providers": {"work": {"baseUrl": "https://gateway.example/v1", "proxy": ")" +
                            std::string{proxy} + R"("}}, "chat": {"model": "work/m"}})");
        CHECK(tells(effective->problems, "a proxy begins with http://"));
        CHECK_FALSE(effective->resolve(config::Role::chat).ok());
    }
}

TEST_CASE("keys in headers are told and hidden, the settings around them are shown") {
    Bench bench;
    const auto effective = bench.with_user(R"({"providers": {"work": {
        "baseUrl": "https://gateway.example/v1", "key": {"env": "WORK_KEY"}, "proxy": "http://user:word@proxy.example:3128",
        "headers": {"Authorization": "Bearer aaa", "X-API-Key": "bbb", "api-key": "ccc", "X-Team": "editor"},
        "extraBody": {"access_token": "ddd", "max_tokens": 5, "top_k": 3}}}})");
    const Json& work = effective->merged["providers"]["work"];
    CHECK(work["headers"] ==
          Json({{"Authorization", "***"}, {"X-API-Key", "***"}, {"api-key", "***"}, {"X-Team", "editor"}}));
    CHECK(work["extraBody"] == Json({{"access_token", "***"}, {"max_tokens", 5}, {"top_k", 3}}));
    CHECK(work["proxy"] == "http://***@proxy.example:3128");
    CHECK(work["key"] == Json({{"env", "WORK_KEY"}}));
    CHECK(tells(effective->problems, "a key stands here in the clear"));
    CHECK(effective->providers.at("work")->headers.at("Authorization") == "Bearer aaa");
}

TEST_CASE("a broken file never takes the last good one away, a removed one does") {
    Bench bench;
    CHECK(bench.with_user(R"({"completion": {"maxTokens": 11}})")->completion.max_tokens == 11);
    CHECK(bench.store.problems_by_file().empty());

    const std::string broken = GENERATE("", "{", "[1]", "{\"completion\": {\"maxTokens\": }}");
    CHECK(bench.with_user(broken)->completion.max_tokens == 11);
    CHECK(bench.store.problems_by_file().at(dragoman::test::kUserFile).size() == 1);

    bench.files.spoil(dragoman::test::kUserFile, FileProblem::unreadable);
    CHECK(bench.effective()->completion.max_tokens == 11);
    CHECK(tells(bench.effective()->problems, "cannot be read"));

    CHECK(bench.with_user(R"({"completion": {"maxTokens": 12}})")->completion.max_tokens == 12);
    const auto now = bench.store.problems_by_file();
    REQUIRE(now.contains(dragoman::test::kUserFile));
    CHECK(now.at(dragoman::test::kUserFile).empty());

    bench.files.remove(dragoman::test::kUserFile);
    CHECK(bench.effective()->completion.max_tokens == 256);
}

TEST_CASE("hostile files end in one problem each") {
    Bench bench;
    const auto one = [&](std::string text) {
        const auto effective = bench.with_project(std::move(text));
        REQUIRE(effective->problems.size() == 1);
        return effective->problems.front().message;
    };
    CHECK(one(std::string(500'000, '[')).find("one JSON object") != std::string::npos);
    std::string deep = "{\"chat\": ";
    for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
    CHECK(one(deep).find("64 levels") != std::string::npos);
    std::string wide = "{\"chat\": {\"fallback\": [0";
    for (int i = 0; i < 200'000; ++i) wide += ",0";
    CHECK(one(wide + "]}}").find("100000") != std::string::npos);
    CHECK(one(std::string(2U << 20U, ' ')).find("1 MiB") != std::string::npos);
    CHECK(one("{\"" + std::string(600, 'k') + "\": 1}").find("512 bytes") != std::string::npos);
    bench.files.spoil(dragoman::test::kProjectFile, FileProblem::not_regular);
    CHECK(bench.effective()->problems.size() == 1);
    CHECK(tells(bench.effective()->problems, "not a regular file"));
}

TEST_CASE("a file of nothing but mistakes gives a bounded list") {
    Bench bench;
    std::string text = "{\"a\": 1";
    for (int i = 0; i < 20'000; ++i) text += ",\"k" + std::to_string(i) + "\": 1";
    CHECK(bench.with_user(text + "}")->problems.size() == 101);
    CHECK(tells(bench.effective()->problems, "more problems than are listed"));
}

TEST_CASE("keys said many times are bounded too") {
    Bench bench;
    std::string text = "{\"log\": {}";
    for (int i = 0; i < 20'000; ++i) text += ",\"log\": {}";
    CHECK(bench.with_user(text + "}")->problems.size() == 100);
}

namespace {

const std::string kWork = R"("providers": {"work": {"baseUrl": "https://gateway.example/v1", "key": "none"}},
    "chat": {"model": "work/m"})";

/// Why nothing may be sent; empty: it may.
std::string blocked(const config::Effective& effective) {
    const auto named = effective.find("work/m"), chosen = effective.resolve(config::Role::chat),
               completion = effective.resolve(config::Role::completion, "work/m");
    CHECK(named.ok() == chosen.ok());
    CHECK(named.ok() == completion.ok());
    CHECK(named.ok() != effective.providers.empty());
    if (named) return {};
    CHECK(named.error().kind == ErrorKind::not_configured);
    CHECK(named.error().message == chosen.error().message);
    return named.error().message + "\n" + named.error().hint;
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("with a user file that was never read nothing is sent, and correcting it is enough") {
    Bench bench;
    bench.store.set_editor_settings(Json::parse("{" + kWork + "}"), true);
    CHECK(blocked(*bench.effective()).empty());
    const std::string broken = R"({"budget": {"perDayTokens": 1} "x": 1})";
    const std::string why = blocked(*bench.with_user(broken));
    CHECK(says(why, dragoman::test::kUserFile.string() + ":1:32: a comma or } is expected"));
    CHECK(says(why, "Correct " + dragoman::test::kUserFile.string()));
    CHECK(tells(bench.effective()->problems, "a comma or }"));
    CHECK(bench.effective()->problems.size() == 1);
    for (const auto problem : {FileProblem::not_regular, FileProblem::unreadable, FileProblem::too_large}) {
        bench.files.spoil(dragoman::test::kUserFile, problem);
        CHECK(says(blocked(*bench.effective()), config::sentence(problem)));
        CHECK(says(blocked(*bench.store.outside()), config::sentence(problem)));
    }
    CHECK(blocked(*bench.with_user("{}")).empty());
    CHECK(blocked(*bench.with_user(broken)).empty());  // its last good content holds
    bench.files.remove(dragoman::test::kUserFile);
    CHECK(blocked(*bench.effective()).empty());
    CHECK_FALSE(blocked(*bench.with_user(broken)).empty());
}

TEST_CASE("a file that was named and is not there blocks like one that cannot be read") {
    Bench bench;
    bench.store.set_editor_settings(Json::parse("{" + kWork + "}"), true);
    bench.store.use_user_file("/etc/mine.json");
    CHECK(says(blocked(*bench.effective()), "there is no such file"));
}

TEST_CASE("an exclusion that cannot be read lets nothing out") {
    const std::string privacy =
        GENERATE(R"("privacy": {"exclude": "*.key"})", R"("privacy": {"exclude": ["*.key", 7]})",
                 R"("privacy": {"exclude": [null]})", R"("privacy": ["*.key"])",
                 R"("privacy": {"exclud": ["*.key"]})", R"("privcy": {"exclude": ["*.key"]})",
                 R"("privacy": {"exclude": [""]})", R"("privacy": {"exclude": {"0": "*.key"}})");
    CAPTURE(privacy);
    Bench bench;
    const std::string user = dragoman::test::kUserFile.string(),
                      project = dragoman::test::kProjectFile.string();

    CHECK(says(blocked(*bench.with_user("{" + kWork + ", " + privacy + "}")), user + ":2:"));
    CHECK(config::stays_here(*bench.effective(), "/home/u/src/app/main.c"));
    CHECK(blocked(*bench.with_user("{" + kWork + "}")).empty());
    CHECK_FALSE(config::stays_here(*bench.effective(), "/home/u/src/app/main.c"));

    // For one folder of the user's, and for a project: there alone.
    bench.store.set_folders({"/home/u/src/app", "/home/u/src/other"});
    const auto other = [&] { return blocked(*bench.effective("/home/u/src/other/x.c")); };
    const auto below = bench.with_user("{" + kWork + R"(, "projects": {"~/src/app": {)" + privacy + "}}}");
    CHECK(says(blocked(*below), user + ":2:"));
    CHECK(other().empty());
    bench.with_user("{" + kWork + "}");
    CHECK(says(blocked(*bench.with_project("{" + privacy + "}")), project + ":1:"));
    CHECK(other().empty());
    // The asking document's own settings can be read; those of the file cannot.
    CHECK(config::stays_here(*bench.effective("/home/u/src/other/x.c"), "/home/u/src/app/main.c"));
    CHECK(blocked(*bench.with_project("{}")).empty());
}

TEST_CASE("words about a folder that cannot be read let nothing of it out") {
    Bench bench;
    bench.store.set_folders({"/home/u/src/app", "/home/u/src/other"});
    const auto there = [&] { return blocked(*bench.effective()); };
    const auto other = [&] { return blocked(*bench.effective("/home/u/src/other/x.c")); };
    bench.with_user("{" + kWork + R"(, "projects": {"~/src/app": ["*.key"]}})");
    CHECK(says(there(), "\"projects.~/src/app\" is a list"));
    CHECK(other().empty());
    bench.with_user("{" + kWork + R"(, "projects": {"/home/u/src": 7}})");
    CHECK_FALSE(there().empty());
    CHECK_FALSE(other().empty());
    CHECK(blocked(*bench.store.effective_in("/home/u/elsewhere")).empty());
    bench.with_user("{" + kWork + R"(, "project": {"~/src/app": {}}})");
    CHECK(says(other(), "did you mean \"projects\"?"));
    bench.with_user("{" + kWork + R"(, "projects": {"~/src/app": {}}})");
    CHECK(there().empty());
}

TEST_CASE("an exclusion of the user's that can be read takes the place of one that cannot") {
    Bench bench;
    const std::string wrong = "{" + kWork + R"(, "privacy": {"exclude": "*.key"})";
    CHECK_FALSE(blocked(*bench.with_user(wrong + "}")).empty());
    CHECK_FALSE(blocked(*bench.with_project(R"({"privacy": {"exclude": ["*.pem"]}})")).empty());
    CHECK_FALSE(blocked(*bench.with_project(R"({"privacy": null})")).empty());
    CHECK_FALSE(blocked(*bench.with_user(
                            wrong + R"(, "projects": {"~/src/app": {"privacy": {"recordUsage": true}}}})"))
                    .empty());
    const std::string right = GENERATE(R"({"exclude": ["*.key"]})", R"({"exclude": null})", "null");
    CHECK(blocked(*bench.with_user(wrong + R"(, "projects": {"~/src/app": {"privacy": )" + right + "}}}"))
              .empty());
    bench.with_user(wrong + "}");
    bench.store.set_editor_settings(Json::parse(R"({"privacy": {"exclude": []}})"), false);
    CHECK_FALSE(blocked(*bench.effective()).empty());
    bench.store.set_editor_settings(Json::parse(R"({"privacy": {"exclude": []}})"), true);
    CHECK(blocked(*bench.effective()).empty());
    bench.store.set_editor_settings(Json::parse(R"({"privacy": {"exclude": 1}})"), true);
    CHECK(says(blocked(*bench.effective()), "the editor's settings: \"privacy.exclude\" is a whole number"));
}

TEST_CASE("words about what is no folder are a problem at their key") {
    const std::string key = GENERATE("b", "$HOME/x", "~u/x", "./x", "", "C:/x");
    Bench bench;
    const auto effective = bench.with_user(R"({"projects": {")" + key +
                                           R"(": {"budget": {"perDayTokens": 1}}, "/x": {}, "~": {}}})");
    INFO(listing(effective->problems));
    REQUIRE(effective->problems.size() == 1);
    CHECK_FALSE(effective->problems.front().warning);
    CHECK(tells(effective->problems, "config.json:1:15 \"projects." + key + "\" names no folder"));
    CHECK(tells(effective->problems, "begins with ~/"));
}
