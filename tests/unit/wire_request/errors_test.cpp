#include "server/upstream/wire/errors.h"

#include "protocol/base/utf.h"

using namespace dragoman;
using namespace dragoman::wire;
using K = ErrorKind;

namespace {

/// What must hold of every error that a person may see.
void check_shown(const Error& error) {
    CAPTURE(error.message, error.hint);
    CHECK_FALSE(error.message.empty());
    CHECK_FALSE(error.hint.empty());
    CHECK(error.message.size() <= 300);
    CHECK(is_valid_utf8(error.message));
    CHECK(error.message.find_first_of("\r\n\t") == std::string::npos);
    CHECK(error.hint.find_first_of("\r\n\t") == std::string::npos);
    CHECK(error.hint.back() == '.');
    // One sentence: no full stop but the last, save inside names and numbers.
    CHECK(error.hint.find(". ") == std::string::npos);
}

struct Case {
    int status;
    const char* body;
    K kind;
    bool retryable;
    const char* words = "";  // in the message
    const char* cure = "";   // in the hint
    const char* code = nullptr;
};

void check(const Case& c, const Headers& headers = {}) {
    CAPTURE(c.status, c.body);
    const Error error = read_error(c.status, headers, c.body);
    CHECK(wire_name(error.kind) == wire_name(c.kind));
    CHECK(error.retryable == c.retryable);
    CHECK_THAT(error.message, Catch::Matchers::ContainsSubstring(c.words));
    CHECK_THAT(error.hint, Catch::Matchers::ContainsSubstring(c.cure));
    if (c.code != nullptr) CHECK(error.upstream_code == c.code);
    check_shown(error);
}

}  // namespace

