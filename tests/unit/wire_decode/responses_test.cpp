#include "protocol/base/json.h"

#include <catch2/catch_all.hpp>

#include "vectors.h"

using namespace dragoman::wire;
using namespace dragoman::wire::test;
using dragoman::Json;

namespace {

std::string event(Json body) {
    const auto type = body.at("type").get<std::string>();
    return "event: " + type + "\n" + ev(body.dump());
}

Json response(std::string_view status, Json output = Json::array(), Json usage = nullptr) {
    return {{"id", "r"},    {"object", "response"},        {"status", status},
            {"model", "m"}, {"output", std::move(output)}, {"usage", std::move(usage)}};
}

std::string with_response(std::string_view type, Json body) {
    return event({{"type", "response." + std::string{type}}, {"response", std::move(body)}});
}

std::string item_event(std::string_view what, Json item, int index) {
    Json body{{"type", "response.output_item." + std::string{what}}, {"item", std::move(item)}};
    if (index >= 0) body["output_index"] = index;
    return event(std::move(body));
}

/// One of the events that carry text; `member` is delta, text, arguments or refusal.
std::string text_event(std::string_view type, std::string_view item, int index, std::string_view member,
                       std::string_view text, int part = 0) {
    Json body{{"type", "response." + std::string{type}}, {"item_id", item}, {std::string{member}, text}};
    if (index >= 0) {
        body["output_index"] = index;
        body[type.find("summary") == type.npos ? "content_index" : "summary_index"] = part;
    }
    return event(std::move(body));
}

Json message(std::string_view text, std::string_view id = "msg") {
    return {{"type", "message"},
            {"id", id},
            {"role", "assistant"},
            {"content",
             Json::array({{{"type", "output_text"}, {"text", text}, {"annotations", Json::array()}}})}};
}

Json function(std::string_view call_id, std::string_view arguments, std::string_view id = "fc") {
    return {
        {"type", "function_call"}, {"id", id}, {"call_id", call_id}, {"name", "f"}, {"arguments", arguments}};
}

const Json kUsage = {{"input_tokens", 3},
                     {"output_tokens", 2},
                     {"input_tokens_details", {{"cached_tokens", 1}}},
                     {"output_tokens_details", {{"reasoning_tokens", 0}}}};
const std::string kCreated =
    with_response("created", response("in_progress")) + with_response("in_progress", response("in_progress"));
const std::string kUsed = "Usage(3,2,cached 1,reasoning 0) Done";

std::string delta(std::string_view text, int index = 0) {
    return text_event("output_text.delta", "msg", index, "delta", text);
}

std::string completed(Json output = Json::array(), Json usage = nullptr) {
    return with_response("completed", response("completed", std::move(output), std::move(usage)));
}

/// The text "Hello" with every event that the hosted API sends.
std::string happy() {
    return kCreated +
           item_event("added", {{"type", "message"}, {"id", "msg"}, {"content", Json::array()}}, 0) +
           event({{"type", "response.content_part.added"},
                  {"item_id", "msg"},
                  {"output_index", 0},
                  {"content_index", 0},
                  {"part", {{"type", "output_text"}, {"text", ""}}}}) +
           delta("Hel") + delta("lo") + text_event("output_text.done", "msg", 0, "text", "Hello") +
           event({{"type", "response.content_part.done"},
                  {"item_id", "msg"},
                  {"output_index", 0},
                  {"content_index", 0},
                  {"part", {{"type", "output_text"}, {"text", "Hello"}}}}) +
           item_event("done", message("Hello"), 0) + completed(Json::array({message("Hello")}), kUsage);
}

std::string without(std::string text, std::string_view piece) {
    for (auto at = text.find(piece); at != text.npos; at = text.find(piece)) text.erase(at, piece.size());
    return text;
}

std::string without_event_lines(const std::string& text) {
    std::string out;
    std::size_t from = 0;
    while (from < text.size()) {
        const auto end = text.find('\n', from) + 1;
        if (text.compare(from, 6, "event:") != 0) out += text.substr(from, end - from);
        from = end;
    }
    return out;
}

std::string numbered(const std::string& text, int first, int step) {
    std::string out;
    std::size_t from = 0;
    for (auto at = text.find("data: {"); at != text.npos; at = text.find("data: {", from)) {
        out += text.substr(from, at + 7 - from) + "\"sequence_number\":" + std::to_string(first) + ",";
        from = at + 7;
        first += step;
    }
    return out + text.substr(from);
}

/// A call announced, its arguments in pieces, done.
std::string called(std::string_view call_id, int index, std::string_view item, std::string_view first,
                   std::string_view second) {
    const auto whole = std::string{first} + std::string{second};
    return item_event("added", function(call_id, "", item), index) +
           text_event("function_call_arguments.delta", item, index, "delta", first) +
           text_event("function_call_arguments.delta", item, index, "delta", second) +
           text_event("function_call_arguments.done", item, index, "arguments", whole) +
           item_event("done", function(call_id, whole, item), index);
}

std::string thought(std::string_view piece, int part) {
    return text_event("reasoning_summary_text.delta", "rs", 0, "delta", piece, part);
}

const std::string kHello = "Text(Hello) Finish(stop) " + kUsed;
const std::string kCall = R"(ToolOpen(0,call_1,f) ToolArgs(0,{"a":1}) ToolEnd(0) Finish(tool_calls) Done)";

}  // namespace

