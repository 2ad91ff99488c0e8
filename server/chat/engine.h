// Questions and answers: conversations, what is attached to a question, and the turn while it runs.
//
// Conversations live in memory, a bounded number of them (conversations.h). Loop thread. Knows nothing of
// JSON-RPC: the session turns params into Send and events into $/progress.
#pragma once

#include "server/config/config.h"
#include "server/documents/documents.h"
#include "server/support/clock.h"
#include "server/support/files.h"
#include "server/upstream/gateway/gateway.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dragoman::chat {

struct FileItem {
    std::string uri;
};
struct RangeItem {
    std::string uri;
    Range range;
};
struct TextItem {
    std::string text, label;
};
struct Diagnostic {
    Range range;
    int severity = 1;  // LSP: 1 error, 2 warning, 3 information, 4 hint
    std::string message, source, code;
};
struct DiagnosticsItem {
    std::string uri;
    std::vector<Diagnostic> diagnostics;
};
using ContextItem = std::variant<FileItem, RangeItem, TextItem, DiagnosticsItem>;

struct Options {
    wire::Sampling sampling{};
    std::optional<std::string> system_prompt{};
    Json extra_body = Json::object();
};

struct Send {
    std::string conversation;  // empty: a new one
    std::string prompt;
    std::vector<ContextItem> context;
    Json context_json = Json::array();  // the same as it came, kept with the turn
    std::string model;                  // empty: the role's
    Options options{};
    std::string replace_turn;  // this turn and those after it are replaced
    /// With replace_turn: keep that turn's question and its text so far, and extend the text. Prompt and
    /// context are not used then.
    bool resume = false;
    std::shared_ptr<const config::Effective> config;
};

enum class TurnState { running, complete, cancelled, failed };

struct Turn {
    std::string id, prompt;
    Json context = Json::array();
    std::size_t context_bytes = 0;  // of `context` as JSON text
    std::string question;           // what was sent: the prompt with its context written out
    std::string text, reasoning;
    std::vector<std::string> reasoning_items;
    std::vector<wire::ToolCall> tool_calls;
    std::string model;
    TurnState state = TurnState::running;
    wire::FinishReason finish = wire::FinishReason::stop;
    std::optional<wire::Usage> usage;
    std::optional<Error> error;
    Clock::WallTime created;
};

/// At most the last turn is running, and while it is, its run alone changes `turns`.
struct Conversation {
    std::string id, title;
    Clock::WallTime created, updated;
    std::vector<Turn> turns;
};

struct Began {
    std::string conversation, turn, model;
};
using Event = std::variant<Began, wire::Text, wire::Reasoning, wire::ToolOpen, wire::ToolArguments,
                           wire::ToolEnd, gateway::Retry, gateway::Began /* a fallback */>;

struct Cost {
    double amount = 0;
    std::string currency;
};
struct Answer {
    std::string conversation;
    Turn turn;
    std::optional<Cost> cost;
};

/// Why nothing was begun: the params named something that does not exist or may not be used.
struct Refused {
    bool invalid_params = false;  // unknown conversation or turn, unreadable or excluded context
    std::string message;
    Error error;  // when not invalid_params
};

class Engine {
public:
    Engine(Clock& clock, gateway::Gateway& gateway, const Documents& documents, Files& files);
    ~Engine();

    /// A turn under way. Destroying it closes the connection; the turn stays, with what had arrived, as
    /// cancelled. Allowed inside OnEnd, not inside OnEvent.
    struct Running {
        virtual ~Running() = default;
    };
    using OnEvent = std::function<void(const Event&)>;
    /// Once: the answer, or the error with what had arrived in partial_text.
    using OnEnd = std::function<void(Result<Answer>)>;
    /// Neither function is called from inside send(). Refused changes nothing.
    [[nodiscard]] Result<std::unique_ptr<Running>, Refused> send(Send send, OnEvent on_event, OnEnd on_end);

    // Conversations, newest first. Unknown ids give nothing or false.
    std::vector<const Conversation*> list(const std::string& query, std::size_t limit,
                                          std::size_t offset) const;
    const Conversation* find(const std::string& id) const;
    bool rename(const std::string& id, const std::string& title);
    /// A turn of it that is under way goes on to its end, for the one who asked.
    bool remove(const std::string& id);
    /// A copy up to and with `turn`, which counts as cancelled in it if it is still running; the copy's id.
    std::optional<std::string> fork(const std::string& id, const std::string& turn);
    std::optional<std::string> export_markdown(const std::string& id) const;

    int in_flight() const;
    /// Called after in_flight() changed; may be empty.
    std::function<void()> on_activity;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dragoman::chat
