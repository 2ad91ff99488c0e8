// What is asked of whom, and what becomes of the answer.

#include "tests/unit/completion/engine_bench.h"

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Outcome = completion::TrailEntry::Outcome;

namespace {

const std::string kFile = "int add(int a, int b) {\n    return |\n}\n";

}  // namespace

TEST_CASE("a gate that is closed gives nothing, asks nobody and says why") {
    EngineBench bench;
    const std::string gate = GENERATE("switched off", "cpp", "exclude", "selected");
    CAPTURE(gate);
    auto request = EngineBench::request(kFile);
    if (gate == "switched off") bench.settings.completion.enabled = false;
    if (gate == "cpp") bench.settings.completion.disabled_languages = {"lua", "cpp"};
    if (gate == "exclude") bench.settings.exclude = {"**/*.cpp"};
    if (gate == "selected") {
        request.selected = {.begin = GENERATE(0U, 1'000'000U, 28U), .text = "other"};
    }
    const auto asked = bench.ask(std::move(request));
    CHECK_FALSE(asked->answered());  // not from inside request()
    bench.clock.settle();
    CHECK(asked->result().items.empty());
    CHECK_FALSE(asked->result().failure);
    CHECK(bench.http.count() == 0);
    CHECK(bench.trail().at(0).outcome == Outcome::empty);
    CHECK(bench.trail().at(0).source.empty());
    CHECK_THAT(bench.steps(), ContainsSubstring(gate));
}

TEST_CASE("a file that is no file on disk can be completed in") {
    EngineBench bench;
    bench.settings.exclude = {"**/*.cpp"};
    const auto asked = bench.ask(EngineBench::request(kFile, "untitled:Untitled-1"));
    bench.clock.settle();
    bench.answer("a + b;");
    CHECK(asked->text() == "a + b;");
}

TEST_CASE("no model is a failure that says what to configure") {
    EngineBench bench;
    bench.settings.completion.model = GENERATE("", "nobody/m");
    bench.settings.providers.clear();
    const auto asked = bench.ask(kFile);
    CHECK(asked->result().items.empty());
    REQUIRE(asked->result().failure);
    CHECK(asked->result().failure->kind == ErrorKind::not_configured);
    CHECK_FALSE(asked->result().failure->hint.empty());
    CHECK(bench.trail().at(0).outcome == Outcome::failed);
}

TEST_CASE("a chat-only gateway is told prefix, suffix, language and path") {
    EngineBench bench;
    bench.settings.completion.extra_body = {{"thinking", false}};
    const auto asked = bench.ask(kFile);
    const Json body = bench.body(0);
    CHECK(bench.http.last().request.url == "https://gateway.example/v1/chat/completions");
    CHECK(body["max_tokens"] == 256);
    CHECK(body["temperature"] == 0.0);
    CHECK(body["stream"] == true);
    CHECK(body["thinking"] == false);
    const auto question = body["messages"].back()["content"].get<std::string>();
    CHECK_THAT(question, ContainsSubstring("int add(int a, int b) {\n    return <CURSOR/>"));
    CHECK_THAT(question, ContainsSubstring("<CURSOR/>\n}\n"));
    CHECK_THAT(question, ContainsSubstring("cpp"));
    CHECK_THAT(question, ContainsSubstring("a.cpp"));
    bench.http.last().head(200, event_stream());
    bench.clock.advance(Milliseconds{40});
    bench.http.last().bytes(chunk("```cpp\na + "));
    bench.clock.advance(Milliseconds{60});
    bench.http.last().bytes(chunk("b;\n}\n```") + finish() + usage(30, 5) + kDone);
    CHECK(asked->text() == "a + b;");
    CHECK(asked->result().items.at(0).begin == kFile.find('|'));
    const auto entry = bench.trail().at(0);
    CHECK(entry.outcome == Outcome::shown);
    CHECK(entry.id == asked->result().items.at(0).id);
    CHECK(entry.source == "upstream");
    CHECK(entry.model == "work/m");
    CHECK(entry.first_byte == Milliseconds{40});
    CHECK(entry.total == Milliseconds{100});
    CHECK(entry.position == Position{1, 11});
    REQUIRE(entry.tokens);
    CHECK(entry.tokens->input == 30);
    CHECK_THAT(bench.steps(), ContainsSubstring("fence: ") && ContainsSubstring("extent: "));
}

