// Questions and answers: conversations, what is attached to a question, and the turn while it runs.
//
// Conversations are kept on disk, which the loop never waits for (keeper.h); memory holds those in use, and
// those that are not to be kept. Loop thread. Knows nothing of JSON-RPC: the session turns params into Send
// and events into $/progress.
#pragma once

#include "server/chat/attachment.h"
#include "server/chat/image.h"
#include "server/config/config.h"
#include "server/documents/documents.h"
#include "server/store/shelf.h"
#include "server/support/clock.h"
#include "server/support/files.h"
#include "server/upstream/gateway/cost.h"
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
    std::string uri{};          // of the file it was taken from; may be empty
    std::string kind = "text";  // as Drawn has it: what git says is "gitDiff"
    std::size_t masked = 0;     // secrets that were masked before
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
using ContextItem = std::variant<FileItem, RangeItem, TextItem, DiagnosticsItem, Image>;

struct Options {
    wire::Sampling sampling{};
    std::optional<std::string> system_prompt{};
    Json extra_body = Json::object();
};

struct Send {
    std::string conversation;  // empty: a new one
    std::string prompt;
    std::vector<ContextItem> context;
    Json context_json = Json::array();  // the same as it came, less the data of images; kept masked
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
    std::string id, prompt;            // likely secrets masked
    std::size_t masked = 0;            // of the prompt; not kept
    Json context = Json::array();      // less the data of images, likely secrets masked
    std::size_t context_bytes = 0;     // of `context` as JSON text
    std::vector<Attachment> attached;  // what of it is sent as text, in front of the prompt
    std::vector<Image> images;         // those of `context`, in order
    std::string text, reasoning;
    std::vector<std::string> reasoning_items;
    std::vector<wire::ToolCall> tool_calls;
    std::string model;
    TurnState state = TurnState::running;
    wire::FinishReason finish = wire::FinishReason::stop;
    std::optional<wire::Usage> usage;
    std::optional<Error> error;
    Clock::WallTime created;
    unsigned revision = 1, saved = 0;  // counts changes worth writing; the one that is on disk
};

/// `turn.context` with the data of its images.
Json whole_context(const Turn& turn);

/// At most the last turn is running, and while it is, its run alone changes `turns`.
struct Conversation {
    std::string id, title;
    Clock::WallTime created, updated;
    std::vector<Turn> turns;

    bool kept = false;                 // it may be written to disk
    bool stored = false;               // its row is there
    bool deleted = false;              // here or by another daemon: never written again
    std::vector<std::string> dropped;  // turns that were replaced and may still be on disk
};

/// What a list shows of a conversation.
struct Head {
    std::string id{}, title{};
    Clock::WallTime created{}, updated{};
    std::size_t turns = 0;
    std::string model{};  // of its newest turn
};
Head head_of(const Conversation& conversation);

/// What of a conversation did not fit into the model's window.
struct LeftOut {
    std::size_t turns = 0;           // the oldest ones
    std::vector<std::string> items;  // titles of attachments that were cut or left out
    bool any() const { return turns > 0 || !items.empty(); }
    friend bool operator==(const LeftOut&, const LeftOut&) = default;
};

struct Began {
    std::string conversation, turn, model;
    LeftOut left_out;
    std::size_t masked = 0;  // likely secrets of the question and what is attached to it
};
/// The model found the question too long; it is asked again with less.
struct Shortened {
    int attempt = 2;  // the number of the attempt to come
    std::string reason;
    LeftOut left_out;
};
using Event = std::variant<Began, Shortened, wire::Text, wire::Reasoning, wire::ToolOpen, wire::ToolArguments,
                           wire::ToolEnd, gateway::Retry, gateway::Began /* a fallback */>;

struct Answer {
    std::string conversation;
    Turn turn;
    std::optional<gateway::Cost> cost;
    LeftOut left_out;
    std::size_t masked = 0;  // as in Began
};

/// Why nothing was begun: the params named something that does not exist or may not be used.
struct Refused {
    bool invalid_params = false;  // unknown conversation or turn, unreadable or excluded context, sheer size
    std::string message;
    Error error;  // when not invalid_params
};

class Engine {
public:
    /// `shelf`: where conversations are kept, which outlives this; without one they live as long as the
    /// daemon.
    Engine(Clock& clock, gateway::Gateway& gateway, const Documents& documents, Files& files,
           store::Shelf* shelf = nullptr);
    ~Engine();

    /// A turn under way. Destroying it closes the connection; the turn stays, with what had arrived, as
    /// cancelled. Allowed inside OnEnd, not inside OnEvent.
    struct Running {
        virtual ~Running() = default;
    };
    using OnEvent = std::function<void(const Event&)>;
    /// Once: the answer, or the error with what had arrived in partial_text. The turn is on disk then, unless
    /// the disk fails or is slow: it never holds an answer up for longer than Keeper::kPatience.
    using OnEnd = std::function<void(Result<Answer>)>;
    /// Neither function is called from inside send(). Refused changes nothing. A conversation that is to be
    /// continued has been open()ed: this is called from inside `use`.
    [[nodiscard]] Result<std::unique_ptr<Running>, Refused> send(const Send& send, OnEvent on_event,
                                                                 OnEnd on_end);

    /// A question to the disk. Destroying it takes the question back.
    using Task = std::unique_ptr<Worker::Task>;
    /// A conversation, null for an unknown id, or why the disk cannot tell.
    using Opened = Result<const Conversation*, std::string>;
    /// Brings a conversation into memory, also one of an earlier run or of another daemon. `use` gets it,
    /// valid inside the call only. Where the disk is not needed `use` is called from inside, and null is
    /// returned.
    [[nodiscard]] Task open(const std::string& id, std::function<void(const Opened&)> use);
    /// Newest first; `query` is looked for in titles, prompts and answers. Called like `use` of open().
    [[nodiscard]] Task list(const std::string& query, std::size_t limit, std::size_t offset,
                            std::function<void(std::vector<Head>)> use);
    /// `done` gets why the disk did not do it, or nothing; perhaps from inside.
    using Done = std::function<void(std::string trouble)>;
    void rename(const std::string& id, const std::string& title, Done done);
    /// It is gone from memory and its bytes from the file. A turn of it that is under way goes on to its end,
    /// for the one who asked.
    void remove(const std::string& id, Done done);

    // Of a conversation in memory: one that was opened, for as long as `use` runs, or one in use.
    const Conversation* find(const std::string& id) const;
    /// A copy up to and with `turn`, which counts as cancelled in it if it is still running; the copy's id.
    /// `keep`: as privacy.keepConversations says; without it the copy lives in memory.
    std::optional<std::string> fork(const std::string& id, const std::string& turn, bool keep);
    std::optional<std::string> export_markdown(const std::string& id) const;

    /// The context length that a gateway's own list tells, where it was read; may be empty.
    std::function<std::optional<std::int64_t>(const config::ModelRef&)> listed_context;

    int in_flight() const;
    /// Called after in_flight() changed; may be empty.
    std::function<void()> on_activity;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dragoman::chat
