// The gateway is what the end-to-end tests measure the daemon with; here it is measured itself.
#include "tests/gateway/client.h"
#include "tests/gateway/gateway.h"
#include "tests/gateway/house_answers.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Json = nlohmann::json;
using Fate = HttpRequest::Fate;

namespace {

Json chat_body(const std::string& question, bool stream, const std::string& model = "deepseek-chat") {
    return {{"model", model},
            {"stream", stream},
            {"messages", Json::array({{{"role", "user"}, {"content", question}}})}};
}

/// The data of each event of a stream, as JSON where it is JSON.
std::vector<Json> events(const std::string& body) {
    std::vector<Json> out;
    std::size_t at = 0;
    while ((at = body.find("data: ", at)) != std::string::npos) {
        const auto end = body.find('\n', at);
        const std::string data = body.substr(at + 6, end - at - 6);
        out.push_back(data == "[DONE]" ? Json(data) : Json::parse(data));
        at = end;
    }
    return out;
}

std::string pick(const Json& event, const char* pointer) {
    const Json::json_pointer at{pointer};
    return event.is_object() && event.contains(at) && event[at].is_string() ? event[at].get<std::string>()
                                                                            : "";
}

std::string streamed(const std::string& body, const char* pointer) {
    std::string out;
    for (const Json& event : events(body)) out += pick(event, pointer);
    return out;
}

struct Api {
    const char* dialect;
    const char* path;  // whole, since /infill stands beside the prefix
    Json body;
    const char* piece;  // where a streamed event holds text
    const char* whole;  // where the one object holds it
};

std::vector<Api> apis() {
    const Json messages = Json::array({{{"role", "user"}, {"content", "What is a dragoman?"}}});
    const Json input = Json::array(
        {{{"role", "user"}, {"content", {{{"type", "input_text"}, {"text", "What is a dragoman?"}}}}}});
    const char* const delta = "/choices/0/delta/content";
    const char* const message = "/choices/0/message/content";
    return {
        {"opencodex", "/api/v1/chat/completions", {{"model", "m"}, {"messages", messages}}, delta, message},
        {"opeai", "/v1/chat/completions", {{"model", "m"}, {"messages", messages}}, delta, message},
        {"generic",
         "/api/v1/chat/completions",
         {{"model", "deepseek-chat"}, {"messages", messages}},
         delta,
         message},
        {"openai", "/v1/chat/completions", {{"model", "gpt-4o"}, {"messages", messages}}, delta, message},
        {"llamacpp", "/v1/chat/completions", {{"model", "m"}, {"messages", messages}}, delta, message},
        {"open1",
         "/v1/responses",
         {{"model", "gpt-5.4"}, {"input", input}},
         "/delta",
         "/output/0/content/0/text"},
        {"openai",
         "/v1/responses",
         {{"model", "gpt-5.4"}, {"input", input}},
         "/delta",
         "/output/0/content/0/text"},
        {"llamacpp",
         "/v1/completions",
         {{"model", "m"}, {"prompt", "def f():\n"}},
         "/choices/0/text",
         "/choices/0/text"},
        {"llamacpp",
         "/v1/fim/completions",
         {{"model", "m"}, {"prompt", "def f("}, {"suffix", "):"}},
         delta,
         message},
        {"llamacpp", "/infill", {{"input_prefix", "def f("}, {"input_suffix", "):"}}, "/content", "/content"},
    };
}

}  // namespace

TEST_CASE("every dialect streams what it answers in one piece otherwise") {
    for (const Api& api : apis()) {
        CAPTURE(api.dialect, api.path);
        Gateway gateway{api.dialect};
        HttpClient client{gateway};
        client.send("POST", api.path, api.body);
        const auto whole = client.receive();
        Json streaming = api.body;
        streaming["stream"] = true;
        client.send("POST", api.path, streaming);
        const auto stream = client.receive();

        CHECK(whole.status == 200);
        CHECK(whole.headers.at("Content-Type") == "application/json");
        CHECK(stream.headers.at("Content-Type") == "text/event-stream");
        const std::string text = pick(whole.json(), api.whole);
        CHECK_FALSE(text.empty());
        CHECK(streamed(stream.body, api.piece) == text);
        CHECK(gateway.journal().connections == 1);
    }
}

