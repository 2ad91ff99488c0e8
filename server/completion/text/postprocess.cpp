#include "server/completion/text/postprocess.h"

#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"

#include <array>

namespace dragoman::completion {
namespace {

std::string amount(std::size_t before, std::size_t after) {
    const std::size_t bytes = before > after ? before - after : after - before;
    if (bytes == 0) return "changed";
    return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
}

struct Reading {
    const char* name;
    Draft (*step)(std::string_view, const View&);
};
constexpr std::array kReadings = {
    Reading{"think", drop_thinking},
    Reading{"token", cut_at_token},
    Reading{"marks", drop_marks},
    Reading{"chatter", drop_preamble},
    Reading{"fence", unwrap_fence},
    Reading{"chatter", drop_afterword},
    Reading{"prefix", drop_repeated_prefix},
    Reading{"indentation", convert_indentation},
    Reading{"indentation", fit_indentation},
    Reading{"suffix", stop_at_following_line},
};

struct Finish {
    const char* name;
    std::string (*step)(std::string_view, const View&);
};
constexpr std::array kFinishes = {
    Finish{"repetition", drop_repetition},  Finish{"secret", drop_secrets},
    Finish{"suffix", drop_repeated_suffix}, Finish{"suffix", drop_surplus_closers},
    Finish{"trailing blanks", trim_end},
};

void take(std::string next, const char* name, Cleaned& cleaned) {
    if (next == cleaned.text) return;
    cleaned.steps.push_back({name, amount(cleaned.text.size(), next.size())});
    cleaned.text = std::move(next);
}

// The answer without what stands around it, all of it.
struct Content {
    Cleaned cleaned;
    bool open = false, ended = false;  // see Draft
};

Content read(std::string_view answer, const View& view) {
    Content content;
    content.cleaned.text = normalise_line_ends(answer);
    for (const Reading& reading : kReadings) {
        Draft draft = reading.step(content.cleaned.text, view);
        content.open |= draft.open && !content.ended;
        content.ended |= draft.ended;
        take(std::move(draft.text), reading.name, content.cleaned);
    }
    return content;
}

Cleaned finish(Cleaned cleaned, const View& view) {
    for (const Finish& one : kFinishes) take(one.step(cleaned.text, view), one.name, cleaned);
    return cleaned;
}

Part cut(Cleaned cleaned, const View& view, Extent extent, bool cut_off) {
    End end = find_end(cleaned.text, view, extent);
    if (cut_off && !end.certain) {
        take(drop_half_line(cleaned.text), "half line", cleaned);
        end = find_end(cleaned.text, view, extent);
    }
    take(cleaned.text.substr(0, end.at), "extent", cleaned);
    return {finish(std::move(cleaned), view), end.certain};
}

}  // namespace

std::string drop_half_line(std::string_view text) {
    const auto last_break = text.rfind('\n');
    const bool only_line = last_break == std::string_view::npos || is_blank(text.substr(0, last_break));
    return std::string{only_line ? text : text.substr(0, last_break)};
}

Cleaned clean(std::string_view answer, const View& view) {
    Content content = read(answer, view);
    content.cleaned.ended = content.ended;
    return finish(std::move(content.cleaned), view);
}

Cleaned present(std::string_view answer, const View& view, Extent extent, bool cut_off) {
    Content content = read(answer, view);
    return cut(std::move(content.cleaned), view, extent, cut_off && !content.ended).cleaned;
}

Part present_rest(std::string_view rest, const View& view, Extent extent, bool cut_off) {
    return cut({.text = std::string{rest}, .steps = {}}, view, extent, cut_off);
}

bool is_enough(std::string_view answer, const View& view, Extent extent) {
    const auto last_break = answer.find_last_of("\n\r");
    if (last_break == std::string_view::npos) return false;
    const Content content = read(answer.substr(0, last_break + 1), view);
    if (content.open) return false;
    return content.ended || find_end(content.cleaned.text, view, extent).certain;
}

}  // namespace dragoman::completion
