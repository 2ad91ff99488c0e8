#include "server/chat/conversations.h"

#include "protocol/base/utf.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <sstream>

namespace dragoman::chat {
namespace {

constexpr std::size_t kTitleBytes = 60;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(const std::string& text, const std::string& part) {
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end() ||
           part.empty();
}

/// All words of `query` stand in one turn, or the whole of it in the title; as the disk is searched, but that
/// the words may stand inside others.
bool mentions(const Conversation& conversation, const std::string& query) {
    if (contains(conversation.title, query)) return true;
    std::istringstream split{query};
    const std::vector<std::string> words{std::istream_iterator<std::string>{split}, {}};
    return !words.empty() &&
           std::any_of(conversation.turns.begin(), conversation.turns.end(), [&](const Turn& turn) {
               return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
                   return contains(turn.prompt, word) || contains(turn.text, word);
               });
           });
}

/// Bytes held, less what is small: ids, states, times.
std::size_t weight(const Conversation& conversation) {
    std::size_t bytes = 0;
    for (const Turn& turn : conversation.turns) {
        bytes += turn.prompt.size() + turn.context_bytes + turn.text.size() + turn.reasoning.size();
        for (const Attachment& one : turn.attached) bytes += one.text.size();
        for (const Image& one : turn.images) bytes += one.data->size();
        for (const std::string& item : turn.reasoning_items) bytes += item.size();
        for (const wire::ToolCall& call : turn.tool_calls) bytes += call.arguments.size();
    }
    return bytes;
}

}  // namespace

bool answering(const Conversation& conversation) {
    return !conversation.turns.empty() && conversation.turns.back().state == TurnState::running;
}

Head head_of(const Conversation& conversation) {
    return {.id = conversation.id,
            .title = conversation.title,
            .created = conversation.created,
            .updated = conversation.updated,
            .turns = conversation.turns.size(),
            .model = conversation.turns.empty() ? std::string{} : conversation.turns.back().model};
}

Json whole_context(const Turn& turn) {
    Json out = turn.context;
    auto image = turn.images.begin();
    for (Json& item : out) {
        if (image != turn.images.end() && get_string(item, "kind") == "image")
            item["data"] = *(image++)->data;
    }
    return out;
}

std::string new_id() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::random_device source;
    std::string id;
    while (id.size() < 24) {
        for (unsigned bits = source(), i = 0; i < 8; ++i, bits >>= 4U) id += kDigits[bits & 0xFU];
    }
    return id;
}

std::shared_ptr<Conversation> Conversations::create(const std::string& first_prompt) {
    auto conversation = std::make_shared<Conversation>();
    conversation->id = new_id();
    conversation->title = one_line(first_prompt, kTitleBytes);
    conversation->created = conversation->updated = clock_.wall();
    all_.push_front(conversation);
    trim();
    return conversation;
}

void Conversations::adopt(std::shared_ptr<Conversation> conversation) {
    all_.push_back(std::move(conversation));
}

std::shared_ptr<Conversation> Conversations::find(const std::string& id) const {
    const auto found = std::find_if(all_.begin(), all_.end(), [&](const auto& one) { return one->id == id; });
    return found == all_.end() ? nullptr : *found;
}

std::vector<const Conversation*> Conversations::list(const std::string& query, std::size_t limit,
                                                     std::size_t offset) const {
    std::vector<const Conversation*> page;
    for (const auto& conversation : all_) {
        if (page.size() == limit) break;
        if (!mentions(*conversation, query)) continue;
        if (offset > 0) {
            --offset;
        } else {
            page.push_back(conversation.get());
        }
    }
    return page;
}

bool Conversations::remove(const std::string& id) {
    return std::erase_if(all_, [&](const auto& one) { return one->id == id; }) > 0;
}

std::optional<std::string> Conversations::fork(const std::string& id, const std::string& turn) {
    const auto from = find(id);
    if (!from) return std::nullopt;
    const auto& turns = from->turns;
    const auto last =
        std::find_if(turns.begin(), turns.end(), [&](const auto& one) { return one.id == turn; });
    if (last == turns.end()) return std::nullopt;
    auto copy = std::make_shared<Conversation>();
    copy->id = new_id();
    copy->title = from->title;
    copy->created = copy->updated = clock_.wall();
    copy->kept = from->kept;
    copy->turns.assign(turns.begin(), last + 1);
    for (Turn& one : copy->turns) {
        one.id = new_id();
        one.saved = 0;
        if (one.state == TurnState::running) one.state = TurnState::cancelled;
    }
    all_.push_front(copy);
    trim();
    return copy->id;
}

void Conversations::touch(Conversation& conversation) {
    conversation.updated = clock_.wall();
    const auto at =
        std::find_if(all_.begin(), all_.end(), [&](const auto& one) { return one.get() == &conversation; });
    if (at == all_.end()) return;  // deleted while it was answered
    all_.splice(all_.begin(), all_, at);
    trim();
}

void Conversations::trim() {
    std::size_t number = 0, bytes = 0;
    for (auto at = all_.begin(); at != all_.end();) {
        bytes += weight(**at);
        ++number;
        const bool over = number > 1 && (number > kMostConversations || bytes > kMostBytes);
        at = over && !answering(**at) ? all_.erase(at) : std::next(at);
    }
}

namespace {

/// The names of what was attached, a line each; not what it held.
std::string attached_to(const Turn& turn) {
    std::string out;
    for (const Attachment& one : turn.attached) out += "- attached: " + one.title + "\n";
    for (const Image& one : turn.images) out += "- attached: " + one.mime_type + "\n";
    return out.empty() ? out : "\n" + out;
}

}  // namespace

std::string to_markdown(const Conversation& conversation) {
    std::string out = "# " + conversation.title + "\n";
    for (const Turn& turn : conversation.turns) {
        out += "\n## Question\n\n" + turn.prompt + "\n" + attached_to(turn) + "\n## Answer" +
               (turn.model.empty() ? "" : " (" + turn.model + ")") + "\n\n" + turn.text + "\n";
        if (turn.state == TurnState::cancelled) out += "\n*(cancelled)*\n";
        if (turn.state == TurnState::failed) out += "\n*(the answer broke off here)*\n";
        if (turn.state == TurnState::running) out += "\n*(still being answered)*\n";
    }
    return out;
}

}  // namespace dragoman::chat