TEST_CASE("a gateway that speaks Responses only completes too") {
    EngineBench bench;
    bench.work.api = config::Api::responses;
    bench.provide(bench.work);
    const auto asked = bench.ask(kFile);
    CHECK(bench.http.last().request.url == "https://gateway.example/v1/responses");
    CHECK_THAT(bench.http.last().request.body, ContainsSubstring("return <CURSOR/>"));
    bench.http.last().answer(200, response("a + b;\n}"), event_stream());
    CHECK(asked->text() == "a + b;");
}

TEST_CASE("a fill route is not given up for a fault that is not its own") {
    const auto [status, body] = GENERATE(table<int, std::string>(
        {{422, refusal("extra field")}, {404, refusal("the model does not exist", "model_not_found")}}));
    CAPTURE(body);
    EngineBench bench;
    bench.work.infill = "fim-completions";
    bench.provide(bench.work);
    const auto asked = bench.ask(kFile);
    bench.http.last().answer(status, body);
    bench.clock.settle();
    CHECK(bench.http.count() == 1);
    CHECK(asked->result().failure);
}

TEST_CASE("a model that fills holes is asked by its route") {
    struct Row {
        std::string infill, model, url, field;
    };
    const auto row =
        GENERATE(Row{"fim-completions", "m", "https://gateway.example/v1/completions", "suffix"},
                 Row{"fim-tokens", "qwen2.5-coder", "https://gateway.example/v1/completions", "prompt"},
                 Row{"mistral-fim", "codestral", "https://gateway.example/v1/fim/completions", "suffix"},
                 Row{"llamacpp-infill", "m", "https://gateway.example/infill", "input_suffix"});
    CAPTURE(row.infill);
    EngineBench bench;
    bench.work.infill = row.infill;
    bench.provide(bench.work, row.model);
    const auto asked = bench.ask(kFile);
    REQUIRE(bench.http.count() == 1);
    CHECK(bench.http.last().request.url == row.url);
    CHECK_THAT(bench.body(0)[row.field].get<std::string>(), ContainsSubstring("\n}\n"));
    const Json piece = {{"choices",
                         {{{"index", 0},
                           {"text", "a + b;\n}"},
                           {"delta", {{"content", "a + b;\n}"}}},
                           {"finish_reason", "stop"}}}},
                        {"content", "a + b;\n}"},
                        {"stop", true}};
    bench.http.last().answer(200, "data: " + piece.dump() + "\n\ndata: [DONE]\n\n", event_stream());
    CHECK(asked->text() == "a + b;");
}

TEST_CASE("a fill route that is refused gives way to chat, and stays away") {
    struct Row {
        int status;
        std::string body;
    };
    const auto row =
        GENERATE(Row{404, "not found"}, Row{405, ""}, Row{400, refusal("suffix is not supported")},
                 Row{501, refusal("not implemented")}, Row{500, refusal("Unsupported param: suffix")},
                 Row{200, "<html>welcome</html>"});
    CAPTURE(row.status, row.body);
    EngineBench bench;
    bench.work.infill = "fim-completions";
    bench.provide(bench.work);
    const auto asked = bench.ask(kFile);
    bench.http.last().answer(row.status, row.body);
    bench.clock.settle();
    REQUIRE(bench.http.count() == 2);
    CHECK(bench.http.last().request.url == "https://gateway.example/v1/chat/completions");
    CHECK(bench.engine.in_flight() == 1);
    bench.answer("a + b;");
    CHECK(asked->text() == "a + b;");
    CHECK_THAT(bench.steps(), ContainsSubstring("fim-completions was refused"));

    const auto next = bench.ask("int y = |;\n");
    REQUIRE(bench.http.count() == 3);
    CHECK(bench.http.last().request.url == "https://gateway.example/v1/chat/completions");
}

