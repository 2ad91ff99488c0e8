#include "tests/gateway/dialect.h"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace dragoman::test {

const std::vector<Dialect>& dialects() {
    static const std::vector<Dialect> rows{
        {.name = "opencodex",
         .prefix = "/api/v1",
         .key = "sk-live-test0123456789",
         .key_prefix = "sk-live-",
         .errors = ErrorForm::text,
         .balance = true,
         .role_chunk = false,
         .usage = false,
         .models = {"deepseek-chat", "gpt-4o", "claude-3-sonnet"}},
        {.name = "opeai",
         .prefix = "/v1",
         .key = "sk-test0123456789",
         .key_prefix = "sk-",
         .models_route = false,
         .usage_details = true,
         .models = {"deepseek-v4-flash"}},
        {.name = "generic",
         .prefix = "/api/v1",
         .key = "gw-test0123456789",
         .key_prefix = "gw-",
         .unknown_model = "403",
         .embeddings = true,
         .created = false,
         .rate_headers = true,
         .models = {"deepseek-chat", "text-embedding-3-small"}},
        {.name = "open1",
         .prefix = "/v1",
         .key = "sk-test0123456789",
         .key_prefix = "sk-",
         .needs_agent = true,
         .unknown_model = "404",
         .chat = false,
         .responses = true,
         .models_route = false,
         .done_marker = false,
         .models = {"gpt-5.4", "gpt-5.3-codex", "gpt-5.1-codex-mini"}},
        {.name = "openai",
         .prefix = "/v1",
         .key = "sk-proj-test0123456789",
         .key_prefix = "sk-",
         .unknown_model = "404",
         .responses = true,
         .completions = true,
         .embeddings = true,
         .usage_details = true,
         .models = {"gpt-4o", "gpt-5.4", "gpt-3.5-turbo-instruct", "text-embedding-3-small"}},
        {.name = "llamacpp",
         .prefix = "/v1",
         .errors = ErrorForm::number_code,
         .completions = true,
         .infill = true,
         .embeddings = true,
         .models = {"qwen2.5-coder-7b-q8_0.gguf"}},
    };
    return rows;
}

const Dialect& dialect(std::string_view name) {
    std::string known;
    for (const Dialect& row : dialects()) {
        if (row.name == name) return row;
        known += known.empty() ? "" : ", ";
        known += row.name;
    }
    throw std::invalid_argument{"no dialect \"" + std::string{name} + "\"; there are " + known};
}

const std::vector<DocumentedError>& documented_errors() {
    static const std::vector<DocumentedError> rows{
        {"opencodex", "400", 400, "bad_request", "", "Bad Request: messages is required", 0},
        {"opencodex", "401", 401, "unauthorized", "", "Invalid, expired, or malformed API Key", 0},
        {"opencodex", "402", 402, "payment_required", "",
         "Insufficient Credits - please top up and try again", 0},
        {"opencodex", "429", 429, "too_many_requests", "", "Too many requests - please retry later", 0},
        {"opencodex", "500", 500, "internal", "", "Internal server error - please retry later", 0},

        {"opeai", "400", 400, "invalid_request", "invalid_request_error", "The request is not valid", 0},
        {"opeai", "401", 401, "invalid_api_key", "authentication_error", "Invalid API key", 0},
        {"opeai", "429", 429, "rate_limit_exceeded", "rate_limit_error", "Rate limit reached", 0},

        {"generic", "400", 400, "missing_field", "invalid_request_error", "missing model or messages", 0},
        {"generic", "401", 401, "invalid_api_key", "authentication_error", "API Key is disabled", 0},
        {"generic", "402", 402, "insufficient_balance", "billing_error", "Wallet suspended", 0},
        {"generic", "403", 403, "model_not_allowed", "permission_error", "No access to this model", 0},
        {"generic", "429", 429, "rate_limit_exceeded", "rate_limit_error", "Rate limit exceeded", 60},
        {"generic", "429-quota", 429, "insufficient_quota", "insufficient_quota", "Token quota exhausted",
         60},
        {"generic", "500", 500, "internal_error", "server_error", "Internal server error", 0},
        {"generic", "502", 502, "upstream_unavailable", "server_error", "Upstream provider unavailable", 0},

        {"open1", "401", 401, "invalid_api_key", "authentication_error", "Invalid API key", 0},
        {"open1", "403", 403, "access_denied", "permission_error", "This key's group may not use this model",
         0},
        {"open1", "403-agent", 403, "missing_user_agent", "permission_error", "User-Agent header is required",
         0},
        {"open1", "404", 404, "model_not_found", "invalid_request_error", "The model does not exist", 0},
        {"open1", "429", 429, "concurrency_limit", "rate_limit_error", "Concurrency limit reached", 0},
        {"open1", "429-quota", 429, "insufficient_quota", "insufficient_quota", "Quota is not sufficient", 0},

        {"openai", "400-context", 400, "context_length_exceeded", "invalid_request_error",
         "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 "
         "tokens.",
         0},
        {"openai", "401", 401, "invalid_api_key", "invalid_request_error", "Incorrect API key provided", 0},
        {"openai", "404", 404, "model_not_found", "invalid_request_error", "The model does not exist", 0},
        {"openai", "429", 429, "rate_limit_exceeded", "requests", "Rate limit reached for requests", 1},
        {"openai", "429-quota", 429, "insufficient_quota", "insufficient_quota",
         "You exceeded your current quota, please check your plan and billing details.", 0},
        {"openai", "500", 500, "", "server_error", "The server had an error while processing your request",
         0},
        {"openai", "503", 503, "", "server_error", "The engine is currently overloaded", 0},

        {"llamacpp", "400-context", 400, "", "exceed_context_size_error",
         "the request exceeds the available context size", 0},
        {"llamacpp", "500-param", 500, "", "server_error", "Unsupported param: suffix", 0},
        {"llamacpp", "501", 501, "", "not_supported_error", "This server does not support infill", 0},
        {"llamacpp", "503", 503, "", "unavailable_error", "Loading model", 0},
    };
    return rows;
}

const DocumentedError* documented_error(std::string_view dialect_name, std::string_view ask) {
    for (const DocumentedError& row : documented_errors())
        if (row.dialect == dialect_name && row.ask == ask) return &row;
    return nullptr;
}

std::string error_body(const DocumentedError& error) {
    using Json = nlohmann::json;
    const auto text_or_null = [](std::string_view text) { return text.empty() ? Json() : Json(text); };
    switch (dialect(error.dialect).errors) {
        case ErrorForm::text: return Json{{"error", error.message}}.dump();
        case ErrorForm::number_code:
            return Json{{"error", {{"code", error.status}, {"message", error.message}, {"type", error.type}}}}
                .dump();
        case ErrorForm::object: break;
    }
    return Json{{"error",
                 {{"message", error.message},
                  {"type", text_or_null(error.type)},
                  {"param", nullptr},
                  {"code", text_or_null(error.code)}}}}
        .dump();
}

}  // namespace dragoman::test
