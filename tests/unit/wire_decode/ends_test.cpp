#include <catch2/catch_all.hpp>

#include "vectors.h"

using namespace dragoman::wire;
using namespace dragoman::wire::test;

namespace {

const std::string kDoneLine{kDone};
const std::string kBoom = R"({"error":{"message":"boom","type":"server_error","code":500}})";
constexpr const char* kBoomed = "Failed(upstreamUnavailable,500,500,boom,retry)";

const dragoman::Error& error_of(const Events& events) { return std::get<Failed>(events.back()).error; }

}  // namespace

TEST_CASE("an answer that is finished is done; one that is not is truncated, whatever the server says") {
    check_all({
        {"E01", ev(T("a")) + ev(F("stop")), "Text(a) Finish(stop) Done"},
        {"E02", ev(T("a")) + kDoneLine, "Text(a) Truncated"},
        {"E04", ev(T("a")), "Text(a) Truncated", {}, 200, {}, Decoder::End::cut},
        {"cut after the finish",
         ev(T("a")) + ev(F("stop")),
         "Text(a) Finish(stop) Done",
         {},
         200,
         {},
         Decoder::End::cut},
        {"E05", "", "Failed(badResponse,200,,,retry)"},
        {"cut before the first byte", "", "Truncated", {}, 200, {}, Decoder::End::cut},
        {"cut before the first byte of a refusal",
         "",
         "Failed(rateLimited,429,,,retry)",
         {},
         429,
         {},
         Decoder::End::cut},
        {"blank lines alone", "\r\n\n  \n", "Failed(badResponse,200,,,retry)"},
        {"comments alone", ": ping\n\n: ping\n\n", "Truncated"},
        {"[DONE] alone", kDoneLine, "Truncated"},
        {"events of another API", ev(R"({"hello":"world"})") + kDoneLine,
         "Failed(badResponse,200,,) !unknown-object"},
        {"values that are no objects", "data: 1\n\ndata: null\n\n",
         "Failed(badResponse,200,,) !not-an-object"},
        {"events of another API, cut inside one", ev(R"({"hello":"world"})") + "data: {\"hel",
         "Truncated !unknown-object"},
        {"a strange event before an answer that breaks off", ev(R"({"hello":"world"})") + ev(R()),
         "Truncated !unknown-object"},
        {"E07", ev(T("a")) + ev(F("stop")) + kDoneLine + kDoneLine + "junk\xFF\n<html></html>",
         "Text(a) Finish(stop) Done"},
        {"E10",
         ev(chunk(R"({"content":"a"})", "\"\"")) + ev(chunk(R"({"content":"b"})", "\"null\"")) +
             ev(F("length")) + kDoneLine,
         "Text(ab) Finish(length) Done"},
        {"E11", ev(T("a")) + ev(F("stop")) + ev(F("stop")) + kDoneLine, "Text(a) Finish(stop) Done"},
        {"the first reason counts", ev(T("a")) + ev(F("length")) + ev(F("stop")) + kDoneLine,
         "Text(a) Finish(length) Done"},
        {"text after the reason",
         ev(chunk(R"({"content":"a"})", "\"stop\"")) + ev(chunk(R"({"content":"b"})", "\"stop\"")) +
             kDoneLine,
         "Text(ab) Finish(stop) Done"},
        {"E13", ev(T("a")) + ev(F("content_filter")) + kDoneLine, "Text(a) Finish(content_filter) Done"},
        {"E14", ev(T("a")) + "data: [DONE]xyz\n\n" + ev(T("b")) + ev(F("stop")),
         "Text(ab) Finish(stop) Done !bad-done"},
        {"blanks around the marker", ev(T("a")) + ev(F("stop")) + "data:  [DONE] \n\n",
         "Text(a) Finish(stop) Done"},
        {"one of two choices came",
         ev(T("a")) + ev(F("stop")) + kDoneLine,
         "Text(a) Finish(stop) Done",
         {.choices = 2}},
        {"one of two is unfinished",
         ev(T("a")) + ev(R"({"choices":[{"index":1,"delta":{"content":"b"}}]})") + ev(F("stop")) + kDoneLine,
         "Text(a) Text(1,b) Truncated",
         {.choices = 2}},
        {"usage of a broken answer", ev(T("a")) + ev(U(3, 2)), "Text(a) Usage(3,2) Truncated"},
    });
    for (const auto& [name, shown] :
         std::vector<std::pair<std::string, std::string>>{{"eos_token", "stop"},
                                                          {"end_turn", "stop"},
                                                          {"STOP", "stop"},
                                                          {"stop_sequence", "stop"},
                                                          {"max_tokens", "length"},
                                                          {"model_length", "length"},
                                                          {"MAX_TOKENS", "length"},
                                                          {"SAFETY", "content_filter"},
                                                          {"RECITATION", "content_filter"},
                                                          {"load", "other"}}) {
        check({name, ev(T("a")) + ev(F(name)) + kDoneLine, "Text(a) Finish(" + shown + ") Done"});
    }
    for (const std::string name : {"insufficient_system_resource", "abort", "error"}) {
        check({name, ev(T("a")) + ev(F(name)) + kDoneLine,
               "Text(a) Failed(upstreamUnavailable,200," + name + ",,retry)"});
    }
}

