// Where the members of one object stand in a text that parses: all of them, in the order of the text, with
// their commas. What an edit of the text needs and a value does not tell.
#pragma once

#include "server/config/text.h"

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::config {

struct Member {
    std::string name;  // decoded
    Span key, value;
    std::size_t comma = std::string_view::npos;  // behind the value; npos: the last member has none
};

struct Object {
    std::size_t open = 0, close = 0;  // of the braces
    std::vector<Member> members{};

    /// The member that counts: the last of that name.
    const Member* find(std::string_view name) const;
    /// Where what leads up to a member of this object begins: behind the brace or the comma before.
    std::size_t before(const Member& member) const {
        return &member == members.data() ? open + 1 : (&member - 1)->comma + 1;
    }
};

/// The object whose brace stands at `open` of a text that read_text() takes.
Object object_at(std::string_view text, std::size_t open);
/// The root object of such a text.
Object root_of(std::string_view text);

/// Behind spaces and tabs.
std::size_t skip_spaces(std::string_view text, std::size_t at);
/// Where the line of `at` begins.
std::size_t line_begin(std::string_view text, std::size_t at);
/// The spaces and tabs that the line of `at` begins with.
std::string_view indentation(std::string_view text, std::size_t at);
/// White space only.
bool is_blank(std::string_view text);

}  // namespace dragoman::config
