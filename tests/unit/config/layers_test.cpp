#include "tests/support/temp_dir.h"
#include "tests/unit/config/bench.h"

#include <catch2/catch_all.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace dragoman;
using dragoman::test::Bench;
using dragoman::test::kDocument;
using dragoman::test::kProjectFile;
using dragoman::test::kUserFile;
using dragoman::test::listing;
using dragoman::test::tells;

namespace {

const std::string kTwoProviders =
    R"("providers": {"work": {"preset": "opencodex"}, "home": {"preset": "ollama"}})";

std::string source_of(const config::Effective& effective, const std::string& pointer) {
    const auto found = effective.provenance.find(pointer);
    return found == effective.provenance.end() ? "" : found->second;
}

}  // namespace

TEST_CASE("each layer outranks the one below, and every leaf knows who said it") {
    Bench bench;
    const auto tokens = [&] { return bench.effective()->completion.max_tokens; };
    const auto source = [&] { return source_of(*bench.effective(), "/completion/maxTokens"); };
    CHECK(tokens() == 256);
    CHECK(source() == "default");

    bench.store.set_discovered({{"completion", {{"maxTokens", 9}}}});
    CHECK(tokens() == 9);

    bench.files.write(kUserFile, R"({"completion": {"maxTokens": 1}})");
    CHECK(tokens() == 1);
    CHECK(source() == kUserFile);

    bench.files.write(kProjectFile, R"({"completion": {"maxTokens": 2}})");
    CHECK(tokens() == 2);
    CHECK(source() == kProjectFile);

    bench.files.write(
        kUserFile,
        R"({"completion": {"maxTokens": 1}, "projects": {"~/src/app": {"completion": {"maxTokens": 3}}}})");
    CHECK(tokens() == 3);
    CHECK(source() == kUserFile);

    bench.store.set_editor_settings({{"completion", {{"maxTokens", 4}}}}, false);
    CHECK(tokens() == 4);
    CHECK(source() == "editor");

    bench.store.set_session_overlay({{"completion", {{"maxTokens", 5}}}});
    CHECK(tokens() == 5);

    bench.store.set_discovered(nullptr);
    bench.store.set_session_overlay(nullptr);
    bench.store.set_editor_settings(nullptr, false);
    bench.files.remove(kProjectFile);
    bench.files.remove(kUserFile);
    CHECK(tokens() == 256);
    CHECK(bench.effective()->problems.empty());
}

TEST_CASE("the nearest project file wins, key by key, and files beside the way are not read") {
    Bench bench;
    bench.files.write(kUserFile, "{" + kTwoProviders + "}");
    bench.files.write(kProjectFile, R"({"completion": {"model": "work/root", "maxTokens": 10}})");
    bench.files.write("/home/u/src/app/pkg/.dragoman.json", R"({"completion": {"model": "home/pkg"}})");
    bench.files.write("/home/u/src/app/other/.dragoman.json", R"({"completion": {"maxTokens": 99}})");
    bench.files.write("/home/u/src/.dragoman.json", R"({"completion": {"debounceMs": 999}})");
    const auto deep = bench.effective("/home/u/src/app/pkg/a/b.c");
    CHECK(deep->completion.model == "home/pkg");
    CHECK(deep->completion.max_tokens == 10);
    CHECK(deep->completion.debounce_ms == 75);
    CHECK(deep->project == "/home/u/src/app");
    CHECK(bench.effective()->completion.model == "work/root");
    CHECK(bench.effective("/home/u/src/app/pkg/../main.c")->completion.model == "work/root");
    CHECK(bench.effective("/home/u/src/application/x.c")->completion.max_tokens == 256);
    CHECK(bench.effective("/home/u/src/application/x.c")->project.empty());
    CHECK(bench.effective({})->completion.model == "work/root");
}

TEST_CASE("objects merge, lists and scalars replace, null removes") {
    Bench bench;
    const auto effective = bench.with_user(R"({
        "providers": {
            "work": {"preset": "open1", "userAgent": null, "models": {"gpt-5": null, "own": {"contextLength": 5}}},
            "home": {"preset": "ollama"}},
        "chat": {"systemPrompt": "a", "fallback": ["x/y"]},
        "completion": {"temperature": null, "maxTokens": null},
        "privacy": {"exclude": ["only"]},
        "projects": {"/home/u/src/app": {"chat": {"systemPrompt": null, "fallback": ["z/z"]}, "providers": {"home": null}}}
    })");
    INFO(listing(effective->problems));
    const auto& work = *effective->providers.at("work");
    CHECK(work.user_agent.empty());
    CHECK_FALSE(work.models.contains("gpt-5"));
    CHECK(work.models.contains("gpt-5.4"));
    CHECK(work.models.at("own").context_length == 5);
    CHECK(effective->completion.temperature == std::nullopt);
    CHECK(effective->completion.max_tokens == 256);
    CHECK(effective->exclude == std::vector<std::string>{"only"});
    CHECK(effective->chat.system_prompt == std::nullopt);
    CHECK(effective->chat.fallback == std::vector<std::string>{"z/z"});
    CHECK_FALSE(effective->providers.contains("home"));
    CHECK(source_of(*effective, "/chat/systemPrompt").empty());
    CHECK(source_of(*effective, "/providers/work/models/gpt-5.4/price/input") == "default");
    CHECK(source_of(*effective, "/providers/work/models/own/contextLength") == kUserFile);
}

