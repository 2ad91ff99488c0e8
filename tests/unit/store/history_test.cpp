// Conversations and the ledger on disk: written, found, searched, and really deleted.
#include "tests/unit/store/shelf.h"

#include <sys/stat.h>

using namespace dragoman;
using namespace dragoman::test;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 0777U;
}

}  // namespace

TEST_CASE("what was written is read by another daemon, byte for byte") {
    Shelf s;
    auto one = turn("t1", std::string{"nul \0 inside", 12}, "Grüße 🐉\n");
    one.details = R"({"reasoning":"hm"})";
    s.write(fresh("a", {one, turn("t2", "second")}, 7));
    store::History other{s.file};
    const auto read = other.read("a");
    REQUIRE(read);
    REQUIRE(read->has_value());
    const auto& whole = **read;
    CHECK(whole.head.title == "About a");
    CHECK(whole.head.created == 1);
    CHECK(whole.head.updated == 7);
    CHECK(whole.head.turns == 2);
    CHECK(whole.head.model == "work/m");
    REQUIRE(whole.turns.size() == 2);
    CHECK(whole.turns[0].id == "t1");
    CHECK(whole.turns[0].created == 5);
    CHECK(whole.turns[0].state == "complete");
    CHECK(whole.turns[0].prompt == one.prompt);
    CHECK(whole.turns[0].answer == one.answer);
    CHECK(whole.turns[0].details == one.details);
    CHECK_FALSE(other.read("b")->has_value());
}

TEST_CASE("the file and its folder are the owner's alone") {
    Shelf s;
    s.write(fresh("a", {turn("t", "?")}));
    CHECK(mode_of(s.file) == 0600);
    CHECK(mode_of(s.file.parent_path()) == 0700);
}

TEST_CASE("only what is to be kept makes a file") {
    Shelf s;
    CHECK(s.ids().empty());
    CHECK_FALSE(s.history.read("a")->has_value());
    CHECK_FALSE(s.history.rename("a", "b")->found);
    CHECK_FALSE(s.history.remove("a")->found);
    CHECK(s.history.usage(0, store::UsageGroup::day)->empty());
    CHECK_FALSE(std::filesystem::exists(s.file.parent_path()));
}

TEST_CASE("a turn that is written again keeps its place, and those that were replaced go") {
    Shelf s;
    s.write(fresh("a", {turn("t1", "one"), turn("t2", "two"), turn("t3", "three")}));
    s.write({.head = {.id = "a", .updated = 2}, .turns = {turn("t1", "ONE")}});
    CHECK(s.prompts("a") == Lines{"ONE", "two", "three"});
    s.write({.head = {.id = "a", .updated = 3}, .dropped = {"t2", "t3"}, .turns = {turn("t4", "four")}});
    CHECK(s.prompts("a") == Lines{"ONE", "four"});
    CHECK(s.ids("two").empty());
    CHECK(s.ids("four") == Lines{"a"});
}

TEST_CASE("two daemons add to one conversation and neither loses a turn") {
    Shelf s;
    store::History other{s.file};
    s.write(fresh("a", {turn("t1", "one")}));
    REQUIRE(other.write({.head = {.id = "a", .updated = 2}, .turns = {turn("t2", "theirs")}}));
    s.write({.head = {.id = "a", .updated = 2}, .turns = {turn("t3", "ours")}});
    CHECK(s.prompts("a") == Lines{"one", "theirs", "ours"});
}

TEST_CASE("a conversation that another daemon deleted is not brought back by its last answer") {
    Shelf s;
    store::History other{s.file};
    s.write(fresh("a", {turn("t1", "one")}));
    REQUIRE(other.remove("a"));
    s.write({.head = {.id = "a"}, .turns = {turn("t1", "one", "late")}}, false);
    CHECK(s.ids().empty());
}

TEST_CASE("attachments are written once, come back in order, and go with their turn") {
    Shelf s;
    const auto text = [](const char* what) { return std::make_shared<const std::string>(what); };
    auto one = turn("1", "with two");
    one.attachments = {text("first attachment"), text("second attachment")};
    s.write(fresh("a", {one, turn("2", "with none")}));
    one.answer = "more";
    one.attachments[0] = text("not written again");
    s.write({.head = {.id = "a"}, .turns = {one}});
    const auto attached = [&](std::size_t at) {
        const auto read = s.history.read("a");
        REQUIRE(read);
        std::vector<std::string> out;
        for (const auto& each : read->value().turns.at(at).attachments) out.push_back(*each);
        return out;
    };
    CHECK(attached(0) == Lines{"first attachment", "second attachment"});
    CHECK(attached(1).empty());
    CHECK(s.bytes().find("second attachment") != std::string::npos);
    s.write({.head = {.id = "a"}, .dropped = {"1"}});
    CHECK(s.bytes().find("second attachment") == std::string::npos);
    one.id = "3";
    s.write({.head = {.id = "a"}, .turns = {one}});
    REQUIRE(s.history.remove("a"));
    CHECK(s.bytes().find("second attachment") == std::string::npos);
}

