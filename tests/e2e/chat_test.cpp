// Questions and answers through the real binary: protocol sections 3 and 6.
#include "tests/e2e/setup.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Fate = HttpRequest::Fate;

namespace {

constexpr int kRequestCancelled = -32800, kRequestFailed = -32803, kInvalidParams = -32602;

/// The turn's state as the conversation tells it.
Json last_turn(TestEditor& editor, const std::string& conversation) {
    return editor.call("dragoman/chat/get", {{"conversation", conversation}})["turns"].back();
}

}  // namespace

TEST_CASE("an answer streams in order and its pieces are the whole, from every gateway") {
    const std::string dialect = GENERATE("opencodex", "opeai", "generic", "open1", "openai", "llamacpp");
    const std::size_t cut = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{7});
    CAPTURE(dialect, cut);
    const std::string text = "Ein Dragoman ist ein Dolmetscher 🐉.\n\n```cpp\nint x;\n```\n";
    Session s{dialect};
    Script script = Script::answer(text);
    if (cut != 0) script.cut(cut);
    s.gateway.answer(std::move(script));
    const Json result = s.editor.result(s.editor.chat("What is a dragoman?", "t"));
    const auto events = s.editor.progress_so_far("t");

    const std::string model = "gw/" + std::string{s.gateway.dialect().models.front()};
    REQUIRE_FALSE(events.empty());
    CHECK(events[0]["kind"] == "begin");
    CHECK(events[0]["model"] == model);
    CHECK(events[0]["conversation"] == result["conversation"]);
    CHECK(events[0]["turn"] == result["turn"]);
    CHECK(std::count_if(events.begin(), events.end(), [](const Json& e) { return e["kind"] == "begin"; }) ==
          1);
    CHECK(joined(events, "text") == text);
    CHECK(result["text"] == text);
    CHECK(result["model"] == model);
    CHECK(result["finishReason"] == "stop");
    CHECK_THAT(s.gateway.request(0).prompt_text(), ContainsSubstring("What is a dragoman?"));
    s.editor.quit();
}

TEST_CASE("text is shown while it arrives, not at the end") {
    Session s;
    s.gateway.answer(Script{}.text("first").hold().text(" second").finish());
    const int id = s.editor.chat("Hello?", "t");
    CHECK(joined(s.editor.progress_until("t", is_text), "text") == "first");
    CHECK_FALSE(s.editor.has_response(id));
    s.gateway.release();
    CHECK(s.editor.result(id)["text"] == "first second");
}

TEST_CASE("without a token only the result comes") {
    Session s;
    s.gateway.answer(Script::answer("one two three"));
    CHECK(s.editor.result(s.editor.chat("Hello?"))["text"] == "one two three");
    for (const Json& message : s.editor.received()) CHECK(message.value("method", "") != "$/progress");
}

TEST_CASE("reasoning is told apart from the answer") {
    const std::string dialect = GENERATE("opeai", "open1");
    Session s{dialect};
    s.gateway.answer(Script{}.reasoning("Let me ").reasoning("see.").text("Yes.").finish());
    const Json result = s.editor.result(s.editor.chat("Really?", "t"));
    CHECK(result["text"] == "Yes.");
    CHECK(result["reasoning"] == "Let me see.");
    CHECK(joined(s.editor.progress_so_far("t"), "reasoning") == "Let me see.");
}