TEST_CASE("[DONE] ends at once; a finish is told before it, for the caller's grace") {
    Decoder decoder{{}};
    Events events;
    decoder.feed(ev(T("a")), events);
    CHECK_FALSE(decoder.finished());
    decoder.feed(ev(F("stop")), events);
    CHECK(decoder.finished());
    CHECK_FALSE(decoder.ended());
    decoder.feed("data: [DONE]\n", events);
    CHECK_FALSE(decoder.ended());
    decoder.feed("\n", events);
    CHECK(decoder.ended());
    CHECK(show(events) == "Text(a) Finish(stop) Done");

    Decoder patient{{}};
    Events late;
    patient.feed(ev(T("a")) + ev(F("stop")), late);
    patient.end(Decoder::End::limit, late);
    CHECK(show(late) == "Text(a) Finish(stop) Done");
}

TEST_CASE("a decoder that was moved goes on") {
    Events events;
    Decoder first{{}};
    first.feed(ev(T("a")).substr(0, 20), events);
    Decoder second = std::move(first);
    second.feed(ev(T("a")).substr(20) + ev(F("stop")), events);
    second.end(Decoder::End::complete, events);
    CHECK(show(events) == "Text(a) Finish(stop) Done");
}

TEST_CASE("errors inside a stream end it once, with the gateway's words") {
    const std::string open_router =
        R"({"error":{"code":502,"message":"Provider lost"},"choices":[{"delta":{"content":""},"finish_reason":"error"}]})";
    check_all({
        {"F01", ev(kBoom), kBoomed},
        {"F02", ev(T("a")) + ev(kBoom) + kDoneLine, "Text(a) " + std::string{kBoomed}},
        {"F04",
         R"(error: {"code":500,"message":"boom","type":"server_error"})"
         "\n\n" +
             kDoneLine,
         kBoomed},
        {"an error line with all of it", "error: " + kBoom + "\n\n", kBoomed},
        {"F05",
         "event: error\ndata: "
         "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n",
         "Failed(upstreamUnavailable,200,overloaded_error,Overloaded,retry)"},
        {"an error event with flat data", "event: error\ndata: {\"message\":\"boom\",\"code\":500}\n\n",
         kBoomed},
        {"F07", ev(R"({"error":"text"})"), "Failed(upstreamUnavailable,200,,text,retry)"},
        {"F08", ev(R"({"object":"error","message":"no","code":400})"), "Failed(badRequest,400,400,no)"},
        {"F10", ev(T("a")) + ev(open_router) + kDoneLine,
         "Text(a) Failed(upstreamUnavailable,502,502,Provider lost,retry)"},
        {"F11", ": PING\n\n: PING\n\n: PING\n\n" + kBoom, std::string{kBoomed} + " !unknown-line"},
        {"F11 over lines",
         ": PING\n\n{\n  \"error\": {\n    \"message\": \"boom\",\n    \"code\": 500\n  }\n}\n" + kDoneLine,
         std::string{kBoomed} + " !unknown-line"},
        {"F13",
         R"({"error":{"message":"first"}}{"error":{"message":"second"}})",
         "Failed(rateLimited,429,,first,retry)",
         {},
         429},
        {"F14", "", "Failed(rateLimited,429,,,retry)", {}, 429},
        {"F16", "<!DOCTYPE html><html><head><title>Sign in</title></head></html>",
         "Failed(badResponse,200,,Sign in)"},
        {"F17",
         "<!DOCTYPE html><title>Just a moment...</title>",
         "Failed(forbidden,403,,Just a moment...)",
         {},
         403},
        {"F19", R"({"detail":"Not Found"})", "Failed(badResponse,200,,Not Found)"},
        {"F20",
         R"({"detail":[{"loc":["body","seed"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]})",
         "Failed(badRequest,422,extra_forbidden,seed: Extra inputs are not permitted)",
         {},
         422},
        {"a stream of a refusal",
         ev(R"({"error":"slow down"})"),
         "Failed(rateLimited,429,,slow down,retry)",
         {},
         429},
        {"an error after the text was held", ev(T("<thi")) + ev(kBoom), "Text(<thi) " + std::string{kBoomed}},
        {"plain words in place of a stream", "upstream connect error",
         "Failed(badResponse,200,,upstream connect error) !unknown-line"},
    });
    CHECK(error_of(decode({"F20", R"({"detail":[{"loc":["body","seed"],"msg":"m"}]})", "", {}, 422}, {}))
              .param == "seed");
    const auto page = error_of(decode({"F16", "<html><title>Sign in</title>", ""}, {}));
    CHECK(page.message.find("Sign in") != std::string::npos);
    CHECK(page.hint.find("baseUrl") != std::string::npos);
    CHECK(!error_of(decode({"F17", "<html><title>Just a moment...</title>", "", {}, 403}, {})).hint.empty());
}

