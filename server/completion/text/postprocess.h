// From what a model answered to what may stand at the cursor.
//
// Chat models wrap, explain, repeat what is there and lose indentation. Each step (steps.h) is a pure
// function that leaves a good answer as it is; the functions here run them in order and note what each
// changed. Where the file itself holds what a step looks for (a "<think>" in a parser of such), the step
// stands back. All are linear in the answer: what they compare it with is bounded by the window.
#pragma once

#include "server/completion/text/extent.h"
#include "server/completion/text/view.h"

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

struct CleanStep {
    std::string step;     // "fence", "chatter", "suffix", ...
    std::string removed;  // how much, for a person: "13 bytes"
};

struct Cleaned {
    std::string text;  // \n line ends; empty: nothing to suggest
    std::vector<CleanStep> steps;
    bool ended = false;  // whatever the answer goes on with is no part of it
};

/// All of the answer that may stand at the cursor, however long: what is worth keeping. `answer` is all the
/// model said (reasoning already apart), with any line ends.
Cleaned clean(std::string_view answer, const View& view);

/// What of the answer is shown: as clean(), but only as far as `extent` wants. `cut_off`: a limit of time or
/// length ended the answer, so that its last line may be half of one; it goes where there are others.
Cleaned present(std::string_view answer, const View& view, Extent extent, bool cut_off = false);

struct Part {
    Cleaned cleaned;
    bool certain = false;  // more of the text would not change it
};
/// The same of a text that clean() made and whose beginning was typed since: `window` is where it goes on
/// now.
Part present_rest(std::string_view rest, const View& view, Extent extent, bool cut_off = false);

/// True when nothing that may still come could change what present() makes of the answer, cut off or not:
/// whoever waits for it can be answered. `answer` is the beginning; it can only become true with a line end.
bool is_enough(std::string_view answer, const View& view, Extent extent);

}  // namespace dragoman::completion
