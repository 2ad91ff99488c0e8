// Talk before and after an answer.
//
// In comments, strings and prose, sentences are what was asked for: there only an announcement that leads to
// a fence is talk.

#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"
#include "server/completion/text/talk.h"

#include <algorithm>
#include <optional>

namespace dragoman::completion {
namespace {

bool is_fence(std::string_view line) { return trimmed(line).starts_with("```"); }

}  // namespace

Draft drop_preamble(std::string_view text, const View& view) {
    if (is_prose_language(view.language())) return {.text = std::string{text}};
    const std::string_view start = text.substr(std::min(text.find_first_not_of(kSpace), text.size()));
    const std::string_view first = start.substr(0, start.find('\n'));
    if (!reads_as_talk(first) && !apologises(first)) return {.text = std::string{text}};
    const bool expected = text_is_expected(view);
    if (!expected && apologises(text))
        return {.text = {}, .ended = text.find('\n') != std::string_view::npos};
    std::size_t sure = 0;  // up to here it is talk beyond doubt
    bool still_sure = true, talked = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto line_end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, line_end - at);
        const std::size_t next = std::min(line_end + 1, text.size());
        if (is_fence(line)) return {.text = std::string{text.substr(talked ? at : 0)}};
        if (!is_blank(line)) {
            const bool talk = expected ? announces_answer(line) : reads_as_talk(line);
            if (!talk) return {.text = std::string{text.substr(sure)}};
            still_sure = expected ? !talked && announces_code(line) : still_sure && reads_as_sentence(line);
            talked = true;
        }
        if (still_sure && talked) sure = next;
        at = next;
    }
    return {.text = std::string{text.substr(sure)}, .open = talked};
}

Draft drop_afterword(std::string_view text, const View& view) {
    std::optional<AnswerScan> scan;
    for (auto gap = text.find("\n\n"); gap != std::string_view::npos; gap = text.find("\n\n", gap + 1)) {
        if (!explains_answer(text.substr(gap + 2))) continue;
        if (is_prose_language(view.language())) break;
        if (!scan) scan.emplace(text, view);
        if (!scan->inside_text(gap)) return {.text = std::string{text.substr(0, gap)}, .ended = true};
    }
    return {.text = std::string{text}};
}

}  // namespace dragoman::completion
