#include "tests/support/schema_leaves.h"
#include "tests/unit/config/bench.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using dragoman::config::Role;
using dragoman::test::Bench;
using dragoman::test::kProjectFile;
using dragoman::test::kUserFile;
using dragoman::test::listing;
using dragoman::test::schema_leaves;
using dragoman::test::SchemaLeaf;
using dragoman::test::settings_with;
using dragoman::test::tells;

namespace {

const std::string kUser = R"({
    "providers": {"work": {"preset": "opencodex"}, "home": {"preset": "ollama"}},
    "completion": {"model": "work/m"}, "chat": {"model": "work/m"}})";

// What a repository could have changed, without names of sources.
std::string facts(const config::Effective& effective) {
    Json out = {{"merged", effective.merged}, {"exclude", effective.exclude}, {"log", effective.log_level}};
    for (const auto& [name, provider] : effective.providers) {
        out["providers"][name] = {provider->base_url, provider->key.describe(), provider->headers,
                                  provider->allow_http};
    }
    return dump_json(out);
}

ErrorKind refusal(const Result<config::ModelRef>& result) {
    REQUIRE_FALSE(result);
    CHECK_FALSE(result.error().message.empty());
    CHECK_FALSE(result.error().hint.empty());
    CHECK(result.error().message.find('\n') == std::string::npos);
    return result.error().kind;
}

}  // namespace

TEST_CASE("every leaf of the schema has a class and a description") {
    for (const SchemaLeaf& leaf : schema_leaves()) {
        INFO(config::dotted(leaf.path));
        CHECK((leaf.trust == "free" || leaf.trust == "approval" || leaf.trust == "never"));
        CHECK_FALSE(leaf.description.empty());
    }
    CHECK(schema_leaves().size() > 100);
}

TEST_CASE("nothing that a repository may not say changes what holds, from any place it may say it") {
    Bench bench;
    const std::string before = facts(*bench.with_user(kUser));
    for (const SchemaLeaf& leaf : schema_leaves()) {
        if (leaf.trust == "free" || leaf.path.front() == "projects") continue;
        INFO(config::dotted(leaf.path));
        const Json settings = settings_with(leaf);
        const bool claims = leaf.trust == "approval" || leaf.path.back() == "currency";
        const auto verify = [&](const config::Effective& effective) {
            INFO(listing(effective.problems));
            CHECK_FALSE(effective.problems.empty());
            if (effective.untrusted.empty()) {
                CHECK(facts(effective) == before);
                CHECK(tells(effective.problems, "may not come from a repository"));
            } else {
                CHECK(claims);
                CHECK(refusal(effective.resolve(Role::chat)) == ErrorKind::untrusted);
                CHECK(refusal(effective.resolve(Role::completion)) == ErrorKind::untrusted);
                CHECK_FALSE(effective.providers.contains("work"));
                CHECK(Json(effective.merged) == Json::parse(before)["merged"]);
            }
            CHECK(effective.untrusted.empty() == (leaf.trust == "never"));
        };
        verify(*bench.with_project(dump_json(settings)));
        bench.files.remove(kProjectFile);
        bench.store.set_editor_settings(settings, false);
        verify(*bench.effective());
        bench.store.set_editor_settings(nullptr, false);
    }
    CHECK(facts(*bench.effective()) == before);
}

TEST_CASE("every leaf counts in the user's own file and in editor settings of the user's level") {
    for (const SchemaLeaf& leaf : schema_leaves()) {
        if (leaf.path.front() == "projects") continue;
        INFO(config::dotted(leaf.path));
        Bench bench;
        bench.store.set_editor_settings(settings_with(leaf), true);
        for (const config::Problem& problem : bench.effective()->problems) {
            INFO(problem.message);
            CHECK(problem.message.find("repository") == std::string::npos);
            CHECK(problem.message.find("unknown") == std::string::npos);
        }
    }
}

TEST_CASE("a project's own provider waits for approval, in words that name what it asks for") {
    Bench bench;
    bench.files.write(kUserFile, kUser);
    const auto effective = bench.with_project(R"({
        "providers": {"team": {"baseUrl": "https://gateway.example:8443/v1", "headers": {"X-Team": "secret-value"}, "key": {"env": "TEAM_KEY"}}},
        "chat": {"model": "team/m"}})");
    REQUIRE(effective->untrusted.contains("team"));
    const std::string& words = effective->untrusted.at("team");
    CHECK(words.find("https://gateway.example:8443") != std::string::npos);
    CHECK(words.find("X-Team") != std::string::npos);
    CHECK(words.find("environment variable TEAM_KEY") != std::string::npos);
    CHECK(words.find("secret-value") == std::string::npos);
    const auto found = effective->resolve(Role::chat);
    CHECK(refusal(found) == ErrorKind::untrusted);
    CHECK(found.error().hint.find(kUserFile.string()) != std::string::npos);
    CHECK(found.error().hint.find("\"projects\"") != std::string::npos);
    CHECK(effective->resolve(Role::completion));
    CHECK(refusal(effective->find("team/other")) == ErrorKind::untrusted);
}

