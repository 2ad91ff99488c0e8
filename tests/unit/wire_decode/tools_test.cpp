#include <catch2/catch_all.hpp>

#include "vectors.h"

using namespace dragoman::wire;
using namespace dragoman::wire::test;

namespace {

/// A chunk with these elements of `tool_calls`.
std::string calls(std::string_view elements) {
    return ev(chunk("{\"tool_calls\":[" + std::string{elements} + "]}"));
}

std::string call(std::string_view id, std::string_view name, std::string_view arguments, int index) {
    const auto member = [](std::string_view text) {
        return text == "-" ? std::string{"null"} : json_text(text);
    };
    return "{\"index\":" + (index < 0 ? "null" : std::to_string(index)) + ",\"id\":" + member(id) +
           ",\"type\":null,\"function\":{\"name\":" + member(name) + ",\"arguments\":" + member(arguments) +
           "}}";
}

const std::string kEnd = ev(F("tool_calls")) + std::string{kDone};

const std::string kOne = R"(ToolOpen(0,c1,f) ToolArgs(0,{"a":1}) ToolEnd(0) Finish(tool_calls) Done)";
const std::string kTwo =
    R"(ToolOpen(0,c1,f) ToolArgs(0,{"a":1}) ToolOpen(1,c2,f) ToolArgs(1,{"b":2}) ToolEnd(0) ToolEnd(1) Finish(tool_calls) Done)";

}  // namespace