TEST_CASE("another failure of a fill route is a failure") {
    const auto [status, kind] = GENERATE(table<int, ErrorKind>({{401, ErrorKind::unauthorized},
                                                                {402, ErrorKind::insufficient_balance},
                                                                {429, ErrorKind::rate_limited},
                                                                {503, ErrorKind::upstream_unavailable}}));
    EngineBench bench;
    bench.work.infill = "fim-completions";
    bench.work.retry_attempts = 0;
    bench.provide(bench.work);
    const auto asked = bench.ask(kFile);
    bench.http.last().answer(status, refusal("no"));
    bench.clock.settle();
    REQUIRE(asked->answered());
    REQUIRE(asked->result().failure);
    CHECK(asked->result().failure->kind == kind);
    CHECK(asked->result().items.empty());
    CHECK(bench.gateway.fill_route(*bench.settings.resolve(config::Role::completion)) == "fim-completions");
}

TEST_CASE("a stream that breaks is a failure, whatever it had said") {
    EngineBench bench;
    auto asked = bench.ask(EngineBench::typed(kFile));
    bench.clock.advance(Milliseconds{75});
    bench.say({"a +"});
    bench.http.last().fail(http::Failure::What::reset);
    bench.clock.settle();
    CHECK(asked->result().items.empty());
    REQUIRE(asked->result().failure);
    CHECK(asked->result().failure->kind == ErrorKind::network);
    CHECK(bench.trail().at(0).outcome == Outcome::failed);
    CHECK(bench.engine.in_flight() == 0);
}

TEST_CASE("while the gateway asked for a pause nothing is sent for mere typing") {
    EngineBench bench;
    bench.work.retry_attempts = 0;
    bench.provide(bench.work);
    const auto first = bench.ask(EngineBench::typed(kFile));
    bench.clock.advance(Milliseconds{75});
    bench.http.last().answer(429, refusal("slow down"), {{"Retry-After", "20"}});
    CHECK(first->result().failure);
    const auto second = bench.ask(EngineBench::typed(kFile));
    bench.clock.advance(Milliseconds{75});
    CHECK(second->result().items.empty());
    CHECK_FALSE(second->result().failure);
    CHECK(bench.http.count() == 1);
    CHECK_THAT(bench.steps(), ContainsSubstring("limit: "));
}

TEST_CASE("a suggestion over a selected entry begins with it and covers what is typed") {
    EngineBench bench;
    auto request = EngineBench::request("int f() {\n    retu|\n}\n");
    request.selected = {.begin = 14, .text = "return"};
    const auto asked = bench.ask(std::move(request));
    bench.clock.settle();
    CHECK_THAT(bench.http.last().request.body, ContainsSubstring("return<CURSOR/>"));
    bench.answer(GENERATE(" 1;", "return 1;"));
    CHECK(asked->text() == "return 1;");
    CHECK(asked->result().items.at(0).begin == 14);
}

TEST_CASE("a selected entry alone is no suggestion, nor one that begins on another line") {
    EngineBench bench;
    auto request = EngineBench::request("int f() {\n    retu|\n}\n");
    const bool alone = GENERATE(true, false);
    request.selected = alone ? completion::InlineRequest::Selected{.begin = 14, .text = "return"}
                             : completion::InlineRequest::Selected{.begin = 9, .text = "\n    return"};
    const auto asked = bench.ask(std::move(request));
    bench.clock.settle();
    if (alone) bench.answer("");
    CHECK(asked->result().items.empty());
    CHECK(bench.http.count() == (alone ? 1U : 0U));
}

TEST_CASE("how many lines are shown follows the setting") {
    struct Row {
        std::string setting, file, shown;
    };
    const auto row = GENERATE(Row{"auto", "{\n    |\n", "g();\n    h();"}, Row{"never", "{\n    |\n", "g();"},
                              Row{"auto", "f(|x)", "g();"}, Row{"always", "f(| x)", "g();\n    h();"});
    EngineBench bench;
    bench.settings.completion.multiline = row.setting;
    const auto asked = bench.ask(row.file);
    bench.http.last().answer(200, whole("g();\n    h();"), event_stream());
    CHECK(asked->text() == row.shown);
}

