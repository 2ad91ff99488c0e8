// Conversations on disk: when they are written, what another daemon sees, and what a failing disk costs.
#include "server/chat/keeper.h"

#include "server/chat/records.h"
#include "tests/unit/chat/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using chat::TurnState;

namespace {

/// Two daemons that share a file.
struct TwoDaemons {
    TempDir data;
    std::filesystem::path file = data / "dragoman/dragoman.db";
    ChatBench ours{file}, theirs{file};
};

void finish_with(ChatBench& bench, const std::string& text) {
    bench.http.last().answer(200, whole(text), event_stream());
    bench.clock.settle();
}

Lines prompts(ChatBench& bench, const std::string& id) {
    Lines out;
    bench.opened(id, [&](const chat::Conversation& found) {
        for (const auto& turn : found.turns) out.push_back(turn.prompt + " " + turn.text);
    });
    return out;
}

chat::Engine::Done no_trouble() {
    return [](const std::string& trouble) { CHECK(trouble.empty()); };
}

}  // namespace

TEST_CASE("a turn is on disk when its answer is told, and its question as soon as it is asked") {
    TwoDaemons d;
    Asked asked;
    d.ours.ask(asked, d.ours.question("Why?"));
    d.ours.disk_worker.work_off();
    const std::string id = d.ours.listed().at(0).id;
    d.theirs.opened(id, [](const chat::Conversation& found) {
        CHECK(found.title == "Why?");
        CHECK(found.turns.at(0).prompt == "Why?");
        CHECK(found.turns.at(0).state == TurnState::cancelled);
    });
    finish_with(d.ours, "Because.");
    CHECK_FALSE(asked.end);
    d.ours.disk_worker.work_off();
    CHECK(asked.answer().turn.text == "Because.");
    CHECK(prompts(d.theirs, id) == Lines{"Why? Because."});
}

TEST_CASE("a slow disk holds an answer up for a quarter of a second at most, and the turn is written still") {
    const bool fails = GENERATE(false, true);
    TwoDaemons d;
    Asked asked;
    d.ours.ask(asked, d.ours.question("Why?"));
    d.ours.http.last().answer(fails ? 500 : 200, fails ? refusal("down") : whole("x"), event_stream());
    d.ours.clock.settle();
    d.ours.clock.advance(chat::Keeper::kPatience - Milliseconds{1});
    CHECK_FALSE(asked.end);
    d.ours.clock.advance(Milliseconds{1});
    REQUIRE(asked.end);
    CHECK(asked.end->ok() != fails);
    d.ours.disk_worker.work_off();
    CHECK(d.theirs.listed().size() == 1);
}

TEST_CASE("who drops the question while its turn is written is not told, and the turn stays complete") {
    TwoDaemons d;
    Asked asked;
    d.ours.ask(asked, d.ours.question("Why?"));
    finish_with(d.ours, "x");
    asked.running.reset();
    d.ours.disk_worker.work_off();
    d.ours.clock.advance(Milliseconds{1000});
    CHECK_FALSE(asked.end);
    d.theirs.opened(d.theirs.listed().at(0).id, [](const chat::Conversation& found) {
        CHECK(found.turns.at(0).state == TurnState::complete);
    });
}

TEST_CASE("a conversation goes on in another daemon, and each sees what the other added") {
    TwoDaemons d;
    const auto first = d.ours.answered(d.ours.question("First?"), "one");
    CHECK(d.ours.engine.find(first.conversation) == nullptr);  // memory holds those in use
    d.theirs.answered_later(d.theirs.question("Second?", first.conversation), "two");
    CHECK(d.theirs.messages() == Lines{"user: First?", "assistant: one", "user: Second?"});
    d.ours.answered_later(d.ours.question("Third?", first.conversation), "three");
    CHECK(d.ours.messages().size() == 5);
    CHECK(prompts(d.theirs, first.conversation) == Lines{"First? one", "Second? two", "Third? three"});

    auto replace = d.theirs.question("Other?", first.conversation);
    replace.replace_turn = first.turn.id;
    d.theirs.answered_later(replace, "four");
    CHECK(prompts(d.ours, first.conversation) == Lines{"Other? four"});
}

TEST_CASE("a stored turn is continued") {
    TwoDaemons d;
    const auto first = d.ours.answered(d.ours.question("First?"), "one");
    auto resume = d.theirs.question("", first.conversation);
    resume.replace_turn = first.turn.id;
    resume.resume = true;
    CHECK(d.theirs.answered_later(resume, " more").turn.text == "one more");
    CHECK(prompts(d.ours, first.conversation) == Lines{"First? one more"});
}

