// Ghost text: from a cursor in a text to what would stand there.
//
// A request is answered from what was already paid for where that holds (a suggestion that is being typed
// out, a generation that is under way), and asks a gateway only then. An answer goes to the editor as soon as
// the part that is shown is whole; the rest of the stream is kept for the next keystrokes. The parts that
// decide are pure (place, cache, pace, prompt, text/); the engine is what drives them in time. Loop thread.
#pragma once

#include "server/completion/context/sources.h"
#include "server/completion/trail.h"
#include "server/config/config.h"
#include "server/documents/documents.h"
#include "server/support/clock.h"
#include "server/upstream/gateway/gateway.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::completion {

struct InlineRequest {
    DocumentSnapshot document;
    std::size_t offset = 0;  // of the cursor, in bytes
    Position position{};     // the same as the editor said it, for the trail
    bool automatic = true;   // as opposed to asked for by a key
    /// The entry selected in the editor's completion menu: the suggestion begins with `text` in place of
    /// [begin, offset), or there is none.
    struct Selected {
        std::size_t begin = 0;
        std::string text;
    };
    std::optional<Selected> selected{};
    std::shared_ptr<const config::Effective> config;
    std::string relative_path;                     // as the prompt names the file
    std::vector<std::filesystem::path> folders{};  // of the workspace
};

/// One suggestion: `text` stands in place of [begin, cursor) and begins with what is there now.
struct Suggestion {
    std::string id;
    std::size_t begin = 0;
    std::string text;
};

struct InlineResult {
    std::vector<Suggestion> items;  // best first
    std::optional<Error> failure;   // items are empty then; for status and, when invoked, a message
    bool superseded = false;        // a newer request for the document took its place
    /// Told once, whoever asked: what the user has to know about the model.
    std::string notice{};
};

class Engine {
public:
    /// All outlive it.
    Engine(Clock& clock, gateway::Gateway& gateway, Sources& sources);
    ~Engine();

    /// Dropping the ticket cancels: `done` is not called any more. A generation under way goes on for a
    /// moment, because editors cancel before they ask for the next keystroke; what disagrees with the text
    /// that comes, or is not asked for again, is closed. A ticket may be dropped from inside `done` and after
    /// the engine is gone.
    struct Ticket {
        virtual ~Ticket() = default;
    };
    using Done = std::function<void(InlineResult)>;
    /// A newer request for the same document ends the older one first: its `done` gets superseded = true
    /// from inside this call. Otherwise `done` is called once, never from inside request().
    [[nodiscard]] std::unique_ptr<Ticket> request(InlineRequest request, Done done);

    // What the editor does with the texts: feeds the context, ends generations that the new text disagrees
    // with, and tells an acceptance that the editor did not.
    void document_changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes);
    void document_closed(const std::string& uri);
    /// Looks up what a document's imports point to before the first keystroke in it.
    void prepare(const Sources::Where& where);

    // Feedback; unknown ids are ignored.
    void accepted(const std::string& id);
    void partially_accepted(const std::string& id, std::size_t bytes);
    void shown(const std::string& id);
    /// The suggestion came too late to be given to the editor.
    void withdrawn(const std::string& id, std::string why);

    /// Ends all that goes on without a ticket: the session shuts down.
    void rest();

    /// Newest first.
    std::vector<TrailEntry> trail(const std::optional<std::string>& uri, std::size_t limit) const;
    /// Generations that are under way upstream.
    int in_flight() const;
    /// Called after in_flight() changed; may be empty.
    std::function<void()> on_activity;

    class Impl;

private:
    std::shared_ptr<Impl> impl_;  // tickets may outlive the engine
};

}  // namespace dragoman::completion
