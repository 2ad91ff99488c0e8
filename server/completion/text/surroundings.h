// What the cursor stands in, read off the text around it.
//
// Pure. The prefix is scanned once and the nearest lines of the suffix are looked at; what an answer should
// be held to follows from that alone, before any answer is there.
#pragma once

#include "server/completion/text/scanner.h"
#include "server/completion/text/window.h"

#include <string>
#include <string_view>

namespace dragoman::completion {

/// What belongs at the cursor.
enum class Goal {
    line,         // what stands on this line
    statement,    // this line, and those that it cannot do without
    body,         // up to the end of the block that has been opened
    paragraph,    // up to an empty line or the end of the block
    declaration,  // a function, a type, a group of lines
    comment,      // what the comment says
    prose,        // up to an empty line
};

/// What closes the block or the comment that the cursor is in.
enum class Closer { none, follows, wanted };

struct Surroundings {
    const Syntax* syntax = nullptr;
    Goal goal = Goal::line;
    std::string_view why{};

    Scanner scanner{syntax_of({})};    // at the start of the cursor's line
    Scanner at_cursor{syntax_of({})};  // as if the cursor ended its line
    Line cursor{};                     // the cursor's line up to the cursor, as the prefix has it
    std::string line_before{}, line_after{};
    /// The nearest line below the cursor's that is not blank, and whether blank ones are in between.
    std::string next{};
    bool next_is_adjacent = false;

    /// Of Goal::body, and of Extent::block forced elsewhere: the columns of the line that opened the block;
    /// -1 when nothing did.
    int header = -1;
    Closer closer = Closer::none;
    /// The block may go on behind its closer (`else`), and what follows does not do so already.
    bool goes_on = false;
    /// Items at the header's own indentation belong to it (YAML).
    bool is_list = false;
    /// Of Goal::comment: what each line of it begins with ("*", "///"); what ends it.
    std::string marker{}, comment_close{};
    /// The fence of Markdown that ends the code the cursor is in; empty outside of one.
    std::string fence{};
};

Surroundings read_surroundings(const Window& window);

// Small readings of lines that the end of an answer is found by, too.
/// The word at the front of `line`, behind blanks and closing brackets.
std::string_view leading_word(std::string_view line);
/// `else`, `catch`, ...: goes on with what a block before it began.
bool continues_block(std::string_view line);
/// A decorator, an attribute, a template's parameters: belongs to the declaration below.
bool is_directive(std::string_view line);
/// Begins with a bracket, a word or a tag that closes.
bool begins_with_closer(std::string_view line, const Syntax& syntax);
/// The last code of `line` opens a block without a bracket: `:`, `=>`, an opening tag.
bool ends_as_header(std::string_view code, const Syntax& syntax);

}  // namespace dragoman::completion
