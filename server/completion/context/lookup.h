// The files that imports lead to, read and outlined: what happens on the worker's thread.
//
// Only below the workspace folders, also once symbolic links are followed; never what privacy.exclude names;
// a bounded number of files of bounded size. Secrets are masked before anything is made of a text.
#pragma once

#include "server/completion/context/rank.h"
#include "server/completion/context/resolve.h"
#include "server/config/config.h"
#include "server/support/files.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace dragoman::completion {

/// What is looked up for one document.
struct Question {
    std::filesystem::path file{};  // absolute
    Family family = Family::none;
    std::vector<Import> imports{};
    std::string package{};
    std::vector<std::filesystem::path> folders{};
    std::shared_ptr<const config::Effective> config{};  // null: nothing is read
};

struct FoundFile {
    std::filesystem::path path{}, real{};  // as it was named, and where links led
    ImportedFile imported{};
};

/// Keeps what it has read and reads again what has changed. One thread at a time.
class Lookup {
public:
    /// `files` outlives it.
    explicit Lookup(Files& files) : files_{files} {}

    /// The own package, what is imported, what those pass on, then neighbours.
    std::vector<FoundFile> find(const Question& question);

private:
    struct Read {  // of one file
        FileStamp stamp{};
        std::shared_ptr<const OutlinedFile> outlined{};
        std::vector<Import> imports{};
        std::string package{};
    };
    class Run;

    Files& files_;
    std::map<std::filesystem::path, std::shared_ptr<const Read>> known_;
};

}  // namespace dragoman::completion
