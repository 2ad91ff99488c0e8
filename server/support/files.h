// Files read once, with limits, so that a FIFO, a device or 5 GB posing as a settings file cannot
// hang or fill the daemon.
#pragma once

#include "protocol/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

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
};

enum class FileProblem { missing, not_regular, too_large, unreadable };

class Files {
public:
    virtual ~Files() = default;
    /// The whole of a regular file of at most `limit` bytes; never blocks on a FIFO or device.
    virtual Result<FileContent, FileProblem> read(const std::filesystem::path& path, std::size_t limit) = 0;
    /// Nothing when there is no such file.
    virtual std::optional<FileStamp> stamp(const std::filesystem::path& path) = 0;
};

class DiskFiles final : public Files {
public:
    Result<FileContent, FileProblem> read(const std::filesystem::path& path, std::size_t limit) override;
    std::optional<FileStamp> stamp(const std::filesystem::path& path) override;
};

}  // namespace dragoman
