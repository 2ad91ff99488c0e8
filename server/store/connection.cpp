#include "server/store/connection.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dragoman::store {
namespace {

/// TRUNCATE: no write-ahead log, whose reset race SQLite had until 3.51.3. FULL: what was committed outlives
/// a power cut. secure_delete: what is deleted is overwritten. A small cache: the system has one of its own.
constexpr const char* kSettings =
    "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; "
    "PRAGMA foreign_keys = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -512;";

/// Holds other daemons off while a file is moved aside.
class FolderLock {
public:
    explicit FolderLock(const std::filesystem::path& folder)
        : descriptor_{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)} {
        if (descriptor_ >= 0) ::flock(descriptor_, LOCK_EX);
    }
    ~FolderLock() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int descriptor_;
};

std::filesystem::path with(const std::filesystem::path& file, const std::string& suffix) {
    return file.string() + suffix;
}

}  // namespace

std::optional<Connection::Identity> Connection::identity() const {
    struct stat found {};
    if (::stat(file_.c_str(), &found) != 0) return std::nullopt;
    return Identity{.device = found.st_dev, .inode = found.st_ino};
}

bool Connection::absent() const {
    struct stat found {};
    return ::stat(file_.c_str(), &found) != 0 && errno == ENOENT;
}

void Connection::make_folder() const {
    std::error_code ignored;  // what is wrong with the folder shows when the file is opened
    const auto folder = file_.parent_path();
    std::filesystem::create_directories(folder.parent_path(), ignored);
    ::mkdir(folder.c_str(), 0700);
}

void Connection::claim(const std::filesystem::path& path) const {
    struct stat found {};
    const bool folder = path != file_;
    if (::stat(path.c_str(), &found) != 0 || S_ISDIR(found.st_mode) != folder) return;
    if (found.st_uid != ::geteuid()) {
        const std::string what = folder ? "lies in a folder that belongs" : "belongs";
        throw Unusable{what +
                       " to another user and is not used; give it to the user who runs dragoman, or "
                       "move it away"};
    }
    constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
    if ((found.st_mode & kOthers) != 0)
        static_cast<void>(::chmod(path.c_str(), found.st_mode & static_cast<mode_t>(S_IRWXU)));
}

Database& Connection::database() {
    // Another daemon may have replaced the file, or brought it to a version that is not known here.
    if (database_ && (opened_ != identity() || version_of(*database_) != version_)) database_.reset();
    if (!database_) {
        make_folder();
        claim(file_.parent_path());
        claim(file_);
        Database fresh{file_, patience_ms_};
        version_of(fresh);  // before anything is set in a file of a newer version
        fresh.execute(kSettings);
        migrate(fresh);
        indexed_ = prepare_search(fresh, full_text_ && fresh.has_fts5());
        opened_ = identity();
        version_ = version_of(fresh);
        database_.emplace(std::move(fresh));
    }
    return *database_;
}

bool Connection::damaged() const {
    try {
        const Database candidate{file_, patience_ms_};
        Statement check = candidate.prepare("PRAGMA quick_check(1)");
        return check.step() && check.text(0) != "ok";
    } catch (const DatabaseError& error) {
        return error.damaged();
    }
}

bool Connection::move_aside() {
    const FolderLock lock{file_.parent_path()};
    if (!damaged()) return true;  // another daemon has begun a new one meanwhile
    std::string suffix = ".broken";
    std::error_code error;
    for (int number = 2; std::filesystem::exists(with(file_, suffix), error); ++number) {
        suffix = ".broken-" + std::to_string(number);
    }
    std::filesystem::rename(file_, with(file_, suffix), error);
    if (error) return false;
    // Its journal belongs to it: replayed into the new file it would break that too.
    std::error_code no_journal;
    std::filesystem::rename(with(file_, "-journal"), with(file_, suffix + "-journal"), no_journal);
    notice_ = file_.string() + " could not be read as a database. It was moved to " +
              with(file_, suffix).string() + ", and a new history was begun.";
    return true;
}

std::string Connection::explain(const DatabaseError& error) const {
    return "the history in " + file_.string() + " cannot be used: " + error.what();
}

}  // namespace dragoman::store
