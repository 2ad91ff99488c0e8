#include "server/chat/attachment.h"

#include "protocol/base/utf.h"

#include <algorithm>
#include <numeric>

namespace dragoman::chat {
namespace {

constexpr std::size_t kLeastTokens = 20;  // of text that is worth showing

std::string lines_of(const Attachment& attachment) {
    const auto& text = attachment.text;
    auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (text.empty() || text.back() != '\n') ++lines;
    return ", lines " + std::to_string(attachment.line) + " to " +
           std::to_string(attachment.line + lines - 1);
}

/// How much of the text is kept when at most `bytes` may be: whole lines, unless that would lose half.
std::size_t end_of_lines(const std::string& text, std::size_t bytes) {
    const std::size_t most = truncate_utf8(text, bytes).size();
    const std::size_t line = most == 0 ? std::string::npos : text.rfind('\n', most - 1);
    return line != std::string::npos && line + 1 > most / 2 ? line + 1 : most;
}

/// What is written besides the text once it is cut: title, fence and note.
std::size_t tokens_of_head(const Attachment& attachment, const TokenCounter& counter) {
    const Attachment head{.title = attachment.title,
                          .language = attachment.language,
                          .text = "\n",
                          .line = attachment.line == 0 ? 0 : attachment.line + attachment.text.size(),
                          .left_out = attachment.left_out + attachment.text.size()};
    return counter.count(written(head));
}

void cut(Attachment& attachment, std::size_t tokens, const TokenCounter& counter) {
    const std::size_t head = tokens_of_head(attachment, counter);
    const std::size_t left = tokens > head ? tokens - head : 0;
    const std::size_t kept =
        left < kLeastTokens ? 0 : end_of_lines(attachment.text, counter.prefix(attachment.text, left));
    attachment.left_out += attachment.text.size() - kept;
    attachment.text.resize(kept);
}

/// What each of `sizes` may be at most, so that their sum is at most `whole`: an equal share of what those
/// that need less have left.
std::size_t fair_share(std::vector<std::size_t> sizes, std::size_t whole) {
    std::sort(sizes.begin(), sizes.end());
    std::size_t left = whole, share = whole;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        share = left / (sizes.size() - i);
        if (sizes[i] > share) break;
        left -= sizes[i];
    }
    return share;
}

}  // namespace

std::string written(const Attachment& attachment) {
    const std::string missing = std::to_string(attachment.left_out);
    if (attachment.text.empty() && attachment.left_out > 0)
        return attachment.title + ": (left out for lack of room: " + missing + " bytes)\n";
    std::string out = attachment.title + (attachment.line == 0 ? "" : lines_of(attachment)) + ":\n" +
                      fenced(attachment.text, attachment.language);
    if (attachment.left_out > 0) out += "(cut here: " + missing + " more bytes were left out)\n";
    return out;
}

std::vector<std::string> cut_to(std::vector<Attachment>& attachments, std::size_t tokens,
                                const TokenCounter& counter) {
    std::vector<std::size_t> sizes;
    for (const Attachment& one : attachments) sizes.push_back(counter.count(written(one)));
    if (std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}) <= tokens) return {};
    const std::size_t share = fair_share(sizes, tokens);
    std::vector<std::string> titles;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (sizes[i] <= share) continue;
        cut(attachments[i], share, counter);
        titles.push_back(attachments[i].title);
    }
    return titles;
}

std::string fenced(const std::string& text, const std::string& language) {
    std::size_t longest = 2, run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    return fence + language + "\n" + text + (text.empty() || text.back() == '\n' ? "" : "\n") + fence + "\n";
}

}  // namespace dragoman::chat
