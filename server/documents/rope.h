// The balanced tree that a Text is made of.
//
// An AVL tree whose leaves hold the text in pieces of about a kilobyte and whose inner nodes hold only
// sums: bytes, line breaks, UTF-16 units, characters. Nodes never change once built, so trees share them
// freely, between revisions and between threads. Two rules make every piece measurable on its own: no
// leaf begins inside a character, and no \r\n lies across two leaves. Measuring therefore adds up, and a
// place is found by walking down one path and reading one leaf.
//
// All functions take valid UTF-8 and offsets within the tree. Depth is bounded by 1.44 log2(leaves), so
// recursion and destruction are shallow.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace dragoman::rope {

inline constexpr std::size_t kMaxLeaf = 1024;  // bytes, give or take a character
inline constexpr std::size_t kMinLeaf = 256;   // smaller ones are merged with a neighbour

/// What a text counts up to.
struct Measure {
    std::size_t bytes = 0;
    std::size_t breaks = 0;      // \n, \r\n, and \r alone
    std::size_t utf16 = 0;       // code units
    std::size_t characters = 0;  // code points, which are the units of UTF-32
    friend bool operator==(const Measure&, const Measure&) = default;
};
Measure operator+(const Measure& a, const Measure& b);
Measure operator-(const Measure& a, const Measure& b);
Measure measure(std::string_view text);

struct Node;
using Tree = std::shared_ptr<const Node>;  // null: the empty text

struct Node {
    Measure sum;
    int height = 0;     // of a leaf: 0
    Tree left, right;   // null in a leaf, both there otherwise
    std::string piece;  // of a leaf, never empty
};

/// Linear.
Tree build(std::string_view text);
/// O(log n + |with|).
Tree replace(const Tree& tree, std::size_t begin, std::size_t end, std::string_view with);

Measure total(const Tree& tree);
/// Appends bytes [begin, end) to `out`.
void append(const Tree& tree, std::size_t begin, std::size_t end, std::string& out);

/// `offset` or, inside a character, that character's start.
std::size_t floor_character(const Tree& tree, std::size_t offset);
/// What [0, offset) counts up to; a \r\n that `offset` lies inside of is not counted as a break.
Measure measure_before(const Tree& tree, std::size_t offset);

struct LineBreak {
    std::size_t begin = 0, end = 0;  // bytes
};
/// The `n`th line break, 1 being the first; there must be as many.
LineBreak find_break(const Tree& tree, std::size_t n);

/// The byte at which the character begins that holds unit `n` (from 0) of the count `unit`; the size of
/// the text where it has no such unit.
std::size_t find_unit(const Tree& tree, std::size_t n, std::size_t Measure::*unit);

}  // namespace dragoman::rope