TEST_CASE("a Responses stream gives its text once, whatever it repeats or leaves out") {
    check_all({
        {"H01", happy(), "Start(r,m) " + kHello, {}, 200, {}, Decoder::End::complete, true},
        {"H02", without_event_lines(happy()), kHello},
        {"no type in the data", without(happy(), R"(,"type":"response.output_text.delta")"), kHello},
        {"H04", happy() + std::string{kDone}, kHello},
        {"H05, from 1", numbered(happy(), 1, 1), kHello},
        {"H05, repeated", numbered(happy(), 5, 0), kHello},
        {"H05, jumping back", numbered(happy(), 90, -7), kHello},
        {"H07", without(without(happy(), R"("output_index":0,)"), R"("content_index":0,)"), kHello},
        {"H16, H17",
         kCreated + delta("Hel") + text_event("output_text.done", "msg", 0, "text", "Hello") + completed(),
         "Text(Hello) Finish(stop) Done"},
        {"done that differs",
         kCreated + delta("Hel") + text_event("output_text.done", "msg", 0, "text", "Jello") + completed(),
         "Text(Hel) Finish(stop) Done !done-differs"},
        {"done that is shorter",
         kCreated + delta("Hel") + text_event("output_text.done", "msg", 0, "text", "H") + completed(),
         "Text(Hel) Finish(stop) Done !done-differs"},
        {"H19", kCreated + delta("Hello") + completed(Json::array(), kUsage), kHello},
        {"H20", completed(Json::array({message("Hello")}), kUsage), kHello},
        {"only the item's end", kCreated + item_event("done", message("Hello"), 0) + completed(),
         "Text(Hello) Finish(stop) Done"},
        {"only the part's end",
         kCreated +
             event({{"type", "response.content_part.done"},
                    {"item_id", "msg"},
                    {"part", {{"type", "output_text"}, {"text", "Hello"}}}}) +
             completed(),
         "Text(Hello) Finish(stop) Done"},
        {"ids that change in every event",
         kCreated + item_event("added", message("", "a1"), 0) +
             text_event("output_text.delta", "a2", 0, "delta", "Hel") +
             text_event("output_text.delta", "a3", 0, "delta", "lo") +
             item_event("done", message("Hello", "a4"), 0) + completed(Json::array({message("Hello", "a5")})),
         "Text(Hello) Finish(stop) Done"},
        {"two parts without numbers",
         kCreated + delta("Hel", -1) + delta("lo", -1) +
             item_event("done",
                        {{"type", "message"},
                         {"content", Json::array({{{"type", "output_text"}, {"text", "Hel"}},
                                                  {{"type", "output_text"}, {"text", "lo!"}}})}},
                        -1) +
             completed(),
         "Text(Hello!) Finish(stop) Done"},
        {"two messages of one number",
         kCreated + item_event("added", message("", "a"), 0) + delta("a") +
             item_event("done", message("a", "a"), 0) + item_event("added", message("", "b"), 0) +
             delta("b") + item_event("done", message("b", "b"), 0) +
             completed(Json::array({message("a", "a"), message("b", "b")})),
         "Text(ab) Finish(stop) Done"},
        {"H32",
         kCreated + event({{"type", "response.foo.bar"}, {"delta", "x"}}) +
             event({{"type", "response.web_search_call.searching"}, {"output_index", 0}}) +
             event({{"type", "response.audio.delta"}, {"delta", "x"}}) +
             item_event("added", {{"type", "web_search_call"}, {"id", "ws"}}, 0) +
             item_event("done", {{"type", "web_search_call"}, {"id", "ws"}}, 0) + delta("Hello", 1) +
             completed(Json::array(), kUsage),
         kHello},
        {"H34",
         with_response("queued", response("queued")) + happy(),
         "Start(r,m) " + kHello,
         {},
         200,
         {},
         Decoder::End::complete,
         true},
        {"H38", kCreated + delta("a") + completed(), "Text(a) Finish(stop) Done"},
        {"H40",
         kCreated + delta("a") +
             event({{"type", "response.output_text.annotation.added"},
                    {"output_index", 0},
                    {"annotation", {{"text", "x"}}}}) +
             completed(),
         "Text(a) Finish(stop) Done"},
        {"the closing event by another name",
         kCreated + delta("a") + with_response("done", response("completed")), "Text(a) Finish(stop) Done"},
        {"a whole response as JSON", response("completed", Json::array({message("Hello")}), kUsage).dump(),
         kHello},
        {"a whole response in an envelope",
         Json{{"success", true}, {"data", response("completed", Json::array({message("Hello")}), kUsage)}}
             .dump(),
         kHello},
        {"chat chunks in its place",
         ev(T("Hello")) + ev(F("stop")) + std::string{kDone},
         "Text(Hello) Finish(stop) Done",
         {.shape = Shape::responses}},
        {"thinking in the text",
         kCreated + delta("<think>t</thi") + delta("nk>Hello") +
             completed(Json::array({message("<think>t</think>Hello")})),
         "Reason(t) Text(Hello) Finish(stop) Done"},
        {"a stop string",
         kCreated + delta("He\nl") + delta("lo") + completed(),
         "Text(He) Finish(stop) Done",
         {.stop = {"\n"}}},
    });
}