TEST_CASE("conversations are listed newest first, in pages") {
    Shelf s;
    s.write(fresh("a", {turn("1", "x")}, 1));
    s.write(fresh("b", {turn("2", "x")}, 3));
    s.write(fresh("c", {turn("3", "x")}, 2));
    CHECK(s.ids() == Lines{"b", "c", "a"});
    CHECK(s.ids({}, 2) == Lines{"b", "c"});
    CHECK(s.ids({}, 2, 2) == Lines{"a"});
    CHECK(s.ids({}, 0).empty());
    s.write({.head = {.id = "a", .updated = 9}});
    CHECK(s.ids() == Lines{"a", "b", "c"});
}

TEST_CASE("a search finds words of prompts, answers and titles, with an index and without") {
    const bool full_text = GENERATE(true, false);
    CAPTURE(full_text);
    TempDir folder;
    store::History history{folder / "d/x.db", {.full_text = full_text}};
    REQUIRE(history.write(fresh("rocket", {turn("1", "How do they fly?", "With kerosene.")}, 2)));
    REQUIRE(history.write(fresh("odd", {turn("2", "What is a += b?", "100% of \"it\"")}, 1)));
    const auto found = [&](const std::string& query) { return Shelf::ids_of(history, query); };
    CHECK(found("KEROSENE") == Lines{"rocket"});
    CHECK(found("keros") == Lines{"rocket"});
    CHECK(found("about ro") == Lines{"rocket"});
    CHECK(found("+=") == Lines{"odd"});
    CHECK(found("100%") == Lines{"odd"});
    CHECK(found("\"it\"") == Lines{"odd"});
    for (const char* nothing : {"diesel", "NEAR(", "fly AND", "prompt:fly", "*", "_", "'; DROP TABLE turns"})
        CHECK(found(nothing) == Lines{});
}

TEST_CASE("words of a search may stand apart and in any order") {
    Shelf s;
    s.write(fresh("a", {turn("1", "How do rockets fly?", "yes")}));
    CHECK(s.ids("fly rockets") == Lines{"a"});
    CHECK(s.ids("fly diesel").empty());
}

TEST_CASE("what the index has no words for is found by reading, alone and beside words that it has") {
    const bool full_text = GENERATE(true, false);
    CAPTURE(full_text);
    TempDir folder;
    store::History history{folder / "d/x.db", {.full_text = full_text}};
    REQUIRE(history.write(fresh("sort", {turn("1", "请用 C++ 实现快速排序的算法", "map<int> → vector")}, 3)));
    REQUIRE(history.write(fresh("thai", {turn("2", "สวัสดีชาวโลก", "カタカナでテスト")}, 2)));
    REQUIRE(history.write(fresh("plain", {turn("3", "Größe of a vector", "한국어는 띄어쓰기")}, 1)));
    const auto found = [&](const std::string& query) { return Shelf::ids_of(history, query); };
    CHECK(found("快速排序") == Lines{"sort"});
    CHECK(found("ชาวโลก") == Lines{"thai"});
    CHECK(found("テスト") == Lines{"thai"});
    CHECK(found("→") == Lines{"sort"});
    CHECK(found("vector") == Lines{"sort", "plain"});
    CHECK(found("vector 快速") == Lines{"sort"});
    CHECK(found("→ 快速 vec") == Lines{"sort"});
    CHECK(found("快速 คน").empty());
    CHECK(found("größe") == Lines{"plain"});
    CHECK(found("한국") == Lines{"plain"});
}

TEST_CASE("the longest query that is allowed can be looked for, whatever stands in it") {
    const bool full_text = GENERATE(true, false);
    CAPTURE(full_text);
    TempDir folder;
    store::History history{folder / "d/x.db", {.full_text = full_text}};
    REQUIRE(history.write(fresh("a", {turn("1", std::string(2000, '+') + " x")})));
    for (const std::string piece : {"+", "+ ", "x ", "x", "\"", "%", "\\", " "}) {
        CAPTURE(piece);
        std::string query;
        while (query.size() + piece.size() <= store::kMostQueryBytes) query += piece;
        CHECK(history.list(query, 10, 0));
    }
}

TEST_CASE("turns written without an index are found once there is one") {
    TempDir folder;
    const auto file = folder / "d/x.db";
    store::History with{file}, without{file, {.full_text = false}};
    REQUIRE(with.write(fresh("a", {turn("1", "apples")})));
    REQUIRE(without.write(fresh("b", {turn("2", "bananas and more")})));
    store::History again{file};
    CHECK(Shelf::ids_of(again, "more bananas") == Lines{"b"});
    CHECK(Shelf::ids_of(again, "apples") == Lines{"a"});
}

