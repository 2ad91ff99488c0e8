// One answer of the gateway, as a test writes it down: a list of steps in the words of models, not of wires.
//
//     gateway.answer(Script{}.text("Hel").hold().text("lo").finish());
//
// text, reasoning, tool calls and finish are put into the API the request used and into the dialect of the
// gateway; bytes() and event() go out as they are. A script that ends without finish() is an answer that
// ends in good HTTP order but never says that it is whole.
#pragma once

#include "tests/gateway/dialect.h"
#include "tests/gateway/http_request.h"
#include "tests/gateway/reply.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dragoman::test {

struct TokenUsage {
    std::int64_t input = 0, output = 0, cached = 0, reasoning = 0;
};

namespace step {
struct Bytes {
    std::string bytes;
};
/// One SSE event with `json` as data, and a name where it is not empty.
struct Event {
    nlohmann::json json;
    std::string name;
};
struct Text {
    std::string text;
};
struct Reasoning {
    std::string text;
};
struct ToolCall {
    std::string id, name, arguments;
};
struct Finish {
    std::string reason;  // of chat completions: stop, length, tool_calls, content_filter
};
}  // namespace step

using Step = std::variant<step::Bytes, step::Event, step::Text, step::Reasoning, step::ToolCall, step::Finish,
                          Hold, Pause, Stall, Close, Reset>;

class Script {
public:
    Script() = default;

    /// A whole answer: `text` in pieces of about a word, and the end.
    static Script answer(std::string_view text);
    /// The answer to anything: status, type and body as they are.
    static Script plain(int status, std::string content_type, std::string body);
    static Script json(int status, const nlohmann::json& body);
    /// The refusal the dialect documents for `ask` ("402", "429-quota", ...).
    static Script refuse(std::string_view dialect, std::string_view ask);

    Script& bytes(std::string bytes) { return add(step::Bytes{std::move(bytes)}); }
    Script& event(nlohmann::json json, std::string name = {}) {
        return add(step::Event{std::move(json), std::move(name)});
    }
    Script& text(std::string text) { return add(step::Text{std::move(text)}); }
    Script& reasoning(std::string text) { return add(step::Reasoning{std::move(text)}); }
    Script& tool_call(std::string id, std::string name, std::string arguments) {
        return add(step::ToolCall{std::move(id), std::move(name), std::move(arguments)});
    }
    Script& finish(std::string reason = "stop") { return add(step::Finish{std::move(reason)}); }
    Script& hold(std::string label = {}) { return add(Hold{std::move(label)}); }
    Script& pause(std::chrono::milliseconds time) { return add(Pause{time}); }
    Script& stall() { return add(Stall{}); }
    Script& close() { return add(Close{}); }
    Script& reset() { return add(Reset{}); }

    Script& status(int status);
    Script& header(std::string name, std::string value);
    Script& framing(Framing framing);
    /// Content-Length: `length`, whatever is sent.
    Script& promise(std::size_t length);
    /// Nothing is sent, not even the status line, before the first byte of the body.
    Script& late_head();
    /// The body goes out in writes of at most `size` bytes.
    Script& cut(std::size_t size);
    /// The body is gzip, though nobody asked for it. No holds in between.
    Script& gzip();
    Script& usage(TokenUsage usage);

    /// How this script answers `request`. Throws std::logic_error for steps the API cannot say.
    Reply render(const HttpRequest& request, const Dialect& dialect) const;

private:
    Script& add(Step step);

    int status_ = 200;
    Headers headers_{};
    std::optional<Framing> framing_{};
    std::optional<std::size_t> promised_{}, cut_{};
    bool late_head_ = false, gzip_ = false;
    std::optional<TokenUsage> usage_{};
    std::vector<Step> steps_{};
};

/// `text` in pieces of about a word, blanks at the start of each; together they are `text`.
std::vector<std::string> words(std::string_view text);

/// `bytes` as a gzip file of stored blocks.
std::string gzip_stored(std::string_view bytes);

}  // namespace dragoman::test
