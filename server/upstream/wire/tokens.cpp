#include "server/upstream/wire/tokens.h"

#include "server/upstream/wire/model_traits.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace dragoman::wire {
namespace {

/// How many bytes one token holds.
struct Family {
    std::string_view names;  // parts of model names, each between blanks; the first row that fits decides
    double words;            // ASCII letters and the blanks between words
    double marks;            // ASCII digits, signs and line breaks: what code has more of than prose
    double cjk;              // Chinese, Japanese, Korean: three bytes a character
    double other;            // every other script, accents, pictures
};

// What vendors say of characters and tokens, turned into bytes. words and marks together give prose (3 %
// marks) and code (20 % marks) the averages in brackets.
//   o200k, cl100k   platform.openai.com/tokenizer, "about 4 characters" (4.2 and 3.3); scripts from the
//   sample
//                   sentences of openai.com/index/hello-gpt-4o: Chinese 34 -> 24 tokens, Russian 66 -> 39
//   Claude          docs.anthropic.com glossary: "approximately 3.5 English characters"
//   Gemini          ai.google.dev/gemini-api/docs/tokens: "about 4 characters"
//   DeepSeek        api-docs.deepseek.com/quick_start/token_usage: 0.3 a letter, 0.6 a Chinese character
//   Qwen            help.aliyun.com/model-studio: 1.5 to 1.8 Chinese characters, 3 to 4 letters a token
//   Llama 3         128 k entries, built on cl100k's splits
//   32 k entries    SentencePiece with byte fallback (Llama 2, Mistral 7B): rare characters are bytes
// The last row is for names that tell nothing: the cautious end of them all.
constexpr std::array kFamilies = {
    Family{"gpt-4o gpt-4.1 gpt-4.5 gpt-5 gpt-6 gpt-oss chatgpt o1 o3 o4 codex", 4.5, 1.7, 3.9, 3.4},
    Family{"gpt-4 gpt-3.5", 4.4, 1.6, 2.8, 2.1},
    Family{"claude", 3.8, 1.5, 2.4, 2.1},
    Family{"gemini gemma", 4.4, 1.6, 4.0, 3.2},
    Family{"deepseek", 3.7, 1.6, 5.0, 2.6},
    Family{"qwen qwq kimi glm minimax yi-", 4.2, 1.5, 4.5, 2.6},
    Family{"codellama llama-2 llama2 mixtral mistral-7b vicuna", 3.8, 1.4, 1.9, 1.7},
    Family{"llama mistral codestral devstral ministral magistral pixtral", 4.3, 1.6, 2.8, 2.4},
    Family{"", 3.8, 1.5, 2.4, 1.9},
};

/// The most a picture costs where it is counted by its area and sent in a size that is not shrunk (Claude
/// 1568, OpenAI's tiles 1445).
constexpr std::size_t kImageTokens = 1'600;

constexpr double kMillion = 1e6;

/// `part` begins a word of `name`: "o3" is in "o3-mini", not in "foo3".
bool names_it(std::string_view name, std::string_view part) {
    for (auto at = name.find(part); at != std::string_view::npos; at = name.find(part, at + 1)) {
        const bool inside = at > 0 && ((name[at - 1] >= 'a' && name[at - 1] <= 'z') ||
                                       (name[at - 1] >= '0' && name[at - 1] <= '9'));
        if (!inside) return true;
    }
    return false;
}

const Family& family_of(std::string_view model) {
    const std::string name = wire::plain_model_name(model);
    const auto fits = [&](const Family& family) {
        std::string_view rest = family.names;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(' '), rest.size());
            if (names_it(name, rest.substr(0, end))) return true;
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return family.names.empty();
    };
    return *std::find_if(kFamilies.begin(), kFamilies.end(), fits);
}

bool is_word(unsigned byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == ' ' || byte == '\t';
}

}  // namespace

TokenCounter::TokenCounter(std::string_view model, double scale) {
    const Family& family = family_of(model);
    const auto cost = [&](double bytes) { return static_cast<std::uint32_t>(kMillion / bytes * scale); };
    for (unsigned byte = 0; byte < 0x80; ++byte)
        cost_.at(byte) = cost(is_word(byte) ? family.words : family.marks);
    // The byte that begins a character pays for all of it.
    for (unsigned byte = 0xC0; byte < 0xE0; ++byte) cost_.at(byte) = cost(family.other / 2);
    for (unsigned byte = 0xE0; byte < 0xF0; ++byte)
        cost_.at(byte) = cost((byte >= 0xE3 && byte <= 0xED ? family.cjk : family.other) / 3);
    for (unsigned byte = 0xF0; byte < 0x100; ++byte) cost_.at(byte) = cost(family.other / 4);
    more_blanks_ = cost(16);  // tokenizers know long indentations
    image_ = static_cast<std::size_t>(std::lround(static_cast<double>(kImageTokens) * std::max(1.0, scale)));
}

std::size_t TokenCounter::count(std::string_view text) const {
    Sum sum;
    add(sum, text);
    return sum.tokens();
}

void TokenCounter::add(Sum& sum, std::string_view piece) const {
    for (const char c : piece) add(sum, c);
}

std::size_t TokenCounter::prefix(std::string_view text, std::size_t tokens) const {
    Sum sum;
    for (std::size_t at = 0; at < text.size(); ++at) {
        add(sum, text[at]);
        if (sum.tokens() > tokens) return at;
    }
    return text.size();
}

}  // namespace dragoman::wire
