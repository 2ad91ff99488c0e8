// Repositories whose configuration wants a program run, before the git room alone.
#include "tests/support/snares.h"
#include "tests/unit/git/world.h"

using namespace dragoman;
using namespace dragoman::test;

namespace {

/// A repository that begin_snare() began, and a sentinel beside it that appears when any of its programs
/// runs.
struct Trap {
    GitWorld world{};
    Repository repository{world.home / "repo"};
    std::filesystem::path sentinel = world.home / "ran";
    std::string program = (world.home / "program").string();

    Trap() {
        world.home.write("program", snare_program(sentinel), 0700);
        begin_snare(repository);
    }
    bool ran() const { return std::filesystem::exists(sentinel); }

    /// Every call there is.
    void call_all() {
        const auto staged = world.staged(repository.path());
        CHECK_FALSE(ran());
        const auto working = world.working(repository.path());
        CHECK_FALSE(ran());
        const auto subjects = world.subjects(repository.path());
        CHECK_FALSE(ran());
        results = {staged.ok(), working.ok(), subjects.ok()};
        if (staged) staged_text = staged->text;
        if (working) working_text = working->text;
    }
    std::vector<bool> results{};
    std::string staged_text{}, working_text{};
};

/// Each snare is one: the git call that it names runs the program.
void check_springs(const Snare& snare) {
    if (snare.springs.empty()) return;
    const Trap plain;
    snare.lay(plain.repository, plain.program);
    plain.repository.try_git(snare.springs);
    CHECK(plain.ran());
}

}  // namespace

TEST_CASE("No call runs what a repository's configuration names, and each still answers") {
    for (const Snare& snare : snares()) {
        CAPTURE(snare.name);
        check_springs(snare);
        Trap trap;
        snare.lay(trap.repository, trap.program);
        trap.call_all();
        CHECK(trap.results == std::vector<bool>{true, true, true});
        CHECK_THAT(trap.staged_text, Catch::Matchers::ContainsSubstring("-one\n+two\n"));
        CHECK_THAT(trap.working_text, Catch::Matchers::ContainsSubstring("-aaaa\n+bbbb\n"));
    }
}

TEST_CASE("A missing object is fetched by nobody") {
    for (const Snare& snare : missing_objects()) {
        CAPTURE(snare.name);
        check_springs(snare);
        Trap trap;
        snare.lay(trap.repository, trap.program);
        trap.call_all();
        CHECK(trap.results == std::vector<bool>{false, true, true});
    }
}

TEST_CASE("A submodule's configuration runs nothing either") {
    Trap trap;
    const Repository inner{trap.repository / "inner"};
    inner.stage("file.txt", "aaaa\n");
    inner.commit("Inner");
    trap.repository.git("add inner");
    trap.repository.git("commit -q -m Add");
    trap.repository.stage("staged.txt", "new\n");
    inner.git("config core.fsmonitor '" + trap.program + "'");
    inner.git("config filter.evil.clean '" + trap.program + "'");
    inner.write(".gitattributes", "*.txt filter=evil\n");
    inner.write("file.txt", "bbbb\n");
    snare::set(trap.repository, "diff.submodule", "diff");
    snare::set(trap.repository, "diff.ignoreSubmodules", "none");
    trap.call_all();
    trap.repository.try_git("diff");
    CHECK(trap.ran());
}

TEST_CASE("Nothing is written to a repository whose files were only touched") {
    Trap trap;
    trap.repository.shell(
        "for i in 1 2 3 4; do echo $i > touched$i.txt; done; git add -f .; git commit -q -m All");
    trap.repository.shell("touch -d '2001-01-01' touched*.txt; ls -li --full-time .git/index > ../before");
    trap.repository.write("changed.txt", "cccc\n");
    const auto working = trap.world.working(trap.repository.path());
    REQUIRE(working.ok());
    CHECK_THAT(working->text, Catch::Matchers::ContainsSubstring("+cccc"));
    CHECK(trap.repository.shell("ls -li --full-time .git/index | cmp - ../before") == 0);
    // A plain `git diff` does write.
    trap.repository.try_git("diff");
    CHECK(trap.repository.shell("ls -li --full-time .git/index | cmp - ../before") != 0);
}

TEST_CASE("A git that lies in the repository is not called, whatever PATH says") {
    Trap trap;
    trap.repository.git("commit -q -m Commit");
    const std::string root = trap.repository.path().string();
    for (const char* place : {"git", "bin/git", "deep/er/bin/git"}) {
        trap.repository.write(place, snare_program(trap.sentinel));
        trap.repository.shell("chmod 700 " + std::string{place});
    }
    std::filesystem::create_symlink(root + "/bin", trap.world.home / "bin");
    trap.repository.stage("staged.txt", "three\n");
    trap.repository.shell("mkdir -p deep && echo x > deep/file && git add deep/file");
    const std::string usual = trap.world.variables["PATH"];
    for (const std::string& first :
         {std::string{"."}, std::string{}, std::string{"bin"}, root, root + "/bin", root + "/bin/",
          root + "/deep/../bin", root + "/deep/er/bin", (trap.world.home / "bin").string(), "./" + root}) {
        CAPTURE(first);
        trap.world.variables["PATH"] = first + ":" + usual;
        CHECK(trap.world.staged(trap.repository.path()).ok());
        CHECK(trap.world.staged(trap.repository / "deep").ok());
        CHECK_FALSE(trap.ran());
    }
    // A folder beside the repository is the user's own matter.
    trap.world.home.write("mine/git",
                          "#!/bin/sh\ntouch '" + (trap.world.home / "mine/ran").string() + "'\nexec " +
                              "env PATH='" + usual + "' git \"$@\"\n",
                          0700);
    trap.world.variables["PATH"] = (trap.world.home / "mine").string() + ":" + usual;
    CHECK(trap.world.staged(trap.repository.path()).ok());
    CHECK(std::filesystem::exists(trap.world.home / "mine/ran"));
}

TEST_CASE("A bare repository planted in a folder is not opened") {
    Trap trap;
    trap.repository.git("init -q --bare planted");
    trap.repository.shell(
        "git -C planted config core.fsmonitor '" + trap.program +
        "'; git -C planted config core.worktree .; git -C planted config core.bare false; true");
    CHECK_FALSE(trap.world.staged(trap.repository / "planted"));
    CHECK_FALSE(trap.world.working(trap.repository / "planted"));
    CHECK_FALSE(trap.ran());
}

TEST_CASE("A work tree that lies elsewhere is refused by name") {
    Trap trap;
    const Repository other{trap.world.home / "other"};
    other.write("staged.txt", "somebody's secret\n");
    snare::set(trap.repository, "core.worktree", other.path().string());
    const auto working = trap.world.working(trap.repository.path());
    REQUIRE_FALSE(working);
    CHECK_THAT(working.error().message + working.error().hint,
               Catch::Matchers::ContainsSubstring(other.path().string()));
}
