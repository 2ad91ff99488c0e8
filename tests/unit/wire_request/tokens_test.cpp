// How many tokens a text is taken for, and what cutting by tokens keeps.
#include "server/upstream/wire/tokens.h"

#include "protocol/base/utf.h"

#include <catch2/catch_all.hpp>

#include <string>

using namespace dragoman;
using wire::TokenCounter;

namespace {

// The sample sentences of openai.com/index/hello-gpt-4o, with the counts it gives for GPT-4o and GPT-4.
struct Sample {
    const char* text;
    double gpt_4o, gpt_4;
};
constexpr Sample kSamples[] = {
    {"Hello, my name is GPT-4o. I'm a new type of language model, it's nice to meet you!", 24, 27},
    {"Hallo, mein Name is GPT-4o. Ich bin ein neues KI-Sprachmodell. Es ist schön, dich kennenzulernen.", 29,
     34},
    {"Привет, меня зовут GPT-4o. Я — новая языковая модель, приятно познакомиться!", 39, 66},
    {"你好，我的名字是GPT-4o。我是一种新型的语言模型，很高兴见到你!", 24, 34},
    {"こんにちわ、私の名前はGPT−4oです。私は新しいタイプの言語モデルです、初めまして", 26, 37},
    {"안녕하세요, 제 이름은 GPT-4o입니다. 저는 새로운 유형의 언어 모델입니다, 만나서 반갑습니다!", 27, 45},
};

const std::string kCode =
    "for (std::size_t i = 0; i < rows.size(); ++i) {\n"
    "        if (rows[i].key == key) return rows[i].value;\n"
    "        count += rows[i].value * 2;\n"
    "}\n";

}  // namespace

TEST_CASE("estimates are within half of what the vendor counted, in every script") {
    for (const Sample& sample : kSamples) {
        CAPTURE(sample.text);
        const auto newer = static_cast<double>(TokenCounter{"gpt-4o"}.count(sample.text));
        const auto older = static_cast<double>(TokenCounter{"gpt-4-turbo"}.count(sample.text));
        CHECK(newer > sample.gpt_4o * 0.66);
        CHECK(newer < sample.gpt_4o * 1.5);
        CHECK(older > sample.gpt_4 * 0.66);
        CHECK(older < sample.gpt_4 * 1.5);
    }
}

TEST_CASE("code costs more a byte than prose, and deep indentation little") {
    const TokenCounter counter{"gpt-4o"};
    const std::string prose =
        "The captain drank his coffee and looked at the clouds in the west for a while. ";
    const auto bytes_a_token = [&](const std::string& text) {
        return static_cast<double>(text.size() * 100) / static_cast<double>(counter.count([&] {
                   std::string many;
                   for (int i = 0; i < 100; ++i) many += text;
                   return many;
               }()));
    };
    CHECK(bytes_a_token(prose) > 3.8);
    CHECK(bytes_a_token(prose) < 4.6);
    CHECK(bytes_a_token(kCode) > 2.6);
    CHECK(bytes_a_token(kCode) < 3.8);
    CHECK(counter.count(std::string(160, ' ')) < 15);
}

TEST_CASE("a family is told by the model's name, wherever it comes from") {
    const std::string chinese = "今天天气很好，我们去公园散步吧。";
    const auto count = [&](const char* model) { return TokenCounter{model}.count(chinese); };
    CHECK(count("openai/gpt-4o") == count("gpt-5.1-codex"));
    CHECK(count("deepseek-v4-flash") < count("claude-sonnet-4.5"));
    CHECK(count("Qwen/Qwen3-Coder-30B") < count("codellama:13b"));
    CHECK(count("gpt-4") > count("gpt-4o"));
    CHECK(count("foo3") == count("some-model"));  // "o3" is a part of a word here
    CHECK(count("some-model") >= count("gpt-4o"));
}

TEST_CASE("a correction scales every count") {
    const TokenCounter plain{"m"}, doubled{"m", 2.0};
    CHECK(doubled.count(kCode) >= plain.count(kCode) * 2 - 2);
    CHECK(doubled.count(kCode) <= plain.count(kCode) * 2 + 2);
    CHECK(doubled.image() == plain.image() * 2);
}

TEST_CASE("a text that comes in pieces counts as the whole, however it is cut") {
    const TokenCounter counter{"claude-opus"};
    const std::string text = kCode + "äöü    今天天气很好 🐉🐉\n" + kCode;
    for (std::size_t length = 1; length <= text.size(); length += 3) {
        TokenCounter::Sum sum;
        for (std::size_t at = 0; at < text.size(); at += length)
            counter.add(sum, std::string_view{text}.substr(at, length));
        CHECK(sum.tokens() == counter.count(text));
    }
    CHECK(TokenCounter::Sum{}.tokens() == 0);
}

TEST_CASE("the prefix of so many tokens is the longest one that has no more") {
    const TokenCounter counter{"claude-opus"};
    const std::string text = kCode + "äöü 今天天气很好 🐉🐉\n" + kCode;
    const std::size_t whole = counter.count(text);
    for (std::size_t tokens = 0; tokens <= whole + 1; ++tokens) {
        const std::size_t bytes = counter.prefix(text, tokens);
        CHECK(counter.count(std::string_view{text}.substr(0, bytes)) <= tokens);
        if (bytes < text.size()) CHECK(counter.count(std::string_view{text}.substr(0, bytes + 1)) > tokens);
        CHECK((bytes == text.size()) == (tokens >= whole));
    }
    CHECK(counter.count("") == 0);
    CHECK(counter.prefix(text, SIZE_MAX) == text.size());
}
