// The list of what was sent: which rows reach the disk, for how long, and what of them is told.
#include "server/sent/sent.h"

#include "tests/support/fake_clock.h"
#include "tests/support/fake_worker.h"
#include "tests/support/temp_dir.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::test;
using Lines = std::vector<std::string>;

namespace {

/// What one daemon has; several share a file.
struct Desk {
    FakeClock clock{};
    FakeWorker disk{};
    store::Shelf shelf;
    std::unique_ptr<sent::List> list = std::make_unique<sent::List>(clock, shelf);

    explicit Desk(const std::filesystem::path& file) : shelf{disk, file} {}

    static http::Sent one(Clock::WallTime time, const std::string& model, const std::string& project) {
        http::Sent out;
        out.time = time;
        out.origin = "https://gateway.example";
        out.errand = {
            .role = "chat", .provider = "work", .model = model, .project = project, .recorded = true};
        out.bytes_out = 10;
        return out;
    }
    void add(const std::string& model, std::optional<bool> recorded = true,
             const std::string& project = "/src/one") {
        clock.advance(Milliseconds{1});
        auto sent = one(clock.wall(), model, project);
        sent.errand.recorded = recorded;
        list->add(sent);
    }
    std::vector<store::SentRecord> read(const store::SentFilter& filter = {}) {
        std::vector<store::SentRecord> out;
        bool answered = false;
        const auto task = list->read(filter, [&](std::vector<store::SentRecord> rows) {
            answered = true;
            out = std::move(rows);
        });
        disk.work_off();
        CHECK(answered);
        return out;
    }
    Lines models(const store::SentFilter& filter = {}) {
        Lines out;
        for (const auto& row : read(filter)) out.push_back(row.model);
        return out;
    }
};

}  // namespace

TEST_CASE("rows of all daemons are told, the newest first, written or not") {
    TempDir folder;
    Desk a{folder / "x.db"}, b{folder / "x.db"};
    a.add("first");
    a.clock.advance(Milliseconds{6'000});
    b.clock.advance(Milliseconds{6'000});
    a.disk.work_off();
    b.add("second");
    CHECK(b.models() == Lines{"second", "first"});
    CHECK(b.models({.limit = 1}) == Lines{"second"});
    CHECK(b.models({.limit = 0}).empty());
    b.list.reset();
    b.disk.work_off();
    CHECK(a.models() == Lines{"second", "first"});
}

TEST_CASE("a row keeps what is known of the request and never what was in it") {
    Desk d{{}};
    http::Sent one = Desk::one(d.clock.wall(), "m", "/src/one");
    one.errand.drawn = {{.kind = "document", .path = "src/a.cpp", .bytes = 90, .masked = 2},
                        {.kind = "prompt", .bytes = 7}};
    one.bytes_in = 33;
    one.status = 429;
    one.duration = Milliseconds{12};
    one.outcome = http::Sent::Outcome::closed;
    d.list->add(one);
    const auto rows = d.read();
    REQUIRE(rows.size() == 1);
    const store::SentRecord& row = rows.front();
    CHECK(row.origin == "https://gateway.example");
    CHECK(row.provider == "work");
    CHECK(row.role == "chat");
    CHECK(row.project == "/src/one");
    CHECK(row.bytes_out == 10);
    CHECK(row.bytes_in == 33);
    CHECK(row.status == 429);
    CHECK(row.duration_ms == 12);
    CHECK(row.outcome == "closed");
    CHECK(sent::drawn_of(row) == one.errand.drawn);
    CHECK(sent::drawn_of({.drawn = "no JSON"}).empty());
    CHECK(sent::drawn_of({.drawn = R"([{"kind": 5, "bytes": -1}, 7])"}).size() == 2);
}

TEST_CASE("what is not to be recorded stays in this process") {
    TempDir folder;
    Desk a{folder / "x.db"}, b{folder / "x.db"};
    a.add("secret", false);
    a.add("known");
    CHECK(a.models() == Lines{"known", "secret"});
    CHECK(b.models() == Lines{"known"});
    // A request for no project follows what holds outside of one.
    bool outside = GENERATE(true, false);
    a.list->recorded_outside = [&] { return outside; };
    a.add("list", std::nullopt);
    CHECK(a.models() == Lines{"list", "known", "secret"});
    CHECK(b.models() == (outside ? Lines{"list", "known"} : Lines{"known"}));
    for (std::size_t i = 0; i < sent::List::kMostHere + 5; ++i) a.add("more", false);
    CHECK(a.models({.limit = 5000}).size() == sent::List::kMostHere + (outside ? 2 : 1));
}

TEST_CASE("a row leaves the file after its time, when the next one is written") {
    TempDir folder;
    Desk d{folder / "x.db"};
    d.add("old");
    CHECK(d.models() == Lines{"old"});
    d.clock.set_wall(d.clock.wall() + sent::List::kKept + std::chrono::hours{1});
    CHECK(d.models() == Lines{"old"});
    d.add("new");
    CHECK(d.models() == Lines{"new"});
}

TEST_CASE("a list is of a folder and those below it, and since a time") {
    const bool on_disk = GENERATE(true, false);
    TempDir folder;
    Desk d{on_disk ? folder / "x.db" : std::filesystem::path{}};
    d.add("one", true, "/src/one");
    d.add("inner", on_disk, "/src/one/inner");
    d.add("other", true, "/src/one_more");
    const auto begin = d.clock.wall();
    d.add("none", true, "");
    CHECK(d.models({.project = "/src/one"}) == Lines{"inner", "one"});
    CHECK(d.models({.project = "/src/on"}).empty());
    const auto since = std::chrono::duration_cast<Milliseconds>(begin.time_since_epoch()).count();
    CHECK(d.models({.since = since}) == Lines{"none", "other"});
}

TEST_CASE("a disk that fails costs no list of this process, and gets the rows when it works again") {
    TempDir folder;
    folder.write("file", "not a folder");
    Desk d{folder / "file/x.db"};
    Lines told;
    d.shelf.on_trouble = [&](const std::string& what) { told.push_back(what); };
    d.add("first");
    CHECK(d.models() == Lines{"first"});
    CHECK(told.size() == 1);
    std::filesystem::remove(folder / "file");
    std::filesystem::create_directory(folder / "file");
    d.add("second");
    CHECK(d.models() == Lines{"second", "first"});
    d.list.reset();
    d.disk.work_off();
    Desk other{folder / "file/x.db"};
    CHECK(other.models() == Lines{"second", "first"});
}
