// dragoman/chat/*: questions with streamed answers, and the conversations they make.

#include "server/config/exclusion.h"
#include "server/session/chat_params.h"
#include "server/session/methods.h"
#include "server/session/usage.h"

#include <algorithm>

namespace dragoman::session {
namespace {

std::string_view status_name(chat::TurnState state) {
    switch (state) {
        case chat::TurnState::running: return "running";
        case chat::TurnState::complete: return "complete";
        case chat::TurnState::cancelled: return "cancelled";
        case chat::TurnState::failed: return "failed";
    }
    return "failed";
}

Json tool_calls_json(const std::vector<wire::ToolCall>& calls) {
    Json list = Json::array();
    for (const auto& call : calls) {
        list.push_back({{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}});
    }
    return list;
}

Json left_out_json(const chat::LeftOut& left_out) {
    Json out = {{"turns", left_out.turns}};
    if (!left_out.items.empty()) out["items"] = left_out.items;
    return out;
}

Json cost_json(const gateway::Cost& cost) { return {{"amount", cost.amount}, {"currency", cost.currency}}; }

Json answer_json(const chat::Answer& answer) {
    const chat::Turn& turn = answer.turn;
    Json out = {{"conversation", answer.conversation},
                {"turn", turn.id},
                {"text", turn.text},
                {"model", turn.model},
                {"finishReason", finish_name(turn.finish)}};
    if (!turn.reasoning.empty()) out["reasoning"] = turn.reasoning;
    if (!turn.tool_calls.empty()) out["toolCalls"] = tool_calls_json(turn.tool_calls);
    if (turn.usage) out["usage"] = usage_json(*turn.usage);
    if (answer.cost) out["cost"] = cost_json(*answer.cost);
    if (answer.left_out.any()) out["leftOut"] = left_out_json(answer.left_out);
    if (answer.masked > 0) out["masked"] = answer.masked;
    return out;
}

/// Its cost is by the prices that are configured now.
Json turn_json(const chat::Turn& turn, const config::Effective& config) {
    Json out = {{"id", turn.id},     {"prompt", turn.prompt}, {"context", chat::whole_context(turn)},
                {"text", turn.text}, {"model", turn.model},   {"created", iso_time(turn.created)}};
    if (turn.state == chat::TurnState::complete) {
        out["finishReason"] = finish_name(turn.finish);
    } else {
        out["status"] = status_name(turn.state);
    }
    if (!turn.reasoning.empty()) out["reasoning"] = turn.reasoning;
    if (!turn.tool_calls.empty()) out["toolCalls"] = tool_calls_json(turn.tool_calls);
    if (turn.usage) out["usage"] = usage_json(*turn.usage);
    if (const auto cost = gateway::cost_of(config, turn.model, turn.usage)) out["cost"] = cost_json(*cost);
    if (turn.error) {
        out["error"] = jsonrpc::error_data(*turn.error);
        out["error"]["message"] = turn.error->message;
    }
    return out;
}

/// Chat events as $/progress of one request.
class Progress {
public:
    Progress(Session& session, Json token) : session_{session}, token_(std::move(token)) {}

