// What goes wrong with a file on disk costs history and nothing else.
#include "server/store/schema.h"
#include "tests/support/patience.h"
#include "tests/unit/store/shelf.h"

#include <array>
#include <atomic>
#include <csignal>
#include <span>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
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
    CHECK_FALSE(history.add_usage(std::vector<store::UsageRecord>(2)));
}

TEST_CASE("a file of the first version goes through every step and keeps its rows") {
    Shelf s;
    std::filesystem::create_directories(s.file.parent_path());
    {
        store::Database old{s.file, 100};
        store::migrate(old, store::migrations().first(1));
        old.execute(
            "INSERT INTO conversations VALUES ('b', 'Newer', 3, 9), ('a', 'Old', 1, 2); INSERT INTO turns "
            "VALUES "
            "(1, 't1', 'a', 1, 1, 'complete', 'work/m', 'whale', 'yes', '{}'), "
            "(2, 't2', 'b', 1, 3, 'complete', 'work/m', 'lion', 'no', '{}'), "
            "(3, 't4', 'a', 7, 4, 'failed', 'work/n', 'last', 'yes', '{}'), "
            "(9, 't3', 'a', 4, 2, 'complete', 'work/m', 'middle', 'yes', '{}'); "
            "INSERT INTO usage VALUES (5, 'chat', 'work/m', '/p', 10, 1, 0, NULL, '', 7, 'complete')");
        store::prepare_search(old, old.has_fts5());
    }
    const auto heads = s.history.list("", 10, 0);
    REQUIRE(heads);
    REQUIRE(heads->size() == 2);
    CHECK(heads->at(0).id == "b");
    CHECK(heads->at(1).id == "a");
    CHECK(heads->at(1).title == "Old");
    CHECK(heads->at(1).created == 1);
    CHECK(heads->at(1).updated == 2);
    CHECK(heads->at(1).turns == 3);
    CHECK(heads->at(1).model == "work/n");
    CHECK(s.prompts("a") == Lines{"whale", "middle", "last"});
    CHECK(s.history.read("a").value()->turns.at(2).state == "failed");
    CHECK(s.ids("whale") == Lines{"a"});
    CHECK(s.ids("lion") == Lines{"b"});
    CHECK(s.history.usage(0, store::UsageGroup::model)->at(0).input == 10);
    s.write(fresh("a", {turn("t5", "added")}));
    CHECK(s.prompts("a") == Lines{"whale", "middle", "last", "added"});
    CHECK(s.ids("added") == Lines{"a"});
    CHECK(s.history.remove("a")->found);
    CHECK(s.ids() == Lines{"b"});
    CHECK(s.prompts("b") == Lines{"lion"});
    CHECK_FALSE(std::filesystem::exists(s.folder / "data/dragoman/dragoman.db.version-1"));
}

TEST_CASE("a file of the second version keeps the attachments of its turns") {
    Shelf s;
    std::filesystem::create_directories(s.file.parent_path());
    {
        store::Database old{s.file, 100};
        old.execute("PRAGMA foreign_keys = ON");
        store::migrate(old, store::migrations().first(2));
        old.execute(
            "INSERT INTO conversations VALUES ('a', 'Old', 1, 2); INSERT INTO turns VALUES "
            "(7, 't', 'a', 1, 1, 'complete', 'work/m', 'whale', 'yes', '{}'); "
            "INSERT INTO attachments VALUES ('t', 1, 'second'), ('t', 0, 'first')");
    }
    const auto attached = [&] {
        const auto read = s.history.read("a");
        REQUIRE(read);
        Lines out;
        for (const auto& each : read->value().turns.at(0).attachments) out.push_back(*each);
        return out;
    };
    CHECK(attached() == Lines{"first", "second"});
    CHECK(s.history.remove("a")->found);
    CHECK(store::Database(s.file, 100).number("SELECT count(*) FROM attachments") == 0);
}

