// What the tests of the gateway ask it, and how they read its answers.
#pragma once

#include "tests/gateway/client.h"
#include "tests/gateway/gateway.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace dragoman::test {

using Json = nlohmann::json;

inline Json chat_body(const std::string& question, bool stream, const std::string& model = "deepseek-chat") {
    return {{"model", model},
            {"stream", stream},
            {"messages", Json::array({{{"role", "user"}, {"content", question}}})}};
}

/// The data of each event of a stream, as JSON where it is JSON.
inline std::vector<Json> events(const std::string& body) {
    std::vector<Json> out;
    std::size_t at = 0;
    while ((at = body.find("data: ", at)) != std::string::npos) {
        const auto end = body.find('\n', at);
        const std::string data = body.substr(at + 6, end - at - 6);
        out.push_back(data == "[DONE]" ? Json(data) : Json::parse(data));
        at = end;
    }
    return out;
}

inline std::string pick(const Json& event, const char* pointer) {
    const Json::json_pointer at{pointer};
    return event.is_object() && event.contains(at) && event[at].is_string() ? event[at].get<std::string>()
                                                                            : "";
}

inline std::string streamed(const std::string& body, const char* pointer) {
    std::string out;
    for (const Json& event : events(body)) out += pick(event, pointer);
    return out;
}

struct Api {
    const char* dialect;
    const char* path;  // whole, since /infill stands beside the prefix
    Json body;
    const char* piece;  // where a streamed event holds text
    const char* whole;  // where the one object holds it
};

inline std::vector<Api> apis() {
    const Json messages = Json::array({{{"role", "user"}, {"content", "What is a dragoman?"}}});
    const Json input = Json::array(
        {{{"role", "user"}, {"content", {{{"type", "input_text"}, {"text", "What is a dragoman?"}}}}}});
    const char* const delta = "/choices/0/delta/content";
    const char* const message = "/choices/0/message/content";
    return {
        {"opencodex", "/api/v1/chat/completions", {{"model", "m"}, {"messages", messages}}, delta, message},
        {"opeai", "/v1/chat/completions", {{"model", "m"}, {"messages", messages}}, delta, message},
        {"generic",
         "/api/v1/chat/completions",
         {{"model", "deepseek-chat"}, {"messages", messages}},
         delta,
         message},
        {"openai", "/v1/chat/completions", {{"model", "gpt-4o"}, {"messages", messages}}, delta, message},
        {"llamacpp", "/v1/chat/completions", {{"model", "m"}, {"messages", messages}}, delta, message},
        {"open1",
         "/v1/responses",
         {{"model", "gpt-5.4"}, {"input", input}},
         "/delta",
         "/output/0/content/0/text"},
        {"openai",
         "/v1/responses",
         {{"model", "gpt-5.4"}, {"input", input}},
         "/delta",
         "/output/0/content/0/text"},
        {"llamacpp",
         "/v1/completions",
         {{"model", "m"}, {"prompt", "def f():\n"}},
         "/choices/0/text",
         "/choices/0/text"},
        {"llamacpp",
         "/v1/fim/completions",
         {{"model", "m"}, {"prompt", "def f("}, {"suffix", "):"}},
         delta,
         message},
        {"llamacpp", "/infill", {{"input_prefix", "def f("}, {"input_suffix", "):"}}, "/content", "/content"},
    };
}

}  // namespace dragoman::test
