// Keys with every neighbour played: a clock whose hands the test turns, programs that end as it says.
#pragma once

#include "server/secrets/keys.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"

#include <catch2/catch_test_macros.hpp>

namespace dragoman::test {

/// Keeps what it was asked to run until the test says how it ended.
class FakeRunner final : public process::Runner {
public:
    struct Run {
        process::Command command;
        std::function<void(process::Outcome)> done;
        bool dropped = false;
    };

    std::unique_ptr<process::Running> run(process::Command command,
                                          std::function<void(process::Outcome)> done) override {
        runs.push_back(std::make_shared<Run>(Run{std::move(command), std::move(done)}));
        auto handle = std::make_unique<Handle>();
        handle->run = runs.back();
        return handle;
    }

    void end_last(process::Outcome outcome) {
        REQUIRE_FALSE(runs.empty());
        REQUIRE_FALSE(runs.back()->dropped);
        const auto done = std::exchange(runs.back()->done, nullptr);
        REQUIRE(done);
        done(std::move(outcome));
    }

    std::vector<std::shared_ptr<Run>> runs;

private:
    struct Handle final : process::Running {
        ~Handle() override { run->dropped = true; }
        std::shared_ptr<Run> run;
    };
};

inline process::Outcome exited(int code, std::string output, std::string errors = {}) {
    process::Outcome outcome;
    outcome.end = process::Outcome::End::exited;
    outcome.code = code;
    outcome.output = std::move(output);
    outcome.errors = std::move(errors);
    return outcome;
}

inline process::Outcome ended(process::Outcome::End end, int code = 0, std::string message = {}) {
    process::Outcome outcome;
    outcome.end = end;
    outcome.code = code;
    outcome.message = std::move(message);
    return outcome;
}

inline config::Provider provider_with(config::KeySource key) {
    config::Provider provider;
    provider.name = "work";
    provider.base_url = "https://gateway.example/v1";
    provider.key = std::move(key);
    return provider;
}

inline config::Provider env_provider(std::string name) {
    return provider_with({.kind = config::KeySource::Kind::env, .env = std::move(name)});
}

inline config::Provider command_provider(std::optional<int> ttl = {}) {
    return provider_with({.kind = config::KeySource::Kind::command,
                          .command = {"pass", "show", "gateway"},
                          .ttl_seconds = ttl});
}

inline config::Provider file_provider(std::filesystem::path file) {
    return provider_with({.kind = config::KeySource::Kind::file, .file = std::move(file)});
}

/// Everything a secrets::Keys needs, and what it answered.
class Fixture {
public:
    std::map<std::string, std::string> variables{
        {"HOME", "/home/u"}, {"PATH", "/usr/bin"}, {"WORK_API_KEY", "sk-env-1234"}};
    FakeClock clock;
    DiskFiles files;
    FakeRunner runner;
    TempDir home;
    std::unique_ptr<secrets::Keys> owned = make(files);
    secrets::Keys& keys = *owned;

    std::unique_ptr<secrets::Keys> make(Files& from) {
        Paths paths;
        paths.home = home.path();
        return std::make_unique<secrets::Keys>(
            clock, from,
            [this](const std::string& name) -> std::optional<std::string> {
                const auto found = variables.find(name);
                if (found == variables.end() || found->second.empty()) return std::nullopt;
                return found->second;
            },
            runner, paths);
    }

    /// Asks, and keeps the ticket for the length of the test.
    void ask(const config::Provider& provider) {
        tickets.push_back(
            keys.get(provider, [this](Result<secrets::Key> key) { answers.push_back(std::move(key)); }));
    }

    /// The key text that is released, or "error: ..." with message and hint.
    std::string last() const {
        if (answers.empty()) return "no answer";
        const auto& answer = answers.back();
        if (!answer.ok()) {
            CHECK(answer.error().kind == ErrorKind::no_key);
            CHECK(answer.error().provider == "work");
            CHECK(answer.error().message.find_first_of("\r\n") == std::string::npos);
            CHECK_FALSE(answer.error().hint.empty());
            return "error: " + answer.error().message + " | " + answer.error().hint;
        }
        const auto header = answer->header_for(parse_url("https://gateway.example")->origin);
        return header ? header->second.substr(7) : "no key";
    }

    std::string key_of(const config::Provider& provider) {
        answers.clear();
        ask(provider);
        return last();
    }

    std::vector<Result<secrets::Key>> answers;
    std::vector<std::unique_ptr<secrets::Keys::Ticket>> tickets;
};

inline void check_holds(const std::string& text, std::initializer_list<std::string_view> parts) {
    CAPTURE(text);
    for (const auto part : parts) {
        CAPTURE(part);
        CHECK(text.find(part) != std::string::npos);
    }
}

}  // namespace dragoman::test