    void operator()(const chat::Began& began) {
        Json event = {{"kind", "begin"},
                      {"conversation", began.conversation},
                      {"turn", began.turn},
                      {"model", began.model}};
        if (began.left_out.any()) event["leftOut"] = left_out_json(began.left_out);
        if (began.masked > 0) event["masked"] = began.masked;
        session_.progress(token_, event);
    }
    void operator()(const chat::Shortened& shortened) {
        session_.progress(token_, {{"kind", "retry"},
                                   {"attempt", shortened.attempt},
                                   {"delayMs", 0},
                                   {"reason", shortened.reason},
                                   {"leftOut", left_out_json(shortened.left_out)}});
    }
    void operator()(const wire::Text& text) { session_.progress_piece(token_, "text", text.text); }
    void operator()(const wire::Reasoning& text) { session_.progress_piece(token_, "reasoning", text.text); }
    void operator()(const gateway::Retry& retry) {
        session_.progress(token_, {{"kind", "retry"},
                                   {"attempt", retry.attempt},
                                   {"delayMs", retry.delay.count()},
                                   {"reason", retry.reason}});
    }
    void operator()(const gateway::Began& fallback) {
        session_.progress(token_,
                          {{"kind", "fallback"}, {"model", fallback.model}, {"reason", fallback.reason}});
    }
    void operator()(const wire::ToolOpen& open) { tools_[open.slot] = {open.id, open.name, {}}; }
    void operator()(const wire::ToolArguments& piece) { tools_[piece.slot].arguments += piece.text; }
    void operator()(const wire::ToolEnd& end) {
        const wire::ToolCall& call = tools_[end.slot];
        session_.progress(token_, {{"kind", "toolCall"},
                                   {"id", call.id},
                                   {"name", call.name},
                                   {"arguments", call.arguments},
                                   {"state", "proposed"}});
    }

private:
    Session& session_;
    Json token_;
    std::map<int, wire::ToolCall> tools_;
};

void disk_refused(const Reply& reply, const std::string& trouble) {
    reply.error({.code = jsonrpc::Code::request_failed, .message = trouble, .data = {}});
}

/// Calls `use` with the conversation that params name, once it was read; answers -32602 where it does not
/// exist.
void with_conversation(Session& session, const Reply& reply, const Json& params,
                       std::function<void(const chat::Conversation&)> use) {
    const auto id = get_string(params, "conversation");
    if (!id) return reply.invalid_params("conversation must be a string");
    auto task = session.services().chat.open(
        *id, [reply, id = *id, use = std::move(use)](const chat::Engine::Opened& found) {
            if (!found) return disk_refused(reply, found.error());
            if (*found == nullptr) return reply.invalid_params("unknown conversation " + one_line(id, 60));
            use(**found);
        });
    if (task) reply.keep(std::shared_ptr<void>{std::move(task)});
}

/// The answer to a change that the disk had to make.
chat::Engine::Done answer_change(const Reply& reply) {
    return [reply](const std::string& trouble) {
        trouble.empty() ? reply.result(nullptr) : disk_refused(reply, trouble);
    };
}

Json head_json(const chat::Head& head) {
    return {{"id", head.id},
            {"title", head.title},
            {"created", iso_time(head.created)},
            {"updated", iso_time(head.updated)},
            {"turns", head.turns},
            {"model", head.model}};
}

Json turns_json(const chat::Conversation& conversation, const config::Effective& config) {
    Json turns = Json::array();
    for (const auto& turn : conversation.turns) turns.push_back(turn_json(turn, config));
    return turns;
}

void begin_turn(Session& session, const Reply& reply, ChatParams params) {
    chat::Engine::OnEvent on_event = [](const chat::Event&) {};
    if (!params.token.is_null()) {
        on_event = [progress = std::make_shared<Progress>(session, params.token)](const chat::Event& event) {
            std::visit([&](const auto& one) { (*progress)(one); }, event);
        };
    }
    auto running = session.services().chat.send(std::move(params.send), std::move(on_event),
                                                [&session, reply](const Result<chat::Answer>& end) {
                                                    if (end) {
                                                        session.status().succeeded();
                                                        reply.result(answer_json(*end));
                                                    } else {
                                                        session.status().failed(end.error());
                                                        reply.fail(end.error());
                                                    }
                                                });
    if (running) return reply.keep(std::shared_ptr<void>{std::move(*running)});
    if (running.error().invalid_params) return reply.invalid_params(running.error().message);
    session.status().failed(running.error().error);
    reply.fail(running.error().error);
}

/// Asks in the conversation that is meant, once that was read.
void start(Session& session, const Reply& reply, ChatParams params) {
    if (params.send.conversation.empty()) return begin_turn(session, reply, std::move(params));
    const Json named = {{"conversation", params.send.conversation}};
    auto question = std::make_shared<ChatParams>(std::move(params));
    with_conversation(session, reply, named, [&session, reply, question](const chat::Conversation&) {
        begin_turn(session, reply, std::move(*question));
    });
}

/// Fills in what git knows, one diff after the other, then asks. Kept with the request, so that a cancel
/// ends git, too.
class AttachDiffs {
public:
    AttachDiffs(Session& session, Reply reply, ChatParams params, std::filesystem::path folder)
        : session_{session},
          reply_{std::move(reply)},
          params_(std::move(params)),
          folder_(std::move(folder)) {}

