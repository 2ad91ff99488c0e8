// A model in a loop: the same lines over and over.

#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

constexpr std::size_t kLongestLoop = 12;  // lines
constexpr std::size_t kTimes = 3;

bool has_name(std::string_view line) {
    constexpr int kShortestName = 3;
    int letters = 0;
    return std::any_of(line.begin(), line.end(), [&](char c) {
        letters += is_word(c) && (c < '0' || c > '9') ? 1 : 0;
        return letters == kShortestName;
    });
}

class Loops {
public:
    explicit Loops(const std::vector<std::string_view>& lines) : lines_{lines}, next_name_(lines.size()) {
        std::size_t next = lines.size();
        for (std::size_t i = lines.size(); i-- > 0;) next_name_[i] = next = has_name(lines[i]) ? i : next;
    }

    /// Lines `begin` to `begin + length`, as often as it takes.
    bool at(std::size_t begin, std::size_t length) const {
        if (begin + kTimes * length > lines_.size()) return false;
        if (next_name_[begin] >= begin + length) return false;
        // The last time may be under way.
        for (std::size_t i = begin; i + length < begin + kTimes * length; ++i) {
            const bool under_way = i + length + 1 == lines_.size();
            if (!(lines_[i] == lines_[i + length] ||
                  (under_way && lines_[i].starts_with(lines_[i + length]))))
                return false;
        }
        return true;
    }

private:
    const std::vector<std::string_view>& lines_;
    std::vector<std::size_t> next_name_;  // of each line: the nearest from it on that has a name
};

bool file_loops(const View& view) {
    for (const auto* const side : {&view.lines_before(), &view.lines_after()}) {
        const auto& lines = *side;
        for (std::size_t i = 2; i < lines.size(); ++i) {
            if (lines[i] == lines[i - 1] && lines[i] == lines[i - 2] && has_name(lines[i])) return true;
        }
    }
    return false;
}

}  // namespace

std::string drop_repetition(std::string_view text, const View& view) {
    const auto lines = split_lines(text);
    const Loops loops{lines};
    for (std::size_t i = 1; i < lines.size(); ++i) {
        for (std::size_t length = 1; length <= std::min(i, kLongestLoop); ++length) {
            // Line i is where the second time begins.
            if (lines[i] != lines[i - length] || !loops.at(i - length, length)) continue;
            if (file_loops(view)) return std::string{text};
            return std::string{text.substr(0, static_cast<std::size_t>(lines[i].data() - text.data()))};
        }
    }
    return std::string{text};
}

}  // namespace dragoman::completion
