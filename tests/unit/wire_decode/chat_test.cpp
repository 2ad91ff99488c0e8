#include <catch2/catch_all.hpp>

#include "vectors.h"

using namespace dragoman::wire;
using namespace dragoman::wire::test;
using namespace std::string_literals;

namespace {

const std::string kEnd = ev(F("stop")) + std::string{kDone};
constexpr const char* kStopped = "Finish(stop) Done";

std::string text_then_stop(std::string_view text) { return "Text(" + std::string{text} + ") " + kStopped; }

/// One delta, then the end.
std::string delta(std::string_view json) { return ev(chunk(json)) + kEnd; }

}  // namespace

TEST_CASE("streams that strain the framing still give the chat answer") {
    const std::string bom = "\xEF\xBB\xBF";
    check_all({
        {"A04", "data:\n\n" + ev(T("a")) + kEnd, text_then_stop("a")},
        {"A10", "data: " + T("a") + "\r\rdata: " + F("stop") + "\r\r", text_then_stop("a")},
        {"A22", "data:x\n", "Truncated"},
        {"A23", "data: " + T("a") + "\n", "Text(a) Truncated !unterminated"},
        {"A23 without any line end", "data: " + T("a"), "Text(a) Truncated !unterminated"},
        {"an unterminated finish", ev(T("a")) + "data: " + F("stop"), text_then_stop("a") + " !unterminated"},
        {"an unterminated [DONE]", ev(T("a")) + ev(F("stop")) + "data: [DONE]",
         text_then_stop("a") + " !unterminated"},
        {"A25", "data: " + T("a").substr(0, 30), "Truncated"},
        {"A26",
         ev(T("é")) + kEnd,
         text_then_stop("é"),
         {},
         200,
         {{"Content-Type", "text/event-stream; charset=windows-1252"}}},
        {"A28", delta(R"({"content":"\ud83d\ude00"})"), text_then_stop("😀")},
        {"A29", ev(chunk(R"({"content":"\ud83d"})")) + delta(R"({"content":"\ude00"})"),
         text_then_stop("��")},
        {"invalid UTF-8", delta("{\"content\":\"a\xFF\xE2\x82z\"}"),
         text_then_stop("a��z") + " !repaired-json"},
        {"A31", delta("{\"content\":\"a\u2028b\"}"), text_then_stop("a\u2028b")},
        {"A32", "data: " + T("a") + "\ndata: " + T("b") + "\n\n" + kEnd,
         text_then_stop("ab") + " !joined-data"},
        {"lines of one LF to the end",
         "data: " + T("a") + "\ndata: " + T("b") + "\ndata: " + F("stop") + "\ndata: [DONE]\n\n",
         text_then_stop("ab") + " !joined-data"},
        {"a line of noise before a chunk", "data: noise\ndata: " + T("a") + "\n\n" + kEnd,
         text_then_stop("a") + " !bad-json"},
        {"a chunk printed over lines",
         "data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"a\"}\ndata: }]}\n\n" + kEnd,
         text_then_stop("a")},
        {"A37", "data : " + T("x") + "\n\n" + ev(T("a")) + kEnd, text_then_stop("a") + " !unknown-line"},
        {"A38", std::string(10, '\n') + ev(T("a")) + kEnd, text_then_stop("a")},
        {"A40", ev(T("a")) + ev(F("stop")) + "[DONE]\n", text_then_stop("a")},
        {"BOM", bom + ev(T("a")) + kEnd, text_then_stop("a")},
        {"no blank after the colon", "data:" + T("a") + "\n\n" + kEnd, text_then_stop("a")},
        {"keep-alives",
         ": OPENROUTER PROCESSING\n\n: ping\n\n:\n\nevent: ping\ndata: {}\n\nevent: ping\ndata: "
         "{\"type\":\"ping\"}\n\nid: 1\nretry: 5\n" +
             ev(T("a")) + kEnd,
         text_then_stop("a")},
    });
}