TEST_CASE(
    "a file of the third version keeps its usage, which counts as spent, and takes guesses from now on") {
    Shelf s;
    std::filesystem::create_directories(s.file.parent_path());
    {
        store::Database old{s.file, 100};
        store::migrate(old, store::migrations().first(3));
        old.execute(
            "INSERT INTO usage VALUES (5, 'chat', 'work/m', '/p', 10, 1, 0, 0.5, 'USD', 7, 'complete'), "
            "(6, 'chat', 'work/m', '/p', 0, 0, 0, NULL, '', 7, 'cancelled')");
    }
    const auto spent = [&] { return s.history.spending(0, 100, "2026-01-31").value().spent; };
    REQUIRE(spent().size() == 2);
    CHECK(spent()[0] == store::Spent{.model = "work/m", .project = "/p"});
    CHECK(spent()[1] ==
          store::Spent{.model = "work/m", .project = "/p", .tokens = 11, .cost = 0.5, .currency = "USD"});
    const store::UsageRecord guessed{.time = 7,
                                     .role = "completion",
                                     .model = "work/m",
                                     .project = "/p",
                                     .guess_tokens = 100,
                                     .guess_cost = 0.25,
                                     .guess_currency = "USD",
                                     .outcome = "cancelled"};
    REQUIRE(s.history.add_usage({&guessed, 1}));
    CHECK(spent()[1].tokens == 111);
    CHECK(spent()[1].cost == 0.75);
    const auto usage = s.history.usage(0, store::UsageGroup::model);
    REQUIRE(usage);
    CHECK(usage->at(0).unmetered == 2);  // a guess is no count
    CHECK(usage->at(1).input == 10);
    CHECK(usage->at(1).cost == 0.5);
}

TEST_CASE("spending is that of one span, by model, project and currency, with what no price is known for") {
    Shelf s;
    const auto row = [](store::Instant time, const std::string& model, std::optional<double> cost,
                        const std::string& currency) {
        return store::UsageRecord{
            .time = time, .model = model, .input = 10, .output = 5, .cost = cost, .currency = currency};
    };
    const std::vector<store::UsageRecord> rows{
        row(9, "a/m", 1, "USD"),          row(10, "a/m", 2, "USD"),         row(19, "a/m", 3, "CNY"),
        row(15, "a/m", std::nullopt, ""), row(16, "b/m", std::nullopt, ""), row(20, "a/m", 4, "USD")};
    REQUIRE(s.history.add_usage(rows));
    const auto day = s.history.spending(10, 20, "d").value();
    REQUIRE(day.spent.size() == 4);
    CHECK(day.spent[0] == store::Spent{.model = "a/m", .tokens = 15, .unpriced = 15});
    CHECK(day.spent[1] == store::Spent{.model = "a/m", .tokens = 15, .cost = 3, .currency = "CNY"});
    CHECK(day.spent[2] == store::Spent{.model = "a/m", .tokens = 15, .cost = 2, .currency = "USD"});
    CHECK(day.spent[3].model == "b/m");
}

TEST_CASE("spending is nothing where there is no file, and trouble where none can be looked for") {
    TempDir folder;
    store::History none{folder / "data/dragoman.db"};
    CHECK(none.spending(0, 9, "d").ok());
    CHECK_FALSE(std::filesystem::exists(folder / "data"));
    folder.write("file", "not a folder");
    store::History barred{folder / "file/dragoman.db"};
    CHECK_FALSE(barred.spending(0, 9, "d").ok());
}

TEST_CASE("what was allowed for a day is that day's, and gone once a later one is begun") {
    Shelf s;
    CHECK(s.history.spending(0, 1, "2026-01-30")->allowed.empty());
    REQUIRE(s.history.allow("2026-01-30", "a"));
    REQUIRE(s.history.allow("2026-01-30", "b"));
    REQUIRE(s.history.allow("2026-01-30", "a"));
    CHECK(s.history.spending(0, 1, "2026-01-30")->allowed == Lines{"a", "b"});
    CHECK(s.history.spending(0, 1, "2026-01-31")->allowed.empty());
    REQUIRE(s.history.allow("2026-01-31", "b"));
    CHECK(s.history.spending(0, 1, "2026-01-31")->allowed == Lines{"b"});
    CHECK(s.history.spending(0, 1, "2026-01-30")->allowed.empty());
}

TEST_CASE("a file of the fourth version keeps its usage and gets a list of what was sent") {
    Shelf s;
    std::filesystem::create_directories(s.file.parent_path());
    {
        store::Database old{s.file, 100};
        store::migrate(old, store::migrations().first(4));
        old.execute(
            "INSERT INTO usage VALUES (5, 'chat', 'work/m', '/p', 10, 1, 0, NULL, '', 7, 'complete', 0, "
            "NULL, '')");
    }
    CHECK(s.history.sent({})->empty());
    const std::vector<store::SentRecord> rows{
        {.time = 7, .role = "chat", .origin = "https://a", .project = "/p"},
        {.time = 9, .role = "models", .origin = "https://b"}};
    REQUIRE(s.history.add_sent(rows, 0));
    const auto sent = s.history.sent({});
    REQUIRE(sent);
    REQUIRE(sent->size() == 2);
    CHECK(sent->at(0).origin == "https://b");
    CHECK(sent->at(1).project == "/p");
    CHECK(s.history.usage(0, store::UsageGroup::model)->at(0).input == 10);
    REQUIRE(s.history.add_sent({}, 8));
    CHECK(s.history.sent({})->size() == 1);
    CHECK_FALSE(std::filesystem::exists(s.file.string() + ".version-4"));
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
    CHECK_THROWS_AS(store::migrate(database, one), store::Unusable);
}

