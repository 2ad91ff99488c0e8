#include "server/upstream/wire/adapt.h"

#include "server/upstream/wire/errors.h"

using namespace dragoman;
using namespace dragoman::wire;

namespace {

Json sent() {
    return Json::parse(
        R"({"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"u"}],
        "max_tokens":10,"temperature":0.2,"top_p":0.9,"seed":1,"stop":["x"],"stream":true,"store":false,
        "stream_options":{"include_usage":true},"reasoning_effort":"minimal","verbosity":"low","suffix":"S",
        "response_format":{"type":"json_schema","json_schema":{}},
        "tools":[{"type":"function","function":{"name":"f","strict":true}}]})");
}

std::optional<Dialect> after(int status, const std::string& body, const Json& request = sent(),
                             const Dialect& from = {}) {
    return adapt(from, read_error(status, {}, body), request);
}

std::string refusal(const char* message, const char* param = nullptr, const char* code = nullptr) {
    Json error = {{"message", message}};
    if (param != nullptr) error["param"] = param;
    if (code != nullptr) error["code"] = code;
    return dump_json(Json{{"error", error}});
}

Dialect without(const char* name) {
    Dialect dialect;
    dialect.dropped.insert(name);
    return dialect;
}

}  // namespace

TEST_CASE("a refused output limit takes its other name") {
    Dialect modern;
    modern.max_completion_tokens = true;
    const auto words =
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' "
        "instead.";
    CHECK(after(400, refusal(words, "max_tokens", "unsupported_parameter")) == modern);
    CHECK(after(400, refusal(words)) == modern);
    const auto back =
        adapt(modern, read_error(400, {}, refusal("Unrecognized request argument: max_completion_tokens")),
              Json::parse(R"({"max_completion_tokens":5})"));
    REQUIRE(back);
    CHECK_FALSE(back->max_completion_tokens);
    CHECK_FALSE(after(400, refusal("max_tokens is too large: 10", "max_tokens", "invalid_value")));
}

TEST_CASE("a refused field is dropped, whoever refuses it and however") {
    struct Row {
        int status;
        std::string body;
        const char* field;
    };
    const std::vector<Row> rows = {
        {400,
         refusal("Unsupported value: 'temperature' does not support 0.2 with this model. Only the default "
                 "(1) value is "
                 "supported.",
                 "temperature", "unsupported_value"),
         "temperature"},
        {400,
         R"({"message":"invalid temperature: only 1 is allowed for this model","type":"invalid_request_error"})",
         "temperature"},
        {400, refusal("top_p is not supported"), "top_p"},
        {400, refusal("'stop' is not supported with this model", "stop"), "stop"},
        {400, refusal("Unknown parameter: 'stream_options'"), "stream_options"},
        {400, refusal("stream_options.include_usage: Extra inputs are not permitted"), "stream_options"},
        {400, refusal("bad", "stream_options.include_usage", "unknown_parameter"), "stream_options"},
        {422, R"({"detail":[{"loc":["body","seed"],"msg":"Extra inputs are not permitted"}]})", "seed"},
        {422, R"({"detail":[{"loc":["body","verbosity"],"msg":"Extra inputs are not permitted"}]})",
         "verbosity"},
        {400, refusal("Unrecognized request argument supplied: `store`"), "store"},
        {400, refusal("unknown field", "tools[0].function.strict"), "strict"},
        {500, R"({"error":{"code":500,"message":"Unsupported param: suffix","type":"server_error"}})",
         "suffix"},
        {400,
         R"({"object":"error","message":"suffix is not currently supported","type":"BadRequestError","code":400})",
         "suffix"},
        {400, R"({"error":{"message":"registry.ollama.ai/library/llama3 does not support insert"}})",
         "suffix"},
        {400, R"({"error":{"message":"\"llama3\" does not support thinking"}})", "reasoning_effort"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.body);
        const auto next = after(row.status, row.body);
        REQUIRE(next);
        CHECK(next->dropped == std::set<std::string>{row.field});
        // The second refusal of the same field leads nowhere new, so nobody loops.
        CHECK_FALSE(after(row.status, row.body, sent(), *next));
    }
}

TEST_CASE("a refused effort becomes the nearest that is listed") {
    const auto listed = after(
        400, refusal("Unsupported value: 'minimal' is not supported with the 'gpt-5.1' model. Supported "
                     "values are: 'none', 'low', 'medium', and 'high'.",
                     "reasoning_effort"));
    REQUIRE(listed);
    const auto& value = listed->replaced.at("reasoning_effort=minimal");
    CHECK((value == "low" || value == "none"));
    CHECK(listed->dropped.empty());
    const auto again = after(400, refusal("still no", "reasoning_effort"), sent(), *listed);
    REQUIRE(again);
    CHECK(again->dropped.contains("reasoning_effort"));

    const auto xhigh = after(400, refusal("Invalid effort. Use: 'low', 'medium', 'high'", "reasoning.effort"),
                             Json::parse(R"({"reasoning":{"effort":"xhigh"}})"));
    REQUIRE(xhigh);
    CHECK(xhigh->replaced.at("reasoning_effort=xhigh") == "high");
    CHECK(after(400, refusal("unsupported", "reasoning_effort")) == without("reasoning_effort"));
}