TEST_CASE("a project that changes the user's provider loses it and gets no other") {
    const std::string change =
        GENERATE(R"({"baseUrl": "https://evil.example/v1"})", R"({"headers": {"A": "b"}})",
                 R"({"extraBody": {"a": 1}})", R"({"models": {"m": {"contextLength": 1}}})",
                 R"({"key": {"env": "OTHER"}})", "null", R"({"userAgent": null})", R"({"timeouts": null})");
    Bench bench;
    bench.files.write(kUserFile, kUser);
    const auto effective = bench.with_project(R"({"providers": {"work": )" + change + "}}");
    INFO(change);
    CHECK(refusal(effective->resolve(Role::chat)) == ErrorKind::untrusted);
    CHECK_FALSE(effective->providers.contains("work"));
    CHECK(effective->find("home/m"));
    CHECK(tells(effective->problems, "a repository may not set it up"));
    CHECK(bench.effective("/elsewhere/x.c")->resolve(Role::chat));
}

TEST_CASE("a project that removes all providers has none") {
    Bench bench;
    bench.files.write(kUserFile, kUser);
    const auto effective = bench.with_project(R"({"providers": null})");
    CHECK(effective->providers.empty());
    CHECK(refusal(effective->find("home/m")) == ErrorKind::untrusted);
}

