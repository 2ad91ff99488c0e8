// Thinking that a model says aloud.

#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"
#include "server/completion/text/talk.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
namespace {

struct Tag {
    std::string_view open, close;
};
constexpr std::array kTags = {Tag{"<think>", "</think>"}, Tag{"<thinking>", "</thinking>"}};

// Thoughts whose opening tag stands in the model's own template. Where words for people may be meant, only
// those that begin as thoughts do.
bool began_as_thought(std::string_view text, const View& view) {
    text = trimmed(text);
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.empty() || line.front() < 'A' || line.front() > 'Z') return line.empty();
    if (begins_as_thought(line)) return true;
    return reads_as_talk(line) && !announces_answer(line) && !text_is_expected(view);
}

Draft without_blocks(std::string_view all, const Tag& tag, const View& view) {
    Draft out;
    auto opening = all.find(tag.open);
    for (std::size_t at = 0;;) {
        if (opening != std::string_view::npos && opening < at) opening = all.find(tag.open, at);
        const auto closing = all.find(tag.close, at);
        const auto next = std::min(opening, closing);
        out.text += all.substr(at, next == std::string_view::npos ? next : next - at);
        if (closing == std::string_view::npos) return out;
        if (closing < opening) {
            if (!began_as_thought(out.text, view)) {
                out.ended = true;
                return out;
            }
            out.text.clear();
        }
        at = closing + tag.close.size();
        if (out.text.empty()) at = std::min(all.find_first_not_of('\n', at), all.size());
    }
}

}  // namespace

Draft drop_thinking(std::string_view text, const View& view) {
    Draft out{.text = std::string{text}};
    for (const Tag& tag : kTags) {
        if (out.text.find(tag.open) == std::string::npos && out.text.find(tag.close) == std::string::npos)
            continue;
        if (view.holds(tag.open) || view.holds(tag.close)) continue;
        Draft next = without_blocks(out.text, tag, view);
        next.ended |= out.ended;
        out = std::move(next);
    }
    out.open = !is_blank(out.text) && began_as_thought(out.text, view);
    return out;
}

}  // namespace dragoman::completion
