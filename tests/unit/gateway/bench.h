// A gateway on a bench: fake time, fake network, real keys from fake files and programs.
#pragma once

#include "server/upstream/gateway/gateway.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_http.h"

#include <catch2/catch_all.hpp>

#include <map>
#include <string>
#include <vector>

namespace dragoman::test {

/// Programs run until the test says how they end.
class FakeRunner final : public process::Runner {
public:
    std::unique_ptr<process::Running> run(process::Command,
                                          std::function<void(process::Outcome)> done) override {
        waiting.push_back(std::move(done));
        return std::make_unique<process::Running>();
    }
    void finish(std::string output) {
        auto done = std::move(waiting.back());
        waiting.pop_back();
        process::Outcome outcome;
        outcome.end = process::Outcome::End::exited;
        outcome.output = std::move(output);
        done(std::move(outcome));
    }
    std::vector<std::function<void(process::Outcome)>> waiting;
};

/// What a sink heard, one short line an event: "began work/m", "text Hel", "retry 2 500ms", "completed stop".
struct Heard {
    std::vector<std::string> lines;
    std::vector<gateway::Event> events;
    std::function<void(const gateway::Event&)> also;

    gateway::Sink sink() {
        return [this](const gateway::Event& event) {
            lines.push_back(line(event));
            events.push_back(event);
            if (also) also(event);
        };
    }
    template <class T>
    const T& last() const {
        return std::get<T>(events.at(events.size() - 1));
    }
    const Error& error() const { return last<gateway::Failed>().error; }
    /// From the first content on: what an answer consists of.
    bool ended() const {
        return !events.empty() && (std::holds_alternative<gateway::Completed>(events.back()) ||
                                   std::holds_alternative<gateway::Failed>(events.back()));
    }

    static std::string line(const gateway::Event& event);
};

struct Bench {
    FakeClock clock;
    FakeHttp http;
    FakeFiles files;
    FakeRunner runner;
    std::map<std::string, std::string> environment{{"WORK_KEY", "sk-live-0123456789abcdef"}};
    secrets::Keys keys{clock, files,
                       [this](const std::string& name) -> std::optional<std::string> {
                           const auto at = environment.find(name);
                           return at == environment.end() ? std::nullopt : std::optional{at->second};
                       },
                       runner, Paths{}};
    double chance = 0;  // what the jitter gets
    gateway::Gateway gateway{clock, http, keys, [this] { return chance; }};

    config::Provider work = [] {
        config::Provider provider;
        provider.name = "work";
        provider.base_url = "https://gateway.example/v1";
        provider.api = config::Api::chat;
        provider.key = {.kind = config::KeySource::Kind::env, .env = "WORK_KEY"};
        return provider;
    }();

    config::ModelRef model(const std::string& id = "m") const { return model_of(work, id); }
    static config::ModelRef model_of(const config::Provider& provider, const std::string& id) {
        config::Model model;
        model.id = id;
        return {.provider = std::make_shared<config::Provider>(provider), .model = model};
    }

    /// A question to `work/m`, and the handle of the call.
    gateway::ChatCall question() const {
        gateway::ChatCall call;
        call.chain = {model()};
        call.request.messages = {{.role = wire::MessageRole::user, .text = "Why?"}};
        return call;
    }
    std::unique_ptr<gateway::Call> ask(Heard& heard) { return ask(heard, question()); }
    std::unique_ptr<gateway::Call> ask(Heard& heard, gateway::ChatCall call) {
        auto handle = gateway.chat(std::move(call), heard.sink());
        clock.settle();
        return handle;
    }
    std::unique_ptr<gateway::Call> ask_in_background(Heard& heard) {
        auto call = question();
        call.policy.background = true;
        return ask(heard, std::move(call));
    }
    Json body(std::size_t index) {
        const auto parsed = parse_json(http.at(index).request.body);
        REQUIRE(parsed.ok());
        return *parsed;
    }
};

inline std::string Heard::line(const gateway::Event& event) {
    static constexpr std::array kFinish{"stop", "length", "tool_calls", "content_filter", "other"};
    struct {
        std::string operator()(const gateway::Began& began) const {
            return (began.fallback ? "fallback " : "began ") + began.model;
        }
        std::string operator()(const gateway::Retry& retry) const {
            return "retry " + std::to_string(retry.attempt) + " " + std::to_string(retry.delay.count()) +
                   "ms";
        }
        std::string operator()(const wire::Text& piece) const { return "text " + piece.text; }
        std::string operator()(const wire::Reasoning& piece) const { return "reasoning " + piece.text; }
        std::string operator()(const wire::ToolOpen& piece) const { return "tool " + piece.name; }
        std::string operator()(const wire::ToolArguments& piece) const { return "arguments " + piece.text; }
        std::string operator()(const wire::ToolEnd&) const { return "tool end"; }
        std::string operator()(const wire::EncryptedReasoning&) const { return "encrypted"; }
        std::string operator()(const gateway::Completed& end) const {
            return std::string{"completed "} + kFinish.at(static_cast<std::size_t>(end.finish));
        }
        std::string operator()(const gateway::Failed& end) const {
            return "failed " + std::string{wire_name(end.error.kind)};
        }
    } words;
    return std::visit(words, event);
}

// Pieces of answers.
inline http::Headers event_stream() { return {{"Content-Type", "text/event-stream"}}; }
inline std::string chunk(const std::string& text) {
    return "data: " + Json{{"choices", {{{"index", 0}, {"delta", {{"content", text}}}}}}}.dump() + "\n\n";
}
inline std::string reasoning(const std::string& text) {
    return "data: " + Json{{"choices", {{{"index", 0}, {"delta", {{"reasoning_content", text}}}}}}}.dump() +
           "\n\n";
}
inline std::string finish(const std::string& reason = "stop") {
    return "data: " +
           Json{{"choices", {{{"index", 0}, {"delta", Json::object()}, {"finish_reason", reason}}}}}.dump() +
           "\n\n";
}
inline std::string usage(int input, int output) {
    return "data: " +
           Json{{"choices", Json::array()},
                {"usage", {{"prompt_tokens", input}, {"completion_tokens", output}}}}
               .dump() +
           "\n\n";
}
inline const std::string kDone = "data: [DONE]\n\n";
inline std::string whole(const std::string& text) { return chunk(text) + finish() + kDone; }
inline std::string refusal(const std::string& message, const Json& code = nullptr,
                           const Json& param = nullptr) {
    return Json{{"error", {{"message", message}, {"code", code}, {"param", param}}}}.dump();
}
/// The Responses API's way to say `text`.
inline std::string response(const std::string& text) {
    const auto event = [](Json body) {
        const auto type = body["type"].get<std::string>();
        return "event: " + type + "\ndata: " + body.dump() + "\n\n";
    };
    return event({{"type", "response.created"}, {"response", {{"id", "r"}, {"status", "in_progress"}}}}) +
           event({{"type", "response.output_text.delta"},
                  {"item_id", "i"},
                  {"output_index", 0},
                  {"content_index", 0},
                  {"delta", text}}) +
           event({{"type", "response.completed"},
                  {"response",
                   {{"id", "r"},
                    {"status", "completed"},
                    {"output", Json::array()},
                    {"usage", {{"input_tokens", 3}, {"output_tokens", 2}}}}}});
}

using Lines = std::vector<std::string>;

}  // namespace dragoman::test
