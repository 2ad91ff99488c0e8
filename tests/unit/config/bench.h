// A store over a disk in memory, with one workspace folder.
#pragma once

#include "server/config/store.h"
#include "tests/support/fake_files.h"

#include <map>
#include <string>

namespace dragoman::test {

inline const std::filesystem::path kUserFile = "/home/u/.config/dragoman/config.json";
inline const std::filesystem::path kProjectFile = "/home/u/src/app/.dragoman.json";
inline const std::filesystem::path kDocument = "/home/u/src/app/main.c";

struct Bench {
    FakeFiles files{};
    std::map<std::string, std::string> environment{};
    config::Store store;

    Bench()
        : store{files, paths(), [this](const std::string& name) -> std::optional<std::string> {
                    const auto found = environment.find(name);
                    if (found == environment.end()) return std::nullopt;
                    return found->second;
                }} {
        store.set_folders({"/home/u/src/app"});
    }

    static Paths paths() {
        Paths out;
        out.home = "/home/u";
        out.config_file = kUserFile;
        return out;
    }

    std::shared_ptr<const config::Effective> effective(const std::filesystem::path& path = kDocument) {
        return store.effective(path);
    }
    std::shared_ptr<const config::Effective> with_user(std::string text) {
        files.write(kUserFile, std::move(text));
        return effective();
    }
    std::shared_ptr<const config::Effective> with_project(std::string text) {
        files.write(kProjectFile, std::move(text));
        return effective();
    }
};

/// All problems of an Effective as "file:line:column message", one a line.
inline std::string listing(const std::vector<config::Problem>& problems) {
    std::string out;
    for (const config::Problem& problem : problems) {
        out += problem.path.filename().string() + ":" + std::to_string(problem.line) + ":" +
               std::to_string(problem.column) + " " + problem.message + "\n";
    }
    return out;
}

inline bool tells(const std::vector<config::Problem>& problems, const std::string& part) {
    return listing(problems).find(part) != std::string::npos;
}

}  // namespace dragoman::test
