// What models put around an answer: thinking, marks, fences, talk.

#include "server/completion/lines.h"
#include "server/completion/postprocess.h"
#include "server/completion/prompt.h"

#include <algorithm>
#include <array>
#include <optional>

namespace dragoman::completion {
namespace {

bool in_file(const Window& window, std::string_view what) {
    return window.prefix.find(what) != std::string::npos || window.suffix.find(what) != std::string::npos;
}

std::string lower_start(std::string_view text) {
    constexpr std::size_t kLongestPhrase = 64;
    std::string out{text.substr(0, kLongestPhrase)};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    // Typographers' apostrophe.
    if (const auto at = out.find("\u2019"); at != std::string::npos) out.replace(at, 3, "'");
    return out;
}

// As a sentence begins: with a capital, and the phrase ends where a word ends.
template <std::size_t N>
bool begins_with_phrase(std::string_view text, const std::array<std::string_view, N>& phrases) {
    if (text.empty() || text.front() < 'A' || text.front() > 'Z') return false;
    const std::string start = lower_start(text);
    return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
        return start.starts_with(phrase) &&
               (start.size() == phrase.size() || !is_word(start[phrase.size()]) || !is_word(phrase.back()));
    });
}

constexpr std::array<std::string_view, 7> kApologies = {"i'm sorry", "i am sorry", "sorry",   "i apologize",
                                                        "i cannot",  "i can't",    "as an ai"};
constexpr std::array<std::string_view, 17> kAnnouncements = {
    "sure",           "certainly",    "of course",      "absolutely",  "here is",     "here's",
    "here are",       "the complete", "the code",       "the missing", "to complete", "the completed",
    "the completion", "you can",      "completed code", "completion",  "answer"};
constexpr std::array<std::string_view, 16> kExplanations = {
    "explanation",     "note",        "this code",    "this completes",
    "this completion", "this will",   "this returns", "this function",
    "this line",       "let me know", "i've",         "i have",
    "the above",       "in this",     "hope this",    "the completion"};

// A fence around text: where its content lies.
struct Fence {
    std::string_view info, content;
    bool closed = false;
    bool last = false;  // nothing but blanks follows it
};

std::size_t fence_ticks(std::string_view line) {
    const auto body = trimmed(line);
    return std::min(body.find_first_not_of('`'), body.size());
}

// `open` is where the line of an opening fence begins.
Fence read_fence(std::string_view text, std::size_t open, bool to_last_close) {
    const auto line_end = text.find('\n', open);
    const std::string_view line = text.substr(open, line_end - open);
    const std::size_t ticks = fence_ticks(line);
    Fence fence{.info = trimmed(trimmed(line).substr(ticks)), .content = {}};
    if (line_end == std::string_view::npos) return fence;
    const std::string_view inside = text.substr(line_end + 1);
    fence.content = inside;
    for (std::size_t at = 0; at <= inside.size();) {
        const std::string_view each = inside.substr(at, inside.find('\n', at) - at);
        const std::size_t found = fence_ticks(each);
        if (found >= ticks && trimmed(each).size() == found) {
            fence.content = inside.substr(0, at == 0 ? 0 : at - 1);
            fence.closed = true;
            fence.last = is_blank(inside.substr(at + each.size()));
            if (!to_last_close) return fence;
        }
        at += each.size() + 1;
    }
    if (!fence.closed && without_trailing_blanks(inside).ends_with("```")) {  // closed behind the last line
        fence.content = inside.substr(0, inside.rfind("```"));
        fence.closed = fence.last = true;
    }
    return fence;
}

// The first line that opens a fence: at its own, or behind words that lead to it.
std::optional<std::size_t> find_fence(std::string_view text) {
    std::string_view before;
    for (std::size_t at = 0; at <= text.size();) {
        const std::string_view line = text.substr(at, text.find('\n', at) - at);
        if (fence_ticks(line) >= 3) {
            if (before.empty()) return at;
            const bool led_to = before.ends_with(':') || before.ends_with('.') || before.ends_with('!');
            return led_to && line.starts_with("```") ? std::optional{at} : std::nullopt;
        }
        if (!is_blank(line)) before = trimmed(line);
        at += line.size() + 1;
    }
    return std::nullopt;
}

bool quotes_with_backticks(std::string_view language) {
    constexpr std::array<std::string_view, 17> kLanguages = {"javascript", "javascriptreact",
                                                             "typescript", "typescriptreact",
                                                             "go",         "shellscript",
                                                             "sh",         "bash",
                                                             "zsh",        "perl",
                                                             "ruby",       "php",
                                                             "sql",        "haskell",
                                                             "scala",      "kotlin",
                                                             "vue"};
    return is_prose_language(language) ||
           std::find(kLanguages.begin(), kLanguages.end(), language) != kLanguages.end();
}