TEST_CASE("every shape of an error body gives up its message and code") {
    const std::vector<Case> cases = {
        // QJ1 to QJ3: OpenAI, with numbers, with bare text
        {400,
         R"_({"error":{"message":"bad thing","type":"invalid_request_error","param":null,"code":"c1"}})_",
         K::bad_request, false, "bad thing", "", "c1"},
        {400,
         R"_({"error":{"message":"bad thing","type":"invalid_request_error","param":"None","code":"None"}})_",
         K::bad_request, false, "bad thing", "", "invalid_request_error"},
        {429, R"_({"error":{"code":429,"message":"slow down","type":"x"}})_", K::rate_limited, true,
         "slow down", "", "429"},
        {502,
         R"_({"error":{"message":"Provider returned error","code":502,"metadata":{"provider_name":"P","raw":"{\"error\":{\"message\":\"inner words\"}}"}},"user_id":"u"})_",
         K::upstream_unavailable, true, "Provider returned error: inner words"},
        {500, R"_({"error":"it broke"})_", K::upstream_unavailable, true, "it broke"},
        {422, R"_({"error":"odd field","status":422,"message":"m"})_", K::bad_request, false, "odd field"},
        // QJ4: flat
        {400,
         R"_({"object":"error","message":"flat words","type":"BadRequestError","param":null,"code":400})_",
         K::bad_request, false, "flat words", "", "400"},
        // QJ5, QJ6: FastAPI
        {422,
         R"_({"detail":[{"loc":["body","seed"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]})_",
         K::bad_request, false, "seed: Extra inputs", "\"seed\"", "extra_forbidden"},
        {400, R"_({"detail":"plain detail"})_", K::bad_request, false, "plain detail"},
        {400, R"_({"detail":{"message":"deep detail","code":"d1"}})_", K::bad_request, false, "deep detail",
         "", "d1"},
        // QJ7: Anthropic
        {529,
         R"_({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"})_",
         K::upstream_unavailable, true, "Overloaded", "", "overloaded_error"},
        // QJ8: the management side of the one-api family
        {200, R"_({"success":false,"message":"no models for you"})_", K::upstream_unavailable, true,
         "no models for you"},
        // QJ9: what Chinese clouds send
        {400, R"_({"code":1001,"msg":"msg words"})_", K::bad_request, false, "msg words", "", "1001"},
        {400, R"_({"err":"err words"})_", K::bad_request, false, "err words"},
        {400, R"_({"error_msg":"error_msg words"})_", K::bad_request, false, "error_msg words"},
        {400, R"_({"header":{"message":"header words"}})_", K::bad_request, false, "header words"},
        {400, R"_({"response":{"error":{"message":"response words"}}})_", K::bad_request, false,
         "response words"},
        {400, R"_({"message":"message words"})_", K::bad_request, false, "message words"},
        // QJ10 to QJ14
        {500,
         R"_({"error":{"message":"oops (request id: 2025aa)","type":"new_api_error","param":"","code":""}})_",
         K::upstream_unavailable, true, "oops", "", "new_api_error"},
        {400,
         R"_({"error":{"code":"content_filter","message":"filtered","innererror":{"code":"ResponsibleAIPolicyViolation"}}})_",
         K::content_filtered, false, "filtered"},
        {401, R"_({"message":"kimi words","type":"invalid_authentication_error"})_", K::unauthorized, false,
         "kimi words"},
        {400,
         R"_([{"error":{"code":400,"message":"API key not valid. Pass a valid one.","status":"INVALID_ARGUMENT"}}])_",
         K::unauthorized, false, "API key not valid"},
        {500, R"_({"data":{"error":{"message":"wrapped words"}},"success":false})_", K::upstream_unavailable,
         true, "wrapped words"},
        // QJ15 to QJ18: two objects, nothing, HTML, text
        {429, R"_({"error":{"message":"first"}}{"error":{"message":"second"}})_", K::rate_limited, true,
         "first"},
        {429, "", K::rate_limited, true, "HTTP 429"},
        {502, "<html><head><title>502 Bad Gateway</title></head></html>", K::upstream_unavailable, true,
         "502 Bad Gateway"},
        {404, "404 page not found\n", K::bad_response, false, "404 page not found", "baseUrl"},
        // Framed although it is no stream; a BOM; a JSON string; JSON of no known shape
        {500, "event: error\ndata: {\"error\":{\"message\":\"framed\"}}\n\n", K::upstream_unavailable, true,
         "framed"},
        {500, "error: {\"message\":\"old llama\"}\n\ndata: [DONE]\n\n", K::upstream_unavailable, true,
         "old llama"},
        {500, "\xEF\xBB\xBF{\"error\":{\"message\":\"after a mark\"}}", K::upstream_unavailable, true,
         "after a mark"},
        {401, R"_("no entry")_", K::unauthorized, false, "no entry"},
        {500, R"_({"reason":"unheard of"})_", K::upstream_unavailable, true, "unheard of"},
        // Odd types where text belongs
        {500, R"_({"error":{"message":{"a":1}}})_", K::upstream_unavailable, true, R"_({"a":1})_"},
        {500, R"_({"error":{"message":7}})_", K::upstream_unavailable, true, ": 7"},
        {500, R"_({"error":{"message":null,"code":null}})_", K::upstream_unavailable, true, "HTTP 500"},
    };
    for (const auto& c : cases) check(c);
}

