// What was attached to a question, in the form a model reads: pure, and cut where it is too much.
//
// A piece of a file says which lines it holds, also after it was cut, and every cut leaves a note in the
// text, so that the model knows what it did not see.
#pragma once

#include "server/upstream/wire/tokens.h"

#include <cstddef>
#include <string>
#include <vector>

namespace dragoman::chat {

using wire::kMessageTokens;
using wire::TokenCounter;

struct Attachment {
    std::string title;  // "File src/x.py", "Diagnostics of src/x.py", or a text's own label; one line
    std::string language{};
    std::string text{};
    std::size_t line = 0;      // the number of its first line in its file; 0: it is no part of a file
    std::size_t left_out = 0;  // bytes that were cut off its end
    // For the list of what is sent; not kept with the conversation.
    std::string kind{}, path{};  // as Drawn has them
    std::size_t masked = 0;      // likely secrets in the text that were masked
    friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// As the model reads it: a head, a fence, a note where it was cut. Ends with a line break.
std::string written(const Attachment& attachment);

/// Makes all of them together fit into `tokens`: small ones stay whole, large ones share what is left, cut
/// at the end of a line where there is one; one for which too little is left keeps only its head. The titles
/// of those that were cut.
std::vector<std::string> cut_to(std::vector<Attachment>& attachments, std::size_t tokens,
                                const TokenCounter& counter);

/// `text` in a Markdown fence that no line of it can close.
std::string fenced(const std::string& text, const std::string& language);

}  // namespace dragoman::chat