    void next() {
        if (done_ == params_.diffs.size()) {
            // Keeping the answer's work destroys this.
            Session& session = session_;
            const Reply reply = reply_;
            return start(session, reply, std::move(params_));
        }
        git::DiffOptions options;
        options.excluded = [config = params_.send.config](const std::filesystem::path& path) {
            return config::stays_here(*config, path);
        };
        git::Git& git = session_.services().git;
        auto fill = [this](Result<git::DiffText> diff) {
            if (!diff) return Reply{reply_}.fail(diff.error());
            auto& item = std::get<chat::TextItem>(params_.send.context[params_.diffs[done_].item]);
            item.text = std::move(diff->text);
            item.masked = diff->masked;
            ++done_;
            next();
        };
        step_ = params_.diffs[done_].staged ? git.staged_diff(folder_, std::move(options), std::move(fill))
                                            : git.working_diff(folder_, std::move(options), std::move(fill));
    }

private:
    Session& session_;
    Reply reply_;
    ChatParams params_;
    std::filesystem::path folder_;
    std::size_t done_ = 0;
    std::unique_ptr<git::Git::Running> step_;
};

/// The project of the question, else the first workspace folder.
std::filesystem::path folder_for(Session& session, const ChatParams& params) {
    if (!params.send.config->project.empty()) return params.send.config->project;
    const auto folders = session.folder_paths();
    return folders.empty() ? std::filesystem::path{} : folders.front();
}

}  // namespace

void handle_chat_send(Session& session, const Reply& reply, const Json& params) {
    auto read = read_chat_params(params);
    if (!read) return reply.invalid_params("dragoman/chat/send: " + read.error());
    read->send.config = session.config_for(read->document_uri);
    if (read->diffs.empty() || read->send.resume) return start(session, reply, std::move(*read));

    auto folder = folder_for(session, *read);
    if (folder.empty()) return reply.invalid_params("context: gitDiff needs a workspace folder");
    const auto attach = std::make_shared<AttachDiffs>(session, reply, std::move(*read), std::move(folder));
    reply.keep(attach);
    attach->next();
}

void handle_chat_list(Session& session, const Reply& reply, const Json& params) {
    constexpr std::int64_t kDefaultLimit = 50, kMaxLimit = 10'000, kMaxOffset = 1'000'000;
    const auto limit =
        std::clamp(get_int(params, "limit").value_or(kDefaultLimit), std::int64_t{0}, kMaxLimit);
    const auto offset = std::clamp(get_int(params, "offset").value_or(0), std::int64_t{0}, kMaxOffset);
    const std::string query = get_string(params, "query").value_or("");
    if (query.size() > store::kMostQueryBytes)
        return reply.invalid_params("query has " + std::to_string(query.size()) + " bytes, at most " +
                                    std::to_string(store::kMostQueryBytes) + " are looked for; shorten it");
    auto task =
        session.services().chat.list(query, static_cast<std::size_t>(limit), static_cast<std::size_t>(offset),
                                     [reply](const std::vector<chat::Head>& heads) {
                                         Json list = Json::array();
                                         for (const chat::Head& head : heads) list.push_back(head_json(head));
                                         reply.result({{"conversations", std::move(list)}});
                                     });
    if (task) reply.keep(std::shared_ptr<void>{std::move(task)});
}

void handle_chat_get(Session& session, const Reply& reply, const Json& params) {
    with_conversation(session, reply, params, [&session, reply](const chat::Conversation& found) {
        const auto config = session.services().store.effective();
        reply.result({{"id", found.id}, {"title", found.title}, {"turns", turns_json(found, *config)}});
    });
}

void handle_chat_rename(Session& session, const Reply& reply, const Json& params) {
    const auto title = get_string(params, "title");
    if (!title || one_line(*title).empty())
        return reply.invalid_params("title must be a string that is not empty");
    with_conversation(session, reply, params, [&session, reply, title](const chat::Conversation& found) {
        session.services().chat.rename(std::string{found.id}, one_line(*title), answer_change(reply));
    });
}

void handle_chat_delete(Session& session, const Reply& reply, const Json& params) {
    with_conversation(session, reply, params, [&session, reply](const chat::Conversation& found) {
        session.services().chat.remove(std::string{found.id}, answer_change(reply));
    });
}

void handle_chat_fork(Session& session, const Reply& reply, const Json& params) {
    with_conversation(session, reply, params, [&session, reply, params](const chat::Conversation& found) {
        const auto turn = get_string(params, "turn");
        if (!turn) return reply.invalid_params("turn must be a string");
        const bool keep = session.services().store.effective()->keep_conversations;
        const auto fork = session.services().chat.fork(found.id, *turn, keep);
        if (!fork) return reply.invalid_params("unknown turn " + one_line(*turn, 60));
        reply.result({{"conversation", *fork}});
    });
}

void handle_chat_export(Session& session, const Reply& reply, const Json& params) {
    const std::string format = get_string(params, "format").value_or("markdown");
    if (format != "markdown" && format != "json")
        return reply.invalid_params("format must be \"markdown\" or \"json\"");
    with_conversation(session, reply, params, [&session, reply, format](const chat::Conversation& found) {
        if (format == "markdown")
            return reply.result({{"text", session.services().chat.export_markdown(found.id).value_or("")}});
        Json whole = head_json(chat::head_of(found));
        whole["turns"] = turns_json(found, *session.services().store.effective());
        reply.result({{"text", whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"}});
    });
}

}  // namespace dragoman::session
