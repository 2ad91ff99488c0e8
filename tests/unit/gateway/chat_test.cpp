// One request, one answer: what is sent, and how each way an answer can go is told.

#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using What = http::Failure::What;

TEST_CASE("a chat answer arrives in pieces and ends once, with usage and timings") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    REQUIRE(bench.http.count() == 1);
    bench.clock.advance(Milliseconds{100});
    bench.http.last().head(200, event_stream());
    bench.clock.advance(Milliseconds{50});
    bench.http.last().bytes(chunk("Hel") + chunk("lo"));
    bench.clock.advance(Milliseconds{50});
    bench.http.last().bytes(finish() + usage(7, 2) + kDone);

    CHECK(heard.lines == Lines{"began work/m", "text Hel", "text lo", "completed stop"});
    const auto& end = heard.last<gateway::Completed>();
    CHECK(end.model == "work/m");
    CHECK(end.route == "chat");
    REQUIRE(end.usage);
    CHECK(end.usage->input == 7);
    CHECK(end.usage->output == 2);
    CHECK(end.first_byte.count() == 100);
    CHECK(end.first_text.count() == 150);
    CHECK(end.total.count() == 200);
}

TEST_CASE("of several choices the first is the answer") {
    Bench bench;
    Heard heard;
    auto question = bench.question();
    question.extra_body = {{"n", 2}};
    const auto call = bench.ask(heard, std::move(question));
    const auto piece = [](int choice, const char* text) {
        const Json delta{{"content", text}};
        return "data: " + Json{{"choices", {{{"index", choice}, {"delta", delta}}}}}.dump() + "\n\n";
    };
    bench.http.last().head(200, event_stream());
    bench.http.last().bytes(piece(1, "no") + piece(0, "yes"));
    bench.http.last().fail(What::reset);
    CHECK(heard.lines == Lines{"began work/m", "text yes", "failed network"});
    CHECK(heard.error().partial_text == "yes");
}

TEST_CASE("the responses API is asked where it is configured") {
    Bench bench;
    bench.work.api = config::Api::responses;
    Heard heard;
    const auto call = bench.ask(heard);
    CHECK(bench.http.last().request.url == "https://gateway.example/v1/responses");
    bench.http.last().answer(200, response("Hello"), event_stream());
    CHECK(heard.lines == Lines{"began work/m", "text Hello", "completed stop"});
    CHECK(heard.last<gateway::Completed>().route == "responses");
    REQUIRE(heard.last<gateway::Completed>().usage);
    CHECK(heard.last<gateway::Completed>().usage->input == 3);
    CHECK(heard.last<gateway::Completed>().usage->output == 2);
}

TEST_CASE("a request carries the provider's settings") {
    Bench bench;
    bench.work.headers = {{"X-Team", "editor"}};
    bench.work.user_agent = "mine/1";
    bench.work.proxy = "";
    bench.work.ca_file = "ca.pem";
    bench.work.http2 = true;
    bench.work.timeouts = {.connect = 1, .first_byte = 2, .idle = 3, .total = 4};
    Heard heard;
    auto question = bench.question();
    question.policy.first_byte = Milliseconds{20};
    question.policy.total = Milliseconds{40};
    const auto call = bench.ask(heard, std::move(question));

    const auto& sent = bench.http.last();
    CHECK(sent.request.method == "POST");
    CHECK(sent.request.url == "https://gateway.example/v1/chat/completions");
    CHECK(*sent.header("Authorization") == "Bearer sk-live-0123456789abcdef");
    CHECK(*sent.header("Content-Type") == "application/json");
    CHECK(*sent.header("Accept") == "text/event-stream, application/json");
    CHECK(*sent.header("X-Team") == "editor");
    CHECK(sent.request.user_agent == "mine/1");
    CHECK(sent.request.proxy == "");
    CHECK(sent.request.ca_file == "ca.pem");
    CHECK(sent.request.http2);
    CHECK(sent.request.timeouts ==
          http::Timeouts{Milliseconds{1}, Milliseconds{20}, Milliseconds{3}, Milliseconds{40}});
    CHECK(bench.body(0)["model"] == "m");
    CHECK(bench.body(0)["stream"] == true);
}

