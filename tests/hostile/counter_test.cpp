// The counter counts: without this the other tests could not fail.
#include "tests/hostile/calls.h"
#include "tests/hostile/ground.h"

#include <catch2/catch_all.hpp>

#include <algorithm>

using namespace dragoman::test;

TEST_CASE("the kernel's calls can be counted here") {
    if (!can_count())
        SKIP("strace is missing or not allowed: programs, connections and opened files are not counted");
    Ground ground;
    EditorOptions options = ground.options();
    options.config["chat"]["model"] = "vault/m";
    options.config["completion"]["model"] = nullptr;
    options.config["providers"]["vault"]["baseUrl"] = ground.evil.base_url();
    ground.home.write("planted/program",
                      "#!/bin/sh\necho sk-live-STOLEN\ncat '" + ground.outside("key").string() + "' >&2\n",
                      0700);
    TestEditor editor{counted(options, ground.home / "calls", ground.planted())};
    editor.initialize();
    static_cast<void>(editor.response(editor.chat("Hello?")));
    editor.quit();

    const Calls calls = calls_in(ground.home / "calls");
    const auto ran = [&](const std::string& program) {
        return std::any_of(calls.execs.begin(), calls.execs.end(),
                           [&](const Exec& one) { return one.program == program; });
    };
    CHECK(ran(DRAGOMAN_BINARY));
    CHECK(ran(ground.program()));
    CHECK(std::any_of(calls.connects.begin(), calls.connects.end(), [&](const std::string& one) {
        return one.find("htons(" + std::to_string(ground.evil.port()) + ")") != std::string::npos;
    }));
    CHECK(std::any_of(calls.opened.begin(), calls.opened.end(),
                      [&](const Opened& one) { return one.real == ground.outside("key").string(); }));
}