TEST_CASE("an answer of one long line is decoded, one beyond every measure refused") {
    const std::string thought(5U << 20U, 't');
    Vector long_line{
        "A34",
        delta(R"({"reasoning_details":[{"type":"reasoning.text","text":)" + json_text(thought) + "}]}"), ""};
    std::vector<std::size_t> reads;
    for (std::size_t at = 16'384; at < long_line.bytes.size(); at += 16'384) reads.push_back(at);
    const std::string expected = "Reason(" + thought + ") Finish(stop) Done !no-answer";
    CHECK((show(decode(long_line, {})) == expected));
    CHECK((show(decode(long_line, reads)) == expected));
    CHECK((show(decode(long_line, {7, 3U << 20U})) == expected));

    const std::string megabyte(1U << 20U, 'x');
    Decoder decoder{{}};
    Events events;
    decoder.feed("data: ", events);
    std::size_t fed = 0;
    for (; fed < 64 && !decoder.ended(); ++fed) decoder.feed(megabyte, events);
    CHECK(fed == 32);
    CHECK(show(events) == "Failed(badResponse,200,,)");
}

TEST_CASE("chat chunks of every vendor give the same events") {
    const std::string filler =
        R"({"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0}]})";
    const std::string both = ev(R"({"choices":[{"index":0,"delta":{"content":"a"}}]})") +
                             ev(R"({"choices":[{"index":1,"delta":{"content":"x"}}]})") +
                             ev(R"({"choices":[{"index":1,"delta":{"content":"y"}}]})") +
                             ev(R"({"choices":[{"index":0,"delta":{"content":"b"}}]})") +
                             ev(R"({"choices":[{"index":1,"delta":{},"finish_reason":"length"}]})") +
                             ev(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})") +
                             ev(U(1, 4)) + std::string{kDone};
    const std::string with_usage = "Text(a) Finish(stop) Usage(3,2) Done";
    check_all({
        {"B01",
         ev(R()) + ev(T("Hel")) + ev(T("lo")) + ev(F("stop")) + ev(U(3, 2)) + std::string{kDone},
         "Start(c,m) Text(Hello) Finish(stop) Usage(3,2) Done",
         {},
         200,
         {},
         Decoder::End::complete,
         true},
        {"B02", ev(T("Hello")) + ev(T("!")) + kEnd, text_then_stop("Hello!")},
        {"B04", ev(chunk(R"({"role":null})")) + ev(chunk(R"({"role":""})")) + ev(T("a")) + kEnd,
         text_then_stop("a")},
        {"B05", ev(chunk(R"({"content":null})")) + ev(chunk("{}")) + ev(T("")) + kEnd, kStopped},
        {"B07",
         ev(R"({"choices":null})") + ev(R"({"id":"c","object":"chat.completion.chunk","usage":null})") +
             ev(R"({"choices":[]})") + ev(R"({"choices":[null]})") + ev(T("a")) + kEnd,
         text_then_stop("a")},
        {"B08",
         ev(filler) + ev(R()) + ev(T("Hel")) + ev(T("lo")) + ev(F("stop")) + ev(U(3, 2)) + std::string{kDone},
         "Start(c,m) Text(Hello) Finish(stop) Usage(3,2) Done",
         {},
         200,
         {},
         Decoder::End::complete,
         true},
        {"B10",
         ev(R"({"choices":[{"delta":{"content":"a"}}],"usage":null})") + ev(F("stop")) + ev(U(3, 2)) +
             std::string{kDone},
         with_usage},
        {"B11",
         ev(R"({"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}})") +
             ev(R"({"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}})") +
             std::string{kDone},
         with_usage},
        {"B13", ev(T("a")) + ev(F("stop")) + ev(U(0, 0)) + std::string{kDone}, text_then_stop("a")},
        {"zeros after real counts",
         ev(T("a")) + ev(F("stop")) + ev(U(3, 2)) + ev(U(0, 0)) + std::string{kDone}, with_usage},
        {"B14",
         ev(T("a")) + ev(F("stop")) +
             ev(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":null}})") +
             std::string{kDone},
         "Text(a) Finish(stop) Usage(3,0) Done"},
        {"B16",
         ev(T("a")) + ev(F("stop")) + ev(R"({"usage":{"prompt_tokens":"12","completion_tokens":"x"}})") +
             std::string{kDone},
         "Text(a) Finish(stop) Usage(12,0) Done"},
        {"a count beyond all reason",
         ev(T("a")) + ev(F("stop")) +
             ev(R"({"usage":{"prompt_tokens":9223372036854775807,"completion_tokens":4,)"
                R"("prompt_tokens_details":{"cached_tokens":"1000000001"}}})") +
             std::string{kDone},
         "Text(a) Finish(stop) Usage(0,4) Done"},
        {"all of the usage",
         ev(T("a")) + ev(F("stop")) +
             ev(R"({"usage":{"prompt_tokens":9,"completion_tokens":8.0,"prompt_tokens_details":{"cached_tokens":7},)"
                R"("completion_tokens_details":{"reasoning_tokens":6}}})") +
             std::string{kDone},
         "Text(a) Finish(stop) Usage(9,8,cached 7,reasoning 6) Done"},
        {"DeepSeek's cache",
         ev(T("a")) + ev(F("stop")) +
             ev(R"({"usage":{"prompt_tokens":9,"completion_tokens":8,"prompt_cache_hit_tokens":5}})") +
             std::string{kDone},
         "Text(a) Finish(stop) Usage(9,8,cached 5) Done"},
        {"a cache that is counted beside the input",
         ev(T("a")) + ev(F("stop")) +
             ev(R"({"usage":{"input_tokens":9,"output_tokens":8,"cache_read_input_tokens":500}})") +
             std::string{kDone},
         "Text(a) Finish(stop) Usage(509,8,cached 500) Done"},
        {"B17",
         both,
         "Text(a) Text(1,xy) Text(b) Finish(stop) Finish(1,length) Usage(1,4) Done",
         {.choices = 2}},
        {"B19", ev(R"({"choices":[{"delta":{"content":"a"}}]})") + kEnd, text_then_stop("a")},
        {"an index that counts tokens", ev(R"({"choices":[{"index":7,"delta":{"content":"a"}}]})") + kEnd,
         text_then_stop("a")},
        {"choices nobody asked for",
         ev(R"({"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"b"}}]})") +
             kEnd,
         text_then_stop("a") + " !extra-choices"},
        {"B20",
         ev(R"({"choices":[{"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-9999.0,"bytes":null,"top_logprobs":[]}],"refusal":null}}]})") +
             kEnd,
         "Text(a) Logprobs(0) Finish(stop) Done"},
        {"B22", delta(R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})"),
         text_then_stop("ab")},
        {"B23",
         ev(chunk(R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}]}]})")) +
             ev(T("a")) + kEnd,
         "Reason(t) Text(a) Finish(stop) Done"},
        {"B25", ev(R"({"created":1.7e9,"choices":[{"delta":{"content":"a"}}]})") + kEnd, text_then_stop("a")},
        {"B26",
         ev(R"({"id":"1","model":"m","choices":[{"delta":{"content":"a"}}]})") +
             ev(R"({"id":"2","model":"n","choices":[{"delta":{"content":"b"}}]})") + kEnd,
         "Start(1,m) " + text_then_stop("ab"),
         {},
         200,
         {},
         Decoder::End::complete,
         true},
        {"B28",
         ev(R"({"error":{},"choices":[{"delta":{"content":"a"}}]})") +
             ev(R"({"error":"","choices":[{"delta":{"content":"b"}}]})") +
             ev(R"({"error":null,"choices":[{"delta":{"content":"c"}}]})") + kEnd,
         text_then_stop("abc") + " !empty-error"},
        {"B29", ev("[" + T("a") + "," + T("b") + "]") + kEnd, text_then_stop("ab")},
        {"B31", ev(T("a")) + ev("{\"x\":" + std::string(10'000, '[') + std::string(10'000, ']') + "}"),
         "Text(a) Failed(badResponse,200,,)"},
        {"B32",
         ev(R"({"choices":[{"delta":{"content":"NaN \" NaN"}}],"timings":{"a":NaN,"b":-Infinity,"c":Infinity}})") +
             kEnd,
         text_then_stop("NaN \" NaN") + " !repaired-json"},
        {"JSON that is broken is skipped", ev("{\"choices\":[{]}") + ev(T("a")) + kEnd,
         text_then_stop("a") + " !bad-json"},
        {"B34", ev("null") + ev("true") + ev("\"x\"") + ev(T("a")) + kEnd,
         text_then_stop("a") + " !not-an-object"},
        {"B35", ev(T("data: [DONE]\n\n")) + kEnd, text_then_stop("data: [DONE]\n\n")},
        {"refusal", ev(chunk(R"({"content":null,"refusal":"I "})")) + delta(R"({"refusal":"can't."})"),
         "Refusal(I can't.) Finish(stop) Done"},
        {"a message in place of a delta",
         ev(R"({"choices":[{"delta":null,"message":{"content":"a"}}]})") + kEnd, text_then_stop("a")},
        {"a whole answer inside a stream",
         ev(R"({"object":"chat.completion","choices":[{"message":{"content":"a"},"finish_reason":"stop"}]})") +
             std::string{kDone},
         text_then_stop("a")},
        {"an object nobody knows", ev(R"({"hello":1})") + ev(T("a")) + kEnd,
         text_then_stop("a") + " !unknown-object"},
    });
}

