// What a test of the command line begins with: a gateway, and the real binary run beside it.
#pragma once

#include "tests/e2e/setup.h"
#include "tests/support/command.h"

#include <catch2/catch_all.hpp>

namespace dragoman::test {

/// A gateway, and commands that are configured for it.
struct Shell {
    explicit Shell(const std::string& dialect = "opencodex", const Json& changes = Json::object())
        : gateway{dialect}, config(config_for(gateway)) {
        config.merge_patch(changes);
    }
    Gateway gateway;
    Json config;
    std::shared_ptr<TempDir> home = std::make_shared<TempDir>();

    Command start(std::vector<std::string> arguments) {
        return Command{{.arguments = std::move(arguments),
                        .config = config,
                        .environment = {{"GATEWAY_KEY", gateway.key()}},
                        .home = home}};
    }
    struct Ran {
        int code = 0;
        std::string out, err;
        Json json() const { return Json::parse(out); }
    };
    /// To its end, with `input` on stdin. The key is looked for in all that was written.
    Ran run(std::vector<std::string> arguments, std::string_view input = {}) {
        Command command = start(std::move(arguments));
        command.write(input);
        command.close_input();
        Ran ran;
        ran.code = command.exit_code();
        ran.out = command.out();
        ran.err = command.err();
        CAPTURE(ran.out, ran.err);
        if (!gateway.key().empty()) {
            CHECK(ran.out.find(gateway.key()) == std::string::npos);
            CHECK(ran.err.find(gateway.key()) == std::string::npos);
        }
        return ran;
    }
    std::string file(const std::string& name, std::string_view text) const {
        return home->write("project/" + name, text).string();
    }
};

}  // namespace dragoman::test
