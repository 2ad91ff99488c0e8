// dragoman/chat/send's params: each member taken, each wrong one named.
#include "server/session/chat_params.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using Catch::Matchers::ContainsSubstring;
using session::read_chat_params;

namespace {

std::string why_not(const Json& params) {
    const auto read = read_chat_params(params);
    CAPTURE(params.dump());
    REQUIRE_FALSE(read.ok());
    return read.error();
}

Json with(const std::string& pointer, const Json& value) {
    Json params = {
        {"prompt", "Why?"},
        {"conversation", "c"},
        {"replaceTurn", "t"},
        {"options", Json::object()},
        {"context",
         Json::array(
             {{{"kind", "range"},
               {"uri", "file:///x"},
               {"range",
                {{"start", {{"line", 0}, {"character", 0}}}, {"end", {{"line", 1}, {"character", 0}}}}}},
              {{"kind", "text"}, {"text", "x"}},
              {{"kind", "diagnostics"}, {"uri", "file:///x"}, {"diagnostics", Json::array()}}})}};
    params[Json::json_pointer{pointer}] = value;
    return params;
}

}  // namespace

TEST_CASE("every member reaches the question") {
    const Json context = Json::array(
        {{{"kind", "file"}, {"uri", "file:///a"}},
         {{"kind", "range"},
          {"uri", "file:///b"},
          {"range", {{"start", {{"line", 1}, {"character", 2}}}, {"end", {{"line", 3}, {"character", 4}}}}}},
         {{"kind", "text"}, {"text", "t"}, {"label", "l"}},
         {{"kind", "diagnostics"},
          {"uri", "file:///c"},
          {"diagnostics", Json::array({{{"range",
                                         {{"start", {{"line", 0}, {"character", 0}}},
                                          {"end", {{"line", 0}, {"character", 1}}}}},
                                        {"message", "m"},
                                        {"severity", 2},
                                        {"source", "s"},
                                        {"code", 17}}})}}});
    const auto read = read_chat_params({{"prompt", "Why?"},
                                        {"conversation", "c"},
                                        {"textDocument", {{"uri", "file:///d"}}},
                                        {"model", "work/m"},
                                        {"replaceTurn", "t"},
                                        {"continue", true},
                                        {"partialResultToken", 5},
                                        {"context", context},
                                        {"options",
                                         {{"temperature", 0.5},
                                          {"topP", 1},
                                          {"maxTokens", 12.0},
                                          {"stop", {"a", "b"}},
                                          {"seed", -3},
                                          {"reasoningEffort", "low"},
                                          {"systemPrompt", ""},
                                          {"extraBody", {{"x", 1}}}}}});
    REQUIRE(read);
    const auto& send = read->send;
    CHECK(send.prompt == "Why?");
    CHECK(send.conversation == "c");
    CHECK(read->document_uri == "file:///d");
    CHECK(send.model == "work/m");
    CHECK(send.replace_turn == "t");
    CHECK(send.resume);
    CHECK(read->token == 5);
    CHECK(send.options.sampling.temperature == 0.5);
    CHECK(send.options.sampling.top_p == 1.0);
    CHECK(send.options.sampling.max_tokens == 12);
    CHECK(send.options.sampling.stop == std::vector<std::string>{"a", "b"});
    CHECK(send.options.sampling.seed == -3);
    CHECK(send.options.sampling.reasoning_effort == "low");
    CHECK(send.options.system_prompt == "");
    CHECK(send.options.extra_body == Json{{"x", 1}});
    CHECK(send.context_json == context);
    REQUIRE(send.context.size() == 4);
    CHECK(std::get<chat::FileItem>(send.context[0]).uri == "file:///a");
    const auto& range = std::get<chat::RangeItem>(send.context[1]).range;
    CHECK(range.start.line == 1);
    CHECK(range.end.character == 4);
    CHECK(std::get<chat::TextItem>(send.context[2]).label == "l");
    const auto& diagnostic = std::get<chat::DiagnosticsItem>(send.context[3]).diagnostics.at(0);
    CHECK(diagnostic.severity == 2);
    CHECK(diagnostic.code == "17");
}

TEST_CASE("what is absent, null or empty is left to the configuration") {
    const auto bare = read_chat_params({{"prompt", "Why?"}});
    REQUIRE(bare);
    CHECK(bare->token.is_null());
    CHECK_FALSE(bare->send.options.system_prompt);
    CHECK_FALSE(bare->send.resume);
    const auto nulls = read_chat_params(
        {{"prompt", "Why?"},
         {"conversation", nullptr},
         {"textDocument", nullptr},
         {"model", nullptr},
         {"replaceTurn", nullptr},
         {"continue", nullptr},
         {"partialResultToken", nullptr},
         {"context", nullptr},
         {"options",
          {{"temperature", nullptr}, {"stop", nullptr}, {"systemPrompt", nullptr}, {"extraBody", nullptr}}}});
    REQUIRE(nulls);
    CHECK_FALSE(nulls->send.options.sampling.temperature);
    CHECK_FALSE(nulls->send.options.system_prompt);
    CHECK(read_chat_params({{"prompt", "Why?"}, {"options", Json::array()}}));
    CHECK(read_chat_params({{"prompt", "Why?"}, {"options", {{"stop", "one"}}}})
              ->send.options.sampling.stop.size() == 1);
}

