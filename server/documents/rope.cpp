#include "server/documents/rope.h"

#include <algorithm>

namespace dragoman::rope {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Length of the character that begins with `lead`.
std::size_t sequence_length(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Length of the line break that begins at `at`, or 0.
std::size_t break_length(std::string_view text, std::size_t at) {
    if (text[at] == '\n') return 1;
    if (text[at] != '\r') return 0;
    return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

Tree make_leaf(std::string_view text) {
    auto node = std::make_shared<Node>();
    node->sum = measure(text);
    node->piece = text;
    return node;
}

Tree make_inner(Tree left, Tree right) {
    auto node = std::make_shared<Node>();
    node->sum = left->sum + right->sum;
    node->height = std::max(left->height, right->height) + 1;
    node->left = std::move(left);
    node->right = std::move(right);
    return node;
}

// As make_inner, for heights that differ by up to two: the rotations of AVL trees.
Tree make_balanced(const Tree& a, const Tree& b) {
    if (a->height > b->height + 1) {
        if (a->left->height >= a->right->height) return make_inner(a->left, make_inner(a->right, b));
        return make_inner(make_inner(a->left, a->right->left), make_inner(a->right->right, b));
    }
    if (b->height > a->height + 1) {
        if (b->right->height >= b->left->height) return make_inner(make_inner(a, b->left), b->right);
        return make_inner(make_inner(a, b->left->left), make_inner(b->left->right, b->right));
    }
    return make_inner(a, b);
}

// `a` followed by `b`, in time of the difference of their heights.
Tree concat(const Tree& a, const Tree& b) {
    if (!a) return b;
    if (!b) return a;
    if (a->height > b->height + 1) return make_balanced(a->left, concat(a->right, b));
    if (b->height > a->height + 1) return make_balanced(concat(a, b->left), b->right);
    return make_inner(a, b);
}

// The leaves before byte `end`, which must be where a leaf begins or the end.
Tree leaves_before(const Tree& tree, std::size_t end) {
    if (end == 0) return nullptr;
    if (end == tree->sum.bytes) return tree;
    const std::size_t left = tree->left->sum.bytes;
    if (end <= left) return leaves_before(tree->left, end);
    return concat(tree->left, leaves_before(tree->right, end - left));
}

// The leaves from byte `begin` on, under the same condition.
Tree leaves_from(const Tree& tree, std::size_t begin) {
    if (begin == 0) return tree;
    if (begin == tree->sum.bytes) return nullptr;
    const std::size_t left = tree->left->sum.bytes;
    if (begin >= left) return leaves_from(tree->right, begin - left);
    return concat(leaves_from(tree->left, begin), tree->right);
}

struct Leaf {
    std::string_view text;
    Measure before;  // of what precedes the leaf
    std::size_t begin() const { return before.bytes; }
    std::size_t end() const { return before.bytes + text.size(); }
};

// The leaf in which `go_left(sum of what lies left)` stops saying that the place is further right.
template <class GoLeft>
Leaf descend(const Tree& tree, GoLeft go_left) {
    Measure before;
    const Node* node = tree.get();
    while (node->height > 0) {
        const Measure with_left = before + node->left->sum;
        if (go_left(with_left)) {
            node = node->left.get();
        } else {
            before = with_left;
            node = node->right.get();
        }
    }
    return {node->piece, before};
}

// The leaf that holds byte `offset`; the last one for the end of the text.
Leaf leaf_at(const Tree& tree, std::size_t offset) {
    return descend(tree, [&](const Measure& left) { return offset < left.bytes; });
}

// `at`, moved back to where a text may be cut in two leaves.
std::size_t cut_near(std::string_view text, std::size_t at) {
    while (is_continuation(text[at])) --at;
    return text[at] == '\n' && text[at - 1] == '\r' ? at - 1 : at;
}

// `text` as a tree of `leaves` leaves of about equal size.
Tree build_leaves(std::string_view text, std::size_t leaves) {
    if (leaves <= 1) return make_leaf(text);
    const std::size_t half = leaves / 2;
    const std::size_t cut = cut_near(text, text.size() * half / leaves);
    return make_inner(build_leaves(text.substr(0, cut), half), build_leaves(text.substr(cut), leaves - half));
}

}  // namespace

Measure operator+(const Measure& a, const Measure& b) {
    return {a.bytes + b.bytes, a.breaks + b.breaks, a.utf16 + b.utf16, a.characters + b.characters};
}

Measure operator-(const Measure& a, const Measure& b) {
    return {a.bytes - b.bytes, a.breaks - b.breaks, a.utf16 - b.utf16, a.characters - b.characters};
}

Measure measure(std::string_view text) {
    Measure sum;
    sum.bytes = text.size();
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char byte = text[at];
        if (is_continuation(byte)) continue;
        ++sum.characters;
        sum.utf16 += static_cast<unsigned char>(byte) >= 0xF0 ? 2 : 1;
        if (byte == '\n' ? at == 0 || text[at - 1] != '\r' : byte == '\r') ++sum.breaks;
    }
    return sum;
}

Tree build(std::string_view text) {
    if (text.empty()) return nullptr;
    return build_leaves(text, (text.size() + kMaxLeaf - 1) / kMaxLeaf);
}

// Takes out the leaves that the change touches and the bytes just before and just after it lie in. So the
// first and the last byte of what is put back are the old ones, and the borders stay lawful.
Tree replace(const Tree& tree, std::size_t begin, std::size_t end, std::string_view with) {
    if (!tree) return build(with);
    if (begin == end && with.empty()) return tree;
    const std::size_t size = tree->sum.bytes;
    const Leaf first = leaf_at(tree, begin == 0 ? 0 : begin - 1);
    const Leaf last = leaf_at(tree, std::min(end, size - 1));
    std::size_t from = first.begin(), to = last.end();
    std::string text;
    text.reserve(begin - from + with.size() + to - end + kMaxLeaf);
    text.append(first.text.substr(0, begin - from)).append(with).append(last.text.substr(end - last.begin()));
    if (text.size() < kMinLeaf && to < size) {
        const Leaf next = leaf_at(tree, to);
        text.append(next.text);
        to = next.end();
    } else if (text.size() < kMinLeaf && from > 0) {
        const Leaf previous = leaf_at(tree, from - 1);
        text.insert(0, previous.text);
        from = previous.begin();
    }
    return concat(concat(leaves_before(tree, from), build(text)), leaves_from(tree, to));
}

Measure total(const Tree& tree) { return tree ? tree->sum : Measure{}; }

void append(const Tree& tree, std::size_t begin, std::size_t end, std::string& out) {
    if (!tree || begin >= end) return;
    if (tree->height == 0) {
        out.append(tree->piece, begin, end - begin);
        return;
    }
    const std::size_t left = tree->left->sum.bytes;
    if (begin < left) append(tree->left, begin, std::min(end, left), out);
    if (end > left) append(tree->right, begin > left ? begin - left : 0, end - left, out);
}

std::size_t floor_character(const Tree& tree, std::size_t offset) {
    if (!tree || offset == tree->sum.bytes) return offset;
    const Leaf leaf = leaf_at(tree, offset);
    std::size_t at = offset - leaf.begin();
    while (is_continuation(leaf.text[at])) --at;
    return leaf.begin() + at;
}

Measure measure_before(const Tree& tree, std::size_t offset) {
    if (!tree) return {};
    const Leaf leaf = leaf_at(tree, offset);
    const std::size_t at = offset - leaf.begin();
    Measure within = measure(leaf.text.substr(0, at));
    const bool inside_break = at > 0 && at < leaf.text.size() && break_length(leaf.text, at - 1) == 2;
    if (inside_break) --within.breaks;
    return leaf.before + within;
}

LineBreak find_break(const Tree& tree, std::size_t n) {
    const Leaf leaf = descend(tree, [&](const Measure& left) { return n <= left.breaks; });
    std::size_t left = n - leaf.before.breaks;
    for (std::size_t at = 0; at < leaf.text.size(); ++at) {
        const std::size_t length = break_length(leaf.text, at);
        if (length == 0) continue;
        if (--left == 0) return {leaf.begin() + at, leaf.begin() + at + length};
        at += length - 1;
    }
    return {leaf.end(), leaf.end()};
}

std::size_t find_unit(const Tree& tree, std::size_t n, std::size_t Measure::*unit) {
    if (!tree || n >= tree->sum.*unit) return total(tree).bytes;
    const Leaf leaf = descend(tree, [&](const Measure& left) { return n < left.*unit; });
    std::size_t left = n - leaf.before.*unit;
    for (std::size_t at = 0; at < leaf.text.size();) {
        const std::size_t bytes = sequence_length(leaf.text[at]);
        const Measure character{bytes, 0, bytes == 4 ? std::size_t{2} : std::size_t{1}, 1};
        if (left < character.*unit) return leaf.begin() + at;
        left -= character.*unit;
        at += bytes;
    }
    return leaf.end();
}

}  // namespace dragoman::rope
