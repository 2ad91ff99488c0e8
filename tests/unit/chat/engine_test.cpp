// A question's life: what is sent, what is told, what stays.
#include "server/chat/conversations.h"
#include "tests/unit/chat/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using chat::TurnState;

namespace {

/// Two turns that were answered with "one" and "two".
struct TwoTurns : ChatBench {
    chat::Answer first = answered(question("First?"), "one");
    chat::Answer second = answered(question("Second?", first.conversation), "two");
    const chat::Conversation& conversation() const { return *engine.find(first.conversation); }
};

}  // namespace

TEST_CASE("a question makes a conversation, streams its events in order and ends with the whole") {
    ChatBench b;
    Asked asked;
    b.ask(asked, b.question("Why  is\nthat?"));
    CHECK(b.engine.in_flight() == 1);
    CHECK(b.newest().turns.at(0).state == TurnState::running);
    auto& exchange = b.http.last();
    exchange.head(200, event_stream());
    exchange.bytes(chunk("Be"));
    exchange.bytes(chunk("cause."));
    exchange.bytes(finish("length") + usage(7, 2) + kDone);
    b.clock.settle();

    CHECK(asked.lines == Lines{"begin work/m", "text Be", "text cause."});
    const auto& answer = asked.answer();
    CHECK(answer.turn.text == "Because.");
    CHECK(answer.turn.model == "work/m");
    CHECK(answer.turn.finish == wire::FinishReason::length);
    REQUIRE(answer.turn.usage);
    CHECK(answer.turn.usage->input == 7);
    CHECK_FALSE(answer.cost);
    CHECK(b.engine.in_flight() == 0);
    const auto* conversation = b.engine.find(answer.conversation);
    REQUIRE(conversation != nullptr);
    CHECK(conversation->title == "Why is that?");
    CHECK(conversation->turns.at(0).state == TurnState::complete);
    CHECK(conversation->turns.at(0).id == answer.turn.id);
}

TEST_CASE("nothing is told from inside send") {
    ChatBench b;
    Asked asked;
    auto running = b.engine.send(b.question("?"), asked.on_event(), asked.on_end());
    REQUIRE(running);
    CHECK(asked.lines.empty());
    CHECK_FALSE(asked.end);
}

