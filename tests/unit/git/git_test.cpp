#include "tests/unit/git/world.h"

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("What is staged and what is not are told apart, from any folder of the tree and before a commit") {
    GitWorld world;
    const Repository repository{world.home / "repo"};
    repository.stage("folder/a.txt", "staged\n");
    repository.write("folder/a.txt", "changed\n");
    const auto folder = GENERATE(std::string{""}, std::string{"folder"});
    const auto staged = world.staged(repository / folder);
    REQUIRE(staged);
    CHECK_THAT(staged->text, ContainsSubstring("b/folder/a.txt") && ContainsSubstring("+staged\n"));
    const auto working = world.working(repository / folder);
    REQUIRE(working);
    CHECK_THAT(working->text, ContainsSubstring("-staged\n+changed\n"));
    CHECK(world.subjects(repository.path())->empty());
}

TEST_CASE("An excluded file is left out, also where the folder is reached through a link") {
    GitWorld world;
    const Repository repository{world.home / "repo"};
    repository.stage("private.txt", "mine\n");
    repository.stage("open.txt", "ours\n");
    std::filesystem::create_directory_symlink(repository.path(), world.home / "link");
    for (const auto& hidden : {repository / "private.txt", world.home / "link" / "private.txt"}) {
        git::DiffOptions options;
        options.excluded = [&](const std::filesystem::path& path) { return path == hidden; };
        const auto staged = world.staged(world.home / "link", std::move(options));
        REQUIRE(staged);
        CHECK(staged->excluded == 1);
        CHECK_THAT(staged->text, !ContainsSubstring("mine") && ContainsSubstring("+ours"));
    }
}

TEST_CASE("Each way to end without a diff names the thing and the cure") {
    GitWorld world;
    const Repository repository{world.home / "repo"};
    repository.stage("a.txt", "one\n");
    repository.commit("Begin");
    std::filesystem::create_directory(world.home / "plain");
    const auto check = [](const auto& result, const std::string& words) {
        REQUIRE_FALSE(result);
        CHECK(result.error().kind == ErrorKind::bad_request);
        CHECK_THAT(result.error().message, ContainsSubstring(words));
        CHECK_FALSE(result.error().hint.empty());
    };
    check(world.staged(repository.path()), "nothing is staged");
    check(world.working(repository.path()), "nothing is changed");
    check(world.staged(world.home / "plain"), "no work tree");
    check(world.staged(world.home / "nowhere"), "there is no folder");
    world.variables["PATH"] = "/nowhere";
    check(world.staged(repository.path()), "git cannot be started");
}

TEST_CASE("The newest subjects come first and no more than asked for") {
    GitWorld world;
    const Repository repository{world.home / "repo"};
    for (const char* subject : {"One", "Two", "Three"}) repository.commit(subject);
    CHECK(*world.subjects(repository.path(), 2) == std::vector<std::string>{"Three", "Two"});
}
