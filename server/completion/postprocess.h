// From what a model answered to what may stand at the cursor.
//
// Chat models wrap, explain, repeat what is there and lose indentation. Each step is a pure function from
// text to text that leaves a good answer as it is; clean() runs them in order and notes what each changed.
// Where the file itself holds what a step looks for (a "<think>" in a parser of such), the step stands back.
// All are linear in the answer: what they compare it with is bounded by the window.
#pragma once

#include "server/completion/context.h"

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

struct CleanStep {
    std::string step;     // "fence", "chatter", "suffix", ...
    std::string removed;  // how much, for a person: "13 bytes"
};

struct Cleaned {
    std::string text;  // empty: nothing to suggest
    std::vector<CleanStep> steps;
    bool met_suffix = false;  // the answer ran into the line that follows the cursor's and was cut there
};

struct CleanOptions {
    bool single_line = false;
    bool cut_off = false;  // by a limit of time or length: the last line may be half of one
};

/// `answer` is all the model said (reasoning already apart), with any line ends.
Cleaned clean(std::string_view answer, const Window& window, const CleanOptions& options = {});

/// True when nothing that may still come could change what clean() makes of the answer: the one line that
/// is wanted is there, or the answer has run into the text behind the cursor. `answer` is the beginning.
bool is_enough(std::string_view answer, const Window& window, bool single_line);

/// True when something else than blanks, closers and separators follows the cursor on its line, so that
/// only the rest of this line can be meant.
bool wants_single_line(const Window& window);

// The steps, in the order clean() runs them. First what the model put around its answer (wrapping.cpp);
// `window` tells what the file itself holds.
/// Blocks of thinking; the text up to a closing tag that was never opened; all behind one never closed.
std::string drop_thinking(std::string_view text, const Window& window);
/// Cursor marks and headings of the prompt that the answer repeats.
std::string drop_marks(std::string_view text, const Window& window);
/// The content of a Markdown fence around the answer, with or without words before and after it, or of
/// backticks around all of it. In Markdown only of a fence that says it holds Markdown.
std::string unwrap_fence(std::string_view text, const Window& window);
/// A first line that announces the answer, a last paragraph that explains it; all of a mere apology.
std::string drop_chatter(std::string_view text, const Window& window);

// Then what stands before the cursor already (joining.cpp).
/// The beginning of the answer that repeats the end of the prefix: whole lines, the current line, or the
/// word under way.
std::string drop_repeated_prefix(std::string_view text, const Window& window);
/// On a line of indentation only: the answer's own first indentation and empty lines. Behind text: a
/// second blank, or a line break that belongs to nothing.
std::string fit_indentation(std::string_view text, const Window& window);
/// The first line alone; nothing where the answer begins on a line of its own, deeper than the cursor's.
std::string first_line(std::string_view text, const Window& window);
/// All but the last line, where there is more than one.
std::string drop_half_line(std::string_view text);

// Then what stands behind it (suffix.cpp).
/// Where the answer arrives at the next line of the file that has words in it, indented alike; npos: never.
std::size_t find_following_line(std::string_view text, const Window& window);
/// The end of the answer that repeats what follows the cursor: whole lines, the rest of the line, or
/// closers, quotes and separators one by one. A closer goes only while the answer closes more than it
/// and the text before the cursor opened.
std::string drop_repeated_suffix(std::string_view text, const Window& window);
/// Trailing blanks and line breaks; blanks stay where text follows at once. Blanks only are nothing.
std::string trim_end(std::string_view text, const Window& window);

}  // namespace dragoman::completion
