#include "tests/bench/completion/oracle/faults.h"

#include "server/completion/text/lines.h"

#include <algorithm>

namespace dragoman::bench {
namespace {

using completion::indentation;
using completion::is_blank;
using completion::split_lines;
using completion::trimmed;

template <std::size_t N>
std::string one_of(const std::array<std::string_view, N>& choices, Dice& dice) {
    return std::string{choices.at(dice.below(N))};
}

std::string fenced(const Span& span, const std::string& text) {
    const std::string name = span.source->language == "shellscript" ? "bash" : span.source->language;
    return "```" + name + "\n" + text + "\n```";
}

std::string chatter(const Span& span, const std::string& hidden, Dice& dice) {
    constexpr std::array<std::string_view, 4> kLeads = {
        "Here is the completed code:\n\n", "Sure! Here's the missing part:\n\n", "The missing code is:\n\n",
        "To complete the code, we need the following:\n\n"};
    constexpr std::array<std::string_view, 4> kTails = {"\n\nThis code completes the part at the cursor.",
                                                        "\n\nExplanation: it follows the style of the file.",
                                                        "\n\nNote that the rest of the file stays as it is.",
                                                        "\n\nLet me know if you need more."};
    const bool bare = dice.below(3) == 0;
    return one_of(kLeads, dice) + (bare ? hidden : fenced(span, hidden)) + one_of(kTails, dice);
}

// The current line is said again, or the one above where that is empty.
std::string with_prefix(const Span& span, const std::string& hidden, Dice& dice) {
    const auto before = split_lines(span.before());
    const std::string current{before.back()};
    if (!is_blank(current))
        return (dice.below(2) == 0 ? current
                                   : std::string{trimmed(current)} + (current.ends_with(' ') ? " " : "")) +
               hidden;
    const auto above = std::find_if_not(before.rbegin() + 1, before.rend(), is_blank);
    if (above == before.rend() || !completion::is_telling(*above)) return {};
    std::string out;
    for (auto line = above; line != before.rbegin(); --line) out.append(*line).append("\n");
    return out + current + hidden;
}

// What follows is said again: the rest of the line, and some lines.
std::string with_suffix(const Span& span, const std::string& hidden, Dice& dice) {
    const auto after = split_lines(span.after(), 40);
    std::string out = hidden + std::string{after.front()};
    if (!is_blank(after.front()) && dice.below(2) == 0) return out;
    std::size_t telling = 1 + dice.below(3);
    for (std::size_t i = 1; i < after.size() && telling > 0; ++i) {
        out.append("\n").append(after[i]);
        if (!is_blank(after[i])) --telling;
    }
    return out == hidden ? std::string{} : out;
}

// As if the cursor stood at the margin; or a single line with its indentation.
std::string without_indentation(const Span& span, const std::string& hidden) {
    const auto before = split_lines(span.before());
    const std::string base{indentation(before.back())};
    if (base.empty()) return {};
    auto lines = split_lines(hidden);
    if (lines.size() == 1) return is_blank(before.back()) ? base + hidden : std::string{};
    std::string out{lines.front()};
    for (auto line = lines.begin() + 1; line != lines.end(); ++line) {
        if (!is_blank(*line) && !line->starts_with(base)) return {};
        out.append("\n").append(is_blank(*line) ? *line : line->substr(base.size()));
    }
    return out;
}

// The file goes on to the end of what the cursor is in, and then with something new.
std::string with_more(const Span& span, const std::string& hidden) {
    const auto after = split_lines(span.after());
    std::string out = hidden + std::string{after.front()};
    const bool at_top = span.kind == SpanKind::function;
    for (std::size_t i = 1; i < after.size() && !at_top; ++i) {
        out.append("\n").append(after[i]);
        if (!is_blank(after[i]) && indentation(after[i]).empty()) break;
    }
    const std::string_view language = span.source->language;
    if (language == "markdown") return out + "\n\nMore of it can be read elsewhere.\n";
    if (language == "yaml") return out + "\nanother_key:\n  enabled: true\n";
    if (language == "python") return out + "\n\n\ndef another_function(value):\n    return value + 1\n";
    if (language == "lua") return out + "\n\nlocal function another(value)\n  return value + 1\nend\n";
    if (language == "shellscript") return out + "\n\nanother_function() {\n    echo \"$1\"\n}\n";
    if (language == "go") return out + "\n\nfunc anotherFunction(value int) int {\n\treturn value + 1\n}\n";
    if (language == "rust") return out + "\n\nfn another_function(value: i32) -> i32 {\n    value + 1\n}\n";
    if (language == "cpp") return out + "\n\nint another_function(int value) {\n    return value + 1;\n}\n";
    if (language == "java") return out + "\n\nclass Another {\n    int value;\n}\n";
    return out + "\n\nfunction anotherFunction(value) {\n  return value + 1;\n}\n";
}

std::string thinking(const std::string& hidden, Dice& dice) {
    constexpr std::array<std::string_view, 2> kThoughts = {
        "Okay, the user wants the code at the cursor.\n\nLet me see:\n\n    foo(bar);\n\nThat fits.\n",
        "We need to fill the hole. The line before it tells what is expected.\n"};
    const bool opened = dice.below(2) == 0;
    return (opened ? "<think>\n" : "") + one_of(kThoughts, dice) + "</think>\n\n" + hidden;
}

std::string with_token(const std::string& hidden, Dice& dice) {
    constexpr std::array<std::string_view, 8> kTokens = {"<|endoftext|>",
                                                         "<|fim_pad|>",
                                                         "<EOT>",
                                                         "</s>",
                                                         "<｜end▁of▁sentence｜>",
                                                         "<|im_end|>\n<|im_start|>user\n",
                                                         "<|file_sep|>src/other.c\nint x;\n",
                                                         "<fim_suffix>"};
    return dice.below(4) == 0 ? "<|fim_middle|>" + hidden : hidden + one_of(kTokens, dice);
}

Answer cut_answer(const std::string& hidden, Dice& dice) {
    std::size_t at = 1 + dice.below(hidden.size() - 1);
    while (at < hidden.size() && (static_cast<unsigned char>(hidden[at]) & 0xC0U) == 0x80U) ++at;
    const std::string said = hidden.substr(0, at);
    const auto whole = said.rfind('\n');
    return {
        .text = said, .expected = whole == std::string::npos ? said : said.substr(0, whole), .cut_off = true};
}

std::string with_crlf(const std::string& hidden) {
    std::string out;
    for (const char c : hidden) out += c == '\n' ? std::string{"\r\n"} : std::string{c};
    return out + "\r\n";
}

}  // namespace

const char* name_of(Fault fault) {
    constexpr std::array<const char*, kFaults.size()> kNames = {"none",
                                                                "fence",
                                                                "chatter",
                                                                "repeated prefix",
                                                                "repeated suffix",
                                                                "lost indentation",
                                                                "more",
                                                                "think",
                                                                "leaked token",
                                                                "cut off",
                                                                "CRLF",
                                                                "trailing blanks"};
    return kNames.at(static_cast<std::size_t>(fault));
}

std::optional<Answer> answer_with(Fault fault, const Span& span, Dice& dice) {
    const std::string hidden{span.hidden()};
    const auto made = [&]() -> std::string {
        switch (fault) {
            case Fault::none: return hidden;
            case Fault::fence: return fenced(span, hidden);
            case Fault::chatter: return chatter(span, hidden, dice);
            case Fault::prefix: return with_prefix(span, hidden, dice);
            case Fault::suffix: return with_suffix(span, hidden, dice);
            case Fault::indentation: return without_indentation(span, hidden);
            case Fault::more: return with_more(span, hidden);
            case Fault::think: return thinking(hidden, dice);
            case Fault::token: return with_token(hidden, dice);
            case Fault::crlf: return with_crlf(hidden);
            case Fault::trailing: return hidden + "   \n\n  \n";
            case Fault::cut: return {};
        }
        return {};
    };
    if (fault == Fault::cut) return cut_answer(hidden, dice);
    const bool prose = span.source->language == "markdown";
    // In prose a fence and talk are content.
    if (prose && (fault == Fault::fence || fault == Fault::chatter)) return std::nullopt;
    if (hidden.find("```") != std::string::npos) return std::nullopt;
    std::string text = made();
    if (text.empty()) return std::nullopt;
    return Answer{.text = std::move(text), .expected = hidden};
}

}  // namespace dragoman::bench