TEST_CASE("usage, finish reason and cost are those of the gateway") {
    Session s{"opeai",
              {{"providers",
                {{"gw",
                  {{"models",
                    {{"deepseek-v4-flash",
                      {{"price", {{"input", 1.0}, {"output", 2.0}, {"currency", "USD"}}}}}}}}}}}}};
    s.gateway.answer(Script{}.text("cut o").finish("length").usage(
        {.input = 1'000'000, .output = 500'000, .cached = 7, .reasoning = 3}));
    const Json result = s.editor.result(s.editor.chat("Count."));
    CHECK(result["finishReason"] == "length");
    CHECK(result["usage"] == Json{{"inputTokens", 1'000'000},
                                  {"outputTokens", 500'000},
                                  {"cachedInputTokens", 7},
                                  {"reasoningTokens", 3}});
    CHECK(result["cost"]["currency"] == "USD");
    CHECK(result["cost"]["amount"].get<double>() == Catch::Approx(2.0));
    CHECK(last_turn(s.editor, result["conversation"])["cost"] == result["cost"]);
}

TEST_CASE("options of one turn reach the gateway, and nothing that was not asked for") {
    Session s;
    s.gateway.answer(Script::answer("ok"));
    s.editor.result(s.editor.chat("Hello?", nullptr,
                                  {{"model", "gw/gpt-4o"},
                                   {"options",
                                    {{"temperature", 0.5},
                                     {"topP", 0.9},
                                     {"maxTokens", 77},
                                     {"stop", Json::array({"END"})},
                                     {"systemPrompt", "Be brief."},
                                     {"extraBody", {{"top_k", 5}}}}}}));
    const Json body = s.gateway.request(0).json;
    CHECK(body["model"] == "gpt-4o");
    CHECK(body["temperature"] == 0.5);
    CHECK(body["top_p"] == 0.9);
    CHECK(body["max_tokens"] == 77);
    CHECK(body["stop"] == Json::array({"END"}));
    CHECK(body["top_k"] == 5);
    CHECK(body["messages"][0]["role"] == "system");
    CHECK(body["messages"][0]["content"] == "Be brief.");
    for (const char* absent : {"seed", "presence_penalty", "tools", "reasoning_effort", "n"})
        CHECK_FALSE(body.contains(absent));
}

TEST_CASE("a conversation remembers, and can be listed, read, renamed, forked, exported and deleted") {
    Session s;
    s.gateway.answer(Script::answer("My name is Dragoman."));
    const Json first = s.editor.result(s.editor.chat("Who are you?"));
    const Json conversation = first["conversation"];
    s.gateway.answer(Script::answer("Of course."));
    const Json second = s.editor.result(s.editor.chat("Sure?", nullptr, {{"conversation", conversation}}));
    CHECK(second["conversation"] == conversation);
    const Json messages = s.gateway.request(1).json["messages"];
    CHECK_THAT(messages.dump(),
               ContainsSubstring("Who are you?") && ContainsSubstring("My name is Dragoman."));
    CHECK_THAT(messages.back()["content"].get<std::string>(), ContainsSubstring("Sure?"));

    const Json all = s.editor.call("dragoman/chat/get", {{"conversation", conversation}});
    REQUIRE(all["turns"].size() == 2);
    CHECK(all["turns"][0]["prompt"] == "Who are you?");
    CHECK(all["turns"][1]["text"] == "Of course.");
    s.editor.call("dragoman/chat/rename", {{"conversation", conversation}, {"title", "Names"}});
    const Json fork =
        s.editor.call("dragoman/chat/fork", {{"conversation", conversation}, {"turn", first["turn"]}});
    CHECK(s.editor.call("dragoman/chat/get", fork)["turns"].size() == 1);
    CHECK(s.editor.call("dragoman/chat/list")["conversations"].size() == 2);
    const Json found = s.editor.call("dragoman/chat/list", {{"query", "Of course"}})["conversations"];
    REQUIRE(found.size() == 1);
    CHECK(found[0]["id"] == conversation);
    CHECK(found[0]["title"] == "Names");
    CHECK_THAT(
        s.editor
            .call("dragoman/chat/export", {{"conversation", conversation}, {"format", "markdown"}})["text"]
            .get<std::string>(),
        ContainsSubstring("Who are you?") && ContainsSubstring("Of course."));
    CHECK(Json::parse(
              s.editor
                  .call("dragoman/chat/export", {{"conversation", conversation}, {"format", "json"}})["text"]
                  .get<std::string>())
              .is_object());
    s.editor.call("dragoman/chat/delete", {{"conversation", conversation}});
    CHECK(s.editor.call("dragoman/chat/list")["conversations"].size() == 1);
    for (const char* method : {"get", "rename", "delete", "fork", "export"}) {
        CAPTURE(method);
        const int id = s.editor.request(
            std::string{"dragoman/chat/"} + method,
            {{"conversation", conversation}, {"title", "x"}, {"turn", "x"}, {"format", "json"}});
        CHECK(s.editor.error(id)["code"] == kInvalidParams);
    }
    s.editor.quit();
}

TEST_CASE("a turn can be replaced, and those after it go with it") {
    Session s;
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script::answer("answer"));
    const Json first = s.editor.result(s.editor.chat("One?"));
    const Json of_it{{"conversation", first["conversation"]}};
    s.editor.result(s.editor.chat("Two?", nullptr, of_it));
    s.editor.result(s.editor.chat("Instead?", nullptr,
                                  {{"conversation", first["conversation"]}, {"replaceTurn", first["turn"]}}));
    const Json turns = s.editor.call("dragoman/chat/get", of_it)["turns"];
    REQUIRE(turns.size() == 1);
    CHECK(turns[0]["prompt"] == "Instead?");
    CHECK_THAT(s.gateway.request(2).json.dump(), !ContainsSubstring("One?") && !ContainsSubstring("Two?"));
}

TEST_CASE("what is attached to a question is sent with it") {
    Session s;
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script::answer("ok"));
    s.editor.open(s.editor.uri("a.cpp"), "cpp", "int unsaved = 1;\nint second = 2;\nint third = 3;\n");
    s.editor.home().write("b.cpp", "int on_disk = 2;\n");
    const Json range{{"start", {{"line", 1}, {"character", 0}}}, {"end", {{"line", 2}, {"character", 0}}}};
    const auto sent_with = [&](const Json& item) {
        s.editor.result(s.editor.chat("What?", nullptr, {{"context", Json::array({item})}}));
        return s.gateway.journal().requests.back().prompt_text();
    };
    CHECK_THAT(sent_with({{"kind", "file"}, {"uri", s.editor.uri("a.cpp")}}),
               ContainsSubstring("int unsaved = 1;"));
    CHECK_THAT(sent_with({{"kind", "file"}, {"uri", s.editor.uri("b.cpp")}}),
               ContainsSubstring("int on_disk = 2;"));
    CHECK_THAT(sent_with({{"kind", "range"}, {"uri", s.editor.uri("a.cpp")}, {"range", range}}),
               ContainsSubstring("int second = 2;") && !ContainsSubstring("int third"));
    CHECK_THAT(sent_with({{"kind", "text"}, {"text", "a pasted log"}, {"label", "log"}}),
               ContainsSubstring("a pasted log"));
    CHECK_THAT(
        sent_with({{"kind", "diagnostics"},
                   {"uri", s.editor.uri("a.cpp")},
                   {"diagnostics", Json::array({{{"range", range}, {"message", "unused variable"}}})}}),
        ContainsSubstring("unused variable"));
    s.editor.quit();
}

TEST_CASE("a cancelled turn closes the connection and stays with what had arrived", "[D56]") {
    Session s;
    s.gateway.answer(Script{}.text("as far as this").stall());
    const int id = s.editor.chat("Hello?", "t");
    const Json begin = s.editor.progress_until("t", is_text)[0];
    s.editor.cancel(id);
    CHECK(s.editor.error(id)["code"] == kRequestCancelled);
    CHECK(s.gateway.ended(0).fate == Fate::client_closed);
    const Json turn = last_turn(s.editor, begin["conversation"]);
    CHECK(turn["status"] == "cancelled");
    CHECK(turn["text"] == "as far as this");

    s.gateway.answer(Script::answer("And on."));
    CHECK(s.editor.result(s.editor.chat("Go on.", nullptr,
                                        {{"conversation", begin["conversation"]}}))["text"] == "And on.");
    s.editor.quit();
}

TEST_CASE("cancelling before the first byte, during and after leaves one response", "[B26][D52]") {
    Session s;
    const int when = GENERATE(0, 1, 2);
    CAPTURE(when);
    s.gateway.answer(when == 2 ? Script::answer("done") : Script{}.late_head().hold().text("a").stall());
    const int id = s.editor.chat("Hello?", "t");
    if (when == 1) s.gateway.wait_held();
    if (when == 2) static_cast<void>(s.editor.response(id));
    s.editor.cancel(id);
    s.editor.cancel(id);
    const Json response = s.editor.response(id);
    if (when != 2) CHECK(response["error"]["code"] == kRequestCancelled);
    s.editor.quit();
}

TEST_CASE("two turns at once are cancelled apart") {
    Session s;
    s.gateway.answer(Script{}.text("one").hold("one").text(" more").finish());
    const int first = s.editor.chat("One?", "t1");
    s.editor.progress_until("t1", is_text);
    s.gateway.answer(Script{}.text("two").hold("two").text(" more").finish());
    const int second = s.editor.chat("Two?", "t2");
    s.editor.progress_until("t2", is_text);
    s.editor.cancel(first);
    CHECK(s.editor.error(first)["code"] == kRequestCancelled);
    CHECK(s.gateway.ended(0).fate == Fate::client_closed);
    s.gateway.release("two");
    CHECK(s.editor.result(second)["text"] == "two more");
    s.editor.quit();
}

TEST_CASE("a stream that breaks after text was shown fails with what there was, and is not tried again") {
    struct Case {
        const char* name;
        Script script;
        const char* kind;
    };
    const Case one = GENERATE(Case{"reset", Script{}.text("so far").hold().reset(), "network"},
                              Case{"closed", Script{}.text("so far").hold().close(), "network"},
                              Case{"ends without its marker", Script{}.text("so far").hold(), "network"},
                              Case{"an error in the stream",
                                   Script{}.text("so far").hold().event(
                                       {{"error", {{"message", "overloaded"}, {"type", "server_error"}}}}),
                                   "upstreamUnavailable"});
    CAPTURE(one.name);
    Session s{"opencodex", {{"providers", {{"gw", {{"retry", {{"attempts", 2}}}}}}}}};
    s.gateway.answer(one.script);
    const int id = s.editor.chat("Hello?", "t");
    const Json begin = s.editor.progress_until("t", is_text)[0];
    s.gateway.release();
    const Json error = s.editor.error(id);
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == one.kind);
    CHECK(error["data"]["partialText"] == "so far");
    const Json failed = last_turn(s.editor, begin["conversation"]);
    CHECK(failed["status"] == "failed");
    CHECK(failed["error"]["message"] == error["message"]);
    CHECK(s.gateway.journal().requests.size() == 1);
    s.editor.quit();
}

TEST_CASE("each refusal of each gateway is told as what it is") {
    const auto one = GENERATE(
        table<const char*, const char*, const char*>({{"opencodex", "400", "badRequest"},
                                                      {"opencodex", "401", "unauthorized"},
                                                      {"opencodex", "402", "insufficientBalance"},
                                                      {"opencodex", "429", "rateLimited"},
                                                      {"opencodex", "500", "upstreamUnavailable"},
                                                      {"opeai", "400", "badRequest"},
                                                      {"opeai", "401", "unauthorized"},
                                                      {"opeai", "429", "rateLimited"},
                                                      {"generic", "400", "badRequest"},
                                                      {"generic", "401", "unauthorized"},
                                                      {"generic", "402", "insufficientBalance"},
                                                      {"generic", "403", "forbidden"},
                                                      {"generic", "429", "rateLimited"},
                                                      {"generic", "429-quota", "insufficientBalance"},
                                                      {"generic", "500", "upstreamUnavailable"},
                                                      {"generic", "502", "upstreamUnavailable"},
                                                      {"open1", "401", "unauthorized"},
                                                      {"open1", "403", "forbidden"},
                                                      {"open1", "403-agent", "forbidden"},
                                                      {"open1", "404", "modelNotFound"},
                                                      {"open1", "429", "rateLimited"},
                                                      {"open1", "429-quota", "insufficientBalance"},
                                                      {"openai", "400-context", "contextTooLong"},
                                                      {"openai", "401", "unauthorized"},
                                                      {"openai", "404", "modelNotFound"},
                                                      {"openai", "429", "rateLimited"},
                                                      {"openai", "429-quota", "insufficientBalance"},
                                                      {"openai", "500", "upstreamUnavailable"},
                                                      {"openai", "503", "upstreamUnavailable"},
                                                      {"llamacpp", "400-context", "contextTooLong"},
                                                      {"llamacpp", "503", "upstreamUnavailable"}}));
    const auto& [dialect, ask, kind] = one;
    CAPTURE(dialect, ask);
    Session s{dialect};
    const std::string model = std::string{"gw/error-"} + ask;
    const Json error = s.editor.error(s.editor.chat("Hello?", "t", {{"model", model}}));
    const DocumentedError& documented = *documented_error(dialect, ask);
    CHECK(error["code"] == kRequestFailed);
    const Json& data = error["data"];
    CHECK(data["kind"] == kind);
    CHECK(data["httpStatus"] == documented.status);
    CHECK(data["provider"] == "gw");
    CHECK(data["model"] == model);
    CHECK_FALSE(data["hint"].get<std::string>().empty());
    CHECK_THAT(data["upstreamMessage"].get<std::string>(),
               ContainsSubstring(std::string{documented.message}));
    if (documented.retry_after > 0) CHECK(data["retryAfterMs"] == documented.retry_after * 1000);
    if (!s.gateway.key().empty()) CHECK_THAT(error.dump(), !ContainsSubstring(s.gateway.key()));
    s.editor.quit();
}

TEST_CASE("what is no API answer at all is told as what it is") {
    struct Case {
        const char* name;
        Script script;
        const char* kind;
    };
    const Case one = GENERATE(
        Case{"a login page", Script::plain(200, "text/html", "<html><title>Sign in</title></html>"),
             "badResponse"},
        Case{"other JSON", Script::json(200, {{"hello", "world"}}), "badResponse"},
        Case{"reset at once", Script{}.late_head().reset(), "network"},
        Case{"closed at once", Script{}.late_head().close(), "network"},
        Case{"a gateway's page", Script::plain(502, "text/html", "<html><title>Bad Gateway</title></html>"),
             "upstreamUnavailable"},
        Case{"an error with status 200",
             Script::json(200, {{"error", {{"message", "no"}, {"code", "invalid_api_key"}}}}),
             "unauthorized"});
    CAPTURE(one.name);
    Session s;
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), one.script);
    const Json error = s.editor.error(s.editor.chat("Hello?", "t"));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == one.kind);
    CHECK_FALSE(error["data"].contains("partialText"));
}

