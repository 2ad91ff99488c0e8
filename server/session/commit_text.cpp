#include "server/session/commit_text.h"

#include "protocol/base/utf.h"
#include "server/chat/attachment.h"
#include "server/privacy/secret_text.h"

#include <algorithm>
#include <cctype>

namespace dragoman::session {
namespace {

using Lines = std::vector<std::string>;

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

Lines lines_of(std::string_view text) {
    Lines lines;
    for (;;) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string line;
        for (const char c : text.substr(0, end)) {
            const auto code = static_cast<unsigned char>(c);
            if (c == '\t' || (code >= 0x20 && code != 0x7f)) line += c;
        }
        line.erase(line.find_last_not_of(" \t") + 1);
        lines.push_back(std::move(line));
        if (end == text.size()) return lines;
        text.remove_prefix(end + 1);
    }
}

bool is_fence(const std::string& line) { return line.starts_with("```") || line.starts_with("~~~"); }

/// The lines of the first fenced block where there is one; a message does not come in two.
Lines inside_fence(Lines lines) {
    const auto open = std::find_if(lines.begin(), lines.end(), is_fence);
    if (open == lines.end()) return lines;
    const auto close = std::find_if(open + 1, lines.end(), is_fence);
    // A block of a body that begins with text of its own stays: a message's first line is no introduction.
    const bool introduced =
        open == lines.begin() || std::all_of(lines.begin(), open, [](const std::string& line) {
            return line.empty() || line.ends_with(':');
        });
    return introduced ? Lines{open + 1, close} : lines;
}

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// "Here is the commit message:" and its kin, alone on their line.
bool is_introduction(const std::string& line) {
    const std::string words = lower(line);
    return words.ends_with(':') &&
           (words.find("commit message") != std::string::npos || words.starts_with("here is") ||
            words.starts_with("here's") || words.starts_with("sure"));
}

void drop_label(std::string& line) {
    for (const std::string_view label : {"commit message:", "subject:"}) {
        if (lower(line).starts_with(label)) line = trimmed(std::string_view{line}.substr(label.size()));
    }
}

/// Quotes and emphasis that stand around all of `text`.
std::string_view without_quotes(std::string_view text) {
    for (const std::string_view mark : {"**", "\"", "'", "`"}) {
        if (text.size() <= 2 * mark.size() || !text.starts_with(mark) || !text.ends_with(mark)) continue;
        const auto inner = text.substr(mark.size(), text.size() - 2 * mark.size());
        if (inner.find(mark) == std::string_view::npos) return inner;
    }
    return text;
}

}  // namespace

std::string commit_question(std::string_view diff, const std::vector<std::string>& subjects) {
    std::string out;
    if (!subjects.empty()) {
        out += "Subjects of this repository's latest commits, whose style to keep:\n";
        for (const std::string& subject : subjects)
            out += "- " + privacy::mask_secrets(one_line(subject, 120)).text + "\n";
        out += "\n";
    }
    return out + "What is staged:\n" + chat::fenced(std::string{diff}, "diff") +
           "\nWrite the commit message for it.";
}

std::string commit_message_of(std::string_view answer) {
    Lines lines = inside_fence(lines_of(trimmed(repair_utf8(answer))));
    while (!lines.empty() && (lines.front().empty() || is_introduction(lines.front())))
        lines.erase(lines.begin());
    if (lines.empty()) return {};
    drop_label(lines.front());
    std::string whole;
    for (const std::string& line : lines) whole += line + "\n";
    Lines message = lines_of(trimmed(without_quotes(trimmed(whole))));
    message.front() = without_quotes(trimmed(message.front()));
    if (message.front().ends_with('.') && !message.front().ends_with("..")) message.front().pop_back();
    if (message.size() > 1 && !message[1].empty()) message.insert(message.begin() + 1, std::string{});
    std::string out;
    for (const std::string& line : message) out += line + "\n";
    return message.front().empty() ? std::string{} : out;
}

}  // namespace dragoman::session
