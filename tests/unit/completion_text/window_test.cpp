// What of a file is seen around the cursor, and how it is asked about.

#include "tests/unit/completion_text/window.h"

#include "server/completion/prompt.h"

using namespace dragoman;
using completion::take_window;
using completion::WindowLimits;

TEST_CASE("a small file is seen whole, with \\n as its line end") {
    const Text text{"one\r\ntwo\rthree\nfour"};
    for (const auto& [cursor, prefix, suffix] : {std::tuple{0, "", "one\ntwo\nthree\nfour"},
                                                 {3, "one", "\ntwo\nthree\nfour"},
                                                 {4, "one", "\ntwo\nthree\nfour"},  // between \r and \n
                                                 {5, "one\n", "two\nthree\nfour"},
                                                 {19, "one\ntwo\nthree\nfour", ""},
                                                 {1000, "one\ntwo\nthree\nfour", ""}}) {
        const auto window = take_window(text, static_cast<std::size_t>(cursor));
        CHECK(window.prefix == prefix);
        CHECK(window.suffix == suffix);
        CHECK(window.suffix_is_whole);
    }
}

TEST_CASE("an empty file has an empty window") {
    const auto window = take_window(Text{}, 0);
    CHECK(window.prefix.empty());
    CHECK(window.suffix.empty());
    CHECK(window.line_before().empty());
    CHECK(window.line_after().empty());
}

TEST_CASE("a window begins and ends with whole lines") {
    std::string lines;
    for (int i = 0; i < 100; ++i) lines += "line " + std::to_string(100 + i) + "\n";  // 9 bytes each
    const Text text{lines};
    const auto seen = [&](std::size_t prefix, std::size_t suffix) {
        return take_window(text, 50 * 9, WindowLimits{.prefix = prefix, .suffix = suffix});
    };
    CHECK(seen(27, 27).prefix == "line 147\nline 148\nline 149\n");
    CHECK(seen(28, 28).prefix == "line 147\nline 148\nline 149\n");
    CHECK(seen(26, 26).prefix == "line 148\nline 149\n");
    CHECK(seen(27, 27).suffix == "line 150\nline 151\nline 152\n");
    CHECK(seen(35, 35).suffix == "line 150\nline 151\nline 152\n");
    CHECK_FALSE(seen(27, 27).suffix_is_whole);
    CHECK(seen(450, 450).prefix.size() == 450);
    CHECK(seen(450, 450).suffix_is_whole);
}

TEST_CASE("one line of megabytes is cut at a character, near the limit") {
    std::string line;
    while (line.size() < 5'000'000) line += "é🐉x";
    const Text text{line};
    for (std::size_t cursor = 2'500'000; cursor < 2'500'020; ++cursor) {
        const auto window = take_window(text, cursor);
        CHECK(is_valid_utf8(window.prefix));
        CHECK(is_valid_utf8(window.suffix));
        CHECK(window.prefix.size() >= 12'000 - 4);
        CHECK(window.prefix.size() <= 12'000 + 4);
        CHECK(window.suffix.size() <= 4'000);
        CHECK(window.suffix.size() >= 4'000 - 4);
    }
}

TEST_CASE("a cursor inside a character stands before it") {
    const Text text{"a🐉b"};
    for (std::size_t cursor = 1; cursor < 5; ++cursor) {
        const auto window = take_window(text, cursor);
        CHECK(window.prefix == "a");
        CHECK(window.suffix == "🐉b");
    }
}

TEST_CASE("the prompt names path and language, and ends with the text before the cursor") {
    auto window = test::window("int x = |;\n");
    window.path = "src/a.cpp";
    const auto messages = completion::chat_infill_messages(window);
    REQUIRE(messages.size() >= 2);
    CHECK(messages.front().role == wire::MessageRole::system);
    const std::string& question = messages.back().text;
    CHECK(messages.back().role == wire::MessageRole::user);
    CHECK(question.find("Path: src/a.cpp\n") != std::string::npos);
    CHECK(question.find("Language: cpp\n") != std::string::npos);
    CHECK(question.find("<CURSOR/>;\n") != std::string::npos);
    CHECK(question.ends_with("int x = <CURSOR/>"));
}

TEST_CASE("the prompts of two keystrokes begin alike, up to what was typed") {
    const auto before = completion::chat_infill_messages(test::window("int x = |;\n"));
    const auto after = completion::chat_infill_messages(test::window("int x = a|;\n"));
    REQUIRE(before.size() == after.size());
    for (std::size_t i = 0; i + 1 < before.size(); ++i) CHECK(before[i] == after[i]);
    const std::string same =
        before.back().text.substr(0, before.back().text.size() - std::string{"<CURSOR/>"}.size());
    CHECK(after.back().text.starts_with(same));
}

TEST_CASE("what is not known about the file is not spoken of") {
    auto window = test::window("|");
    window.path.clear();
    window.language.clear();
    const std::string question = completion::chat_infill_messages(window).back().text;
    CHECK(question.find("Path:") == std::string::npos);
    CHECK(question.find("Language:") == std::string::npos);
}

TEST_CASE("a hole to fill is prefix, suffix and path") {
    auto window = test::window("int x = |;\n");
    const auto request = completion::fill_request(window, {}, "fim-completions", "m");
    CHECK(request.prefix == "int x = ");
    CHECK(request.suffix == ";\n");
    CHECK(request.path == "file");
}