TEST_CASE("a Responses stream ends as its status says") {
    const auto incomplete = [](Json details) {
        Json body = response("incomplete");
        body["incomplete_details"] = std::move(details);
        return kCreated + delta("a") + with_response("incomplete", std::move(body));
    };
    const auto failed = [](Json error) {
        Json body = response("failed");
        body["error"] = std::move(error);
        return with_response("failed", std::move(body));
    };
    const std::string nested =
        event({{"type", "error"},
               {"sequence_number", 3},
               {"error", {{"type", "server_error"}, {"code", "server_error"}, {"message", "boom"}}}});
    check_all({
        {"incomplete", incomplete({{"reason", "max_output_tokens"}}), "Text(a) Finish(length) Done"},
        {"incomplete by another name", incomplete({{"reason", "max_tokens"}}), "Text(a) Finish(length) Done"},
        {"filtered", incomplete({{"reason", "content_filter"}}), "Text(a) Finish(content_filter) Done"},
        {"incomplete for no reason", incomplete(nullptr), "Text(a) Finish(other) Done"},
        {"H22", kCreated + failed({{"code", "server_error"}, {"message", "boom"}}),
         "Failed(upstreamUnavailable,200,server_error,boom,retry)"},
        {"H23, rate", kCreated + failed({{"code", "rate_limit_exceeded"}, {"message", "slow"}}),
         "Failed(rateLimited,200,rate_limit_exceeded,slow,retry)"},
        {"H23, quota", kCreated + failed({{"code", "insufficient_quota"}, {"message", "pay"}}),
         "Failed(insufficientBalance,200,insufficient_quota,pay)"},
        {"failed for no reason", kCreated + delta("a") + failed(nullptr),
         "Text(a) Failed(upstreamUnavailable,200,failed,,retry)"},
        {"H25", event({{"type", "error"}, {"code", "server_error"}, {"message", "boom"}, {"param", nullptr}}),
         "Failed(upstreamUnavailable,200,server_error,boom,retry)"},
        {"an error, then failed", kCreated + nested + failed({{"code", "server_error"}, {"message", "boom"}}),
         "Failed(upstreamUnavailable,200,server_error,boom,retry)"},
        {"H31", kCreated + delta("a") + ev(R"({"error":{"code":500,"message":"boom"}})"),
         "Text(a) Failed(upstreamUnavailable,500,500,boom,retry)"},
        {"H28", kCreated + delta("a") + item_event("done", message("a"), 0),
         "Text(a) Finish(stop) Done !no-completed"},
        {"H28 with [DONE]", kCreated + delta("a") + item_event("done", message("a"), 0) + std::string{kDone},
         "Text(a) Finish(stop) Done !no-completed"},
        {"H29", kCreated + delta("a"), "Text(a) Truncated"},
        {"nothing after created", kCreated, "Truncated"},
        {"H35", kCreated + with_response("completed", response("cancelled")),
         "Failed(upstreamUnavailable,200,cancelled,,retry)"},
        {"cancelled as JSON", response("cancelled").dump(),
         "Failed(upstreamUnavailable,200,cancelled,,retry)"},
        {"H37",
         kCreated + delta("a") + completed(Json::array(), kUsage),
         "Text(a) Finish(length) " + kUsed + " !length-not-said",
         {.max_output_tokens = 2}},
        {"below the limit",
         kCreated + delta("a") + completed(Json::array(), kUsage),
         "Text(a) Finish(stop) " + kUsed,
         {.max_output_tokens = 3}},
        {"H41", happy() + ": never closes\n\n", kHello},
    });
}

