// textDocument/inlineCompletion and what clients tell about its items.
//
// A keystroke request never fails in the editor's eyes: what went wrong becomes an empty list, a status
// and a line in the trail; only a request that the user made by a key also gets one message.

#include "protocol/base/error_text.h"
#include "protocol/lsp/types.h"
#include "server/session/completion_request.h"
#include "server/session/methods.h"
#include "server/session/usage.h"
#include "server/support/log.h"

#include <algorithm>

namespace dragoman::session {
namespace {

constexpr int kMessageWarning = 2;  // LSP MessageType

Json nothing() { return lsp::to_json(std::vector<lsp::InlineCompletionItem>{}); }

std::string relative_path(const Session& session, const std::string& uri) {
    const auto path = session.place_of(uri);
    if (!path) return {};
    for (const auto& root : session.folder_paths()) {
        const auto relative = path->lexically_relative(root);
        if (!relative.empty() && *relative.begin() != "..") return relative.generic_string();
    }
    return path->filename().string();
}

void tell_failure(Session& session, const Error& error, bool automatic) {
    session.status().failed(error);
    if (error.kind == ErrorKind::over_budget) {
        // The status says it, and whoever asked by a key was put the question, where the editor can ask.
        const bool told = automatic || session.client().capabilities.show_message_request;
        if (!told) session.show_message(kMessageWarning, in_sentences(error));
    } else if (automatic) {
        log::info("no completion: {}", error.message);
    } else {
        session.show_message(kMessageWarning, in_sentences(error));
    }
}

/// The line that was asked about still stands where it stood, as it was. Clients that have typed on ask
/// anew; an answer for the old text must not reach into the new one.
bool still_fits(const Documents& documents, const completion::InlineRequest& request) {
    const auto now = documents.find(request.document.uri);
    if (!now) return false;
    if (now->revision == request.document.revision) return true;
    const Text& then = request.document.text;
    const std::size_t line = then.line_of(request.offset);
    return now->text.line_count() == then.line_count() && now->text.line(line) == then.line(line);
}

Json items_of(Session& session, const completion::InlineRequest& request,
              const std::vector<completion::Suggestion>& suggestions) {
    const Text& text = request.document.text;
    const PositionEncoding encoding = session.services().documents.encoding();
    std::vector<lsp::InlineCompletionItem> items;
    for (const auto& suggestion : suggestions) {
        items.push_back({.id = suggestion.id,
                         .insert_text = suggestion.text,
                         .range = {text.position_of(suggestion.begin, encoding),
                                   text.position_of(request.offset, encoding)}});
    }
    return lsp::to_json(items);
}

void finish(Session& session, const Reply& reply, const completion::InlineRequest& request,
            completion::InlineResult result, WriteItems write) {
    constexpr std::size_t kMaxItems = 3;
    if (result.superseded) {
        reply.error({.code = jsonrpc::Code::request_cancelled,
                     .message = "a newer request for this document took its place",
                     .data = {}});
        return;
    }
    if (!result.items.empty()) session.status().succeeded();
    if (!result.notice.empty()) session.show_message(kMessageWarning, result.notice);
    if (!still_fits(session.services().documents, request)) {
        for (const auto& suggestion : result.items) {
            session.services().completion.withdrawn(suggestion.id, "the line changed meanwhile");
        }
        result.items.clear();
    }
    if (result.items.size() > kMaxItems) result.items.resize(kMaxItems);
    reply.result(write(session, request, result.items));
    if (result.failure) tell_failure(session, *result.failure, request.automatic);
}

}  // namespace

std::optional<completion::InlineRequest> completion_request(Session& session,
                                                            const lsp::InlineCompletionParams& params) {
    const Documents& documents = session.services().documents;
    auto document = documents.find(params.uri);
    if (!document) return std::nullopt;
    if (params.version && *params.version < document->version) return std::nullopt;
    const auto line = static_cast<std::size_t>(std::max<std::int64_t>(params.position.line, 0));
    if (line >= document->text.line_count()) return std::nullopt;
    // A place inside a character is that character's start; past the end of the line is no place.
    const std::size_t offset = document->text.offset_of(params.position, documents.encoding());
    const Position cursor = document->text.position_of(offset, documents.encoding());
    const bool at_line_end = offset == document->text.line_end(line);
    if (at_line_end && params.position.character > cursor.character) return std::nullopt;

    completion::InlineRequest request;
    request.document = *document;
    request.offset = offset;
    request.position = cursor;
    request.automatic = params.automatic;
    if (params.selected) {
        const std::size_t begin =
            document->text.offset_of(params.selected->range.start, documents.encoding());
        request.selected = {.begin = std::min(begin, offset), .text = params.selected->text};
    }
    request.config = session.config_for(params.uri);
    request.relative_path = relative_path(session, params.uri);
    request.folders = session.folder_paths();
    return request;
}

void complete(Session& session, const Reply& reply, completion::InlineRequest request, WriteItems write) {
    const auto kept = std::make_shared<const completion::InlineRequest>(std::move(request));
    reply.keep(session.services().completion.request(
        *kept, [&session, reply, kept, write](completion::InlineResult result) {
            finish(session, reply, *kept, std::move(result), write);
        }));
}

void handle_inline_completion(Session& session, const Reply& reply, const Json& params) {
    const auto read = lsp::inline_completion_params(params, session.inline_dialect());
    if (!read) return reply.invalid_params("textDocument/inlineCompletion: " + read.error());
    session.inline_dialect() = read->dialect;
    auto request = completion_request(session, *read);
    if (!request) return reply.result(nothing());
    complete(session, reply, std::move(*request), &items_of);
}

void handle_execute_command(Session& session, const Reply& reply, const Json& params) {
    const auto command = get_string(params, "command");
    if (!command) return reply.invalid_params("workspace/executeCommand: command is missing");
    if (*command == lsp::kCodeAction) return run_code_action(session, reply, params);
    if (*command != lsp::kCompletionAccepted) return reply.invalid_params("unknown command " + *command);
    const Json* arguments = find(params, "arguments");
    if (arguments != nullptr && arguments->is_array() && !arguments->empty() &&
        arguments->front().is_string()) {
        session.services().completion.accepted(arguments->front().get<std::string>());
    }
    reply.result(nullptr);
}

namespace {

std::optional<std::string> item_id(const Json& params) {
    const Json* item = find(params, "item");
    return item == nullptr ? std::nullopt : lsp::completion_id_of(*item);
}

Json to_json(const completion::TrailEntry& entry) {
    constexpr std::string_view kOutcomes[] = {"shown", "empty", "cancelled", "superseded", "failed"};
    Json steps = Json::array();
    for (const auto& step : entry.steps) steps.push_back({{"step", step.step}, {"detail", step.detail}});
    Json out = {{"time", iso_time(entry.time)},
                {"uri", entry.uri},
                {"position", {{"line", entry.position.line}, {"character", entry.position.character}}},
                {"outcome", kOutcomes[static_cast<std::size_t>(entry.outcome)]},
                {"source", entry.source.empty() ? Json() : Json(entry.source)},
                {"timings",
                 {{"debounceMs", entry.debounce.count()},
                  {"firstByteMs", entry.first_byte.count()},
                  {"totalMs", entry.total.count()}}},
                {"steps", std::move(steps)}};
    if (!entry.model.empty()) out["model"] = entry.model;
    if (entry.tokens) out["tokens"] = usage_json(*entry.tokens);
    return out;
}

}  // namespace

void handle_did_show_completion(Session& session, const Json& params) {
    if (const auto id = item_id(params)) session.services().completion.shown(*id);
}

void handle_did_partially_accept(Session& session, const Json& params) {
    const auto id = item_id(params);
    const auto units = get_int(params, "acceptedLength");
    const Json* item = find(params, "item");
    if (!id || !units || *units < 0 || item == nullptr) return;
    // acceptedLength counts UTF-16 units whatever encoding was agreed on (the Copilot convention).
    const std::string text = get_string(*item, "insertText").value_or("");
    session.services().completion.partially_accepted(
        *id, byte_offset(text, static_cast<std::size_t>(*units), PositionEncoding::utf16));
}

void handle_did_focus(Session& session, const Json& params) {
    const Json* document = find(params, "textDocument");
    const auto uri = document == nullptr ? std::nullopt : get_string(*document, "uri");
    if (uri) prepare_context(session, *uri);
}

void prepare_context(Session& session, const std::string& uri) {
    const auto document = session.services().documents.find(uri);
    const auto config = session.config_for(uri);
    // Where nobody could be asked, nothing of the project is read either.
    if (!document || !config->completion.enabled || !config->resolve(config::Role::completion)) return;
    session.services().completion.prepare(
        {.document = *document, .folders = session.folder_paths(), .config = config});
}

void handle_trail(Session& session, const Reply& reply, const Json& params) {
    constexpr std::int64_t kDefaultLimit = 20, kMaxLimit = 1000;
    const Json* document = find(params, "textDocument");
    const std::int64_t limit =
        std::clamp(get_int(params, "limit").value_or(kDefaultLimit), std::int64_t{0}, kMaxLimit);
    Json entries = Json::array();
    for (const auto& entry : session.services().completion.trail(
             document == nullptr ? std::nullopt : get_string(*document, "uri"),
             static_cast<std::size_t>(limit))) {
        entries.push_back(to_json(entry));
    }
    reply.result({{"entries", std::move(entries)}});
}

}  // namespace dragoman::session