TEST_CASE("tool calls are told apart by id, index, name and completeness") {
    check_all({
        {"D01",
         calls(call("c1", "f", "", 0)) + calls(call("-", "-", "{\"a\"", 0)) +
             calls(call("-", "-", ":1}", 0)) + kEnd,
         kOne},
        {"D02",
         calls(call("c1", "f", "{\"a\":1}", 0)) + calls(call("c2", "f", "", 1)) +
             calls(call("-", "-", "{\"b\":2}", 1)) + kEnd,
         kTwo},
        {"deltas that interleave",
         calls(call("c1", "f", "{\"a\"", 0)) + calls(call("c2", "g", "{\"b\"", 1)) +
             calls(call("-", "-", ":1}", 0)) + calls(call("-", "-", ":2}", 1)) + kEnd,
         R"(ToolOpen(0,c1,f) ToolArgs(0,{"a") ToolOpen(1,c2,g) ToolArgs(1,{"b") ToolArgs(0,:1}) ToolArgs(1,:2}) ToolEnd(0) ToolEnd(1) Finish(tool_calls) Done)"},
        {"D04", calls(call("c1", "f", "{\"a\":1}", 0)) + calls(call("c2", "f", "{\"b\":2}", 0)) + kEnd, kTwo},
        {"D05",
         calls(call("c1", "f", "{\"a\"", 0)) + calls(call("x9", "-", ":", 0)) +
             calls(call("x8", "f", "1}", 0)) + calls(call("x7", "-", "", 0)) + kEnd,
         kOne},
        {"D07", calls(call("c1", "f", "{\"a\":1}", -1)) + calls(call("c2", "f", "{\"b\":2}", -1)) + kEnd,
         kTwo},
        {"both in one delta, all index 0",
         calls(call("c1", "f", "{\"a\":1}", 0) + "," + call("c2", "f", "{\"b\":2}", 0)) + kEnd, kTwo},
        {"two without arguments in one delta",
         calls(call("c1", "f", "", 0) + "," + call("c2", "f", "", 0)) + kEnd,
         "ToolOpen(0,c1,f) ToolOpen(1,c2,f) ToolArgs(0,{}) ToolEnd(0) ToolArgs(1,{}) ToolEnd(1) "
         "Finish(tool_calls) Done"},
        {"D08",
         calls(call("c1", "f", "", 0)) + calls(call("-", "-", "{\"a\"", 1)) +
             calls(call("-", "-", ":1}", 1)) + kEnd,
         kOne},
        {"an id that comes back",
         calls(call("c1", "f", "{\"a\"", 0)) + calls(call("c2", "f", "{\"b\":2}", 1)) +
             calls(call("c1", "-", ":1}", -1)) + kEnd,
         R"(ToolOpen(0,c1,f) ToolArgs(0,{"a") ToolOpen(1,c2,f) ToolArgs(1,{"b":2}) ToolArgs(0,:1}) ToolEnd(0) ToolEnd(1) Finish(tool_calls) Done)"},
        {"D10",
         calls(call("c1", "f", "", 0)) + calls(call("c1", "f", "{\"a\"", 0)) +
             calls(call("c1", "f", ":1}", 0)) + calls(call("c1", "f", "", 0)) + kEnd,
         kOne},
        {"a name alone repeated",
         calls(call("c1", "f", "", -1)) + calls(call("-", "f", "{\"a\"", -1)) +
             calls(call("-", "f", ":1}", -1)) + calls(call("-", "f", "", -1)) + kEnd,
         kOne},
        {"another name at the same place",
         calls(call("c1", "f", "", 0)) + calls(call("c2", "g", "{}", 0)) + kEnd,
         "ToolOpen(0,c1,f) ToolOpen(1,c2,g) ToolArgs(1,{}) ToolArgs(0,{}) ToolEnd(0) ToolEnd(1) "
         "Finish(tool_calls) Done"},
        {"a name that comes late",
         calls(call("c1", "-", "{\"a\"", 0)) + calls(call("-", "f", ":1}", 0)) + kEnd, kOne},
        {"a name that never comes", calls(call("c1", "", "{\"a\":1}", 0)) + kEnd,
         R"(ToolOpen(0,c1,) ToolArgs(0,{"a":1}) ToolEnd(0) Finish(tool_calls) Done !nameless-call)"},
        {"D11", calls(R"({"index":0,"id":"c1","function":{"name":"f","arguments":{"a":1}}})") + kEnd, kOne},
        {"arguments null", calls(call("c1", "f", "-", 0)) + kEnd,
         "ToolOpen(0,c1,f) ToolArgs(0,{}) ToolEnd(0) Finish(tool_calls) Done"},
        {"D14", calls(call("c1", "f", "{\"a\":1}", 0)) + ev(F("stop")) + std::string{kDone}, kOne},
        {"D16",
         ev(chunk("{\"content\":\"t\",\"tool_calls\":[" + call("c1", "f", "{\"a\":1}", 0) + "]}")) + kEnd,
         "Text(t) " + kOne},
        {"D17", calls(call("c1", "f", "{\"a\":", 0)) + ev(F("length")) + std::string{kDone},
         R"(ToolOpen(0,c1,f) ToolArgs(0,{"a":) ToolEnd(0) Finish(length) Done !bad-args)"},
        {"closed but no JSON", calls(call("c1", "f", "{a:1}", 0)) + kEnd,
         "ToolOpen(0,c1,f) ToolArgs(0,{a:1}) ToolEnd(0) Finish(tool_calls) Done !bad-args"},
        {"cut within a call", calls(call("c1", "f", "{\"a\":", 0)),
         R"(ToolOpen(0,c1,f) ToolArgs(0,{"a":) Truncated)"},
        {"an older function_call",
         ev(chunk(R"({"function_call":{"name":"f","arguments":""}})")) +
             ev(chunk(R"({"function_call":{"arguments":"{}"}})")) + ev(F("function_call")) +
             std::string{kDone},
         "ToolOpen(0,call_af63de4c8601eff2_0,f) ToolArgs(0,{}) ToolEnd(0) Finish(tool_calls) Done"},
        {"nothing but null", calls("null") + ev(T("a")) + ev(F("stop")), "Text(a) Finish(stop) Done"},
    });
}

TEST_CASE("a call without an id gets one that differs between answers") {
    const auto id_of = [](std::string_view answer) {
        const Vector vector{
            "D13",
            ev("{\"id\":" + json_text(answer) +
               R"(,"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]})") +
                kEnd,
            ""};
        for (const auto& event : decode(vector, {})) {
            if (const auto* open = std::get_if<ToolOpen>(&event)) return open->id;
        }
        return std::string{};
    };
    CHECK(id_of("one").size() > 5);
    CHECK(id_of("one") != id_of("two"));
}

TEST_CASE("calls beyond a limit are dropped whole, and the answer still ends") {
    std::string bytes;
    for (int i = 0; i < 200; ++i) {
        bytes += calls(call("c" + std::to_string(i), "f", "{\"n\"", i));
        bytes += calls(call("-", "-", ":" + std::to_string(i) + "}", i));
    }
    const Events events = decode({"D19", bytes + kEnd, ""}, {});
    int opened = 0;
    std::string last;
    for (const auto& event : events) {
        opened += std::holds_alternative<ToolOpen>(event) ? 1 : 0;
        if (const auto* piece = std::get_if<ToolArguments>(&event))
            last += piece->slot == 127 ? piece->text : "";
    }
    CHECK(opened == 128);
    CHECK(last == "{\"n\":127}");
    CHECK(show(events).ends_with("Finish(tool_calls) Done !too-many-calls"));
}