TEST_CASE("function calls of a Responses stream carry call_id and their arguments once") {
    const std::string added = item_event("added", function("call_1", ""), 0);
    const Json whole = function("call_1", "{\"a\":1}");
    const std::string two =
        called("call_1", 0, "fc_1", "{\"a\":", "1}") + called("call_2", 1, "fc_2", "{\"b\":", "2}");
    const std::string kTwo =
        R"(ToolOpen(0,call_1,f) ToolArgs(0,{"a":1}) ToolEnd(0) ToolOpen(1,call_2,f) ToolArgs(1,{"b":2}) ToolEnd(1) Finish(tool_calls) Done)";
    check_all({
        {"H11", kCreated + two + completed(), kTwo},
        {"H11 without numbers",
         without(without(kCreated + two + completed(), R"("output_index":0,)"), R"("output_index":1,)"),
         kTwo},
        {"two at number 0",
         kCreated + called("call_1", 0, "fc_1", "{\"a\":", "1}") +
             called("call_2", 0, "fc_2", "{\"b\":", "2}") + completed(),
         kTwo},
        {"interleaved",
         kCreated + item_event("added", function("call_1", "", "x"), 0) +
             item_event("added", function("call_2", "", "y"), 1) +
             text_event("function_call_arguments.delta", "x", 0, "delta", "{}") +
             text_event("function_call_arguments.delta", "y", 1, "delta", "[]") + completed(),
         "ToolOpen(0,call_1,f) ToolOpen(1,call_2,f) ToolArgs(0,{}) ToolArgs(1,[]) ToolEnd(0) ToolEnd(1) "
         "Finish(tool_calls) Done"},
        {"H13, arguments.done",
         kCreated + added + text_event("function_call_arguments.done", "fc", 0, "arguments", "{\"a\":1}") +
             completed(),
         kCall},
        {"H13, output_item.done", kCreated + added + item_event("done", whole, 0) + completed(), kCall},
        {"H13, completed", kCreated + completed(Json::array({whole})), kCall},
        {"H13, announced, then completed", kCreated + added + completed(Json::array({whole})), kCall},
        {"never announced",
         kCreated + text_event("function_call_arguments.delta", "fc", 0, "delta", "{\"a\":1}") +
             item_event("done", whole, 0) + completed(),
         kCall},
        {"H14", kCreated + called("call_1", 0, "fc", "{\"a\":", "1}") + completed(Json::array({whole})),
         kCall},
        {"no arguments", kCreated + added + item_event("done", function("call_1", ""), 0) + completed(),
         "ToolOpen(0,call_1,f) ToolArgs(0,{}) ToolEnd(0) Finish(tool_calls) Done"},
        {"cut by a limit nobody told",
         kCreated + added + text_event("function_call_arguments.delta", "fc", 0, "delta", "{\"a\":") +
             completed(Json::array(), kUsage),
         R"(ToolOpen(0,call_1,f) ToolArgs(0,{"a":) ToolEnd(0) Finish(length) )" + kUsed +
             " !bad-args !length-not-said",
         {.max_output_tokens = 2}},
        {"whole at the limit",
         kCreated + called("call_1", 0, "fc", "{\"a\":", "1}") + completed(Json::array(), kUsage),
         R"(ToolOpen(0,call_1,f) ToolArgs(0,{"a":1}) ToolEnd(0) Finish(tool_calls) )" + kUsed,
         {.max_output_tokens = 2}},
        {"as JSON", response("completed", Json::array({whole})).dump(), kCall},
    });
}

