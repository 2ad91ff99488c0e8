// The conversations in memory: those in use, and those that are not kept (keeper.h). Private to the room.
//
// A daemon lives for weeks, so they are bounded: at most kMostConversations of at most kMostBytes together.
// Beyond either, those that were left alone for longest go first; the newest one stays, and so does each
// that is being answered.
#pragma once

#include "server/chat/engine.h"

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::chat {

class Conversations {
public:
    static constexpr std::size_t kMostConversations = 500;
    static constexpr std::size_t kMostBytes = 256U << 20U;  // of prompts, contexts and answers

    explicit Conversations(Clock& clock) : clock_{clock} {}

    std::shared_ptr<Conversation> create(const std::string& first_prompt);
    /// Takes in one that was read from disk, at the end of the row: it has not changed.
    void adopt(std::shared_ptr<Conversation> conversation);
    /// Null for an unknown id. Whoever answers it holds it, so that the user may delete it meanwhile.
    std::shared_ptr<Conversation> find(const std::string& id) const;
    /// Newest first; `query` (ASCII letters in any case): a text of the title, or words of one turn's prompt
    /// and answer.
    std::vector<const Conversation*> list(const std::string& query, std::size_t limit,
                                          std::size_t offset) const;
    bool remove(const std::string& id);
    std::vector<std::shared_ptr<Conversation>> all() const { return {all_.begin(), all_.end()}; }
    std::optional<std::string> fork(const std::string& id, const std::string& turn);
    /// Marks a change: the conversation becomes the newest, and the oldest may have to go.
    void touch(Conversation& conversation);

private:
    void trim();

    Clock& clock_;
    std::list<std::shared_ptr<Conversation>> all_;  // newest first
};

/// Its last turn is under way.
bool answering(const Conversation& conversation);

/// 24 hexadecimal digits that no other daemon makes.
std::string new_id();

std::string to_markdown(const Conversation& conversation);

}  // namespace dragoman::chat
