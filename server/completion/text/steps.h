// The steps of the post-processing, in the order they run. Private to the room and to its tests.
//
// Two kinds. The first kind reads an answer from its beginning and may be asked while the answer still
// arrives: what it gives for whole lines is the beginning of what it will give for more of them, unless it
// says that a question is open. The second kind works on the part that is wanted, from its end.
#pragma once

#include "server/completion/text/view.h"

#include <string>
#include <string_view>

namespace dragoman::completion {

/// What a step made of an answer that may go on.
struct Draft {
    std::string text;
    bool open = false;   // what comes may still change what is here
    bool ended = false;  // whatever comes is no part of it
};

// First kind. What a model puts into and around its answer.
/// Blocks of thinking, and all behind one never closed. A closing tag that nothing opened ends thinking where
/// the text began with talk, and the answer where it began with code (thinking.cpp).
Draft drop_thinking(std::string_view text, const View& view);
/// Tokens of chat and infill templates: skipped at the start, the end of the answer behind text (tokens.cpp).
Draft cut_at_token(std::string_view text, const View& view);
/// Cursor marks and headings of the prompt that the answer repeats (tokens.cpp).
Draft drop_marks(std::string_view text, const View& view);
/// Talk before the answer: announcements, sentences, whatever leads to a fence; all of an apology and of an
/// answer that is talk only (chatter.cpp).
Draft drop_preamble(std::string_view text, const View& view);
/// The content of a Markdown fence that the answer begins with, or of backticks around its line; the text
/// before a fence that comes later. In Markdown only of a fence that says it holds Markdown (fence.cpp).
Draft unwrap_fence(std::string_view text, const View& view);
/// The last paragraphs, from the first that talks about the answer (chatter.cpp).
Draft drop_afterword(std::string_view text, const View& view);

// What stands before the cursor already, and how the file is laid out.
/// The beginning that repeats the end of the prefix: whole lines, the current line, or the word under way
/// (joining.cpp).
Draft drop_repeated_prefix(std::string_view text, const View& view);
/// Tabs or blanks at line starts, as the file has them (indentation.cpp).
Draft convert_indentation(std::string_view text, const View& view);
/// On a line of indentation only: the answer's own first indentation and empty lines go. Behind text: a
/// second blank, or a line break that belongs to nothing. Later lines that count their indentation from the
/// answer's first line instead of from the margin are moved to where the cursor is (indentation.cpp).
Draft fit_indentation(std::string_view text, const View& view);
/// The answer up to where it arrives at the next line of the file that has words in it, indented alike
/// (suffix.cpp).
Draft stop_at_following_line(std::string_view text, const View& view);

// Second kind.
/// All but the last line, where there is more than one (postprocess.cpp).
std::string drop_half_line(std::string_view text);
/// Of a run of lines that the model says three times and more in a row, the first (repetition.cpp).
std::string drop_repetition(std::string_view text, const View& view);
/// From the first line on that holds a secret of the prompt or the mask of one (secrets.cpp).
std::string drop_secrets(std::string_view text, const View& view);
/// The end that repeats what follows the cursor: whole lines, equal or nearly, or the rest of the line
/// (suffix.cpp).
std::string drop_repeated_suffix(std::string_view text, const View& view);
/// Closers, quotes and separators at the end, one by one: those that stand behind the cursor too, while the
/// answer closes more than it and the text before the cursor opened; those that nothing opened (closers.cpp).
std::string drop_surplus_closers(std::string_view text, const View& view);
/// Trailing blanks and line breaks; blanks stay where text follows at once. Blanks only are nothing
/// (suffix.cpp).
std::string trim_end(std::string_view text, const View& view);

}  // namespace dragoman::completion
