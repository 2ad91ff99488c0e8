// Settings changed on the disk: where they go, what is refused, and that nothing is lost on the way.
#include "server/config/edit_file.h"

#include "tests/unit/config/bench.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using Catch::Matchers::ContainsSubstring;
using config::ChangeFailure;
using config::Target;
using dragoman::test::Bench;
using dragoman::test::kDocument;
using dragoman::test::kProjectFile;
using dragoman::test::kUserFile;

namespace {

struct Changes : Bench {
    using Path = std::vector<std::string>;

    std::string text(const std::filesystem::path& file = kUserFile) {
        const auto content = files.read(file, config::kLargestFile);
        return content ? content->bytes : "no file";
    }
    Result<bool, ChangeFailure> change(const Target& target, const std::optional<Json>& value) {
        return config::change_file(files, target, value);
    }
    Result<bool, ChangeFailure> user(const Path& path, const std::optional<Json>& value) {
        return change(store.in_user_file(path), value);
    }
    /// Why the value is refused; the file must stay as it is.
    ChangeFailure refused(const Path& path, const std::optional<Json>& value) {
        const std::string before = text();
        const auto result = user(path, value);
        CAPTURE(before, text());
        REQUIRE_FALSE(result);
        CHECK(text() == before);
        return result.error();
    }
};

}  // namespace

TEST_CASE("a setting is written, holds from the next question on, and is taken back") {
    Changes c;
    const std::string before =
        "{\n  // mine\n  \"providers\": {\"work\": {\"preset\": \"opencodex\"}} // one\n}\n";
    c.files.write(kUserFile, before);
    CHECK(c.user({"chat", "model"}, "work/a").value());
    CHECK(c.effective()->chat.model == "work/a");
    CHECK_THAT(c.text(), ContainsSubstring("// mine") && ContainsSubstring("}, // one\n  \"chat\": {"));
    CHECK_FALSE(c.user({"chat", "model"}, "work/a").value());
    CHECK(c.user({"chat", "model"}, std::nullopt).value());
    CHECK(c.text() == before);
    CHECK_FALSE(c.user({"chat", "model"}, std::nullopt).value());
}

TEST_CASE("where there is no file one is made, and taking out makes none") {
    Changes c;
    CHECK_FALSE(c.user({"chat", "model"}, std::nullopt).value());
    CHECK(c.text() == "no file");
    CHECK(c.user({"chat", "temperature"}, 0.5).value());
    CHECK(c.effective()->chat.temperature == 0.5);
}

TEST_CASE("what the schema refuses is refused in its words before anything is written") {
    Changes c;
    c.files.write(kUserFile, R"({"providers": {"work": {"preset": "opencodex"}}, "unheard": 1})");
    CHECK_THAT(c.refused({"chat", "modle"}, "work/a").message, ContainsSubstring("did you mean \"model\""));
    CHECK_THAT(c.refused({"chat", "temperature"}, "hot").message, ContainsSubstring("a number"));
    CHECK_THAT(c.refused({"chat"}, 5).message, ContainsSubstring("an object is expected"));
    CHECK_THAT(c.refused({"completion", "maxTokens"}, -1).message, ContainsSubstring("too small"));
    CHECK(c.refused({"completion", "multiline"}, "sometimes").value_refused);
    // It was no problem before that the file had others.
    CHECK(c.user({"chat", "temperature"}, 1).value());
    CHECK_THAT(c.refused({"chat", "temperature"}, 99).message, ContainsSubstring("too large"));
}

TEST_CASE("a value that is wrong already can be set right, but not wrong again") {
    Changes c;
    c.files.write(kUserFile, R"({"chat": {"temperature": "hot"}})");
    CHECK(c.refused({"chat", "temperature"}, "hotter").value_refused);
    CHECK(c.user({"chat", "temperature"}, 1).value());
    CHECK(c.text() == R"({"chat": {"temperature": 1}})");
}

TEST_CASE("a key in the clear is refused and not repeated") {
    Changes c;
    c.files.write(kUserFile, R"({"providers": {"work": {"preset": "opencodex"}}})");
    const std::string secret = "sk-live-0123456789";
    for (const auto& failure :
         {c.refused({"providers", "work", "key"}, secret),
          c.refused({"providers", "work", "key", "env"}, secret),
          c.refused({"providers", "work", "headers", "Authorization"}, secret),
          c.refused({"providers", "work"}, Json{{"preset", "opencodex"}, {"key", secret}})}) {
        CHECK(failure.value_refused);
        CHECK_FALSE(failure.message.empty());
        CHECK(failure.message.find(secret) == std::string::npos);
    }
}

TEST_CASE("a file that does not parse is named with line and column, and is not written") {
    Changes c;
    c.files.write(kUserFile, "{\n  \"chat\": {\"model\": }\n}");
    const auto failure = c.refused({"chat", "model"}, "x/y");
    CHECK_FALSE(failure.value_refused);
    CHECK_THAT(failure.message, ContainsSubstring(kUserFile.string() + ":2:21: a value is expected"));
    c.files.write(kUserFile, "{\"chat\": null}");
    CHECK_THAT(c.refused({"chat", "model"}, "x/y").message,
               ContainsSubstring(":1:10: \"chat\" is no object"));
}