TEST_CASE("a file of a newer version is left alone, to the byte") {
    Shelf s;
    s.write(fresh("a", {turn("1", "x")}));
    store::Database{s.file, 100}.execute("PRAGMA journal_mode = WAL; PRAGMA user_version = 99");
    const std::string before = s.bytes();
    store::History old{s.file};
    for (store::History* history : {&old, &s.history}) {  // also where it was open before
        const auto done = history->write(fresh("b", {turn("2", "x")}));
        REQUIRE_FALSE(done);
        CHECK_THAT(done.error(), ContainsSubstring("newer version") && ContainsSubstring(s.file.string()));
        CHECK_FALSE(history->list("", 10, 0));
    }
    CHECK(s.bytes() == before);
}

TEST_CASE(
    "a migration that is killed leaves the file as it was and a copy beside it, which the next one removes") {
    TempDir folder;
    const auto file = folder / "x.db", copy = folder / "x.db.version-1";
    const std::array good{"CREATE TABLE a (x); INSERT INTO a VALUES (1)", "UPDATE a SET x = 2"};
    store::Database database{file, 100};
    store::migrate(database, std::span{good}.first(1));
    CHECK_FALSE(std::filesystem::exists(copy));
    const pid_t child = ::fork();
    if (child == 0) {  // writes, and then counts for hours
        const std::array slow{
            good[0],
            "UPDATE a SET x = 99; CREATE TABLE b AS WITH RECURSIVE n (i) AS (SELECT 1 UNION "
            "ALL SELECT i + 1 FROM n LIMIT 100000000000) SELECT count(*) FROM n"};
        store::Database own{file, 100};
        store::migrate(own, slow);
        ::_exit(0);
    }
    const auto copied = [&] {
        try {
            return store::Database{copy, 100}.number("PRAGMA user_version") == 1;
        } catch (const store::DatabaseError&) {
            return false;  // being written
        }
    };
    const auto limit = std::chrono::steady_clock::now() + kPatience;
    while (!(std::filesystem::exists(copy) && copied()) && std::chrono::steady_clock::now() < limit)
        std::this_thread::yield();
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK(store::Database(copy, 100).number("SELECT x FROM a") == 1);
    CHECK((std::filesystem::status(copy).permissions() & std::filesystem::perms::others_all) ==
          std::filesystem::perms::none);
    CHECK(database.number("SELECT x FROM a") == 1);
    CHECK(database.number("PRAGMA user_version") == 1);
    store::migrate(database, good);
    CHECK(database.number("SELECT x FROM a") == 2);
    CHECK_FALSE(std::filesystem::exists(copy));
    folder.write("x.db.version-1", "of a daemon that died when all was done but this");
    store::migrate(database, good);
    CHECK_FALSE(std::filesystem::exists(copy));
}

TEST_CASE("a migration without room for its copy leaves the file as it was") {
    TempDir folder;
    store::Database database{folder / "x.db", 100};
    const std::array steps{"CREATE TABLE a (x); INSERT INTO a VALUES (zeroblob(500000))", "DELETE FROM a"};
    store::migrate(database, std::span{steps}.first(1));
    {
        const FullDisk full{128U << 10U};
        CHECK_THROWS_AS(store::migrate(database, steps), store::DatabaseError);
    }
    CHECK(database.number("PRAGMA user_version") == 1);
    CHECK(database.number("SELECT count(*) FROM a") == 1);
    CHECK_FALSE(std::filesystem::exists(folder / "x.db.version-1"));
    store::migrate(database, steps);
    CHECK(database.number("SELECT count(*) FROM a") == 0);
}