TEST_CASE("a provider's header never takes the place of its key, and may name the user agent") {
    Bench bench;
    bench.work.headers = {{"authorization", "Bearer other"}, {"user-agent", "named/2"}, {"accept", "x/y"}};
    Heard heard;
    const auto call = bench.ask(heard);
    CHECK(*bench.http.last().header("Authorization") == "Bearer sk-live-0123456789abcdef");
    CHECK(*bench.http.last().header("Accept") == "x/y");
    CHECK(bench.http.last().request.user_agent == "named/2");
    int authorizations = 0;
    for (const auto& [name, value] : bench.http.last().request.headers) {
        authorizations += value.find("Bearer") != std::string::npos ? 1 : 0;
    }
    CHECK(authorizations == 1);
}

TEST_CASE("every request names a user agent") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    CHECK(bench.http.last().request.user_agent.starts_with("dragoman/"));
}

TEST_CASE("without a key source no key is sent") {
    Bench bench;
    bench.work.key = {};
    bench.work.base_url = "http://127.0.0.1:8080";
    Heard heard;
    const auto call = bench.ask(heard);
    CHECK(bench.http.last().request.url == "http://127.0.0.1:8080/v1/chat/completions");
    CHECK(bench.http.last().header("Authorization") == nullptr);
}

TEST_CASE("parameters of one's own lie over the body: provider, model, role, the later wins") {
    Bench bench;
    bench.work.extra_body = {{"a", 1}, {"b", 1}, {"c", 1}, {"n", {{"x", 1}, {"y", 1}}}};
    auto question = bench.question();
    question.chain.front().provider = std::make_shared<config::Provider>(bench.work);
    question.chain.front().model.extra_body = {{"b", 2}, {"c", 2}, {"n", {{"y", 2}}}};
    question.extra_body = {{"c", 3}, {"stream_options", nullptr}};
    Heard heard;
    const auto call = bench.ask(heard, std::move(question));
    const Json body = bench.body(0);
    CHECK(body["a"] == 1);
    CHECK(body["b"] == 2);
    CHECK(body["c"] == 3);
    CHECK(body["n"] == Json{{"x", 1}, {"y", 2}});
    CHECK_FALSE(body.contains("stream_options"));
}

TEST_CASE("plain http to another machine is refused before anything is sent") {
    Bench bench;
    bench.work.base_url = "http://gateway.example/v1";
    Heard heard;
    auto call = bench.ask(heard);
    CHECK(heard.lines == Lines{"began work/m", "failed notConfigured"});
    CHECK(heard.error().hint.find("allowHttp") != std::string::npos);
    CHECK(bench.http.count() == 0);

    bench.work.allow_http = true;
    Heard allowed;
    call = bench.ask(allowed);
    CHECK(bench.http.count() == 1);
}

TEST_CASE("a base URL that is none is told with the setting to correct") {
    Bench bench;
    bench.work.base_url =
        GENERATE(as<std::string>{}, "", "gateway.example", "ftp://gateway.example", "https://");
    CAPTURE(bench.work.base_url);
    Heard heard;
    const auto call = bench.ask(heard);
    CHECK(heard.lines == Lines{"began work/m", "failed notConfigured"});
    CHECK(heard.error().hint.find("baseUrl") != std::string::npos);
    CHECK(bench.http.count() == 0);
}

TEST_CASE("no key is fetched for a request that cannot be sent") {
    Bench bench;
    bench.work.base_url = "http://gateway.example/v1";
    bench.work.key = {.kind = config::KeySource::Kind::command, .command = {"pass", "work"}};
    Heard heard;
    const auto call = bench.ask(heard);
    CHECK(heard.ended());
    CHECK(bench.runner.waiting.empty());
}

TEST_CASE("a missing key ends the call without a request") {
    Bench bench;
    bench.environment.clear();
    Heard heard;
    const auto call = bench.ask(heard);
    CHECK(heard.lines == Lines{"began work/m", "failed noKey"});
    CHECK(heard.error().provider == "work");
    CHECK(heard.error().model == "work/m");
    CHECK(bench.http.count() == 0);
}

TEST_CASE("the sink hears nothing from inside chat()") {
    Bench bench;
    bench.work.base_url = "";
    Heard heard;
    const auto call = bench.gateway.chat(bench.question(), heard.sink());
    CHECK(heard.lines.empty());
    bench.clock.settle();
    CHECK(heard.ended());
}

