#include "server/completion/place.h"

#include "server/completion/text/lines.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kPrime = (std::uint64_t{1} << 61) - 1;
constexpr std::uint64_t kBase = 0x1b8a'5e0f'93c7'4d21 % kPrime;
/// Enough to be rare in code, short enough to survive what scrolls out of a window.
constexpr std::size_t kTail = 32;
constexpr std::size_t kMostClosers = 4;
/// Of the indentation in front of a closing bracket that a line break has moved down.
constexpr std::size_t kMostIndentation = 256;
/// Bytes that may be looked at between the cursor and what is to follow it.
constexpr std::size_t kSlack = kMostClosers + 2 + kMostIndentation;

std::uint64_t add(std::uint64_t a, std::uint64_t b) {
    const std::uint64_t sum = a + b;
    return sum >= kPrime ? sum - kPrime : sum;
}

std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
    const Wide product = static_cast<Wide>(a) * b;
    return add(static_cast<std::uint64_t>(product) & kPrime, static_cast<std::uint64_t>(product >> 61));
}

std::uint64_t power(std::uint64_t base, std::size_t exponent) {
    std::uint64_t out = 1;
    for (; exponent != 0; exponent >>= 1) {
        if ((exponent & 1) != 0) out = multiply(out, base);
        base = multiply(base, base);
    }
    return out;
}

/// Of the last bytes added to a hash `now` that was `then` before them; `weight` is the base to the power
/// of their number.
std::uint64_t difference(std::uint64_t now, std::uint64_t then, std::uint64_t weight) {
    return add(now, kPrime - multiply(then, weight));
}

/// Spreads every bit over the whole word (the finaliser of splitmix64).
std::uint64_t stir(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58'476d'1ce4'e5b9;
    value = (value ^ (value >> 27)) * 0x94d0'49bb'1331'11eb;
    return value ^ (value >> 31);
}

std::uint64_t tail_hash(std::uint64_t content, std::uint64_t scope) { return stir(content ^ stir(scope)); }

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }
bool is_closer(char c) { return c == ')' || c == ']' || c == '}' || c == '>' || is_quote(c); }

/// Not what followed an anchor.
constexpr std::size_t kOther = std::string::npos;

/// What closes `c`, or nothing. A quote closes itself.
char closer_of(char c) {
    switch (c) {
        case '(': return ')';
        case '[': return ']';
        case '{': return '}';
        case '<': return '>';
        default: return is_quote(c) ? c : '\0';
    }
}

/// What `typed` left open, by its closers, the innermost first.
std::string left_open(std::string_view typed) {
    std::string open;
    for (const char c : typed) {
        if (is_closer(c) && !open.empty() && open.back() == c) {
            open.pop_back();
        } else if (const char closer = closer_of(c)) {
            open.push_back(closer);
        }
    }
    std::reverse(open.begin(), open.end());
    return open;
}

/// Editors do not close everything that is opened: `some` may leave out of `all`, not add or reorder.
bool is_part_in_order(std::string_view some, std::string_view all) {
    for (const char c : all) {
        if (!some.empty() && some.front() == c) some.remove_prefix(1);
    }
    return some.empty();
}

/// The line break that `text` begins with and the indentation behind it, in bytes.
std::size_t line_break(std::string_view text) {
    const std::size_t bytes = text.starts_with("\r\n") ? 2 : text.starts_with('\n') ? 1 : 0;
    return bytes == 0 ? 0 : std::min(text.find_first_not_of(kBlanks, bytes), text.size());
}

/// How many of `behind`, which stands behind `typed` and is what editors put there, are closers at the
/// cursor; nothing where this typing gave no reason for them.
std::optional<std::size_t> closers_at_cursor(std::string_view behind, std::string_view typed) {
    const std::size_t moved_down = line_break(behind);
    if (moved_down != 0 && typed.find('\n') == std::string_view::npos) return std::nullopt;
    if (!is_part_in_order(behind.substr(moved_down), left_open(typed))) return std::nullopt;
    return moved_down == 0 ? behind.size() : 0;
}

bool is_line_end(std::string_view text, std::size_t at) { return at == text.size() || text[at] == '\n'; }

}  // namespace

Place::Place(const Text& text, std::size_t cursor, std::uint64_t scope, std::size_t before, std::size_t after,
             std::size_t typed)
    : scope_{scope}, before_{before}, after_{after} {
    constexpr auto kBytes = PositionEncoding::utf8;
    cursor = text.offset_of(text.position_of(std::min(cursor, text.size()), kBytes), kBytes);
    begin_ = cursor - std::min(cursor, before + typed);
    const std::size_t end = cursor + std::min(text.size() - cursor, after + kSlack);
    cursor_ = cursor - begin_;
    to_end_ = end == text.size();
    bytes_ = text.slice(begin_, end);

    hashes_.reserve(bytes_.size() + 1);
    hashes_.push_back(0);
    for (const char c : bytes_) {
        hashes_.push_back(add(multiply(hashes_.back(), kBase), static_cast<unsigned char>(c) + 1U));
    }
    const std::size_t tail = std::min(kTail, before);  // nothing that is not seen
    const std::uint64_t weight = power(kBase, tail);
    for (std::size_t back = 0; back <= std::min(typed, cursor_); ++back) {
        const std::size_t at = cursor_ - back;
        const std::uint64_t content =
            at < tail ? hash(0, at) : difference(hashes_[at], hashes_[at - tail], weight);
        tails_.push_back(tail_hash(content, scope_));
    }
}

