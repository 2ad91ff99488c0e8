#include "server/support/files.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
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

WriteProblem write_problem_of(int error) {
    switch (error) {
        case EACCES:
        case EPERM:
        case EROFS: return WriteProblem::not_permitted;
        case ENOSPC:
        case EDQUOT: return WriteProblem::no_space;
        case EISDIR:
        case ELOOP: return WriteProblem::not_regular;
        default: return WriteProblem::failed;
    }
}

/// Where an open file lies. The kernel tells it of the descriptor, so nothing can change on the way.
std::filesystem::path place_of(int file) {
    std::error_code untold;
    return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file), untold);
}

/// A file beside the one that it is to replace; gone unless it did.
class Temporary {
public:
    explicit Temporary(const std::filesystem::path& target)
        : target_{target}, name_{target.string() + ".XXXXXX"}, file_{::mkostemp(name_.data(), O_CLOEXEC)} {}
    ~Temporary() {
        if (file_.get() >= 0 && !taken_) ::unlink(name_.c_str());
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;

    /// 0600; negative when it could not be made.
    int file() const { return file_.get(); }
    /// It is synced first: after a crash there is the old file or the new one, not an empty one.
    bool write(std::string_view bytes) { return write_all(file(), bytes) && ::fsync(file()) == 0; }
    bool take_place() {
        taken_ = std::rename(name_.c_str(), target_.c_str()) == 0;
        return taken_;
    }

private:
    const std::filesystem::path& target_;
    std::string name_;
    Descriptor file_;
    bool taken_ = false;
};

/// Where a chain of symbolic links ends, there being something or not; nothing for one that does not end.
std::optional<std::filesystem::path> followed(std::filesystem::path path) {
    constexpr int kMostLinks = 40;  // as Linux counts
    for (int i = 0; i < kMostLinks; ++i) {
        std::error_code none;
        const auto next = std::filesystem::read_symlink(path, none);
        if (none) return path;
        path = next.is_absolute() ? next : path.parent_path() / next;
    }
    return std::nullopt;
}

/// Gives a file the owner, group and permissions of the one whose place it takes.
bool take_after(int file, const struct stat& info) {
    struct stat own {};
    if (::fstat(file, &own) != 0) return false;
    const bool foreign = own.st_uid != info.st_uid || own.st_gid != info.st_gid;
    if (foreign && ::fchown(file, info.st_uid, info.st_gid) != 0) return false;
    return ::fchmod(file, info.st_mode & 07777U) == 0;
}

void sync_folder(const std::filesystem::path& folder) {
    const Descriptor handle{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (handle.get() >= 0) ::fsync(handle.get());
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
    content.real = place_of(file.get());
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
// counts.
bool DiskFiles::replace(const std::filesystem::path& path, std::string_view bytes) {
    if (!make_folders(path.parent_path())) return false;
    Temporary file{path};
    return file.file() >= 0 && file.write(bytes) && file.take_place();
}

// The stamp is compared as late as can be; between that and the rename no system call can help.
std::optional<WriteProblem> DiskFiles::rewrite(const std::filesystem::path& path, std::string_view bytes,
                                               const std::optional<FileStamp>& seen) {
    const auto target = followed(path);
    if (!target) return WriteProblem::not_regular;
    struct stat info {};
    const bool exists = ::stat(target->c_str(), &info) == 0;
    if (!exists && errno != ENOENT) return write_problem_of(errno);
    if (exists && !S_ISREG(info.st_mode)) return WriteProblem::not_regular;
    if (stamp(*target) != seen) return WriteProblem::changed;
    constexpr mode_t kAnyWriter = S_IWUSR | S_IWGRP | S_IWOTH;
    if (exists && ((info.st_mode & kAnyWriter) == 0 || ::access(target->c_str(), W_OK) != 0))
        return WriteProblem::not_permitted;
    if (!make_folders(target->parent_path())) return write_problem_of(errno);
    Temporary file{*target};
    if (file.file() < 0) return write_problem_of(errno);
    if (exists && !take_after(file.file(), info)) return WriteProblem::not_permitted;
    if (!file.write(bytes)) return write_problem_of(errno);
    if (stamp(*target) != seen) return WriteProblem::changed;
    if (!file.take_place()) return write_problem_of(errno);
    sync_folder(target->parent_path());
    return std::nullopt;
}

bool DiskFiles::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
    return std::rename(from.c_str(), to.c_str()) == 0;
}

// flock() rather than fcntl() locks: those of a process go when any descriptor of the file is closed.
std::unique_ptr<Files::Lock> DiskFiles::lock(const std::filesystem::path& path) {
    struct Held final : Lock {
        explicit Held(int fd) : file{fd} {}
        Descriptor file;
    };
    constexpr std::chrono::milliseconds kBetween{10};
    constexpr int kAttempts = 200;
    if (!make_folders(path.parent_path())) return nullptr;
    auto held = std::make_unique<Held>(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600));
    if (held->file.get() < 0) return nullptr;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (::flock(held->file.get(), LOCK_EX | LOCK_NB) == 0) return held;
        if (errno != EWOULDBLOCK && errno != EINTR) return nullptr;
        std::this_thread::sleep_for(kBetween);
    }
    return nullptr;
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
