#include "server/upstream/wire/context_size.h"

#include "server/upstream/wire/text.h"
#include "server/upstream/wire/usage.h"

#include <algorithm>
#include <array>
#include <string>

namespace dragoman::wire {
namespace {

enum class Side { before, after };

/// Words in lower case, and on which side of them their number stands.
struct Mark {
    std::string_view words;
    Side side = Side::after;
};

// The first row whose words are there with a number beside them decides.
constexpr std::array kLimits = {
    Mark{"maximum context length is"},             // OpenAI, vLLM, DeepSeek, OpenRouter
    Mark{"maximum context length of"},             // SGLang
    Mark{"maximum context length", Side::before},  // Mistral: "too large for model with 32768 maximum ..."
    Mark{"available context size ("},              // llama.cpp
    Mark{"maximum number of tokens allowed ("},    // Gemini
    Mark{"maximum prompt length is"},              // xAI
    Mark{"context length of only"},                // LM Studio
    Mark{"context window of"},
    Mark{"must be <="},  // TGI
    Mark{"while limit is"},
    Mark{"token limit:"},  // Moonshot
    Mark{"exceeds the limit of"},
    Mark{"exceed the configured limit of"},
    Mark{" >"},  // Anthropic: "210000 tokens > 200000 maximum"
};
constexpr std::array kPrompts = {
    Mark{"in the messages", Side::before},      // OpenAI, vLLM: "(4488 in the messages, 512 in ..."
    Mark{"of text input", Side::before},        // OpenRouter
    Mark{"messages resulted in"},               // OpenAI
    Mark{"input tokens", Side::before},         // vLLM: "your request has 5000 input tokens"
    Mark{"`inputs` tokens and", Side::before},  // TGI
    Mark{"request contains"},                   // xAI
    Mark{"prompt contains"},                    // Mistral
    Mark{"input token count ("},                // Gemini
    Mark{"request ("},                          // llama.cpp
    Mark{"current length is"},
    Mark{"prompt is too long:"},  // Anthropic
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_part(char c) { return is_digit(c) || c == ',' || c == '_'; }  // 131,072

constexpr std::int64_t kLeast = 16;  // less is no window

std::optional<std::int64_t> value_of(std::string_view digits) {
    std::int64_t value = 0;
    for (const char c : digits) {
        if (is_digit(c)) value = value * 10 + (c - '0');
        if (value > kMostTokens) return std::nullopt;
    }
    return value < kLeast ? std::nullopt : std::optional{value};
}

/// The number that begins `text`, behind at most a few signs that are no letters.
std::optional<std::int64_t> number_after(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && at < 3 && (text[at] == ' ' || text[at] == ':' || text[at] == '(')) ++at;
    std::size_t end = at;
    while (end < text.size() && is_part(text[end])) ++end;
    return value_of(text.substr(at, end - at));
}

std::optional<std::int64_t> number_before(std::string_view text) {
    std::size_t end = text.size();
    while (end > 0 && text[end - 1] == ' ') --end;
    for (const std::string_view unit : {"tokens", "token"}) {  // "5000 tokens of text input"
        if (!text.substr(0, end).ends_with(unit)) continue;
        end -= unit.size();
        while (end > 0 && text[end - 1] == ' ') --end;
        break;
    }
    std::size_t at = end;
    while (at > 0 && is_part(text[at - 1])) --at;
    return value_of(text.substr(at, end - at));
}

template <class Marks>
std::optional<std::int64_t> first_of(const Marks& marks, std::string_view text) {
    for (const Mark& mark : marks) {
        for (auto at = text.find(mark.words); at != std::string_view::npos;
             at = text.find(mark.words, at + 1)) {
            const auto number = mark.side == Side::after ? number_after(text.substr(at + mark.words.size()))
                                                         : number_before(text.substr(0, at));
            if (number) return number;
        }
    }
    return std::nullopt;
}

}  // namespace

ContextSize read_context_size(std::string_view message) {
    const std::string text = lower_ascii(message);
    return {.limit = first_of(kLimits, text), .prompt = first_of(kPrompts, text)};
}

}  // namespace dragoman::wire