TEST_CASE("a key source replaces another whole") {
    Bench bench;
    const auto effective = bench.with_user(
        R"({"providers": {"work": {"preset": "opencodex", "key": {"command": ["pass", "work"], "ttlSeconds": 60}}}})");
    const config::KeySource& key = effective->providers.at("work")->key;
    CHECK(key.kind == config::KeySource::Kind::command);
    CHECK(key.command == std::vector<std::string>{"pass", "work"});
    CHECK(key.ttl_seconds == 60);
    CHECK(key.describe() == "command pass");
    CHECK(effective->merged["providers"]["work"]["key"].size() == 2);
}

TEST_CASE("every source of a key is read") {
    Bench bench;
    const auto key = [&](const std::string& text) {
        const auto effective =
            bench.with_user(R"({"providers": {"w": {"preset": "opencodex", "key": )" + text + "}}}");
        INFO(listing(effective->problems));
        return effective->providers.at("w")->key.describe();
    };
    CHECK(key(R"({"env": "WORK_API_KEY"})") == "environment variable WORK_API_KEY");
    CHECK(key(R"({"file": "~/key"})") == "file /home/u/key");
    CHECK(key(R"({"keyring": {"service": "s", "account": "a"}})") == "keyring entry a of s");
    CHECK(key(R"("editor")") == "the editor");
    CHECK(key(R"("none")") == "no key");
    CHECK(key("null") == "no key");
}

TEST_CASE(
    "of the folders of \"projects\" the innermost wins, key by key, tilde and trailing slash included") {
    Bench bench;
    bench.files.write(kUserFile, R"({"projects": {
        "~/src": {"completion": {"maxTokens": 1, "debounceMs": 11}},
        "~/src/app/": {"completion": {"maxTokens": 2}},
        "/home/u/src/app/pkg": {"completion": {"maxTokens": 3}},
        "relative": {"completion": {"maxTokens": 4}}}})");
    CHECK(bench.effective()->completion.max_tokens == 2);
    CHECK(bench.effective()->completion.debounce_ms == 11);
    CHECK(bench.effective("/home/u/src/app/pkg/x/y.c")->completion.debounce_ms == 11);
    CHECK(bench.effective("/home/u/src/app/pkg/x/y.c")->completion.max_tokens == 3);
    CHECK(bench.effective("/home/u/src/other/y.c")->completion.max_tokens == 1);
    CHECK(bench.effective("/tmp/y.c")->completion.max_tokens == 256);
    CHECK(bench.effective({})->completion.max_tokens == 2);
    CHECK_FALSE(bench.effective()->merged.contains("projects"));
}

TEST_CASE("nothing is read again while nothing changed, and what was handed out stays as it was") {
    Bench bench;
    const auto before = bench.with_user(R"({"completion": {"maxTokens": 1}})");
    const int reads = bench.files.reads;
    CHECK(bench.effective() == before);
    CHECK(bench.files.reads == reads);
    bench.files.write(kUserFile, R"({"completion": {"maxTokens": 2}})");
    CHECK(bench.effective()->completion.max_tokens == 2);
    CHECK(before->completion.max_tokens == 1);
    bench.files.write(kProjectFile, "{}");
    CHECK(bench.effective()->sources.size() == 3);
}

TEST_CASE("sources say who counts as the user") {
    Bench bench;
    bench.files.write(kUserFile, "{}");
    bench.files.write(kProjectFile, "{}");
    bench.store.set_editor_settings({{"completion", {{"menu", true}}}}, false);
    using config::Source;
    CHECK(
        bench.effective()->sources ==
        std::vector<Source>{{"default", true}, {kUserFile, true}, {kProjectFile, false}, {"editor", false}});
    bench.store.set_editor_settings({{"completion", {{"menu", true}}}}, true);
    CHECK(bench.effective()->sources.back() == Source{"editor", true});
}

