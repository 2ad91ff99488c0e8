// Code actions for editors without a plugin: a menu that costs nothing to list, and commands that end in
// workspace/applyEdit.

#include "server/session/chat_params.h"
#include "server/session/edit_request.h"
#include "server/session/methods.h"
#include "server/session/work_done.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace dragoman::session {
namespace {

constexpr int kMessageWarning = 2, kMessageInfo = 3;  // LSP MessageType
constexpr int kMadeByModel = 1;                       // LSP 3.18 CodeActionTag.LLMGenerated

struct Action {
    std::string_view name, title, kind, instruction;
    edit::Task task = edit::Task::rewrite;
    bool needs_diagnostics = false;
    bool whole_lines = true;  // a part of a line stands for the block around it
};

constexpr std::array kActions = {
    Action{.name = "fix",
           .title = "Fix with dragoman",
           .kind = "quickfix",
           .instruction = "Fix the reported problems with the smallest change that is right.",
           .needs_diagnostics = true},
    Action{.name = "explain",
           .title = "Explain with dragoman",
           .kind = "refactor.rewrite",
           .instruction = "Explain the selection.",
           .task = edit::Task::explain,
           .whole_lines = false},
    Action{.name = "document",
           .title = "Document with dragoman",
           .kind = "refactor.rewrite",
           .instruction = "Add documentation comments to the selection, in the form that is usual for its "
                          "language and file. Change nothing else."},
    Action{.name = "tests",
           .title = "Write tests with dragoman",
           .kind = "refactor.rewrite",
           .instruction = "Keep the selection exactly as it is and add tests for it directly behind it, with "
                          "the test framework that the file or its language uses."},
    Action{.name = "rewrite",
           .title = "Rewrite… with dragoman",
           .kind = "refactor.rewrite",
           .instruction = "Rewrite the selection so that it is easier to read. Keep what it does and its "
                          "interface.",
           .whole_lines = false},
};

const Action* find_action(std::string_view name) {
    const auto found =
        std::find_if(kActions.begin(), kActions.end(), [&](const Action& one) { return one.name == name; });
    return found == kActions.end() ? nullptr : &*found;
}

/// The client can take what the action ends in.
bool can_end(const Action& action, Session& session) {
    return action.task == edit::Task::explain || session.client().capabilities.apply_edit;
}

/// `kind` is one of those in `only`, or a kind below it ("refactor" stands for "refactor.rewrite").
bool is_wanted(std::string_view kind, const Json* only) {
    if (only == nullptr || !only->is_array()) return true;
    return std::any_of(only->begin(), only->end(), [&](const Json& one) {
        if (!one.is_string()) return false;
        const auto wanted = one.get<std::string>();
        return wanted.empty() || kind == wanted || kind.starts_with(wanted + ".");
    });
}

Json action_json(const Action& action, const Json& argument, const Json& diagnostics, bool literals) {
    Json command = {
        {"title", action.title}, {"command", lsp::kCodeAction}, {"arguments", Json::array({argument})}};
    if (!literals) return command;
    Json out = {{"title", action.title},
                {"kind", action.kind},
                {"tags", {kMadeByModel}},
                {"command", std::move(command)}};
    if (action.needs_diagnostics) out["diagnostics"] = diagnostics;
    return out;
}

/// One command on its way from the editor's menu to workspace/applyEdit.
class CommandRun {
public:
    CommandRun(Session& session, Reply reply, const Action& action, const Json& params)
        : session_{session},
          reply_{reply},
          action_{action},
          work_done_{std::make_unique<WorkDone>(session, params, std::string{action.title},
                                                [this] { answer(nullptr); })} {}

    /// The error says why nothing was begun.
    std::optional<Error> start(edit::Request request) {
        auto running = session_.services().edit.start(
            std::move(request), [this](const edit::Event& event) { tell(event); },
            [this](const Result<edit::Outcome, edit::Failure>& end) { finish(end); });
        if (!running) return std::move(running.error());
        running_ = std::move(*running);
        return std::nullopt;
    }

private:
    void tell(const edit::Event& event) {
        if (const auto* began = std::get_if<gateway::Began>(&event)) work_done_->report(began->model);
        if (const auto* retry = std::get_if<gateway::Retry>(&event)) work_done_->report(retry->reason);
    }

    /// Ends the progress, then answers the command; destroys this.
    void answer(const Error* error) {
        work_done_.reset();
        const Reply reply = reply_;
        if (error != nullptr) {
            reply.fail(*error);
        } else {
            reply.result(nullptr);
        }
    }

    /// The progress ends before the user is told anything: some editors show the one or the other.
    void finish(const Result<edit::Outcome, edit::Failure>& end) {
        work_done_.reset();
        if (!end && !end.error().content_modified) {
            session_.status().failed(end.error().error);
            return answer(&end.error().error);
        }
        if (end) {
            session_.status().succeeded();
            deliver(*end);
        } else {
            session_.show_message(kMessageWarning, "Nothing was edited: " + end.error().message + ".");
        }
        answer(nullptr);
    }

