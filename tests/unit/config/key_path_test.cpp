#include "server/config/key_path.h"

#include <catch2/catch_all.hpp>

using dragoman::config::read_key_path;
using Parts = std::vector<std::string>;

TEST_CASE("a key is read with dots, with quotes around names that hold one, and as a JSON pointer") {
    const auto parts = [](std::string_view key) { return read_key_path(key).value(); };
    CHECK(parts("chat") == Parts{"chat"});
    CHECK(parts("chat.model") == Parts{"chat", "model"});
    CHECK(parts("models.\"gpt-4.1\".price") == Parts{"models", "gpt-4.1", "price"});
    CHECK(parts("\"a\\\"b.c\"") == Parts{"a\"b.c"});
    CHECK(parts("projects.\"~/src/app\".chat") == Parts{"projects", "~/src/app", "chat"});
    CHECK(parts("/models/gpt-4.1/price") == Parts{"models", "gpt-4.1", "price"});
    CHECK(parts("/projects/~0~1src/chat") == Parts{"projects", "~/src", "chat"});
    CHECK(parts("/a//b") == Parts{"a", "", "b"});
}

TEST_CASE("a key that cannot be read says why") {
    for (const std::string key :
         {"", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", "a.\"\\x\"", "/~2", "/~", "\xFF"}) {
        CAPTURE(key);
        const auto read = read_key_path(key);
        REQUIRE_FALSE(read);
        CHECK(read.error().size() > 15);
    }
}