TEST_CASE("each member of a wrong type is named, and what it should be") {
    struct Row {
        const char* pointer;
        std::vector<Json> wrong;
        const char* error;
    };
    const std::vector<Json> no_string = {1, true, Json::array({"x"}), Json::object(), 1.5};
    const std::vector<Json> no_number = {"1", true, Json::array({1}), Json::object()};
    const std::vector<Json> no_array = {"x", 1, true, Json::object()};
    const std::vector<Json> rows_of_no_object = {"x", 1, true, Json::array({1})};
    const std::vector<Row> rows{
        {"/prompt", no_string, "prompt must be a string"},
        {"/prompt", {nullptr}, "prompt must be a string"},
        {"/conversation", no_string, "conversation must be a string"},
        {"/model", no_string, "model must be a string"},
        {"/replaceTurn", no_string, "replaceTurn must be a string"},
        {"/continue", {1, "true", Json::array(), Json::object()}, "continue must be true or false"},
        {"/partialResultToken",
         {1.5, true, Json::array(), Json::object()},
         "partialResultToken must be a string or an integer"},
        {"/textDocument",
         {"file:///x", 1, true, Json::array(), Json::object(), Json{{"uri", 1}}},
         "textDocument must be an object with a uri"},
        {"/options", rows_of_no_object, "options must be an object"},
        {"/options/temperature", no_number, "options.temperature must be a number"},
        {"/options/topP", no_number, "options.topP must be a number"},
        {"/options/maxTokens", no_number, "options.maxTokens must be an integer of at least 1"},
        {"/options/maxTokens", {0, -1, 1.5}, "options.maxTokens must be an integer of at least 1"},
        {"/options/seed", no_number, "options.seed must be an integer"},
        {"/options/stop",
         {1, true, Json::object(), Json::array({1})},
         "options.stop must be a string or an array of strings"},
        {"/options/reasoningEffort", no_string, "options.reasoningEffort must be a string"},
        {"/options/systemPrompt", no_string, "options.systemPrompt must be a string"},
        {"/options/extraBody", rows_of_no_object, "options.extraBody must be an object"},
        {"/context", no_array, "context must be an array"},
        {"/context/0", {1, "x", Json::object(), Json::array()}, "context[0].kind"},
        {"/context/0/kind",
         {1, "picture", "gitdiff"},
         "known are file, range, text, diagnostics, gitDiff and image"},
        {"/context/0/uri", {1, ""}, "context[0].uri must be a string"},
        {"/context/0/range",
         {1, nullptr, Json::object(), Json{{"start", {{"line", "0"}}}}},
         "context[0].range must be a range"},
        {"/context/1/text", {1, nullptr, Json::array()}, "context[1].text must be a string"},
        {"/context/1/label", no_string, "context[1].label must be a string"},
        {"/context/2/diagnostics",
         {1, nullptr, Json::object(), Json::array({1}), Json::array({{{"message", "no range"}}})},
         "context[2].diagnostics must be an array of LSP diagnostics"},
    };
    for (const Row& row : rows) {
        for (const Json& value : row.wrong)
            CHECK_THAT(why_not(with(row.pointer, value)), ContainsSubstring(row.error));
    }
}

TEST_CASE("an image is checked where it comes in, and its data is kept once") {
    const std::string data = chat::encode_base64("GIF89a and so on");
    const Json note = {{"kind", "text"}, {"text", "x"}};
    const Json image = {{"kind", "image"}, {"mimeType", "image/gif"}, {"data", data}};
    const auto read = read_chat_params({{"prompt", ""}, {"context", {note, image}}});
    REQUIRE(read);
    const auto& taken = std::get<chat::Image>(read->send.context.at(1));
    CHECK(taken.mime_type == "image/gif");
    CHECK(*taken.data == data);
    CHECK(read->send.context_json == Json::array({note, {{"kind", "image"}, {"mimeType", "image/gif"}}}));

    const auto wrong = [&](const char* member, const Json& value) {
        Json item = image;
        item[member] = value;
        return why_not({{"prompt", "?"}, {"context", {note, item}}});
    };
    CHECK(wrong("data", nullptr) == "context[1].data must be a string");
    CHECK(wrong("data", 7) == "context[1].data must be a string");
    CHECK_THAT(wrong("data", data + "!"), ContainsSubstring("context[1]: data is not base64"));
    CHECK_THAT(wrong("data", chat::encode_base64("text")), ContainsSubstring("context[1]: data is no PNG"));
    CHECK_THAT(wrong("mimeType", "image/png"), ContainsSubstring("context[1]: data is image/gif"));
    CHECK_THAT(wrong("mimeType", "image/tiff"), ContainsSubstring("context[1]: mimeType must be"));
    CHECK_THAT(wrong("mimeType", nullptr), ContainsSubstring("context[1]: mimeType must be"));
}

TEST_CASE("members that need one another say so") {
    CHECK(why_not({{"prompt", "x"}, {"continue", true}}) == "continue needs replaceTurn");
    CHECK(why_not({{"prompt", "x"}, {"replaceTurn", "t"}}) == "replaceTurn needs conversation");
    CHECK_THAT(why_not(Json::object()), ContainsSubstring("prompt"));
    CHECK_THAT(why_not(Json::array({"x"})), ContainsSubstring("prompt"));
}

TEST_CASE("a question of nothing is refused, unless something is attached or continued") {
    CHECK_THAT(why_not({{"prompt", ""}}), ContainsSubstring("prompt is empty"));
    CHECK_THAT(why_not({{"prompt", " \n"}, {"context", Json::array()}}),
               ContainsSubstring("prompt is empty"));
    CHECK(read_chat_params({{"prompt", ""}, {"context", Json::array({{{"kind", "text"}, {"text", "x"}}})}}));
    CHECK(
        read_chat_params({{"prompt", ""}, {"conversation", "c"}, {"replaceTurn", "t"}, {"continue", true}}));
}