TEST_CASE("a dialect leaves out what its vendor leaves out") {
    const auto first_and_last = [](const char* dialect) {
        Gateway gateway{dialect};
        HttpClient client{gateway};
        Json body = chat_body("Hi", true);
        body["stream_options"] = {{"include_usage", true}};
        const auto all = events(client.post("/chat/completions", body).body);
        return std::tuple{all.front(), all[all.size() - 2], all.back()};
    };
    SECTION("opencodex: no role, no usage") {
        const auto [first, before_last, last] = first_and_last("opencodex");
        CHECK_FALSE(first["choices"][0]["delta"].contains("role"));
        CHECK(first["choices"][0]["delta"]["content"] == "You");
        CHECK(before_last["choices"][0]["finish_reason"] == "stop");
        CHECK(last == "[DONE]");
    }
    SECTION("opeai: role, usage with details") {
        const auto [first, before_last, last] = first_and_last("opeai");
        CHECK(first["choices"][0]["delta"]["role"] == "assistant");
        CHECK(before_last["choices"].empty());
        CHECK(before_last["usage"]["completion_tokens_details"]["reasoning_tokens"] == 0);
        CHECK(last == "[DONE]");
    }
    SECTION("generic: no created, rate headers") {
        Gateway gateway{"generic"};
        HttpClient client{gateway};
        const auto answer = client.post("/chat/completions", chat_body("Hi", false));
        CHECK_FALSE(answer.json().contains("created"));
        CHECK(answer.headers.at("X-RateLimit-Limit") == "60");
        CHECK(answer.headers.at("X-RateLimit-Reset").back() == 'Z');
    }
}

TEST_CASE("every documented error is asked for by a model's name") {
    for (const DocumentedError& error : documented_errors()) {
        CAPTURE(error.dialect, error.ask);
        Gateway gateway{std::string{error.dialect}};
        HttpClient client{gateway};
        Json body = chat_body("Hi", true, "error-" + std::string{error.ask});
        body["input"] = body["messages"];
        const auto answer = client.post(gateway.dialect().chat ? "/chat/completions" : "/responses", body);
        CHECK(answer.status == error.status);
        CHECK(answer.body.find(Json(error.message).dump()) != std::string::npos);
        CHECK(answer.headers.count("Retry-After") == (error.retry_after > 0 ? 1U : 0U));
        CHECK(answer.json().is_object());
    }
}

TEST_CASE("each dialect keeps its own rules at the door") {
    struct Case {
        const char* dialect;
        const char* path;
        std::map<std::string, std::string> headers;
        Json body;
        int status;
    };
    const Json good = chat_body("Hi", false);
    Json responses = good;
    responses["input"] = "Hi";
    responses["model"] = "gpt-5.4";
    Json unknown_responses = responses;
    unknown_responses["model"] = "gpt-0";
    const std::vector<Case> cases{
        {"opencodex", "/chat/completions", {}, good, 200},
        {"opencodex", "/chat/completions", {{"Authorization", "Bearer sk-other"}}, good, 401},
        {"opencodex", "/chat/completions", {{"Authorization", ""}}, good, 401},
        {"opencodex", "/chat/completions", {{"Authorization", "Bearer sk-live-a b"}}, good, 401},
        {"opencodex", "/chat/completions", {}, {{"model", "m"}}, 400},
        {"opencodex", "/chat/completions", {}, {{"messages", Json::array()}}, 400},
        {"opencodex", "/v1/chat/completions", {}, good, 404},
        {"opencodex", "/responses", {}, responses, 404},
        {"generic", "/chat/completions", {}, chat_body("Hi", false, "gpt-0"), 403},
        {"open1", "/responses", {}, responses, 200},
        {"open1", "/responses", {{"User-Agent", ""}}, responses, 403},
        {"open1", "/responses", {}, unknown_responses, 404},
        {"open1", "/chat/completions", {}, good, 404},
        {"llamacpp", "/chat/completions", {{"Authorization", ""}}, good, 200},
    };
    for (const Case& one : cases) {
        CAPTURE(one.dialect, one.path, one.headers, one.body.dump());
        Gateway gateway{one.dialect};
        HttpClient client{gateway};
        CHECK(client.post(one.path, one.body, one.headers).status == one.status);
    }
}

