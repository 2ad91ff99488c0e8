// The book: what counts as spent today, over daemons, calls under way, midnight and a failing disk.
#include "server/budget/book.h"

#include "tests/support/fake_clock.h"
#include "tests/support/fake_worker.h"
#include "tests/support/temp_dir.h"

#include <catch2/catch_all.hpp>

#include <cstdlib>
#include <ctime>
#include <fstream>

using namespace dragoman;
using namespace dragoman::test;
using budget::Book;
using budget::Choice;
using Catch::Matchers::ContainsSubstring;
using Lines = std::vector<std::string>;

namespace {

/// Local time is this zone's while it lives.
struct Zone {
    explicit Zone(const char* name) {
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~Zone() {
        ::unsetenv("TZ");
        ::tzset();
    }
};

/// One daemon's book over a file that others may share. Model "work/m": 1 USD for a thousand tokens.
struct Window {
    FakeClock clock{};
    FakeWorker disk{};
    store::Shelf shelf;
    ledger::Ledger ledger{clock, shelf};
    Book book{clock, ledger};
    std::shared_ptr<config::Effective> config = std::make_shared<config::Effective>();
    std::vector<gateway::Receipt> running{};
    Lines notices{};
    std::vector<std::function<void(Choice)>> questions{};
    std::optional<Choice> at_once{};

    explicit Window(const std::filesystem::path& file) : shelf{disk, file} {
        config::Provider work;
        work.name = "work";
        work.models["m"] = {.id = "m", .price = config::Price{1000, 1000, "USD"}};
        config->providers["work"] = std::make_shared<config::Provider>(work);
        config->user_file = "/home/u/config.json";
        config->budgets = {{.amount = 5, .currency = "USD", .setting = "budget"}};
        book.under_way = [this] { return running; };
        book.on_notice = [this](const std::string& what) { notices.push_back(what); };
        book.ask = [this](const budget::Question&, std::function<void(Choice)> choose) {
            if (at_once) {
                choose(*at_once);
                return true;
            }
            questions.push_back(std::move(choose));
            return true;
        };
    }

    config::ModelRef model(const std::string& id = "m") const {
        const auto& provider = config->providers.at("work");
        return {provider, provider->model(id)};
    }
    gateway::Receipt receipt(std::int64_t tokens, const std::string& id = "m") const {
        gateway::Receipt out{.purpose = {.role = "chat", .config = config}, .model = "work/" + id};
        out.asked = clock.wall();
        out.usage = wire::Usage{.input = tokens};
        return out;
    }
    void spend(std::int64_t tokens, const std::string& id = "m") {
        const auto one = receipt(tokens, id);
        ledger.add(one);
        book.add(one);
    }
    /// Writes what waits.
    void flush() {
        clock.advance(store::Batches<store::UsageRecord>::kBatch);
        disk.work_off();
    }

