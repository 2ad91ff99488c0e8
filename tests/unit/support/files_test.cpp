#include "server/support/files.h"

#include "tests/support/temp_dir.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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