TEST_CASE("listings have the shapes their dialects have") {
    SECTION("models and balance") {
        Gateway gateway{"opencodex"};
        HttpClient client{gateway};
        CHECK(client.get("/models").json()["data"][0]["id"] == "deepseek-chat");
        CHECK(client.get("/balance").json()["balance"] == 482.5);
    }
    SECTION("vectors in the order of the input, the same each time") {
        Gateway gateway{"generic"};
        HttpClient client{gateway};
        const Json body{{"model", "text-embedding-3-small"}, {"input", {"one", "two"}}};
        const Json first = client.post("/embeddings", body).json();
        CHECK(first["data"].size() == 2);
        CHECK(first["data"][0]["embedding"] != first["data"][1]["embedding"]);
        CHECK(client.post("/embeddings", body).json() == first);
    }
    SECTION("llama.cpp tells its context size beside the prefix") {
        Gateway gateway{"llamacpp"};
        HttpClient client{gateway};
        client.send("GET", "/props");
        CHECK(client.receive().json()["default_generation_settings"]["n_ctx"] == 8192);
    }
}

TEST_CASE("scripts are played in the order in which they were queued, rules before them") {
    Gateway gateway;
    gateway.answer(Script::answer("first"));
    gateway.answer(Script::answer("second"));
    gateway.answer_when([](const HttpRequest& request) { return request.model() == "special"; },
                        Script::json(418, {{"error", "no"}}));
    HttpClient client{gateway};
    CHECK(client.post("/chat/completions", chat_body("Hi", false, "special")).status == 418);
    CHECK(pick(client.post("/chat/completions", chat_body("Hi", false)).json(),
               "/choices/0/message/content") == "first");
    CHECK(streamed(client.post("/chat/completions", chat_body("Hi", true)).body,
                   "/choices/0/delta/content") == "second");
    CHECK(gateway.request(1).prompt_text() == "Hi\n");
    CHECK(gateway.request(1).header("USER-AGENT") == "test/1");
}

TEST_CASE("a held answer goes on when it is released, before or after it got there") {
    Gateway gateway;
    gateway.answer(Script{}.text("a").hold("one").text("b").hold("two").text("c").finish());
    HttpClient client{gateway};
    const bool early = GENERATE(false, true);
    if (early) gateway.release("two");
    client.send("POST", client.prefixed("/chat/completions"), chat_body("Hi", true));
    gateway.wait_held();
    CHECK(gateway.journal().requests[0].fate == Fate::answering);
    gateway.release("one");
    if (!early) {
        gateway.wait_held();
        gateway.release("two");
    }
    CHECK(streamed(client.receive().body, "/choices/0/delta/content") == "abc");
    CHECK(gateway.ended(0).fate == Fate::answered);
    CHECK(gateway.journal().held == 0);
}

