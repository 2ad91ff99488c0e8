// dragoman/chat/*: questions with streamed answers, and the conversations they make.

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
    if (answer.cost) out["cost"] = {{"amount", answer.cost->amount}, {"currency", answer.cost->currency}};
    return out;
}

Json turn_json(const chat::Turn& turn) {
    Json out = {{"id", turn.id},     {"prompt", turn.prompt}, {"context", turn.context},
                {"text", turn.text}, {"model", turn.model},   {"created", iso_time(turn.created)}};
    if (turn.state == chat::TurnState::complete) {
        out["finishReason"] = finish_name(turn.finish);
    } else {
        out["status"] = status_name(turn.state);
    }
    if (!turn.reasoning.empty()) out["reasoning"] = turn.reasoning;
    if (!turn.tool_calls.empty()) out["toolCalls"] = tool_calls_json(turn.tool_calls);
    if (turn.usage) out["usage"] = usage_json(*turn.usage);
    if (turn.error) out["error"] = jsonrpc::error_data(*turn.error);
    return out;
}

/// Chat events as $/progress of one request.
class Progress {
public:
    Progress(Session& session, Json token) : session_{session}, token_(std::move(token)) {}

    void operator()(const chat::Began& began) {
        session_.progress(token_, {{"kind", "begin"},
                                   {"conversation", began.conversation},
                                   {"turn", began.turn},
                                   {"model", began.model}});
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

/// The conversation that params name; answers -32602 where it does not exist.
const chat::Conversation* named(Session& session, const Reply& reply, const Json& params) {
    const auto id = get_string(params, "conversation");
    const chat::Conversation* found = id ? session.services().chat.find(*id) : nullptr;
    if (found == nullptr) {
        reply.invalid_params(id ? "unknown conversation " + one_line(*id, 60)
                                : "conversation must be a string");
    }
    return found;
}

Json conversation_head(const chat::Conversation& conversation) {
    return {{"id", conversation.id},
            {"title", conversation.title},
            {"created", iso_time(conversation.created)},
            {"updated", iso_time(conversation.updated)},
            {"turns", conversation.turns.size()},
            {"model", conversation.turns.empty() ? "" : conversation.turns.back().model}};
}

Json turns_json(const chat::Conversation& conversation) {
    Json turns = Json::array();
    for (const auto& turn : conversation.turns) turns.push_back(turn_json(turn));
    return turns;
}

}  // namespace

void handle_chat_send(Session& session, const Reply& reply, const Json& params) {
    auto read = read_chat_params(params);
    if (!read) return reply.invalid_params("dragoman/chat/send: " + read.error());
    read->send.config = session.config_for(read->document_uri);

    chat::Engine::OnEvent on_event = [](const chat::Event&) {};
    if (!read->token.is_null()) {
        on_event = [progress = std::make_shared<Progress>(session, read->token)](const chat::Event& event) {
            std::visit([&](const auto& one) { (*progress)(one); }, event);
        };
    }
    auto running = session.services().chat.send(std::move(read->send), std::move(on_event),
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

void handle_chat_list(Session& session, const Reply& reply, const Json& params) {
    constexpr std::int64_t kDefaultLimit = 50, kMaxLimit = 10'000;
    const auto limit =
        std::clamp(get_int(params, "limit").value_or(kDefaultLimit), std::int64_t{0}, kMaxLimit);
    const auto offset = std::max(get_int(params, "offset").value_or(0), std::int64_t{0});
    Json list = Json::array();
    for (const auto* conversation :
         session.services().chat.list(get_string(params, "query").value_or(""),
                                      static_cast<std::size_t>(limit), static_cast<std::size_t>(offset))) {
        list.push_back(conversation_head(*conversation));
    }
    reply.result({{"conversations", std::move(list)}});
}

void handle_chat_get(Session& session, const Reply& reply, const Json& params) {
    if (const auto* found = named(session, reply, params)) {
        reply.result({{"id", found->id}, {"title", found->title}, {"turns", turns_json(*found)}});
    }
}

void handle_chat_rename(Session& session, const Reply& reply, const Json& params) {
    const auto title = get_string(params, "title");
    if (!title || one_line(*title).empty())
        return reply.invalid_params("title must be a string that is not empty");
    if (const auto* found = named(session, reply, params)) {
        session.services().chat.rename(found->id, one_line(*title));
        reply.result(nullptr);
    }
}

void handle_chat_delete(Session& session, const Reply& reply, const Json& params) {
    if (const auto* found = named(session, reply, params)) {
        session.services().chat.remove(std::string{found->id});
        reply.result(nullptr);
    }
}

void handle_chat_fork(Session& session, const Reply& reply, const Json& params) {
    const auto* found = named(session, reply, params);
    if (found == nullptr) return;
    const auto turn = get_string(params, "turn");
    if (!turn) return reply.invalid_params("turn must be a string");
    const auto fork = session.services().chat.fork(found->id, *turn);
    if (!fork) return reply.invalid_params("unknown turn " + one_line(*turn, 60));
    reply.result({{"conversation", *fork}});
}

void handle_chat_export(Session& session, const Reply& reply, const Json& params) {
    const auto* found = named(session, reply, params);
    if (found == nullptr) return;
    const std::string format = get_string(params, "format").value_or("markdown");
    if (format == "json") {
        Json whole = conversation_head(*found);
        whole["turns"] = turns_json(*found);
        return reply.result({{"text", whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"}});
    }
    if (format != "markdown") return reply.invalid_params("format must be \"markdown\" or \"json\"");
    reply.result({{"text", session.services().chat.export_markdown(found->id).value_or("")}});
}

}  // namespace dragoman::session
