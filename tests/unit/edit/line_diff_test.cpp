// Minimal hunks: applying them gives the new text, and they are as few changes as can be.
#include "server/edit/line_diff.h"

#include <catch2/catch_all.hpp>

#include <random>
#include <string>

using namespace dragoman::edit;

namespace {

using Lines = std::vector<std::string_view>;

/// One character a line.
Lines lines(const std::string& text) {
    Lines out;
    for (const char& c : text) out.emplace_back(&c, 1);
    return out;
}

std::string words(const std::vector<LineHunk>& hunks) {
    std::string out;
    for (const LineHunk& one : hunks) {
        out += (out.empty() ? "" : " ") + std::to_string(one.old_begin) + "-" + std::to_string(one.old_end) +
               ":" + std::to_string(one.new_begin) + "-" + std::to_string(one.new_end);
    }
    return out;
}

std::string applied(const std::string& before, const std::string& after, const std::vector<LineHunk>& hunks) {
    std::string out;
    std::size_t at = 0;
    for (const LineHunk& one : hunks) {
        out +=
            before.substr(at, one.old_begin - at) + after.substr(one.new_begin, one.new_end - one.new_begin);
        at = one.old_end;
    }
    return out + before.substr(at);
}

std::size_t changes(const std::vector<LineHunk>& hunks) {
    std::size_t sum = 0;
    for (const LineHunk& one : hunks) sum += one.old_end - one.old_begin + one.new_end - one.new_begin;
    return sum;
}

/// The fewest lines to remove and add, by the textbook table.
std::size_t fewest(const std::string& a, const std::string& b) {
    std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 1; i <= a.size(); ++i)
        for (std::size_t j = 1; j <= b.size(); ++j)
            common[i][j] = a[i - 1] == b[j - 1] ? common[i - 1][j - 1] + 1
                                                : std::max(common[i - 1][j], common[i][j - 1]);
    return a.size() + b.size() - 2 * common[a.size()][b.size()];
}

}  // namespace

TEST_CASE("Equal texts have no hunk and changed lines have just theirs") {
    struct Row {
        std::string before, after, hunks;
    };
    const auto row = GENERATE(values<Row>({
        {"", "", ""},
        {"abc", "abc", ""},
        {"", "ab", "0-0:0-2"},
        {"ab", "", "0-2:0-0"},
        {"abc", "aXc", "1-2:1-2"},
        {"abc", "abcd", "3-3:3-4"},
        {"abc", "Zabc", "0-0:0-1"},
        {"abcdef", "aXcdYf", "1-2:1-2 4-5:4-5"},
        {"abcdef", "acdf", "1-2:1-1 4-5:3-3"},
    }));
    CAPTURE(row.before, row.after);
    CHECK(words(diff_lines(lines(row.before), lines(row.after))) == row.hunks);
}

TEST_CASE("Hunks give the new text, are fewest, and lie apart, for whatever two texts") {
    std::mt19937 random{GENERATE(1U, 2U, 3U)};
    for (int round = 0; round < 400; ++round) {
        const auto text = [&] {
            std::string out(random() % 12, 'a');
            for (char& c : out) c = static_cast<char>('a' + random() % 3);
            return out;
        };
        const std::string before = text(), after = text();
        CAPTURE(before, after);
        const auto hunks = diff_lines(lines(before), lines(after));
        REQUIRE(applied(before, after, hunks) == after);
        REQUIRE(changes(hunks) == fewest(before, after));
        for (std::size_t i = 1; i < hunks.size(); ++i) {
            REQUIRE(hunks[i].old_begin > hunks[i - 1].old_end);
            REQUIRE(hunks[i].new_begin > hunks[i - 1].new_end);
        }
    }
}

TEST_CASE("Texts that differ too much become one hunk between their equal ends") {
    const std::string before = "=abcdefgh=", after = "=ABCdEFGH=";
    CHECK(words(diff_lines(lines(before), lines(after), 13)) == "1-9:1-9");
    CHECK(words(diff_lines(lines(before), lines(after), 14)) == "1-4:1-4 5-9:5-9");
}
