#include "server/chat/engine.h"

#include "server/chat/context_items.h"
#include "server/chat/turn_run.h"
#include "server/privacy/secret_text.h"
#include "server/support/log.h"
#include "server/upstream/gateway/chain.h"

#include <algorithm>

namespace dragoman::chat {
namespace {

constexpr std::string_view kDefaultSystemPrompt =
    "You are a programming assistant inside the user's editor. Answer in Markdown. Put code into fenced "
    "blocks "
    "that name their language, and be brief where brevity serves.";

/// No model reads more; what is longer was sent by mistake, and would only be sent, stored and searched.
constexpr std::size_t kMostPromptBytes = 16U << 20U;
/// Of attachments, where nobody has told how long the model's window is.
constexpr std::size_t kAttachedTokens = 60'000;

using Chain = std::vector<config::ModelRef>;

wire::Sampling merged(const config::Chat& chat, const wire::Sampling& asked) {
    wire::Sampling out = asked;
    if (!out.temperature) out.temperature = chat.temperature;
    if (!out.max_tokens) out.max_tokens = chat.max_tokens;
    if (!out.reasoning_effort) out.reasoning_effort = chat.reasoning_effort;
    return out;
}

std::string system_prompt_of(const Send& send) {
    const auto& asked = send.options.system_prompt;
    const auto& configured = send.config->chat.system_prompt;
    return asked ? *asked : configured ? *configured : std::string{kDefaultSystemPrompt};
}

std::string in_megabytes(std::size_t bytes) {
    const std::size_t tenths = (bytes * 10) >> 20U;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB";
}

/// The prompt is the one thing that is never cut.
Error too_long(const config::ModelRef& model, std::size_t tokens, std::size_t limit) {
    return Error{.kind = ErrorKind::context_too_long,
                 .message = "The question has about " + std::to_string(tokens) + " tokens, " + model.id() +
                            " takes " + std::to_string(limit) + " with its answer",
                 .hint =
                     "Shorten it, attach the long part as a text or file (which is cut to fit), or choose a "
                     "model with a longer context.",
                 .provider = model.provider->name,
                 .model = model.id()};
}

Refused invalid(std::string why) { return {.invalid_params = true, .message = std::move(why), .error = {}}; }

}  // namespace

class Engine::Impl {
public:
    Impl(Engine& engine, Clock& clock, gateway::Gateway& gateway, const Documents& documents, Files& files,
         store::Shelf* shelf)
        : engine_{engine},
          clock_{clock},
          gateway_{gateway},
          documents_{documents},
          files_{files},
          conversations_{clock},
          keeper_{clock, conversations_, shelf} {
        windows_.listed = [this](const config::ModelRef& model) {
            return engine_.listed_context ? engine_.listed_context(model) : std::nullopt;
        };
    }

    Result<std::unique_ptr<Running>, Refused> send(const Send& send, OnEvent on_event, OnEnd on_end) {
        auto chain = models_of(send);
        if (!chain) return Refused{.invalid_params = false, .message = {}, .error = std::move(chain.error())};
        auto place = place_of(send);
        if (!place) return std::move(place.error());
        if (send.resume) {
            resume(*place);
        } else {
            auto turn = turn_of(send, chain->front());
            if (!turn) return std::move(turn.error());
            begin_turn(*place, send, std::move(*turn));
        }
        conversations_.touch(*place->conversation);
        if (!send.config->keep_conversations) place->conversation->kept = false;
        keeper_.save(place->conversation);

        gateway::ChatCall call{
            .purpose = {.role = "chat", .config = send.config}, .chain = {}, .request = {}};
        call.request.sampling = merged(send.config->chat, send.options.sampling);
        call.chain = std::move(*chain);
        call.extra_body = send.config->chat.extra_body;
        merge_json(call.extra_body, send.options.extra_body);
        Asking asking{windows_, std::move(call), system_prompt_of(send)};
        auto run = std::make_unique<TurnRun>(conversations_, keeper_, std::move(place->conversation),
                                             send.config, gateway_, std::move(asking), std::move(on_event),
                                             std::move(on_end), [this](int change) { count(change); });
        run->start();
        return std::unique_ptr<Running>{std::move(run)};
    }