TEST_CASE("a stored conversation is found, renamed, forked, exported and deleted") {
    TwoDaemons d;
    const auto answer = d.ours.answered(d.ours.question("Why do whales sing?"), "For company.");
    auto& other = d.theirs;
    CHECK(other.listed("company").size() == 1);
    CHECK(other.listed("trains").empty());
    std::string fork;
    other.opened(answer.conversation, [&](const chat::Conversation& found) {
        CHECK(other.engine.export_markdown(found.id)->find("For company.") != std::string::npos);
        fork = other.engine.fork(found.id, found.turns.at(0).id, true).value_or("");
        other.engine.rename(found.id, "Whales", no_trouble());
    });
    other.disk_worker.work_off();
    CHECK(prompts(d.ours, fork) == Lines{"Why do whales sing? For company."});
    const auto heads = d.ours.listed("whales");
    REQUIRE(heads.size() == 2);
    CHECK(std::any_of(heads.begin(), heads.end(), [](const auto& head) { return head.title == "Whales"; }));

    other.engine.remove(answer.conversation, no_trouble());
    other.disk_worker.work_off();
    CHECK_FALSE(d.ours.exists(answer.conversation));
    CHECK(d.ours.listed().size() == 1);
}

TEST_CASE("a deletion is told once: when the index is done with it, or after a quarter of a second") {
    const bool slow = GENERATE(false, true);
    TwoDaemons d;
    const auto answer = d.ours.answered(d.ours.question("Why do whales sing?"), "For company.");
    d.ours.disk_worker.work_off();
    int told = 0;
    d.ours.engine.remove(answer.conversation, [&](const std::string& trouble) {
        CHECK(trouble.empty());
        ++told;
    });
    d.ours.disk_worker.work_one();
    CHECK_FALSE(d.theirs.exists(answer.conversation));
    CHECK(told == 0);
    if (slow) {
        d.ours.clock.advance(chat::Keeper::kPatience);
        CHECK(told == 1);
    }
    d.ours.disk_worker.work_off();
    d.ours.clock.advance(chat::Keeper::kPatience);
    CHECK(told == 1);
}

TEST_CASE("a conversation that is deleted while it is answered stays deleted") {
    const bool by_the_other = GENERATE(false, true);
    TwoDaemons d;
    Asked asked;
    d.ours.ask(asked, d.ours.question("Why?"));
    d.ours.disk_worker.work_off();
    const std::string id = d.ours.listed().at(0).id;
    auto& deleting = by_the_other ? d.theirs : d.ours;
    deleting.engine.remove(id, no_trouble());
    deleting.disk_worker.work_off();
    finish_with(d.ours, "Because.");
    d.ours.disk_worker.work_off();
    CHECK(asked.answer().turn.text == "Because.");
    CHECK(d.ours.listed().empty());
    CHECK(d.theirs.listed().empty());
}

TEST_CASE("what is not to be kept is never written, and lives on in memory") {
    TwoDaemons d;
    d.ours.config->keep_conversations = false;
    const auto answer = d.ours.answered(d.ours.question("Secret?"), "one");
    d.ours.answered_later(d.ours.question("More?", answer.conversation), "two");
    CHECK(d.ours.listed("secret").size() == 1);
    d.ours.config->keep_conversations = true;
    d.ours.answered_later(d.ours.question("Still?", answer.conversation), "three");
    CHECK(prompts(d.ours, answer.conversation).size() == 3);
    CHECK_FALSE(std::filesystem::exists(d.file));
}

TEST_CASE("a stored conversation that is continued unkept gets no further row") {
    TwoDaemons d;
    const auto answer = d.ours.answered(d.ours.question("Open?"), "one");
    d.ours.config->keep_conversations = false;
    d.ours.answered_later(d.ours.question("Secret?", answer.conversation), "two");
    CHECK(prompts(d.ours, answer.conversation) == Lines{"Open? one", "Secret? two"});
    CHECK(prompts(d.theirs, answer.conversation) == Lines{"Open? one"});
}

TEST_CASE("a conversation that the disk does not give is not one that nobody knows") {
    TwoDaemons d;
    const auto answer = d.ours.answered(d.ours.question("Why?"), "Because.");
    std::filesystem::remove(d.file);
    std::filesystem::create_directory(d.file);
    std::string why;
    const auto task = d.theirs.engine.open(answer.conversation, [&](const chat::Engine::Opened& found) {
        if (!found) why = found.error();
    });
    d.theirs.disk_worker.work_off();
    CHECK(why.find(d.file.string()) != std::string::npos);
}

TEST_CASE("a copy of a stored conversation that is not to be kept lives in memory alone") {
    TwoDaemons d;
    const auto answer = d.ours.answered(d.ours.question("Open?"), "one");
    std::string fork;
    d.ours.opened(answer.conversation, [&](const chat::Conversation& found) {
        fork = d.ours.engine.fork(found.id, found.turns.at(0).id, false).value_or("");
    });
    d.ours.disk_worker.work_off();
    CHECK(prompts(d.ours, fork) == Lines{"Open? one"});
    CHECK(d.ours.listed().size() == 2);
    CHECK(d.theirs.listed().size() == 1);
}

