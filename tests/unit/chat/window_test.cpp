// A model's window as the engine meets it: known, told by a refusal, counted by usage.
#include "server/chat/windows.h"
#include "tests/unit/chat/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using namespace dragoman::chat;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string kPlainRefusal = R"({"error": {"message": "m", "code": "context_length_exceeded"}})";

struct Window : ChatBench {
    void knows(std::optional<std::int64_t> length) {
        work.models["m"] = {.id = "m", .context_length = length};
        config->providers["work"] = std::make_shared<config::Provider>(work);
    }
    std::string conversation;
    /// Questions that were answered with `bytes` bytes each.
    void talk(int turns, std::size_t bytes) {
        for (int i = 0; i < turns; ++i)
            conversation =
                answered(question("Question " + std::to_string(i), conversation), std::string(bytes, 'a'))
                    .conversation;
    }
    void refuse(const std::string& body = kPlainRefusal) {
        http.last().answer(400, body);
        clock.settle();
    }
    void answer(const std::string& text) {
        http.last().answer(200, whole(text), event_stream());
        clock.settle();
    }
};

config::ModelRef model_of(std::optional<std::int64_t> length, const std::string& base = "http://x") {
    auto provider = std::make_shared<config::Provider>();
    provider->name = "p";
    provider->base_url = base;
    return {.provider = provider, .model = {.id = "m", .context_length = length}};
}

}  // namespace

