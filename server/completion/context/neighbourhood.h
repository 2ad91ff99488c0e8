// The words around a cursor and what they weigh.
//
// Pure. The nearer the more, and the heads of the blocks that the cursor stands in almost as much as its own
// line: the name and the parameters of the function that is being written say most of what it will use.
#pragma once

#include "server/completion/context/outlined.h"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace dragoman::completion {

class Neighbourhood {
public:
    /// What stands before and behind the cursor.
    Neighbourhood(std::string_view before, std::string_view after);

    using Weights = std::unordered_map<Word, float>;  // 0 to 1
    const Weights& words() const { return words_; }
    /// The same of the parts that names are made of.
    const Weights& parts() const { return parts_; }
    /// Whether a word stands anywhere in the texts.
    bool shows(Word word) const { return shown_.count(word) != 0; }
    /// What else the model sees.
    void show(std::string_view text);

private:
    void lines_before(std::string_view before);
    void take(std::string_view line, float weight);

    Weights words_, parts_;
    std::unordered_set<Word> shown_;
};

}  // namespace dragoman::completion
