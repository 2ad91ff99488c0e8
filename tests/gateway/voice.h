// How one API says what a model says: pieces of a stream, or one JSON object.
#pragma once

#include "tests/gateway/script.h"

#include <memory>
#include <string>

namespace dragoman::test {

enum class ApiForm { none, chat, responses, completions, mistral_fim, infill };

/// The API that a path asks for in this dialect; none for every other path.
ApiForm api_form(const Dialect& dialect, std::string_view path);

/// Collects what it is told, so that it can say the whole; each call gives the bytes a stream sends for it.
class Voice {
public:
    virtual ~Voice() = default;
    virtual std::string text(const std::string& piece) = 0;
    virtual std::string reasoning(const std::string& piece) = 0;
    virtual std::string tool_call(const step::ToolCall& call) = 0;
    virtual std::string finish(const std::string& reason) = 0;
    /// Everything said so far as the answer to a request without `stream`.
    virtual nlohmann::json whole() const = 0;
};

/// `usage`: what the answer claims; otherwise it is counted in words.
std::unique_ptr<Voice> make_voice(ApiForm form, const HttpRequest& request, const Dialect& dialect,
                                  const std::optional<TokenUsage>& usage);

/// One server-sent event.
std::string sse(const nlohmann::json& data, std::string_view name = {});

}  // namespace dragoman::test
