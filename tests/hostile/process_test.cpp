// The process that holds keys, and the file of decisions that several of them share.
#include "tests/gateway/gateway.h"
#include "tests/hostile/calls.h"
#include "tests/hostile/ground.h"
#include "tests/support/command.h"
#include "tests/support/fresh_environment.h"
#include "tests/support/patience.h"

#include <catch2/catch_all.hpp>

#include <atomic>
#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <unistd.h>

using namespace dragoman::test;
namespace fs = std::filesystem;

namespace {

constexpr unsigned kNobody = 65534;
constexpr const char* kSetpriv = "/usr/bin/setpriv";

bool is_root() { return ::geteuid() == 0; }

/// What a process of the same user that is not root tries: the words before its command.
std::vector<std::string> as_user() {
    if (!is_root()) return {"/usr/bin/env"};
    const std::string id = std::to_string(kNobody);
    return {kSetpriv, "--reuid=" + id, "--regid=" + id, "--clear-groups"};
}

/// A daemon with a key in its environment, in a home of that user's.
struct Holder {
    TempDir home{};
    std::unique_ptr<TestEditor> editor{};

    explicit Holder(const std::vector<std::string>& flags) {
        const fs::path binary = home / "dragoman";
        fs::copy_file(DRAGOMAN_BINARY, binary);
        fs::permissions(binary, fs::perms{0755});
        EditorOptions options;
        options.environment = fresh_environment(home);
        options.environment["GATEWAY_KEY"] = "sk-live-held";
        std::vector<std::string> words = as_user();
        options.binary = words.front();
        words.erase(words.begin());
        words.push_back(binary.string());
        words.insert(words.end(), flags.begin(), flags.end());
        options.arguments = words;
        if (is_root()) REQUIRE(::chown(home.path().c_str(), kNobody, kNobody) == 0);
        editor = std::make_unique<TestEditor>(options);
        editor->initialize({{"processId", nullptr}});
    }
    std::string proc(const std::string& name) const {
        return "/proc/" + std::to_string(editor->pid()) + "/" + name;
    }
    /// How often `text` is in the memory that it can write.
    std::size_t count_in_memory(const std::string& text) const {
        std::ifstream maps{proc("maps")}, memory{proc("mem"), std::ios::binary};
        std::size_t found = 0;
        for (std::string line, bytes; std::getline(maps, line);) {
            std::uint64_t begin = 0, end = 0;
            char readable = 0, writable = 0;
            std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %c%c", &begin, &end, &readable, &writable);
            if (readable != 'r' || writable != 'w') continue;
            bytes.assign(end - begin, '\0');
            memory.clear();
            memory.seekg(static_cast<std::streamoff>(begin));
            memory.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            for (auto at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1)) ++found;
        }
        return found;
    }
    /// A connection that ends holds its request for a moment longer.
    bool forgets(const std::string& text) const {
        const auto until = std::chrono::steady_clock::now() + kPatience;
        while (count_in_memory(text) > 0) {
            if (std::chrono::steady_clock::now() > until) return false;
        }
        return true;
    }
    /// Whether another process of the user gets anything out of that file.
    bool can_read(const std::string& name) const {
        std::string command;
        for (const std::string& word : as_user()) command += word + " ";
        command += "head -c 1 " + proc(name) + " 2>/dev/null | wc -c | grep -q '^1$'";
        // The tests of a program run one at a time.  NOLINTNEXTLINE(concurrency-mt-unsafe)
        return std::system(command.c_str()) == 0;
    }
};

}  // namespace

TEST_CASE("no other process of the user can look into the daemon, and it leaves no core file") {
    if (is_root() && !fs::exists(kSetpriv)) SKIP("setpriv is missing: nobody else to look");
    const bool open = GENERATE(false, true);  // --debuggable shows that the look would see something
    Holder holder{open ? std::vector<std::string>{"--debuggable", "--stdio"}
                       : std::vector<std::string>{"--stdio"}};
    for (const char* name : {"environ", "maps", "auxv"}) {
        CAPTURE(name, open);
        CHECK(holder.can_read(name) == open);
    }
    std::ifstream limits{holder.proc("limits")};
    bool none = false;
    for (std::string line; std::getline(limits, line);)
        none = none || (line.starts_with("Max core file size") && line.find(" 0 ") != std::string::npos &&
                        line.find("unlimited") == std::string::npos);
    if (!open) CHECK(none);
    holder.editor->quit();
}

