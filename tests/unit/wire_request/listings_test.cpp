#include "server/upstream/wire/listings.h"

using namespace dragoman;
using namespace dragoman::wire;
using K = ErrorKind;

namespace {

std::vector<std::string> ids(std::string_view body) {
    const auto models = read_models(200, {}, body);
    std::vector<std::string> out;
    if (!models) return {"error"};
    for (const auto& model : *models) out.push_back(model.id);
    return out;
}

ListedModel first(std::string_view body) { return read_models(200, {}, body).value().at(0); }

/// "amount unit" of each balance, or "error".
std::vector<std::string> amounts(const Result<std::vector<Balance>>& balances) {
    if (!balances) return {"error"};
    std::vector<std::string> out;
    for (const auto& balance : *balances) out.push_back(balance.amount + " " + balance.unit);
    return out;
}

std::vector<std::string> amounts(BalanceShape shape, std::string_view body) {
    return amounts(read_balance(shape, 200, {}, body));
}

void check_refused(std::size_t inputs, const char* body) {
    CAPTURE(body);
    const auto result = read_embeddings(inputs, 200, {}, body);
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().kind == K::bad_response);
    CHECK_FALSE(result.error().message.empty());
    CHECK_FALSE(result.error().hint.empty());
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("models are listed in order, once each, in every shape") {
    CHECK(ids(R"({"object":"list","data":[{"id":"b"},{"id":"a"}]})") == List{"b", "a"});
    CHECK(ids(R"({"success":true,"data":[{"id":"a","object":"model"}],"object":"list"})") == List{"a"});
    CHECK(ids(R"({"data":[{"id":"a"},{"id":"a"},{"id":" "},{"id":""},{"x":1},7,null,"b"," b "]})") ==
          List{"a", "b"});
    CHECK(ids(R"({"models":[{"name":"n"},{"model":"m"},{"slug":"s"},"t"]})") == List{"n", "m", "s", "t"});
    CHECK(ids(R"([{"id":"a"},"b"])") == List{"a", "b"});
    CHECK(ids("\xEF\xBB\xBF {\"data\":[{\"id\":\"a\"}]}\n") == List{"a"});
    for (const auto* empty :
         {R"({"data":null})", R"({"data":[]})", R"({"object":"list"})", R"({"data":"x"})", "[]", "{}"}) {
        CAPTURE(empty);
        CHECK(ids(empty).empty());
    }
}

TEST_CASE("the context length is found under each vendor's name") {
    for (const auto* body : {R"([{"id":"a","context_length":8}])", R"([{"id":"a","max_model_len":8}])",
                             R"([{"id":"a","context_window":8}])", R"([{"id":"a","max_context_length":8.0}])",
                             R"([{"id":"a","context_length":0,"max_model_len":8}])",
                             R"([{"id":"a","top_provider":{"context_length":8}}])",
                             R"([{"id":"a","meta":{"n_ctx_train":8}}])"}) {
        CAPTURE(body);
        CHECK(first(body).context_length == 8);
    }
    CHECK_FALSE(first(R"([{"id":"a","meta":null,"context_length":-1}])").context_length);
    CHECK(first(R"([{"id":"a","top_provider":{"max_completion_tokens":9}}])").max_output == 9);
}

TEST_CASE("a model list that is none is an error") {
    for (const auto& [status, body] :
         std::vector<std::pair<int, const char*>>{{200, R"({"success":false,"message":"no"})"},
                                                  {200, "<html><title>Home</title></html>"},
                                                  {200, "plain"},
                                                  {200, ""},
                                                  {200, "7"},
                                                  {401, R"({"data":[]})"},
                                                  {404, ""}}) {
        CAPTURE(status, body);
        CHECK_FALSE(read_models(status, {}, body).ok());
    }
    CHECK(read_models(200, {}, "<html></html>").error().kind == K::bad_response);
    CHECK(read_models(401, {}, "").error().kind == K::unauthorized);
}

TEST_CASE("a balance of unknown shape is found by its usual names") {
    for (const auto& [body, expected] : std::vector<std::pair<const char*, const char*>>{
             {R"({"balance":"12.30"})", "12.30 credits"},
             {R"({"data":{"credits":500}})", "500 credits"},
             {R"({"code":20000,"data":{"totalBalance":"1"}})", "1 credits"},
             {R"({"code":0,"msg":"ok","remaining":3})", "3 credits"},
             {R"({"result":{"total_balance":-1.5,"currency":"CNY"}})", "-1.5 CNY"},
             {R"({"object":"credit_summary","total_granted":5,"total_available":2})", "2 credits"},
             {R"({"data":77})", "77 credits"},
             {R"({"quota":"none"})", " credits"}}) {  // nothing found: the caller shows it raw
        CAPTURE(body);
        CHECK(amounts(BalanceShape::generic, body) == List{expected});
    }
    CHECK(read_balance(BalanceShape::generic, 200, {}, R"({"x":1})").value()[0].raw ==
          Json::parse(R"({"x":1})"));
}

TEST_CASE("the balances of known vendors") {
    CHECK(amounts(BalanceShape::deepseek, R"({"is_available":true,"balance_infos":[
            {"currency":"CNY","total_balance":"110.00","granted_balance":"10.00"},{"currency":"USD","total_balance":"5.10"}]})") ==
          List{"110.00 CNY", "5.10 USD"});
    CHECK(amounts(BalanceShape::openrouter, R"({"data":{"total_credits":10.5,"total_usage":0.25}})") ==
          List{"10.25 USD"});
    CHECK(
        amounts(
            BalanceShape::siliconflow,
            R"({"code":20000,"message":"OK","status":true,"data":{"balance":"0.88","totalBalance":"88.00"}})") ==
        List{"88.00 CNY"});
    for (const auto shape : {BalanceShape::deepseek, BalanceShape::openrouter, BalanceShape::siliconflow}) {
        CHECK(amounts(shape, R"({"data":{}})") == List{"error"});
    }
    CHECK(amounts(BalanceShape::generic, R"({"error":{"message":"m","type":"one_api_error"}})") ==
          List{"error"});
    CHECK(read_balance(BalanceShape::generic, 404, {}, "").error().http_status == 404);
}

