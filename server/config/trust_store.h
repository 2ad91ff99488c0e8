// What the user decided about projects: $XDG_STATE_HOME/dragoman/trust.json.
//
// An approval holds for one folder (real path, device, inode) and one record (its SHA-256), a refusal for a
// folder whatever its files ask. Nothing is inherited by what lies below. The file is read strictly: one
// thing in it that is not as written here, and none of it grants anything.
#pragma once

#include "server/config/ask.h"
#include "server/support/files.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::config {

struct TrustEntry {
    FolderIdentity folder{};
    std::filesystem::path workspace{};  // real path; an approval replaces the one of the same two
    std::string record{};               // of an approval; a refusal has none
    Decision decision = Decision::none;
    std::string time{};                // ISO 8601 in UTC
    std::vector<std::string> lines{};  // what was shown
};

/// The file itself. Safe on any thread, and against other processes.
class TrustFile {
public:
    /// `file` may be empty: then nothing is kept.
    TrustFile(Files& files, std::filesystem::path file) : files_{files}, file_{std::move(file)} {}

    struct Content {
        std::vector<TrustEntry> entries{};
        std::string fault{};  // why none of it counts, a sentence; empty where all does
        std::optional<FileStamp> stamp{};
    };
    Content read() const;

    /// What became of a change. `failure`: a sentence, nothing was changed. `moved`: the file could not be
    /// read as one and now bears this name.
    struct Written {
        std::string failure{};
        std::filesystem::path moved{};
    };
    /// Adds a decision in place of those it replaces. May wait (Files::lock), so not on the loop.
    Written add(const TrustEntry& entry) const;
    /// Takes away every decision about `real`; `found` tells whether there was one. As add().
    Written forget(const std::filesystem::path& real, bool& found) const;

    const std::filesystem::path& path() const { return file_; }

private:
    template <class Change>
    Written change(Change change) const;

    Files& files_;
    std::filesystem::path file_;
};

/// The decisions as the loop looks them up: the file, read again when it changed, and what was decided here
/// and has not reached it. Loop thread.
class TrustStore {
public:
    TrustStore(Files& files, std::filesystem::path file, std::filesystem::path home);

    const TrustFile& file() const { return file_; }
    /// Fills in identity, decision, before and barred.
    void judge(Ask& ask) const;
    /// Reads the file where it changed; true when decisions may be others than before.
    bool refresh();
    /// Why the file grants nothing; empty where it is whole or not there.
    const std::string& fault() const { return content_.fault; }

    /// `entry` counts from now on in this process, over the file; released once the file has it.
    void hold(TrustEntry entry);
    void release(const TrustEntry& entry);

private:
    std::string bar(const FolderIdentity& folder) const;

    Files& files_;
    TrustFile file_;
    std::filesystem::path home_;
    TrustFile::Content content_{};
    bool read_ = false;
    std::vector<TrustEntry> held_;
};

/// The decision about `ask`, as an entry made at `time`.
TrustEntry entry_of(const Ask& ask, Decision decision, std::string time);

/// The folder as it is now; nothing where it is not there.
std::optional<FolderIdentity> identity_of(Files& files, const std::filesystem::path& folder);

}  // namespace dragoman::config