TEST_CASE("a client that goes away is noticed while its answer is held, stalled or being read") {
    Gateway gateway;
    const int how = GENERATE(0, 1, 2);
    Script script;
    script.text("a");
    if (how == 0) script.hold();
    if (how == 1) script.stall();
    if (how == 2)
        for (int i = 0; i < 100; ++i) script.text(std::string(1U << 20U, 'x'));
    gateway.answer(script.finish());
    {
        HttpClient client{gateway};
        client.send("POST", client.prefixed("/chat/completions"), chat_body("Hi", true));
        REQUIRE(gateway.wait_for(
            [](const Journal& seen) { return !seen.requests.empty() && seen.requests[0].sent > 0; }));
        client.close();
    }
    CHECK(gateway.ended(0).fate == Fate::client_closed);
    CHECK(gateway.wait_for([](const Journal& seen) { return seen.open == 0 && seen.held == 0; }));
    HttpClient next{gateway};
    CHECK(next.get("/models").status == 200);
}

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

TEST_CASE("tool calls and reasoning are said in the words of each API") {
    const Script script =
        Script{}.reasoning("hm").text("so").tool_call("call_1", "look", R"({"at":1})").finish("tool_calls");
    SECTION("chat completions") {
        Gateway gateway{"opeai"};
        gateway.answer(script);
        HttpClient client{gateway};
        const auto answer = client.post("/chat/completions", chat_body("Hi", true));
        CHECK(streamed(answer.body, "/choices/0/delta/reasoning_content") == "hm");
        CHECK(streamed(answer.body, "/choices/0/delta/tool_calls/0/function/arguments") == R"({"at":1})");
    }
    SECTION("responses") {
        Gateway gateway{"open1"};
        gateway.answer(script);
        HttpClient client{gateway};
        const Json body{{"model", "gpt-5.4"}, {"input", "Hi"}, {"stream", true}};
        const auto all = events(client.post("/responses", body).body);
        std::vector<std::string> types;
        for (std::size_t i = 0; i < all.size(); ++i) {
            CHECK(all[i]["sequence_number"] == i);
            types.push_back(all[i]["type"]);
        }
        CHECK(types == std::vector<std::string>{
                           "response.created", "response.in_progress", "response.output_item.added",
                           "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
                           "response.reasoning_summary_text.done", "response.reasoning_summary_part.done",
                           "response.output_item.done", "response.output_item.added",
                           "response.content_part.added", "response.output_text.delta",
                           "response.output_text.done", "response.content_part.done",
                           "response.output_item.done", "response.output_item.added",
                           "response.function_call_arguments.delta", "response.function_call_arguments.done",
                           "response.output_item.done", "response.completed"});
        const Json output = all.back()["response"]["output"];
        REQUIRE(output.size() == 3);
        CHECK(output[1]["content"][0]["text"] == "so");
        CHECK(output[2]["arguments"] == R"({"at":1})");
    }
}

TEST_CASE("the house completion goes on where the cursor stands") {
    struct Case {
        const char* prompt;
        const char* text;
    };
    const auto one =
        GENERATE(Case{"int add(int a, int b) {\n    return ", "a + b;"},
                 Case{"int add(int a, int b) {\n    return a +<|fim_suffix|>\n}", " b;"},
                 Case{"def add(a, b):\n    return a + b\n\ndef is_even(n):\n    return [HERE]", "n % 2 == 0"},
                 Case{"int add(int a, int b) {\n    return <|cursor|>\n}\nbool is_even(int n) {\n    "
                      "return n % 2 == 0;\n}",
                      "a + b;"});
    CHECK(house_completion(one.prompt) == one.text);
}

TEST_CASE("an unknown prompt gets the same made-up name each time, another prompt another one") {
    CHECK(house_completion("alpha") == house_completion("alpha"));
    CHECK(house_completion("alpha") != house_completion("beta"));
}

TEST_CASE("a script that does not fit the API says so in the answer") {
    Gateway gateway{"llamacpp"};
    gateway.answer(Script{}.reasoning("hm").finish());
    HttpClient client{gateway};
    const auto answer = client.post("/completions", {{"model", "m"}, {"prompt", "x"}, {"stream", true}});
    CHECK(answer.status == 599);
    CHECK(answer.body == "the script: legacy completions have no reasoning");
}
