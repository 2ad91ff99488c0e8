// What refusals of long prompts tell in numbers.
#include "server/upstream/wire/context_size.h"

#include "server/upstream/wire/errors.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::wire;

namespace {

struct Row {
    const char* message;
    std::optional<std::int64_t> limit, prompt;
};

const std::vector<Row> kRows = {
    {"This model's maximum context length is 8192 tokens. However, your messages resulted in 10205 tokens. "
     "Please reduce the length of the messages.",
     8192, 10205},
    {"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4488 in the "
     "messages, 512 in the completion).",
     4096, 4488},
    {"This endpoint's maximum context length is 131,072 tokens. However, you requested about 150000 tokens "
     "(149000 of text input, 1000 in the output).",
     131072, 149000},
    {"This model's maximum context length is 4096 tokens and your request has 5000 input tokens", 4096, 5000},
    {"request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it", 4096, 5000},
    {"prompt is too long: 210000 tokens > 200000 maximum", 200000, 210000},
    {"input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000", 200000, std::nullopt},
    {"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 1048576,
     1200000},
    {"Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
     32768, 40000},
    {"`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 20 "
     "`max_new_tokens`",
     4096, 5000},
    {"This model's maximum prompt length is 131072 but the request contains 537812 tokens.", 131072, 537812},
    {"Your request exceeded model token limit: 8192", 8192, std::nullopt},
    {"current length is 9000 while limit is 8000", 8000, 9000},
    {"context_length_exceeded", std::nullopt, std::nullopt},
    {"maximum context length is unknown", std::nullopt, std::nullopt},
    {"maximum context length is 99999999999999999999 tokens", std::nullopt, std::nullopt},
    {"maximum context length is 0 tokens", std::nullopt, std::nullopt},
    {"maximum context length is", std::nullopt, std::nullopt},
    {"", std::nullopt, std::nullopt},
};

}  // namespace

TEST_CASE("the numbers of a prompt that is too long are read from every gateway's words") {
    for (const Row& row : kRows) {
        CAPTURE(row.message);
        CHECK(read_context_size(row.message) == ContextSize{row.limit, row.prompt});
    }
}

TEST_CASE("a refusal carries the numbers that came as words or as members") {
    const Error words = read_error(
        400, {}, R"_({"error":{"message":"This model's maximum context length is 8192 tokens."}})_");
    CHECK(words.kind == ErrorKind::context_too_long);
    CHECK(words.context_limit == 8192);
    CHECK_FALSE(words.prompt_tokens);
    const Error members = read_error(
        400, {},
        R"_({"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":5000,"n_ctx":4096}})_");
    CHECK(members.context_limit == 4096);
    CHECK(members.prompt_tokens == 5000);
    const Error absurd = read_error(
        400, {},
        R"_({"error":{"code":400,"message":"the request exceeds the available context size","n_prompt_tokens":9223372036854775807,"n_ctx":-1}})_");
    CHECK(absurd.kind == ErrorKind::context_too_long);
    CHECK_FALSE(absurd.context_limit);
    CHECK_FALSE(absurd.prompt_tokens);
    const Error other = read_error(400, {}, R"_({"error":{"message":"top_k must be <= 4096"}})_");
    CHECK(other.kind == ErrorKind::bad_request);
    CHECK_FALSE(other.context_limit);
}

TEST_CASE("a refusal of an image says so, whoever says it") {
    struct Refusal {
        int status;
        const char* message;
    };
    for (const Refusal& one :
         {Refusal{400, "Invalid content type. image_url is only supported by certain models."},
          Refusal{422,
                  "Failed to deserialize the JSON body: messages[1]: unknown variant `image_url`, expected "
                  "`text`"},
          Refusal{500,
                  "image input is not supported - hint: if this is unexpected, you may need to provide the "
                  "mmproj"},
          Refusal{404, "No endpoints found that support image input"},
          Refusal{400, "qwen3 is not a multimodal model"}, Refusal{400, "this model does not support images"},
          Refusal{400, "Could not process image"},
          Refusal{400, "You uploaded an unsupported image. Please make sure your image is valid."}}) {
        CAPTURE(one.message);
        const Error error =
            read_error(one.status, {}, dump_json(Json{{"error", {{"message", one.message}}}}));
        CHECK(error.kind == ErrorKind::bad_request);
        CHECK_FALSE(error.retryable);
        CHECK(error.hint.find("without the image") != std::string::npos);
    }
}
