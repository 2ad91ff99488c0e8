// An inline edit: the hunks, applied, are the text that was told; they touch what differs and nothing else; a
// secret that was masked is never overwritten by its mask. The input: before the selection, the selection,
// behind it, and the model's answer.
#include "protocol/base/utf.h"
#include "server/edit/changes.h"
#include "server/edit/line_diff.h"
#include "server/edit/replacement.h"
#include "server/privacy/secret_text.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

using namespace dragoman;
using namespace dragoman::edit;
using dragoman::fuzz::claim;

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    for (;;) {
        const std::size_t end = text.find('\n');
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end + 1);
    }
}

void check_line_diff(std::string_view before, std::string_view after) {
    const auto old_lines = lines_of(before), new_lines = lines_of(after);
    for (const std::size_t most : {std::size_t{600}, std::size_t{2}}) {
        std::vector<std::string_view> made;
        std::size_t at = 0;
        for (const LineHunk& hunk : diff_lines(old_lines, new_lines, most)) {
            claim(hunk.old_begin >= at && hunk.old_end >= hunk.old_begin && hunk.old_end <= old_lines.size(),
                  "hunks are in order");
            for (; at < hunk.old_begin; ++at) made.push_back(old_lines[at]);
            for (std::size_t i = hunk.new_begin; i < hunk.new_end; ++i) made.push_back(new_lines[i]);
            at = hunk.old_end;
        }
        for (; at < old_lines.size(); ++at) made.push_back(old_lines[at]);
        claim(made == new_lines, "the hunks of two texts make the second out of the first");
    }
}

std::string applied(const std::string& text, const std::vector<Hunk>& hunks) {
    std::string out;
    std::size_t at = 0;
    for (const Hunk& hunk : hunks) {
        claim(hunk.begin >= at && hunk.end >= hunk.begin && hunk.end <= text.size(),
              "hunks are in order and inside");
        out += text.substr(at, hunk.begin - at) + hunk.text;
        at = hunk.end;
    }
    return out + text.substr(at);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto texts = fuzz::parts(fuzz::text_of(data, size), 4);
    check_line_diff(texts[1], texts[3]);

    DocumentSnapshot document;
    document.language_id = "cpp";
    const std::string before = repair_utf8(texts[0]), selected = repair_utf8(texts[1]),
                      after = repair_utf8(texts[2]);
    document.text = Text{before + selected + after};
    const Selection selection = take_selection(document, before.size(), before.size() + selected.size());
    claim(selection.text == selected, "a selection is the document's own text");
    const Masking masking{selection};
    const auto replacement = replacement_of(repair_utf8(texts[3]), selection);
    if (!replacement) return 0;
    const Changes changes = make_changes(selection, masking.restore(*replacement), masking);
    claim(applied(selection.text, changes.hunks) == changes.text,
          "the hunks, applied, are the text that is told");
    claim(is_valid_utf8(changes.text), "an edit leaves valid UTF-8");
    for (const Hunk& hunk : changes.hunks)
        claim(hunk.text != selection.text.substr(hunk.begin, hunk.end - hunk.begin),
              "a hunk changes something");
    const auto nothing = make_changes(selection, masking.restore(masking.text()), masking);
    claim(nothing.hunks.empty() && nothing.text == selection.text,
          "an answer that repeats the selection changes nothing");
    return 0;
}
