#include "server/upstream/wire/think.h"

#include <algorithm>
#include <utility>

namespace dragoman::wire {
namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::size_t kMaxBlanks = 256;  // more than this before the first word is text

}  // namespace

std::size_t partial_suffix(std::string_view text, std::string_view word) {
    for (std::size_t n = std::min(text.size(), word.size() - 1); n > 0; --n) {
        if (text.ends_with(word.substr(0, n))) return n;
    }
    return 0;
}

bool ThinkSplitter::skip_line_ends(std::string_view& rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of("\r\n"), rest.size()));
    return !rest.empty();
}

bool ThinkSplitter::pass_opening(std::string_view& rest) {
    const std::size_t blanks = std::min(rest.find_first_not_of(kBlanks), rest.size());
    const std::string_view word = rest.substr(blanks);
    if (blanks <= kMaxBlanks) {
        if (word.starts_with(kOpen)) {
            rest = word.substr(kOpen.size());
            state_ = State::block_start;
            return true;
        }
        if (kOpen.starts_with(word)) return false;
    }
    state_ = opened_by_prompt_ ? State::block : State::text;
    return true;
}

bool ThinkSplitter::pass_block(std::string_view& rest, std::string& reasoning) {
    const std::size_t close = rest.find(kClose);
    if (close == rest.npos) {
        const std::size_t keep = partial_suffix(rest, kClose);
        reasoning.append(rest.substr(0, rest.size() - keep));
        rest = rest.substr(rest.size() - keep);
        return false;
    }
    reasoning.append(rest.substr(0, close));
    rest.remove_prefix(close + kClose.size());
    state_ = State::block_end;
    return true;
}

ThinkSplitter::Split ThinkSplitter::feed(std::string_view piece) {
    const std::string all = std::exchange(held_, {}).append(piece);
    std::string_view rest = all;
    Split split;
    while (state_ != State::text) {
        bool settled = false;
        switch (state_) {
            case State::opening: settled = pass_opening(rest); break;
            case State::block_start:
                settled = skip_line_ends(rest);
                if (settled) state_ = State::block;
                break;
            case State::block: settled = pass_block(rest, split.reasoning); break;
            case State::block_end:
                settled = skip_line_ends(rest);
                if (settled) state_ = State::text;
                break;
            case State::text: break;
        }
        if (!settled) {
            held_ = rest;
            return split;
        }
    }
    split.text = rest;
    return split;
}

ThinkSplitter::Split ThinkSplitter::finish() {
    Split split;
    const bool reasoning = state_ == State::block || (state_ == State::opening && opened_by_prompt_);
    (reasoning ? split.reasoning : split.text) = std::exchange(held_, {});
    return split;
}

}  // namespace dragoman::wire
