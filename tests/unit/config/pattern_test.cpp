#include "server/config/pattern.h"

#include <catch2/catch_all.hpp>

using dragoman::config::fits_pattern;

TEST_CASE("the schema's patterns fit what they say and nothing else") {
    struct Case {
        std::string pattern, text;
        bool fits;
    };
    const Case one = GENERATE(values<Case>({
        {"^[A-Za-z_][A-Za-z0-9_]*$", "_A9", true},
        {"^[A-Za-z_][A-Za-z0-9_]*$", "9A", false},
        {"^[A-Za-z_][A-Za-z0-9_]*$", "", false},
        {"^[A-Za-z_][A-Za-z0-9_]*$", "A-B", false},
        {"^[A-Za-z_][A-Za-z0-9_]*$", "A\n", false},
        {"^[0-9._-]+$", "1.-_", true},
        {"^[0-9._-]+$", "", false},
        {"^[0-9._-]+$", "/", false},
        {"^(auto|t:[a-z]+)$", "auto", true},
        {"^(auto|t:[a-z]+)$", "t:x", true},
        {"^(auto|t:[a-z]+)$", "t:", false},
        {"^(auto|t:[a-z]+)$", "autot:x", false},
        {"^[a-z]*b$", "aab", true},
        {"^[a-z]*b$", "b", true},
        {"^[a-z]*b$", "aac", false},
        {"^[a-z]+$", "\xC3\xA4", false},
    }));
    INFO(one.pattern << " on " << one.text);
    CHECK(fits_pattern(one.text, one.pattern) == one.fits);
}

TEST_CASE("a long text needs no deep stack") {
    CHECK(fits_pattern(std::string(1'000'000, 'a'), "^[a-z]+$"));
    CHECK_FALSE(fits_pattern(std::string(1'000'000, 'a') + "-", "^[a-z]+$"));
}
