// Markdown fences and backticks around an answer.

#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"
#include "server/completion/text/talk.h"

#include <algorithm>
#include <array>
#include <optional>

namespace dragoman::completion {
namespace {

constexpr std::string_view kTicks = "```";

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

// "x;```": closed behind its last line.
bool closes_behind_text(std::string_view line) {
    line = without_trailing_blanks(line);
    return line.ends_with(kTicks) && trimmed(line).size() > kTicks.size() &&
           line.find('`') == line.size() - kTicks.size();
}

// `text` begins with the line of an opening fence.
Fence read_fence(std::string_view text, bool to_last_close) {
    const auto line_end = text.find('\n');
    const std::size_t ticks = fence_ticks(text.substr(0, line_end));
    Fence fence{.info = trimmed(trimmed(text.substr(0, line_end)).substr(ticks)), .content = {}};
    if (line_end == std::string_view::npos) return fence;
    const std::string_view inside = text.substr(line_end + 1);
    fence.content = inside;
    for (std::size_t at = 0; at <= inside.size();) {
        const std::string_view each = inside.substr(at, inside.find('\n', at) - at);
        const std::size_t found = fence_ticks(each);
        const bool alone = found >= ticks && trimmed(each).size() == found;
        if (alone || closes_behind_text(each)) {
            const auto behind = at + without_trailing_blanks(each).size() - kTicks.size();
            fence.content = inside.substr(0, alone ? (at == 0 ? 0 : at - 1) : behind);
            fence.closed = true;
            fence.last = is_blank(inside.substr(at + each.size()));
            if (!to_last_close) return fence;
        }
        at += each.size() + 1;
    }
    return fence;
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

// The inside of `x` or ```x``` where that is the first line.
std::optional<std::string_view> inside_backticks(std::string_view text, const View& view) {
    const std::string_view start = text.substr(std::min(text.find_first_not_of(kSpace), text.size()));
    const std::string_view body = without_trailing_blanks(start.substr(0, start.find('\n')));
    const std::size_t ticks = fence_ticks(body);
    if (ticks == 0 || body.size() <= 2 * ticks) return std::nullopt;
    if (ticks < kTicks.size() && quotes_with_backticks(view.language())) return std::nullopt;
    const std::string_view inside = body.substr(ticks, body.size() - 2 * ticks);
    const bool around_all =
        body.substr(body.size() - ticks).find_first_not_of('`') == std::string_view::npos &&
        inside.find('`') == std::string_view::npos;
    return around_all ? std::optional{inside} : std::nullopt;
}

// In prose a fence is content, unless it says that it holds prose and stands around all.
Draft unwrap_prose(std::string_view text, std::size_t open, const View& view) {
    const Fence fence = read_fence(text.substr(open), true);
    const bool holds_prose = fence.info == "markdown" || fence.info == "md" || fence.info == view.language();
    const bool around_all = holds_prose && fence.closed && fence.last;
    return {.text = std::string{around_all ? fence.content : text}, .open = holds_prose};
}

// A fence behind the answer: of an example, of the answer said again, or never opened.
std::optional<std::size_t> later_fence(std::string_view text, const View& view) {
    if (text.find(kTicks) == std::string_view::npos || view.holds(kTicks)) return std::nullopt;
    AnswerScan scan{text, view};
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        if (!trimmed(text.substr(at + 1, text.find('\n', at + 1) - at - 1)).starts_with(kTicks)) continue;
        if (!scan.inside_text(at)) return at;
    }
    return std::nullopt;
}

}  // namespace

Draft unwrap_fence(std::string_view text, const View& view) {
    if (const auto inside = inside_backticks(text, view))
        return {.text = std::string{*inside}, .ended = true};
    const auto content = text.find_first_not_of(kSpace);
    if (content == std::string_view::npos) return {.text = std::string{text}};
    const std::size_t open = text.rfind('\n', content) + 1;  // npos + 1 is 0
    const std::string_view first = text.substr(open, text.find('\n', open) - open);
    const bool fenced = fence_ticks(first) >= kTicks.size();
    if (is_prose_language(view.language())) {
        return fenced ? unwrap_prose(text, open, view) : Draft{.text = std::string{text}};
    }
    if (fenced && view.holds(kTicks) && text_is_expected(view)) return {.text = std::string{text}};
    if (fenced) {
        const Fence fence = read_fence(text.substr(open), false);
        return {.text = std::string{fence.content}, .ended = fence.closed};
    }
    const auto later = later_fence(text, view);
    return {.text = std::string{text.substr(0, later.value_or(text.size()))}, .ended = later.has_value()};
}

}  // namespace dragoman::completion