TEST_CASE("the one-api pair is limit less usage") {
    const char* subscription =
        R"({"object":"billing_subscription","hard_limit_usd":12.5,"has_payment_method":true})";
    CHECK(amounts(read_billing(subscription, R"({"object":"list","total_usage":250})")) == List{"10 USD"});
    CHECK(amounts(read_billing(subscription, R"({"object":"list","total_usage":0.05})")) ==
          List{"12.4995 USD"});
    CHECK(amounts(read_billing(subscription, "")) == List{"12.5 USD"});
    CHECK(amounts(read_billing(subscription, R"({"error":{"message":"m"}})")) == List{"12.5 USD"});
    CHECK(amounts(read_billing(R"({"hard_limit_usd":100000000})", "")) == List{"unlimited USD"});
    CHECK(amounts(read_billing(R"({"error":{"message":"m"}})", "")) == List{"error"});
    CHECK(amounts(read_billing("", "")) == List{"error"});
    CHECK(amounts(read_billing("{}", "")) == List{"error"});
}

TEST_CASE("embeddings are put in the order of the input") {
    const auto sorted = read_embeddings(
        2, 200, {},
        R"({"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1.5,2]}],"usage":{"prompt_tokens":6}})");
    REQUIRE(sorted.ok());
    CHECK(sorted->vectors == std::vector<std::vector<float>>{{1.5F, 2.F}, {3.F, 4.F}});
    REQUIRE(sorted->usage.has_value());
    CHECK(sorted->usage->input == 6);
    const auto unnumbered = read_embeddings(2, 200, {}, R"({"data":[{"embedding":[1]},{"embedding":[2]}]})");
    REQUIRE(unnumbered.ok());
    CHECK(unnumbered->vectors == std::vector<std::vector<float>>{{1.F}, {2.F}});
    CHECK_FALSE(unnumbered->usage);
}

TEST_CASE("embeddings in base64 are little-endian floats") {
    // 1.0f, -2.5f
    const auto result = read_embeddings(1, 200, {}, R"({"data":[{"index":0,"embedding":"AACAPwAAIMA="}]})");
    REQUIRE(result.ok());
    CHECK(result->vectors == std::vector<std::vector<float>>{{1.0F, -2.5F}});
}

TEST_CASE("embeddings that cannot be right are refused") {
    check_refused(1, R"({"data":[{"index":0,"embedding":"AACAPwA="}]})");  // five bytes
    check_refused(1, R"({"data":[{"index":0,"embedding":"!!!!"}]})");      // not base64
    check_refused(1, R"({"data":[{"index":0,"embedding":"AADAfw=="}]})");  // NaN
    check_refused(1, R"({"data":[{"index":0,"embedding":[NaN]}]})");
    check_refused(1, R"({"data":[{"index":0,"embedding":[1e300]}]})");
    check_refused(1, R"({"data":[{"index":0,"embedding":[null]}]})");
    check_refused(1, R"({"data":[{"index":0,"embedding":[]}]})");
    check_refused(1, R"({"data":[{"index":0}]})");
    check_refused(1, R"({"data":[{"index":0,"embedding":[[1,2],[3,4]]}]})");  // one vector a token
    check_refused(2, R"({"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1,2]}]})");
    check_refused(2, R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[2]}]})");
    check_refused(2, R"({"data":[{"index":0,"embedding":[1]},{"index":2,"embedding":[2]}]})");
    check_refused(1, R"({"data":[{"index":-1,"embedding":[1]}]})");
    check_refused(2, R"({"data":[{"index":0,"embedding":[1]}]})");
    check_refused(1, R"({"data":null})");
    check_refused(1, "<html></html>");
    CHECK(read_embeddings(1, 200, {}, R"({"data":[{"index":0,"embedding":[[1]]}]})")
              .error()
              .hint.find("pooling") != std::string::npos);
    CHECK(read_embeddings(1, 501, {}, R"({"error":{"message":"m","type":"not_supported_error"}})")
              .error()
              .kind == K::bad_request);
}
