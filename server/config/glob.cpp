#include "server/config/glob.h"

#include "server/config/spelling.h"

#include <algorithm>

namespace dragoman::config {

// Writes the steps of one pattern. Alternatives nest at most 16 deep; deeper braces are plain text.
class GlobCompiler {
public:
    GlobCompiler(std::u32string pattern, std::vector<Glob::Step>& steps)
        : pattern_{std::move(pattern)}, steps_{steps} {
        sequence(0);
        emit(Kind::end);
    }

private:
    using Kind = Glob::Step::Kind;

    std::size_t emit(Kind kind, char32_t c = 0) {
        Glob::Step step;
        step.kind = kind;
        step.character = c;
        step.next = steps_.size() + 1;
        steps_.push_back(std::move(step));
        return steps_.size() - 1;
    }
    void literal() { emit(Kind::character, pattern_[at_++]); }

    void sequence(int depth) {
        while (at_ < pattern_.size()) {
            const char32_t c = pattern_[at_];
            if (depth > 0 && (c == U',' || c == U'}')) return;
            if (c == U'*') {
                stars();
            } else if (c == U'?') {
                emit(Kind::any_in_folder);
                ++at_;
            } else if (c == U'[') {
                set();
            } else if (c == U'{' && depth < 16 && closes(at_)) {
                alternatives(depth);
            } else {
                if (c == U'\\' && at_ + 1 < pattern_.size()) ++at_;
                literal();
            }
        }
    }

    // The steps that repeat `kind` any number of times.
    void repeat(Kind kind) {
        const std::size_t split = emit(Kind::split);
        emit(kind);
        steps_[emit(Kind::jump)].next = split;
        steps_[split].other = steps_.size();
    }

    void stars() {
        const bool begins_folder =
            at_ == 0 || pattern_[at_ - 1] == U'/' || pattern_[at_ - 1] == U'{' || pattern_[at_ - 1] == U',';
        std::size_t count = 0;
        for (; at_ < pattern_.size() && pattern_[at_] == U'*'; ++at_) ++count;
        if (count == 1) return repeat(Kind::any_in_folder);
        if (!begins_folder || at_ == pattern_.size() || pattern_[at_] != U'/') return repeat(Kind::any);
        const std::size_t none = emit(Kind::split);
        repeat(Kind::any);
        literal();  // the '/'
        steps_[none].other = steps_.size();
    }

    void set() {
        std::size_t at = at_ + 1;
        Glob::Step step;
        step.kind = Kind::set;
        if (at < pattern_.size() && (pattern_[at] == U'!' || pattern_[at] == U'^')) {
            step.negated = true;
            ++at;
        }
        const std::size_t first = at;
        for (; at < pattern_.size() && (pattern_[at] != U']' || at == first); ++at) {
            const char32_t low = pattern_[at];
            const bool range =
                at + 2 < pattern_.size() && pattern_[at + 1] == U'-' && pattern_[at + 2] != U']';
            if (range) at += 2;
            step.ranges.emplace_back(low, pattern_[at]);
        }
        if (at >= pattern_.size()) return literal();
        at_ = at + 1;
        step.next = steps_.size() + 1;
        steps_.push_back(std::move(step));
    }

    // Whether the brace at `at` has its partner.
    bool closes(std::size_t at) const {
        int depth = 0;
        for (; at < pattern_.size(); ++at) {
            if (pattern_[at] == U'\\') {
                ++at;
            } else if (pattern_[at] == U'{') {
                ++depth;
            } else if (pattern_[at] == U'}' && --depth == 0) {
                return true;
            }
        }
        return false;
    }

    void alternatives(int depth) {
        std::vector<std::size_t> ends;
        for (;;) {
            ++at_;  // the '{' or ','
            const std::size_t split = emit(Kind::split);
            sequence(depth + 1);
            ends.push_back(emit(Kind::jump));
            steps_[split].other = steps_.size();
            if (at_ >= pattern_.size() || pattern_[at_] != U',') break;
        }
        if (at_ < pattern_.size()) ++at_;  // the '}'
        // The last split's other way leads nowhere: one of the alternatives must match.
        emit(Kind::set);
        for (const std::size_t end : ends) steps_[end].next = steps_.size();
    }

    std::u32string pattern_;
    std::vector<Glob::Step>& steps_;
    std::size_t at_ = 0;
};

bool Glob::Step::accepts(char32_t c) const {
    switch (kind) {
        case Kind::character: return c == character;
        case Kind::any: return true;
        case Kind::any_in_folder: return c != U'/';
        case Kind::set: {
            if (c == U'/') return false;
            const auto holds = [c](const auto& range) { return range.first <= c && c <= range.second; };
            return std::any_of(ranges.begin(), ranges.end(), holds) != negated;
        }
        default: return false;
    }
}

Glob::Glob(std::string_view pattern) : Glob{code_points(pattern)} {}

Glob::Glob(std::u32string text) {
    if (text.ends_with(U'/')) text += U"**";
    GlobCompiler{std::move(text), steps_};
}

// Marks `step` and all that is reached from it without reading a character.
void Glob::follow(std::size_t step, std::vector<char>& active, std::vector<std::size_t>& todo) const {
    todo.assign(1, step);
    while (!todo.empty()) {
        const std::size_t at = todo.back();
        todo.pop_back();
        if (active[at] != 0) continue;
        active[at] = 1;
        const Step& now = steps_[at];
        if (now.kind == Step::Kind::split || now.kind == Step::Kind::jump) todo.push_back(now.next);
        if (now.kind == Step::Kind::split) todo.push_back(now.other);
    }
}

bool Glob::matches(std::string_view text) const { return matches(code_points(text)); }

bool Glob::matches(std::u32string_view text) const { return holds(text, text.size()); }

bool Glob::holds(std::u32string_view text, std::size_t from) const {
    std::vector<char> active(steps_.size()), then(steps_.size());
    std::vector<std::size_t> todo;
    follow(0, active, todo);
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char32_t c = text[at];
        if (c == U'/' && at >= from && active.back() != 0) return true;
        std::fill(then.begin(), then.end(), 0);
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            if (active[i] != 0 && steps_[i].accepts(c)) follow(steps_[i].next, then, todo);
        }
        std::swap(active, then);
    }
    return active.back() != 0;
}

}  // namespace dragoman::config
