// A settings file as text: JSON with // and /* */ comments, and where in it every key and value stands.
//
// The structure is read here, because positions and plain sentences come from it; a string or a number
// is decoded by parse_json, so its rules exist once. Nothing here knows what the keys mean.
#pragma once

#include "protocol/base/json.h"
#include "protocol/base/result.h"
#include "server/config/config.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::config {

/// Bytes [begin, end) of the text.
struct Span {
    std::size_t begin = 0, end = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

/// Where a value stands; beside the Json value of the same shape. Members are sorted by name.
struct Node {
    std::string name{};  // of a member, decoded
    Span key{}, value{};
    std::vector<Node> children{};

    /// The member of that name; null where there is none.
    const Node* member(std::string_view wanted) const;
    const Node* item(std::size_t index) const;
};

/// A sentence about a part of a text.
struct Finding {
    Span span{};
    std::string message{};
    bool warning = false;
};

struct Text {
    Json value;
    Node root;
    std::vector<Finding> findings{};  // keys said twice: the last counts
};

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
inline constexpr std::size_t kLargestFile = 1U << 20U;
/// More of them in one file help nobody.
inline constexpr std::size_t kMostFindings = 100;

/// Reads one object. A byte order mark is skipped. Fails, with a sentence and its place, on anything that
/// is not JSON with comments, and beyond 64 levels, 100 000 values or names of 512 bytes.
Result<Text, Finding> read_text(std::string_view text);

/// Behind white space and comments; where a comment is never closed, at its beginning.
struct Blanks {
    std::size_t end = 0;
    bool closed = true;
};
Blanks skip_blanks(std::string_view text, std::size_t at);

/// Lines of a text, to turn spans into what editors show: from 1, columns in UTF-16 units.
class Lines {
public:
    explicit Lines(std::string text);
    /// Fills in line and column, and their ends, of a problem.
    void place(Span span, Problem& problem) const;

private:
    std::pair<int, int> position(std::size_t offset) const;

    std::string text_;
    std::vector<std::size_t> starts_;
};

}  // namespace dragoman::config
