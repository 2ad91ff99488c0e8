// Who asks for suggestions while a person types: the engine, and the plain way that it is compared with.
#pragma once

#include "server/completion/engine.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_http.h"

#include <functional>
#include <memory>
#include <string>

namespace dragoman::bench {

/// A gateway room around a fake clock and network, with one provider that fills in the middle.
struct Room {
    test::FakeClock clock;
    test::FakeHttp http;
    test::FakeFiles files;
    struct NoRunner final : process::Runner {
        std::unique_ptr<process::Running> run(process::Command,
                                              std::function<void(process::Outcome)>) override {
            return nullptr;  // no key of this provider comes from a program
        }
    } runner;
    secrets::Keys keys{clock, files, [](const std::string&) { return std::nullopt; }, runner, Paths{}};
    gateway::Gateway gateway{clock, http, keys, [] { return 0.0; }};
    std::shared_ptr<const config::Effective> settings;

    Room();
};

class Asker {
public:
    virtual ~Asker() = default;
    /// A key made this of the text: asks for it. What was asked before is over.
    virtual void changed(const std::string& text, std::size_t cursor) = 0;
    /// The whole or a part of the last suggestion was taken.
    virtual void accepted(std::size_t bytes, bool all) = 0;
    /// A suggestion to stand at byte `begin`, or none (empty): for the text that was asked for last.
    std::function<void(std::size_t begin, const std::string& text)> on_answer;
};

std::unique_ptr<Asker> engine_asker(Room& room);
/// Waits 75 ms after a key, asks with all of the file, shows the answer when it is whole; keeps nothing.
std::unique_ptr<Asker> plain_asker(Room& room);

}  // namespace dragoman::bench
