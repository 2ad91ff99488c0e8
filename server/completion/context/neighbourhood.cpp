#include "server/completion/context/neighbourhood.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

constexpr std::size_t kLinesBefore = 60, kLinesAfter = 30, kLinesOfBlock = 400;
constexpr float kEnclosing = 0.8F, kLeastBefore = 0.3F, kAfter = 0.7F, kAfterFades = 0.4F;

void raise(Neighbourhood::Weights& weights, Word word, float weight) {
    float& known = weights[word];
    known = std::max(known, weight);
}

}  // namespace

Neighbourhood::Neighbourhood(std::string_view before, std::string_view after) {
    words_.reserve(1024);
    parts_.reserve(1024);
    shown_.reserve(2048);
    lines_before(before);
    float weight = kAfter;
    std::size_t count = 0;
    for (std::size_t at = 0; at < after.size(); ++count) {
        const std::size_t newline = std::min(after.find('\n', at), after.size());
        if (count == kLinesAfter) {
            show(after.substr(at));
            break;
        }
        take(after.substr(at, newline - at), weight);
        weight -= kAfterFades / kLinesAfter;
        at = newline + 1;
    }
}

// The last lines; further up only those that the cursor stands within: the head of its function or class.
void Neighbourhood::lines_before(std::string_view before) {
    std::size_t border = std::string_view::npos;
    for (std::size_t count = 0; count < kLinesOfBlock; ++count) {
        const auto newline = before.rfind('\n');
        const auto line = newline == std::string_view::npos ? before : before.substr(newline + 1);
        const bool blank = is_blank(line) && count > 0;
        const std::size_t indent = indentation(line).size();
        const bool encloses = !blank && indent < border;
        if (count < kLinesBefore || encloses) {
            const float by_distance =
                std::max(1.0F - 0.7F * static_cast<float>(count) / kLinesBefore, kLeastBefore);
            take(line, encloses && count > 0 ? std::max(by_distance, kEnclosing) : by_distance);
        } else {
            show(line);
        }
        if (encloses) border = indent;
        if (newline == std::string_view::npos) return;
        before = before.substr(0, newline);
        if (border == 0 && count >= kLinesBefore) break;
    }
    show(before);
}

void Neighbourhood::take(std::string_view line, float weight) {
    each_word(line, [&](std::string_view text) {
        const Word word = word_of(text);
        shown_.insert(word);
        raise(words_, word, weight);
        each_part(text, [&](std::string_view part) { raise(parts_, word_of(part), weight); });
    });
}

void Neighbourhood::show(std::string_view text) {
    each_word(text, [&](std::string_view word) { shown_.insert(word_of(word)); });
}

}  // namespace dragoman::completion
