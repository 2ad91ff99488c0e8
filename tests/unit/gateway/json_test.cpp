// Models, balance and embeddings: one document each.

#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using What = http::Failure::What;

namespace {

template <class T>
struct Answered {
    std::vector<Result<T>> results;
    gateway::Gateway::Answer<T> function() {
        return [this](Result<T> result) { results.push_back(std::move(result)); };
    }
    const T& value() const { return *results.at(0); }
    const Error& error() const {
        REQUIRE_FALSE(results.at(0).ok());
        return results.at(0).error();
    }
};
using Models = Answered<std::vector<wire::ListedModel>>;
using Balances = Answered<std::vector<wire::Balance>>;

struct Listing : Bench {
    Models models;
    std::unique_ptr<gateway::Call> ask_models() {
        auto call = gateway.models(std::make_shared<config::Provider>(work), models.function());
        clock.settle();
        return call;
    }
};

}  // namespace

TEST_CASE("models are listed") {
    Listing bench;
    const auto call = bench.ask_models();
    auto& asked = bench.http.last();
    CHECK(asked.request.method == "GET");
    CHECK(asked.request.url == "https://gateway.example/v1/models");
    CHECK(*asked.header("Authorization") == "Bearer sk-live-0123456789abcdef");
    asked.head(200);
    asked.bytes(R"({"object":"list","da)");
    asked.bytes(R"(ta":[{"id":"a"},{"id":"b","context_length":8192}]})");
    CHECK(bench.models.results.empty());
    asked.end();
    REQUIRE(bench.models.results.size() == 1);
    REQUIRE(bench.models.value().size() == 2);
    CHECK(bench.models.value()[1].context_length == 8192);
    CHECK(asked.closed());
}

TEST_CASE("a listing that fails says who was asked and why") {
    Listing bench;
    const auto call = bench.ask_models();
    const auto [status, body, kind] = GENERATE(table<int, std::string, ErrorKind>(
        {{401, "", ErrorKind::unauthorized},
         {200, R"({"success":false,"message":"no"})", ErrorKind::upstream_unavailable},
         {200, "<html>login</html>", ErrorKind::bad_response},
         {302, "", ErrorKind::bad_response},
         {503, "", ErrorKind::upstream_unavailable}}));
    CAPTURE(status, body);
    bench.http.last().answer(status, body, {{"x-request-id", "req-1"}});
    REQUIRE(bench.models.results.size() == 1);
    CHECK(bench.models.error().kind == kind);
    CHECK(bench.models.error().provider == "work");
    CHECK(bench.models.error().request_id == "req-1");
    CHECK_FALSE(bench.models.error().message.empty());
    CHECK(bench.http.count() == 1);
}

TEST_CASE("a listing reconnects once after a lost connection") {
    Listing bench;
    const auto call = bench.ask_models();
    bench.http.last().fail(What::reset);
    REQUIRE(bench.http.count() == 2);
    SECTION("and gets its answer") {
        bench.http.last().answer(200, R"({"data":[{"id":"a"}]})");
        CHECK(bench.models.value().size() == 1);
    }
    SECTION("and no more than once") {
        bench.http.last().fail(What::reset);
        CHECK(bench.models.error().kind == ErrorKind::network);
        CHECK(bench.http.count() == 2);
    }
    SECTION("but not in the middle of an answer") {
        bench.http.last().head(200);
        bench.http.last().fail(What::short_body);
        CHECK(bench.models.error().kind == ErrorKind::network);
        CHECK(bench.http.count() == 2);
    }
}

TEST_CASE("a listing fetches the key anew once after a 401") {
    Listing bench;
    bench.work.key = {.kind = config::KeySource::Kind::file, .file = "/keys/work"};
    bench.files.write("/keys/work", "sk-old-key-00000000");
    const auto call = bench.ask_models();
    bench.files.write("/keys/work", "sk-new-key-11111111");
    bench.http.last().answer(401, "");
    bench.clock.settle();
    REQUIRE(bench.http.count() == 2);
    CHECK(*bench.http.last().header("Authorization") == "Bearer sk-new-key-11111111");
    bench.http.last().answer(401, "");
    CHECK(bench.models.error().kind == ErrorKind::unauthorized);
}

TEST_CASE("a listing that is let go is silent") {
    Listing bench;
    auto call = bench.gateway.models(std::make_shared<config::Provider>(bench.work), bench.models.function());
    const int stage = GENERATE(range(0, 3));
    if (stage > 0) bench.clock.settle();
    if (stage > 1) bench.http.last().head(200);
    call.reset();
    bench.clock.advance(std::chrono::hours{1});  // past the time that an idle key is kept
    CHECK(bench.models.results.empty());
    CHECK(bench.http.open() == 0);
    CHECK(bench.clock.waiting() == 0);
}