TEST_CASE("reasoning is told once, apart from the text, whichever way it comes") {
    const auto length = ev(F("length"));
    check_all({
        {"C01",
         ev(chunk(R"({"reasoning_content":"a"})")) + ev(chunk(R"({"reasoning_content":"b"})")) + ev(T("x")) +
             kEnd,
         "Reason(ab) Text(x) Finish(stop) Done"},
        {"C02", ev(chunk(R"({"reasoning":"a"})")) + ev(T("x")) + kEnd, "Reason(a) Text(x) Finish(stop) Done"},
        {"C04",
         ev(chunk(R"({"reasoning":"a","reasoning_details":[{"type":"reasoning.text","text":"a"}]})")) +
             ev(T("x")) + kEnd,
         "Reason(a) Text(x) Finish(stop) Done"},
        {"both names", ev(chunk(R"({"reasoning_content":"a","reasoning":"a"})")) + ev(T("x")) + kEnd,
         "Reason(a) Text(x) Finish(stop) Done"},
        {"C05",
         ev(chunk(
             R"({"reasoning_details":[{"type":"reasoning.summary","summary":"s"},{"type":"reasoning.encrypted","data":"zz"}]})")) +
             ev(T("x")) + kEnd,
         "Reason(s) Text(x) Finish(stop) Done"},
        {"C07",
         ev(chunk(R"({"content":"","reasoning_content":"a"})")) +
             ev(chunk(R"({"content":"x","reasoning_content":null})")) + kEnd,
         "Reason(a) Text(x) Finish(stop) Done"},
        {"C08", ev(T("<th")) + ev(T("ink>pl")) + ev(T("an</thi")) + ev(T("nk>\n\ncode")) + kEnd,
         "Reason(plan) Text(code) Finish(stop) Done"},
        {"line ends inside the tags",
         ev(T("\n<think>\n")) + ev(T("plan</think>\n")) + ev(T("\n  code")) + kEnd,
         "Reason(plan) Text(  code) Finish(stop) Done"},
        {"C10", ev(T("x = \"<think>\"")) + kEnd, text_then_stop("x = \"<think>\"")},
        {"a tag that never was", ev(T("<thi")) + ev(T("s>")) + kEnd, text_then_stop("<this>")},
        {"half a tag at the end", ev(T("<thin")) + kEnd, text_then_stop("<thin")},
        {"blanks alone", ev(T("\n    ")) + kEnd, text_then_stop("\n    ")},
        {"C11",
         ev(T("abc</think>def")) + kEnd,
         "Reason(abc) Text(def) Finish(stop) Done",
         {.reasoning_open = true}},
        {"opened twice",
         ev(T("<think>abc</thi")) + ev(T("nk>def")) + kEnd,
         "Reason(abc) Text(def) Finish(stop) Done",
         {.reasoning_open = true}},
        {"opened by the prompt, split by the server",
         ev(chunk(R"({"reasoning_content":"a"})")) + ev(T("x")) + kEnd,
         "Reason(a) Text(x) Finish(stop) Done",
         {.reasoning_open = true}},
        {"C13", ev(T("<think>a")) + ev(T("b")) + length + std::string{kDone},
         "Reason(ab) Finish(length) Done !no-answer"},
        {"C14", ev(T("<think></think>ok")) + kEnd, text_then_stop("ok")},
        {"C16", ev(T("<think>a")) + ev(T("b</thi")), "Reason(ab</thi) Truncated"},
        {"C17",
         length +
             ev(R"({"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":50,"completion_tokens_details":{"reasoning_tokens":50}}})") +
             std::string{kDone},
         "Finish(length) Usage(1,50,reasoning 50) Done !no-answer"},
    });
}
