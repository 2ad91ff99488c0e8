// How many tokens a text is for a model, without its tokenizer.
//
// support/tokens.h counts the words of a few lines for completion's small budgets; a window of a million
// tokens needs less care and more speed: one pass, one table look-up a byte. What usage tells afterwards
// corrects the rest (chat/windows.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dragoman::wire {

class TokenCounter {
public:
    /// A text that comes in pieces; they count as the whole would, however it is cut.
    struct Sum {
        std::uint64_t millionths = 0;
        char last = '\0';
        std::size_t tokens() const { return static_cast<std::size_t>((millionths + 999'999) / 1'000'000); }
    };

    /// `model` as the gateway knows it, with or without a vendor in front; unknown names count cautiously.
    /// `scale`: how many times more tokens this model has turned out to count.
    explicit TokenCounter(std::string_view model, double scale = 1.0);

    std::size_t count(std::string_view text) const;
    void add(Sum& sum, std::string_view piece) const;
    /// How many bytes of the beginning of `text` are at most `tokens`. May end inside a character.
    std::size_t prefix(std::string_view text, std::size_t tokens) const;
    /// Of one picture, whatever its size.
    std::size_t image() const { return image_; }

private:
    void add(Sum& sum, char c) const {
        sum.millionths += c == ' ' && sum.last == ' ' ? more_blanks_ : cost_[static_cast<unsigned char>(c)];
        sum.last = c;
    }

    std::array<std::uint32_t, 256> cost_{};  // millionths of a token, by byte
    std::uint32_t more_blanks_ = 0;          // of a blank that follows a blank
    std::size_t image_ = 0;
};

/// What each message costs besides its text: role and separators of the chat template.
inline constexpr std::size_t kMessageTokens = 4;

}  // namespace dragoman::wire