TEST_CASE("a listing may be let go inside its answer") {
    Listing bench;
    std::unique_ptr<gateway::Call> call;
    int answers = 0;
    call = bench.gateway.models(std::make_shared<config::Provider>(bench.work), [&](const auto&) {
        ++answers;
        call.reset();
    });
    bench.clock.settle();
    bench.http.last().answer(200, R"({"data":[]})");
    CHECK(answers == 1);
    CHECK(bench.http.open() == 0);
}

TEST_CASE("a held provider is not asked for its models either") {
    Listing bench;
    Heard heard;
    const auto chat = bench.ask(heard);
    bench.http.last().answer(429, "", {{"Retry-After", "30"}});
    const auto call = bench.ask_models();
    CHECK(bench.models.error().kind == ErrorKind::rate_limited);
    CHECK(bench.models.error().retry_after == Milliseconds{30'000});
    CHECK(bench.http.count() == 1);
}

TEST_CASE("the balance is asked where the provider's kind keeps it") {
    Bench bench;
    const auto [shape, url, body, amount] =
        GENERATE(table<std::string, std::string, std::string, std::string>(
            {{"generic", "https://gateway.example/v1/balance", R"({"balance":"12.30"})", "12.30"},
             {"deepseek", "https://gateway.example/user/balance",
              R"({"is_available":true,"balance_infos":[{"currency":"CNY","total_balance":"7.50"}]})", "7.50"},
             {"openrouter", "https://gateway.example/v1/credits",
              R"({"data":{"total_credits":10,"total_usage":4}})", "6"},
             {"siliconflow", "https://gateway.example/v1/user/info",
              R"({"code":20000,"data":{"totalBalance":"1"}})", "1"}}));
    CAPTURE(shape);
    bench.work.balance = shape;
    Balances balances;
    const auto call =
        bench.gateway.balance(std::make_shared<config::Provider>(bench.work), balances.function());
    bench.clock.settle();
    CHECK(bench.http.last().request.url == url);
    bench.http.last().answer(200, body);
    REQUIRE(balances.results.size() == 1);
    REQUIRE(balances.value().size() == 1);
    CHECK(balances.value()[0].amount == amount);
}

TEST_CASE("a one-api balance takes two questions, of which the second may fail") {
    Bench bench;
    bench.work.balance = "billing";
    Balances balances;
    const auto call =
        bench.gateway.balance(std::make_shared<config::Provider>(bench.work), balances.function());
    bench.clock.settle();
    CHECK(bench.http.last().request.url == "https://gateway.example/v1/dashboard/billing/subscription");
    SECTION("both answered") {
        bench.http.last().answer(200, R"({"object":"billing_subscription","hard_limit_usd":10})");
        bench.clock.settle();
        CHECK(bench.http.last().request.url == "https://gateway.example/v1/dashboard/billing/usage");
        bench.http.last().answer(200, R"({"object":"list","total_usage":250})");
        REQUIRE(balances.value().size() == 1);
        CHECK(balances.value()[0].amount == "7.5");
    }
    SECTION("usage refused") {
        bench.http.last().answer(200, R"({"object":"billing_subscription","hard_limit_usd":10})");
        bench.clock.settle();
        bench.http.last().answer(404, "");
        CHECK(balances.value().size() == 1);
    }
    SECTION("limit refused") {
        bench.http.last().answer(401, "");
        CHECK(balances.error().kind == ErrorKind::unauthorized);
        CHECK(balances.error().provider == "work");
        CHECK(bench.http.count() == 1);
    }
}

TEST_CASE("a provider without a balance endpoint says so, later and unless let go") {
    Bench bench;
    Balances balances;
    auto call = bench.gateway.balance(std::make_shared<config::Provider>(bench.work), balances.function());
    CHECK(balances.results.empty());
    SECTION("waited for") {
        bench.clock.settle();
        CHECK(balances.error().kind == ErrorKind::not_configured);
        CHECK(balances.error().hint.find("providers.work") != std::string::npos);
    }
    SECTION("let go") {
        call.reset();
        bench.clock.settle();
        CHECK(balances.results.empty());
    }
    CHECK(bench.http.count() == 0);
}

TEST_CASE("texts are embedded in their order") {
    Bench bench;
    Answered<wire::Embeddings> embeddings;
    const auto call = bench.gateway.embed({}, bench.model("e"), {"one", "two"}, embeddings.function());
    bench.clock.settle();
    CHECK(bench.http.last().request.method == "POST");
    CHECK(bench.http.last().request.url == "https://gateway.example/v1/embeddings");
    CHECK(bench.body(0) == Json{{"model", "e"}, {"input", {"one", "two"}}});
    SECTION("and come back as vectors") {
        bench.http.last().answer(
            200,
            R"({"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2]}],"usage":{"prompt_tokens":2}})");
        CHECK(embeddings.value().vectors == std::vector<std::vector<float>>{{1, 2}, {3, 4}});
    }
    SECTION("and a failure names the model") {
        bench.http.last().answer(404, refusal("no", "model_not_found"));
        CHECK(embeddings.error().kind == ErrorKind::model_not_found);
        CHECK(embeddings.error().model == "work/e");
    }
}
