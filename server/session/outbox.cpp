#include "server/session/outbox.h"

#include "protocol/jsonrpc/message.h"

namespace dragoman::session {

void Outbox::push(std::string body) { add({.body = std::move(body), .token = {}, .kind = {}, .text = {}}); }

void Outbox::push_in_stream(const Json& token, std::string body) {
    add({.body = std::move(body), .token = dump_json(token), .kind = {}, .text = {}});
}

void Outbox::push_piece(const Json& token, std::string_view kind, std::string_view text) {
    const std::string name = dump_json(token);
    {
        const std::lock_guard lock{mutex_};
        if (const auto last = last_of_.find(name); last != last_of_.end()) {
            Entry& waiting = entries_[static_cast<std::size_t>(last->second - popped_)];
            if (waiting.kind == kind) {
                waiting.text += text;
                bytes_ += text.size();
                return;
            }
        }
    }
    add({.body = {}, .token = name, .kind = std::string{kind}, .text = std::string{text}});
}

void Outbox::add(Entry entry) {
    {
        const std::lock_guard lock{mutex_};
        if (closed_) return;
        bytes_ += entry.body.size() + entry.text.size();
        if (!entry.token.empty()) last_of_[entry.token] = popped_ + entries_.size();
        entries_.push_back(std::move(entry));
    }
    filled_.notify_one();
}

std::optional<std::string> Outbox::pop() {
    std::unique_lock lock{mutex_};
    filled_.wait(lock, [this] { return closed_ || !entries_.empty(); });
    if (entries_.empty()) return std::nullopt;
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    bytes_ -= entry.body.size() + entry.text.size();
    if (const auto last = last_of_.find(entry.token); last != last_of_.end() && last->second == popped_) {
        last_of_.erase(last);
    }
    ++popped_;
    lock.unlock();
    if (entry.kind.empty()) return std::move(entry.body);
    return jsonrpc::print_notification(
        "$/progress",
        {{"token", Json::parse(entry.token)}, {"value", {{"kind", entry.kind}, {"text", entry.text}}}});
}

void Outbox::close() {
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    filled_.notify_all();
}

std::size_t Outbox::waiting_bytes() const {
    const std::lock_guard lock{mutex_};
    return bytes_;
}

}  // namespace dragoman::session
