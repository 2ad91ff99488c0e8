// A chat engine on a bench: fake time and network, a real folder, documents that the test opens.
#pragma once

#include "server/chat/engine.h"
#include "tests/support/fake_worker.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/gateway/bench.h"

namespace dragoman::test {

/// One question under way: what it told, and how it ended.
struct Asked {
    std::vector<std::string> lines;  // "begin work/m", "text Hel", "retry 2", ...
    std::optional<Result<chat::Answer>> end;
    std::unique_ptr<chat::Engine::Running> running;
    std::function<void()> at_end;  // called from inside the end

    chat::Engine::OnEvent on_event() {
        return [this](const chat::Event& event) { lines.push_back(std::visit(Words{}, event)); };
    }
    chat::Engine::OnEnd on_end() {
        return [this](Result<chat::Answer> result) {
            end.emplace(std::move(result));
            if (at_end) at_end();
        };
    }
    const chat::Answer& answer() const {
        REQUIRE(end);
        REQUIRE(end->ok());
        return **end;
    }
    const Error& error() const {
        REQUIRE(end);
        REQUIRE_FALSE(end->ok());
        return end->error();
    }

private:
    struct Words {
        std::string operator()(const chat::Began& one) const { return "begin " + one.model; }
        std::string operator()(const chat::Shortened& one) const {
            return "shortened " + std::to_string(one.attempt);
        }
        std::string operator()(const wire::Text& one) const { return "text " + one.text; }
        std::string operator()(const wire::Reasoning& one) const { return "reasoning " + one.text; }
        std::string operator()(const wire::ToolOpen& one) const { return "tool " + one.name; }
        std::string operator()(const wire::ToolArguments& one) const { return "arguments " + one.text; }
        std::string operator()(const wire::ToolEnd&) const { return "tool end"; }
        std::string operator()(const gateway::Retry& one) const {
            return "retry " + std::to_string(one.attempt);
        }
        std::string operator()(const gateway::Began& one) const { return "fallback " + one.model; }
    };
};

struct ChatBench : Bench {
    TempDir project;
    DiskFiles disk;
    Documents documents;
    FakeWorker disk_worker;
    store::Shelf shelf;
    chat::Engine engine{clock, gateway, documents, disk, &shelf};
    std::shared_ptr<config::Effective> config = std::make_shared<config::Effective>();

    /// Without a file conversations live in memory alone.
    explicit ChatBench(const std::filesystem::path& file = {}) : shelf{disk_worker, file} {
        work.retry_attempts = 0;
        config->providers["work"] = std::make_shared<config::Provider>(work);
        config->chat.model = "work/m";
        config->project = project.path();
    }

    chat::Send question(const std::string& prompt, const std::string& conversation = {}) const {
        chat::Send send;
        send.prompt = prompt;
        send.conversation = conversation;
        send.config = config;
        return send;
    }
    /// Sends; what was asked of the gateway is http.last().
    void ask(Asked& asked, chat::Send send) {
        auto running = engine.send(std::move(send), asked.on_event(), asked.on_end());
        REQUIRE(running);
        asked.running = std::move(*running);
        clock.settle();
    }
    /// The whole of a question that is answered with `text`.
    chat::Answer answered(chat::Send send, const std::string& text) {
        Asked asked;
        ask(asked, std::move(send));
        http.last().answer(200, whole(text), event_stream());
        clock.settle();
        disk_worker.work_off();
        return asked.answer();
    }
    /// The same for a conversation that may be on disk only.
    chat::Answer answered_later(const chat::Send& send, const std::string& text) {
        Asked asked;
        opened(send.conversation, [&](const chat::Conversation&) { ask(asked, send); });
        http.last().answer(200, whole(text), event_stream());
        clock.settle();
        disk_worker.work_off();
        return asked.answer();
    }
    /// Calls `look` with the conversation, which must exist.
    void opened(const std::string& id, const std::function<void(const chat::Conversation&)>& look) {
        bool seen = false;
        const auto task = engine.open(id, [&](const chat::Engine::Opened& found) {
            REQUIRE(found);
            REQUIRE(*found != nullptr);
            seen = true;
            look(**found);
        });
        disk_worker.work_off();
        REQUIRE(seen);
    }
    bool exists(const std::string& id) {
        bool there = false;
        const auto task =
            engine.open(id, [&](const chat::Engine::Opened& found) { there = found && *found != nullptr; });
        disk_worker.work_off();
        return there;
    }
    chat::Refused refused(chat::Send send) {
        Asked asked;
        auto running = engine.send(std::move(send), asked.on_event(), asked.on_end());
        REQUIRE_FALSE(running);
        return running.error();
    }
    void open(const std::string& uri, const std::string& text, const std::string& language = "cpp") {
        REQUIRE(documents.did_open(
                    {{"textDocument",
                      {{"uri", uri}, {"languageId", language}, {"version", 1}, {"text", text}}}}) == "");
    }
    std::vector<chat::Head> listed(const std::string& query = {}) {
        std::vector<chat::Head> heads;
        const auto task =
            engine.list(query, 100, 0, [&](std::vector<chat::Head> page) { heads = std::move(page); });
        disk_worker.work_off();
        return heads;
    }
    /// The newest of those in memory.
    const chat::Conversation& newest() {
        const auto* found = engine.find(listed().at(0).id);
        REQUIRE(found != nullptr);
        return *found;
    }
    std::string uri(const std::string& name) const { return uri_of_path(project / name); }
    /// "role: text" of each message that was sent last, without the system prompt.
    std::vector<std::string> messages() {
        std::vector<std::string> out;
        const Json sent = body(http.count() - 1);
        for (const Json& one : sent["messages"]) {
            if (one["role"] != "system")
                out.push_back(one["role"].get<std::string>() + ": " + one["content"].get<std::string>());
        }
        return out;
    }
};

}  // namespace dragoman::test