TEST_CASE("a conversation beyond the configured window goes on without its oldest turns, and says so") {
    Window w;
    w.knows(2'000);
    w.talk(3, 2'000);
    Asked asked;
    w.ask(asked, w.question("Now?", w.conversation));
    w.answer("yes");
    const auto sent = w.messages();
    REQUIRE(sent.size() < 7);
    CHECK_THAT(sent.front(), ContainsSubstring("did not fit"));
    CHECK(sent.back() == "user: Now?");
    CHECK(asked.answer().left_out.turns == (7 - sent.size()) / 2);
    CHECK(w.engine.find(w.conversation)->turns.size() == 4);  // nothing is lost
}

TEST_CASE("a window that a gateway's list tells counts where none is configured") {
    Window w;
    w.talk(3, 2'000);
    w.engine.listed_context = [](const config::ModelRef& model) {
        return model.id() == "work/m" ? std::optional<std::int64_t>{1'500} : std::nullopt;
    };
    CHECK(w.answered(w.question("Now?", w.conversation), "yes").left_out.turns > 0);
    w.knows(1'000'000);
    CHECK(w.answered(w.question("Now?", w.conversation), "yes").left_out.turns == 0);
}

TEST_CASE("room for the answer is kept free, as much as was asked for") {
    CHECK(room_for_answer(std::nullopt, 4'000) == 1'000);
    CHECK(room_for_answer(std::nullopt, 1'000'000) == 4'096);
    CHECK(room_for_answer(30'000, 1'000'000) == 30'000);
    Window w;
    w.knows(3'000);
    w.talk(3, 2'000);
    const auto plain = w.answered(w.question("Now?", w.conversation), "yes").left_out.turns;
    auto send = w.question("Now?", w.conversation);
    send.options.sampling.max_tokens = 2'500;
    CHECK(w.answered(send, "yes").left_out.turns > plain);
}

TEST_CASE("a refusal as too long is asked again once with less, and the user is told") {
    Window w;
    w.talk(4, 3'000);
    const bool numbers = GENERATE(true, false);
    Asked asked;
    w.ask(asked, w.question("Now?", w.conversation));
    const std::size_t before = w.messages().size();
    w.refuse(
        numbers
            ? R"({"error": {"message": "This model's maximum context length is 2000 tokens. However, your )"
              R"(messages resulted in 3300 tokens."}})"
            : kPlainRefusal);
    REQUIRE(w.http.count() == 6);
    CHECK(w.messages().size() < before);
    w.answer("yes");
    CHECK(asked.lines == Lines{"begin work/m", "shortened 2", "text yes"});
    CHECK(asked.answer().left_out.turns > 0);
    // It is remembered: the next question is asked with less from the start.
    Asked next;
    w.ask(next, w.question("And?", w.conversation));
    w.answer("yes");
    CHECK(next.lines == Lines{"begin work/m", "text yes"});
    CHECK(next.answer().left_out.turns > 0);
    CHECK(w.http.count() == 7);
}

TEST_CASE("a second refusal is the error, and the turn can be asked again") {
    Window w;
    w.talk(4, 3'000);
    Asked asked;
    w.ask(asked, w.question("Now?", w.conversation));
    w.refuse();
    w.refuse();
    CHECK(asked.lines == Lines{"begin work/m", "shortened 2"});
    CHECK(asked.error().kind == ErrorKind::context_too_long);
    CHECK(w.engine.in_flight() == 0);
    CHECK(w.answered(w.question("Again?", w.conversation), "yes").turn.text == "yes");
}

TEST_CASE("a refusal of what cannot be shortened is told at once") {
    ChatBench b;
    Asked asked;
    b.ask(asked, b.question("Short?"));
    b.http.last().answer(400, kPlainRefusal);
    b.clock.settle();
    CHECK(b.http.count() == 1);
    CHECK(asked.error().kind == ErrorKind::context_too_long);
}

TEST_CASE("once anything was shown a refusal is the end") {
    Window w;
    w.talk(4, 3'000);
    Asked asked;
    w.ask(asked, w.question("Now?", w.conversation));
    w.http.last().head(200, event_stream());
    w.http.last().bytes(chunk("Be") + "data: " + kPlainRefusal + "\n\n");
    w.clock.settle();
    CHECK(asked.error().kind == ErrorKind::context_too_long);
    CHECK(asked.error().partial_text == "Be");
    CHECK(w.http.count() == 5);
}

TEST_CASE("a question that is dropped while it is asked again leaves nothing behind") {
    Window w;
    w.talk(4, 3'000);
    Asked asked;
    w.ask(asked, w.question("Now?", w.conversation));
    w.refuse();
    asked.running.reset();
    CHECK(w.http.last().closed());
    CHECK(w.engine.in_flight() == 0);
    CHECK(w.engine.find(w.conversation)->turns.back().state == TurnState::cancelled);
}

TEST_CASE("the model of the chain that refuses is the one that is asked again") {
    Window w;
    w.talk(4, 3'000);
    w.config->chat.fallback = {"work/small"};
    Asked asked;
    w.ask(asked, w.question("Now?", w.conversation));
    w.http.last().answer(503, "");
    w.clock.settle();
    REQUIRE(w.body(w.http.count() - 1)["model"] == "small");
    w.refuse();
    CHECK(w.body(w.http.count() - 1)["model"] == "small");
    w.answer("yes");
    CHECK(asked.lines == Lines{"begin work/m", "fallback work/small", "shortened 2", "text yes"});
    CHECK(asked.answer().turn.model == "work/small");
}

TEST_CASE("a question that no estimate can make fit is refused before it is asked, whole") {
    Window w;
    w.knows(1'000);
    const auto refused = w.refused(w.question(std::string(20'000, 'x')));
    CHECK_FALSE(refused.invalid_params);
    CHECK(refused.error.kind == ErrorKind::context_too_long);
    CHECK_THAT(refused.error.message, ContainsSubstring("work/m takes 1000"));
    CHECK_FALSE(refused.error.hint.empty());
    CHECK(w.listed().empty());
}

TEST_CASE("attachments are cut to what the model can take, or to a sensible size where that is not known") {
    const auto length = GENERATE(std::optional<std::int64_t>{}, std::optional<std::int64_t>{4'000},
                                 std::optional<std::int64_t>{1'000'000});
    Window w;
    w.knows(length);
    auto send = w.question("What does it say?");
    std::string text;
    while (text.size() < 1'000'000) text += "This line is one of very many.\n";
    send.context = {TextItem{text, "Log"}};
    const auto answer = w.answered(send, "much");
    const std::size_t sent = w.messages().back().size();
    if (length == 1'000'000) {
        CHECK(sent > text.size());
        CHECK_FALSE(answer.left_out.any());
    } else {
        CHECK(sent < (length ? 10'000U : 300'000U));
        CHECK(sent > (length ? 3'000U : 150'000U));
        CHECK(answer.left_out.items == Lines{"Log"});
        CHECK_THAT(w.messages().back(), ContainsSubstring("(cut here: "));
    }
}

TEST_CASE("usage corrects the estimate, slowly and within bounds") {
    Windows windows;
    const auto model = model_of(std::nullopt);
    const std::string text(40'000, 'x');
    const std::size_t plain = windows.counter(model).count(text);
    std::size_t before = plain;
    for (int i = 0; i < 30; ++i) {
        windows.counted(model, windows.counter(model).count(text), static_cast<std::int64_t>(plain * 2));
        const std::size_t now = windows.counter(model).count(text);
        CHECK(now >= before);
        before = now;
    }
    CHECK(before > plain * 19 / 10);
    CHECK(before <= plain * 2 + 10);
    CHECK(windows.counter(model_of(std::nullopt, "http://y")).count(text) == plain);  // another gateway
    for (int i = 0; i < 30; ++i) windows.counted(model, 1'000, 1'000'000'000);
    CHECK(windows.counter(model).count(text) <= plain * 3 + 10);
    for (int i = 0; i < 60; ++i) windows.counted(model, 1'000'000, 1);
    CHECK(windows.counter(model).count(text) >= plain / 2 - 10);
    windows.counted(model, 10, 5'000);  // too short to tell
    windows.counted(model, 1'000, 0);
    windows.counted(model, 1'000, -5);
    CHECK(windows.counter(model).count(text) >= plain / 2 - 10);
}

TEST_CASE("what a refusal tells outranks the configuration downwards only") {
    Windows windows;
    const auto model = model_of(8'000);
    CHECK(windows.limit(model) == 8'000U);
    windows.refused(model, Error{.context_limit = 4'096}, 5'000, 500);
    CHECK(windows.limit(model) == 4'096U);
    windows.refused(model, Error{.context_limit = 100'000}, 5'000, 500);
    CHECK(windows.limit(model) == 8'000U);
    const std::string text(4'000, 'x');
    const auto low = model_of(std::nullopt, "http://z");
    const std::size_t estimate = windows.counter(low).count(text);
    windows.refused(low, Error{.context_limit = static_cast<std::int64_t>(estimate * 2)}, estimate, 0);
    CHECK(windows.counter(low).count(text) >= estimate * 2 - 2);  // it has proved to be too low
    const auto unknown = model_of(std::nullopt, "http://w");
    CHECK(windows.limit(model_of(std::nullopt, "http://y")) == std::nullopt);
    windows.refused(unknown, Error{}, 5'000, 500);
    CHECK(windows.limit(unknown) == 3'000U);
    CHECK_FALSE(windows.told_limit(unknown));
    windows.refused(unknown, Error{}, 40, 10);
    CHECK(windows.limit(unknown) == Windows::kLeastGuess);
    windows.refused(unknown, Error{.context_limit = 4'096}, 5'000, 500);
    CHECK(windows.limit(unknown) == 4'096U);
    CHECK(windows.told_limit(unknown) == 4'096U);
    windows.refused(unknown, Error{}, 7'000, 100);
    CHECK(windows.limit(unknown) == 3'600U);
    CHECK(windows.told_limit(unknown) == 4'096U);
}

TEST_CASE("a short question that was refused as too long says nothing about the next, longer one") {
    Window w;
    Asked asked;
    w.ask(asked, w.question("Short?"));
    w.refuse();
    CHECK(asked.error().kind == ErrorKind::context_too_long);
    auto send = w.question(std::string(2'000, 'x'));
    send.context = {TextItem{std::string(1'000, 'y'), "Log"}};
    CHECK_FALSE(w.answered(send, "yes").left_out.any());
    CHECK_THAT(w.messages().back(), ContainsSubstring(std::string(1'000, 'y')));
    CHECK(w.answered(w.question(std::string(20'000, 'x')), "yes").turn.text == "yes");
}