TEST_CASE("a model that only reasons is named unsuitable") {
    EngineBench bench;
    const auto asked = bench.ask(kFile);
    bench.http.last().answer(
        200,
        "data: " + Json{{"choices", {{{"index", 0}, {"delta", {{"reasoning_content", "Hm"}}}}}}}.dump() +
            "\n\n" + test::finish("length") + kDone,
        event_stream());
    CHECK(asked->result().items.empty());
    CHECK_FALSE(asked->result().failure);
    CHECK_THAT(bench.steps(), ContainsSubstring("unsuitable"));
}

TEST_CASE("an answer that reached the token limit loses its half line") {
    EngineBench bench;
    const auto asked = bench.ask("void f() {\n    |\n}\n");
    bench.http.last().answer(200, chunk("g();\n    h(") + test::finish("length") + kDone, event_stream());
    CHECK(asked->text() == "g();");
}

TEST_CASE("what the gateway had to adapt is in the trail") {
    EngineBench bench;
    const auto asked = bench.ask(kFile);
    bench.http.last().answer(
        400, refusal("Unsupported parameter: 'temperature'", "unsupported_parameter", "temperature"));
    bench.clock.settle();
    REQUIRE(bench.http.count() == 2);
    bench.answer("a + b;");
    CHECK(asked->text() == "a + b;");
    CHECK_THAT(bench.steps(), ContainsSubstring("upstream: ") && ContainsSubstring("temperature"));
}

TEST_CASE("hostile answers and odd files give an answer, and one only") {
    EngineBench bench;
    auto request = EngineBench::request("\xef\xbf\xbd|\r\n\xf0\x9f\x90\x89");
    request.relative_path = "a\xff\nb.cpp";
    request.offset = GENERATE(0U, 3U, 4U, 7U, 1000U);
    const auto asked = bench.ask(std::move(request));
    bench.clock.settle();
    REQUIRE(bench.http.count() == 1);
    const std::string answer = GENERATE(
        std::string{}, std::string{"data: [DONE]\n\n"}, std::string{"data: {\n\n"},
        std::string{"\xff\xfe\x00", 3},
        std::string{
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\xed\xa0\x80```\\r\\n\"}}]}\n\n"} +
            kDone,
        chunk(std::string(200'000, '}')) + kDone,
        std::string{"data: {\"choices\":[{\"index\":-7,\"delta\":{\"content\":[[[1]]]}}]}\n\n"},
        std::string{"data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}\n\n"} + kDone);
    bench.http.last().head(200, event_stream());
    for (std::size_t at = 0; at < answer.size() && !bench.http.last().closed(); at += 1000) {
        bench.http.last().bytes(std::string_view{answer}.substr(at, 1000));
    }
    if (!bench.http.last().closed() && !bench.http.last().over()) bench.http.last().end();
    bench.clock.advance(std::chrono::minutes{5});
    CHECK(asked->results.size() == 1);
    CHECK(bench.engine.in_flight() == 0);
}

TEST_CASE("a prompt that is too long for the model is asked again with less, and that is remembered") {
    EngineBench bench;
    std::string file;
    for (int i = 0; i < 1000; ++i)
        file += "int value_" + std::to_string(i) + " = " + std::to_string(i) + ";\n";
    const auto asked = bench.ask(file + "int last = |\n");
    const std::size_t first = bench.http.last().request.body.size();
    bench.http.last().answer(
        400, refusal("This model's maximum context length is 4096 tokens.", "context_length_exceeded"));
    bench.clock.settle();
    REQUIRE(bench.http.count() == 2);
    CHECK(bench.http.last().request.body.size() < first / 3 * 2);
    bench.answer("value_1;");
    CHECK(asked->text() == "value_1;");
    CHECK_THAT(bench.steps(), ContainsSubstring("too long"));
    bench.ask(file + "int other = |\n");
    CHECK(bench.http.last().request.body.size() < first / 3 * 2);
}

TEST_CASE("a model with a small context sees less from the beginning") {
    EngineBench bench;
    bench.work.models["m"] = {.id = "m", .context_length = 2048};
    bench.provide(bench.work);
    bench.ask(std::string(20'000, 'a') + "\nint x = |\n");
    CHECK(bench.http.last().request.body.size() < 9'000);
}