TEST_CASE("a conversation is renamed; an unknown one is told") {
    Shelf s;
    s.write(fresh("a", {turn("1", "x")}));
    CHECK(s.history.rename("a", "New")->found);
    CHECK(s.ids("new") == Lines{"a"});
    CHECK_FALSE(s.history.rename("b", "New")->found);
}

TEST_CASE("what is deleted is gone from the bytes of the file, the others stay") {
    Shelf s;
    const std::string secret = "Quetzalcoatlus" + std::string(9000, 'q') + "Northropi";
    s.write(fresh("keep", {turn("1", "Archaeopteryx", "Lithographica")}));
    for (int i = 0; i < 40; ++i) {
        const std::string number = std::to_string(i);
        s.write(fresh("gone" + number, {turn("g" + number, secret + number, "Hatzegopteryx thambema")}));
    }
    CHECK(s.bytes().find("Quetzalcoatlus") != std::string::npos);
    CHECK(s.bytes().find("hatzegopteryx") != std::string::npos);  // the index
    for (int i = 0; i < 40; ++i) CHECK(s.history.remove("gone" + std::to_string(i))->found);
    CHECK(s.bytes().find("Quetzalcoatlus") == std::string::npos);
    Shelf::purge(s.history);
    for (const char* word : {"Quetzalcoatlus", "Northropi", "Hatzegopteryx", "quetzalcoatlus", "hatzegopter",
                             "thambema", "About gone"})
        CHECK(s.bytes().find(word) == std::string::npos);
    CHECK(s.folder.read("data/dragoman/dragoman.db-journal").empty());
    CHECK(s.ids() == Lines{"keep"});
    CHECK(s.ids("archaeopteryx") == Lines{"keep"});
    CHECK_FALSE(s.history.remove("gone1")->found);
}

TEST_CASE("the index gives up what was removed in steps, whoever takes them, and others write between") {
    Shelf s;
    store::History other{s.file};
    CHECK(Shelf::purge(s.history) == 1);  // nothing is due
    std::string words;
    for (int i = 0; i < 4000; ++i) words += "w" + std::to_string(i * 7919 % 100003) + "x ";
    for (int i = 0; i < 60; ++i) {
        const std::string number = std::to_string(i);
        s.write(fresh("c" + number, {turn("t" + number, words + "own" + number + "word", words)}));
    }
    REQUIRE(s.history.remove("c7")->found);
    CHECK(s.ids("own7word").empty());
    int steps = 0;
    for (bool more = true; more; ++steps) {  // two daemons, by turns
        const auto purged = steps % 2 == 0 ? other.purge() : s.history.purge();
        REQUIRE(purged);
        more = purged->more;
        const std::string number = std::to_string(1000 + steps);
        if (steps < 3) s.write(fresh("n" + number, {turn("nt" + number, "Lithographica" + number)}));
        REQUIRE(steps < 10'000);
    }
    CHECK(steps > 2);
    CHECK(s.bytes().find("own7word") == std::string::npos);
    CHECK(s.ids("own8word") == Lines{"c8"});
    CHECK(s.ids("lithographica1001") == Lines{"n1001"});
    CHECK(Shelf::purge(other) == 1);
}

TEST_CASE("the ledger is summed by day, model, project and role, each currency by itself") {
    Shelf s;
    constexpr store::Instant kDay = 86'400'000;
    const auto add = [&](store::Instant time, const std::string& model, std::optional<double> cost,
                         const std::string& currency) {
        const store::UsageRecord row{.time = time,
                                     .role = "chat",
                                     .model = model,
                                     .project = "/p",
                                     .input = 10,
                                     .output = 1,
                                     .cost = cost,
                                     .currency = currency};
        REQUIRE(s.history.add_usage({&row, 1}));
    };
    add(0, "a", 1.0, "USD");
    add(kDay, "a", 2.0, "USD");
    add(kDay, "b", 4.0, "EUR");
    add(kDay + 1, "b", std::nullopt, "");
    using store::UsageGroup;
    const auto rows = [&](store::Instant since, UsageGroup group) {
        Lines out;
        const auto sums = s.history.usage(since, group);
        REQUIRE(sums);
        for (const auto& one : *sums) {
            out.push_back(one.key + " " + std::to_string(one.requests) + " " + std::to_string(one.input) +
                          " " +
                          (one.cost ? std::to_string(static_cast<int>(*one.cost)) + one.currency : "-"));
        }
        return out;
    };
    CHECK(rows(0, UsageGroup::model) == Lines{"a 2 20 3USD", "b 1 10 -", "b 1 10 4EUR"});
    CHECK(rows(1, UsageGroup::day) ==
          Lines{"1970-01-02 1 10 -", "1970-01-02 1 10 4EUR", "1970-01-02 1 10 2USD"});
    CHECK(rows(0, UsageGroup::role).size() == 3);
    CHECK(rows(0, UsageGroup::project).at(2) == "/p 2 20 3USD");
    CHECK(rows(kDay + 2, UsageGroup::model).empty());
}
