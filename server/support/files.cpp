#include "server/support/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dragoman {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_{fd} {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

private:
    int fd_;
};

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FileStamp stamp_of(const struct stat& info) {
    return {.device = info.st_dev,
            .inode = info.st_ino,
            .size = static_cast<std::uint64_t>(info.st_size),
            .modified_ns = nanoseconds(info.st_mtim),
            .changed_ns = nanoseconds(info.st_ctim)};
}

/// Creates what is missing of `folder`, private to its owner as XDG asks.
bool make_folders(const std::filesystem::path& folder) {
    if (folder.empty() || ::access(folder.c_str(), X_OK) == 0) return true;
    if (folder.has_parent_path() && folder.parent_path() != folder && !make_folders(folder.parent_path()))
        return false;
    return ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST;
}

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t wrote = ::write(file, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

FileProblem problem_of(int error) {
    switch (error) {
        case ENOENT:
        case ENOTDIR: return FileProblem::missing;
        case ENXIO:  // a socket, or a device without its driver
        case ENODEV: return FileProblem::not_regular;
        default: return FileProblem::unreadable;
    }
}

}  // namespace

// O_NONBLOCK makes the opening of a FIFO return at once; fstat then tells what was opened, so there is
// no moment in which a path that was looked at can be swapped for another. Symbolic links are followed:
// settings kept in a dotfiles folder are linked to. The stamp is taken before the bytes: a change while
// they are read gives a newer stamp to compare with, never a stale content under a fresh stamp.
Result<FileContent, FileProblem> DiskFiles::read(const std::filesystem::path& path, std::size_t limit) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
    if (file.get() < 0) return problem_of(errno);
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) return FileProblem::unreadable;
    if (!S_ISREG(info.st_mode)) return FileProblem::not_regular;
    if (static_cast<std::uint64_t>(info.st_size) > limit) return FileProblem::too_large;

    FileContent content;
    content.stamp = stamp_of(info);
    content.mode = info.st_mode & 07777U;
    content.owner = info.st_uid;
    // One byte more than the size says shows the end of the file, or that it grows.
    content.bytes.resize(static_cast<std::size_t>(info.st_size) + 1);
    std::size_t filled = 0;
    for (;;) {
        const ssize_t got = ::read(file.get(), content.bytes.data() + filled, content.bytes.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return FileProblem::unreadable;
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
        if (filled > limit) return FileProblem::too_large;
        if (filled == content.bytes.size()) content.bytes.resize(filled * 2);
    }
    content.bytes.resize(filled);
    return content;
}

std::optional<FileStamp> DiskFiles::stamp(const std::filesystem::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return std::nullopt;
    return stamp_of(info);
}

// Each writer has a temporary file of its own, so several daemons may write at once and the last rename
// counts. It is synced first: after a crash there is the old file or the new one, not an empty one.
bool DiskFiles::replace(const std::filesystem::path& path, std::string_view bytes) {
    if (!make_folders(path.parent_path())) return false;
    std::string temporary = path.string() + ".XXXXXX";
    const Descriptor file{::mkostemp(temporary.data(), O_CLOEXEC)};  // 0600
    if (file.get() < 0) return false;
    const bool whole = write_all(file.get(), bytes) && ::fsync(file.get()) == 0 &&
                       std::rename(temporary.c_str(), path.c_str()) == 0;
    if (!whole) ::unlink(temporary.c_str());
    return whole;
}

std::optional<std::filesystem::path> DiskFiles::real_path(const std::filesystem::path& path) {
    std::error_code failed;
    auto real = std::filesystem::canonical(path, failed);
    if (failed) return std::nullopt;
    return real;
}

std::vector<std::string> DiskFiles::list(const std::filesystem::path& folder, std::size_t most) {
    std::vector<std::string> names;
    std::error_code failed;
    std::filesystem::directory_iterator entry{folder, failed};
    for (; !failed && entry != std::filesystem::directory_iterator{} && names.size() < most;
         entry.increment(failed)) {
        names.push_back(entry->path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace dragoman