TEST_CASE("a refusal of each gateway says what is wrong and how to cure it") {
    const std::vector<Case> cases = {
        // OpenCodex: statuses and words of its table
        {400, R"_({"error":{"message":"请求参数错误"}})_", K::bad_request, false, "请求参数错误", "options"},
        {401, R"_({"error":{"message":"API Key 无效、过期或格式错误(必须以 sk-live- 开头)"}})_",
         K::unauthorized, false, "必须以 sk-live- 开头", "sk-live-"},
        {402, R"_({"error":{"message":"Insufficient Credits"}})_", K::insufficient_balance, false,
         "Insufficient Credits", "Top up"},
        {402, "", K::insufficient_balance, false, "credit", "Top up"},
        {429, R"_({"message":"Too many requests"})_", K::rate_limited, true, "Too many requests",
         "fewer requests"},
        {500, R"_({"message":"Internal server error"})_", K::upstream_unavailable, true, "Internal",
         "support"},
        // ope.ai
        {400, R"_({"error":{"message":"string","type":"string","param":"string","code":"string"}})_",
         K::bad_request, false, "string", "\"string\""},
        {429, R"_({"error":{"message":"string","type":"string","param":"string","code":"string"}})_",
         K::rate_limited, true, "string", "Wait"},
        // The generic gateway
        {400, R"_({"error":"missing model"})_", K::bad_request, false, "missing model", "options"},
        {401, R"_({"error":"API Key disabled"})_", K::unauthorized, false, "disabled",
         "expired nor disabled"},
        {402, R"_({"error":"wallet suspended"})_", K::insufficient_balance, false, "wallet suspended",
         "Top up"},
        {403, R"_({"error":"model not in allowlist"})_", K::forbidden, false, "allowlist", "allowed models"},
        {429, R"_({"error":"Rate limit exceeded"})_", K::rate_limited, true, "Rate limit", "Wait"},
        {429, R"_({"error":"Token quota exhausted"})_", K::insufficient_balance, false, "quota", "quota"},
        {429, R"_({"error":"Daily limit reached"})_", K::rate_limited, false, "Daily limit", "administrator"},
        {500, "Internal server error", K::upstream_unavailable, true, "Internal", "later"},
        {502, R"_({"error":"Upstream provider unavailable"})_", K::upstream_unavailable, true,
         "Upstream provider", "another model"},
        // open1.codes
        {401, R"_({"error":{"message":"无效的令牌"}})_", K::unauthorized, false, "无效的令牌", "blanks"},
        {403, R"_({"error":{"message":"forbidden"}})_", K::forbidden, false, "forbidden", "User-Agent"},
        {403, "", K::forbidden, false, "HTTP 403", "group, subscription"},
        {429, R"_({"error":{"message":"并发限制"}})_", K::rate_limited, true, "并发限制", "group"},
        {429, R"_({"error":{"message":"额度不足"}})_", K::insufficient_balance, false, "额度不足", "Top up"},
        {404, R"_({"error":{"message":"模型不存在"}})_", K::model_not_found, false, "模型不存在", "list"},
    };
    for (const auto& c : cases) check(c);
}

TEST_CASE("a status without words has its usual meaning") {
    const std::vector<Case> cases = {
        {0, "", K::bad_response, true, "empty"},
        {200, "", K::bad_response, true, "empty"},
        {405, "", K::bad_response, false, "endpoint", "baseUrl"},
        {407, "", K::network, false, "proxy", "proxy"},
        {408, "", K::timeout, true},
        {409, "", K::upstream_unavailable, true},
        {413, "", K::bad_request, false, "too large", "smaller"},
        {415, "", K::bad_request, false},
        {418, "", K::bad_request, false},
        {422, "", K::bad_request, false},
        {451, "", K::forbidden, false},
        {499, "", K::upstream_unavailable, true},
        {501, "", K::bad_request, false, "does not offer"},
        {503, "", K::upstream_unavailable, true},
        {504, "", K::upstream_unavailable, false, "", "billed"},
        {520, "", K::upstream_unavailable, true},
        {523, "", K::upstream_unavailable, true},
        {524, "<html>a timeout</html>", K::upstream_unavailable, false, "", "billed"},
        {529, "", K::upstream_unavailable, true},
        {599, "", K::upstream_unavailable, true},
    };
    for (const auto& c : cases) check(c);
}

