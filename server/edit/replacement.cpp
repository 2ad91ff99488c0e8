#include "server/edit/replacement.h"

#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"

#include <algorithm>
#include <array>
#include <vector>

namespace dragoman::edit {
namespace {

using completion::Draft;
using completion::View;
using completion::Window;

constexpr std::string_view kFence = "```";

/// The steps take the selection for what stands behind the cursor: what it holds they leave alone.
Window window_of(const Selection& selection) {
    Window window;
    window.prefix = selection.before;
    window.suffix = completion::normalise_line_ends(selection.text) + selection.after;
    window.language = selection.language;
    return window;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) out.append(i == 0 ? "" : "\n").append(lines[i]);
    return out;
}

/// What a model put around its answer is no part of it where the selection has no such thing itself.
Draft without_tags(std::string_view text, const View& view) {
    if (view.holds(kSelectionOpen)) return {.text = std::string{text}};
    std::string_view body = completion::trimmed(text);
    if (!body.starts_with(kSelectionOpen)) return {.text = std::string{text}};
    body.remove_prefix(kSelectionOpen.size());
    if (body.starts_with('\n')) body.remove_prefix(1);
    const auto close = body.rfind(kSelectionClose);
    return {.text = std::string{body.substr(0, close)}};
}

/// In prose a fence may be content; one around everything is not, where the selection had none.
std::string unwrap_bare_fence(const std::string& text, const Selection& selection) {
    const std::string_view body = completion::trimmed(text);
    const auto line = body.find('\n');
    const bool around = body.starts_with(kFence) && body.ends_with(kFence) &&
                        line != std::string_view::npos &&
                        body.find(kFence, kFence.size()) == body.size() - kFence.size();
    if (!around || selection.text.find(kFence) != std::string::npos) return text;
    return std::string{body.substr(line + 1, body.size() - kFence.size() - line - 1)};
}

/// The inside of the one fenced block in an answer that is to be code: what stands around it is talk,
/// whatever it looks like. The answer itself where there is no such block, or where fences belong to the
/// document.
std::string only_block(const std::string& text, const View& view) {
    if (view.holds(kFence)) return text;
    const auto lines = completion::split_lines(text);
    const auto is_fence = [](std::string_view line) { return completion::trimmed(line).starts_with(kFence); };
    const auto open = std::find_if(lines.begin(), lines.end(), is_fence);
    if (open == lines.end()) return text;
    const auto close = std::find_if(open + 1, lines.end(), is_fence);
    if (close == lines.end() || completion::trimmed(*close) != kFence ||
        std::find_if(close + 1, lines.end(), is_fence) != lines.end())
        return text;
    return joined(std::vector<std::string>(open + 1, close));
}

struct Content {
    std::string text;
    bool open = false;
};

Content content_of(std::string_view answer, const Selection& selection) {
    using Step = Draft (*)(std::string_view, const View&);
    constexpr std::array<Step, 6> kSteps = {completion::drop_thinking,  completion::cut_at_token,
                                            completion::drop_preamble,  completion::unwrap_fence,
                                            completion::drop_afterword, without_tags};
    const Window window = window_of(selection);
    const View view{window};
    const bool prose = completion::is_prose_language(selection.language);
    Content content{.text = completion::normalise_line_ends(answer)};
    if (!prose) content.text = only_block(completion::drop_thinking(content.text, view).text, view);
    for (const Step step : kSteps) {
        Draft draft = step(content.text, view);
        content.text = std::move(draft.text);
        content.open |= draft.open && !draft.ended;
    }
    if (prose) {
        content.text = unwrap_bare_fence(content.text, selection);
    } else {
        Window margin = window;
        margin.prefix = margin.prefix.substr(0, margin.prefix.rfind('\n') + 1);  // lines are whole here
        content.text = completion::convert_indentation(content.text, margin).text;
    }
    return content;
}

/// "```\n```": asked to delete, a model answers with a fence around nothing.
bool is_empty_fence(std::string_view answer) {
    const std::string text = completion::normalise_line_ends(answer);
    const auto lines = completion::split_lines(completion::trimmed(text));
    if (lines.size() < 2 || !lines.front().starts_with(kFence)) return false;
    return std::all_of(lines.begin() + 1, lines.end() - 1, completion::is_blank) &&
           completion::trimmed(lines.back()) == kFence;
}

bool begins_with_closer(std::string_view line) {
    const auto body = completion::trimmed(line);
    return !body.empty() && std::string_view{"})]"}.find(body.front()) != std::string_view::npos;
}

bool ends_with_opener(std::string_view line) {
    const auto body = completion::trimmed(line);
    return !body.empty() && std::string_view{"{([:"}.find(body.back()) != std::string_view::npos;
}

/// The line after the first that stands furthest left; null where there is none.
const std::string_view* leftmost(const std::vector<std::string_view>& lines) {
    const std::string_view* found = nullptr;
    for (auto line = lines.begin() + 1; line < lines.end(); ++line) {
        if (completion::is_blank(*line)) continue;
        const auto depth = completion::indentation(*line).size();
        if (found == nullptr || depth < completion::indentation(*found).size()) found = &*line;
    }
    return found;
}

/// The first line stands too far left. True where it is alone in that: the others stand where they belong
/// to a first line at `depth`.
bool only_first_line_moved(const std::vector<std::string_view>& lines, std::size_t depth) {
    const std::string_view* left = leftmost(lines);
    if (left == nullptr) return false;
    const auto least = completion::indentation(*left).size();
    const bool body_follows = ends_with_opener(lines.front()) && !begins_with_closer(*left);
    return body_follows ? least > depth : least >= depth;
}

/// Whole lines, the first of which belongs at indentation `wanted`.
std::string place_lines(std::string_view body, const std::string& wanted) {
    const auto lines = completion::split_lines(body);
    const auto own = completion::indentation(lines.front()).size();
    if (own >= wanted.size()) return std::string{body};
    const bool first_only = only_first_line_moved(lines, wanted.size());
    std::vector<std::string> out;
    for (const std::string_view line : lines) {
        const bool moves = out.empty() || (!first_only && !completion::is_blank(line));
        out.push_back((moves ? wanted.substr(own) : std::string{}).append(line));
    }
    return joined(out);
}

/// A first line that goes on behind other text; those after it belong at the indentation of that line.
std::string place_behind_text(std::string_view body, const std::string& margin, const Selection& selection) {
    const auto lines = completion::split_lines(body);
    std::vector<std::string> out{std::string{completion::indentation(selection.text)}.append(
        lines.front().substr(completion::indentation(lines.front()).size()))};
    const std::string_view* left = leftmost(lines);
    const auto least = left == nullptr ? margin.size() : completion::indentation(*left).size();
    const std::string was = completion::normalise_line_ends(selection.text);
    const auto old_lines = completion::split_lines(was);
    const std::string_view* old_left = leftmost(old_lines);
    const bool lost = least < margin.size() &&
                      (old_left == nullptr || completion::indentation(*old_left).size() >= margin.size());
    for (auto line = lines.begin() + 1; line < lines.end(); ++line) {
        const bool moves = lost && !completion::is_blank(*line);
        out.push_back((moves ? margin.substr(least) : std::string{}).append(*line));
    }
    return joined(out);
}

/// The blank lines a text begins with.
std::string_view blank_lines_at_start(std::string_view text) {
    const auto content = text.find_first_not_of(completion::kSpace);
    if (content == std::string_view::npos) return {};
    const auto last = text.rfind('\n', content);
    return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

std::string_view blanks_at_end(std::string_view text) {
    return text.substr(std::min(text.find_last_not_of(completion::kSpace) + 1, text.size()));
}

/// What belongs behind the replacement: what the selection ends with; for a line that is added above
/// another, the break between them.
std::string ending_of(const std::string& was, const Selection& selection) {
    if (!was.empty() && completion::is_blank(was)) return was.ends_with('\n') ? "\n" : "";
    if (!was.empty()) return std::string{blanks_at_end(was)};
    const std::string_view rest = std::string_view{selection.after}.substr(0, selection.after.find('\n'));
    if (!selection.begins_a_line() || completion::is_blank(rest)) return {};
    return "\n" + selection.line_before();
}

std::string fit(std::string_view content, const Selection& selection) {
    const std::string was = completion::normalise_line_ends(selection.text);
    std::string body{content.substr(blank_lines_at_start(content).size())};
    body.resize(body.size() - blanks_at_end(body).size());
    const std::string_view opening = blank_lines_at_start(was);
    const std::string lead = selection.line_before();
    const std::string_view first = std::string_view{was}.substr(opening.size());
    const std::string own{completion::is_blank(was) ? std::string_view{} : completion::indentation(first)};
    if (!opening.empty()) {
        body = std::string{opening} + place_lines(body, own);
    } else if (selection.begins_a_line()) {
        body = place_lines(body, lead + own);
        const bool begins = body.starts_with(lead);
        body.erase(0, begins ? lead.size() : completion::indentation(body).size());
    } else {
        body = place_behind_text(body, selection.indentation(), selection);
    }
    return body + ending_of(was, selection);
}

}  // namespace

std::optional<std::string> replacement_of(std::string_view answer, const Selection& selection) {
    if (is_empty_fence(answer)) return std::string{};
    const Content content = content_of(answer, selection);
    if (completion::is_blank(content.text)) return std::nullopt;
    return fit(content.text, selection);
}

std::optional<std::string> replacement_so_far(std::string_view answer, const Selection& selection) {
    const Content content = content_of(answer, selection);
    if (content.open || completion::is_blank(content.text)) return std::nullopt;
    std::string fitted = fit(content.text, selection);
    fitted.resize(fitted.size() - blanks_at_end(fitted).size());
    return fitted;
}

std::string with_line_ends(std::string_view text, std::string_view line_end) {
    if (line_end == "\n") return std::string{text};
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += line_end;
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace dragoman::edit
