// The definitions that a document's imports point to, as pieces for a prompt.
//
// Looked up on the worker, kept per document, ranked anew for each cursor. What is known stays in use while
// it is looked up again; a file that has not changed is not read again. Loop thread.
#pragma once

#include "server/completion/context/neighbourhood.h"
#include "server/completion/context/piece.h"
#include "server/config/config.h"
#include "server/support/files.h"
#include "server/support/worker.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

class Definitions {
public:
    /// Both outlive it, and `files` outlives the worker's last work. `files` is used on the worker's thread.
    Definitions(Files& files, Worker& worker);
    ~Definitions();
    Definitions(const Definitions&) = delete;
    Definitions& operator=(const Definitions&) = delete;

    struct Where {
        std::string path{};                                 // of the document, absolute
        std::string language{};                             // LSP language id
        std::string text{};                                 // \n line ends; the import section suffices
        std::vector<std::filesystem::path> folders{};       // of the workspace
        std::shared_ptr<const config::Effective> config{};  // null: nothing is read
    };
    /// Looks up what the imports lead to, or whether that has changed. `done` (may be empty) is called on the
    /// loop when all is there, never from inside; not at all once the document is forgotten.
    void prepare(const Where& where, std::function<void()> done);
    /// Whether the imports that prepare() was last told of have been looked up.
    bool ready(const std::string& path) const;

    /// Best first, within `budget` tokens, for what is `near` the cursor. Empty while nothing is known.
    std::vector<Piece> around(const std::string& path, const Neighbourhood& near, std::size_t budget) const;
    void forget(const std::string& path);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dragoman::completion
