#include "server/session/edit_request.h"

#include "server/chat/context_items.h"
#include "server/config/exclusion.h"

namespace dragoman::session {

Result<edit::Request, std::string> edit_request(Session& session, const std::string& uri,
                                                const Range& range) {
    using Read = Result<edit::Request, std::string>;
    const Documents& documents = session.services().documents;
    edit::Request request;
    request.config = session.config_for(uri);
    const auto path = session.place_of(uri);
    const std::string name = one_line(path ? chat::shown_path(*path, *request.config) : uri);
    if (config::document_stays_here(*request.config, uri))
        return Read::failure(name + " is kept on this machine by privacy.exclude");
    auto document = documents.find(uri);
    if (!document) return Read::failure(name + " is not open, so that it cannot be edited");
    request.begin = document->text.offset_of(range.start, documents.encoding());
    request.end = document->text.offset_of(range.end, documents.encoding());
    if (request.end < request.begin) return Read::failure("the range ends before it begins");
    request.document = std::move(*document);
    if (path) request.question.path = name;
    return request;
}

Json workspace_edit(const edit::Outcome& outcome, PositionEncoding encoding,
                    const std::optional<std::string>& confirm) {
    constexpr const char* kAnnotation = "dragoman";
    const Text& text = outcome.document.text;
    Json edits = Json::array();
    for (const edit::Hunk& hunk : outcome.hunks) {
        const Range range{text.position_of(hunk.begin, encoding), text.position_of(hunk.end, encoding)};
        Json edit = {{"range", lsp::to_json(range)}, {"newText", hunk.text}};
        if (confirm) edit["annotationId"] = kAnnotation;
        edits.push_back(std::move(edit));
    }
    Json changes = Json::array();
    if (!edits.empty()) {
        changes.push_back(
            {{"textDocument", {{"uri", outcome.document.uri}, {"version", outcome.document.version}}},
             {"edits", std::move(edits)}});
    }
    Json whole = {{"documentChanges", std::move(changes)}};
    if (confirm) {
        whole["changeAnnotations"] = {
            {kAnnotation,
             {{"label", *confirm}, {"needsConfirmation", true}, {"description", outcome.model}}}};
    }
    return whole;
}

}  // namespace dragoman::session