    /// One call: "sent", "refused: why", or "waits".
    struct Call {
        std::string outcome = "waits";
        std::unique_ptr<gateway::Guard::Ticket> ticket{};
    };
    std::shared_ptr<Call> begin(bool background, std::int64_t prompt = 10, const std::string& id = "m",
                                gateway::Purpose purpose = {.role = "chat", .config = nullptr}) {
        auto call = std::make_shared<Call>();
        purpose.config = config;
        call->ticket = book.admit({.purpose = std::move(purpose),
                                   .model = model(id),
                                   .background = background,
                                   .prompt_tokens = prompt},
                                  [weak = std::weak_ptr{call}](const std::optional<Error>& refusal) {
                                      const auto one = weak.lock();
                                      REQUIRE(one);
                                      REQUIRE(one->outcome == "waits");
                                      one->outcome = refusal ? "refused: " + refusal->message : "sent";
                                      one->ticket.reset();
                                  });
        clock.settle();
        return call;
    }
    std::string outcome(bool background, std::int64_t prompt = 10, const std::string& id = "m") {
        const auto call = begin(background, prompt, id);
        disk.work_off();
        return call->outcome;
    }
    bool barred() { return book.barred(*config, model()).has_value(); }
};

struct Home {
    TempDir folder{};
    std::filesystem::path file = folder / "dragoman/dragoman.db";
};

constexpr bool kBackground = true, kAsked = false;

}  // namespace

TEST_CASE(
    "calls go out until the limit, then those in the background are refused and others are asked about") {
    Home home;
    Window window{home.file};
    CHECK(window.outcome(kBackground) == "sent");
    window.spend(4'980);
    CHECK(window.outcome(kBackground) == "sent");
    CHECK_THAT(window.outcome(kBackground, 30), ContainsSubstring("is not enough for this: 4.98 USD"));
    window.spend(20);
    CHECK(window.outcome(kBackground) == "refused: today's budget of 5 USD is spent: 5 USD used");
    CHECK(window.barred());
    const auto call = window.begin(kAsked);
    window.disk.work_off();
    CHECK(call->outcome == "waits");
    REQUIRE(window.questions.size() == 1);
}

TEST_CASE("without a budget nothing is read") {
    Home home;
    Window window{home.file};
    window.config->budgets.clear();
    CHECK_FALSE(window.barred());
    window.spend(100);
    CHECK(window.disk.waiting() == 0);
    CHECK(window.book.standings(*window.config).empty());
}

TEST_CASE("an answer holds for one wish, for the day, or not at all") {
    Home home;
    Window window{home.file};
    window.spend(6'000);
    const auto ask = [&](Choice choice, gateway::Purpose purpose = {.role = "chat", .config = nullptr}) {
        window.at_once = choice;
        const auto call = window.begin(kAsked, 10, "m", std::move(purpose));
        window.disk.work_off();
        window.at_once.reset();
        return call->outcome;
    };
    CHECK_THAT(ask(Choice::no), ContainsSubstring("is spent"));
    const gateway::Purpose wish{.role = "chat", .config = nullptr};
    CHECK(ask(Choice::send, wish) == "sent");
    CHECK(ask(Choice::no, wish) == "sent");  // the same wish is not asked about twice
    CHECK_THAT(ask(Choice::no), ContainsSubstring("is spent"));
    CHECK(ask(Choice::today) == "sent");
    CHECK_FALSE(window.barred());
    CHECK(window.outcome(kBackground) == "sent");
    CHECK(window.questions.empty());
}

TEST_CASE("what was allowed for today is allowed in every window, and no longer than today") {
    Home home;
    Window one{home.file}, two{home.file};
    one.spend(6'000);
    one.flush();
    CHECK_THAT(two.outcome(kBackground), ContainsSubstring("is spent"));
    one.book.allow_today(one.config->budgets[0].id());
    one.disk.work_off();
    two.clock.advance(Book::kStale + Milliseconds{1});
    static_cast<void>(two.barred());
    two.disk.work_off();
    CHECK_FALSE(two.barred());
    for (Window* window : {&one, &two}) {
        window->clock.advance(std::chrono::hours{24});
        window->spend(6'000);
        window->disk.work_off();
        CHECK_THAT(window->outcome(kBackground), ContainsSubstring("is spent"));
    }
}

TEST_CASE("a question that is answered after its call was given up allows the day and sends nothing") {
    Home home;
    Window window{home.file};
    window.spend(6'000);
    auto call = window.begin(kAsked);
    window.disk.work_off();
    REQUIRE(window.questions.size() == 1);
    call->ticket.reset();
    window.questions[0](Choice::today);
    CHECK(call->outcome == "waits");
    CHECK_FALSE(window.barred());
}

TEST_CASE("after a refusal a change of mind lifts the limit for what follows, and answers nobody twice") {
    Home home;
    Window window{home.file};
    window.spend(6'000);
    std::function<void(Choice)> later;
    window.book.ask = [&](const budget::Question& question, std::function<void(Choice)> choose) {
        CHECK(question.role == "completion");
        choose(Choice::no);
        later = std::move(choose);
        return true;
    };
    const auto call = window.begin(kAsked, 10, "m", {.role = "completion", .config = nullptr});
    window.disk.work_off();
    CHECK_THAT(call->outcome, ContainsSubstring("refused"));
    later(Choice::today);
    CHECK_FALSE(window.barred());
}

TEST_CASE("what other windows spend counts as soon as it is written") {
    Home home;
    Window one{home.file}, two{home.file};
    CHECK(two.outcome(kBackground) == "sent");
    one.spend(5'000);
    CHECK_FALSE(two.barred());  // nobody else knows yet
    one.flush();
    two.clock.advance(Book::kStale + Milliseconds{1});
    CHECK_FALSE(two.barred());  // judged by the last count, while a new one is ordered
    two.disk.work_off();
    CHECK(two.barred());
    // Whoever asks by hand waits for a count that is not older than a second.
    Window three{home.file};
    CHECK(three.outcome(kAsked) == "waits");
    CHECK(three.questions.size() == 1);
}

TEST_CASE("what is under way, not written yet or not recorded counts, and everything counts once") {
    Home home;
    Window window{home.file};
    const auto money = [&] {
        const auto task = window.book.count([] {});
        window.disk.work_off();
        return window.book.standings(*window.config).at(0).spent.money;
    };
    window.spend(1'000);
    CHECK(money() == Catch::Approx(1));
    window.spend(1'000);
    CHECK(window.book.standings(*window.config)[0].spent.money == Catch::Approx(2));
    window.flush();
    CHECK(money() == Catch::Approx(2));
    auto open = window.receipt(0);
    open.usage.reset();
    open.guess = {.input = 400, .output = 100};
    window.running.push_back(open);
    CHECK(money() == Catch::Approx(2.5));
    window.running.clear();
    window.ledger.add(open);
    window.book.add(open);
    CHECK(window.book.standings(*window.config)[0].spent.money == Catch::Approx(2.5));
    CHECK(money() == Catch::Approx(2.5));
    window.flush();
    CHECK(money() == Catch::Approx(2.5));
    const auto recorded = window.config;
    window.config = std::make_shared<config::Effective>(*recorded);
    window.config->record_usage = false;
    window.spend(1'000);
    CHECK(money() == Catch::Approx(3.5));
    window.flush();
    CHECK(money() == Catch::Approx(3.5));
    CHECK(Window{home.file}.book.standings(*recorded).empty());
}

TEST_CASE("rows that end while a count is read are neither lost nor counted twice") {
    Home home;
    Window window{home.file};
    window.spend(1'000);
    const auto task = window.book.count([] {});
    window.spend(2'000);
    window.disk.work_off();
    CHECK(window.book.standings(*window.config).at(0).spent.money == Catch::Approx(3));
}

TEST_CASE("the day is this machine's, and begins anew at midnight while the editor stays open") {
    const Zone zone{"Asia/Shanghai"};  // 1 700 000 000 is 06:13 there
    Home home;
    Window window{home.file};
    int changes = 0;
    window.spend(6'000);
    CHECK_THAT(window.outcome(kBackground), ContainsSubstring("is spent"));
    const auto error = window.book.barred(*window.config, window.model());
    REQUIRE(error);
    CHECK(error->retry_after == std::chrono::hours{17} + std::chrono::minutes{46} + std::chrono::seconds{40});
    window.book.on_change = [&] { ++changes; };
    window.clock.advance(*error->retry_after - Milliseconds{1});
    window.disk.work_off();
    CHECK(window.barred());
    changes = 0;
    window.clock.advance(Milliseconds{1});
    window.disk.work_off();
    CHECK(changes > 0);
    CHECK_FALSE(window.barred());
    CHECK(window.outcome(kBackground) == "sent");
    CHECK(window.book.standings(*window.config).at(0).spent.money == 0);
}

TEST_CASE("a call that began before midnight counts for the day it began in") {
    const Zone zone{"UTC"};
    Home home;
    Window window{home.file};
    CHECK(window.outcome(kBackground) == "sent");
    auto late = window.receipt(6'000);
    window.clock.advance(std::chrono::hours{24});
    window.ledger.add(late);
    window.book.add(late);
    CHECK(window.outcome(kBackground) == "sent");
    window.flush();
    CHECK(window.outcome(kBackground) == "sent");
}

TEST_CASE("a database that cannot be read is a reached limit that says why, until it can be read") {
    Home home;
    std::filesystem::create_directories(home.file);  // a folder in the place of the file
    Window window{home.file};
    CHECK_THAT(window.outcome(kBackground), ContainsSubstring("cannot be checked"));
    CHECK(window.barred());
    CHECK(window.book.standings(*window.config).at(0).reached());
    const auto call = window.begin(kAsked);
    window.disk.work_off();
    CHECK(call->outcome == "waits");
    REQUIRE(window.questions.size() == 1);
    window.questions[0](Choice::send);
    CHECK(call->outcome == "sent");
    const auto ordered = window.disk.waiting();
    for (int i = 0; i < 20; ++i) static_cast<void>(window.barred());
    CHECK(window.disk.waiting() == ordered);  // a failing disk is not asked at every keystroke

    std::filesystem::remove(home.file);
    window.clock.advance(Book::kStale + Milliseconds{1});
    CHECK(window.barred());
    window.disk.work_off();
    CHECK_FALSE(window.barred());
    CHECK(window.outcome(kBackground) == "sent");
}

TEST_CASE("a disk that does not answer is waited for, but not for long") {
    Home home;
    Window window{home.file};
    const auto typed = window.begin(kBackground), asked = window.begin(kAsked);
    window.clock.advance(Book::kPatience - Milliseconds{1});
    CHECK(typed->outcome == "waits");
    window.clock.advance(Milliseconds{1});
    CHECK_THAT(typed->outcome, ContainsSubstring("does not answer"));
    CHECK(window.questions.size() == 1);
    window.disk.work_off();
    CHECK_FALSE(window.barred());
}

TEST_CASE("a count that is good stays good for a while when the disk begins to fail") {
    Home home;
    Window window{home.file};
    window.spend(10);
    window.flush();
    CHECK(window.outcome(kBackground) == "sent");
    std::filesystem::remove(home.file);
    std::filesystem::create_directories(home.file);
    window.clock.advance(Book::kStale + Milliseconds{1});
    CHECK(window.outcome(kBackground) == "sent");
    CHECK(window.outcome(kAsked) == "sent");
    window.clock.advance(Book::kTrusted);
    CHECK_THAT(window.outcome(kBackground), ContainsSubstring("cannot be checked"));
}

TEST_CASE("without a place for data a budget cannot be checked, and that is said") {
    Window window{{}};
    CHECK_THAT(window.outcome(kBackground), ContainsSubstring("XDG_DATA_HOME"));
}

TEST_CASE("a budget whose money cannot count a model says so once, and its tokens count all the same") {
    Home home;
    Window window{home.file};
    window.config->budgets[0].tokens = 100;
    CHECK(window.outcome(kBackground, 10, "unknown") == "sent");
    CHECK(window.outcome(kBackground, 10, "unknown") == "sent");
    REQUIRE(window.notices.size() == 1);
    CHECK_THAT(window.notices[0],
               ContainsSubstring("does not count work/unknown") && ContainsSubstring("perDayTokens"));
    window.spend(100, "unknown");
    CHECK_THAT(window.outcome(kBackground, 10, "unknown"), ContainsSubstring("100 tokens"));
}

TEST_CASE("several budgets hold each for itself, and each is asked about") {
    Home home;
    Window window{home.file};
    window.config->budgets.push_back({.provider = "work", .tokens = 100, .setting = "providers.work.budget"});
    window.spend(6'000);
    const auto call = window.begin(kAsked);
    window.disk.work_off();
    REQUIRE(window.questions.size() == 1);
    window.questions[0](Choice::today);
    CHECK(call->outcome == "waits");
    REQUIRE(window.questions.size() == 2);
    window.questions[1](Choice::today);
    CHECK(call->outcome == "sent");
}

TEST_CASE("a book that ends leaves no order behind") {
    Home home;
    FakeClock clock;
    FakeWorker disk;
    store::Shelf shelf{disk, home.file};
    {
        ledger::Ledger ledger{clock, shelf};
        Book book{clock, ledger};
        const auto config = std::make_shared<config::Effective>();
        config->budgets = {{.amount = 5, .currency = "USD", .setting = "budget"}};
        config::Provider work;
        work.name = "work";
        const auto provider = std::make_shared<config::Provider>(work);
        const auto ticket = book.admit(
            {.purpose = {.role = "chat", .config = config}, .model = {provider, provider->model("m")}},
            [](const std::optional<Error>&) { FAIL("nobody is left to answer"); });
        clock.settle();
    }
    disk.work_off();
    CHECK(clock.waiting() == 0);
}
