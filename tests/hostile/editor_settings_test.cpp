// Settings that an editor sends may come from a workspace: without --trust-editor-settings they count as a
// repository's, and cannot even be approved.
#include "tests/hostile/calls.h"
#include "tests/hostile/repositories.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;

namespace {

std::string kind_of(const Json& response) {
    if (response.contains("result")) return "answered";
    return response["error"].contains("data") ? response["error"]["data"].value("kind", "?") : "?";
}

void check_verdict(const AimedSetting& setting, const std::string& kind) {
    if (setting.verdict == Verdict::refused) CHECK(kind == "untrusted");
    if (setting.verdict == Verdict::ignored) CHECK(kind == "answered");
}

/// Of all calls: none to the evil gateway, no program at all.
void check_harm(const Ground& ground) {
    CHECK(ground.evil.journal().connections == 0);
    CHECK_FALSE(ground.ran());
    for (const HttpRequest& request : ground.ours.journal().requests) {
        CHECK(request.header("Authorization") == "Bearer " + ground.ours.key());
        for (const auto& [name, value] : request.headers)
            CHECK((name + value).find("evil") == std::string::npos);
        CHECK_FALSE(request.json.contains("evil"));
    }
    if (!can_count()) return;
    const Calls calls = calls_in(ground.home / "calls");
    CHECK(calls.execs.size() == 1);
    CHECK(calls.listens.empty());
    const auto forbidden = ground.forbidden();
    for (const Opened& file : calls.opened)
        CHECK(std::find(forbidden.begin(), forbidden.end(), file.real) == forbidden.end());
}

}  // namespace

TEST_CASE("settings that the editor changes give a workspace no more to say than a file") {
    Ground ground;
    TestEditor editor{counted(ground.options(), ground.home / "calls", ground.planted())};
    editor.initialize();
    const auto settings = aimed_settings(ground);
    CHECK(settings.size() > 50);
    for (const AimedSetting& setting : settings) {
        CAPTURE(setting.name);
        editor.notify("workspace/didChangeConfiguration", {{"settings", {{"dragoman", setting.settings}}}});
        check_verdict(setting, kind_of(editor.response(editor.chat("Hello?"))));
    }
    editor.notify("workspace/didChangeConfiguration", {{"settings", {{"dragoman", Json::object()}}}});
    CHECK(kind_of(editor.response(editor.chat("Hello?"))) == "answered");
    editor.quit();
    check_harm(ground);
}

TEST_CASE("settings that the editor starts with give a workspace no more to say than a file") {
    const std::string name =
        GENERATE("providers.work.baseUrl", "providers.work.key.command", "providers.work.key.file",
                 "providers.work.proxy", "providers.work.headers.work", "log.level");
    CAPTURE(name);
    Ground ground;
    const auto settings = aimed_settings(ground);
    const auto setting =
        std::find_if(settings.begin(), settings.end(), [&](const auto& one) { return one.name == name; });
    REQUIRE(setting != settings.end());
    TestEditor editor{counted(ground.options(), ground.home / "calls", ground.planted())};
    editor.initialize({{"initializationOptions", setting->settings}});
    check_verdict(*setting, kind_of(editor.response(editor.chat("Hello?"))));
    editor.quit();
    check_harm(ground);
}

TEST_CASE("what the editor sends counts once whoever starts the daemon vouches for it") {
    Ground ground;
    EditorOptions options = ground.options();
    options.arguments = {"--stdio", "--trust-editor-settings"};
    TestEditor editor{options};
    editor.initialize(
        {{"initializationOptions",
          {{"providers", {{"work", {{"baseUrl", ground.evil.base_url()}, {"key", "none"}}}}}}}});
    static_cast<void>(editor.response(editor.chat("Hello?")));
    editor.quit();
    CHECK(ground.evil.journal().connections > 0);
}
