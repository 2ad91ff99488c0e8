// Which errors cost a fill route a day.

#include "server/upstream/gateway/route_refusal.h"

#include "server/upstream/wire/errors.h"
#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;

namespace {

struct Row {
    int status;
    std::string body;
    bool refused;
    std::string route = "fim-completions";
};

void check(const std::vector<Row>& rows) {
    for (const auto& [status, body, refused, route] : rows) {
        INFO(status << " " << body << " by " << route);
        const Error error = wire::read_error(status, {}, body);
        CHECK(gateway::route_refused(error, route) == refused);
        CHECK_FALSE(gateway::route_refused(error, "chat"));
    }
}

}  // namespace

TEST_CASE("an endpoint that does not exist is a refused route") {
    check({
        {404, "", true},
        {404, "404 page not found", true},
        {404, refusal("Invalid URL (POST /v1/fim/completions)"), true, "mistral-fim"},
        {404, R"({"error":{"code":404,"message":"File Not Found","type":"not_found_error"}})", true,
         "llamacpp-infill"},
        {404, R"({"detail":"Not Found"})", true},
        {405, R"({"detail":"Method Not Allowed"})", true},
        {501, "", true},
        {501,
         R"({"error":{"code":501,"message":"Infill is not supported by this model. prefix token is )"
         R"(missing. suffix token is missing.","type":"not_supported_error"}})",
         true, "llamacpp-infill"},
        {200, "<!doctype html><html><title>Console</title></html>", true},
        {404,
         refusal("This is a chat model and not supported in the v1/completions endpoint. Did you mean to use "
                 "v1/chat/completions?"),
         true},
    });
}

TEST_CASE("a model or server that cannot fill in by this route refuses it in many words") {
    check({
        {400, refusal("registry.ollama.ai/library/llama3:latest does not support insert"), true},
        {400, R"({"error":"llama3 does not support insert"})", true},
        {500, R"({"error":{"code":500,"message":"Unsupported param: suffix","type":"server_error"}})", true},
        {400,
         R"({"object":"error","message":"suffix is not currently supported","type":"BadRequestError",)"
         R"("code":400})",
         true},
        {400, refusal("Unrecognized request argument supplied: suffix", nullptr, "suffix"), true},
        {422, R"({"detail":[{"loc":["body","suffix"],"msg":"Extra inputs are not permitted"}]})", true},
        {422, R"({"detail":[{"loc":["body","messages"],"msg":"Field required","input":{"prompt":"x"}}]})",
         true},
        {400, refusal("prompt must be a string", nullptr, "prompt"), true},
        {400, refusal("\"input_prefix\" must be a string", nullptr, "input_prefix"), true, "llamacpp-infill"},
        {400,
         refusal("The completion operation does not work with the specified model, gpt-4o.",
                 "OperationNotSupported"),
         true},
        {400, refusal("completions api is only available when using beta api"), true},
        {400, R"({"object":"error","message":"Invalid model: mistral-large-latest","type":"invalid_model"})",
         true, "mistral-fim"},
    });
}

TEST_CASE("what is not about the route does not cost it") {
    check({
        {400, refusal("Unsupported parameter: 'top_k'", "unsupported_parameter", "top_k"), false},
        {400, refusal("Unsupported value: 'temperature' is not supported", nullptr, "temperature"), false},
        {422, R"({"detail":[{"loc":["body","top_k"],"msg":"Extra inputs are not permitted"}]})", false},
        {400, refusal("max_tokens is too large: 999999"), false},
        {400,
         refusal("This model's maximum context length is 8192 tokens", "context_length_exceeded", "prompt"),
         false},
        {400, refusal("The response was filtered", "content_filter", "prompt"), false},
        {400, refusal("something went wrong"), false},
        {401, refusal("Incorrect API key provided"), false},
        {401, refusal("this endpoint is not supported for your key", "invalid_api_key"), false},
        {402, "", false},
        {403, "", false},
        {403, refusal("insufficient quota", "insufficient_user_quota"), false},
        {404, refusal("The model `m` does not exist", "model_not_found"), false},
        {400, R"({"object":"error","message":"Invalid model: x","type":"invalid_model"})", false},
        {408, "", false},
        {413, "", false},
        {429, refusal("suffix is not currently supported"), false},
        {500, "", false},
        {502, "", false},
        {503, R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})", false,
         "llamacpp-infill"},
        {503, refusal("no available channel for model m", "model_not_found"), false},
        {200, "", false},
    });
    Error network{.kind = ErrorKind::network};
    CHECK_FALSE(gateway::route_refused(network, "fim-completions"));
    Error late = wire::read_error(404, {}, "");
    late.partial_text = "int";
    CHECK_FALSE(gateway::route_refused(late, "fim-completions"));
}
