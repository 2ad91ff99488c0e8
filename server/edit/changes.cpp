#include "server/edit/changes.h"

#include "server/edit/line_diff.h"
#include "server/edit/replacement.h"

#include <string_view>

namespace dragoman::edit {
namespace {

/// The lines of a text: where each begins (and the end of the last), and what tells it from others: its
/// content, with one \n where it is ended by anything.
struct Lines {
    std::vector<std::size_t> begins{0};
    std::vector<std::string> contents;

    std::vector<std::string_view> views() const { return {contents.begin(), contents.end()}; }
};

Lines lines_of(std::string_view text) {
    Lines lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find_first_of("\r\n", at), text.size());
        std::string content{text.substr(at, end - at)};
        std::size_t next = end;
        if (end < text.size()) {
            content += '\n';
            next = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
        }
        lines.contents.push_back(std::move(content));
        lines.begins.push_back(next);
        at = next;
    }
    return lines;
}

}  // namespace

Changes make_changes(const Selection& selection, const std::string& replacement, const Masking& masking) {
    const Lines was = lines_of(selection.text), now = lines_of(replacement);
    Changes changes;
    std::size_t at = 0;
    for (const LineHunk& one : diff_lines(was.views(), now.views())) {
        Hunk hunk{.begin = was.begins[one.old_begin],
                  .end = was.begins[one.old_end],
                  .text = replacement.substr(now.begins[one.new_begin],
                                             now.begins[one.new_end] - now.begins[one.new_begin])};
        if (masking.hides_secret(hunk.text)) {
            ++changes.withheld;
            continue;
        }
        hunk.text = with_line_ends(hunk.text, selection.line_end);
        changes.text.append(selection.text, at, hunk.begin - at).append(hunk.text);
        at = hunk.end;
        changes.hunks.push_back(std::move(hunk));
    }
    changes.text.append(selection.text, at);
    return changes;
}

}  // namespace dragoman::edit
