#include "server/chat/keeper.h"

#include "server/chat/records.h"

#include <algorithm>
#include <utility>

namespace dragoman::chat {
namespace {

using Access = store::Shelf::Access;

bool changed(const Conversation& conversation) {
    return !conversation.stored || !conversation.dropped.empty() ||
           std::any_of(conversation.turns.begin(), conversation.turns.end(),
                       [](const Turn& turn) { return turn.saved != turn.revision; });
}

store::ConversationChange change_of(const Conversation& conversation) {
    store::ConversationChange out;
    out.head.id = conversation.id;
    out.head.title = conversation.title;
    out.head.created = to_instant(conversation.created);
    out.head.updated = to_instant(conversation.updated);
    out.creates = !conversation.stored;
    out.dropped = conversation.dropped;
    for (const Turn& turn : conversation.turns)
        if (turn.saved != turn.revision) out.turns.push_back(to_record(turn));
    return out;
}

Head head_of(const store::ConversationHead& head) {
    return {.id = head.id,
            .title = head.title,
            .created = from_instant(head.created),
            .updated = from_instant(head.updated),
            .turns = head.turns,
            .model = head.model};
}

/// Those in memory are newer than what the disk has of them. A page of the union, newest first.
std::vector<Head> page_of(std::vector<Head> memory, const std::vector<store::ConversationHead>& disk,
                          std::size_t limit, std::size_t offset) {
    const std::size_t own = memory.size();
    for (const store::ConversationHead& one : disk) {
        const auto end = memory.begin() + static_cast<std::ptrdiff_t>(own);
        if (std::none_of(memory.begin(), end, [&](const Head& head) { return head.id == one.id; }))
            memory.push_back(head_of(one));
    }
    std::stable_sort(memory.begin(), memory.end(),
                     [](const Head& a, const Head& b) { return a.updated > b.updated; });
    const auto at = [&](std::size_t index) {
        return memory.begin() + static_cast<std::ptrdiff_t>(std::min(index, memory.size()));
    };
    return {at(offset), at(offset + limit)};
}

/// Null for an unknown id. On the disk thread, because a long conversation takes its time to be parsed.
using Read = store::OrTrouble<std::shared_ptr<Conversation>>;
Read read(store::History& history, const std::string& id) {
    auto record = history.read(id);
    if (!record) return Read::failure(std::move(record.error()));
    if (!record->has_value()) return std::shared_ptr<Conversation>{};
    return std::make_shared<Conversation>(from_record(std::move(**record)));
}

}  // namespace

struct Keeper::Waiting {
    std::function<void()> then;
    Timer timer;

