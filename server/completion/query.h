// All that is known of a request before anyone is asked: the place, what is seen from it, who would answer.
//
// Private to the room.
#pragma once

#include "server/completion/engine.h"
#include "server/completion/place.h"
#include "server/completion/text/extent.h"
#include "server/completion/text/view.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace dragoman::completion {

struct Query {
    DocumentSnapshot document;  // its text as if the selected entry had been accepted
    std::size_t cursor = 0;     // in it
    std::shared_ptr<const config::Effective> config;
    std::vector<std::filesystem::path> folders{};
    config::ModelRef model;
    std::string route;
    bool automatic = true;
    int narrowed = 0;     // how often the window and the context were halved
    View view{Window{}};  // what is seen from the place, for as long as answers are held against it
    Wanted wanted;
    Place place{Text{}, 0, 0, 0, 0, 0};

    Sources::Where where() const { return {document, cursor, folders, config}; }
    /// Of other files and recent edits, at most.
    std::size_t context_tokens() const;
    /// The model and how it is asked: what latency is measured by.
    std::string route_key() const { return model.id() + " " + route; }
};

/// Why there can be nothing for this request, in words; nothing where it may go on.
std::optional<std::string> closed_gate(const InlineRequest& request);

/// `narrowed` tells by model id how often its prompts were too long. Ends with what Effective::resolve() ends
/// with.
Result<std::shared_ptr<const Query>> make_query(const InlineRequest& request, const gateway::Gateway& gateway,
                                                const std::map<std::string, int>& narrowed);
/// The place behind `text` once it is accepted at the query's.
std::shared_ptr<const Query> after_accepting(const Query& query, const std::string& text);
/// The cursor behind a change of the document, as the query's anchor is to be compared with it.
Place place_after_change(const Query& query, const DocumentSnapshot& now, std::size_t cursor);

}  // namespace dragoman::completion
