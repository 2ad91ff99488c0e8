// A person at an editor, from a record: which keys, when, and what an editor makes of them.
//
// What is accepted of suggestions depends on who makes them, so the record holds the keys of a session
// without any; where a suggestion is accepted, the keys that it saves are skipped.
#pragma once

#include "server/support/clock.h"

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::bench {

/// A text around a cursor, as editors treat keys: Enter indents, brackets and quotes are closed, closers
/// that are there already are typed over.
struct EditorText {
    std::string before, behind;
    std::size_t added = 0;  // what of `behind` the editor has put there, from its beginning

    /// False where the key has nothing to work on (the way down behind a bracket that is not there).
    bool press(std::string_view key);
    void insert(std::string_view text) { before += text; }
    std::string whole() const { return before + behind; }
    std::string_view put_there() const { return std::string_view{behind}.substr(0, added); }

private:
    void type(char c);
    void enter();
    void backspace();
    bool go_down();
};

struct Keystroke {
    Milliseconds gap{};  // since the one before
    std::string key;     // a character, or one of the record's names
    EditorText after;    // the text then, where no suggestion was accepted
};

struct Session {
    EditorText begin;
    std::vector<Keystroke> keys;
    std::string target;  // the text that comes of it
};

/// Throws std::runtime_error where the file is no record.
Session read_session(const std::string& path);

}  // namespace dragoman::bench
