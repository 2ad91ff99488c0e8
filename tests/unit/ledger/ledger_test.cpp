// The ledger: which rows reach the disk and when, and what a failing disk costs.
#include "server/ledger/ledger.h"

#include "server/ledger/sums.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_worker.h"
#include "tests/support/temp_dir.h"

#include <catch2/catch_all.hpp>

#include <cstdlib>
#include <ctime>

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using store::UsageGroup;
using Waiting = store::Batches<store::UsageRecord>;
using Lines = std::vector<std::string>;

namespace {

/// What one daemon has; several share a file.
struct Desk {
    FakeClock clock{};
    FakeWorker disk{};
    store::Shelf shelf;
    std::unique_ptr<ledger::Ledger> ledger = std::make_unique<ledger::Ledger>(clock, shelf);
    std::shared_ptr<config::Effective> config = std::make_shared<config::Effective>();
    Lines told{};

    explicit Desk(const std::filesystem::path& file) : shelf{disk, file} {
        config::Provider work;
        work.name = "work";
        work.models["m"] = {.id = "m", .price = config::Price{.input = 2, .output = 8, .currency = "USD"}};
        config->providers["work"] = std::make_shared<config::Provider>(work);
        config->project = config->account = "/src/one";
        shelf.on_trouble = [this](const std::string& what) { told.push_back(what); };
    }

    void add(const std::string& model = "work/m",
             std::optional<wire::Usage> usage = wire::Usage{1000, 500, {}, {}},
             const std::string& outcome = "complete") {
        ledger->add({.purpose = {.role = "chat", .config = config},
                     .model = model,
                     .asked = clock.wall(),
                     .duration = Milliseconds{12},
                     .outcome = outcome,
                     .usage = std::move(usage)});
    }
    /// "work/m 1 1000+500 0.006USD"
    Lines sums(UsageGroup group = UsageGroup::model, store::Instant since = 0) {
        Lines out;
        bool answered = false;
        const auto task = ledger->usage(since, group, [&](const std::vector<store::UsageSum>& all) {
            answered = true;
            for (const auto& one : all) out.push_back(line(one));
        });
        disk.work_off();
        CHECK(answered);
        return out;
    }
    static std::string line(const store::UsageSum& sum) {
        std::string out = sum.key + " " + std::to_string(sum.requests) + " " + std::to_string(sum.input) +
                          "+" + std::to_string(sum.output);
        if (sum.unmetered > 0) out += " unmetered " + std::to_string(sum.unmetered);
        if (sum.cost) out += " " + std::to_string(*sum.cost).substr(0, 5) + sum.currency;
        return out;
    }
};

struct Home {
    TempDir folder{};
    std::filesystem::path file = folder / "dragoman/dragoman.db";
};

/// What is on disk, without any ledger.
std::int64_t rows_in(const std::filesystem::path& file) {
    store::History history{file};
    const auto sums = history.usage(0, UsageGroup::role);
    REQUIRE(sums);
    std::int64_t rows = 0;
    for (const auto& one : *sums) rows += one.requests;
    return rows;
}

}  // namespace

