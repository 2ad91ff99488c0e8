#include "server/chat/keeper.h"

#include "server/chat/records.h"

#include <algorithm>
#include <utility>

namespace dragoman::chat {
namespace {

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

}  // namespace

struct Keeper::Waiting {
    std::function<void()> then;
    Timer timer;

    void over() {
        timer.reset();
        if (const auto call = std::exchange(then, {})) call();
    }
};

Keeper::Keeper(Clock& clock, Conversations& conversations, Shelf shelf,
               std::function<void(const std::string&)> on_trouble)
    : clock_{clock},
      conversations_{conversations},
      disk_{shelf.disk},
      history_{shelf.disk == nullptr || shelf.file.empty()
                   ? nullptr
                   : std::make_shared<store::History>(std::move(shelf.file))},
      on_trouble_{std::move(on_trouble)} {}

Keeper::~Keeper() = default;

template <class Call, class Rest>
std::function<Worker::Rest()> Keeper::job(Call call, Rest rest) {
    return [history = history_, call = std::move(call), rest = std::move(rest),
            self = std::weak_ptr<Keeper*>{self_}]() -> Worker::Rest {
        auto outcome = std::make_shared<decltype(call(*history))>(call(*history));
        return [outcome, rest, self, notice = history->take_notice()] {
            const auto keeper = self.lock();
            if (!keeper) return;
            if (outcome->ok()) {
                (*keeper)->worked(notice);
            } else {
                (*keeper)->trouble(outcome->error());
            }
            rest(**keeper, *outcome);
        };
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
    disk_->post(
        job([change = change_of(*conversation)](store::History& history) { return history.write(change); },
            [conversation, handed = std::move(handed), waiting](Keeper& keeper,
                                                                const store::OrTrouble<store::Done>& done) {
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

Keeper::Task Keeper::open(const std::string& id, std::function<void(const Conversation*)> use) {
    if (const auto found = conversations_.find(id); found || !available()) {
        use(found.get());
        return nullptr;
    }
    using Read = store::OrTrouble<std::optional<store::ConversationRecord>>;
    return disk_->run(job([id](store::History& history) { return history.read(id); },
                          [id, use = std::move(use)](Keeper& keeper, Read& read) {
                              auto found = keeper.conversations_.find(id);  // opened twice at once
                              if (!found && read && read->has_value()) {
                                  found = std::make_shared<Conversation>(from_record(std::move(**read)));
                                  keeper.conversations_.adopt(found);
                              }
                              use(found.get());
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
    return disk_->run(
        job([query, most = limit + offset](store::History& history) { return history.list(query, most, 0); },
            [memory, limit, offset, use = std::move(use)](Keeper& keeper, const Heads& heads) {
                const std::vector<store::ConversationHead> none;
                use(page_of(memory(keeper.conversations_), heads ? *heads : none, limit, offset));
            }));
}

void Keeper::rename(const std::string& id, const std::string& title, Done done) {
    const auto found = conversations_.find(id);
    if (found) found->title = title;
    if (!available() || (found && !found->kept)) return done({});
    disk_->post(job([id, title](store::History& history) { return history.rename(id, title); },
                    [done = std::move(done)](Keeper&, const store::OrTrouble<store::Done>& renamed) {
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
    disk_->post(job([id](store::History& history) { return history.remove(id); },
                    [done = std::move(done)](Keeper&, const store::OrTrouble<store::Done>& removed) {
                        done(removed ? std::string{} : removed.error());
                    }));
}

void Keeper::worked(const std::string& notice) {
    troubled_ = false;
    if (!notice.empty()) on_trouble_(notice);
}

void Keeper::trouble(const std::string& what) {
    if (!troubled_) {
        on_trouble_(what + ". Conversations stay in memory until it can be used again.");
    }
    troubled_ = true;
    retry_ = clock_.after(kRetry, [this] { retry(); });
}

void Keeper::retry() {
    retry_.reset();
    for (const auto& one : conversations_.all()) save(one);
}

}  // namespace dragoman::chat
