// Repositories whose own configuration wants a program run: fact 11 and rule R11 of the security notes, as
// a table that the tests of the git room and those of the whole daemon share.
#pragma once

#include "tests/support/repository.h"

#include <functional>
#include <string>
#include <vector>

namespace dragoman::test {

/// A way to have `program` run by whoever calls git in a repository that was begun by begin_snare().
struct Snare {
    std::string name;
    std::function<void(const Repository&, const std::string& program)> lay;
    std::string springs{};  // the git call that shows the snare to be one; empty: no call here does
};

/// Something staged and, in the same size, something changed.
inline void begin_snare(const Repository& repository) {
    repository.stage("staged.txt", "one\n");
    repository.stage("changed.txt", "aaaa\n");
    repository.commit("Begin");
    repository.stage("staged.txt", "two\n");
    repository.write("changed.txt", "bbbb\n");
}

/// A program that leaves `sentinel` behind. A filter gets its text from it; a transport that reads on would
/// wait for git, which waits for it.
inline std::string snare_program(const std::filesystem::path& sentinel) {
    return "#!/bin/sh\ntouch '" + sentinel.string() + "'\n[ $# -gt 0 ] || exec timeout 2 cat\n";
}

namespace snare {

inline void set(const Repository& repository, const std::string& key, const std::string& value) {
    repository.git("config \"" + key + "\" \"" + value + "\"");
}

inline void attributes(const Repository& repository) {
    repository.write(".gitattributes", "*.txt filter=evil diff=evil\n");
}

/// `names` are set to the program, with the attributes that bring them into play where asked for.
inline std::function<void(const Repository&, const std::string&)> keys(std::vector<std::string> names,
                                                                       bool with_attributes = false) {
    return [=](const Repository& repository, const std::string& program) {
        for (const auto& name : names) set(repository, name, program);
        if (with_attributes) attributes(repository);
    };
}

/// A filter that a second file configures, which `key` includes.
inline std::function<void(const Repository&, const std::string&)> included(const std::string& key) {
    return [=](const Repository& repository, const std::string& program) {
        repository.write("inner", "[filter \"evil\"]\n clean = " + program + "\n");
        set(repository, key, "../inner");
        attributes(repository);
    };
}

}  // namespace snare

inline std::vector<Snare> snares() {
    using snare::keys, snare::set, snare::attributes, snare::included;
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
         [](const Repository& repository, const std::string& program) {
             set(repository, "filter.evil.clean", program);
             set(repository, "filter.evil.required", "true");
             attributes(repository);
         },
         diff},
        {"filter with an odd name",
         [](const Repository& repository, const std::string& program) {
             set(repository, "filter.a=b.c d.clean", program);
             set(repository, "filter.a=b.clean", program);
             repository.write(".gitattributes", "*.txt filter=a=b\n");
         },
         diff},
        {"filter behind include.path", included("include.path"), diff},
        {"filter behind includeIf", included("includeIf.onbranch:main.path"), diff},
        {"filter of the work tree's own configuration",
         [](const Repository& repository, const std::string& program) {
             set(repository, "extensions.worktreeConfig", "true");
             repository.git("config --worktree filter.evil.clean \"" + program + "\"");
             attributes(repository);
         },
         diff},
        {"hooks",
         [](const Repository& repository, const std::string& program) {
             set(repository, "core.hooksPath", "hooks");
             for (const char* hook : {"post-index-change", "reference-transaction", "fsmonitor-watchman"})
                 repository.write("hooks/" + std::string{hook}, "#!/bin/sh\n'" + program + "'\n");
             repository.shell("chmod 700 hooks/*; touch changed.txt staged.txt");
         },
         "status"},
        {"pagers and aliases",
         keys({"core.pager", "pager.diff", "pager.log", "alias.diff", "alias.log", "core.editor"})},
        {"signatures",
         [](const Repository& repository, const std::string& program) {
             set(repository, "log.showSignature", "true");
             set(repository, "gpg.program", program);
             repository.shell(
                 "git cat-file commit HEAD | sed '/^committer/a gpgsig -----BEGIN PGP SIGNATURE-----\\n "
                 "\\n x\\n -----END PGP SIGNATURE-----' | git hash-object -t commit -w --stdin >../signed "
                 "&& git update-ref HEAD $(cat ../signed)");
         },
         "log -n 10"},
    };
}

/// Ways to have a program run where git fetches an object that is missing: a commit's, as a partial clone
/// would.
inline std::vector<Snare> missing_objects() {
    const auto lay = [](std::string key, std::string url) {
        return [=](const Repository& repository, const std::string& program) {
            snare::set(repository, key, key == "protocol.ext.allow" ? "always" : program);
            snare::set(repository, "remote.origin.url", url == "ext::PROGRAM" ? "ext::" + program : url);
            snare::set(repository, "core.repositoryFormatVersion", "1");
            snare::set(repository, "extensions.partialClone", "origin");
            snare::set(repository, "remote.origin.promisor", "true");
            repository.shell(
                "o=$(git rev-parse HEAD:staged.txt); rm -f .git/objects/$(echo $o | cut -c1-2)/*");
        };
    };
    const std::string staged = "diff --cached";
    return {{"a missing object by ssh", lay("core.sshCommand", "ssh://host/path"), staged},
            {"a missing object by ext", lay("protocol.ext.allow", "ext::PROGRAM"), staged},
            {"a missing object by upload-pack", lay("remote.origin.uploadpack", "/"), staged}};
}

}  // namespace dragoman::test