TEST_CASE("an error message of any size or type is shown as a short text") {
    const std::string megabyte(1U << 20U, 'x');
    for (const auto& message :
         {json_text(megabyte), std::string{"{\"a\":[1]}"}, std::string{"7"}, std::string{"null"}}) {
        for (const int status : {200, 500}) {
            const std::string body = "{\"error\":{\"message\":" + message + ",\"code\":500}}";
            const auto error =
                error_of(decode({"F22, F23", status == 200 ? ev(body) : body, "", {}, status}, {1, 2, 3}));
            CHECK(error.kind == dragoman::ErrorKind::upstream_unavailable);
            CHECK(error.message.size() <= 300);
            CHECK(!error.message.empty());
        }
    }
}

TEST_CASE("the body is read as what it is, not as what its label says") {
    const std::string whole =
        R"({"id":"c","model":"m","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"a\"}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}})";
    const std::string answer = R"(Start(c,m) Text(a"}) Finish(stop) Usage(3,2) Done)";
    const auto kComplete = Decoder::End::complete;
    check_all({
        {"G01", whole, answer, {}, 200, {{"content-type", "application/json"}}, kComplete, true},
        {"G02", "\n\n  \r\n" + whole, answer, {}, 200, {}, kComplete, true},
        {"G04", "{\"success\":true,\"data\":" + whole + "}", answer, {}, 200, {}, kComplete, true},
        {"G05",
         ev(R()) + ev(T("a")) + ev(F("stop")) + kDoneLine,
         "Text(a) Finish(stop) Done",
         {},
         200,
         {{"content-type", "application/json"}}},
        {"a marker after the JSON", whole + "\ndata: [DONE]\n\n", answer, {}, 200, {}, kComplete, true},
        {"G13", ev(T("a")) + ev(F("stop")), "Text(a) Finish(stop) Done", {}, 200, {{"retry-after", "7"}}},
        {"G16", "\xEF\xBB\xBF" + whole, answer, {}, 200, {}, kComplete, true},
        {"G17, whole by HTTP's count", whole.substr(0, 100), "Failed(network,200,,,retry)"},
        {"G17, cut", whole.substr(0, 100), "Truncated", {}, 200, {}, Decoder::End::cut},
        {"no finish reason", R"({"choices":[{"message":{"content":"a"},"finish_reason":null}]})",
         "Text(a) Finish(stop) Done"},
        {"a lone chunk is no whole answer", T("a"), "Text(a) Truncated"},
        {"tool calls without indexes",
         R"({"choices":[{"message":{"content":null,"tool_calls":[{"id":"c1","function":{"name":"f","arguments":""}},{"id":"c2","function":{"name":"f","arguments":{}}}]}}]})",
         "ToolOpen(0,c1,f) ToolOpen(1,c2,f) ToolArgs(1,{}) ToolArgs(0,{}) ToolEnd(0) ToolEnd(1) "
         "Finish(tool_calls) Done"},
        {"no choices", R"({"id":"c","choices":[]})",
         "Failed(badResponse,200,,{\"choices\":[],\"id\":\"c\"})"},
        {"other JSON", R"({"status":"ok"})", "Failed(badResponse,200,,{\"status\":\"ok\"}) !unknown-object"},
        {"an error in an array",
         R"([{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}])",
         "Failed(rateLimited,429,429,slow down,retry)"},
        {"success false", R"({"success":false,"message":"no such user"})",
         "Failed(upstreamUnavailable,200,,no such user,retry)"},
        {"brackets without JSON", "[info] started\n", "Failed(badResponse,200,,[info])"},
        {"the marker alone", "[DONE]", "Truncated"},
    });
    for (const std::string magic : {"\x1F\x8B\x08\x01", "\x28\xB5\x2F\xFD\x01"}) {
        check({"G08", magic + "rest", "Failed(badResponse,200,,)"});
        CHECK(error_of(decode({"G08", magic, ""}, {1})).hint.find("ompression") != std::string::npos);
    }
    check({"half a magic number", "\x1F", "Failed(badResponse,200,,)"});
}