TEST_CASE("the body outranks the status") {
    const std::vector<Case> cases = {
        {429, R"_({"error":{"message":"m","code":"insufficient_quota"}})_", K::insufficient_balance, false},
        {403, R"_({"error":{"message":"m","code":"insufficient_user_quota"}})_", K::insufficient_balance,
         false},
        {401, R"_({"error":{"message":"该令牌额度已用尽 (request id: 1)"}})_", K::insufficient_balance,
         false},
        {503, R"_({"error":{"message":"No available channel for model x","code":"model_not_found"}})_",
         K::model_not_found, false},
        {503, R"_({"error":{"message":"当前分组 default 下对于模型 x 无可用渠道"}})_", K::model_not_found,
         false, "", "group"},
        {400, R"_({"error":{"message":"The model `x` does not exist"}})_", K::model_not_found, false},
        {404,
         R"_({"error":{"message":"The model `x` does not exist or you do not have access to it.","code":"model_not_found"}})_",
         K::model_not_found, false},
        {404,
         R"_({"error":{"message":"Invalid URL (POST /v1/chat/completions)","type":"invalid_request_error"}})_",
         K::bad_response, false, "endpoint", "api"},
        {404, R"_({"error":{"message":"File Not Found","type":"not_found_error","code":404}})_",
         K::bad_response, false},
        {404, R"_({"type":"error","error":{"type":"not_found_error","message":"model: claude-x"}})_",
         K::model_not_found, false},
        {413, R"_({"error":{"message":"prompt is too long: 210000 tokens"}})_", K::context_too_long, false,
         "", "less context"},
        {500, R"_({"error":{"code":500,"message":"Unsupported param: suffix","type":"server_error"}})_",
         K::bad_request, false, "", "\"suffix\""},
        {501,
         R"_({"error":{"code":501,"message":"Infill is not supported by this model","type":"not_supported_error"}})_",
         K::bad_request, false},
        {403,
         R"_({"error":{"message":"Project does not have access to model gpt-4o","code":"model_not_found"}})_",
         K::forbidden, false, "", "Choose another model"},
        {500, R"_({"error":{"message":"billing service is down"}})_", K::upstream_unavailable, true},
        {403, "<!DOCTYPE html><html><title>Just a moment...</title></html>", K::forbidden, false, "WAF",
         "userAgent"},
        {200, "<!doctype html><html><title>Sign in</title></html>", K::bad_response, false, "Sign in",
         "baseUrl"},
        {200, R"_({"detail":"Not Found"})_", K::bad_response, false, "Not Found", "baseUrl"},
        {200, R"_({"hello":"world"})_", K::bad_response, false},
        {400, R"_({"error":{"message":"Invalid 'user': string too long","code":"string_above_max_length"}})_",
         K::bad_request, false},
    };
    for (const auto& c : cases) check(c);
}

TEST_CASE("a status inside the body replaces a success outside") {
    const auto boom = Json::parse(R"_({"error":{"message":"boom","type":"server_error","code":500}})_");
    const Error error = read_error_object(200, {}, boom);
    CHECK(error.kind == K::upstream_unavailable);
    CHECK(error.http_status == 500);
    CHECK(error.upstream_code == "500");
    CHECK(error.upstream_message == "boom");
    CHECK(error.retryable);

    const Error bad =
        read_error_object(200, {}, Json::parse(R"_({"object":"error","message":"m","code":400})_"));
    CHECK(bad.kind == K::bad_request);
    CHECK_FALSE(bad.retryable);
}

TEST_CASE("error types in a stream without a status decide") {
    const std::vector<std::pair<const char*, K>> cases = {
        {R"_({"type":"error","error":{"type":"overloaded_error","message":"m"}})_", K::upstream_unavailable},
        {R"_({"type":"error","code":"rate_limit_exceeded","message":"m"})_", K::rate_limited},
        {R"_({"type":"error","code":"insufficient_quota","message":"m"})_", K::insufficient_balance},
        {R"_({"error":{"type":"authentication_error","message":"m"}})_", K::unauthorized},
        {R"_({"error":{"type":"permission_error","message":"m"}})_", K::forbidden},
        {R"_({"error":{"type":"invalid_request_error","message":"m"}})_", K::bad_request},
        {R"_({"error":{"code":"context_length_exceeded","message":"m"}})_", K::context_too_long},
        {R"_({"error":"the model broke"})_", K::upstream_unavailable},
        {R"_({"code":"server_error","message":"m"})_", K::upstream_unavailable},
    };
    for (const auto& [text, kind] : cases) {
        CAPTURE(text);
        const Error error = read_error_object(200, {}, Json::parse(text));
        CHECK(wire_name(error.kind) == wire_name(kind));
        check_shown(error);
    }
}

