#include <catch2/catch_all.hpp>

#include "vectors.h"

using namespace dragoman::wire;
using namespace dragoman::wire::test;

namespace {

std::string legacy(std::string_view text, std::string_view finish = "null") {
    return ev(R"({"id":"c","object":"text_completion","choices":[{"text":)" + json_text(text) +
              R"(,"index":0,"logprobs":null,"finish_reason":)" + std::string{finish} + "}]}");
}

std::string native(std::string_view text, std::string_view rest = R"("stop":false)") {
    return ev("{\"content\":" + json_text(text) + "," + std::string{rest} + "}");
}

const std::string kDoneLine{kDone};
const DecoderOptions kTokens{.shape = Shape::completions,
                             .stop = {"<|fim_middle|>", "<|endoftext|>", "\n\n"}};
constexpr const char* kStoppedA = "Text(a) Finish(stop) Done";

}  // namespace

TEST_CASE("text completions, FIM endpoints and native infill give text and a finish") {
    const DecoderOptions completions{.shape = Shape::completions};
    const DecoderOptions infill{.shape = Shape::llamacpp_infill};
    check_all({
        {"I01", legacy("a") + legacy("b") + legacy("", "\"stop\"") + kDoneLine, "Text(ab) Finish(stop) Done",
         completions},
        {"I02", legacy("a") + legacy("", "\"length\"") + kDoneLine, "Text(a) Finish(length) Done",
         completions},
        {"whole",
         R"({"object":"text_completion","choices":[{"text":"a","index":0,"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}})",
         "Text(a) Finish(stop) Usage(1,1) Done", completions},
        {"I04", ev(T("a")) + ev(F("stop")) + kDoneLine, kStoppedA, {.shape = Shape::mistral_fim}},
        {"I05", native("a") + native("", R"("stop":true,"stop_type":"limit")"), "Text(a) Finish(length) Done",
         infill},
        {"ended by a word", native("a") + native("", R"("stop":true,"stop_type":"word","stopping_word":"x")"),
         kStoppedA, infill},
        {"older flags", native("a") + native("", R"("stop":true,"stopped_limit":true)"),
         "Text(a) Finish(length) Done", infill},
        {"whole and native",
         R"({"content":"a","stop":true,"stop_type":"eos","tokens_evaluated":9,"tokens_predicted":1,"model":"m"})",
         "Start(,m) Text(a) Finish(stop) Usage(9,1) Done",
         infill,
         200,
         {},
         Decoder::End::complete,
         true},
        {"native counts beyond all reason",
         native("a") +
             native("", R"("stop":true,"tokens_evaluated":9223372036854775807,"tokens_predicted":-3)"),
         kStoppedA, infill},
        {"I07", native("a") + native("", R"("stop":true,"stop_type":"eos","truncated":true)"),
         std::string{kStoppedA} + " !context-truncated", infill},
        {"cut in mid-answer", native("a"), "Text(a) Truncated", infill},
        {"an error in mid-answer", native("a") + ev(R"({"error":{"code":500,"message":"boom"}})"),
         "Text(a) Failed(upstreamUnavailable,500,500,boom,retry)", infill},
        {"I11",
         R"({"error":{"code":501,"message":"Infill is not supported by this model","type":"not_supported_error"}})",
         "Failed(badRequest,501,501,Infill is not supported by this model)", infill, 501},
        {"I14", ev(T("a")) + ev(F("stop")) + kDoneLine, kStoppedA, completions},
        {"I14, whole", R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]})", kStoppedA,
         completions},
    });
}

TEST_CASE("text ends before a stop string, also one in pieces, and the answer with it") {
    check_all({
        {"I08", legacy("a") + legacy("<|fim_middle|>b") + legacy("c"), kStoppedA, kTokens},
        {"in pieces", legacy("a<|end") + legacy("of") + legacy("text|>b") + legacy("", "\"length\""),
         kStoppedA, kTokens},
        {"I10", legacy("a<|end") + legacy("less|>\n") + legacy("b\n") + legacy("", "\"stop\""),
         "Text(a<|endless|>\nb\n) Finish(stop) Done", kTokens},
        {"the first of two", legacy("a\n") + legacy("\n<|endoftext|>"), kStoppedA, kTokens},
        {"half of one at the end", legacy("a<|fim_") + legacy("", "\"stop\""),
         "Text(a<|fim_) Finish(stop) Done", kTokens},
        {"half of one at a break", legacy("a<|fim_"), "Text(a<|fim_) Truncated", kTokens},
        {"nothing before it", legacy("\n\nb"), "Finish(stop) Done", kTokens},
        {"the one that is whole first",
         legacy("xabc") + legacy("", "\"stop\""),
         "Text(x) Finish(stop) Done",
         {.stop = {"xabc", "ab", ""}}},
        {"not in ASCII",
         legacy("né") + legacy("e→") + legacy("x", "\"stop\""),
         "Text(né) Finish(stop) Done",
         {.stop = {"e→x"}}},
        {"counts that came before", ev(U(3, 2)) + legacy("a\n\nb"), "Text(a) Finish(stop) Usage(3,2) Done",
         kTokens},
        {"one choice of two",
         ev(R"({"choices":[{"index":0,"text":"a\n\nb"},{"index":1,"text":"c"}]})") +
             ev(R"({"choices":[{"index":0,"text":"d"},{"index":1,"text":"e\n\n"}]})"),
         "Text(a) Text(1,ce) Finish(stop) Finish(1,stop) Done",
         {.choices = 2, .stop = {"\n\n"}}},
    });
}