TEST_CASE("a stream of comments is read for hours without an end and without an event") {
    Decoder decoder{{}};
    Events events;
    for (int i = 0; i < 100'000; ++i) decoder.feed(": keep-alive\n\n", events);
    CHECK(events.empty());
    decoder.feed(ev(T("a")) + ev(F("stop")) + kDoneLine, events);
    CHECK(show(events) == "Text(a) Finish(stop) Done");
}

TEST_CASE("lines that are no stream end the reading when they do not end") {
    Decoder decoder{{}};
    Events events;
    int lines = 0;
    for (; lines < 10'000 && !decoder.ended(); ++lines) decoder.feed("just another line of a log\n", events);
    CHECK(lines < 3'000);
    CHECK(show(events).starts_with("Failed(badResponse,200,,just another line"));
}

TEST_CASE("an answer whose parts have the wrong types is no empty success") {
    const auto message = [](std::string_view content, std::string_view finish = "\"stop\"") {
        return R"({"choices":[{"message":{"role":"assistant","content":)" + std::string{content} +
               R"(},"finish_reason":)" + std::string{finish} + "}]}";
    };
    const std::string bad = "Failed(badResponse,200,,)", done = "Finish(stop) Done";
    check_all({
        {"an object", message(R"({"answer":"a"})"), bad},
        {"a number", message("7"), bad},
        {"a boolean", message("true"), bad},
        {"one part without its list", message(R"({"type":"text","text":"a"})"), "Text(a) " + done},
        {"a list of parts", message(R"([{"type":"text","text":"a"}])"), "Text(a) " + done},
        {"nothing", message("null"), done},
        {"a number as reason", message("null", "1"), bad},
        {"an object as reason", message("\"\"", R"({"type":"stop"})"), bad},
        {"a number as reason after a text", message("\"a\"", "1"),
         "Text(a) Finish(other) Done !bad-finish-reason"},
        {"a number as reason of a call",
         R"({"choices":[{"message":{"content":null,"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},"finish_reason":2}]})",
         "ToolOpen(0,c,f) ToolArgs(0,{}) ToolEnd(0) Finish(tool_calls) Done !bad-finish-reason"},
        {"a legacy text that is an object", R"({"choices":[{"text":{"x":1},"finish_reason":"stop"}]})", bad},
        {"in a stream", ev(chunk(R"({"content":{"answer":"a"}})")) + ev(F("stop")), bad},
        {"in a stream that has said something", ev(T("a")) + ev(chunk(R"({"content":7})")) + ev(F("stop")),
         "Text(a) " + done + " !bad-content"},
        {"an empty object in a stream", ev(chunk(R"({"content":{}})")) + ev(T("a")) + ev(F("stop")),
         "Text(a) " + done + " !bad-content"},
        {"a number as reason in a stream", ev(T("a")) + ev(chunk("{}", "0")),
         "Text(a) Finish(other) Done !bad-finish-reason"},
        {"a number as reason of an empty stream", ev(chunk("{}", "0")), bad},
    });
}