TEST_CASE("a file that cannot be read or written is named with the reason") {
    Changes c;
    c.files.write(kUserFile, "{}");
    const std::pair<WriteProblem, const char*> all[] = {{WriteProblem::changed, "try again"},
                                                        {WriteProblem::not_permitted, "read-only"},
                                                        {WriteProblem::not_regular, "regular"},
                                                        {WriteProblem::no_space, "full"},
                                                        {WriteProblem::failed, "disk"}};
    for (const auto& [problem, part] : all) {
        c.files.write_problem = problem;
        const auto failure = c.refused({"chat", "model"}, "x/y");
        CHECK_THAT(failure.message, ContainsSubstring(kUserFile.string()) && ContainsSubstring(part));
        CHECK_FALSE(failure.value_refused);
    }
    c.files.write_problem.reset();
    c.files.spoil(kUserFile, FileProblem::unreadable);
    CHECK_THAT(c.refused({"chat", "model"}, "x/y").message, ContainsSubstring("permissions"));
    CHECK_THAT(c.change({}, 1).error().message, ContainsSubstring("HOME"));
}

TEST_CASE("a file that someone else changes between the reading and the writing keeps what they wrote") {
    Changes c;
    struct Meddling final : Files {
        explicit Meddling(test::FakeFiles& real) : disk{real} {}
        Result<FileContent, FileProblem> read(const std::filesystem::path& path, std::size_t limit) override {
            auto content = disk.read(path, limit);
            if (times-- > 0) disk.write(path, "{\"theirs\": 1}");
            return content;
        }
        std::optional<FileStamp> stamp(const std::filesystem::path& path) override {
            return disk.stamp(path);
        }
        std::optional<WriteProblem> rewrite(const std::filesystem::path& path, std::string_view bytes,
                                            const std::optional<FileStamp>& seen) override {
            return disk.rewrite(path, bytes, seen);
        }
        std::optional<std::filesystem::path> real_path(const std::filesystem::path&) override { return {}; }
        std::vector<std::string> list(const std::filesystem::path&, std::size_t) override { return {}; }
        test::FakeFiles& disk;
        int times = 0;
    } meddling{c.files};
    const auto change = [&](int times) {
        c.files.write(kUserFile, "{}");
        meddling.times = times;
        return config::change_file(meddling, c.store.in_user_file({"log", "level"}), "off");
    };
    SECTION("the setting goes into that") {
        CHECK(change(3));
        CHECK(Json::parse(c.text()) == Json{{"theirs", 1}, {"log", {{"level", "off"}}}});
    }
    SECTION("and is refused where they never stop") {
        const auto result = change(1'000);
        REQUIRE_FALSE(result);
        CHECK_THAT(result.error().message, ContainsSubstring("someone else changed it"));
        CHECK(c.text() == "{\"theirs\": 1}");
    }
}

TEST_CASE("a folder's settings go below \"projects\", under the name that the file has for it") {
    Changes c;
    CHECK(c.store.for_folder("/home/u/src/app/", {"chat", "model"}).path ==
          Changes::Path{"projects", "~/src/app", "chat", "model"});
    CHECK(c.store.for_folder("/opt/x", {"chat"}).path == Changes::Path{"projects", "/opt/x", "chat"});
    CHECK(c.store.for_folder("/home/u", {"chat"}).path == Changes::Path{"projects", "/home/u", "chat"});
    c.files.write(kUserFile, R"({"projects": {"/home/u/src/app/": {}}})");
    CHECK(c.store.for_folder("/home/u/src/app", {"chat"}).path ==
          Changes::Path{"projects", "/home/u/src/app/", "chat"});
}

TEST_CASE("a project's choice goes where it counts: the user's word, the nearest file, the user's file") {
    Changes c;
    const Changes::Path path{"chat", "model"};
    const auto target = [&](const std::filesystem::path& document = kDocument) {
        return c.store.for_project(document, path);
    };
    CHECK(target()->file == kUserFile);
    CHECK(target()->path == Changes::Path{"projects", "~/src/app", "chat", "model"});

    c.files.write(kProjectFile, "{}");
    CHECK(target()->file == kProjectFile);
    CHECK(target()->voice == config::Voice::repository);
    CHECK(target()->path == path);
    CHECK(target({})->file == kProjectFile);
    c.files.write("/home/u/src/app/pkg/.dragoman.json", "{}");
    CHECK(target("/home/u/src/app/pkg/a/b.c")->file == "/home/u/src/app/pkg/.dragoman.json");
    CHECK(target("/home/u/src/app/b.c")->file == kProjectFile);

    c.files.write(kUserFile,
                  R"({"projects": {"~/src": {"chat": {"model": "x/y"}}, "~/src/app": {"chat": {}}}})");
    CHECK(target()->file == kUserFile);
    CHECK(target()->path == Changes::Path{"projects", "~/src", "chat", "model"});

    CHECK_THAT(target("/tmp/x.c").error(), ContainsSubstring("no workspace folder"));
    c.files.remove(kUserFile);
    c.files.spoil(kProjectFile, FileProblem::not_regular);
    CHECK_THAT(target().error(), ContainsSubstring(kProjectFile.string()));
}
