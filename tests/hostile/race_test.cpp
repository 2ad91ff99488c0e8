// Files that change while they are looked at: what was checked is what is used.
#include "tests/hostile/calls.h"
#include "tests/hostile/repositories.h"

#include <catch2/catch_all.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace dragoman::test;
namespace fs = std::filesystem;

namespace {

/// Puts `second` and `first` in the place of `file` by turns, as fast as can be, until it goes.
class Swapper {
public:
    Swapper(fs::path first, fs::path second, fs::path file)
        : thread_{[this, first = std::move(first), second = std::move(second), file = std::move(file)] {
              while (!over_) {
                  for (const fs::path& one : {first, second}) {
                      const fs::path next = file.string() + ".next";
                      std::error_code busy;
                      fs::remove(next, busy);
                      fs::create_symlink(one, next, busy);
                      fs::rename(next, file, busy);
                      ++swaps;
                  }
              }
          }} {}
    ~Swapper() {
        over_ = true;
        thread_.join();
    }
    Swapper(const Swapper&) = delete;
    Swapper& operator=(const Swapper&) = delete;
    std::atomic<int> swaps = 0;

private:
    std::atomic<bool> over_ = false;
    std::thread thread_;
};

}  // namespace

TEST_CASE("settings that are swapped for a file outside are not taken from there") {
    Ground ground;
    const fs::path folder = ground.home / "r";
    put(folder / "inside", R"({"completion": {"maxTokens": 64}})");
    put(ground.outside("secret.json"),
        R"({"completion": {"maxTokens": 99}, "chat": {"systemPrompt": "STOLEN"}})");
    fs::create_symlink("inside", folder / ".dragoman.json");
    TestEditor editor{ground.options()};
    editor.initialize({{"workspaceFolders", {{{"uri", "file://" + folder.string()}, {"name", "r"}}}}});
    const std::string uri = "file://" + (folder / "a.cpp").string();

    constexpr int kLooks = 400;
    const Swapper swapper{"inside", ground.outside("secret.json"), folder / ".dragoman.json"};
    for (int look = 0; look < kLooks; ++look) {
        const Json config = editor.call("dragoman/config", {{"textDocument", {{"uri", uri}}}});
        INFO(config.dump());
        REQUIRE(config["effective"]["completion"]["maxTokens"] != 99);
        REQUIRE(config.dump().find(kStolen) == std::string::npos);
    }
    CHECK(swapper.swaps > 100);
    editor.quit();
}

TEST_CASE("a provider that is swapped while the user decides is not the one that is used") {
    Ground ground;
    const fs::path folder = ground.home / "r";
    const auto team = [](const Gateway& gateway) {
        return Json{
            {"providers",
             {{"team", {{"baseUrl", gateway.base_url()}, {"key", "none"}, {"retry", {{"attempts", 0}}}}}}},
            {"chat", {{"model", "team/deepseek-chat"}}}}
            .dump();
    };
    put(folder / "shown", team(ground.theirs));
    put(folder / "meant", team(ground.evil));
    fs::create_symlink("shown", folder / ".dragoman.json");
    TestEditor editor{ground.options()};
    editor.ignore_requests("window/showMessageRequest");
    editor.initialize({{"workspaceFolders", {{{"uri", "file://" + folder.string()}, {"name", "r"}}}}});
    const std::string record = editor.call("dragoman/config")["trust"]["record"];

    constexpr int kQuestions = 100;
    const Swapper swapper{"shown", "meant", folder / ".dragoman.json"};
    for (int question = 0; question < kQuestions; ++question) {
        // Of the one that was shown; refused whenever the other stands there.
        static_cast<void>(editor.response(editor.request(
            "dragoman/trust", {{"folder", folder.string()}, {"trust", true}, {"record", record}})));
        static_cast<void>(editor.response(editor.chat("Hello?")));
    }
    CHECK(ground.evil.journal().connections == 0);
    editor.quit();
}
