#include "server/support/tokens.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace dragoman;

namespace {

std::string file(const std::string& name) {
    std::ifstream in{std::string{DRAGOMAN_SOURCE_DIR} + "/" + name, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    REQUIRE(text.size() > 2'000);
    return text;
}

double bytes_a_token(const std::string& text) {
    return static_cast<double>(text.size()) / static_cast<double>(estimate_tokens(text));
}

}  // namespace

TEST_CASE("Code is about 3.3 bytes a token") {
    for (const std::string name : {"server/config/glob.cpp", "server/config/text.cpp",
                                   "server/support/files.cpp", "scripts/check_includes"}) {
        CAPTURE(name);
        CHECK(bytes_a_token(file(name)) > 2.7);
        CHECK(bytes_a_token(file(name)) < 3.9);
    }
}

TEST_CASE("English prose is about 4.2 bytes a token") {
    const std::string prose =
        "It was a bright morning when the ferry left the harbour, and the passengers stood along the rail to "
        "watch the town grow small behind them. Nobody spoke for a while. The captain, who had made the "
        "crossing more often than he could remember, drank his coffee and looked at the clouds in the west; "
        "they promised rain before the evening, perhaps even a storm.\n";
    CHECK(bytes_a_token(prose) > 3.8);
    CHECK(bytes_a_token(prose) < 4.7);
}

TEST_CASE("Scripts that tokenizers split finely count by characters") {
    struct Case {
        std::string text;
        std::size_t least, most;
    };
    const std::vector<Case> cases = {
        {"你好世界，今天天气很好", 9, 12},           // 11 characters
        {"こんにちは世界", 5, 8},                    // 7
        {"Привет, как дела сегодня", 8, 14},         // 24
        {"\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 3, 5},  // two pictures
        {"Größenänderung", 3, 7},
        {"\x80\x80\x80\xFF", 0, 2},  // no text at all
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        CHECK(estimate_tokens(one.text) >= one.least);
        CHECK(estimate_tokens(one.text) <= one.most);
    }
}

TEST_CASE("Nothing is no token, and more text is never fewer") {
    CHECK(estimate_tokens("") == 0);
    CHECK(estimate_tokens("a") == 1);
    const std::string text = file("server/config/glob.cpp").substr(0, 2'000) + "\xE4\xBD\xA0 x 12345";
    std::size_t before = 0;
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const std::size_t now = estimate_tokens(std::string_view{text}.substr(0, length));
        // A capital joins the word before until the letter behind it shows that it begins one.
        CHECK(now + 1 >= before);
        before = now;
    }
}