TEST_CASE("only the user may read the file and its folder, also where they were open to others before") {
    using std::filesystem::perms;
    Shelf s;
    s.write(fresh("a", {turn("1", "x")}));
    const auto mode = [](const std::filesystem::path& path) {
        return std::filesystem::status(path).permissions() & perms::all;
    };
    CHECK(mode(s.file) == (perms::owner_read | perms::owner_write));
    CHECK(mode(s.file.parent_path()) == perms::owner_all);
    std::filesystem::permissions(s.file, perms::owner_read | perms::owner_write | perms::others_read);
    std::filesystem::permissions(s.file.parent_path(), perms::owner_all | perms::group_all);
    store::History again{s.file};
    CHECK(Shelf::ids_of(again) == Lines{"a"});
    CHECK(mode(s.file) == (perms::owner_read | perms::owner_write));
    CHECK(mode(s.file.parent_path()) == perms::owner_all);
}

TEST_CASE("a file or folder of another user is not used") {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() != 0) SKIP("needs root, to give a file away");
    const bool folder_too = GENERATE(true, false);
    Shelf s;
    s.write(fresh("a", {turn("1", "x")}));
    const std::string before = s.bytes();
    REQUIRE(::chown(s.file.c_str(), kNobody, kNobody) == 0);
    if (folder_too) REQUIRE(::chown(s.file.parent_path().c_str(), kNobody, kNobody) == 0);
    store::History other{s.file};
    const auto done = other.write(fresh("b", {turn("2", "x")}));
    REQUIRE_FALSE(done);
    CHECK_THAT(done.error(), ContainsSubstring("another user") && ContainsSubstring(s.file.string()));
    CHECK_FALSE(other.list("", 10, 0));
    CHECK(s.bytes() == before);
}

TEST_CASE("a disk that cannot be written to still shows what it holds") {
    constexpr uid_t kNobody = 65534;
    TempDir folder;
    const auto file = folder / "data/x.db";
    const bool root = ::geteuid() == 0;  // whom no mode stops
    if (root) {
        std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
        REQUIRE(::seteuid(kNobody) == 0);
    }
    store::History first{file};
    REQUIRE(first.write(fresh("a", {turn("1", "whale")})));
    const std::vector<store::UsageRecord> row{{.time = 1, .input = 3}};
    REQUIRE(first.add_usage(row));
    ::chmod(file.c_str(), 0400);
    ::chmod(file.parent_path().c_str(), 0500);
    store::History history{file};
    CHECK(Shelf::ids_of(history, "whale") == Lines{"a"});
    CHECK(history.usage(0, store::UsageGroup::model)->at(0).input == 3);
    CHECK_FALSE(history.write(fresh("b", {turn("2", "x")})));
    CHECK_FALSE(history.add_usage(row));
    ::chmod(file.parent_path().c_str(), 0700);
    ::chmod(file.c_str(), 0600);
    CHECK(history.add_usage(row));
    if (root) REQUIRE(::seteuid(0) == 0);
}

TEST_CASE("a full disk takes no row of a batch, and all of them once there is room") {
    Shelf s;
    s.write(fresh("a", {turn("1", "x")}));
    const std::vector<store::UsageRecord> rows(5000, {.time = 1, .model = std::string(200, 'm')});
    const auto count = [&] {
        const auto sums = s.history.usage(0, store::UsageGroup::model);
        REQUIRE(sums);
        return sums->empty() ? 0 : sums->at(0).requests;
    };
    {
        const FullDisk full{256U << 10U};
        CHECK_FALSE(s.history.add_usage(rows));
        CHECK(count() == 0);
    }
    CHECK(s.history.add_usage(rows));
    CHECK(count() == 5000);
}

TEST_CASE("several daemons that write at once lose nothing") {
    constexpr int kDaemons = 4, kWrites = 25;
    Shelf s;
    std::atomic<int> failures = 0;
    std::vector<std::thread> daemons;
    for (int daemon = 0; daemon < kDaemons; ++daemon) {
        daemons.emplace_back([&, daemon] {
            store::History history{s.file, {.patience_ms = 60'000}};
            const std::vector<store::UsageRecord> row{{.time = 1, .input = 1}};
            for (int i = 0; i < kWrites; ++i) {
                const std::string id = std::to_string(daemon) + "-" + std::to_string(i);
                if (!history.write(fresh("c" + id, {turn("own" + id, "x")}))) ++failures;
                auto shared = fresh("shared", {turn("t" + id, "x")});
                if (!history.write(shared) || !history.add_usage(row)) ++failures;
            }
        });
    }
    for (auto& one : daemons) one.join();
    CHECK(failures == 0);
    CHECK(s.ids("", 1000).size() == kDaemons * kWrites + 1);
    CHECK(s.prompts("shared").size() == kDaemons * kWrites);
    CHECK(s.history.usage(0, store::UsageGroup::model)->at(0).input == kDaemons * kWrites);
}
