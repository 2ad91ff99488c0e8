// Where a selection is while the document changes around it.
#include "server/edit/tracked_range.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using dragoman::edit::TrackedRange;

namespace {

DocumentSnapshot document(const std::string& text) {
    DocumentSnapshot out;
    out.text = Text{text};
    return out;
}

struct Row {
    std::size_t at, removed;
    std::string inserted;
    bool untouched;
    std::size_t begin;
};

}  // namespace

TEST_CASE("A range moves with what happens before it and ends with what happens inside") {
    const std::string text = "0123456789";  // the range is 4..7
    const auto row = GENERATE(values<Row>({
        {0, 0, "ab", true, 6},
        {0, 2, "", true, 2},
        {3, 1, "xyz", true, 6},
        {4, 0, "x", true, 5},
        {4, 1, "", false, 0},
        {3, 2, "", false, 0},
        {5, 0, "x", false, 0},
        {6, 1, "x", false, 0},
        {6, 3, "", false, 0},
        {0, 10, "", false, 0},
        {7, 0, "x", true, 4},
        {8, 2, "", true, 4},
    }));
    CAPTURE(row.at, row.removed, row.inserted);
    const Text changed = Text{text}.replace(row.at, row.at + row.removed, row.inserted);
    TrackedRange range{document(text), 4, 7};
    const AppliedChange change{.begin = row.at, .removed = row.removed, .inserted = row.inserted};
    const auto now = document(changed.to_string());
    REQUIRE(range.follow(now, {change}) == row.untouched);
    if (!row.untouched) return;
    CHECK(range.begin() == row.begin);
    CHECK(now.text.slice(range.begin(), range.end()) == "456");
}

TEST_CASE("Changes of one notification count one after the other") {
    TrackedRange range{document("0123456789"), 4, 7};
    REQUIRE(range.follow(document("ab1234567X"), {{.begin = 0, .removed = 1, .inserted = "ab"},
                                                  {.begin = 9, .removed = 2, .inserted = "X"}}));
    CHECK(range.begin() == 5);
    CHECK(range.end() == 8);
}

TEST_CASE("Of a whole text only what differs counts") {
    const AppliedChange whole{.whole = true};
    TrackedRange range{document("0123456789"), 4, 7};
    CHECK(range.follow(document("0123456789"), {whole}));
    REQUIRE(range.follow(document("xx0123456789"), {whole}));
    CHECK(range.begin() == 6);
    REQUIRE(range.follow(document("xx0123456789yy"), {whole}));
    CHECK(range.begin() == 6);
    CHECK_FALSE(range.follow(document("xx0123x56789yy"), {whole}));
}

TEST_CASE("An empty range is touched by typing at it, and by nothing else") {
    const auto untouched = [](std::size_t at, std::size_t removed, const std::string& inserted) {
        TrackedRange range{document("0123456789"), 4, 4};
        const Text now = Text{"0123456789"}.replace(at, at + removed, inserted);
        return range.follow(document(now.to_string()),
                            {{.begin = at, .removed = removed, .inserted = inserted}});
    };
    CHECK_FALSE(untouched(4, 0, "x"));
    CHECK_FALSE(untouched(3, 1, ""));
    CHECK_FALSE(untouched(2, 4, ""));
    CHECK(untouched(3, 0, "x"));
    CHECK(untouched(5, 1, ""));
}
