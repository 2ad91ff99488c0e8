// Telling talk from code, line by line.
//
// Pure, by shape: words with single blanks between them and none of the signs that code is made of. A line of
// Python or SQL may look like talk; what follows from the weak reading alone is only that one waits for the
// next line.
#pragma once

#include "server/completion/text/scanner.h"
#include "server/completion/text/view.h"

#include <string>
#include <string_view>

namespace dragoman::completion {

/// Words for people, as far as one line can tell: "So we need the sum", "Sure!", "Answer:".
bool reads_as_talk(std::string_view line);
/// Beyond doubt: a whole sentence with its capital and its end, or a phrase that announces an answer.
bool reads_as_sentence(std::string_view line);
/// "Sure, here is the code:"
bool announces_answer(std::string_view line);
/// "Here is the completed code:", which no comment says.
bool announces_code(std::string_view line);
/// "Okay, the user wants ..."
bool begins_as_thought(std::string_view line);
/// "I'm sorry, ..."
bool apologises(std::string_view text);
/// "Note that ...", "This code ...": begins a paragraph about an answer.
bool explains_answer(std::string_view paragraph);

/// The cursor stands where words for people may be meant: in a comment, in a string, between tags, or in a
/// prose language.
bool text_is_expected(const View& view);

/// Where an answer is in a comment or a string that goes over lines.
class AnswerScan {
public:
    AnswerScan(std::string_view answer, const View& view);
    /// At the line break at `offset`; offsets only grow.
    bool inside_text(std::size_t offset);

private:
    std::size_t shift_, at_ = 0;
    std::string text_;  // from the start of the cursor's line on
    Scanner scanner_;
};

}  // namespace dragoman::completion