TEST_CASE("odd answers that can be understood are understood") {
    struct Case {
        const char* name;
        Script script;
    };
    const Json whole{{"object", "chat.completion"},
                     {"choices", Json::array({{{"index", 0},
                                               {"message", {{"role", "assistant"}, {"content", "fine"}}},
                                               {"finish_reason", "stop"}}})}};
    const Case one = GENERATE_COPY(
        Case{"one object instead of a stream", Script::json(200, whole)},
        Case{"gzip nobody asked for", Script::answer("fine").gzip()},
        Case{"the end of the connection as end", Script::answer("fine").framing(Framing::until_close)},
        Case{"a stream labelled as JSON", Script::answer("fine").header("Content-Type", "application/json")},
        Case{"keep-alive comments", Script{}.bytes(": ping\n\n").text("fine").bytes(": ping\n\n").finish()},
        Case{"kept open after the end", Script::answer("fine").stall()});
    CAPTURE(one.name);
    Session s;
    s.gateway.answer(one.script);
    CHECK(s.editor.result(s.editor.chat("Hello?"))["text"] == "fine");
    s.editor.quit();
}

TEST_CASE("before anything was shown the daemon tries again and says so") {
    Session s{"opencodex", {{"providers", {{"gw", {{"retry", {{"attempts", 2}}}}}}}}};
    s.gateway.answer(Script::refuse("opencodex", "500"));
    s.gateway.answer(Script::answer("there"));
    CHECK(s.editor.result(s.editor.chat("Hello?", "t"))["text"] == "there");
    const auto events = s.editor.progress_so_far("t");
    const auto retry = std::find_if(events.begin(), events.end(),
                                    [](const Json& event) { return event["kind"] == "retry"; });
    REQUIRE(retry != events.end());
    CHECK((*retry)["attempt"] == 2);
    CHECK(s.gateway.journal().requests.size() == 2);
}