TEST_CASE("a cost is told where the model has a price and the gateway counted") {
    ChatBench b;
    b.work.models["m"] = {.id = "m", .price = config::Price{.input = 2, .output = 10, .currency = "EUR"}};
    b.config->providers["work"] = std::make_shared<config::Provider>(b.work);
    Asked asked;
    b.ask(asked, b.question("?"));
    b.http.last().answer(200, chunk("x") + finish() + usage(1'000'000, 500'000) + kDone, event_stream());
    b.clock.settle();
    REQUIRE(asked.answer().cost);
    CHECK(asked.answer().cost->amount == 7.0);
    CHECK(asked.answer().cost->currency == "EUR");
}

TEST_CASE("a conversation is sent with every turn that was answered") {
    TwoTurns b;
    CHECK(b.messages() == Lines{"user: First?", "assistant: one", "user: Second?"});
    CHECK(b.conversation().turns.size() == 2);
}

TEST_CASE(
    "the system prompt is the request's, else the configuration's, else the daemon's; an empty one is not "
    "sent") {
    ChatBench b;
    const auto system = [&](chat::Send send) -> Json {
        b.answered(std::move(send), "x");
        const Json first = b.body(b.http.count() - 1)["messages"][0];
        return first["role"] == "system" ? first["content"] : Json();
    };
    CHECK(system(b.question("?")).get<std::string>().find("programming assistant") != std::string::npos);
    b.config->chat.system_prompt = "Be kind.";
    CHECK(system(b.question("?")) == "Be kind.");
    auto send = b.question("?");
    send.options.system_prompt = "Be brief.";
    CHECK(system(send) == "Be brief.");
    send.options.system_prompt = "";
    CHECK(system(send).is_null());
}

TEST_CASE("a request's options win over the configuration's, and extra bodies are laid over one another") {
    ChatBench b;
    b.config->chat.temperature = 0.1;
    b.config->chat.max_tokens = 50;
    b.config->chat.extra_body = {{"a", 1}, {"b", 1}};
    auto send = b.question("?");
    send.options.sampling.temperature = 0.9;
    send.options.extra_body = {{"b", 2}};
    b.answered(send, "x");
    const Json body = b.body(0);
    CHECK(body["temperature"] == 0.9);
    CHECK(body["max_tokens"] == 50);
    CHECK(body["a"] == 1);
    CHECK(body["b"] == 2);
}

TEST_CASE("a turn that is replaced takes those after it along") {
    TwoTurns b;
    auto send = b.question("Other?", b.first.conversation);
    send.replace_turn = b.first.turn.id;
    b.answered(send, "three");
    CHECK(b.messages() == Lines{"user: Other?"});
    REQUIRE(b.conversation().turns.size() == 1);
    CHECK(b.conversation().turns[0].prompt == "Other?");
    CHECK(b.conversation().turns[0].text == "three");
}

TEST_CASE("a turn that is continued keeps its question and its text and adds to it") {
    TwoTurns b;
    auto send = b.question("not used", b.first.conversation);
    send.replace_turn = b.first.turn.id;
    send.resume = true;
    send.context = {chat::FileItem{"file:///nowhere"}};
    const auto answer = b.answered(send, " more");
    CHECK(answer.turn.text == "one more");
    CHECK(answer.turn.id == b.first.turn.id);
    CHECK(answer.turn.prompt == "First?");
    const auto sent = b.messages();
    REQUIRE(sent.size() == 3);
    CHECK(sent[0] == "user: First?");
    CHECK(sent[1] == "assistant: one");
    CHECK(b.conversation().turns.size() == 1);
}

TEST_CASE("a turn without any text is continued by being asked again") {
    ChatBench b;
    Asked asked;
    b.ask(asked, b.question("First?"));
    b.http.last().fail(http::Failure::What::connect);
    b.clock.settle();
    const auto id = b.newest().id;
    auto send = b.question("", id);
    send.replace_turn = b.engine.find(id)->turns.at(0).id;
    send.resume = true;
    CHECK(b.answered(send, "yes").turn.text == "yes");
    CHECK(b.messages() == Lines{"user: First?"});
    CHECK_FALSE(b.engine.find(id)->turns.at(0).error);
}

TEST_CASE("dropping a question closes the connection and keeps what arrived, as cancelled") {
    ChatBench b;
    Asked asked;
    b.ask(asked, b.question("?"));
    auto& exchange = b.http.last();
    exchange.head(200, event_stream());
    exchange.bytes(chunk("half"));
    int told = 0;
    b.engine.on_activity = [&] { ++told; };
    asked.running.reset();
    CHECK(exchange.closed());
    CHECK(b.engine.in_flight() == 0);
    CHECK(told == 1);
    CHECK_FALSE(asked.end);
    const auto* conversation = &b.newest();
    CHECK(conversation->turns.at(0).state == TurnState::cancelled);
    CHECK(conversation->turns.at(0).text == "half");

    b.answered(b.question("And?", conversation->id), "x");
    CHECK(b.messages() == Lines{"user: ?", "assistant: half", "user: And?"});
}

TEST_CASE("a stream that breaks keeps its text, tells it with the error, and is marked failed") {
    ChatBench b;
    Asked asked;
    b.ask(asked, b.question("?"));
    auto& exchange = b.http.last();
    exchange.head(200, event_stream());
    exchange.bytes(chunk("half"));
    exchange.fail(http::Failure::What::reset);
    b.clock.settle();
    CHECK(asked.error().kind == ErrorKind::network);
    CHECK(asked.error().partial_text == "half");
    const auto& turn = b.newest().turns.at(0);
    CHECK(turn.state == TurnState::failed);
    CHECK(turn.text == "half");
    REQUIRE(turn.error);
    CHECK(turn.error->kind == ErrorKind::network);
    CHECK(b.engine.in_flight() == 0);
}

TEST_CASE("a turn that failed before any text is not sent again") {
    ChatBench b;
    Asked asked;
    b.ask(asked, b.question("?"));
    b.http.last().answer(500, refusal("down"));
    b.clock.settle();
    asked.error();
    b.answered(b.question("Again?", b.newest().id), "x");
    CHECK(b.messages() == Lines{"user: Again?"});
}

TEST_CASE("the one who asked may drop the question from inside its end") {
    const bool fails = GENERATE(false, true);
    ChatBench b;
    Asked asked;
    asked.at_end = [&] { asked.running.reset(); };
    b.ask(asked, b.question("?"));
    b.http.last().answer(fails ? 500 : 200, fails ? refusal("down") : whole("x"), event_stream());
    b.clock.settle();
    CHECK(asked.end.has_value());
    CHECK_FALSE(asked.running);
    CHECK(b.engine.in_flight() == 0);
    const auto state = b.newest().turns.at(0).state;
    CHECK(state == (fails ? TurnState::failed : TurnState::complete));
}

TEST_CASE("a conversation that is deleted while it is answered costs the one who asked nothing") {
    ChatBench b;
    Asked asked;
    b.ask(asked, b.question("?"));
    auto& exchange = b.http.last();
    exchange.head(200, event_stream());
    exchange.bytes(chunk("one "));
    const std::string id = b.newest().id;
    b.engine.remove(id, [](const std::string& trouble) { CHECK(trouble.empty()); });
    exchange.bytes(chunk("two") + finish() + kDone);
    b.clock.settle();
    CHECK(asked.answer().turn.text == "one two");
    CHECK(b.engine.find(id) == nullptr);
    CHECK(b.listed().empty());
}

TEST_CASE("a conversation that is forked while it is answered is two, and one of them goes on") {
    TwoTurns b;
    Asked asked;
    b.ask(asked, b.question("Third?", b.first.conversation));
    auto& exchange = b.http.last();
    exchange.head(200, event_stream());
    exchange.bytes(chunk("th"));
    const auto fork = b.engine.fork(b.first.conversation, b.conversation().turns.back().id, true);
    REQUIRE(fork);
    exchange.bytes(chunk("ree") + finish() + kDone);
    b.clock.settle();
    CHECK(b.conversation().turns.back().text == "three");
    const auto& copy = b.engine.find(*fork)->turns.back();
    CHECK(copy.text == "th");
    CHECK(copy.state == TurnState::cancelled);
    CHECK(copy.id != b.conversation().turns.back().id);
}

TEST_CASE("a conversation takes one question at a time") {
    TwoTurns b;
    Asked asked;
    b.ask(asked, b.question("Third?", b.first.conversation));
    auto replace = b.question("Other?", b.first.conversation);
    replace.replace_turn = b.first.turn.id;
    CHECK(b.refused(b.question("Fourth?", b.first.conversation)).invalid_params);
    CHECK(b.refused(replace).invalid_params);
    CHECK(b.conversation().turns.size() == 3);
    asked.running.reset();
    b.answered(replace, "x");
}

TEST_CASE("what is refused changes nothing") {
    TwoTurns b;
    const auto requests = b.http.count();
    auto unknown_turn = b.question("?", b.first.conversation);
    unknown_turn.replace_turn = "nope";
    CHECK(b.refused(unknown_turn).message == "unknown turn nope");
    CHECK(b.refused(b.question("?", "nope")).message == "unknown conversation nope");
    auto bad_context = b.question("?", b.first.conversation);
    bad_context.replace_turn = b.first.turn.id;
    bad_context.context = {chat::FileItem{b.uri("missing.txt")}};
    CHECK(b.refused(bad_context).message == "missing.txt does not exist");
    auto new_one = b.question("?");
    new_one.context = bad_context.context;
    CHECK(b.refused(new_one).invalid_params);
    auto no_model = b.question("?");
    no_model.model = "nobody/m";
    const auto refused = b.refused(no_model);
    CHECK_FALSE(refused.invalid_params);
    CHECK(refused.error.kind == ErrorKind::not_configured);

    CHECK(b.http.count() == requests);
    CHECK(b.listed().size() == 1);
    CHECK(b.conversation().turns.size() == 2);
    CHECK(b.engine.in_flight() == 0);
}

TEST_CASE("another model takes over before any text, and only where none was named") {
    ChatBench b;
    b.config->chat.fallback = {"work/m", "nobody/x", "work/spare"};
    Asked asked;
    b.ask(asked, b.question("?"));
    b.http.last().answer(500, refusal("down"));
    b.clock.advance(Milliseconds{60'000});
    REQUIRE(b.http.count() == 2);
    b.http.last().answer(200, whole("x"), event_stream());
    b.clock.settle();
    CHECK(asked.lines == Lines{"begin work/m", "fallback work/spare", "text x"});
    CHECK(asked.answer().turn.model == "work/spare");

    auto named = b.question("?");
    named.model = "work/m";
    Asked alone;
    b.ask(alone, named);
    b.http.last().answer(500, refusal("down"));
    b.clock.advance(Milliseconds{60'000});
    CHECK(alone.error().kind == ErrorKind::upstream_unavailable);
}

TEST_CASE("encrypted reasoning goes back to the model that wrote it and to no other") {
    ChatBench b;
    b.work.api = config::Api::responses;
    b.config->providers["work"] = std::make_shared<config::Provider>(b.work);
    Asked asked;
    b.ask(asked, b.question("?"));
    const auto event = [](const Json& body) {
        return "event: " + body["type"].get<std::string>() + "\ndata: " + body.dump() + "\n\n";
    };
    const Json item = {
        {"type", "reasoning"}, {"id", "rs_1"}, {"summary", Json::array()}, {"encrypted_content", "blob"}};
    b.http.last().head(200, event_stream());
    b.http.last().bytes(event({{"type", "response.output_item.done"}, {"output_index", 0}, {"item", item}}) +
                        response("yes"));
    b.clock.settle();
    const auto id = asked.answer().conversation;
    REQUIRE(asked.answer().turn.reasoning_items.size() == 1);

    const bool same = GENERATE(true, false);
    auto send = b.question("And?", id);
    if (!same) send.model = "work/other";
    Asked next;
    b.ask(next, send);
    CHECK((b.http.last().request.body.find("blob") != std::string::npos) == same);
}

TEST_CASE("tool calls are kept whole, slot by slot") {
    ChatBench b;
    Asked asked;
    b.ask(asked, b.question("?"));
    const auto piece = [](const Json& call) {
        return "data: " +
               Json{{"choices", {{{"index", 0}, {"delta", {{"tool_calls", Json::array({call})}}}}}}}.dump() +
               "\n\n";
    };
    b.http.last().answer(200,
                         piece({{"index", 0},
                                {"id", "c1"},
                                {"type", "function"},
                                {"function", {{"name", "ls"}, {"arguments", "{\"p\":"}}}}) +
                             piece({{"index", 0}, {"function", {{"arguments", "1}"}}}}) +
                             finish("tool_calls") + kDone,
                         event_stream());
    b.clock.settle();
    const auto& calls = asked.answer().turn.tool_calls;
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].id == "c1");
    CHECK(calls[0].name == "ls");
    CHECK(calls[0].arguments == "{\"p\":1}");
}