std::uint64_t Place::hash(std::size_t begin, std::size_t end) const {
    return difference(hashes_[end], hashes_[begin], power(kBase, end - begin));
}

Anchor Place::anchor() const {
    const std::size_t before = std::min(before_, cursor_);
    const std::size_t after = std::min(after_, bytes_.size() - cursor_);
    return {.scope = scope_,
            .before = before,
            .after = after,
            .from_start = begin_ == 0 && before == cursor_,
            .to_end = to_end_ && cursor_ + after == bytes_.size(),
            .before_hash = hash(cursor_ - before, cursor_),
            .after_hash = hash(cursor_, cursor_ + after),
            .tail_hash = tails_.front()};
}

const std::vector<std::uint64_t>& Place::tails() const { return tails_; }

std::optional<Typed> Place::typed_since(const Anchor& anchor) const {
    for (std::size_t back = 0; back < tails_.size(); ++back) {
        if (tails_[back] != anchor.tail_hash) continue;
        if (auto typed = typed_since(anchor, back)) return typed;
    }
    return std::nullopt;
}

std::optional<Typed> Place::typed_since(const Anchor& anchor, std::size_t back) const {
    if (anchor.scope != scope_ || back >= tails_.size()) return std::nullopt;
    const std::size_t at = cursor_ - back;
    if (anchor.before > at || (anchor.from_start && begin_ + at != anchor.before)) return std::nullopt;
    if (at < bytes_.size() && continues_character(bytes_[at])) return std::nullopt;
    if (hash(at - anchor.before, at) != anchor.before_hash) return std::nullopt;
    const std::size_t behind = behind_cursor(anchor);
    if (behind == kOther) return std::nullopt;
    // Only now: this is linear in what was typed.
    Typed typed{.text = normalise_line_ends(std::string_view{bytes_}.substr(at, back)), .back = back};
    if (behind != 0) {
        const auto closers = closers_at_cursor(std::string_view{bytes_}.substr(cursor_, behind), typed.text);
        if (!closers) return std::nullopt;
        typed.closers = *closers;
    }
    return typed;
}

/// What followed the anchor follows `at`.
bool Place::ends_alike(const Anchor& anchor, std::size_t at) const {
    const std::size_t left = bytes_.size() - at;
    if (anchor.after > left || (anchor.to_end && !(to_end_ && anchor.after == left))) return false;
    return hash(at, at + anchor.after) == anchor.after_hash;
}

/// How many bytes stand between the cursor and what followed the anchor; kOther where that does not follow,
/// or where editors would not have put them there: a line break with indentation, then closers.
std::size_t Place::behind_cursor(const Anchor& anchor) const {
    if (ends_alike(anchor, cursor_)) return 0;
    const std::string_view behind = std::string_view{bytes_}.substr(cursor_);
    std::size_t end = line_break(behind);
    if (end > 2 + kMostIndentation) return kOther;
    if (end != 0 && end < behind.size() && is_closer(behind[end]) && ends_alike(anchor, cursor_ + end)) {
        return end;
    }
    for (std::size_t count = 0; count < kMostClosers && end < behind.size() && is_closer(behind[end]);
         ++count) {
        if (ends_alike(anchor, cursor_ + ++end)) return end;
    }
    return kOther;
}

std::uint64_t digest(const std::vector<std::string_view>& parts) {
    std::uint64_t out = 0;
    for (const std::string_view part : parts) {
        std::uint64_t content = part.size();
        for (const char c : part) {
            content = add(multiply(content % kPrime, kBase), static_cast<unsigned char>(c) + 1U);
        }
        out = stir(out + content + 1);
    }
    return out;
}

std::optional<std::string_view> rest_behind(std::string_view typed, std::string_view text) {
    bool line_begins = false;  // not of the first: what stands before it is the same
    // Empty lines before a text that begins with words only move it down.
    if (!text.empty() && !is_line_end(text, indentation(text).size())) {
        for (;;) {
            const std::size_t blanks = indentation(typed).size();
            if (blanks == typed.size() || typed[blanks] != '\n') break;
            typed.remove_prefix(blanks + 1);
            line_begins = true;
        }
    }
    for (;;) {
        if (text.starts_with(typed)) return text.substr(typed.size());
        if (line_begins) {
            const std::size_t blanks = indentation(typed).size(), wanted = indentation(text).size();
            const bool further_left = typed.substr(0, blanks).starts_with(text.substr(0, wanted));
            const bool nothing_there = is_line_end(typed, blanks) && is_line_end(text, wanted);
            if (blanks != wanted || !further_left) {
                if (further_left && !nothing_there) return std::nullopt;
                typed.remove_prefix(blanks);
                text.remove_prefix(wanted);
                if (text.starts_with(typed)) return text.substr(typed.size());
            }
        }
        const std::size_t line = typed.find('\n');
        if (line == std::string_view::npos || text.substr(0, line + 1) != typed.substr(0, line + 1)) {
            return std::nullopt;
        }
        typed.remove_prefix(line + 1);
        text.remove_prefix(line + 1);
        line_begins = true;
    }
}

}  // namespace dragoman::completion