// `x` or ```x```, all on one line.
std::string_view without_backticks(std::string_view text, const Window& window) {
    const std::string_view body = trimmed(text);
    const std::size_t ticks = fence_ticks(body);
    if (ticks == 0 || body.size() <= 2 * ticks || (ticks < 3 && quotes_with_backticks(window.language))) {
        return text;
    }
    const std::string_view inside = body.substr(ticks, body.size() - 2 * ticks);
    const bool around_all =
        body.substr(body.size() - ticks).find_first_not_of('`') == std::string_view::npos &&
        inside.find_first_of("`\n") == std::string_view::npos;
    return around_all ? inside : text;
}

struct Tag {
    std::string_view open, close;
};

std::string without_blocks(std::string_view all, const Tag& tag) {
    std::string out;
    auto opening = all.find(tag.open);
    for (std::size_t at = 0;;) {
        if (opening != std::string_view::npos && opening < at) opening = all.find(tag.open, at);
        const auto closing = all.find(tag.close, at);
        if (closing == std::string_view::npos) {
            return out += all.substr(at, opening == std::string_view::npos ? opening : opening - at);
        }
        if (opening < closing) {
            out += all.substr(at, opening - at);
        } else {
            out.clear();  // the opening tag stands in the model's own template
        }
        at = closing + tag.close.size();
        if (out.empty()) at = std::min(all.find_first_not_of('\n', at), all.size());
    }
}

}  // namespace

std::string drop_thinking(std::string_view text, const Window& window) {
    constexpr std::array kTags = {Tag{"<think>", "</think>"}, Tag{"<thinking>", "</thinking>"}};
    std::string out{text};
    for (const Tag& tag : kTags) {
        if (!in_file(window, tag.open) && !in_file(window, tag.close)) out = without_blocks(out, tag);
    }
    return out;
}

std::string drop_marks(std::string_view text, const Window& window) {
    constexpr std::array<std::string_view, 3> kMarks = {kCursorMark, "<CURSOR>", "</CURSOR>"};
    constexpr std::array<std::string_view, 2> kHeadings = {"BEFORE:\n", "AFTER:\n"};
    for (const auto heading : kHeadings) {
        if (text.starts_with(heading) && !in_file(window, heading)) text.remove_prefix(heading.size());
    }
    if (in_file(window, "CURSOR")) return std::string{text};
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto mark =
            std::find_if(kMarks.begin(), kMarks.end(), [&](auto one) { return text.starts_with(one); });
        if (mark != kMarks.end()) {
            text.remove_prefix(mark->size());
            continue;
        }
        const auto next = text.find('<', 1);
        out += text.substr(0, next);
        text.remove_prefix(std::min(next, text.size()));
    }
    return out;
}

std::string unwrap_fence(std::string_view text, const Window& window) {
    const std::string_view bare = without_backticks(text, window);
    if (bare.size() != text.size()) return std::string{bare};
    const auto open = find_fence(text);
    if (!open) return std::string{text};
    if (!is_prose_language(window.language)) return std::string{read_fence(text, *open, false).content};
    const Fence fence = read_fence(text, *open, true);
    const bool holds_prose = fence.info == "markdown" || fence.info == "md" || fence.info == window.language;
    const bool around_all = is_blank(text.substr(0, *open)) && fence.closed && fence.last;
    return std::string{holds_prose && around_all ? fence.content : text};
}

std::string drop_chatter(std::string_view text, const Window& window) {
    if (is_prose_language(window.language)) return std::string{text};
    const std::string_view start = trimmed(text);
    if (begins_with_phrase(start, kApologies)) return {};
    const std::string_view line = without_trailing_blanks(start.substr(0, start.find('\n')));
    if (begins_with_phrase(start, kAnnouncements) &&
        (line.ends_with(':') || line.ends_with('!') || line.ends_with('.'))) {
        text = text.substr(static_cast<std::size_t>(line.data() + line.size() - text.data()));
        text.remove_prefix(std::min(indentation(text).size(), text.size()));
        text.remove_prefix(std::min(text.find_first_not_of('\n'), text.size()));
    }
    for (auto gap = text.find("\n\n"); gap != std::string_view::npos; gap = text.find("\n\n", gap + 1)) {
        if (begins_with_phrase(text.substr(gap + 2), kExplanations)) return std::string{text.substr(0, gap)};
    }
    return std::string{text};
}

}  // namespace dragoman::completion
