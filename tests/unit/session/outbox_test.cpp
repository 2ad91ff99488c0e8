// What reaches the writer: everything, in order, and little of it while nobody reads.
#include "server/session/outbox.h"

#include <catch2/catch_all.hpp>

#include <map>
#include <random>
#include <thread>
#include <utility>

using namespace dragoman;
using session::Outbox;

namespace {

/// All that waits, without waiting.
std::vector<std::string> drain(Outbox& outbox) {
    outbox.close();
    std::vector<std::string> out;
    while (auto body = outbox.pop()) out.push_back(std::move(*body));
    return out;
}

/// "token kind text" of a piece, the body itself of anything else.
std::string words(const std::string& body) {
    const Json message = Json::parse(body, nullptr, false);
    if (message.is_discarded() || message.value("method", "") != "$/progress") return body;
    const Json& value = message["params"]["value"];
    return message["params"]["token"].dump() + " " + value["kind"].get<std::string>() + " " +
           value.value("text", "");
}

std::vector<std::string> drained_words(Outbox& outbox) {
    auto out = drain(outbox);
    std::transform(out.begin(), out.end(), out.begin(), words);
    return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("bodies leave in the order they came") {
    Outbox outbox;
    for (const char* body : {"a", "b", "c"}) outbox.push(body);
    CHECK(outbox.waiting_bytes() == 3);
    CHECK(drain(outbox) == Lines{"a", "b", "c"});
    CHECK(outbox.waiting_bytes() == 0);
}

TEST_CASE("pieces of one stream and kind become one while they wait") {
    Outbox outbox;
    for (const char* text : {"one ", "two ", "three"}) outbox.push_piece("t", "text", text);
    CHECK(drained_words(outbox) == Lines{"\"t\" text one two three"});
}

TEST_CASE("a piece is a whole progress notification") {
    Outbox outbox;
    outbox.push_piece(7, "reasoning", "\"\n\xF0\x9F\x90\x89");
    const Json message = Json::parse(drain(outbox).at(0));
    CHECK(message ==
          Json{{"jsonrpc", "2.0"},
               {"method", "$/progress"},
               {"params",
                {{"token", 7}, {"value", {{"kind", "reasoning"}, {"text", "\"\n\xF0\x9F\x90\x89"}}}}}});
}

TEST_CASE("nothing overtakes within a stream") {
    Outbox outbox;
    outbox.push_piece("t", "reasoning", "a");
    outbox.push_piece("t", "text", "b");
    outbox.push_piece("t", "reasoning", "c");
    outbox.push_piece("t", "text", "d");
    outbox.push_in_stream("t", "event");
    outbox.push_piece("t", "text", "e");
    outbox.push_piece("t", "text", "f");
    CHECK(drained_words(outbox) == Lines{"\"t\" reasoning a", "\"t\" text b", "\"t\" reasoning c",
                                         "\"t\" text d", "event", "\"t\" text ef"});
}

TEST_CASE("streams do not mix, and what is between them does not part them") {
    Outbox outbox;
    outbox.push_piece(1, "text", "a");
    outbox.push_piece("1", "text", "x");
    outbox.push("other");
    outbox.push_piece(1, "text", "b");
    outbox.push_piece("1", "text", "y");
    CHECK(drained_words(outbox) == Lines{"1 text ab", "\"1\" text xy", "other"});
}

TEST_CASE("a piece that has left is not added to") {
    Outbox outbox;
    outbox.push_piece("t", "text", "a");
    outbox.push("other");
    CHECK(words(*outbox.pop()) == "\"t\" text a");
    outbox.push_piece("t", "text", "b");
    outbox.push_piece("t", "text", "c");
    CHECK(drained_words(outbox) == Lines{"other", "\"t\" text bc"});
}

TEST_CASE("any mixture of pieces keeps every stream's text and order", "[A17]") {
    const unsigned seed = GENERATE(take(20, random(0U, 1U << 30U)));
    CAPTURE(seed);
    std::mt19937 random{seed};
    Outbox outbox;
    // Of each stream its pieces, those of one kind in a row as one.
    struct Stream {
        std::string kind, all;
        void add(const std::string& next, const std::string& text) {
            if (std::exchange(kind, next) != next) all += "|" + next + " ";
            all += text;
        }
    };
    std::map<std::string, Stream> sent, got;
    const auto receive = [&](const std::string& body) {
        const Json params = Json::parse(body)["params"];
        got[params["token"]].add(params["value"]["kind"], params["value"]["text"]);
    };
    for (int i = 0; i < 500; ++i) {
        const std::string token(1, static_cast<char>('a' + random() % 3));
        const std::string kind = random() % 2 == 0 ? "text" : "reasoning", text = std::to_string(i) + ",";
        outbox.push_piece(token, kind, text);
        sent[token].add(kind, text);
        while (random() % 4 == 0 && outbox.waiting_bytes() > 0) receive(*outbox.pop());
    }
    for (const auto& body : drain(outbox)) receive(body);
    for (const auto& [token, stream] : sent) CHECK(got[token].all == stream.all);
}

TEST_CASE("after the close what waits still leaves, then there is nothing, and nothing more is taken") {
    Outbox outbox;
    outbox.push("a");
    outbox.close();
    outbox.close();
    outbox.push("late");
    outbox.push_piece("t", "text", "late");
    CHECK(outbox.pop() == "a");
    CHECK_FALSE(outbox.pop());
    CHECK_FALSE(outbox.pop());
}

TEST_CASE("a close wakes a writer that waits") {
    Outbox outbox;
    bool ended = false;
    std::thread writer{[&] { ended = !outbox.pop(); }};
    outbox.close();
    writer.join();
    CHECK(ended);
}

TEST_CASE("with a writer in its own thread nothing is lost, doubled or turned around", "[A14][A17]") {
    Outbox outbox;
    std::string text;
    std::vector<int> bodies;
    std::thread writer{[&] {
        while (const auto body = outbox.pop()) {
            const Json message = Json::parse(*body);
            if (message.is_number()) {
                bodies.push_back(message);
            } else {
                text += message["params"]["value"]["text"].get<std::string>();
            }
        }
    }};
    std::string sent;
    for (int i = 0; i < 5000; ++i) {
        const std::string piece = std::to_string(i) + " ";
        outbox.push_piece("t", "text", piece);
        sent += piece;
        if (i % 7 == 0) outbox.push(std::to_string(i));
        if (i % 11 == 0) static_cast<void>(outbox.waiting_bytes());
    }
    outbox.close();
    writer.join();
    CHECK(text == sent);
    REQUIRE(bodies.size() == 715);
    CHECK(std::is_sorted(bodies.begin(), bodies.end()));
    CHECK(outbox.waiting_bytes() == 0);
}
