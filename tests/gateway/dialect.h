// The gateways we imitate, as data: where they listen, what they demand, what they leave out, how they
// refuse.
//
// The first four follow the vendors' published pages; `openai` and `llamacpp` follow the OpenAI specification
// and llama.cpp's server. A row is facts only: the code that speaks reads them and knows no name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::test {

/// The form of an error body.
enum class ErrorForm {
    text,         // {"error": "text"}
    object,       // {"error": {message, type, param, code}}, all of them strings
    number_code,  // {"error": {code: 503, message, type}}
};

struct Dialect {
    std::string_view name{};
    std::string_view prefix{};      // of every path, up to and with the version segment
    std::string_view key{};         // one that is accepted
    std::string_view key_prefix{};  // keys must begin with it; empty: no key is asked for
    bool needs_agent = false;       // no User-Agent, no answer
    std::string_view
        unknown_model{};  // the error for a model that is not in `models`; empty: any model will do
    ErrorForm errors = ErrorForm::object;

    bool chat = true, responses = false, completions = false, infill = false;
    bool models_route = true, embeddings = false, balance = false;

    bool role_chunk = true;  // the stream opens with a chunk that holds the role
    bool usage = true;       // a usage chunk, where the request asks for it
    bool usage_details = false;
    bool created = true;
    bool rate_headers = false;  // X-RateLimit-Limit, -Remaining, -Reset
    bool done_marker = true;    // data: [DONE]

    std::vector<std::string_view> models{};
};

/// The row of that name; throws std::invalid_argument that lists the names otherwise.
const Dialect& dialect(std::string_view name);
const std::vector<Dialect>& dialects();

/// A refusal that the vendor documents, asked for by the model name "error-" + `ask`.
struct DocumentedError {
    std::string_view dialect{}, ask{};
    int status = 0;
    std::string_view code{}, type{}, message{};
    int retry_after = 0;  // seconds; 0: no header
};

const std::vector<DocumentedError>& documented_errors();
/// Null where the vendor documents no such error.
const DocumentedError* documented_error(std::string_view dialect, std::string_view ask);

/// The body of `error` in the form of its dialect.
std::string error_body(const DocumentedError& error);

}  // namespace dragoman::test
