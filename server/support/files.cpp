#include "server/support/files.h"

#include <cerrno>
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

}  // namespace dragoman
