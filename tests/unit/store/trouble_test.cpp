// What goes wrong with a file on disk costs history and nothing else.
#include "server/store/schema.h"
#include "tests/unit/store/shelf.h"

#include <array>
#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Files of this process may grow to `bytes` only: as if the disk were full. SIGXFSZ is not raised while it
/// is ignored.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) : before_{std::signal(SIGXFSZ, SIG_IGN)} {
        ::getrlimit(RLIMIT_FSIZE, &limit_);
        const rlimit small{.rlim_cur = bytes, .rlim_max = limit_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &limit_);
        std::signal(SIGXFSZ, before_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    rlimit limit_{};
    void (*before_)(int);
};

}  // namespace

TEST_CASE("a file that is no database is moved aside, told once, and a new one begun") {
    const std::string text = GENERATE(std::string{"This is a diary, no database."}, std::string(5000, 'x'),
                                      std::string{"SQLite format 3"} + std::string(9000, '\x7f'));
    Shelf s;
    s.folder.write("data/dragoman/dragoman.db", text);
    s.folder.write("data/dragoman/dragoman.db.broken", "an older one");
    s.write(fresh("a", {turn("1", "x")}));
    CHECK(s.ids() == Lines{"a"});
    CHECK(s.folder.read("data/dragoman/dragoman.db.broken") == "an older one");
    CHECK(s.folder.read("data/dragoman/dragoman.db.broken-2") == text);
    CHECK_THAT(s.history.take_notice(), ContainsSubstring("dragoman.db.broken-2"));
    CHECK(s.history.take_notice().empty());
}

TEST_CASE("a database that loses pages while it is used is moved aside too") {
    Shelf s;
    for (int i = 0; i < 50; ++i)
        s.write(fresh("c" + std::to_string(i), {turn("t" + std::to_string(i), std::string(3000, 'x'))}));
    std::string bytes = s.bytes();
    std::fill(bytes.begin() + 4096, bytes.end(), '\xee');
    s.folder.write("data/dragoman/dragoman.db", bytes);
    store::History next{s.file};
    REQUIRE(next.write(fresh("new", {turn("1", "x")})));
    CHECK(Shelf::ids_of(next) == Lines{"new"});
    CHECK_FALSE(next.take_notice().empty());
}

TEST_CASE("a file that was deleted or moved while it was open is begun anew") {
    Shelf s;
    s.write(fresh("a", {turn("1", "x")}));
    std::filesystem::remove(s.file);
    s.write(fresh("b", {turn("2", "x")}));
    CHECK(std::filesystem::exists(s.file));
    CHECK(s.ids() == Lines{"b"});
}

TEST_CASE("a lock of another process is waited for, then told, and the next try succeeds") {
    TempDir folder;
    const auto file = folder / "d/x.db";
    store::History history{file, {.patience_ms = 5}};
    REQUIRE(history.write(fresh("a", {turn("1", "x")})));
    {
        store::Database other{file, 5};
        store::Transaction lock{other};
        const auto done = history.write(fresh("b", {turn("2", "x")}));
        REQUIRE_FALSE(done);
        CHECK_THAT(done.error(), ContainsSubstring("locked") && ContainsSubstring(file.string()));
        CHECK(history.read("a")->has_value());
    }
    CHECK(history.write(fresh("b", {turn("2", "x")})));
    CHECK(Shelf::ids_of(history).size() == 2);
}

TEST_CASE("a full disk refuses the change as a whole, keeps what was there and takes it once there is room") {
    Shelf s;
    s.write(fresh("a", {turn("1", "x")}));
    const auto big = fresh("b", {turn("2", "small"), turn("3", std::string(1U << 20U, 'y'))});
    {
        const FullDisk full{256U << 10U};
        CHECK_FALSE(s.history.write(big));
        CHECK(s.prompts("a") == Lines{"x"});
        CHECK(s.ids() == Lines{"a"});
    }
    s.write(big);
    CHECK(s.ids().size() == 2);
    CHECK(s.history.take_notice().empty());
}

TEST_CASE("where no file can be made every change says so") {
    TempDir folder;
    folder.write("file", "not a folder");
    store::History history{folder / "file/dragoman/x.db"};
    for (int i = 0; i < 2; ++i) {
        const auto done = history.write(fresh("a", {}));
        REQUIRE_FALSE(done);
        CHECK_THAT(done.error(), ContainsSubstring("file/dragoman/x.db"));
    }
    CHECK_FALSE(history.add_usage({}));
}

TEST_CASE("a file of the first version goes through every step and keeps its rows") {
    Shelf s;
    std::filesystem::create_directories(s.file.parent_path());
    {
        store::Database old{s.file, 100};
        store::migrate(old, store::migrations().first(1));
        old.execute(
            "INSERT INTO conversations VALUES ('a', 'Old', 1, 2); INSERT INTO turns VALUES "
            "(1, 't', 'a', 1, 1, 'complete', 'work/m', 'whale', 'yes', '{}')");
    }
    CHECK(s.prompts("a") == Lines{"whale"});
    CHECK(s.ids("whale") == Lines{"a"});
}

TEST_CASE("steps are done once, in order, and all or none") {
    TempDir folder;
    store::Database database{folder / "x.db", 100};
    const std::array one{"CREATE TABLE a (x); INSERT INTO a VALUES (1)"};
    const std::array two{one[0], "UPDATE a SET x = x + 1"};
    const std::array broken{two[0], two[1], "UPDATE a SET x = 99", "nonsense"};
    const auto value = [&] { return database.number("SELECT x FROM a"); };
    store::migrate(database, one);
    CHECK(value() == 1);
    store::migrate(database, two);
    store::migrate(database, two);
    CHECK(value() == 2);
    CHECK_THROWS_AS(store::migrate(database, broken), store::DatabaseError);
    CHECK(value() == 2);
    CHECK(database.number("PRAGMA user_version") == 2);
    CHECK_THROWS_AS(store::migrate(database, one), store::TooNew);
}

TEST_CASE("a file of a newer version is left alone") {
    Shelf s;
    s.write(fresh("a", {turn("1", "x")}));
    store::Database{s.file, 100}.execute("PRAGMA user_version = 99");
    store::History old{s.file};
    const auto done = old.write(fresh("b", {turn("2", "x")}));
    REQUIRE_FALSE(done);
    CHECK_THAT(done.error(), ContainsSubstring("newer version"));
    CHECK(std::filesystem::exists(s.file));
    CHECK(store::Database(s.file, 100).number("SELECT count(*) FROM conversations") == 1);
}