TEST_CASE("every phrase for a prompt that is too long is known") {
    const std::vector<const char*> phrases = {
        "context_length_exceeded",
        "input length and max_tokens exceed context limit: 1 + 2 > 3",
        "This model's maximum context length is 8192 tokens",
        "the model's maximum context limit of 8192",
        "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
        "Input tokens exceed the configured limit of 272000 tokens",
        "the request exceeds the available context size, try increasing it",
        "The input token count (1) exceeds the maximum number of tokens allowed (0).",
        "`inputs` current length is 9 while limit is 8",
        "`inputs` tokens + `max_new_tokens` must be <= 4096",
        "The number of tokens in the prompt exceeds the limit",
        "Please use a shorter prompt",
        "prompt is too long: 9 tokens > 8 maximum"};
    for (const auto* phrase : phrases) {
        for (const int status : {400, 403, 413}) {
            CAPTURE(phrase, status);
            const Error error = read_error(status, {}, dump_json(Json{{"error", {{"message", phrase}}}}));
            CHECK(wire_name(error.kind) == wire_name(K::context_too_long));
            CHECK_FALSE(error.retryable);
        }
    }
}

TEST_CASE("every phrase for spent money is known") {
    const std::vector<const char*> phrases = {"insufficient_quota",
                                              "insufficient_user_quota",
                                              "Insufficient Balance",
                                              "You exceeded your current quota, please check your plan",
                                              "check your billing details",
                                              "Insufficient credits",
                                              "pre_consume_token_quota_failed",
                                              "user quota is not enough",
                                              "账户余额不足",
                                              "令牌额度不足",
                                              "用户额度不足",
                                              "该令牌额度已用尽",
                                              "积分不足",
                                              "账户已欠费",
                                              "请充值后再试"};
    for (const auto* phrase : phrases) {
        for (const int status : {401, 402, 403, 429}) {
            CAPTURE(phrase, status);
            const Error error = read_error(status, {}, dump_json(Json{{"error", {{"message", phrase}}}}));
            CHECK(wire_name(error.kind) == wire_name(K::insufficient_balance));
            CHECK_FALSE(error.retryable);
        }
    }
}

TEST_CASE("the one-api family's words are told apart") {
    const std::vector<Case> cases = {
        {401, R"_({"error":{"message":"该令牌已过期"}})_", K::unauthorized, false},
        {401, R"_({"error":{"message":"该令牌状态不可用"}})_", K::unauthorized, false},
        {401, R"_({"error":{"message":"未提供令牌"}})_", K::unauthorized, false},
        {401, R"_({"error":{"message":"令牌验证失败"}})_", K::unauthorized, false},
        {403, R"_({"error":{"message":"用户已被封禁"}})_", K::unauthorized, false, "blocked", "support"},
        {403, R"_({"error":{"message":"该令牌无权使用模型:gpt-4"}})_", K::forbidden, false, "",
         "another model"},
        {403, R"_({"error":{"message":"该令牌无权访问模型 gpt-4"}})_", K::forbidden, false, "",
         "another model"},
        {403, R"_({"error":{"message":"该令牌无权访问任何模型"}})_", K::forbidden, false},
        {403, R"_({"error":{"message":"该令牌只能在指定网段使用"}})_", K::forbidden, false, "", "networks"},
        {403, R"_({"error":{"message":"您的 IP 不在令牌允许访问的列表中"}})_", K::forbidden, false, "",
         "networks"},
        {403, R"_({"error":{"message":"令牌分组 vip 已被禁用"}})_", K::forbidden, false, "", "active group"},
        {403, R"_({"error":{"message":"分组 vip 已被弃用"}})_", K::forbidden, false, "", "active group"},
        {429, R"_({"error":{"message":"当前分组上游负载已饱和,请稍后再试"}})_", K::rate_limited, true, "",
         "another model"},
        {429, R"_({"error":{"message":"您已达到请求数限制:1分钟内最多请求5次"}})_", K::rate_limited, true},
        {429, R"_({"error":{"message":"您已达到总请求数限制"}})_", K::rate_limited, true},
        {500, R"_({"error":{"message":"请求上游地址失败"}})_", K::upstream_unavailable, true},
        {403, R"_({"error":{"message":"普通用户不支持指定渠道"}})_", K::unauthorized, false, "", "hyphen"},
        {400, R"_({"error":{"message":"无效的渠道 Id"}})_", K::unauthorized, false, "", "hyphen"},
    };
    for (const auto& c : cases) check(c);
}