TEST_CASE("usage may follow the finish for two seconds, then the answer counts as whole") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    bench.http.last().head(200, event_stream());
    bench.http.last().bytes(chunk("Hi") + finish());
    bench.clock.advance(Milliseconds{1'999});
    CHECK_FALSE(heard.ended());
    SECTION("and it comes") {
        bench.http.last().bytes(usage(1, 1) + kDone);
        CHECK(heard.last<gateway::Completed>().usage.has_value());
    }
    SECTION("and it does not") {
        bench.clock.advance(Milliseconds{1});
        CHECK_FALSE(heard.last<gateway::Completed>().usage.has_value());
        CHECK(heard.lines == Lines{"began work/m", "text Hi", "completed stop"});
    }
    SECTION("and the connection breaks") {
        bench.http.last().fail(What::reset);
        CHECK(heard.lines == Lines{"began work/m", "text Hi", "completed stop"});
    }
    bench.clock.advance(Milliseconds{10'000});
    CHECK(heard.lines.size() == 3);
    CHECK(bench.http.open() == 0);
}

TEST_CASE("a response that ends after its answer leaves the connection usable") {
    Bench bench;
    Heard heard;
    auto call = bench.ask(heard);
    auto& exchange = bench.http.last();
    exchange.head(200, event_stream());
    exchange.bytes(whole("Hi"));
    REQUIRE(heard.ended());
    call.reset();
    CHECK_FALSE(exchange.closed());
    exchange.bytes(": more\n\n");
    exchange.end();
    CHECK(exchange.closed());
    CHECK(heard.lines.size() == 3);
}

TEST_CASE("a server that never closes is left 50 ms after the answer") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    auto& exchange = bench.http.last();
    exchange.head(200, event_stream());
    exchange.bytes(whole("Hi"));
    CHECK(heard.ended());
    bench.clock.advance(Milliseconds{49});
    CHECK_FALSE(exchange.closed());
    bench.clock.advance(Milliseconds{1});
    CHECK(exchange.closed());
}

TEST_CASE("a stream that breaks after text fails with the text, and is not repeated") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    bench.http.last().head(200, {{"Content-Type", "text/event-stream"}, {"x-request-id", "req-9"}});
    bench.http.last().bytes(chunk("Hel") + chunk("lo"));
    const auto [kind, end] = GENERATE(table<std::string, int>(
        {{"network", 0}, {"network", 1}, {"network", 2}, {"timeout", 3}, {"upstreamUnavailable", 4}}));
    CAPTURE(end);
    switch (end) {
        case 0: bench.http.last().end(); break;
        case 1: bench.http.last().fail(What::reset); break;
        case 2: bench.http.last().fail(What::short_body); break;
        case 3: bench.http.last().fail(What::idle_timeout); break;
        default:
            bench.http.last().bytes(
                "data: {\"error\":{\"message\":\"boom\",\"type\":\"server_error\",\"code\":500}}\n\n");
    }
    CHECK(heard.lines == Lines{"began work/m", "text Hel", "text lo", "failed " + kind});
    CHECK(heard.error().partial_text == "Hello");
    CHECK(heard.error().request_id == "req-9");
    CHECK(heard.error().model == "work/m");
    bench.clock.advance(Milliseconds{100'000});
    CHECK(bench.http.count() == 1);
    CHECK(bench.http.open() == 0);
}

TEST_CASE("an answer the filter took away wholly is a failure, one it cut is an answer") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    bench.http.last().head(200, event_stream());
    SECTION("wholly") {
        bench.http.last().bytes(finish("content_filter") + kDone);
        CHECK(heard.lines == Lines{"began work/m", "failed contentFiltered"});
    }
    SECTION("cut") {
        bench.http.last().bytes(chunk("Hi") + finish("content_filter") + kDone);
        CHECK(heard.lines == Lines{"began work/m", "text Hi", "completed content_filter"});
    }
}

TEST_CASE("an answer that says nothing is complete, with a note") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    bench.http.last().answer(200, finish() + kDone, event_stream());
    CHECK(heard.lines == Lines{"began work/m", "completed stop"});
    CHECK(heard.last<gateway::Completed>().notes == Lines{"empty answer"});
}

TEST_CASE("failures of HTTP are told with the setting that helps") {
    const auto [what, kind, setting] = GENERATE(
        table<What, std::string, std::string>({{What::bad_request, "notConfigured", "headers"},
                                               {What::resolve, "network", "proxy"},
                                               {What::connect, "network", "baseUrl"},
                                               {What::proxy, "network", "proxy"},
                                               {What::tls_handshake, "tls", "baseUrl"},
                                               {What::tls_certificate, "tls", "caFile"},
                                               {What::connect_timeout, "timeout", "timeouts.connectMs"},
                                               {What::first_byte_timeout, "timeout", "timeouts.firstByteMs"},
                                               {What::total_timeout, "timeout", "timeouts.totalMs"},
                                               {What::too_large, "badResponse", "baseUrl"},
                                               {What::protocol, "badResponse", "baseUrl"}}));
    Bench bench;
    bench.work.retry_attempts = 0;
    Heard heard;
    const auto call = bench.ask(heard);
    bench.http.last().fail(what, "details of the library");
    CHECK(heard.lines == Lines{"began work/m", "failed " + kind});
    CHECK(heard.error().hint.find(setting) != std::string::npos);
    CHECK(heard.error().hint.find("work") != std::string::npos);
    CHECK(heard.error().message.find("https://gateway.example") != std::string::npos);
    CHECK(heard.error().message.find("details of the library") != std::string::npos);
    CHECK(heard.error().provider == "work");
}

TEST_CASE("a limit of the request's own is told as such") {
    Bench bench;
    auto question = bench.question();
    question.policy = {.background = true, .first_byte = Milliseconds{900}, .total = Milliseconds{1'500}};
    Heard heard;
    const auto call = bench.ask(heard, std::move(question));
    const auto [what, limit] = GENERATE(
        table<What, std::string>({{What::first_byte_timeout, "900 ms"}, {What::total_timeout, "1500 ms"}}));
    bench.http.last().fail(what);
    CHECK(heard.error().message.find(limit) != std::string::npos);
    CHECK(heard.error().hint.find("completion.timeoutMs") != std::string::npos);
}

TEST_CASE("text that was held back when the connection broke is not lost") {
    Bench bench;
    auto question = bench.question();
    question.request.sampling.stop = {"END"};
    bench.work.api = config::Api::responses;
    question.chain = {bench.model()};
    Heard heard;
    const auto call = bench.ask(heard, std::move(question));
    bench.http.last().head(200, event_stream());
    bench.http.last().bytes("data: {\"type\":\"response.output_text.delta\",\"delta\":\"the EN\"}\n\n");
    bench.http.last().fail(What::reset);
    REQUIRE(heard.ended());
    CHECK(heard.error().kind == ErrorKind::network);
    CHECK(heard.error().partial_text == "the EN");
}

TEST_CASE("a redirect is an error that names where it leads, and is not followed") {
    Bench bench;
    Heard heard;
    const auto call = bench.ask(heard);
    bench.http.last().answer(307, "",
                             {{"Location", "https://other.example/v1/chat/completions?token=secret"}});
    CHECK(heard.lines == Lines{"began work/m", "failed badResponse"});
    CHECK(heard.error().message.find("other.example") != std::string::npos);
    CHECK(heard.error().message.find("secret") == std::string::npos);
    CHECK(bench.http.count() == 1);
}

TEST_CASE("a key that a gateway repeats is cut out of the error") {
    Bench bench;
    bench.environment["WORK_KEY"] = "plainwordskeyofthegateway";
    const std::string echoed = GENERATE("plainwordskeyofthegateway", "plainwordskeyoft***",
                                        "***yofthegateway", "cGxhaW53b3Jkc2tleW9mdGhlZ2F0ZXdheQ=");
    Heard heard;
    const auto call = bench.ask(heard);
    bench.http.last().answer(403, refusal("not for " + echoed + " here", "no " + echoed, echoed),
                             {{"x-request-id", echoed}});
    REQUIRE(heard.lines == Lines{"began work/m", "failed forbidden"});
    const auto& error = heard.error();
    for (const auto& text : {error.message, error.hint, error.upstream_message, error.upstream_code,
                             error.param, error.request_id}) {
        CAPTURE(text);
        CHECK(text.find("wordskey") == std::string::npos);
        CHECK(text.find("thegateway") == std::string::npos);
        CHECK(text.find("b3Jkc2tleW9mdGhl") == std::string::npos);
    }
}

TEST_CASE("warming opens the connection that requests will use, without key or body") {
    Bench bench;
    bench.gateway.warm(bench.work);
    REQUIRE(bench.http.warmed.size() == 1);
    CHECK(bench.http.warmed[0].url.starts_with("https://gateway.example/"));
    CHECK(http::find_header(bench.http.warmed[0].headers, "Authorization") == nullptr);
    CHECK(bench.http.count() == 0);

    bench.work.base_url = "http://gateway.example";
    bench.gateway.warm(bench.work);
    CHECK(bench.http.warmed.size() == 1);
}