TEST_CASE("a key that was replaced or taken back is nowhere in the daemon's memory") {
    if (!is_root()) SKIP("only root can look into the daemon");
    if (kSlowness > 1) SKIP("a sanitizer's own memory is too much to look through");
    Gateway gateway{"opencodex"};
    Holder holder{{"--stdio"}};
    holder.home.write(
        "config/dragoman/config.json",
        Json{{"providers",
              {{"gw", {{"preset", "opencodex"}, {"baseUrl", gateway.base_url()}, {"key", "editor"}}}}},
             {"chat", {{"model", "gw/deepseek-chat"}}},
             {"log", {{"level", "debug"}}}}
            .dump(),
        0644);
    const auto key = [](int number) { return "sk-live-m3mory-of-the-daemon-" + std::to_string(number); };
    const auto use = [&](const Json& given) {
        holder.editor->call("dragoman/key/set", {{"provider", "gw"}, {"key", given}});
        static_cast<void>(holder.editor->response(holder.editor->chat("Hello?")));
    };
    for (int number = 1; number < 4; ++number) use(key(number));
    CHECK(holder.count_in_memory(key(3)) > 0);
    CHECK(holder.forgets(key(1)));
    CHECK(holder.forgets(key(2)));
    use(nullptr);
    CHECK(holder.forgets(key(3)));
    holder.editor->quit();
}

TEST_CASE("many processes decide about many projects at once: nothing is lost, and the file is never torn") {
    constexpr int kFolders = 5, kRounds = 4;
    Ground ground;
    const auto home = std::make_shared<TempDir>();
    const auto folder = [&](int number) { return (ground.home / ("p" + std::to_string(number))).string(); };
    for (int i = 0; i < kFolders; ++i)
        ground.home.write(
            "p" + std::to_string(i) + "/.dragoman.json",
            Json{{"providers", {{"team", {{"baseUrl", "https://gateway.invalid/v1"}}}}}}.dump());
    const auto run = [&](const std::string& verb, const std::string& where) {
        return std::make_unique<Command>(CommandOptions{.arguments = {"trust", verb, where}, .home = home});
    };
    const std::string file = (*home / "state/dragoman/trust.json").string();

    std::atomic<bool> over = false;
    std::atomic<int> looks = 0, torn = 0;
    std::thread reader{[&] {
        while (!over) {
            std::ifstream in{file, std::ios::binary};
            const std::string text{std::istreambuf_iterator<char>{in}, {}};
            if (text.empty()) continue;
            ++looks;
            if (!Json::accept(text)) ++torn;
        }
    }};
    std::atomic<int> failed = 0;
    std::vector<std::thread> deciders;
    for (int i = 0; i < kFolders; ++i) {
        deciders.emplace_back([&, i] {
            for (int round = 0; round < kRounds; ++round) {
                for (const char* verb : {"allow", "deny", "forget", i % 2 == 0 ? "allow" : "deny"})
                    failed += run(verb, folder(i))->exit_code() == 0 ? 0 : 1;
            }
        });
    }
    // And one that is killed in the middle of it, again and again.
    deciders.emplace_back([&] {
        for (int round = 0; round < 3 * kRounds; ++round) {
            const auto command = run("deny", ground.home.path().string() + "/killed");
            std::this_thread::yield();
            command->signal(SIGKILL);
            static_cast<void>(command->exit_code());
        }
    });
    for (std::thread& decider : deciders) decider.join();
    over = true;
    reader.join();

    CHECK(failed == 0);
    CHECK(looks > 0);
    CHECK(torn == 0);
    const auto list =
        std::make_unique<Command>(CommandOptions{.arguments = {"trust", "list", "--json"}, .home = home});
    REQUIRE(list->exit_code() == 0);
    std::map<std::string, std::string> decided;
    const Json listed = list->json();
    for (const Json& one : listed["folders"]) decided[one["folder"]] = one["decision"];
    for (int i = 0; i < kFolders; ++i) {
        CAPTURE(i, list->out());
        CHECK(decided[folder(i)] == (i % 2 == 0 ? "allowed" : "denied"));
    }
    CHECK_FALSE(fs::exists(file + ".broken"));
}
