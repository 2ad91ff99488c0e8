// The gateway is what the end-to-end tests measure the daemon with; here it is measured itself.
#include "tests/gateway/asking.h"
#include "tests/gateway/house_answers.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Fate = HttpRequest::Fate;

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
