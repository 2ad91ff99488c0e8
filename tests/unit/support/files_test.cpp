#include "server/support/files.h"

#include "tests/support/temp_dir.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

using namespace dragoman;

namespace {

FileProblem problem(const std::filesystem::path& path, std::size_t limit = 100) {
    DiskFiles files;
    const auto result = files.read(path, limit);
    REQUIRE_FALSE(result.ok());
    return result.error();
}

}  // namespace

TEST_CASE("A regular file is read whole, with its owner and permissions") {
    const test::TempDir dir;
    const std::string bytes("a\0\xff\n", 4);
    const auto path = dir.write("file", bytes, 0640);
    DiskFiles files;
    const auto content = files.read(path, 4);
    REQUIRE(content.ok());
    CHECK(content->bytes == bytes);
    CHECK(content->mode == 0640);
    CHECK(content->owner == ::geteuid());
    CHECK(content->stamp == files.stamp(path));

    const auto empty = files.read(dir.write("empty", ""), 0);
    REQUIRE(empty.ok());
    CHECK(empty->bytes.empty());
}

TEST_CASE("A symbolic link is followed to the file that it names") {
    const test::TempDir dir;
    dir.write("file", "x");
    std::filesystem::create_symlink("file", dir / "link");
    std::filesystem::create_symlink("nowhere", dir / "broken");
    std::filesystem::create_symlink("loop", dir / "loop");
    DiskFiles files;
    REQUIRE(files.read(dir / "link", 10).ok());
    CHECK(files.stamp(dir / "link") == files.stamp(dir / "file"));
    CHECK(problem(dir / "broken") == FileProblem::missing);
    CHECK(problem(dir / "loop") == FileProblem::unreadable);
}

