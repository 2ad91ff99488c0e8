// The status an editor shows: told on change, and only then.
#include "server/session/status.h"

#include "tests/support/fake_clock.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::test;
using session::StatusBoard;

namespace {

struct Told {
    FakeClock clock;
    std::vector<Json> told;
    StatusBoard board{clock, [this](const Json& status) { told.push_back(status); }};

    Told() {
        board.set_models(true, "work/fill", "work/chat");
        board.open();
    }
    std::string state() const { return told.back()["state"]; }
};

Error error(ErrorKind kind, const std::string& message = "went wrong") {
    return {.kind = kind, .message = message};
}

Error limited(int milliseconds) {
    Error out = error(ErrorKind::rate_limited);
    out.retry_after = Milliseconds{milliseconds};
    return out;
}

}  // namespace

TEST_CASE("before the connection runs nothing is told, then the whole state at once") {
    FakeClock clock;
    std::vector<Json> told;
    StatusBoard board{clock, [&](const Json& status) { told.push_back(status); }};
    board.set_models(false, "", "work/chat");
    board.set_in_flight(1);
    board.failed(error(ErrorKind::network));
    board.set_in_flight(0);
    board.succeeded();
    CHECK(told.empty());
    board.open();
    REQUIRE(told.size() == 1);
    CHECK(told[0] == Json{{"state", "idle"},
                          {"message", "ready"},
                          {"completion", {{"enabled", false}}},
                          {"chat", {{"model", "work/chat"}}},
                          {"inFlight", 0}});
}

TEST_CASE("the same again is not told") {
    Told t;
    t.board.open();
    t.board.set_models(true, "work/fill", "work/chat");
    t.board.set_in_flight(0);
    t.board.succeeded();
    CHECK(t.told.size() == 1);
    t.board.failed(error(ErrorKind::network));
    t.board.failed(error(ErrorKind::network));
    CHECK(t.told.size() == 2);
    t.board.failed(error(ErrorKind::network, "otherwise"));
    CHECK(t.told.size() == 3);
}

TEST_CASE("what runs is counted, and shows before what went wrong") {
    Told t;
    t.board.set_in_flight(2);
    CHECK(t.state() == "busy");
    CHECK(t.told.back()["inFlight"] == 2);
    t.board.failed(error(ErrorKind::tls));
    CHECK(t.state() == "busy");
    t.board.set_in_flight(0);
    CHECK(t.state() == "error");
    t.board.succeeded();
    CHECK(t.state() == "idle");
    CHECK_FALSE(t.told.back().contains("error"));
}

TEST_CASE("each kind of failure shows as what it is") {
    struct Row {
        ErrorKind kind;
        const char* state;
    };
    const Row row =
        GENERATE(Row{ErrorKind::not_configured, "error"}, Row{ErrorKind::no_key, "error"},
                 Row{ErrorKind::untrusted, "error"}, Row{ErrorKind::unauthorized, "error"},
                 Row{ErrorKind::insufficient_balance, "limited"}, Row{ErrorKind::rate_limited, "limited"},
                 Row{ErrorKind::network, "error"}, Row{ErrorKind::timeout, "error"},
                 // Concern one question, not the connection.
                 Row{ErrorKind::bad_request, "idle"}, Row{ErrorKind::context_too_long, "idle"},
                 Row{ErrorKind::content_filtered, "idle"});
    CAPTURE(wire_name(row.kind));
    Told t;
    t.board.failed(error(row.kind));
    CHECK(t.state() == row.state);
    const bool shown = std::string{row.state} != "idle";
    CHECK(t.told.back().contains("error") == shown);
    if (shown) CHECK(t.told.back()["error"]["kind"] == wire_name(row.kind));
    if (shown) CHECK(t.told.back()["message"] == "went wrong");
}

