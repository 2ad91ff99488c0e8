// Files read once, with limits, so that a FIFO, a device or 5 GB posing as a settings file cannot
// hang or fill the daemon; and the daemon's own files written so that nobody sees half of one.
#pragma once

#include "protocol/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman {

/// Changes whenever the content may have: compare two stamps instead of reading again.
struct FileStamp {
    std::uint64_t device = 0, inode = 0, size = 0;
    std::int64_t modified_ns = 0, changed_ns = 0;
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct FileContent {
    std::string bytes;
    FileStamp stamp;
    unsigned mode = 0;   // permission bits
    unsigned owner = 0;  // uid
    /// Where the file that was opened really lies, links followed; empty where the system does not tell. To
    /// be asked where a file must lie in a folder: its path may have been another's a moment before.
    std::filesystem::path real;
};

enum class FileProblem { missing, not_regular, too_large, unreadable };

/// Why a file was not rewritten.
enum class WriteProblem {
    changed,        // not what was read any more: someone else wrote it, made it or took it away
    not_regular,    // a folder, a device, a link that leads nowhere but to itself
    not_permitted,  // the file or its folder is read-only here, or the owner could not be kept
    no_space,       // the disk or the quota is full
    failed
};

class Files {
public:
    virtual ~Files() = default;
    /// The whole of a regular file of at most `limit` bytes; never blocks on a FIFO or device.
    virtual Result<FileContent, FileProblem> read(const std::filesystem::path& path, std::size_t limit) = 0;
    /// Nothing when there is no such file.
    virtual std::optional<FileStamp> stamp(const std::filesystem::path& path) = 0;
    /// Puts a file with these bytes in the place of `path`, at once for whoever reads it: 0600, in folders
    /// of 0700 where they were missing. False when the disk does not take it, also where this is not a disk
    /// to write to; what was there stays.
    virtual bool replace(const std::filesystem::path& path, std::string_view bytes) {
        (void)path, (void)bytes;
        return false;
    }
    /// Gives a file another name, in place of what had it. False where that fails.
    virtual bool rename(const std::filesystem::path& from, const std::filesystem::path& to) {
        (void)from, (void)to;
        return false;
    }
    struct Lock {
        virtual ~Lock() = default;
    };
    /// The only one among all processes to hold `path`, an empty file made where missing, until the Lock
    /// goes. Waits up to two seconds for another holder, so not on the loop; null when it stays held or
    /// cannot be made. For read-change-replace of a file that several daemons write.
    virtual std::unique_ptr<Lock> lock(const std::filesystem::path& path) {
        (void)path;
        return nullptr;
    }
    /// Changes a file that belongs to the user, at once for whoever reads it: a symbolic link stays and what
    /// it leads to is changed; permissions and owner stay. `seen`: the stamp of what `bytes` were made from,
    /// nothing where there was no file; a new one is 0600, in folders of 0700 where they were missing. A
    /// file whose permissions let nobody write is left alone. Nothing on success; else what was there stays.
    virtual std::optional<WriteProblem> rewrite(const std::filesystem::path& path, std::string_view bytes,
                                                const std::optional<FileStamp>& seen) {
        (void)path, (void)bytes, (void)seen;
        return WriteProblem::failed;
    }
    /// Where `path` leads once all symbolic links are followed; nothing when there is no such file or folder.
    virtual std::optional<std::filesystem::path> real_path(const std::filesystem::path& path) = 0;
    /// The names in a folder, sorted, of at most the first `most` that the system tells; none when it cannot
    /// be read.
    virtual std::vector<std::string> list(const std::filesystem::path& folder, std::size_t most) = 0;
};

/// Safe on any thread: it holds nothing.
class DiskFiles final : public Files {
public:
    Result<FileContent, FileProblem> read(const std::filesystem::path& path, std::size_t limit) override;
    std::optional<FileStamp> stamp(const std::filesystem::path& path) override;
    bool replace(const std::filesystem::path& path, std::string_view bytes) override;
    bool rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
    std::unique_ptr<Lock> lock(const std::filesystem::path& path) override;
    std::optional<WriteProblem> rewrite(const std::filesystem::path& path, std::string_view bytes,
                                        const std::optional<FileStamp>& seen) override;
    std::optional<std::filesystem::path> real_path(const std::filesystem::path& path) override;
    std::vector<std::string> list(const std::filesystem::path& folder, std::size_t most) override;
};

}  // namespace dragoman
