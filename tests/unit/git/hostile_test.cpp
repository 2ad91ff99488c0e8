// Repositories whose configuration wants a program run: fact 11 and rule R11 of the security notes.
#include "tests/unit/git/world.h"

using namespace dragoman;
using namespace dragoman::test;

namespace {

/// A repository with something staged and, in the same size, something changed; and a sentinel beside it
/// that appears when any of the repository's programs runs.
struct Trap {
    GitWorld world{};
    Repository repository{world.home / "repo"};
    std::filesystem::path sentinel = world.home / "ran";
    std::string program = (world.home / "program").string();

    Trap() {
        // A filter gets its text from it; a transport that reads on would wait for git, which waits for it.
        world.home.write("program",
                         "#!/bin/sh\ntouch '" + sentinel.string() + "'\n[ $# -gt 0 ] || exec timeout 2 cat\n",
                         0700);
        repository.stage("staged.txt", "one\n");
        repository.stage("changed.txt", "aaaa\n");
        repository.commit("Begin");
        repository.stage("staged.txt", "two\n");
        repository.write("changed.txt", "bbbb\n");
    }
    void set(const std::string& key, const std::string& value) const {
        repository.git("config " + key + " \"" + value + "\"");
    }
    void attributes() const { repository.write(".gitattributes", "*.txt filter=evil diff=evil\n"); }
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

struct Snare {
    std::string name;
    std::function<void(const Trap&)> lay;
    std::string springs{};  // the git call that shows the snare to be one; empty: no call here does
};

std::vector<Snare> snares() {
    const auto keys = [](std::vector<std::string> names, bool attributes = false) {
        return [=](const Trap& trap) {
            for (const auto& name : names) trap.set(name, trap.program);
            if (attributes) trap.attributes();
        };
    };
    const std::string diff = "diff";
    return {
        {"fsmonitor", keys({"core.fsmonitor"}), diff},
        {"external diff", keys({"diff.external"}), diff},
        {"external diff of a driver", keys({"diff.evil.command"}, true), diff},
        {"textconv", keys({"diff.evil.textconv"}, true), diff},
        {"textconv of what is staged", keys({"diff.evil.textconv"}, true), "diff --cached"},
        {"clean filter", keys({"filter.evil.clean", "filter.evil.smudge"}, true), diff},
        {"process filter", keys({"filter.evil.process"}, true), diff},
        {"required filter",
         [](const Trap& trap) {
             trap.set("filter.evil.clean", trap.program);
             trap.set("filter.evil.required", "true");
             trap.attributes();
         },
         diff},
        {"filter with an odd name",
         [](const Trap& trap) {
             trap.repository.git("config \"filter.a=b.c d.clean\" \"" + trap.program + "\"");
             trap.repository.git("config \"filter.a=b.clean\" \"" + trap.program + "\"");
             trap.repository.write(".gitattributes", "*.txt filter=a=b\n");
         },
         diff},
        {"filter behind include.path",
         [](const Trap& trap) {
             trap.repository.write("inner", "[filter \"evil\"]\n clean = " + trap.program + "\n");
             trap.set("include.path", "../inner");
             trap.attributes();
         },
         diff},
        {"filter behind includeIf",
         [](const Trap& trap) {
             trap.repository.write("inner", "[filter \"evil\"]\n clean = " + trap.program + "\n");
             trap.repository.git("config \"includeIf.onbranch:main.path\" ../inner");
             trap.attributes();
         },
         diff},
        {"filter of the work tree's own configuration",
         [](const Trap& trap) {
             trap.set("extensions.worktreeConfig", "true");
             trap.repository.git("config --worktree filter.evil.clean \"" + trap.program + "\"");
             trap.attributes();
         },
         diff},
        {"hooks",
         [](const Trap& trap) {
             trap.set("core.hooksPath", "hooks");
             for (const char* hook : {"post-index-change", "reference-transaction", "fsmonitor-watchman"}) {
                 trap.repository.write("hooks/" + std::string{hook}, "#!/bin/sh\n'" + trap.program + "'\n");
             }
             trap.repository.shell("chmod 700 hooks/*; touch changed.txt staged.txt");
         },
         "status"},
        {"pagers and aliases",
         keys({"core.pager", "pager.diff", "pager.log", "alias.diff", "alias.log", "core.editor"})},
        {"signatures",
         [](const Trap& trap) {
             trap.set("log.showSignature", "true");
             trap.set("gpg.program", trap.program);
             trap.repository.shell(
                 "git cat-file commit HEAD | sed '/^committer/a gpgsig -----BEGIN PGP SIGNATURE-----\\n "
                 "\\n x\\n -----END PGP SIGNATURE-----' | git hash-object -t commit -w --stdin >../signed "
                 "&& git update-ref HEAD $(cat ../signed)");
         },
         "log -n 10"},
    };
}

/// A missing object of a commit, which a partial clone would fetch.
void lose_objects(const Trap& trap) {
    trap.set("core.repositoryFormatVersion", "1");
    trap.set("extensions.partialClone", "origin");
    trap.set("remote.origin.promisor", "true");
    trap.repository.shell("o=$(git rev-parse HEAD:staged.txt); rm -f .git/objects/$(echo $o | cut -c1-2)/*");
}

}  // namespace

TEST_CASE("No call runs what a repository's configuration names, and each still answers") {
    for (const Snare& snare : snares()) {
        CAPTURE(snare.name);
        if (!snare.springs.empty()) {
            const Trap plain;
            snare.lay(plain);
            plain.repository.try_git(snare.springs);
            CHECK(plain.ran());
        }
        Trap trap;
        snare.lay(trap);
        trap.call_all();
        CHECK(trap.results == std::vector<bool>{true, true, true});
        CHECK_THAT(trap.staged_text, Catch::Matchers::ContainsSubstring("-one\n+two\n"));
        CHECK_THAT(trap.working_text, Catch::Matchers::ContainsSubstring("-aaaa\n+bbbb\n"));
    }
}

TEST_CASE("A missing object is fetched by nobody") {
    const auto [key, url] = GENERATE(table<std::string, std::string>({
        {"core.sshCommand", "ssh://host/path"},
        {"protocol.ext.allow", "ext::PROGRAM"},
        {"remote.origin.uploadpack", "/"},
    }));
    CAPTURE(key);
    const auto lay = [&, key = key, url = url](const Trap& trap) {
        trap.set(key, key == "protocol.ext.allow" ? "always" : trap.program);
        trap.set("remote.origin.url", url == "ext::PROGRAM" ? "ext::" + trap.program : url);
        lose_objects(trap);
    };
    const Trap plain;
    lay(plain);
    plain.repository.try_git("diff --cached");
    CHECK(plain.ran());

    Trap trap;
    lay(trap);
    trap.call_all();
    CHECK(trap.results == std::vector<bool>{false, true, true});
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
    trap.set("diff.submodule", "diff");
    trap.set("diff.ignoreSubmodules", "none");
    trap.call_all();
    trap.repository.try_git("diff");
    CHECK(trap.ran());
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
    trap.set("core.worktree", other.path().string());
    const auto working = trap.world.working(trap.repository.path());
    REQUIRE_FALSE(working);
    CHECK_THAT(working.error().message + working.error().hint,
               Catch::Matchers::ContainsSubstring(other.path().string()));
}