TEST_CASE("the next model of the chain takes over when the first cannot") {
    Gateway down{"opencodex"}, up{"opeai"};
    EditorOptions options = options_for(down);
    options.config["providers"]["other"] = provider(up);
    options.config["providers"]["other"]["key"]["env"] = "OTHER_KEY";
    options.environment["OTHER_KEY"] = up.key();
    options.config["chat"] = {{"model", "gw/error-500"}, {"fallback", Json::array({"other/m"})}};
    TestEditor editor{options};
    editor.initialize();
    const Json result = editor.result(editor.chat("Hello?", "t"));
    CHECK(result["model"] == "other/m");
    const auto events = editor.progress_so_far("t");
    CHECK(std::any_of(events.begin(), events.end(), [](const Json& event) {
        return event["kind"] == "fallback" && event["model"] == "other/m";
    }));
    CHECK(joined(events, "text") == result["text"]);
    // Each key went to its own gateway alone.
    for (const HttpRequest& request : down.journal().requests)
        CHECK(request.header("Authorization") == "Bearer " + down.key());
    for (const HttpRequest& request : up.journal().requests)
        CHECK(request.header("Authorization") == "Bearer " + up.key());
    editor.quit();
}

TEST_CASE("without a usable model the answer says what is missing") {
    struct Case {
        Json config;
        const char* kind;
    };
    const Case one = GENERATE(Case{{{"chat", {{"model", "nobody/m"}}}}, "notConfigured"},
                              Case{{{"chat", {{"model", nullptr}}}}, "notConfigured"},
                              Case{{{"providers", {{"gw", {{"key", {{"env", "UNSET_KEY"}}}}}}}}, "noKey"});
    Session s{"opencodex", one.config};
    const Json error = s.editor.error(s.editor.chat("Hello?", "t"));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == one.kind);
    CHECK_FALSE(error["data"]["hint"].get<std::string>().empty());
    CHECK(s.gateway.journal().requests.empty());
    s.editor.quit();
}

