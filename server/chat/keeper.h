// Conversations between memory and disk. Private to the room.
//
// Memory holds those in use: being answered, not written yet, or not to be written at all. Every other one
// is read when it is asked for, so that what another daemon added is seen. What the disk refuses stays in
// memory and is tried again; nothing here ever holds an answer up for longer than kPatience.
#pragma once

#include "server/chat/conversations.h"
#include "server/store/shelf.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dragoman::chat {

class Keeper {
public:
    /// How long an answer may wait for its row to be on disk before it is sent all the same.
    static constexpr Milliseconds kPatience{250};
    static constexpr Milliseconds kRetry{30'000};

    using Task = std::unique_ptr<Worker::Task>;
    using Done = std::function<void(std::string trouble)>;

    /// `shelf`: null or unavailable: nothing is kept.
    Keeper(Clock& clock, Conversations& conversations, store::Shelf* shelf);
    ~Keeper();
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    bool available() const { return shelf_ != nullptr; }

    /// Writes what has changed since the last time, also when the daemon ends meanwhile. `then` is called
    /// once: when it is written or has failed, after kPatience, or at once where nothing is to be written.
    void save(const std::shared_ptr<Conversation>& conversation, std::function<void()> then = {});

    /// See Engine::open, list, rename and remove.
    Task open(const std::string& id, std::function<void(const Engine::Opened&)> use);
    Task list(const std::string& query, std::size_t limit, std::size_t offset,
              std::function<void(std::vector<Head>)> use);
    void rename(const std::string& id, const std::string& title, Done done);
    void remove(const std::string& id, Done done);

private:
    struct Waiting;  // for a save
    /// What was handed to the disk thread, to be compared with what has become of it meanwhile.
    struct Handed {
        std::vector<std::pair<std::string, unsigned>> revisions;
        std::vector<std::string> dropped;
    };
    /// What `rest` does with this and the outcome of a call on the disk thread, unless this is gone.
    template <class Rest>
    auto unless_gone(Rest rest);

    void saved(const std::shared_ptr<Conversation>& conversation, const Handed& handed,
               const store::OrTrouble<store::Done>& done);
    void release(const std::shared_ptr<Conversation>& conversation);
    /// Step by step, so that nothing else waits for all of it. Another daemon's rest too.
    void purge(Done done);
    void retry();

    Clock& clock_;
    Conversations& conversations_;
    store::Shelf* const shelf_;  // null: nothing is kept
    const std::shared_ptr<Keeper*> self_ = std::make_shared<Keeper*>(this);
    bool swept_ = false;  // what an earlier daemon left of a purge was looked for
    Timer retry_;
};

}  // namespace dragoman::chat
