#include "server/chat/engine.h"

#include "server/chat/context_items.h"
#include "server/chat/turn_run.h"
#include "server/support/log.h"
#include "server/upstream/gateway/chain.h"

#include <algorithm>

namespace dragoman::chat {
namespace {

constexpr std::string_view kDefaultSystemPrompt =
    "You are a programming assistant inside the user's editor. Answer in Markdown. Put code into fenced "
    "blocks "
    "that name their language, and be brief where brevity serves.";
constexpr std::string_view kContinue =
    "Continue exactly where your last message ended. Repeat nothing of it and add no introduction.";

/// A turn that left nothing to refer to (failed or cancelled before any text) is not sent again.
bool worth_sending(const Turn& turn) { return !turn.text.empty(); }

using Chain = std::vector<config::ModelRef>;

/// Encrypted reasoning means something to the model that wrote it, and is nobody else's business.
bool only_asks(const Chain& chain, const std::string& model) {
    return std::all_of(chain.begin(), chain.end(),
                       [&](const config::ModelRef& one) { return one.id() == model; });
}

void add_turn(std::vector<wire::Message>& messages, const Turn& turn, const Chain& chain) {
    messages.push_back(wire::message(wire::MessageRole::user, turn.question));
    wire::Message answer = wire::message(wire::MessageRole::assistant, turn.text);
    if (only_asks(chain, turn.model)) answer.reasoning_items = turn.reasoning_items;
    messages.push_back(std::move(answer));
}

wire::Sampling merged(const config::Chat& chat, const wire::Sampling& asked) {
    wire::Sampling out = asked;
    if (!out.temperature) out.temperature = chat.temperature;
    if (!out.max_tokens) out.max_tokens = chat.max_tokens;
    if (!out.reasoning_effort) out.reasoning_effort = chat.reasoning_effort;
    return out;
}

Refused invalid(std::string why) { return {.invalid_params = true, .message = std::move(why), .error = {}}; }

}  // namespace

class Engine::Impl {
public:
    Impl(Engine& engine, Clock& clock, gateway::Gateway& gateway, const Documents& documents, Files& files,
         Shelf shelf)
        : engine_{engine},
          clock_{clock},
          gateway_{gateway},
          documents_{documents},
          files_{files},
          conversations_{clock},
          keeper_{clock, conversations_, std::move(shelf), [this](const std::string& what) { tell(what); }} {}

    Result<std::unique_ptr<Running>, Refused> send(Send send, OnEvent on_event, OnEnd on_end) {
        auto chain = models_of(send);
        if (!chain) return Refused{.invalid_params = false, .message = {}, .error = std::move(chain.error())};
        auto place = place_of(send);
        if (!place) return std::move(place.error());
        if (send.resume) {
            resume(*place);
        } else {
            auto question = write_question(send.prompt, send.context, *send.config, documents_, files_);
            if (!question) return invalid(std::move(question.error()));
            begin_turn(*place, send, std::move(*question));
        }
        conversations_.touch(*place->conversation);
        if (!send.config->keep_conversations) place->conversation->kept = false;
        keeper_.save(place->conversation);

        gateway::ChatCall call{.chain = {}, .request = {}};
        call.request.sampling = merged(send.config->chat, send.options.sampling);
        call.request.messages = messages_of(*place->conversation, send, *chain);
        call.chain = std::move(*chain);
        call.extra_body = send.config->chat.extra_body;
        merge_json(call.extra_body, send.options.extra_body);
        auto run = std::make_unique<TurnRun>(conversations_, keeper_, std::move(place->conversation),
                                             send.config, std::move(on_event), std::move(on_end),
                                             [this](int change) { count(change); });
        run->start(gateway_, std::move(call));
        return std::unique_ptr<Running>{std::move(run)};
    }

    Conversations& conversations() { return conversations_; }
    Keeper& keeper() { return keeper_; }
    std::optional<std::string> fork(const std::string& id, const std::string& turn) {
        auto copy = conversations_.fork(id, turn);
        if (copy) keeper_.save(conversations_.find(*copy));
        return copy;
    }
    int in_flight() const { return in_flight_; }

private:
    /// Where a turn is to be written: a conversation (null: a new one) and an index, its end for a new turn.
    struct Place {
        std::shared_ptr<Conversation> conversation;
        std::size_t turn = 0;
    };

    Result<Chain> models_of(const Send& send) const {
        auto wanted = send.config->resolve(config::Role::chat, send.model);
        if (!wanted) return std::move(wanted.error());
        if (!send.model.empty()) return Chain{std::move(*wanted)};  // who names a model means that model
        return gateway::with_fallback(std::move(*wanted), *send.config);
    }