TEST_CASE("a key command that fails is told with its status and words, a key that works is used") {
    Session s{"opencodex",
              {{"providers",
                {{"gw",
                  {{"key",
                    {{"env", nullptr},
                     {"command", Json::array({"/bin/sh", "-c", "echo locked >&2; exit 3"})}}}}}}}}};
    const Json error = s.editor.error(s.editor.chat("Hello?"));
    CHECK(error["data"]["kind"] == "noKey");
    CHECK_THAT(error["message"].get<std::string>(), ContainsSubstring("3") && ContainsSubstring("locked"));
}

TEST_CASE("an editor that does not read loses nothing and blocks nobody", "[A17]") {
    Session s;
    std::string text;
    for (int i = 0; i < 10'000; ++i) text += " word" + std::to_string(i);
    s.gateway.answer(Script::answer(text));
    s.editor.open(s.editor.uri("a.cpp"), "cpp", "");
    s.editor.pause_reading();
    const int id = s.editor.chat("Talk.", "t");
    const Json origin{{"line", 0}, {"character", 0}};
    for (int i = 0; i < 10'000; ++i)
        s.editor.notify("textDocument/didChange",
                        {{"textDocument", {{"uri", s.editor.uri("a.cpp")}, {"version", i + 2}}},
                         {"contentChanges",
                          Json::array({{{"range", {{"start", origin}, {"end", origin}}}, {"text", "x"}}})}});
    // The stream ends upstream although nobody reads downstream.
    CHECK(s.gateway.ended(0).fate == Fate::answered);
    s.editor.resume_reading();
    CHECK(s.editor.result(id)["text"] == text);
    CHECK(joined(s.editor.progress_so_far("t"), "text") == text);
    s.editor.quit();
}

TEST_CASE("a completion is answered while a chat streams", "[A14]") {
    Session s;
    s.gateway.answer(Script{}.text("a long answer").hold().finish());
    const int chat = s.editor.chat("Talk.", "t");
    s.editor.progress_until("t", is_text);
    s.editor.open(s.editor.uri("a.cpp"), "cpp", "int x = \n");
    s.gateway.answer(Script::answer("42;"));
    CHECK(s.editor.result(s.editor.inline_completion(s.editor.uri("a.cpp"), 0, 8))["items"].size() == 1);
    CHECK_FALSE(s.editor.has_response(chat));
    s.gateway.release();
    CHECK(s.editor.result(chat)["text"] == "a long answer");
    s.editor.quit();
}