TEST_CASE("a server that loads its model is asked again in a second") {
    const Error error = read_error(
        503, {}, R"_({"error":{"message":"Loading model","type":"unavailable_error","code":503}})_");
    CHECK(error.kind == K::upstream_unavailable);
    CHECK(error.retryable);
    CHECK(error.retry_after == std::chrono::seconds{1});
}

TEST_CASE("a redirect names its host and nothing secret") {
    const std::vector<std::pair<const char*, const char*>> cases = {
        {"https://login.example.com/sign?token=abc", "login.example.com"},
        {"https://user:pass@other.example:8443/x", "other.example:8443"},
        {"//cdn.example/x", "cdn.example"},
        {"/login?next=1", "/login"}};
    for (const auto& [location, target] : cases) {
        CAPTURE(location);
        const Error error = read_error(307, {{"Location", location}}, "<html>moved</html>");
        CHECK(error.kind == K::bad_response);
        CHECK_FALSE(error.retryable);
        CHECK_THAT(error.message, Catch::Matchers::ContainsSubstring(std::string{" to "} + target + " "));
        CHECK_FALSE(error.message.find("token") != std::string::npos);
        CHECK_FALSE(error.message.find("pass") != std::string::npos);
        check_shown(error);
    }
}

TEST_CASE("request ids come from headers, else from the body") {
    const char* body = R"_({"error":{"message":"m (request id: 20250102)"}})_";
    CHECK(read_error(500, {{"X-Request-Id", "a"}, {"CF-Ray", "b"}}, body).request_id == "a");
    CHECK(read_error(500, {{"x-oneapi-request-id", "c"}}, body).request_id == "c");
    CHECK(read_error(500, {{"cf-ray", "d"}}, body).request_id == "d");
    CHECK(read_error(500, {{"X-Generation-Id", "e"}}, body).request_id == "e");
    const Error error = read_error(500, {}, body);
    CHECK(error.request_id == "20250102");
    CHECK(error.upstream_message == "m");
    CHECK(read_error(500, {}, R"_({"error":{"message":"m"},"request_id":"req_1"})_").request_id == "req_1");
}

TEST_CASE("a delay in the headers is part of the error and of its hint") {
    const Error error = read_error(429, {{"Retry-After", "60"}}, "");
    CHECK(error.retry_after == std::chrono::seconds{60});
    CHECK_THAT(error.hint, Catch::Matchers::ContainsSubstring("60 s"));
    check_shown(error);

    const Headers spent = {{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "1.5s"}};
    CHECK(read_error(429, spent, "").retry_after == std::chrono::milliseconds{1500});
    CHECK_FALSE(read_error(401, spent, "").retry_after);

    const Headers dated = {{"Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT"}};
    CHECK_FALSE(read_error(429, dated, "").retry_after);
    const Headers both = {{"Retry-After", "Thu, 01 Jan 2026 00:00:30 GMT"},
                          {"Date", "Thu, 01 Jan 2026 00:00:00 GMT"}};
    CHECK(read_error(429, both, "").retry_after == std::chrono::seconds{30});
}

