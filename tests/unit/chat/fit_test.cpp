// What stays of a conversation that is longer than its model's window, and what is said of the rest.
#include "server/chat/fit.h"

#include "tests/unit/chat/bench.h"

#include <random>

using namespace dragoman;
using namespace dragoman::test;
using namespace dragoman::chat;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

const TokenCounter kCounter{"m"};

Turn turn(const std::string& prompt, const std::string& text, std::vector<Attachment> attached = {}) {
    Turn out;
    out.prompt = prompt;
    out.text = text;
    out.attached = std::move(attached);
    return out;
}

/// `lines` lines of a file.
Attachment file(const std::string& name, std::size_t lines, std::size_t first = 1) {
    Attachment out{.title = "File " + name, .language = "txt", .line = first};
    for (std::size_t i = 0; i < lines; ++i)
        out.text += "line " + std::to_string(first + i) + " of " + name + "\n";
    return out;
}

Fitted fitted(const std::vector<Turn>& turns, std::optional<std::size_t> tokens,
              const std::string& system = "S") {
    return fit(turns, {.system = system, .tokens = tokens}, kCounter);
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t times = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
    return times;
}

}  // namespace

TEST_CASE("a piece of a file says which lines it holds, also after it was cut") {
    Attachment part = file("a.py", 31, 10);
    CHECK_THAT(written(part), StartsWith("File a.py, lines 10 to 40:\n```txt\nline 10 of a.py\n"));
    std::vector<Attachment> all{part};
    const auto titles = cut_to(all, 150, kCounter);
    CHECK(titles == Lines{"File a.py"});
    const std::size_t kept = count(all[0].text, "\n");
    CHECK(kept > 3);
    CHECK(kept < 31);
    CHECK(all[0].text.back() == '\n');  // whole lines
    CHECK_THAT(written(all[0]), StartsWith("File a.py, lines 10 to " + std::to_string(9 + kept) + ":\n"));
    CHECK_THAT(written(all[0]),
               ContainsSubstring("(cut here: " + std::to_string(part.text.size() - all[0].text.size()) +
                                 " more bytes were left out)"));
    CHECK(kCounter.count(written(all[0])) <= 150);
}

