// Splits text that opens with a <think> block into reasoning and answer, while it arrives in pieces.
//
// Models served raw write their thinking into the content. The block counts only as the first thing that
// is not blank: a later "<think>" is text about tags. At most a partial tag, or the blanks before
// the first word, are held back.
#pragma once

#include <string>
#include <string_view>

namespace dragoman::wire {

class ThinkSplitter {
public:
    /// `open`: the model's template has opened the block in the prompt, only "</think>" will come.
    explicit ThinkSplitter(bool open = false) : opened_by_prompt_{open} {}

    /// What a piece settled; the reasoning comes before the text.
    struct Split {
        std::string reasoning{}, text{};
    };
    Split feed(std::string_view piece);
    /// What was held back, when no more comes.
    Split finish();

    /// Reasoning came in a field of its own, so the gateway has split the text already.
    void reasoning_is_separate() { opened_by_prompt_ = false; }
    /// Nothing but text can come: pieces need not pass through here.
    bool only_text() const { return state_ == State::text; }

private:
    enum class State { opening, block_start, block, block_end, text };

    /// Each returns false when `rest` does not settle the question; `rest` is then what to hold.
    bool pass_opening(std::string_view& rest);
    bool pass_block(std::string_view& rest, std::string& reasoning);
    static bool skip_line_ends(std::string_view& rest);

    State state_ = State::opening;
    bool opened_by_prompt_;
    std::string held_;
};

/// The length of the longest end of `text` that `word` could go on from; less than the whole word.
std::size_t partial_suffix(std::string_view text, std::string_view word);

}  // namespace dragoman::wire
