// Edits of a part of a document, made by a model: from a selection and an instruction to minimal changes.
//
// Loop thread. Knows nothing of JSON-RPC and never applies anything. While the model writes, the user may
// type elsewhere in the document: the changes move along. What happens inside the selection ends the edit.
#pragma once

#include "server/config/config.h"
#include "server/documents/documents.h"
#include "server/edit/changes.h"
#include "server/edit/edit_prompt.h"
#include "server/upstream/gateway/cost.h"
#include "server/upstream/gateway/gateway.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dragoman::edit {

struct Request {
    DocumentSnapshot document;
    std::size_t begin = 0, end = 0;  // bytes of its text
    Question question;
    std::string model{};  // "provider/model"; empty: the role's
    wire::Sampling sampling{};
    Json extra_body = Json::object();
    std::shared_ptr<const config::Effective> config;
};

/// Text is replacement text as far as it is certain, with the document's line ends; one that the end of the
/// answer proves wrong is corrected by the outcome alone.
using Event = std::variant<gateway::Began /* also a fallback */, gateway::Retry, wire::Text, wire::Reasoning>;

struct Outcome {
    DocumentSnapshot document;  // as it is at the end; hunks count its bytes
    std::vector<Hunk> hunks;    // empty: nothing to change, or an explanation
    std::string text;           // the new text of the selection, or the explanation
    std::size_t withheld = 0;   // changes that would have overwritten a secret
    std::size_t masked = 0;     // likely secrets that the model was not shown
    std::string model;
    std::optional<wire::Usage> usage;
    std::optional<gateway::Cost> cost;
};

struct Failure {
    bool content_modified = false;  // the document changed inside the selection, or was closed
    std::string message;            // when content_modified
    Error error;                    // otherwise
};

class Run;

class Engine {
public:
    Engine(gateway::Gateway& gateway, const Documents& documents);
    ~Engine();

    /// An edit under way. Destroying it closes the connection; allowed inside OnEnd, not inside OnEvent.
    struct Running {
        virtual ~Running() = default;
    };
    using OnEvent = std::function<void(const Event&)>;
    using OnEnd = std::function<void(Result<Outcome, Failure>)>;
    /// Neither function is called from inside. The error says why nothing was begun.
    [[nodiscard]] Result<std::unique_ptr<Running>> start(Request request, OnEvent on_event, OnEnd on_end);

    /// As Documents::on_change and on_close tell it; edits of that document may end from inside.
    void document_changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes);
    void document_closed(const std::string& uri);

    int in_flight() const;
    /// Called after in_flight() changed; may be empty.
    std::function<void()> on_activity;

private:
    friend class Run;
    void add(Run& run);
    void remove(Run& run);
    std::vector<Run*> runs_of(const std::string& uri) const;

    gateway::Gateway& gateway_;
    const Documents& documents_;
    std::vector<Run*> runs_;
};

}  // namespace dragoman::edit