TEST_CASE("What is not a regular file of bearable size is refused at once") {
    const test::TempDir dir;
    REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
    CHECK(problem(dir / "fifo") == FileProblem::not_regular);
    CHECK(problem(dir.path()) == FileProblem::not_regular);
    CHECK(problem("/dev/zero") == FileProblem::not_regular);

    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto name = (dir / "socket").native();
    REQUIRE(name.copy(address.sun_path, sizeof address.sun_path - 1) == name.size());
    REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    CHECK(problem(dir / "socket") == FileProblem::not_regular);
    ::close(socket);

    dir.write("large", std::string(101, 'x'));
    CHECK(problem(dir / "large") == FileProblem::too_large);
    std::filesystem::resize_file(dir / "large", 5'000'000'000);
    CHECK(problem(dir / "large") == FileProblem::too_large);
    CHECK(problem(dir / "missing") == FileProblem::missing);
    CHECK(problem(dir / "large" / "child") == FileProblem::missing);
    if (::geteuid() != 0) {
        dir.write("closed", "x", 0);
        CHECK(problem(dir / "closed") == FileProblem::unreadable);
    }
}

TEST_CASE("A file whose size says nothing is read up to the limit") {
    // The size of a proc file is 0 whatever it holds.
    DiskFiles files;
    const auto content = files.read("/proc/self/stat", 10'000);
    REQUIRE(content.ok());
    CHECK_FALSE(content->bytes.empty());
    CHECK(problem("/proc/self/stat", 5) == FileProblem::too_large);
}

TEST_CASE("A stamp changes with the content, even when size and name stay") {
    const test::TempDir dir;
    DiskFiles files;
    CHECK_FALSE(files.stamp(dir / "file"));
    dir.write("file", "one");
    const auto first = files.stamp(dir / "file");
    REQUIRE(first);
    CHECK(files.stamp(dir / "file") == first);
    dir.write("new", "two");
    std::filesystem::rename(dir / "new", dir / "file");
    CHECK(files.stamp(dir / "file") != first);
}

TEST_CASE("A file is put in the place of another, private to its owner, in folders made on the way") {
    const test::TempDir dir;
    DiskFiles files;
    const auto path = dir / "state/dragoman/learned.json";
    const auto mode = [](const std::filesystem::path& which) {
        struct stat info {};
        REQUIRE(::stat(which.c_str(), &info) == 0);
        return info.st_mode & 07777U;
    };
    REQUIRE(files.replace(path, "one"));
    CHECK(dir.read("state/dragoman/learned.json") == "one");
    CHECK(mode(path) == 0600);
    CHECK(mode(path.parent_path()) == 0700);
    CHECK(mode(dir / "state") == 0700);
    REQUIRE(files.replace(path, std::string(100'000, 'x')));
    CHECK(dir.read("state/dragoman/learned.json").size() == 100'000);
    const auto left = std::filesystem::directory_iterator{path.parent_path()};
    CHECK(std::distance(begin(left), end(left)) == 1);
}

TEST_CASE("What cannot be written leaves everything as it was") {
    const test::TempDir dir;
    DiskFiles files;
    const auto blocker = dir.write("file", "here");
    CHECK_FALSE(files.replace(blocker / "below/it", "x"));
    std::filesystem::create_directories(dir / "folder/full");
    CHECK_FALSE(files.replace(dir / "folder", "x"));
    const auto left = std::filesystem::directory_iterator{dir.path()};
    CHECK(std::distance(begin(left), end(left)) == 2);
    CHECK(dir.read("file") == "here");
}

TEST_CASE("A file of the user's is rewritten where it is: link, permissions and owner stay") {
    const test::TempDir dir;
    DiskFiles files;
    const auto real = dir.write("dotfiles/config.json", "old", 0640);
    std::filesystem::create_directory(dir / "config");
    std::filesystem::create_symlink("../dotfiles/config.json", dir / "config/link.json");
    std::filesystem::create_symlink("link.json", dir / "config/config.json");
    const auto path = dir / "config/config.json";
    CHECK(files.rewrite(path, "new", files.stamp(path)) == std::nullopt);
    CHECK(dir.read("dotfiles/config.json") == "new");
    CHECK(std::filesystem::is_symlink(path));
    CHECK(std::filesystem::is_symlink(dir / "config/link.json"));
    const auto content = files.read(real, 10);
    REQUIRE(content.ok());
    CHECK(content->mode == 0640);
    CHECK(content->owner == ::geteuid());
    CHECK(files.list(dir / "dotfiles", 10) == std::vector<std::string>{"config.json"});
}

TEST_CASE("A new file is private, in folders made on the way, also behind a link that led nowhere yet") {
    const test::TempDir dir;
    DiskFiles files;
    CHECK(files.rewrite(dir / "a/b/new", "x", std::nullopt) == std::nullopt);
    CHECK(files.read(dir / "a/b/new", 10)->mode == 0600);
    std::filesystem::create_symlink("later/target", dir / "link");
    CHECK(files.rewrite(dir / "link", "y", std::nullopt) == std::nullopt);
    CHECK(dir.read("later/target") == "y");
}

TEST_CASE("A file that is not what was read any more is left as it is") {
    const test::TempDir dir;
    DiskFiles files;
    const auto path = dir.write("file", "first");
    const auto seen = files.stamp(path);
    CHECK(files.rewrite(path, "mine", std::nullopt) == WriteProblem::changed);
    dir.write("file", "second");
    CHECK(files.rewrite(path, "mine", seen) == WriteProblem::changed);
    CHECK(dir.read("file") == "second");
    std::filesystem::remove(path);
    CHECK(files.rewrite(path, "mine", seen) == WriteProblem::changed);
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(files.list(dir.path(), 10).empty());
}

TEST_CASE("What cannot be rewritten says why and stays") {
    const test::TempDir dir;
    DiskFiles files;
    const auto locked = dir.write("locked", "old", 0444);
    CHECK(files.rewrite(locked, "new", files.stamp(locked)) == WriteProblem::not_permitted);
    CHECK(dir.read("locked") == "old");
    CHECK(files.rewrite(dir.path(), "new", files.stamp(dir.path())) == WriteProblem::not_regular);
    std::filesystem::create_symlink("loop", dir / "loop");
    CHECK(files.rewrite(dir / "loop", "new", std::nullopt) == WriteProblem::not_regular);
    CHECK(files.rewrite(dir / "locked/below", "new", std::nullopt) == WriteProblem::failed);
    if (::geteuid() != 0) {
        const auto inside = dir.write("folder/file", "old");
        std::filesystem::permissions(dir / "folder",
                                     std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
        CHECK(files.rewrite(inside, "new", files.stamp(inside)) == WriteProblem::not_permitted);
        std::filesystem::permissions(dir / "folder", std::filesystem::perms::owner_all);
        CHECK(dir.read("folder/file") == "old");
    }
}

TEST_CASE("A path is told as it is once links are followed") {
    const test::TempDir dir;
    dir.write("folder/file", "x");
    std::filesystem::create_symlink("folder", dir / "link");
    std::filesystem::create_symlink("loop", dir / "loop");
    DiskFiles files;
    CHECK(files.real_path(dir / "link/file") == dir / "folder/file");
    CHECK(files.real_path(dir / "link/../folder") == dir / "folder");
    CHECK_FALSE(files.real_path(dir / "nothing"));
    CHECK_FALSE(files.real_path(dir / "loop"));
}

TEST_CASE("A folder is listed in order, up to a limit") {
    const test::TempDir dir;
    for (const char* name : {"b", "a", "c/d"}) dir.write(name, "x");
    DiskFiles files;
    CHECK(files.list(dir.path(), 10) == std::vector<std::string>{"a", "b", "c"});
    CHECK(files.list(dir.path(), 2).size() == 2);
    CHECK(files.list(dir / "a", 10).empty());
    CHECK(files.list(dir / "nothing", 10).empty());
}

TEST_CASE("Under the lock nobody's change of a file is lost") {
    const test::TempDir dir;
    const auto file = dir / "state/counter";
    constexpr int kWriters = 4, kChanges = 8;
    const auto write = [&] {
        DiskFiles files;
        for (int i = 0; i < kChanges; ++i) {
            const auto lock = files.lock(file.string() + ".lock");
            if (!lock) continue;
            const auto before = files.read(file, 100);
            files.replace(file, std::to_string(before ? std::stoi(before->bytes) + 1 : 1));
        }
    };
    std::vector<std::thread> writers;
    for (int i = 0; i < kWriters; ++i) writers.emplace_back(write);
    for (std::thread& writer : writers) writer.join();
    CHECK(dir.read("state/counter") == std::to_string(kWriters * kChanges));
    struct stat info {};
    REQUIRE(::stat((file.string() + ".lock").c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0600);
}

TEST_CASE("A lock that cannot be made is none, and is not made through a link") {
    const test::TempDir dir;
    DiskFiles files;
    dir.write("file", "");
    CHECK_FALSE(files.lock(dir / "file/lock"));
    std::filesystem::create_symlink("elsewhere", dir / "link");
    CHECK_FALSE(files.lock(dir / "link"));
    CHECK_FALSE(std::filesystem::exists(dir / "elsewhere"));
    CHECK(files.lock(dir / "file"));
}

TEST_CASE("A file is renamed in place of another, or nothing happens") {
    const test::TempDir dir;
    DiskFiles files;
    dir.write("a", "new");
    dir.write("b", "old");
    CHECK(files.rename(dir / "a", dir / "b"));
    CHECK(dir.read("b") == "new");
    CHECK_FALSE(files.rename(dir / "a", dir / "b"));
    CHECK(dir.read("b") == "new");
}