TEST_CASE("rows wait for a batch, and one write takes all of them") {
    Home home;
    Desk desk{home.file};
    for (int i = 0; i < 50; ++i) {
        desk.add();
        desk.clock.advance(Milliseconds{50});
    }
    CHECK(desk.disk.waiting() == 0);
    CHECK_FALSE(std::filesystem::exists(home.file));
    desk.clock.advance(Waiting::kBatch);
    CHECK(desk.disk.waiting() == 1);
    desk.disk.work_off();
    CHECK(rows_in(home.file) == 50);
    desk.clock.advance(Milliseconds{600'000});
    CHECK(desk.disk.waiting() == 0);
}

TEST_CASE("an orderly end writes what waits") {
    Home home;
    Desk desk{home.file};
    desk.add();
    desk.ledger.reset();
    desk.disk.work_off();
    CHECK(rows_in(home.file) == 1);
    CHECK(desk.clock.waiting() == 0);
}

TEST_CASE("a row says what a call cost, where price and tokens are known") {
    Home home;
    Desk desk{home.file};
    desk.add();
    desk.add("work/unpriced");
    desk.add("work/m", std::nullopt, "cancelled");
    CHECK(desk.sums() ==
          Lines{"work/m 1 0+0 unmetered 1", "work/m 1 1000+500 0.006USD", "work/unpriced 1 1000+500"});
    CHECK(desk.sums(UsageGroup::project) ==
          Lines{"/src/one 2 1000+500 unmetered 1", "/src/one 1 1000+500 0.006USD"});
    CHECK(desk.sums(UsageGroup::role).size() == 2);
}

TEST_CASE("recordUsage false leaves no trace, also of a project beside one that is recorded") {
    Home home;
    Desk desk{home.file};
    desk.config->record_usage = false;
    desk.add();
    CHECK(desk.sums().empty());
    desk.clock.advance(Waiting::kBatch);
    desk.disk.work_off();
    CHECK_FALSE(std::filesystem::exists(home.file));
    desk.config = std::make_shared<config::Effective>(*desk.config);
    desk.config->record_usage = true;
    desk.add();
    CHECK(desk.sums().size() == 1);
}

TEST_CASE("sums hold what is not written yet, and what another daemon wrote") {
    Home home;
    Desk ours{home.file}, theirs{home.file};
    ours.add();
    theirs.add();
    theirs.add();
    theirs.clock.advance(Waiting::kBatch);
    theirs.disk.work_off();
    CHECK(ours.sums() == Lines{"work/m 3 3000+1500 0.018USD"});
    CHECK(theirs.sums() == Lines{"work/m 3 3000+1500 0.018USD"});
}

TEST_CASE("since counts from that moment on, in the file and in what waits alike") {
    Home home;
    home.folder.write("dragoman", "in the way");
    Desk desk{home.file};
    const bool written = GENERATE(true, false);
    if (written) std::filesystem::remove(home.folder / "dragoman");
    const auto start = std::chrono::duration_cast<Milliseconds>(desk.clock.wall().time_since_epoch()).count();
    desk.add();
    desk.clock.advance(Milliseconds{1000});
    desk.add();
    CHECK(desk.sums(UsageGroup::model, start).size() == 1);
    CHECK_THAT(desk.sums(UsageGroup::model, start).at(0), ContainsSubstring("work/m 2 "));
    CHECK_THAT(desk.sums(UsageGroup::model, start + 1).at(0), ContainsSubstring("work/m 1 "));
    CHECK(desk.sums(UsageGroup::model, start + 1001).empty());
}

TEST_CASE("a disk that refuses costs one notice, and gets every row once it works") {
    Home home;
    home.folder.write("dragoman", "a file in the place of the folder");
    Desk desk{home.file};
    for (int i = 0; i < 3; ++i) {
        desk.add();
        desk.clock.advance(Waiting::kRetry);
        desk.disk.work_off();
    }
    CHECK(desk.sums() == Lines{"work/m 3 3000+1500 0.018USD"});
    REQUIRE(desk.told.size() == 1);
    CHECK_THAT(desk.told[0], ContainsSubstring("dragoman.db") && ContainsSubstring("usage"));

    std::filesystem::remove(home.folder / "dragoman");
    desk.clock.advance(Waiting::kRetry);
    desk.disk.work_off();
    CHECK(rows_in(home.file) == 3);
    CHECK(desk.sums() == Lines{"work/m 3 3000+1500 0.018USD"});
    CHECK(desk.told.size() == 1);
}

TEST_CASE("a disk that refuses for long keeps the newest rows and no more than a bound") {
    Home home;
    home.folder.write("dragoman", "in the way");
    Desk desk{home.file};
    desk.add("work/oldest");
    for (std::size_t i = 0; i < Waiting::kMostWaiting; ++i) desk.add();
    const auto sums = desk.sums();
    REQUIRE(sums.size() == 1);
    CHECK_THAT(sums[0], ContainsSubstring("work/m " + std::to_string(Waiting::kMostWaiting) + " "));
}

TEST_CASE("a daemon without a place for data counts in memory") {
    Desk desk{{}};
    desk.add();
    desk.clock.advance(Waiting::kBatch);
    desk.add();
    CHECK(desk.sums() == Lines{"work/m 2 2000+1000 0.012USD"});
    CHECK(desk.disk.waiting() == 0);
}

TEST_CASE("who asked and went away is not answered") {
    Home home;
    Desk desk{home.file};
    desk.add();
    auto task = desk.ledger->usage(0, UsageGroup::model, [](const auto&) { FAIL("answered"); });
    task.reset();
    desk.disk.work_off();
    CHECK(rows_in(home.file) == 1);
}

TEST_CASE("a day is this machine's, whether the row waits or is written") {
    const char* const before = std::getenv("TZ");
    const std::string zone = before == nullptr ? "" : before;
    ::setenv("TZ", "Asia/Shanghai", 1);
    ::tzset();
    constexpr store::Instant kEvening = 1'767'196'800'000 - 1;  // 2025-12-31T23:59:59.999+08:00
    const std::vector<store::UsageRecord> rows{{.time = kEvening, .input = 1},
                                               {.time = kEvening + 1, .input = 2}};
    Lines waiting, written;
    for (const auto& sum : ledger::with_rows({}, rows, 0, UsageGroup::day))
        waiting.push_back(Desk::line(sum));
    Home home;
    store::History history{home.file};
    REQUIRE(history.add_usage(rows));
    const auto sums = history.usage(0, UsageGroup::day);
    REQUIRE(sums);
    for (const auto& sum : *sums) written.push_back(Desk::line(sum));
    CHECK(waiting == written);
    CHECK(waiting == Lines{"2025-12-31 1 1+0", "2026-01-01 1 2+0"});
    zone.empty() ? ::unsetenv("TZ") : ::setenv("TZ", zone.c_str(), 1);
    ::tzset();
}