TEST_CASE("small attachments stay whole while large ones share what is left") {
    std::vector<Attachment> all{file("small", 3), file("large", 500), file("larger", 900)};
    const Attachment small = all[0];
    CHECK(cut_to(all, 1'000, kCounter) == Lines{"File large", "File larger"});
    CHECK(all[0] == small);
    const auto one = kCounter.count(written(all[1])), other = kCounter.count(written(all[2]));
    CHECK(kCounter.count(written(small)) + one + other <= 1'000);
    CHECK(one + 60 > other);
    CHECK(other + 60 > one);
    CHECK(one + other > 800);
}

TEST_CASE("an attachment for which there is no room is named") {
    std::vector<Attachment> all{file("a", 500), file("b", 500)};
    CHECK(cut_to(all, 30, kCounter).size() == 2);
    CHECK_THAT(written(all[0]), StartsWith("File a: (left out for lack of room: "));
    std::vector<Attachment> line{{.title = "Log", .text = std::string(5'000, 'x') + "€€"}};
    cut_to(line, 200, kCounter);
    CHECK(line[0].text.size() > 300);  // one line without an end is cut inside
}

TEST_CASE("without a limit everything is sent") {
    std::vector<Turn> turns;
    for (int i = 0; i < 50; ++i) turns.push_back(turn("q" + std::to_string(i), std::string(1'000, 'a')));
    turns.push_back(turn("now", ""));
    const Fitted out = fitted(turns, std::nullopt);
    CHECK(out.messages.size() == 102);
    CHECK(out.fits);
    CHECK_FALSE(out.left_out.any());
}

TEST_CASE("the oldest turns go first, whole, and the model is told in front of the first that stays") {
    std::vector<Turn> turns;
    for (int i = 0; i < 20; ++i)
        turns.push_back(turn("question " + std::to_string(i) + ".", "answer " + std::string(200, 'a')));
    turns.push_back(turn("now", ""));
    const std::size_t all = fitted(turns, std::nullopt).tokens;
    std::size_t before = 0;
    for (std::size_t limit = all; limit > 80; limit -= 7) {
        CAPTURE(limit);
        const Fitted out = fitted(turns, limit);
        REQUIRE(out.fits);
        CHECK(out.tokens <= limit);
        CHECK(out.left_out.turns >= before);
        before = out.left_out.turns;
        REQUIRE(out.messages.size() == 2 + 2 * (20 - out.left_out.turns));
        CHECK(out.messages.front().text == "S");
        CHECK_THAT(out.messages.back().text, Catch::Matchers::EndsWith("now"));
        if (before == 0) continue;
        const std::string& first = out.messages[1].text;
        CHECK_THAT(first, before == 1 ? StartsWith("(The oldest turn of this conversation")
                                      : StartsWith("(The " + std::to_string(before) + " oldest turns"));
        if (before < 20) CHECK_THAT(first, ContainsSubstring("question " + std::to_string(before) + "."));
        // The roles take turns, as many chat templates want it.
        for (std::size_t i = 2; i < out.messages.size(); ++i)
            CHECK(out.messages[i].role != out.messages[i - 1].role);
    }
    CHECK(before == 20);
}

TEST_CASE("what was attached to a turn that is left out stays with the conversation, once") {
    std::vector<Turn> turns{turn("first", std::string(2'000, 'a'), {file("old.py", 20), file("both.py", 5)}),
                            turn("second", std::string(2'000, 'a'), {file("both.py", 6)}),
                            turn("third", "short"), turn("now", "")};
    const std::size_t all = fitted(turns, std::nullopt).tokens;
    const Fitted one = fitted(turns, all - 300);
    CHECK(one.left_out == LeftOut{.turns = 1, .items = {}});
    CHECK(count(one.messages[1].text, "File old.py") == 1);
    CHECK(count(one.messages[1].text, "File both.py") == 1);  // the newer state, where it was attached
    const Fitted two = fitted(turns, 550);
    CHECK(two.left_out == LeftOut{.turns = 2, .items = {}});
    CHECK(count(two.messages[1].text, "File old.py, lines 1 to 20:") == 1);
    CHECK(count(two.messages[1].text, "File both.py, lines 1 to 6:") == 1);
    CHECK(count(two.messages[1].text, "third") == 1);
}

TEST_CASE("two pieces of one file, and two texts under one label, are two things") {
    std::vector<Turn> turns{turn("first", std::string(4'000, 'a'),
                                 {file("x.py", 3, 10),
                                  file("x.py", 3, 50),
                                  {.title = "Text", .text = "one"},
                                  {.title = "Text", .text = "two"}}),
                            turn("second", "b", {file("x.py", 4, 50), {.title = "Text", .text = "two"}}),
                            turn("now", "")};
    const Fitted out = fitted(turns, 800);
    REQUIRE(out.left_out == LeftOut{.turns = 1, .items = {}});
    const std::string& text = out.messages[1].text;
    CHECK(count(text, "File x.py, lines 10 to 12:") == 1);
    CHECK(count(text, "File x.py, lines 50 to 52:") == 0);
    CHECK(count(text, "File x.py, lines 50 to 53:") == 1);
    CHECK(count(text, "\none\n") == 1);
    CHECK(count(text, "\ntwo\n") == 1);
}

TEST_CASE("old attachments never crowd out the whole conversation") {
    std::vector<Turn> turns{turn("first", "a", {file("huge.py", 300)}), turn("second", std::string(800, 'a')),
                            turn("third", std::string(800, 'a')), turn("now", "")};
    const Fitted out = fitted(turns, 1'000);
    CHECK(out.left_out.turns == 1);
    CHECK(out.left_out.items == Lines{"File huge.py"});
    CHECK(out.messages.size() == 6);
}

TEST_CASE("when what is attached does not fit by itself it is cut, and the question stays whole") {
    const std::string question(400, 'q');
    const std::vector<Turn> turns{turn("before", std::string(1'000, 'a')),
                                  turn(question, "", {file("a.py", 900)})};
    const Fitted out = fitted(turns, 600);
    CHECK(out.fits);
    CHECK(out.tokens <= 600);
    CHECK(out.left_out == LeftOut{.turns = 1, .items = {"File a.py"}});
    CHECK_THAT(out.messages.back().text,
               Catch::Matchers::EndsWith(question) && ContainsSubstring("(cut here: "));
    const Fitted none = fitted(turns, 50);
    CHECK_FALSE(none.fits);
    CHECK_THAT(none.messages.back().text, Catch::Matchers::EndsWith(question));
}

TEST_CASE("an image counts, and one of an old turn stays while there is room") {
    std::vector<Turn> turns{turn("first", std::string(4'000, 'a')), turn("now", "")};
    turns[0].images = {{.mime_type = "image/png", .data = std::make_shared<const std::string>("AA==")}};
    const std::size_t all = fitted(turns, std::nullopt).tokens;
    CHECK(all > kCounter.image());
    turns.insert(turns.begin() + 1, turn("between", std::string(16'000, 'b')));
    const Fitted moved = fitted(turns, fitted(turns, std::nullopt).tokens - 100);
    CHECK(moved.left_out == LeftOut{.turns = 1, .items = {}});
    CHECK(moved.messages[1].images.size() == 1);
    const Fitted without = fitted(turns, 1'000);
    CHECK(without.left_out == LeftOut{.turns = 2, .items = {"image/png"}});
}

TEST_CASE("a turn that is continued keeps its text so far") {
    const std::vector<Turn> turns{turn("before", std::string(2'000, 'a')), turn("now", "half an ans")};
    const Fitted out = fitted(turns, 150, "");
    CHECK(out.left_out.turns == 1);
    REQUIRE(out.messages.size() == 3);
    CHECK(out.messages[1].text == "half an ans");
    CHECK_THAT(out.messages[2].text, StartsWith("Continue exactly"));
}

TEST_CASE("whatever the conversation and the limit, what fits keeps to it and loses no word silently") {
    std::mt19937 random{7};
    const auto below = [&](std::size_t most) {
        return std::uniform_int_distribution<std::size_t>{0, most}(random);
    };
    for (int round = 0; round < 300; ++round) {
        std::vector<Turn> turns;
        for (std::size_t i = below(8) + 1; i > 0; --i) {
            std::vector<Attachment> attached;
            for (std::size_t k = below(3); k > 0; --k)
                attached.push_back(file("f" + std::to_string(below(4)), below(60) + 1));
            turns.push_back(turn("question " + std::string(below(300), 'q'),
                                 i == 1 ? "" : std::string(below(900), 'a'), std::move(attached)));
        }
        const std::size_t limit = below(2'500);
        const Fitted out = fitted(turns, limit);
        CAPTURE(round, limit, out.tokens);
        if (out.fits) CHECK(out.tokens <= limit + 60 * turns.back().attached.size());
        CHECK_THAT(out.messages.back().text, Catch::Matchers::EndsWith(turns.back().prompt));
        const auto sent = static_cast<std::size_t>(
            std::count_if(out.messages.begin(), out.messages.end(),
                          [](const wire::Message& one) { return one.role == wire::MessageRole::assistant; }));
        const auto worth = static_cast<std::size_t>(
            std::count_if(turns.begin(), turns.end() - 1, [](const Turn& one) { return !one.text.empty(); }));
        CHECK(sent + out.left_out.turns == worth);
    }
}
