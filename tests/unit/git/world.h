// git as the daemon calls it, on a loop that the test turns.
#pragma once

#include "server/git/git.h"
#include "server/process/boost_runner.h"
#include "server/support/loop_clock.h"
#include "tests/support/repository.h"

#include <boost/asio/io_context.hpp>
#include <catch2/catch_all.hpp>

#include <chrono>
#include <optional>

namespace dragoman::test {

struct GitWorld {
    boost::asio::io_context loop{1};
    LoopClock clock{loop};
    process::BoostRunner runner{loop, clock};
    TempDir home{};
    std::map<std::string, std::string> variables{{"PATH", std::getenv("PATH")},
                                                 {"HOME", home.path().string()}};
    Environment environment = [this](const std::string& name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::optional<std::string>{} : std::optional{found->second};
    };
    git::Git git{runner, environment};

    void until(const std::function<bool()>& holds) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
        while (!holds()) {
            if (std::chrono::steady_clock::now() > deadline) FAIL("nothing happened");
            if (loop.stopped()) loop.restart();
            loop.run_one_for(std::chrono::milliseconds{10});
        }
    }

    template <class T, class Start>
    Result<T> wait_for(const Start& start) {
        std::optional<Result<T>> got;
        std::unique_ptr<git::Git::Running> running = start([&](Result<T> result) {
            REQUIRE_FALSE(got);
            got.emplace(std::move(result));
            running.reset();
        });
        REQUIRE_FALSE(got);
        until([&] { return got.has_value(); });
        return std::move(*got);
    }
    Result<git::DiffText> staged(const std::filesystem::path& folder, git::DiffOptions options = {}) {
        return wait_for<git::DiffText>(
            [&](auto done) { return git.staged_diff(folder, std::move(options), std::move(done)); });
    }
    Result<git::DiffText> working(const std::filesystem::path& folder, git::DiffOptions options = {}) {
        return wait_for<git::DiffText>(
            [&](auto done) { return git.working_diff(folder, std::move(options), std::move(done)); });
    }
    Result<std::vector<std::string>> subjects(const std::filesystem::path& folder, std::size_t most = 10) {
        return wait_for<std::vector<std::string>>(
            [&](auto done) { return git.recent_subjects(folder, most, std::move(done)); });
    }
};

}  // namespace dragoman::test
