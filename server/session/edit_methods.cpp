// dragoman/edit: one selection, one instruction, streamed, answered with a WorkspaceEdit that nobody has
// applied yet.

#include "server/session/chat_params.h"
#include "server/session/edit_request.h"
#include "server/session/methods.h"
#include "server/session/usage.h"

namespace dragoman::session {
namespace {

struct EditParams {
    std::string uri, instruction, model;
    Range range;
    chat::Options options{};
    Json token;  // null: none
};

Result<EditParams, std::string> read_edit_params(const Json& params) {
    using Read = Result<EditParams, std::string>;
    EditParams out;
    const auto document = lsp::text_document_of(params);
    if (!document) return Read::failure("textDocument must be an object with a uri");
    out.uri = document->uri;
    const Json* range = find(params, "range");
    const auto place = range == nullptr ? std::nullopt : lsp::range_from_json(*range);
    if (!place) return Read::failure("range must be a range");
    out.range = *place;
    const auto instruction = get_string(params, "instruction");
    if (!instruction || one_line(*instruction).empty())
        return Read::failure("instruction must be a string that is not empty");
    out.instruction = *instruction;
    if (const Json* model = find(params, "model")) {
        if (!model->is_string()) return Read::failure("model must be a string");
        out.model = model->get<std::string>();
    }
    if (auto bad = read_options(params, out.options)) return Read::failure(*bad);
    if (auto bad = read_token(params, out.token)) return Read::failure(*bad);
    return out;
}

/// Edit events as $/progress of one request.
class Progress {
public:
    Progress(Session& session, Json token) : session_{session}, token_(std::move(token)) {}

    void operator()(const gateway::Began& began) const {
        Json value = {{"kind", began.fallback ? "fallback" : "begin"}, {"model", began.model}};
        if (began.fallback) value["reason"] = began.reason;
        session_.progress(token_, value);
    }
    void operator()(const gateway::Retry& retry) const {
        session_.progress(token_, {{"kind", "retry"},
                                   {"attempt", retry.attempt},
                                   {"delayMs", retry.delay.count()},
                                   {"reason", retry.reason}});
    }
    void operator()(const wire::Text& text) const { session_.progress_piece(token_, "text", text.text); }
    void operator()(const wire::Reasoning& text) const {
        session_.progress_piece(token_, "reasoning", text.text);
    }

private:
    Session& session_;
    Json token_;
};

Json result_json(const edit::Outcome& outcome, PositionEncoding encoding) {
    Json out = {
        {"edit", workspace_edit(outcome, encoding)}, {"text", outcome.text}, {"model", outcome.model}};
    if (outcome.usage) out["usage"] = usage_json(*outcome.usage);
    if (outcome.cost) out["cost"] = {{"amount", outcome.cost->amount}, {"currency", outcome.cost->currency}};
    if (outcome.masked > 0) out["masked"] = outcome.masked;
    if (outcome.withheld > 0) out["withheld"] = outcome.withheld;
    return out;
}

}  // namespace

void handle_edit(Session& session, const Reply& reply, const Json& params) {
    auto read = read_edit_params(params);
    if (!read) return reply.invalid_params("dragoman/edit: " + read.error());
    auto request = edit_request(session, read->uri, read->range);
    if (!request) return reply.invalid_params("dragoman/edit: " + request.error());
    request->question.instruction = std::move(read->instruction);
    request->question.system_prompt = std::move(read->options.system_prompt);
    request->model = std::move(read->model);
    request->sampling = std::move(read->options.sampling);
    request->extra_body = std::move(read->options.extra_body);

    edit::Engine::OnEvent on_event = [](const edit::Event&) {};
    if (!read->token.is_null()) {
        on_event = [progress = Progress{session, read->token}](const edit::Event& event) {
            std::visit(progress, event);
        };
    }
    auto running = session.services().edit.start(
        std::move(*request), std::move(on_event),
        [&session, reply](const Result<edit::Outcome, edit::Failure>& end) {
            if (end) {
                session.status().succeeded();
                return reply.result(result_json(*end, session.services().documents.encoding()));
            }
            if (end.error().content_modified) {
                return reply.error(
                    {.code = jsonrpc::Code::content_modified, .message = end.error().message, .data = {}});
            }
            session.status().failed(end.error().error);
            reply.fail(end.error().error);
        });
    if (running) return reply.keep(std::shared_ptr<void>{std::move(*running)});
    session.status().failed(running.error());
    reply.fail(running.error());
}

}  // namespace dragoman::session
