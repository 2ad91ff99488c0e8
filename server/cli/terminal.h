// The three standard streams of a subcommand.
//
// What a model, a gateway or a repository wrote is data: it cannot move the cursor, set the clipboard or
// hide a line, whether stdout is a terminal now or a file that is shown on one later. stdout holds the
// answer and nothing else; whatever is said about it goes to stderr.
#pragma once

#include "protocol/base/json.h"
#include "server/support/clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace dragoman::cli {

/// Valid UTF-8 without control characters but \n and \t. What reorders or hides text (CVE-2021-42574: bidi
/// embeddings, overrides and isolates; zero-width spaces, tags) is written out as <U+202E>.
std::string for_terminal(std::string_view text);

// To stdout, made fit as above, flushed. After a write that failed nothing is written any more.
void print(std::string_view text);
void print_line(std::string_view text);
/// Indented, and what for_terminal() would change is escaped: it reads back as it was.
void print_json(const Json& value);
/// The errno of the write that failed (EPIPE: the reader had enough), or 0.
int output_error();

/// To stderr, made fit as above, without any key.
void complain(std::string_view text);
void complain_line(std::string_view line);

/// Before anything is opened: a standard stream that is closed becomes the null device. Otherwise the next
/// socket would get its number, and be written to by a print.
void fill_standard_streams();

bool stdin_is_terminal();

/// One line of stdin without its end, of at most 1 KiB; what is longer, or is not there, is an empty line.
std::string read_line();

struct Input {
    std::string text;
    bool too_long = false;  // more than 8 MiB, of which nothing is given
    bool silent = false;    // nobody wrote or closed it within the patience
};
/// All of stdin to its end. With `patience` its first byte, or its end, must come within that: an editor or
/// a build server may leave a pipe open that nobody will ever write to.
Input read_stdin(std::optional<Milliseconds> patience = {});

}  // namespace dragoman::cli
