// A real git repository in a folder of its own, made by the git on PATH without the caller's settings.
#pragma once

#include "tests/support/temp_dir.h"

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace dragoman::test {

class Repository {
public:
    explicit Repository(std::filesystem::path at) : at_{std::move(at)} {
        std::filesystem::create_directories(at_);
        git("init -q -b main");
        git("config user.name Someone");
        git("config user.email someone@example.org");
    }

    const std::filesystem::path& path() const { return at_; }
    std::filesystem::path operator/(const std::string& name) const { return at_ / name; }

    /// Runs `git ARGUMENTS`, which a shell reads; throws when it fails.
    void git(const std::string& arguments) const {
        if (try_git(arguments) != 0) throw std::runtime_error{"git " + arguments + " failed"};
    }
    int try_git(const std::string& arguments) const { return shell("git " + arguments + " >/dev/null 2>&1"); }
    int shell(const std::string& script) const {
        const std::string folder = "'" + at_.string() + "'";
        // The tests of a program run one at a time.  NOLINTNEXTLINE(concurrency-mt-unsafe)
        return std::system(("cd " + folder + " && env -i PATH=\"$PATH\" HOME=" + folder + "/.. " +
                            "GIT_CONFIG_NOSYSTEM=1 timeout 20 sh -c '" + quoted(script) +
                            "' </dev/null >/dev/null 2>&1")
                               .c_str());
    }

    void write(const std::string& name, std::string_view text) const {
        std::filesystem::create_directories((at_ / name).parent_path());
        std::ofstream{at_ / name, std::ios::binary} << text;
    }
    void stage(const std::string& name, std::string_view text) const {
        write(name, text);
        git("add -f -- \"" + name + "\"");
    }
    void commit(const std::string& subject) const { git("commit -q --allow-empty -m \"" + subject + "\""); }

private:
    static std::string quoted(const std::string& script) {
        std::string out;
        for (const char c : script) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
        return out;
    }
    std::filesystem::path at_;
};

}  // namespace dragoman::test
