#include "server/documents/rope.h"

#include <catch2/catch_all.hpp>

#include <cmath>
#include <random>

using namespace dragoman;

namespace {

struct Shape {
    std::size_t leaves = 0, smallest = SIZE_MAX, largest = 0;
    bool sound = true;  // balanced, sums right, no character and no \r\n across two leaves
    char last = 0;      // byte of the leaf before
};

void walk(const rope::Node& node, Shape& shape) {
    if (node.height > 0) {
        shape.sound &= node.sum == node.left->sum + node.right->sum;
        shape.sound &= node.height == std::max(node.left->height, node.right->height) + 1;
        shape.sound &= std::abs(node.left->height - node.right->height) <= 1;
        walk(*node.left, shape);
        walk(*node.right, shape);
        return;
    }
    const std::string& text = node.piece;
    shape.sound &= !text.empty() && node.sum == rope::measure(text);
    shape.sound &= (static_cast<unsigned char>(text.front()) & 0xC0U) != 0x80U;
    shape.sound &= !(shape.last == '\r' && text.front() == '\n');
    shape.last = text.back();
    ++shape.leaves;
    shape.smallest = std::min(shape.smallest, text.size());
    shape.largest = std::max(shape.largest, text.size());
}

Shape shape_of(const rope::Tree& tree) {
    Shape shape;
    if (tree) walk(*tree, shape);
    return shape;
}

void check_shape(const rope::Tree& tree) {
    const Shape shape = shape_of(tree);
    REQUIRE(shape.sound);
    REQUIRE(shape.largest <= rope::kMaxLeaf + 8);
    if (shape.leaves > 1) {
        REQUIRE(shape.smallest + 8 >= rope::kMinLeaf);
        REQUIRE(tree->height <= 1.45 * std::log2(static_cast<double>(shape.leaves)) + 1);
    }
}

}  // namespace

TEST_CASE("a tree stays balanced and its leaves lawful under any edits") {
    const std::size_t longest = GENERATE(std::size_t{3}, std::size_t{300}, std::size_t{9000});
    std::mt19937 random{static_cast<unsigned>(longest)};
    const auto below = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>{0, n}(random);
    };
    const std::vector<std::string> alphabet{"a", "\r", "\n", "\r\n", "😀", "é"};
    rope::Tree tree;
    for (int step = 0; step < 1000; ++step) {
        const std::size_t size = rope::total(tree).bytes;
        const std::size_t begin = rope::floor_character(tree, below(size));
        const std::size_t reach = std::min(size, begin + below(size > 400'000 ? size : longest));
        const std::size_t end = std::max(begin, rope::floor_character(tree, reach));
        std::string with;
        for (std::size_t bytes = below(longest); with.size() < bytes;) with += alphabet[below(5)];
        tree = rope::replace(tree, begin, end, with);
        check_shape(tree);
    }
    for (int i = 0; i < 100 && tree; ++i) {  // down to nothing, by halves from the front
        tree = rope::replace(tree, 0, rope::floor_character(tree, (rope::total(tree).bytes + 1) / 2), "");
        check_shape(tree);
        if (rope::total(tree).bytes <= 8) break;
    }
}

TEST_CASE("typing and deleting one character at a time leaves no crumbs") {
    rope::Tree tree;
    for (std::size_t i = 0; i < 20'000; ++i) tree = rope::replace(tree, i, i, "x");
    check_shape(tree);
    CHECK(shape_of(tree).leaves <= 2 * 20'000 / rope::kMaxLeaf + 2);
    for (std::size_t i = 20'000; i-- > 0;) tree = rope::replace(tree, i / 2, i / 2 + 1, "");
    CHECK(tree == nullptr);
}

TEST_CASE("an edit shares all but a path with the tree before it") {
    const rope::Tree before = rope::build(std::string(1U << 20U, 'x'));
    const rope::Tree after = rope::replace(before, 500'000, 500'000, "y");
    std::size_t fresh = 0;
    const std::function<void(const rope::Tree&)> count = [&](const rope::Tree& node) {
        if (node.use_count() > 1 && node != after) return;  // shared with `before`, and all below it
        ++fresh;
        if (node->height > 0) {
            count(node->left);
            count(node->right);
        }
    };
    count(after);
    CHECK(fresh <= 4U * static_cast<std::size_t>(after->height));
}

TEST_CASE("an edit that changes nothing gives the same tree") {
    const rope::Tree tree = rope::build("abc");
    CHECK(rope::replace(tree, 1, 1, "") == tree);
}
