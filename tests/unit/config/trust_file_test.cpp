// The file of decisions: whose it is, what damages it, and daemons that write it together.
#include "tests/unit/config/desk.h"

#include <sys/stat.h>

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the file of decisions is for its owner alone") {
    Desk desk;
    desk.project(kTeam);
    const auto store = desk.daemon();
    approve(*store, desk.app());
    struct stat info {};
    REQUIRE(::stat(desk.trust_json().c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0600);
    REQUIRE(::stat(desk.trust_json().parent_path().c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0700);
    fs::permissions(desk.trust_json(), fs::perms::group_write, fs::perm_options::add);
    const auto later = desk.daemon();
    check_untrusted(*later, desk.app());
    const auto problems = later->effective_in(desk.app())->problems;
    CHECK(std::any_of(problems.begin(), problems.end(), [](const config::Problem& problem) {
        return problem.message.find("others may write") != std::string::npos;
    }));
}

TEST_CASE(
    "a file of decisions that is not whole grants nothing, is told, and is moved aside by the next one") {
    Desk desk;
    desk.project(kTeam);
    approve(*desk.daemon(), desk.app());
    const std::string good = desk.root.read("state/dragoman/trust.json");
    Json whole = Json::parse(good);
    std::string bad = good;
    SECTION("cut") { bad = good.substr(0, good.size() / 2); }
    SECTION("empty") { bad.clear(); }
    SECTION("not JSON") { bad = "\x01\x02\xff"; }
    SECTION("another version") { whole["version"] = 2, bad = dump_json(whole); }
    SECTION("no version") { whole.erase("version"), bad = dump_json(whole); }
    SECTION("a member more") { whole["folders"][0]["scope"] = "all", bad = dump_json(whole); }
    SECTION("a member less") { whole["folders"][0].erase("inode"), bad = dump_json(whole); }
    SECTION("another type") { whole["folders"][0]["inode"] = "1", bad = dump_json(whole); }
    SECTION("a negative number") { whole["folders"][0]["device"] = -1, bad = dump_json(whole); }
    SECTION("a record that is no digest") { whole["folders"][0]["record"] = "", bad = dump_json(whole); }
    SECTION("one bad entry behind a good one") {
        whole["folders"].push_back({{"folder", "/"}}), bad = dump_json(whole);
    }
    SECTION("a member said twice") {
        bad = good;
        bad.insert(bad.find("\"record\""), "\"record\": \"" + std::string(64, '0') + "\", ");
    }
    SECTION("larger than any of ours") { bad = good + std::string(2U << 20U, ' '); }
    desk.root.write("state/dragoman/trust.json", bad);

    const auto store = desk.daemon();
    check_untrusted(*store, desk.app());
    const auto problems = store->effective_in(desk.app())->problems;
    const bool told = std::any_of(problems.begin(), problems.end(), [&](const config::Problem& problem) {
        return problem.path == desk.trust_json() &&
               problem.message.find("nothing is approved by it") != std::string::npos;
    });
    CHECK(told);
    const auto entry = config::entry_of(*ask_of(*store, desk.app()), Decision::allowed, "now");
    const auto written = store->trust_file().add(entry);
    CHECK(written.failure.empty());
    CHECK(written.moved == desk.trust_json().string() + ".broken");
    CHECK(desk.root.read("state/dragoman/trust.json.broken") == bad);
    CHECK(chat_in(*store, desk.app()));
}

TEST_CASE("no byte of the file of decisions can be flipped into an approval of something else") {
    Desk desk;
    desk.project(kTeam);
    approve(*desk.daemon(), desk.app());
    const std::string good = desk.root.read("state/dragoman/trust.json");
    desk.project(
        R"({"providers": {"team": {"baseUrl": "https://evil.example/v1"}}, "chat": {"model": "team/m"}})");
    const auto store = desk.daemon();
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 7)));
        desk.root.write("state/dragoman/trust.json", bad);
        CHECK_FALSE(chat_in(*store, desk.app()));
    }
}

TEST_CASE("decisions of several daemons about several projects meet in one file") {
    Desk desk;
    std::vector<std::unique_ptr<config::Store>> daemons;
    std::vector<fs::path> folders;
    for (int i = 0; i < 5; ++i) {
        const std::string name = "src/p" + std::to_string(i);
        desk.project(kTeam, name);
        folders.push_back(desk.root.path() / name);
        daemons.push_back(desk.daemon({folders.back()}));
        check_untrusted(*daemons.back(), folders.back());
    }
    for (std::size_t i = 0; i < folders.size(); ++i) approve(*daemons[i], folders[i]);
    const auto later = desk.daemon(folders);
    for (const fs::path& folder : folders) CHECK(chat_in(*later, folder));
    CHECK(later->trust_file().read().entries.size() == folders.size());
}

TEST_CASE("a decision that no disk takes holds for this process, and says why") {
    Desk desk;
    desk.project(kTeam);
    desk.root.write("state/dragoman", "a file where the folder should be");
    const auto store = desk.daemon();
    const auto entry = config::entry_of(*ask_of(*store, desk.app()), Decision::allowed, "now");
    store->hold(entry);
    CHECK_FALSE(store->trust_file().add(entry).failure.empty());
    CHECK(chat_in(*store, desk.app()));
    check_untrusted(*desk.daemon(), desk.app());
}
