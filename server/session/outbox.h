// Frames on their way to the editor: an ordered queue between the loop, which must not wait, and the
// writer, which must.
//
// While the editor does not read, the waiting pieces of one stream become one piece; nothing is dropped
// and nothing overtakes within a stream. This and the inbox are the only places where two threads meet.
#pragma once

#include "protocol/base/json.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace dragoman::session {

class Outbox {
public:
    /// A whole message body. Loop thread.
    void push(std::string body);
    /// A piece of a streamed answer: {kind, text} under `token`. Loop thread. Joined with a waiting
    /// piece of the same token and kind when nothing else of that token was queued after it.
    void push_piece(const Json& token, std::string_view kind, std::string_view text);
    /// A message that belongs to the stream `token` without being a piece of it. Loop thread.
    void push_in_stream(const Json& token, std::string body);

    /// The next body, framed later; waits. Nothing once closed and empty. Writer thread.
    std::optional<std::string> pop();
    /// No more will come: pop() gives what waits, then nothing. Any thread.
    void close();

    /// Bytes waiting, for tests and the log.
    std::size_t waiting_bytes() const;

private:
    struct Entry {
        std::string body;   // when no piece
        std::string token;  // JSON text; empty: belongs to no stream
        std::string kind;   // of a piece; empty: body holds the message
        std::string text;
    };
    void add(Entry entry);

    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<Entry> entries_;
    std::uint64_t popped_ = 0;                      // how many left: entries_[i] is number popped_ + i
    std::map<std::string, std::uint64_t> last_of_;  // token -> number of its newest waiting entry
    std::size_t bytes_ = 0;
    bool closed_ = false;
};

}  // namespace dragoman::session