TEST_CASE("a rate limit is told with its end, and ends by itself") {
    Told t;
    t.clock.set_wall(Clock::WallTime{std::chrono::seconds{1'767'225'599}});
    t.board.failed(limited(1500));
    CHECK(t.state() == "limited");
    CHECK(t.told.back()["limitedUntil"] == "2026-01-01T00:00:00.500Z");
    t.clock.advance(Milliseconds{1499});
    CHECK(t.state() == "limited");
    t.clock.advance(Milliseconds{1});
    CHECK(t.state() == "idle");
    CHECK_FALSE(t.told.back().contains("limitedUntil"));
    CHECK_FALSE(t.told.back().contains("error"));
}

TEST_CASE("the end of an old rate limit takes nothing else away") {
    Told t;
    t.board.failed(limited(1000));
    t.board.failed(error(ErrorKind::unauthorized));
    CHECK_FALSE(t.told.back().contains("limitedUntil"));
    t.clock.advance(Milliseconds{5000});
    CHECK(t.state() == "error");
    t.board.failed(limited(1000));
    t.board.succeeded();
    CHECK(t.state() == "idle");
    t.board.failed(error(ErrorKind::network));
    t.clock.advance(Milliseconds{5000});
    CHECK(t.state() == "error");
}

TEST_CASE("other models than before take the error away, the same ones do not") {
    Told t;
    t.board.failed(error(ErrorKind::not_configured));
    t.board.set_models(true, "work/fill", "work/chat");
    CHECK(t.state() == "error");
    t.board.set_models(true, "work/fill", "work/better");
    CHECK(t.state() == "idle");
}

TEST_CASE("what was in the way is taken away by its name, and nothing else") {
    Told t;
    t.board.failed(error(ErrorKind::untrusted));
    t.board.resolved(ErrorKind::no_key);
    CHECK(t.state() == "error");
    t.board.resolved(ErrorKind::untrusted);
    CHECK(t.state() == "idle");
    t.board.failed(limited(1000));
    t.board.resolved(ErrorKind::untrusted);
    CHECK(t.state() == "limited");
}

TEST_CASE("text that was shown already is no part of the status") {
    Told t;
    Error broken = error(ErrorKind::network);
    broken.partial_text = "half an answer";
    t.board.failed(broken);
    CHECK(t.told.back().dump().find("half an answer") == std::string::npos);
}

TEST_CASE("times are written as ISO 8601 in UTC with milliseconds") {
    using std::chrono::milliseconds;
    CHECK(session::iso_time(Clock::WallTime{}) == "1970-01-01T00:00:00.000Z");
    CHECK(session::iso_time(Clock::WallTime{milliseconds{951'827'696'007}}) == "2000-02-29T12:34:56.007Z");
    CHECK(session::iso_time(Clock::WallTime{milliseconds{-1}}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("a budget that is spent lasts through successes, and ends when it is told to") {
    Told t;
    Error spent = error(ErrorKind::over_budget, "today's budget of 5 USD is spent");
    spent.retry_after = Milliseconds{60'000};
    const Json budgets = Json::array({{{"setting", "budget"}, {"reached", true}}});
    const auto until = t.clock.wall() + Milliseconds{60'000};
    t.board.set_budgets(budgets, spent, until);
    CHECK(t.state() == "limited");
    CHECK(t.told.back()["message"] == spent.message);
    CHECK(t.told.back()["limitedUntil"] == session::iso_time(until));
    CHECK(t.told.back()["budgets"] == budgets);
    t.board.set_in_flight(1);
    t.board.succeeded();
    CHECK(t.state() == "busy");
    t.board.set_in_flight(0);
    CHECK(t.state() == "limited");
    t.board.failed(error(ErrorKind::unauthorized, "the key is wrong"));
    CHECK(t.state() == "error");
    CHECK_FALSE(t.told.back().contains("limitedUntil"));
    t.board.succeeded();
    t.board.failed(spent);  // somebody asked all the same, and did not want it
    CHECK(t.state() == "limited");
    t.board.set_budgets(budgets, std::nullopt, until);
    CHECK(t.state() == "idle");
    t.board.set_budgets(Json::array(), std::nullopt, {});
    CHECK_FALSE(t.told.back().contains("budgets"));
}