    Result<Place, Refused> place_of(const Send& send) const {
        if (send.conversation.empty()) return Place{};
        auto found = conversations_.find(send.conversation);
        if (!found) return invalid("unknown conversation " + one_line(send.conversation, 60));
        if (answering(*found))
            return invalid("this conversation is still being answered; cancel that or wait");
        const auto& turns = found->turns;
        if (send.replace_turn.empty()) return Place{found, turns.size()};
        const auto at = std::find_if(turns.begin(), turns.end(),
                                     [&](const Turn& one) { return one.id == send.replace_turn; });
        if (at == turns.end()) return invalid("unknown turn " + one_line(send.replace_turn, 60));
        return Place{found, static_cast<std::size_t>(at - turns.begin())};
    }

    /// Takes the turns from `first` on out, which the disk has to learn.
    static void drop_turns(Conversation& conversation, std::size_t first) {
        auto& turns = conversation.turns;
        const auto begin = turns.begin() + static_cast<std::ptrdiff_t>(first);
        std::for_each(begin, turns.end(), [&](const Turn& one) { conversation.dropped.push_back(one.id); });
        turns.erase(begin, turns.end());
    }

    static void resume(const Place& place) {
        auto& turns = place.conversation->turns;
        drop_turns(*place.conversation, place.turn + 1);
        ++turns.back().revision;
        turns.back().state = TurnState::running;
        turns.back().error.reset();
        turns.back().usage.reset();
    }

    void begin_turn(Place& place, const Send& send, std::string question) {
        if (!place.conversation) {
            place.conversation = conversations_.create(send.prompt);
            place.conversation->kept = keeper_.available() && send.config->keep_conversations;
        }
        Turn turn;
        turn.id = new_id();
        turn.prompt = send.prompt;
        turn.context = send.context_json;
        turn.context_bytes = dump_json(turn.context).size();
        turn.question = std::move(question);
        turn.created = clock_.wall();
        drop_turns(*place.conversation, place.turn);
        place.conversation->turns.push_back(std::move(turn));
    }

    /// The conversation as it is sent: its last turn is the one to be answered.
    static std::vector<wire::Message> messages_of(const Conversation& conversation, const Send& send,
                                                  const Chain& chain) {
        std::vector<wire::Message> messages;
        const auto& prompt =
            send.options.system_prompt ? send.options.system_prompt : send.config->chat.system_prompt;
        const std::string system = prompt ? *prompt : std::string{kDefaultSystemPrompt};
        if (!system.empty()) messages.push_back(wire::message(wire::MessageRole::system, system));
        const auto& turns = conversation.turns;
        std::for_each(turns.begin(), turns.end() - 1, [&](const Turn& before) {
            if (worth_sending(before)) add_turn(messages, before, chain);
        });
        const Turn& turn = turns.back();
        if (worth_sending(turn)) {  // resumed
            add_turn(messages, turn, chain);
            messages.push_back(wire::message(wire::MessageRole::user, std::string{kContinue}));
        } else {
            messages.push_back(wire::message(wire::MessageRole::user, turn.question));
        }
        return messages;
    }

    void count(int change) {
        in_flight_ += change;
        if (engine_.on_activity) engine_.on_activity();
    }

    void tell(const std::string& what) {
        log::warning("{}", what);
        if (engine_.on_trouble) engine_.on_trouble(what);
    }

    Engine& engine_;
    Clock& clock_;
    gateway::Gateway& gateway_;
    const Documents& documents_;
    Files& files_;
    Conversations conversations_;
    Keeper keeper_;
    int in_flight_ = 0;
};

Engine::Engine(Clock& clock, gateway::Gateway& gateway, const Documents& documents, Files& files, Shelf shelf)
    : impl_{std::make_unique<Impl>(*this, clock, gateway, documents, files, std::move(shelf))} {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine::Running>, Refused> Engine::send(Send send, OnEvent on_event, OnEnd on_end) {
    return impl_->send(std::move(send), std::move(on_event), std::move(on_end));
}

Engine::Task Engine::open(const std::string& id, std::function<void(const Conversation*)> use) {
    return impl_->keeper().open(id, std::move(use));
}
Engine::Task Engine::list(const std::string& query, std::size_t limit, std::size_t offset,
                          std::function<void(std::vector<Head>)> use) {
    return impl_->keeper().list(query, limit, offset, std::move(use));
}
void Engine::rename(const std::string& id, const std::string& title, Done done) {
    impl_->keeper().rename(id, title, std::move(done));
}
void Engine::remove(const std::string& id, Done done) { impl_->keeper().remove(id, std::move(done)); }
const Conversation* Engine::find(const std::string& id) const {
    return impl_->conversations().find(id).get();
}
std::optional<std::string> Engine::fork(const std::string& id, const std::string& turn) {
    return impl_->fork(id, turn);
}
std::optional<std::string> Engine::export_markdown(const std::string& id) const {
    const auto found = impl_->conversations().find(id);
    return found ? std::optional{to_markdown(*found)} : std::nullopt;
}
int Engine::in_flight() const { return impl_->in_flight(); }

}  // namespace dragoman::chat
