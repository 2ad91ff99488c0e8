// How an answer reaches the client: its ends, its cut and framing, its connection.
#include "tests/gateway/asking.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Fate = HttpRequest::Fate;

TEST_CASE("an answer can end in every wrong way") {
    Gateway gateway;
    HttpClient client{gateway};
    const auto ask = [&] { return client.post("/chat/completions", chat_body("Hi", true)); };
    SECTION("reset") {
        gateway.answer(Script{}.text("a").reset());
        CHECK(ask().error == boost::asio::error::connection_reset);
        CHECK(gateway.ended(0).fate == Fate::cut_by_script);
    }
    SECTION("closed in the middle of a chunked body") {
        gateway.answer(Script{}.text("a").close());
        const auto answer = ask();
        CHECK(answer.error == boost::beast::http::error::partial_message);
        CHECK(streamed(answer.body, "/choices/0/delta/content") == "a");
    }
    SECTION("fewer bytes than promised") {
        gateway.answer(Script::plain(200, "application/json", "{}").promise(100));
        CHECK(ask().error == boost::beast::http::error::partial_message);
    }
    SECTION("the end of the connection is the end of the body") {
        gateway.answer(Script::answer("a b").framing(Framing::until_close));
        const auto answer = ask();
        CHECK(answer.headers.at("Connection") == "close");
        CHECK(streamed(answer.body, "/choices/0/delta/content") == "a b");
    }
    SECTION("closed before the status line") {
        gateway.answer(Script{}.late_head().close());
        CHECK(ask().error == boost::beast::http::error::end_of_stream);
        CHECK(gateway.ended(0).sent == 0);
    }
    SECTION("in good order, but without its closing marker") {
        gateway.answer(Script{}.text("a"));
        const auto answer = ask();
        CHECK_FALSE(answer.error);
        CHECK(answer.body.find("[DONE]") == std::string::npos);
    }
}

TEST_CASE("how an answer is cut and framed changes nothing of its body") {
    Gateway gateway;
    HttpClient client{gateway};
    const auto body_of = [&](Script script) {
        gateway.answer(std::move(script));
        return client.post("/chat/completions", chat_body("Hi", true)).body;
    };
    const std::string whole = body_of(Script::answer("für 東京 und 🐉"));
    CHECK(streamed(whole, "/choices/0/delta/content") == "für 東京 und 🐉");
    for (const std::size_t size : {1U, 2U, 3U, 7U, 64U})
        CHECK(body_of(Script::answer("für 東京 und 🐉").cut(size)) == whole);
    CHECK(body_of(Script::answer("für 東京 und 🐉").framing(Framing::length).cut(5)) == whole);
    CHECK(gateway.journal().connections == 1);
}

TEST_CASE("a gzip answer is what it says") {
    const std::string text(200'000, 'g');
    const std::string file = gzip_stored(text);
    CHECK(file.substr(0, 3) == "\x1f\x8b\x08");
    std::string unpacked;
    std::size_t at = 10;
    bool last = false;
    while (!last) {
        last = file[at] == 1;
        const auto byte = [&](std::size_t i) {
            return static_cast<unsigned>(static_cast<unsigned char>(file[i]));
        };
        const std::size_t size = byte(at + 1) | byte(at + 2) << 8U;
        CHECK((size ^ (byte(at + 3) | byte(at + 4) << 8U)) == 0xFFFF);
        unpacked += file.substr(at + 5, size);
        at += 5 + size;
    }
    CHECK(unpacked == text);
    CHECK(file.size() == at + 8);

    Gateway gateway;
    gateway.answer(Script::answer("hello").gzip());
    HttpClient client{gateway};
    const auto answer = client.post("/chat/completions", chat_body("Hi", true));
    CHECK(answer.headers.at("Content-Encoding") == "gzip");
    CHECK(answer.body.find("hello") != std::string::npos);
}

TEST_CASE("requests are read whatever their cut, and one after the other on one connection") {
    Gateway gateway;
    HttpClient client{gateway};
    const std::string key = gateway.key();
    const std::string body = chat_body("Grüße 🐉", false).dump();
    const std::string request =
        "POST /api/v1/chat/completions?x=1 HTTP/1.1\r\nHost: h\r\nauthorization: Bearer " + key +
        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    SECTION("byte by byte") {
        for (const char c : request) client.send_raw({c});
        CHECK(client.receive().status == 200);
    }
    SECTION("three at once") {
        client.send_raw(request + request + request);
        for (int i = 0; i < 3; ++i) CHECK(client.receive().status == 200);
        CHECK(gateway.journal().requests.size() == 3);
    }
    SECTION("chunked") {
        std::string chunked = request.substr(0, request.find("Content-Length"));
        chunked += "Transfer-Encoding: chunked\r\n\r\n5\r\n" + body.substr(0, 5) + "\r\n";
        std::ostringstream size;
        size << std::hex << body.size() - 5;
        client.send_raw(chunked + size.str() + "\r\n" + body.substr(5) + "\r\n0\r\n\r\n");
        CHECK(client.receive().status == 200);
    }
    SECTION("a client that waits for 100 Continue is told to go on") {
        const auto head = request.find("\r\n\r\n");
        client.send_raw(request.substr(0, head) + "\r\nExpect: 100-continue\r\n\r\n");
        CHECK(client.receive().status == 100);
        client.send_raw(body);
        CHECK(client.receive().status == 200);
    }
    CHECK(gateway.request(0).path() == "/api/v1/chat/completions");
    CHECK(gateway.request(0).body == body);
    CHECK(gateway.request(0).prompt_text() == "Grüße 🐉\n");
}

TEST_CASE("HEAD warms a connection and takes neither a script nor a request's number") {
    Gateway gateway;
    gateway.answer(Script::answer("kept"));
    HttpClient client{gateway};
    client.send_raw("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    client.send("POST", client.prefixed("/chat/completions"), chat_body("Hi", true));
    const auto head = client.receive(), answer = client.receive();
    CHECK(head.status == 404);
    CHECK(head.body.empty());
    CHECK(streamed(answer.body, "/choices/0/delta/content") == "kept");
    CHECK(gateway.journal().heads.size() == 1);
    CHECK(gateway.request(0).method == "POST");
}

TEST_CASE("connections are counted, and idle ones can be dropped") {
    Gateway gateway;
    HttpClient first{gateway}, second{gateway};
    REQUIRE(gateway.wait_for([](const Journal& seen) { return seen.connections == 2; }));
    CHECK(first.get("/models").status == 200);
    CHECK(first.get("/models").status == 200);
    CHECK(gateway.request(1).connection == gateway.request(0).connection);
    gateway.answer(Script{}.text("a").hold().text("b").finish());
    second.send("POST", second.prefixed("/chat/completions"), chat_body("Hi", true));
    gateway.wait_held();
    gateway.drop_idle();
    CHECK(gateway.wait_for([](const Journal& seen) { return seen.open == 1; }));
    gateway.release();
    CHECK(streamed(second.receive().body, "/choices/0/delta/content") == "ab");
}

TEST_CASE("ten thousand pieces arrive whole") {
    Gateway gateway;
    std::string text;
    for (int i = 0; i < 10'000; ++i) text += " w" + std::to_string(i);
    gateway.answer(Script::answer(text));
    HttpClient client{gateway};
    const auto answer = client.post("/chat/completions", chat_body("Hi", true));
    CHECK(streamed(answer.body, "/choices/0/delta/content") == text);
    CHECK(events(answer.body).size() == 10'002);
}
