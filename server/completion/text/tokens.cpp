// Tokens that belong to a template, not to a file, and the marks of our own prompt.
//
// The table holds what ends or divides a text in the templates of common model families; none is the
// beginning of another.

#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"

#include <algorithm>
#include <array>
#include <optional>

namespace dragoman::completion {
namespace {

constexpr std::array<std::string_view, 67> kTokens = {
    // The end of a text.
    "<|endoftext|>", "<|end_of_text|>", "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>", "<|eos|>",
    "<eos>", "</s>", "<EOT>", "<EOD>", "<end_of_turn>", "<｜end▁of▁sentence｜>", "<[end▁of▁sentence]>",
    "<|return|>", "<|endofprompt|>", "<|end_of_turn|>", "[/INST]",
    // Its begin, and who speaks.
    "<|im_start|>", "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<start_of_turn>",
    "<bos>", "<|start_of_role|>", "<|end_of_role|>", "<｜begin▁of▁sentence｜>", "<[begin▁of▁sentence]>",
    "<|assistant|>", "<|user|>", "<|system|>", "<|observation|>", "[INST]",
    // The parts of a file with a hole.
    "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>", "<fim_prefix>", "<fim_suffix>",
    "<fim_middle>", "<fim_pad>", "<fim-prefix>", "<fim-suffix>", "<fim-middle>", "<fim-pad>",
    "<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", "<[fim-prefix]>", "<[fim-suffix]>",
    "<[fim-middle]>", "<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>",
    // Where another file begins.
    "<|file_sep|>", "<|file_separator|>", "<|repo_name|>", "<file_sep>",
    // Short ones of older models.
    "<PRE>", "<SUF>", "<MID>", "[PREFIX]", "[SUFFIX]", "[MIDDLE]", "<filename>", "<reponame>", "<repo_name>"};

struct Found {
    std::size_t at = std::string_view::npos, length = 0;
};

// In code that is about such tokens.
bool is_quoted(std::string_view text, std::size_t at, std::size_t length) {
    constexpr std::string_view kQuotes = "\"'`";
    return at > 0 && at + length < text.size() && text[at - 1] == text[at + length] &&
           kQuotes.find(text[at - 1]) != std::string_view::npos;
}

class TokenSearch {
public:
    explicit TokenSearch(const View& view) : view_{view} {}

    /// The first token that is none of the file's.
    Found first_in(std::string_view text) {
        for (auto at = text.find_first_of("<["); at != std::string_view::npos;
             at = text.find_first_of("<[", at + 1)) {
            for (std::size_t i = 0; i < kTokens.size(); ++i) {
                const std::string_view token = kTokens.at(i);
                if (at + 1 == text.size() || token[0] != text[at] || token[1] != text[at + 1]) continue;
                if (!text.substr(at).starts_with(token) || is_quoted(text, at, token.size())) continue;
                if (!is_in_file(i)) return {at, token.size()};
            }
        }
        return {};
    }

private:
    bool is_in_file(std::size_t token) {
        auto& known = known_.at(token);
        if (!known) known = view_.holds(kTokens.at(token));
        return *known;
    }

    const View& view_;
    std::array<std::optional<bool>, kTokens.size()> known_{};
};

}  // namespace

Draft cut_at_token(std::string_view text, const View& view) {
    TokenSearch search{view};
    for (;;) {
        const Found first = search.first_in(text);
        if (first.at == std::string_view::npos) return {.text = std::string{text}};
        if (!is_blank(text.substr(0, first.at))) {
            return {.text = std::string{text.substr(0, first.at)}, .ended = true};
        }
        text.remove_prefix(first.at + first.length);
    }
}

Draft drop_marks(std::string_view text, const View& view) {
    constexpr std::array<std::string_view, 3> kMarks = {kCursorMark, "<CURSOR>", "</CURSOR>"};
    constexpr std::array<std::string_view, 2> kHeadings = {"BEFORE:\n", "AFTER:\n"};
    for (const auto heading : kHeadings) {
        if (text.starts_with(heading) && !view.holds(heading)) text.remove_prefix(heading.size());
    }
    if (text.find("CURSOR") == std::string_view::npos || view.holds("CURSOR")) {
        return {.text = std::string{text}};
    }
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
    return {.text = std::move(out)};
}

}  // namespace dragoman::completion