TEST_CASE("a server may forbid the retry") {
    CHECK(read_error(500, {}, "").retryable);
    CHECK_FALSE(read_error(500, {{"x-should-retry", "false"}}, "").retryable);
}

TEST_CASE("no key survives in anything that is shown") {
    const std::vector<std::string> keys = {
        "sk-live-abcdefgh12345678", "sk-abc***wxyz9",
        "gsk_0123456789abcdef",     "eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl",
        "AIzaSyA1234567890abcdef",  "0123456789abcdef0123456789abcdef01234567"};
    const std::vector<std::string> forms = {
        "Incorrect API key provided: {}. You can find yours at https://x.y/keys",
        "bad header Authorization: Bearer {}",
        "see https://h/keys/{}/x",
        "key={}",
        "[{}]",
        "{}",
        "line one\nkey '{}'\nline three",
        "密钥{}无效"};
    for (const auto& key : keys) {
        for (const auto& form : forms) {
            std::string words = form;
            words.replace(words.find("{}"), 2, key);
            const Json value = {
                {"error", {{"message", words}, {"code", words}, {"param", words}, {"request_id", words}}}};
            const Error error = read_error(401, {}, dump_json(value));
            CAPTURE(words, error.message);
            for (const auto& shown : {error.message, error.hint, error.upstream_message, error.upstream_code,
                                      error.param, error.request_id}) {
                CHECK(shown.find(key) == std::string::npos);
                CHECK(shown.find(key.substr(4)) == std::string::npos);
            }
            CHECK(error.message.find("***") != std::string::npos);
            check_shown(error);
        }
    }
}

TEST_CASE("a long or broken message is cut to one valid line") {
    const std::string long_text(1U << 20U, 'x');
    check_shown(read_error(500, {}, dump_json(Json{{"error", {{"message", long_text}}}})));
    std::string wide;
    for (int i = 0; i < 1000; ++i) wide += "语\n";
    check_shown(read_error(500, {}, dump_json(Json{{"error", {{"message", wide}}}})));
    check_shown(read_error(500, {}, "{\"error\":{\"message\":\"bad \xFF\xFE bytes\"}}"));
    check_shown(read_error(500, {}, "\x1F\x8B\x08 not text \xFF"));
    check_shown(read_error(500, {}, std::string(20'000, '[')));
    check_shown(read_error(500, {}, std::string(20'000, '{')));
}

TEST_CASE("an error object is told from an answer") {
    for (const auto* failure :
         {R"_({"error":{"message":"m"}})_", R"_({"error":"m"})_", R"_({"object":"error","message":"m"})_",
          R"_({"type":"error","message":"m"})_", R"_({"success":false})_", R"_({"detail":"m"})_",
          R"_({"detail":[{"msg":"m"}]})_", R"_({"code":1,"msg":"m"})_", R"_({"message":"m"})_",
          R"_([{"error":{"message":"m"}}])_", R"_({"response":{"error":{"message":"m"}}})_",
          R"_({"error":{"code":1},"choices":[]})_"}) {
        CAPTURE(failure);
        CHECK(is_error_object(Json::parse(failure)));
    }
    for (const auto* answer :
         {R"_({"error":null,"choices":[]})_", R"_({"error":{},"choices":[]})_",
          R"_({"error":"","choices":[]})_", R"_({"choices":[],"message":"m"})_",
          R"_({"success":true,"message":"ok"})_", R"_({"success":true,"data":[],"message":""})_",
          R"_({"code":0,"msg":"ok","balance":1})_", R"_({"message":{"role":"assistant"}})_", R"_([])_",
          R"_(["a"])_", R"_("text")_", R"_(7)_", R"_({"status":"ok"})_",
          R"_({"data":[],"object":"list"})_"}) {
        CAPTURE(answer);
        CHECK_FALSE(is_error_object(Json::parse(answer)));
    }
}