TEST_CASE("tokens that came from a cache are counted in every dialect") {
    const auto chat = [](std::string_view usage, std::string_view beside = "") {
        return R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":30,)"
               R"("completion_tokens":2)" +
               std::string{usage} + "}" + std::string{beside} + "}";
    };
    const auto seen = [](const std::string& counts) {
        return "Text(a) Finish(stop) Usage(30,2" + counts + ") Done";
    };
    const std::string cached = seen(",cached 20"), unknown = seen("");
    const auto native = [](std::string_view beside) {
        return R"({"content":"a","stop":true,"stop_type":"eos","tokens_evaluated":30,"tokens_predicted":2)" +
               std::string{beside} + "}";
    };
    check_all({
        {"Chat Completions", chat(R"(,"prompt_tokens_details":{"cached_tokens":20})"), cached},
        {"DeepSeek", chat(R"(,"prompt_cache_hit_tokens":20,"prompt_cache_miss_tokens":10)"), cached},
        {"Moonshot", chat(R"(,"cached_tokens":20)"), cached},
        {"an adapter of Anthropic's",
         chat(R"(,"cache_read_input_tokens":20,"cache_creation_input_tokens":3)"), cached},
        {"details that are null", chat(R"(,"prompt_tokens_details":null,"cached_tokens":20)"), cached},
        {"llama.cpp", chat("", R"(,"timings":{"cache_n":20,"prompt_n":10})"), cached},
        {"llama.cpp before cache_n", chat("", R"(,"timings":{"prompt_n":10})"), cached},
        {"usage outranks timings",
         chat(R"(,"prompt_tokens_details":{"cached_tokens":20})", R"(,"timings":{"cache_n":3})"), cached},
        {"nothing said", chat(""), unknown},
        {"nonsense", chat(R"(,"cached_tokens":"many")", R"(,"timings":{"cache_n":-1})"), unknown},
        {"more than there were", chat("", R"(,"timings":{"prompt_n":99})"), unknown},
        {"native", native(R"(,"tokens_cached":31,"timings":{"cache_n":20,"prompt_n":10})"), cached},
        {"native before cache_n", native(R"(,"tokens_cached":31,"timings":{"prompt_n":10})"), cached},
        {"native without timings", native(R"(,"tokens_cached":31)"), unknown},
        {"Responses",
         R"({"object":"response","status":"completed","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a"}]}],"usage":{"input_tokens":30,"output_tokens":2,"input_tokens_details":{"cached_tokens":20}}})",
         cached},
    });
}
