#include "server/completion/postprocess.h"

#include "server/completion/lines.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

constexpr std::string_view kFence = "```";

std::string amount(std::size_t before, std::size_t after) {
    const std::size_t bytes = before > after ? before - after : after - before;
    return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

// A model that begins with lines of the file is on its way to the cursor.
bool repeats_a_line_before(std::string_view answer, const Window& window) {
    const auto first = split_lines(trimmed(answer), 1).front();
    auto before = split_lines(window.prefix);
    before.pop_back();
    return std::any_of(before.begin(), before.end(), [&](auto line) { return same_line(line, first); });
}

}  // namespace

Cleaned clean(std::string_view answer, const Window& window, const CleanOptions& options) {
    Cleaned result{.text = normalise_line_ends(answer), .steps = {}};
    std::string& text = result.text;
    const auto take = [&](const char* name, std::string next) {
        if (next == text) return;
        result.steps.push_back({name, amount(text.size(), next.size())});
        text = std::move(next);
    };
    take("think", drop_thinking(text, window));
    take("marks", drop_marks(text, window));
    take("fence", unwrap_fence(text, window));
    take("chatter", drop_chatter(text, window));
    take("prefix", drop_repeated_prefix(text, window));
    take("indentation", fit_indentation(text, window));
    if (options.single_line) take("single line", first_line(text, window));
    if (options.cut_off) take("half line", drop_half_line(text));
    result.met_suffix = find_following_line(text, window) != std::string::npos;
    take("suffix", drop_repeated_suffix(text, window));
    take("trailing blanks", trim_end(text, window));
    return result;
}

bool is_enough(std::string_view answer, const Window& window, bool single_line) {
    const auto last_break = answer.rfind('\n');
    if (last_break == std::string_view::npos || is_blank(answer.substr(0, last_break))) return false;
    const std::string_view whole_lines = answer.substr(0, last_break);
    const Cleaned cleaned = clean(whole_lines, window, {.single_line = single_line});
    if (cleaned.text.empty()) return false;
    if (!single_line || whole_lines.find(kFence) != std::string_view::npos) return cleaned.met_suffix;
    const bool past_repetition = std::any_of(cleaned.steps.begin(), cleaned.steps.end(),
                                             [](const auto& step) { return step.step == "prefix"; });
    return past_repetition || !repeats_a_line_before(whole_lines, window);
}

bool wants_single_line(const Window& window) {
    return window.line_after().find_first_not_of(" \t)]}>;:,'\"`") != std::string::npos;
}

}  // namespace dragoman::completion