    void deliver(const edit::Outcome& outcome) {
        if (action_.task == edit::Task::explain)
            return session_.show_message(kMessageInfo,
                                         outcome.text.empty() ? "The model said nothing." : outcome.text);
        if (outcome.hunks.empty())
            return session_.show_message(kMessageInfo, "The model found nothing to change here.");
        if (outcome.withheld > 0) {
            session_.show_message(kMessageWarning,
                                  "A part of the edit was left out: it would have overwritten a secret.");
        }
        std::optional<std::string> confirm;
        if (session_.client().capabilities.change_annotations) confirm = std::string{action_.title};
        const Json params = {
            {"label", action_.title},
            {"edit", workspace_edit(outcome, session_.services().documents.encoding(), confirm)}};
        session_.ask_client(
            "workspace/applyEdit", params, [&session = session_](const std::optional<Json>& answer) {
                if (answer && get_bool(*answer, "applied").value_or(false)) return;
                const auto why = answer ? get_string(*answer, "failureReason") : std::nullopt;
                session.show_message(kMessageWarning, "The editor did not apply the edit" +
                                                          (why ? ": " + one_line(*why) : "."));
            });
    }

    Session& session_;
    const Reply reply_;
    const Action& action_;
    std::unique_ptr<WorkDone> work_done_;
    std::unique_ptr<edit::Engine::Running> running_;
};

std::vector<edit::Diagnostic> diagnostics_for(const std::vector<chat::Diagnostic>& from) {
    std::vector<edit::Diagnostic> out;
    for (const auto& one : from)
        out.push_back({.line = one.range.start.line, .severity = one.severity, .message = one.message});
    return out;
}

/// What the action is about: the selection, a cursor's block, whole lines, the lines of the problems.
void widen(edit::Request& request, const Action& action, const std::vector<chat::Diagnostic>& diagnostics,
           PositionEncoding encoding) {
    const Text& text = request.document.text;
    const bool cursor = request.begin == request.end;
    if (cursor || action.whole_lines) {
        const auto lines = edit::lines_around(text, request.begin, request.end);
        request.begin = lines.begin;
        request.end = lines.end;
    }
    if (!cursor || !action.needs_diagnostics) return;
    for (const auto& one : diagnostics) {
        const auto first = text.line_of(text.offset_of(one.range.start, encoding));
        const auto last = text.line_of(text.offset_of(one.range.end, encoding));
        request.begin = std::min(request.begin, text.line_start(first));
        request.end = std::max(request.end, text.line_end(last));
    }
}

}  // namespace

void handle_code_action(Session& session, const Reply& reply, const Json& params) {
    const auto document = lsp::text_document_of(params);
    const Json* range = find(params, "range");
    if (!document || range == nullptr || !lsp::range_from_json(*range))
        return reply.invalid_params("textDocument/codeAction: textDocument and range are needed");
    Json actions = Json::array();
    if (!edit_request(session, document->uri, *lsp::range_from_json(*range))) return reply.result(actions);
    const Json* context = find(params, "context");
    const Json* only = context == nullptr ? nullptr : find(*context, "only");
    const Json* reported = context == nullptr ? nullptr : find(*context, "diagnostics");
    const Json diagnostics = reported != nullptr && reported->is_array() ? *reported : Json::array();
    for (const Action& action : kActions) {
        if (!is_wanted(action.kind, only) || !can_end(action, session)) continue;
        if (action.needs_diagnostics && diagnostics.empty()) continue;
        Json argument = {{"action", action.name}, {"uri", document->uri}, {"range", *range}};
        if (action.needs_diagnostics) argument["diagnostics"] = diagnostics;
        actions.push_back(
            action_json(action, argument, diagnostics, session.client().capabilities.code_action_literals));
    }
    reply.result(actions);
}

void run_code_action(Session& session, const Reply& reply, const Json& params) {
    const Json* arguments = find(params, "arguments");
    const Json argument =
        arguments != nullptr && arguments->is_array() && !arguments->empty() ? arguments->front() : Json();
    const std::string name = get_string(argument, "action").value_or("");
    const Action* action = find_action(name);
    if (action == nullptr)
        return reply.invalid_params("dragoman.codeAction: unknown action \"" + one_line(name, 40) + "\"");
    if (!can_end(*action, session)) {
        session.show_message(kMessageWarning, "This editor does not let servers edit (workspace/applyEdit).");
        return reply.result(nullptr);
    }
    const auto uri = get_string(argument, "uri");
    const Json* range = find(argument, "range");
    const auto place = range == nullptr ? std::nullopt : lsp::range_from_json(*range);
    if (!uri || !place) return reply.invalid_params("dragoman.codeAction: uri and range are needed");
    std::vector<chat::Diagnostic> diagnostics;
    if (find(argument, "diagnostics") != nullptr) {
        auto read = read_diagnostics(argument, *uri);
        if (!read)
            return reply.invalid_params(
                "dragoman.codeAction: diagnostics must be an array of LSP diagnostics");
        diagnostics = std::move(read->diagnostics);
    }
    auto request = edit_request(session, *uri, *place);
    if (!request) return reply.invalid_params("dragoman.codeAction: " + request.error());
    widen(*request, *action, diagnostics, session.services().documents.encoding());
    request->question.task = action->task;
    request->question.instruction =
        get_string(argument, "instruction").value_or(std::string{action->instruction});
    request->question.diagnostics = diagnostics_for(diagnostics);

    const auto run = std::make_shared<CommandRun>(session, reply, *action, params);
    reply.keep(run);
    if (const auto error = run->start(std::move(*request))) {
        session.status().failed(*error);
        reply.fail(*error);
    }
}

}  // namespace dragoman::session