TEST_CASE("reasoning items give their text once and their blob for the next request") {
    const Json reasoning = {{"type", "reasoning"}, {"id", "rs"}, {"summary", Json::array()}};
    Json sealed = reasoning;
    sealed["encrypted_content"] = "blob";
    Json summed = reasoning;
    summed["summary"] = Json::array(
        {{{"type", "summary_text"}, {"text", "one"}}, {{"type", "summary_text"}, {"text", "two"}}});
    Json raw = summed;
    raw["content"] = Json::array({{{"type", "reasoning_text"}, {"text", "raw"}}});
    check_all({
        {"H08",
         kCreated + item_event("added", reasoning, 0) + thought("o", 0) + thought("ne", 0) +
             text_event("reasoning_summary_text.done", "rs", 0, "text", "one", 0) + thought("two", 1) +
             item_event("done", summed, 0) + delta("Hello", 1) +
             completed(Json::array({summed, message("Hello")})),
         "Reason(one\n\ntwo) Text(Hello) Finish(stop) Done"},
        {"only in the item", kCreated + item_event("done", summed, 0) + delta("Hello", 1) + completed(),
         "Reason(one\n\ntwo) Text(Hello) Finish(stop) Done"},
        {"the summary, not the raw text too",
         kCreated + item_event("done", raw, 0) + delta("Hello", 1) + completed(),
         "Reason(one\n\ntwo) Text(Hello) Finish(stop) Done"},
        {"raw text first",
         kCreated + text_event("reasoning_text.delta", "rs", 0, "delta", "raw") + item_event("done", raw, 0) +
             delta("Hello", 1) + completed(),
         "Reason(raw) Text(Hello) Finish(stop) Done"},
        {"H10",
         kCreated + item_event("added", reasoning, 0) + item_event("done", sealed, 0) + delta("Hello", 1) +
             completed(Json::array({sealed, message("Hello")})),
         "Encrypted(blob) Text(Hello) Finish(stop) Done"},
        {"an empty blob",
         kCreated + item_event("done", Json{{"type", "reasoning"}, {"encrypted_content", ""}}, 0) +
             delta("Hello", 1) + completed(),
         "Text(Hello) Finish(stop) Done"},
        {"H26",
         kCreated + text_event("refusal.delta", "msg", 0, "delta", "I ") +
             text_event("refusal.delta", "msg", 0, "delta", "can't.") +
             text_event("refusal.done", "msg", 0, "refusal", "I can't.") + completed(),
         "Refusal(I can't.) Finish(stop) Done"},
    });
}

TEST_CASE("items without number are bounded") {
    std::string bytes = kCreated;
    for (int i = 0; i < 3000; ++i) bytes += delta("x", i);
    const auto shown = show(decode({"many", bytes + completed(), ""}, {}));
    CHECK(shown == "Text(" + std::string(1024, 'x') + ") Finish(stop) Done !too-many-items");
}