    Conversations& conversations() { return conversations_; }
    Keeper& keeper() { return keeper_; }
    std::optional<std::string> fork(const std::string& id, const std::string& turn, bool keep) {
        auto copy = conversations_.fork(id, turn);
        if (!copy) return copy;
        const auto made = conversations_.find(*copy);
        made->kept = made->kept && keep;
        keeper_.save(made);
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

    /// The question, with what is attached cut to what `model` can take beside it.
    Result<Turn, Refused> turn_of(const Send& send, const config::ModelRef& model) const {
        if (send.prompt.size() > kMostPromptBytes)
            return invalid("prompt has " + in_megabytes(send.prompt.size()) +
                           ", at most 16 MiB can be sent; "
                           "attach the part that matters as a text or file");
        auto attached = write_items(send.context, *send.config, documents_, files_);
        if (!attached) return invalid(std::move(attached.error()));
        Turn turn;
        privacy::Masked prompt = privacy::mask_typed(send.prompt);
        turn.prompt = std::move(prompt.text);
        turn.masked = prompt.kinds.size();
        turn.attached = std::move(*attached);
        turn.context = masked_context(send.context_json);
        turn.context_bytes = dump_json(turn.context).size();
        for (const ContextItem& item : send.context)
            if (const auto* image = std::get_if<Image>(&item)) turn.images.push_back(*image);
        const TokenCounter counter = windows_.counter(model);
        const std::size_t asked = tokens_of_prompt(turn, counter);
        // The gateway has the last word, unless even a bad estimate leaves no doubt.
        if (const auto told = windows_.told_limit(model); told && asked > *told + *told / 2)
            return Refused{.invalid_params = false, .message = {}, .error = too_long(model, asked, *told)};
        std::size_t room = kAttachedTokens;
        if (const auto limit = windows_.limit(model)) {
            const auto sampling = merged(send.config->chat, send.options.sampling);
            const std::size_t taken = asked + counter.count(system_prompt_of(send)) + kMessageTokens +
                                      room_for_answer(sampling.max_tokens, *limit);
            // A quarter is left to the conversation.
            room = *limit > taken ? (*limit - taken) / 4 * 3 : 0;
        }
        cut_to(turn.attached, room, counter);
        return turn;
    }

    void begin_turn(Place& place, const Send& send, Turn turn) {
        if (!place.conversation) {
            place.conversation = conversations_.create(turn.prompt);
            place.conversation->kept = keeper_.available() && send.config->keep_conversations;
        }
        turn.id = new_id();
        turn.created = clock_.wall();
        drop_turns(*place.conversation, place.turn);
        place.conversation->turns.push_back(std::move(turn));
    }

    void count(int change) {
        in_flight_ += change;
        if (engine_.on_activity) engine_.on_activity();
    }

    Engine& engine_;
    Clock& clock_;
    gateway::Gateway& gateway_;
    const Documents& documents_;
    Files& files_;
    Conversations conversations_;
    Keeper keeper_;
    Windows windows_;
    int in_flight_ = 0;
};

Engine::Engine(Clock& clock, gateway::Gateway& gateway, const Documents& documents, Files& files,
               store::Shelf* shelf)
    : impl_{std::make_unique<Impl>(*this, clock, gateway, documents, files, shelf)} {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine::Running>, Refused> Engine::send(const Send& send, OnEvent on_event,
                                                               OnEnd on_end) {
    return impl_->send(send, std::move(on_event), std::move(on_end));
}

Engine::Task Engine::open(const std::string& id, std::function<void(const Opened&)> use) {
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
std::optional<std::string> Engine::fork(const std::string& id, const std::string& turn, bool keep) {
    return impl_->fork(id, turn, keep);
}
std::optional<std::string> Engine::export_markdown(const std::string& id) const {
    const auto found = impl_->conversations().find(id);
    return found ? std::optional{to_markdown(*found)} : std::nullopt;
}
int Engine::in_flight() const { return impl_->in_flight(); }

}  // namespace dragoman::chat