TEST_CASE("mistakes in the editor's settings have no file") {
    Bench bench;
    bench.store.set_editor_settings({{"completion", {{"maxTokens", "x"}}}, {"level", "user"}}, true);
    REQUIRE(bench.effective()->problems.size() == 2);
    CHECK(bench.effective()->problems.front().path.empty());
    CHECK(bench.store.problems_by_file().empty());
    bench.store.set_editor_settings(Json::array({1}), true);
    CHECK(tells(bench.effective()->problems, "must be one object"));
}

TEST_CASE(
    "problems of a file are told after the editor's settings changed, and in every document's folder once") {
    Bench bench;
    bench.files.write(kUserFile, R"({"nonsense": 1, "providers": {"w": {}}})");
    bench.files.write(kProjectFile, R"({"log": {"level": "debug"}})");
    bench.effective();
    bench.effective("/home/u/src/app/pkg/x.c");
    bench.store.set_editor_settings({{"completion", {{"menu", true}}}}, false);
    const auto problems = bench.store.problems_by_file();
    CHECK(problems.at(kUserFile).size() == 2);
    CHECK(problems.at(kProjectFile).size() == 1);
}

TEST_CASE("another user's file may be named, and is missed when it is not there") {
    Bench bench;
    bench.store.use_user_file("/etc/mine.json");
    CHECK(tells(bench.effective()->problems, "there is no such file"));
    bench.files.write("/etc/mine.json", R"({"completion": {"maxTokens": 9}})");
    CHECK(bench.effective()->completion.max_tokens == 9);
    CHECK(bench.effective()->problems.empty());
    CHECK(bench.effective()->user_file == "/etc/mine.json");
}

TEST_CASE("a project file that leads out of the workspace folder is not read") {
    namespace fs = std::filesystem;
    const fs::path base = fs::temp_directory_path() / ("dragoman-link-" + std::to_string(::getpid()));
    fs::create_directories(base / "app" / "pkg");
    std::ofstream{base / "outside.json"} << "{}";
    std::ofstream{base / "app" / "real.json"} << "{}";
    fs::create_symlink(base / "outside.json", base / "app" / ".dragoman.json");
    fs::create_symlink(base / "app" / "real.json", base / "app" / "pkg" / ".dragoman.json");
    Bench bench;
    bench.store.set_folders({base / "app"});
    bench.files.write(base / "app" / ".dragoman.json", R"({"completion": {"maxTokens": 1}})");
    bench.files.write(base / "app" / "pkg" / ".dragoman.json", R"({"completion": {"debounceMs": 1}})");
    const auto effective = bench.effective(base / "app" / "pkg" / "x.c");
    CHECK(effective->completion.max_tokens == 256);
    CHECK(effective->completion.debounce_ms == 1);
    CHECK(tells(effective->problems, "a link out of the workspace folder"));
    fs::remove_all(base);
}

namespace {

/// A disk on which a link to `target` takes the place of `file` as soon as it was looked at.
class SwappingFiles final : public Files {
public:
    SwappingFiles(std::filesystem::path file, std::filesystem::path target)
        : file_{std::move(file)}, target_{std::move(target)} {}

    Result<FileContent, FileProblem> read(const std::filesystem::path& path, std::size_t limit) override {
        if (path == file_) {
            std::filesystem::remove(file_);
            std::filesystem::create_symlink(target_, file_);
        }
        return disk_.read(path, limit);
    }
    std::optional<FileStamp> stamp(const std::filesystem::path& path) override { return disk_.stamp(path); }
    std::optional<std::filesystem::path> real_path(const std::filesystem::path& path) override {
        return disk_.real_path(path);
    }
    std::vector<std::string> list(const std::filesystem::path& folder, std::size_t most) override {
        return disk_.list(folder, most);
    }

private:
    DiskFiles disk_;
    std::filesystem::path file_, target_;
};

}  // namespace

TEST_CASE("a link that takes a project file's place after it was looked at is not read either") {
    const dragoman::test::TempDir dir;
    const std::string settings = R"({"completion": {"maxTokens": 7}})";
    const bool inside = GENERATE(false, true);
    const auto target = dir.write(inside ? "app/other" : "outside", settings);
    SwappingFiles files{dir.write("app/.dragoman.json", "{}"), target};
    config::Store store{files, Bench::paths(), [](const std::string&) { return std::nullopt; }};
    store.set_folders({dir / "app"});
    const auto effective = store.effective(dir / "app/x.c");
    CHECK(effective->completion.max_tokens == (inside ? 7 : 256));
    CHECK(tells(effective->problems, "a link out of the workspace folder") == !inside);
}