    void over() {
        timer.reset();
        if (const auto call = std::exchange(then, {})) call();
    }
};

Keeper::Keeper(Clock& clock, Conversations& conversations, store::Shelf* shelf)
    : clock_{clock},
      conversations_{conversations},
      shelf_{shelf != nullptr && shelf->available() ? shelf : nullptr} {}

Keeper::~Keeper() = default;

template <class Rest>
auto Keeper::unless_gone(Rest rest) {
    return [self = std::weak_ptr<Keeper*>{self_}, rest = std::move(rest)](auto& outcome) {
        const auto keeper = self.lock();
        if (!keeper) return;
        if (!outcome) (*keeper)->retry_ = (*keeper)->clock_.after(kRetry, [k = *keeper] { k->retry(); });
        rest(**keeper, outcome);
    };
}

void Keeper::save(const std::shared_ptr<Conversation>& conversation, std::function<void()> then) {
    if (!available() || !conversation->kept || conversation->deleted || !changed(*conversation)) {
        if (then) then();
        return;
    }
    Handed handed{.revisions = {}, .dropped = conversation->dropped};
    for (const Turn& turn : conversation->turns) handed.revisions.emplace_back(turn.id, turn.revision);
    auto waiting = std::make_shared<Waiting>();
    waiting->then = std::move(then);
    waiting->timer = clock_.after(kPatience, [weak = std::weak_ptr<Waiting>{waiting}] {
        if (const auto still = weak.lock()) still->over();
    });
    shelf_->post(
        Access::write,
        [change = change_of(*conversation)](store::History& history) { return history.write(change); },
        unless_gone([conversation, handed = std::move(handed), waiting](
                        Keeper& keeper, const store::OrTrouble<store::Done>& done) {
            keeper.saved(conversation, handed, done);
            waiting->over();
        }));
}

void Keeper::saved(const std::shared_ptr<Conversation>& conversation, const Handed& handed,
                   const store::OrTrouble<store::Done>& done) {
    if (!done) return;
    if (!done->found) {  // another daemon has deleted it
        conversation->deleted = true;
        if (conversations_.find(conversation->id) == conversation) conversations_.remove(conversation->id);
        return;
    }
    conversation->stored = true;
    if (!std::exchange(swept_, true)) purge([](const std::string&) {});
    std::erase_if(conversation->dropped, [&](const std::string& id) {
        return std::find(handed.dropped.begin(), handed.dropped.end(), id) != handed.dropped.end();
    });
    for (Turn& turn : conversation->turns) {
        for (const auto& [id, revision] : handed.revisions)
            if (turn.id == id) turn.saved = revision;
    }
    release(conversation);
}

void Keeper::release(const std::shared_ptr<Conversation>& conversation) {
    if (conversation->kept && !answering(*conversation) && !changed(*conversation) &&
        conversations_.find(conversation->id) == conversation)
        conversations_.remove(conversation->id);
}

Keeper::Task Keeper::open(const std::string& id, std::function<void(const Engine::Opened&)> use) {
    if (const auto found = conversations_.find(id); found || !available()) {
        use(Engine::Opened{found.get()});
        return nullptr;
    }
    return shelf_->run(
        Access::read, [id](store::History& history) { return read(history, id); },
        unless_gone([id, use = std::move(use)](Keeper& keeper, Read& read) {
            auto found = keeper.conversations_.find(id);  // opened twice at once
            if (!found && !read) return use(Engine::Opened::failure(read.error()));
            if (!found && *read) {
                found = *read;
                keeper.conversations_.adopt(found);
            }
            use(Engine::Opened{found.get()});
            if (found) keeper.release(found);
        }));
}

Keeper::Task Keeper::list(const std::string& query, std::size_t limit, std::size_t offset,
                          std::function<void(std::vector<Head>)> use) {
    const auto memory = [query](const Conversations& conversations) {
        std::vector<Head> heads;
        for (const Conversation* one : conversations.list(query, Conversations::kMostConversations, 0))
            heads.push_back(head_of(*one));
        return heads;
    };
    if (!available()) {
        use(page_of(memory(conversations_), {}, limit, offset));
        return nullptr;
    }
    using Heads = store::OrTrouble<std::vector<store::ConversationHead>>;
    return shelf_->run(
        Access::read,
        [query, most = limit + offset](store::History& history) { return history.list(query, most, 0); },
        unless_gone([memory, limit, offset, use = std::move(use)](Keeper& keeper, const Heads& heads) {
            const std::vector<store::ConversationHead> none;
            use(page_of(memory(keeper.conversations_), heads ? *heads : none, limit, offset));
        }));
}

void Keeper::rename(const std::string& id, const std::string& title, Done done) {
    const auto found = conversations_.find(id);
    if (found) found->title = title;
    if (!available() || (found && !found->kept)) return done({});
    shelf_->post(
        Access::write, [id, title](store::History& history) { return history.rename(id, title); },
        unless_gone([done = std::move(done)](Keeper&, const store::OrTrouble<store::Done>& renamed) {
            done(renamed ? std::string{} : renamed.error());
        }));
}

void Keeper::remove(const std::string& id, Done done) {
    const auto found = conversations_.find(id);
    if (found) {
        found->deleted = true;
        conversations_.remove(id);
    }
    if (!available()) return done({});
    shelf_->post(
        Access::write, [id](store::History& history) { return history.remove(id); },
        unless_gone([done = std::move(done)](Keeper& keeper, const store::OrTrouble<store::Done>& removed) {
            if (!removed) return done(removed.error());
            // Its texts are gone; a large index gives up their words behind the answer.
            auto waiting = std::make_shared<Waiting>();
            waiting->then = [done] { done({}); };
            waiting->timer = keeper.clock_.after(kPatience, [weak = std::weak_ptr<Waiting>{waiting}] {
                if (const auto still = weak.lock()) still->over();
            });
            keeper.purge([waiting](const std::string&) { waiting->over(); });
        }));
}

void Keeper::purge(Done done) {
    shelf_->post(
        Access::write, [](store::History& history) { return history.purge(); },
        unless_gone([done = std::move(done)](Keeper& keeper, const store::OrTrouble<store::Purge>& purged) {
            if (purged && purged->more) return keeper.purge(done);
            done(purged ? std::string{} : purged.error());
        }));
}

void Keeper::retry() {
    retry_.reset();
    for (const auto& one : conversations_.all()) save(one);
}

}  // namespace dragoman::chat
