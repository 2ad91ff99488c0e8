// Repositories of git whose own configuration wants programs run.
#include "tests/hostile/repositories.h"
#include "tests/support/snares.h"

namespace dragoman::test {
namespace {

namespace fs = std::filesystem;

using Lay = std::function<void(const Repository&, const Ground&)>;

HostileRepository git(std::string name, Lay lay, Verdict verdict = Verdict::ignored) {
    return {.name = "git: " + name,
            .lay =
                [lay = std::move(lay)](const fs::path& folder, const Ground& ground) {
                    const Repository repository{folder};
                    begin_snare(repository);
                    lay(repository, ground);
                },
            .verdict = verdict};
}

/// Every program that a configuration can name, at once.
constexpr const char* kPrograms[] = {"core.askPass",
                                     "core.gitProxy",
                                     "credential.helper",
                                     "diff.tool",
                                     "difftool.x.cmd",
                                     "mergetool.x.cmd",
                                     "sequence.editor",
                                     "uploadpack.packObjectsHook",
                                     "alias.rev-parse",
                                     "alias.config",
                                     "gpg.ssh.program",
                                     "gpg.x509.program",
                                     "trailer.x.command",
                                     "interactive.diffFilter",
                                     "sendemail.sendmailcmd",
                                     "remote.origin.vcs",
                                     "web.browser",
                                     "browser.x.cmd",
                                     "man.x.cmd",
                                     "merge.x.driver"};

}  // namespace

std::vector<HostileRepository> git_repositories() {
    std::vector<HostileRepository> out;
    for (const std::vector<Snare>& some : {snares(), missing_objects()}) {
        for (const Snare& snare : some)
            out.push_back(git(snare.name, [snare](const Repository& repository, const Ground& ground) {
                snare.lay(repository, ground.program());
            }));
    }
    out.push_back(
        git("every program that can be named", [](const Repository& repository, const Ground& ground) {
            for (const char* key : kPrograms) snare::set(repository, key, ground.program());
        }));
    out.push_back(git("all snares at once", [](const Repository& repository, const Ground& ground) {
        for (const Snare& snare : snares()) snare.lay(repository, ground.program());
    }));
    out.push_back(git("a submodule", [](const Repository& repository, const Ground& ground) {
        const Repository inner{repository / "inner"};
        inner.stage("file.txt", "aaaa\n");
        inner.commit("Inner");
        repository.git("add inner");
        for (const char* key : {"core.fsmonitor", "filter.evil.clean"})
            snare::set(inner, key, ground.program());
        inner.write(".gitattributes", "*.txt filter=evil\n");
        inner.write("file.txt", "bbbb\n");
        snare::set(repository, "diff.submodule", "diff");
        snare::set(repository, "diff.ignoreSubmodules", "none");
        snare::set(repository, "submodule.inner.update", "!" + ground.program());
    }));
    out.push_back(git(
        "attributes of info and of the user's file", [](const Repository& repository, const Ground& ground) {
            snare::keys({"filter.evil.clean", "diff.evil.textconv"})(repository, ground.program());
            repository.write(".git/info/attributes", "* filter=evil diff=evil\n");
            repository.write("attributes", "* filter=evil diff=evil\n");
            snare::set(repository, "core.attributesFile", (repository / "attributes").string());
        }));
    out.push_back(git("hooks in their usual place", [](const Repository& repository, const Ground& ground) {
        for (const char* hook : {"post-index-change", "reference-transaction", "pre-commit", "post-checkout",
                                 "prepare-commit-msg", "commit-msg", "pre-auto-gc"})
            repository.write(".git/hooks/" + std::string{hook}, "#!/bin/sh\n'" + ground.program() + "'\n");
        repository.shell("chmod 700 .git/hooks/*; touch changed.txt");
    }));
    out.push_back(git("a git folder elsewhere", [](const Repository& repository, const Ground& ground) {
        repository.shell("mv .git elsewhere; echo \"gitdir: elsewhere\" > .git");
        snare::set(repository, "core.fsmonitor", ground.program());
    }));
    out.push_back(git(
        "a work tree elsewhere",
        [](const Repository& repository, const Ground& ground) {
            repository.shell("cp changed.txt '" + ground.outside("changed.txt").string() + "'");
            put(ground.outside("changed.txt"), "STOLEN\n");
            snare::set(repository, "core.worktree", ground.outside("").string());
        },
        Verdict::unusable));
    out.push_back(git("a link out among the files", [](const Repository& repository, const Ground& ground) {
        fs::remove(repository / "changed.txt");
        fs::create_symlink(ground.outside("notes.txt"), repository / "changed.txt");
    }));
    out.push_back(git(
        "a bare repository instead",
        [](const Repository& repository, const Ground& ground) {
            snare::set(repository, "core.fsmonitor", ground.program());
            snare::set(repository, "core.worktree", ".");
            repository.shell("mv .git/* . ; rmdir .git");
        },
        Verdict::unusable));
    out.push_back(git("names that are options", [](const Repository& repository, const Ground& ground) {
        repository.stage("--output=ran", "x\n");
        repository.stage("--ext-diff", "x\n");
        repository.stage("-O" + std::string{"order"}, "x\n");
        snare::set(repository, "diff.external", ground.program());
    }));
    out.push_back(git("subjects that give orders", [](const Repository& repository, const Ground&) {
        repository.git("commit -q --allow-empty -m \"$(printf \"\\033]52;c;x\\007 \\342\\200\\256 evil\")\"");
        repository.stage("staged.txt", "three\n");
    }));
    return out;
}

}  // namespace dragoman::test
