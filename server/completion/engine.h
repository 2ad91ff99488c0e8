// Ghost text: from a cursor in a text to what would stand there.
//
// The engine gates, supersedes, debounces, builds the prompt for the route the model has, and cleans what
// comes back. Its parts (context, prompt, postprocess) are pure functions in files of their own; the
// engine is what drives them in time. Loop thread.
#pragma once

#include "server/config/config.h"
#include "server/documents/document.h"
#include "server/support/clock.h"
#include "server/upstream/gateway/gateway.h"

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
    std::optional<int> tab_size{};
    std::optional<bool> insert_spaces{};
    std::shared_ptr<const config::Effective> config;
    std::string relative_path;  // as the prompt names the file
};

/// One suggestion: `text` stands in place of [begin, cursor) and begins with what is there now.
struct Suggestion {
    std::string id;
    std::size_t begin = 0;
    std::string text;
};

/// One step of the way, for the trail: what it did, or why it ended here.
struct Step {
    std::string step, detail;
};

struct TrailEntry {
    std::string id;  // of its suggestion
    Clock::WallTime time;
    std::string uri;
    Position position{};
    enum class Outcome { shown, empty, cancelled, superseded, failed } outcome = Outcome::empty;
    std::string source;  // "upstream" once the gateway was asked; empty before
    std::string model;
    Milliseconds debounce{}, first_byte{}, total{};
    std::vector<Step> steps;
    std::optional<wire::Usage> tokens{};
};

struct InlineResult {
    std::vector<Suggestion> items;
    std::optional<Error> failure;  // items are empty then; for status and, when invoked, a message
    bool superseded = false;       // a newer request for the document took its place
};

class Engine {
public:
    Engine(Clock& clock, gateway::Gateway& gateway);
    ~Engine();

    /// Dropping the ticket cancels: the upstream transfer is closed, `done` is not called any more. A
    /// ticket may be dropped from inside `done` and after the engine is gone.
    struct Ticket {
        virtual ~Ticket() = default;
    };
    using Done = std::function<void(InlineResult)>;
    /// A newer request for the same document ends the older one first: its `done` gets superseded = true
    /// from inside this call. Otherwise `done` is called once, never from inside request().
    [[nodiscard]] std::unique_ptr<Ticket> request(InlineRequest request, Done done);

    // Feedback; unknown ids are ignored.
    void accepted(const std::string& id);
    void partially_accepted(const std::string& id, std::size_t bytes);
    void shown(const std::string& id);
    /// The suggestion came too late to be given to the editor.
    void withdrawn(const std::string& id, std::string why);

    /// Newest first.
    std::vector<TrailEntry> trail(const std::optional<std::string>& uri, std::size_t limit) const;
    /// Requests that are under way upstream.
    int in_flight() const;
    /// Called after in_flight() changed; may be empty.
    std::function<void()> on_activity;

    class Impl;

private:
    std::shared_ptr<Impl> impl_;  // tickets may outlive the engine
};

}  // namespace dragoman::completion