TEST_CASE("a disk that takes nothing costs one message and no answer, and gets all once it works") {
    TempDir data;
    data.write("blocked", "a file where a folder should be");
    ChatBench b{data / "blocked/dragoman.db"};
    Lines told;
    b.shelf.on_trouble = [&](const std::string& what) { told.push_back(what); };
    const auto first = b.answered(b.question("First?"), "one");
    b.answered_later(b.question("Second?", first.conversation), "two");
    CHECK(b.listed("second").size() == 1);
    CHECK(told.size() == 1);

    std::filesystem::remove(data / "blocked");
    b.clock.advance(chat::Keeper::kRetry);
    b.disk_worker.work_off();
    CHECK(told.size() == 1);
    CHECK(b.engine.find(first.conversation) == nullptr);
    CHECK(prompts(b, first.conversation) == Lines{"First? one", "Second? two"});
}

TEST_CASE("a list shows those on disk and those in memory once each, newest first, in pages") {
    TwoDaemons d;
    for (const char* name : {"a", "b", "c"}) {
        d.ours.clock.advance(Milliseconds{10});
        d.ours.config->keep_conversations = std::string{name} != "b";
        d.ours.answered(d.ours.question(name), "x");
    }
    d.ours.clock.advance(Milliseconds{10});
    Asked asked;
    d.ours.config->keep_conversations = true;
    d.ours.ask(asked, d.ours.question("d"));
    d.ours.disk_worker.work_off();
    const auto titles = [&](std::size_t limit, std::size_t offset) {
        Lines out;
        const auto task = d.ours.engine.list("", limit, offset, [&](const std::vector<chat::Head>& heads) {
            for (const auto& head : heads) out.push_back(head.title);
        });
        d.ours.disk_worker.work_off();
        return out;
    };
    CHECK(titles(10, 0) == Lines{"d", "c", "b", "a"});
    CHECK(titles(2, 1) == Lines{"c", "b"});
    CHECK(titles(2, 3) == Lines{"a"});
    CHECK(titles(2, 9).empty());
    CHECK(titles(0, 0).empty());
}

TEST_CASE("a record holds all of a turn") {
    chat::Turn turn;
    turn.id = "t";
    turn.prompt = "p";
    turn.context =
        Json::array({{{"kind", "text"}, {"text", "x"}}, {{"kind", "image"}, {"mimeType", "image/png"}}});
    turn.attached = {{.title = "File x", .language = "py", .text = "x\n", .line = 7, .left_out = 3}};
    turn.images = {{.mime_type = "image/png", .data = std::make_shared<const std::string>("AA==")}};
    turn.text = "answer";
    turn.reasoning = "hm";
    turn.reasoning_items = {"blob"};
    turn.tool_calls = {{"c1", "ls", "{}"}};
    turn.model = "work/m";
    turn.state = TurnState::failed;
    turn.finish = wire::FinishReason::length;
    turn.usage = wire::Usage{.input = 1, .output = 2, .cached = 3, .reasoning = std::nullopt};
    turn.error = Error{.kind = ErrorKind::network, .message = "cut", .http_status = 502, .retryable = true};
    turn.created = Clock::WallTime{Milliseconds{1'700'000'000'123}};
    const auto read = chat::from_record({.head = {.id = "c"}, .turns = {chat::to_record(turn)}}).turns.at(0);
    CHECK(read.id == turn.id);
    CHECK(read.prompt == turn.prompt);
    CHECK(read.context == turn.context);
    CHECK(read.attached == turn.attached);
    REQUIRE(read.images.size() == 1);
    CHECK(read.images[0].mime_type == "image/png");
    CHECK(read.images[0].data == turn.images[0].data);  // the very same bytes, not a copy
    CHECK(chat::whole_context(read)[1]["data"] == "AA==");
    CHECK(read.text == turn.text);
    CHECK(read.reasoning == turn.reasoning);
    CHECK(read.reasoning_items == turn.reasoning_items);
    REQUIRE(read.tool_calls.size() == 1);
    CHECK(read.tool_calls[0].name == "ls");
    CHECK(read.model == turn.model);
    CHECK(read.state == turn.state);
    CHECK(read.finish == turn.finish);
    CHECK(read.usage == turn.usage);
    CHECK(read.error == turn.error);
    CHECK(read.created == turn.created);
}

TEST_CASE("a row that makes no sense is read as far as it does") {
    for (const char* details :
         {"", "nonsense", "[]",
          R"({"context": 1, "attached": {"text": 1}, "toolCalls": [1], "usage": "x", "error": []})",
          R"({"context": [{"kind": "image"}], "attached": [1]})"}) {
        CAPTURE(details);
        const store::TurnRecord row{
            .id = "t", .state = "odd", .prompt = "p", .answer = "a", .details = details};
        const auto read = chat::from_record({.head = {.id = "c"}, .turns = {row}}).turns.at(0);
        CHECK(read.prompt == "p");
        CHECK(read.images.empty());
        CHECK(read.text == "a");
        CHECK(read.state == TurnState::failed);
    }
}
