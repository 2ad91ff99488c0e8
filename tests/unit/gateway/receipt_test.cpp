// Receipts: one for each model that was really asked, told before the sink hears how it ended.

#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;

namespace {

struct Receipts {
    Bench bench{};
    std::shared_ptr<const config::Effective> config = std::make_shared<config::Effective>();
    std::vector<gateway::Receipt> all{};

    Receipts() {
        bench.gateway.on_receipt([this](const gateway::Receipt& receipt) { all.push_back(receipt); });
    }
    gateway::ChatCall question(const std::vector<std::string>& models = {"m"}) {
        auto call = bench.question();
        call.purpose = {.role = "chat", .config = config};
        call.chain.clear();
        for (const auto& model : models) call.chain.push_back(bench.model(model));
        return call;
    }
    /// "work/m complete 3+2", without the tokens where none were told.
    Lines lines() const {
        Lines out;
        for (const auto& one : all) {
            out.push_back(one.model + " " + one.outcome);
            if (one.usage)
                out.back() +=
                    " " + std::to_string(one.usage->input) + "+" + std::to_string(one.usage->output);
        }
        return out;
    }
};

}  // namespace

TEST_CASE("an answer leaves one receipt, before its end is told, with role, tokens and time") {
    Receipts r;
    Heard heard;
    std::size_t before = 0;
    heard.also = [&](const gateway::Event& event) {
        if (std::holds_alternative<gateway::Completed>(event)) before = r.all.size();
    };
    const auto asked = r.bench.clock.wall();
    const auto call = r.bench.ask(heard, r.question());
    r.bench.clock.advance(Milliseconds{120});
    r.bench.http.last().answer(200, chunk("Hi") + finish() + usage(3, 2) + kDone, event_stream());
    CHECK(before == 1);
    CHECK(r.lines() == Lines{"work/m complete 3+2"});
    CHECK(r.all[0].purpose.role == "chat");
    CHECK(r.all[0].purpose.config == r.config);
    CHECK(r.all[0].asked == asked);
    CHECK(r.all[0].duration == Milliseconds{120});
}

TEST_CASE("trying again is the same receipt, another model is another one") {
    Receipts r;
    r.bench.work.retry_attempts = 1;
    Heard heard;
    const auto call = r.bench.ask(heard, r.question({"a", "b"}));
    r.bench.http.last().answer(503, "");
    r.bench.clock.advance(Milliseconds{60'000});
    REQUIRE(r.bench.http.count() == 2);
    CHECK(r.all.empty());
    r.bench.http.last().answer(503, "");
    CHECK(r.lines() == Lines{"work/a upstreamUnavailable"});
    r.bench.http.last().answer(200, whole("Hi"), event_stream());
    CHECK(r.lines() == Lines{"work/a upstreamUnavailable", "work/b complete"});
}

TEST_CASE("a model that no request went out to has no receipt") {
    Receipts r;
    Heard heard;
    SECTION("for want of a key") { r.bench.environment.clear(); }
    SECTION("for want of an address") { r.bench.work.base_url = ""; }
    const auto call = r.bench.ask(heard, r.question());
    CHECK(heard.ended());
    CHECK(r.bench.http.count() == 0);
    CHECK(r.all.empty());
}

TEST_CASE("a call that is let go counts as cancelled once it was sent, and once only") {
    Receipts r;
    Heard heard;
    auto call = r.bench.gateway.chat(r.question(), heard.sink());
    SECTION("not before") {
        call.reset();
        r.bench.clock.settle();
        CHECK(r.all.empty());
    }
    SECTION("while it is under way") {
        r.bench.clock.settle();
        r.bench.http.last().head(200, event_stream());
        r.bench.http.last().bytes(chunk("Hi"));
        call.reset();
        CHECK(r.lines() == Lines{"work/m cancelled"});
    }
    SECTION("not after its end") {
        r.bench.clock.settle();
        r.bench.http.last().answer(200, whole("Hi"), event_stream());
        call.reset();
        CHECK(r.lines() == Lines{"work/m complete"});
    }
    SECTION("nor when it is let go inside its sink") {
        heard.also = [&](const gateway::Event& event) {
            if (std::holds_alternative<wire::Text>(event)) call.reset();
        };
        r.bench.clock.settle();
        r.bench.http.last().answer(200, whole("Hi"), event_stream());
        CHECK(r.lines() == Lines{"work/m cancelled"});
    }
}

TEST_CASE("a failure is named by its kind") {
    const auto [status, body, kind] = GENERATE(table<int, std::string, std::string>(
        {{401, "", "unauthorized"},
         {402, "", "insufficientBalance"},
         {400, refusal("too long", "context_length_exceeded"), "contextTooLong"},
         {200, finish("content_filter") + kDone, "contentFiltered"}}));
    Receipts r;
    Heard heard;
    const auto call = r.bench.ask(heard, r.question());
    r.bench.http.last().answer(status, body, status == 200 ? event_stream() : http::Headers{});
    REQUIRE(heard.ended());
    CHECK(r.lines() == Lines{"work/m " + kind});
}

TEST_CASE("embeddings leave a receipt, questions about a provider none") {
    Receipts r;
    const gateway::Purpose purpose{.role = "embedding", .config = r.config};
    auto call = r.bench.gateway.embed(purpose, r.bench.model("e"), {"one"}, [](const auto&) {});
    r.bench.clock.settle();
    SECTION("with their tokens") {
        r.bench.http.last().answer(
            200, R"({"data":[{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":2,"total_tokens":2}})");
        call.reset();
        CHECK(r.lines() == Lines{"work/e complete 2+0"});
        CHECK(r.all[0].purpose.role == "embedding");
    }
    SECTION("also when they fail") {
        r.bench.http.last().answer(200, "nonsense");
        CHECK(r.lines() == Lines{"work/e badResponse"});
    }
    SECTION("also when they are let go") {
        call.reset();
        CHECK(r.lines() == Lines{"work/e cancelled"});
    }
    SECTION("and a list of models is free") {
        call.reset();
        r.all.clear();
        call = r.bench.gateway.models(std::make_shared<config::Provider>(r.bench.work), [](const auto&) {});
        r.bench.clock.settle();
        r.bench.http.last().answer(200, R"({"data":[]})");
        CHECK(r.all.empty());
    }
}

TEST_CASE("where the gateway tells no usage there is a guess, and none where it refused") {
    Receipts r;
    const auto guess = [&] {
        const auto& usage = r.all.back().guess;
        return std::pair{usage.input > 0, usage.output > 0};
    };
    const std::pair nothing{false, false}, prompt{true, false}, both{true, true};
    Heard heard;
    auto call = r.bench.ask(heard, r.question());
    r.bench.http.last().answer(200, whole("Hi"), event_stream());
    CHECK(guess() == both);
    call = r.bench.ask(heard, r.question());
    r.bench.http.last().answer(200, chunk("Hi") + finish() + usage(3, 2) + kDone, event_stream());
    CHECK(guess() == nothing);
    call = r.bench.ask(heard, r.question());
    REQUIRE(r.bench.gateway.under_way().size() == 1);
    CHECK(r.bench.gateway.under_way()[0].guess.input > 0);
    call.reset();
    CHECK(guess() == prompt);
    CHECK(r.bench.gateway.under_way().empty());
    call = r.bench.ask(heard, r.question());
    r.bench.http.last().answer(401, "");
    CHECK(guess() == nothing);
}