TEST_CASE("a refused schema becomes plain JSON, then nothing") {
    const auto words = refusal("This response_format type is unavailable now");
    const auto plain = after(400, words);
    REQUIRE(plain);
    CHECK(plain->replaced.at("response_format=json_schema") == Json::parse(R"({"type":"json_object"})"));
    const auto none = after(400, words, Json::parse(R"({"response_format":{"type":"json_object"}})"), *plain);
    REQUIRE(none);
    CHECK(none->dropped.contains("response_format"));
    CHECK(after(400, refusal("not supported", "text.format"),
                Json::parse(R"({"text":{"format":{"type":"json_object"}}})")) == without("response_format"));
}

TEST_CASE("roles and reasoning follow what the gateway wants") {
    Dialect developer;
    developer.developer_role = true;
    const auto with_developer = Json::parse(R"({"messages":[{"role":"developer","content":"s"}]})");
    for (
        const auto& body :
        {refusal("Unexpected role 'developer'"),
         refusal("developer is not one of ['system', 'user'] - 'messages.0.role'"),
         std::string{
             R"({"detail":[{"loc":["body","messages",0,"role"],"msg":"Input should be 'system' or 'user'"}]})"}}) {
        CAPTURE(body);
        const auto next = after(400, body, with_developer, developer);
        REQUIRE(next);
        CHECK_FALSE(next->developer_role);
    }
    CHECK(
        after(400, refusal("Unsupported value: 'messages[0].role' does not support 'system' with this model.",
                           "messages[0].role", "unsupported_value")) == developer);

    const auto thinking =
        after(400, refusal("The `reasoning_content` in the thinking mode must be passed back to the API.",
                           "reasoning_content"));
    REQUIRE(thinking);
    CHECK(thinking->send_reasoning);
}

TEST_CASE("what is not about a sent field is not adapted") {
    const std::vector<std::pair<int, std::string>> rows = {
        {400, refusal("This model's maximum context length is 10 tokens. max_tokens is not supported",
                      "max_tokens", "context_length_exceeded")},
        {400, refusal("temperature unsupported", "temperature", "content_filter")},
        {401, refusal("temperature is not supported", "temperature")},
        {402, refusal("temperature is not supported", "temperature")},
        {403, refusal("temperature is not supported", "temperature")},
        {429, refusal("temperature is not supported", "temperature")},
        {500, refusal("temperature is not supported", "temperature")},
        {404, refusal("The model does not exist", "model", "model_not_found")},
        {400, refusal("logit_bias is not supported")},
        {400, refusal("parallel_tool_calls is not supported")},  // was not sent
        {400, refusal("please stop sending nonsense, it is not supported")},
        {400, refusal("mytemperature is unknown")},
        {400, refusal("something is wrong")},
        {400, ""},
        {413, ""},
    };
    for (const auto& [status, body] : rows) {
        CAPTURE(status, body);
        CHECK_FALSE(after(status, body));
    }
}

TEST_CASE("a missing endpoint sends the caller to the other API, other failures do not") {
    for (const auto& [status, body] : std::vector<std::pair<int, std::string>>{
             {404, refusal("Invalid URL (POST /v1/chat/completions)")},
             {404, ""},
             {404, "404 page not found"},
             {405, ""},
             {400, refusal("Unsupported endpoint for this model")},
             {400, refusal("This model is only supported in v1/responses and not in v1/chat/completions.")},
             {403, refusal("unknown path /v1/responses")},
             {200, "<html><title>Welcome</title></html>"},
             {200, R"({"detail":"Not Found"})"}}) {
        CAPTURE(status, body);
        CHECK(refuses_endpoint(read_error(status, {}, body)));
    }
    for (const auto& [status, body] :
         std::vector<std::pair<int, std::string>>{{404, refusal("m", nullptr, "model_not_found")},
                                                  {400, refusal("temperature is not supported")},
                                                  {401, ""},
                                                  {402, ""},
                                                  {403, ""},
                                                  {429, ""},
                                                  {500, ""},
                                                  {502, "<html></html>"},
                                                  {503, ""},
                                                  {307, ""},
                                                  {200, ""}}) {
        CAPTURE(status, body);
        CHECK_FALSE(refuses_endpoint(read_error(status, {}, body)));
    }
}