TEST_CASE("the user's own words about the project settle what it asked for") {
    Bench bench;
    bench.files.write(
        kProjectFile,
        R"({"providers": {"team": {"baseUrl": "https://theirs.example/v1"}}, "chat": {"model": "team/m"}})");
    const auto settled = bench.with_user(
        R"({"projects": {"~/src/app": {"providers": {"team": {"baseUrl": "https://mine.example/v1", "key": {"env": "MINE"}}}}}})");
    const auto found = settled->resolve(Role::chat);
    REQUIRE(found);
    CHECK(found->provider->base_url == "https://mine.example/v1");
    // Without saying where the provider is, nothing is settled.
    const auto open = bench.with_user(
        R"({"providers": {"team": {"preset": "openai"}}, "projects": {"~/src/app": {"providers": {"team": {"timeouts": {"idleMs": 5}}}}}})");
    CHECK(refusal(open->resolve(Role::chat)) == ErrorKind::untrusted);
}

TEST_CASE("a project chooses among the user's providers and tunes what is free") {
    Bench bench;
    bench.files.write(kUserFile, kUser);
    const auto effective = bench.with_project(R"({
        "completion": {"model": "home/qwen", "maxTokens": 64, "temperature": 0.5, "disabledLanguages": ["markdown"]},
        "chat": {"model": "home/x/y", "systemPrompt": "Be brief.", "fallback": ["work/m"]},
        "privacy": {"exclude": ["vendor/**", "**/*.pem"]}})");
    INFO(listing(effective->problems));
    CHECK(effective->problems.empty());
    CHECK(effective->resolve(Role::completion)->id() == "home/qwen");
    CHECK(effective->resolve(Role::chat)->model.id == "x/y");
    CHECK(effective->resolve(Role::edit)->id() == "home/x/y");
    CHECK(effective->chat.system_prompt == "Be brief.");
    CHECK(effective->exclude == std::vector<std::string>{"**/.env*", "**/*.pem", "**/id_*", "vendor/**"});
}

TEST_CASE("a project that chooses an unknown provider gets none") {
    Bench bench;
    bench.files.write(kUserFile, kUser);
    const auto effective = bench.with_project(R"({"chat": {"model": "deepseek/deepseek-chat"}})");
    CHECK(refusal(effective->resolve(Role::chat)) == ErrorKind::not_configured);
    CHECK(tells(effective->problems, "there is no provider \"deepseek\""));
}

TEST_CASE("a repository adds to what is excluded and takes nothing away") {
    const std::string attempt = GENERATE(R"({"privacy": {"exclude": []}})",
                                         R"({"privacy": {"exclude": null}})", R"({"privacy": null})");
    Bench bench;
    bench.files.write(kUserFile, R"({"privacy": {"exclude": ["mine"], "recordUsage": false}})");
    const auto effective = bench.with_project(attempt);
    CHECK(effective->exclude == std::vector<std::string>{"mine"});
    CHECK_FALSE(effective->record_usage);
}

TEST_CASE("a repository switches completion off, and on only where the user did not say no") {
    Bench bench;
    const auto enabled = [&](const std::string& user, const std::string& root, const std::string& package) {
        const auto text = [](const std::string& value) {
            return value.empty() ? "{}" : R"({"completion": {"enabled": )" + value + "}}";
        };
        bench.files.write(kUserFile, text(user));
        bench.files.write(kProjectFile, text(root));
        bench.files.write("/home/u/src/app/pkg/.dragoman.json", text(package));
        return bench.effective("/home/u/src/app/pkg/x.c")->completion.enabled;
    };
    CHECK(enabled("", "", ""));
    CHECK_FALSE(enabled("", "false", ""));
    CHECK(enabled("", "false", "true"));
    CHECK(enabled("true", "false", "true"));
    CHECK_FALSE(enabled("true", "", "false"));
    CHECK_FALSE(enabled("false", "true", ""));
    CHECK_FALSE(enabled("false", "false", "true"));
    CHECK_FALSE(enabled("false", "false", "null"));
    CHECK(tells(bench.effective("/home/u/src/app/pkg/x.c")->problems, "may not take back"));
}

TEST_CASE("a required provider is the only one, whoever requires it") {
    Bench bench;
    bench.files.write(kUserFile, kUser);
    const auto effective = bench.with_project(R"({"requireProvider": "home"})");
    CHECK(refusal(effective->resolve(Role::chat)) == ErrorKind::not_configured);
    CHECK(effective->resolve(Role::chat).error().message.find("\"home\" is the only provider") !=
          std::string::npos);
    CHECK(refusal(effective->find("nobody/m")) == ErrorKind::not_configured);
    CHECK(effective->find("home/m"));
    CHECK(effective->providers.size() == 1);

    const auto unknown = bench.with_project(R"({"requireProvider": "corp"})");
    CHECK(refusal(unknown->resolve(Role::chat)) == ErrorKind::not_configured);
    CHECK(refusal(unknown->find("home/m")) == ErrorKind::not_configured);
    CHECK(unknown->find("home/m").error().hint.find("CORP_API_KEY") != std::string::npos);

    const auto own = bench.with_project(
        R"({"requireProvider": "corp", "providers": {"corp": {"baseUrl": "https://c.example"}}})");
    CHECK(refusal(own->find("home/m")) == ErrorKind::untrusted);
    CHECK(refusal(own->find("corp/m")) == ErrorKind::untrusted);

    const auto unreadable = bench.with_project(R"({"requireProvider": 5})");
    CHECK(refusal(unreadable->find("home/m")) == ErrorKind::not_configured);
    CHECK(unreadable->providers.empty());
}

TEST_CASE("a repository cannot lift or replace what the user requires") {
    const std::string attempt = GENERATE(R"({"requireProvider": null})", R"({"requireProvider": "home"})");
    Bench bench;
    bench.files.write(kUserFile, R"({"requireProvider": "work", )" + kUser.substr(1));
    const auto effective = bench.with_project(attempt);
    REQUIRE_FALSE(effective->find("home/m"));
    CHECK(effective->find("work/m").ok() == (attempt.find("null") != std::string::npos));
}

TEST_CASE("the user's words about a project outrank what the project requires") {
    Bench bench;
    bench.files.write(kProjectFile, R"({"requireProvider": "home"})");
    const auto effective = bench.with_user(
        R"({"projects": {"~/src/app": {"requireProvider": "work"}}, "requireProvider": "home", )" +
        kUser.substr(1));
    CHECK(effective->find("work/m"));
    CHECK_FALSE(effective->find("home/m"));
}

TEST_CASE("a system prompt from a repository is bounded") {
    Bench bench;
    CHECK(bench.with_project(R"({"chat": {"systemPrompt": ")" + std::string(32768, 'x') + "\"}}")
              ->chat.system_prompt->size() == 32768);
    CHECK_FALSE(bench.with_project(R"({"chat": {"systemPrompt": ")" + std::string(32769, 'x') + "\"}}")
                    ->chat.system_prompt);
    std::string wide;
    for (int i = 0; i < 16385; ++i) wide += "\xC3\xA4";
    CHECK_FALSE(bench.with_project(R"({"chat": {"systemPrompt": ")" + wide + "\"}}")->chat.system_prompt);
}
