// How messages become answers: once each, whatever a handler does.
#include "server/session/core.h"
#include "server/support/log.h"
#include "tests/unit/session/bench.h"

#include <boost/asio/post.hpp>
#include <catch2/catch_all.hpp>

using namespace dragoman;
using dragoman::test::SessionBench;

namespace {

constexpr int kInvalidRequest = -32600, kInternalError = -32603, kRequestCancelled = -32800;

}  // namespace

TEST_CASE("a handler that throws costs its request and nothing else", "[B26][C49]") {
    SessionBench bench;
    bench.initialize();
    bench.files.broken = true;
    bench.request(1, "dragoman/config");
    const auto failed = bench.responses(1);
    REQUIRE(failed.size() == 1);
    CHECK(failed[0]["error"]["code"] == kInternalError);
    CHECK(failed[0]["error"]["message"].get<std::string>().find("dragoman/config") != std::string::npos);
    CHECK(failed[0].dump().find("on fire") == std::string::npos);
    bench.notify(
        "textDocument/didOpen",
        {{"textDocument", {{"uri", "file:///a"}, {"languageId", "c"}, {"version", 1}, {"text", "x"}}}});

    bench.files.broken = false;
    bench.request(1, "dragoman/config");
    const auto served = bench.responses(1);
    REQUIRE(served.size() == 1);
    CHECK(served[0].contains("result"));
    CHECK(bench.documents.is_open("file:///a"));
    CHECK_FALSE(bench.exit_code);
}

TEST_CASE("a callback that throws ends what was under way, and the loop goes on", "[C49]") {
    session::Core core{[](const std::string&) { return std::optional<std::string>{}; }};
    int failures = 0, later = 0;
    boost::asio::post(core.loop, [] { throw std::runtime_error{"unforeseen"}; });
    boost::asio::post(core.loop, [&] { ++later; });
    core.run([&] { ++failures; });
    CHECK(failures == 1);
    CHECK(later == 1);
}

TEST_CASE("an id that is still being answered cannot be used again, and the first is not disturbed",
          "[B29]") {
    SessionBench bench;
    bench.initialize();
    bench.request("same", "dragoman/chat/send", {{"prompt", "One?"}});
    bench.clock.settle();
    bench.request("same", "dragoman/config");
    const auto refused = bench.responses("same");
    REQUIRE(refused.size() == 1);
    CHECK(refused[0]["error"]["code"] == kInvalidRequest);
    REQUIRE(bench.http.open() == 1);
    bench.http.last().answer(200,
                             R"({"choices": [{"message": {"content": "fine"}, "finish_reason": "stop"}]})",
                             {{"Content-Type", "application/json"}});
    bench.clock.settle();
    const auto answered = bench.responses("same");
    REQUIRE(answered.size() == 1);
    CHECK(answered[0]["result"]["text"] == "fine");
    bench.request("same", "dragoman/config");
    CHECK(bench.responses("same").size() == 1);
}

TEST_CASE("1 and \"1\" are two requests", "[B21]") {
    SessionBench bench;
    bench.initialize();
    bench.request(1, "dragoman/chat/send", {{"prompt", "One?"}});
    bench.request("1", "dragoman/chat/send", {{"prompt", "Two?"}});
    bench.clock.settle();
    bench.notify("$/cancelRequest", {{"id", "1"}});
    const auto messages = bench.sent();
    CHECK(std::count_if(messages.begin(), messages.end(),
                        [](const Json& one) { return one.contains("error"); }) == 1);
    CHECK(bench.http.open() == 1);
    bench.notify("$/cancelRequest", {{"id", 1}});
    const auto cancelled = bench.responses(1);
    REQUIRE(cancelled.size() == 1);
    CHECK(cancelled[0]["error"]["code"] == kRequestCancelled);
    CHECK(bench.http.open() == 0);
}

TEST_CASE("cancelling twice, too late or for nobody changes nothing", "[D50][D51][D52]") {
    SessionBench bench;
    bench.initialize();
    bench.request(7, "dragoman/chat/send", {{"prompt", "One?"}});
    bench.clock.settle();
    for (const Json& id :
         {Json(7), Json(7), Json("7"), Json(8), Json(nullptr), Json(Json::array()), Json(1.5)}) {
        bench.notify("$/cancelRequest", {{"id", id}});
    }
    bench.notify("$/cancelRequest");
    CHECK(bench.responses(7).size() == 1);
    CHECK(bench.http.open() == 0);
}

TEST_CASE("before initialize nothing is heard but exit", "[C32]") {
    SessionBench bench;
    bench.notify("textDocument/didOpen", {{"textDocument", {{"uri", "file:///a"}, {"text", "x"}}}});
    CHECK_FALSE(bench.documents.is_open("file:///a"));
    bench.notify("exit");
    CHECK(bench.exit_code == 1);
}

TEST_CASE("what a changed file says about the log and the status counts from the next request on") {
    SessionBench bench;
    bench.initialize();
    REQUIRE_FALSE(log::enabled(log::Level::debug));
    bench.files.disk.write(SessionBench::kUserFile, R"({"log": {"level": "debug"},
        "providers": {"gw": {"preset": "openai-compatible", "baseUrl": "http://127.0.0.1:9/v1", "key": "none"}},
        "chat": {"model": "gw/other"}})");
    bench.request(1, "dragoman/config");
    CHECK(log::enabled(log::Level::debug));
    const auto messages = bench.sent();
    CHECK(std::any_of(messages.begin(), messages.end(), [](const Json& one) {
        return one.value("method", "") == "dragoman/status" && one["params"]["chat"]["model"] == "gw/other";
    }));
    log::set_level(log::Level::info);
}
