// Conversations among themselves: found, listed, renamed, deleted, forked, exported, and bounded.
#include "server/chat/conversations.h"

#include "tests/unit/chat/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using chat::Conversations;
using chat::TurnState;

namespace {

struct Shelf {
    FakeClock clock;
    Conversations all{clock};

    std::shared_ptr<chat::Conversation> add(const std::string& prompt, const std::string& text = "answer",
                                            TurnState state = TurnState::complete) {
        clock.advance(Milliseconds{1});
        auto one = all.create(prompt);
        chat::Turn turn;
        turn.id = chat::new_id();
        turn.prompt = prompt;
        turn.text = text;
        turn.model = "work/m";
        turn.state = state;
        one->turns.push_back(turn);
        return one;
    }
    Lines titles(const std::string& query = {}, std::size_t limit = 10'000, std::size_t offset = 0) const {
        Lines out;
        for (const auto* one : all.list(query, limit, offset)) out.push_back(one->title);
        return out;
    }
};

}  // namespace

TEST_CASE("conversations are listed newest first, in pages") {
    Shelf s;
    const auto a = s.add("a");
    s.add("b");
    s.add("c");
    CHECK(s.titles() == Lines{"c", "b", "a"});
    CHECK(s.titles({}, 2) == Lines{"c", "b"});
    CHECK(s.titles({}, 2, 2) == Lines{"a"});
    CHECK(s.titles({}, 2, 9).empty());
    CHECK(s.titles({}, 0).empty());
    s.clock.advance(Milliseconds{1});
    s.all.touch(*a);
    CHECK(s.titles() == Lines{"a", "c", "b"});
    CHECK(a->updated > a->created);
}

TEST_CASE("a search looks into titles, prompts and answers, in any case") {
    Shelf s;
    s.add("How do rockets fly?", "With FUEL.");
    s.add("Ümlaute?", "ja");
    s.add("third", "nothing")->title = "Renamed Rocket";
    CHECK(s.titles("ROCKET") == Lines{"Renamed Rocket", "How do rockets fly?"});
    CHECK(s.titles("rocket", 1, 1) == Lines{"How do rockets fly?"});
    CHECK(s.titles("fuel") == Lines{"How do rockets fly?"});
    CHECK(s.titles("Ümlaut") == Lines{"Ümlaute?"});
    CHECK(s.titles("absent").empty());
    CHECK(s.titles("fuel  rockets") == Lines{"How do rockets fly?"});
    CHECK(s.titles("fuel nothing").empty());
    CHECK(s.titles(" \t").empty());
    CHECK(s.titles("third") == Lines{"Renamed Rocket"});
}

TEST_CASE("a title is one short line, whatever was asked") {
    Shelf s;
    CHECK(s.add(std::string(50U << 20U, 'x'))->title.size() <= 60);
    CHECK(s.add(" \n many\n\tlines ")->title == "many lines");
    CHECK(s.add("")->title.empty());
}

TEST_CASE("an unknown id is nothing to every question") {
    Shelf s;
    const auto one = s.add("a");
    CHECK(s.all.find("x") == nullptr);
    CHECK_FALSE(s.all.remove("x"));
    CHECK_FALSE(s.all.fork("x", one->turns[0].id));
    CHECK_FALSE(s.all.fork(one->id, "x"));
    CHECK(s.all.remove(one->id));
    CHECK_FALSE(s.all.remove(one->id));
    CHECK(s.titles().empty());
}

TEST_CASE("a fork is a copy up to its turn that lives on its own") {
    Shelf s;
    const auto one = s.add("a");
    one->turns.push_back(one->turns[0]);
    one->turns[1].id = chat::new_id();
    one->turns.push_back(one->turns[0]);
    one->turns[2].id = chat::new_id();
    const auto id = s.all.fork(one->id, one->turns[1].id);
    REQUIRE(id);
    CHECK(*id != one->id);
    const auto copy = s.all.find(*id);
    REQUIRE(copy->turns.size() == 2);
    CHECK(copy->title == "a");
    CHECK(copy->turns[0].text == "answer");
    CHECK(copy->turns[0].id != one->turns[0].id);
    copy->turns[0].text = "changed";
    CHECK(one->turns[0].text == "answer");
    CHECK(one->turns.size() == 3);
}

TEST_CASE("ids are long, plain and never the same") {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string id = chat::new_id();
        CHECK(id.size() == 24);
        CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
        seen.insert(id);
    }
    CHECK(seen.size() == 1000);
}

TEST_CASE("beyond the number that is kept, the one left alone for longest goes") {
    Shelf s;
    const auto oldest = s.add("oldest"), second = s.add("second"), third = s.add("third");
    for (std::size_t i = 3; i < Conversations::kMostConversations; ++i) s.add("filler");
    s.all.touch(*oldest);
    CHECK(s.titles().size() == Conversations::kMostConversations);
    s.add("one more");
    CHECK(s.titles().size() == Conversations::kMostConversations);
    CHECK(s.all.find(oldest->id));
    CHECK_FALSE(s.all.find(second->id));
    CHECK(s.all.find(third->id));
}

TEST_CASE("what is being answered never goes") {
    Shelf s;
    const auto running = s.add("running", "", TurnState::running);
    for (std::size_t i = 0; i <= Conversations::kMostConversations; ++i) s.add("filler");
    CHECK(s.all.find(running->id));
}

TEST_CASE("beyond the bytes that are kept, the oldest go, and the newest stays however large it is") {
    Shelf s;
    const std::string large(Conversations::kMostBytes / 3, 'x');
    const auto first = s.add("first", large), second = s.add("second", large);
    const auto third = s.add("third", large);
    CHECK(s.all.find(first->id));
    const auto fourth = s.add("fourth", large + large + large + large);
    s.all.touch(*fourth);
    CHECK(s.titles() == Lines{"fourth"});
}

TEST_CASE("as Markdown, a conversation says what became of each turn") {
    Shelf s;
    const auto one = s.add("Why?", "Because.");
    one->turns.push_back(one->turns[0]);
    one->turns[1].state = TurnState::cancelled;
    one->turns.push_back(one->turns[0]);
    one->turns[2].state = TurnState::failed;
    one->turns[2].model.clear();
    CHECK(chat::to_markdown(*one) ==
          "# Why?\n"
          "\n## Question\n\nWhy?\n\n## Answer (work/m)\n\nBecause.\n"
          "\n## Question\n\nWhy?\n\n## Answer (work/m)\n\nBecause.\n\n*(cancelled)*\n"
          "\n## Question\n\nWhy?\n\n## Answer\n\nBecause.\n\n*(the answer broke off here)*\n");
}

TEST_CASE("the engine renames, exports and deletes by id") {
    ChatBench b;
    const auto answer = b.answered(b.question("Why?"), "Because.");
    const auto done = [](const std::string& trouble) { CHECK(trouble.empty()); };
    b.engine.rename(answer.conversation, "New", done);
    CHECK(b.engine.find(answer.conversation)->title == "New");
    CHECK(b.engine.export_markdown(answer.conversation)->starts_with("# New\n"));
    CHECK_FALSE(b.engine.export_markdown("x"));
    b.engine.remove(answer.conversation, done);
    CHECK_FALSE(b.engine.find(answer.conversation));
}
