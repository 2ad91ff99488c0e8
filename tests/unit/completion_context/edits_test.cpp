#include "server/completion/context/edits.h"

#include "tests/support/fake_clock.h"

#include <catch2/catch_all.hpp>

#include <random>
#include <sstream>

using namespace dragoman;
using namespace dragoman::completion;
using namespace std::chrono_literals;

namespace {

// An editor with one or more documents, whose edits are told as the daemon tells them.
class Desk {
public:
    explicit Desk(const std::string& text = "one\ntwo\nthree\nfour\nfive\n") {
        edits.changed(open(kFile, text), {AppliedChange{.inserted = text, .whole = true}});
    }
    DocumentSnapshot open(const std::string& uri, const std::string& text) {
        documents[uri] = {uri, "plaintext", 1, ++revision, Text{text}};
        return documents[uri];
    }
    void replace(std::string_view what, const std::string& with, const std::string& uri = kFile) {
        const std::size_t at = documents[uri].text.to_string().find(what);
        REQUIRE(at != std::string::npos);
        splice(at, what.size(), with, uri);
    }
    void splice(std::size_t at, std::size_t removed, const std::string& with,
                const std::string& uri = kFile) {
        auto& document = documents[uri];
        document.text = document.text.replace(at, at + removed, with);
        document.revision = ++revision;
        edits.changed(document, {AppliedChange{at, removed, with}});
    }
    void type(std::string_view behind, std::string_view text, Milliseconds pause = 100ms) {
        std::size_t at = documents[kFile].text.to_string().find(behind) + behind.size();
        for (const char c : text) {
            splice(at++, 0, std::string(1, c));
            clock.advance(pause);
        }
    }
    std::vector<std::string> hunks() {
        std::vector<std::string> texts;
        for (const auto& edit : edits.recent()) texts.push_back(edit.text);
        return texts;
    }

    static constexpr const char* kFile = "file:///w/a.txt";
    test::FakeClock clock;
    Edits edits{clock};
    std::map<std::string, DocumentSnapshot> documents;
    std::uint64_t revision = 0;
};

std::vector<std::string> lines_of_text(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

using Hunks = std::vector<std::string>;

}  // namespace

TEST_CASE("keystrokes on a line are one edit, shown with the lines around it") {
    Desk desk;
    desk.type("three", " and a half");
    CHECK(desk.hunks() == Hunks{" two\n-three\n+three and a half\n four\n"});
}

TEST_CASE("lines typed one below the other are one edit") {
    Desk desk;
    desk.type("two", "\nx\ny");
    CHECK(desk.hunks() == Hunks{" two\n+x\n+y\n three\n"});
}

TEST_CASE("edits far from each other are two, the latest first") {
    Desk desk;
    desk.replace("two", "2");
    desk.replace("five", "5");
    CHECK(desk.hunks() == Hunks{" four\n-five\n+5\n", " one\n-two\n+2\n three\n"});
}

TEST_CASE("an edit tells where its lines are now, whatever was changed above it") {
    Desk desk;
    desk.replace("five", "5");
    desk.splice(0, 0, "zero\nhalf\n");
    const auto edits = desk.edits.recent();
    REQUIRE(edits.size() == 2);
    CHECK(edits[1].first_line == 6);
    CHECK(edits[1].end_line == 7);
}

TEST_CASE("the same lines begin a new edit after a pause") {
    Desk desk;
    desk.replace("three", "trois");
    desk.clock.advance(30s);
    desk.replace("trois", "drei");
    CHECK(desk.hunks() == Hunks{" two\n-trois\n+drei\n four\n", " two\n-three\n+trois\n four\n"});
}

TEST_CASE("what was undone at once is no edit") {
    Desk desk;
    desk.type("three", "abc");
    desk.replace("threeabc", "three");
    CHECK(desk.hunks().empty());
}

TEST_CASE("what was undone after a pause takes the edit away with it") {
    Desk desk;
    desk.replace("one", "1");
    desk.replace("four", "4");
    desk.clock.advance(60s);
    desk.replace("4", "four");
    CHECK(desk.hunks() == Hunks{"-one\n+1\n two\n"});
}

TEST_CASE("a text that is replaced as a whole is no edit and keeps the older ones") {
    Desk desk;
    desk.replace("two", "2");
    desk.edits.changed(desk.open(Desk::kFile, "all\nnew\n"),
                       {AppliedChange{.inserted = "all\nnew\n", .whole = true}});
    CHECK(desk.hunks() == Hunks{" one\n-two\n+2\n three\n"});
    desk.replace("new", "old");
    CHECK(desk.hunks().size() == 2);
}

TEST_CASE("edits of blanks alone are left out") {
    Desk desk;
    desk.replace("three", "    three");
    CHECK(desk.hunks().empty());
    desk.replace("five", "five\n\n\n");
    CHECK(desk.hunks().empty());
}

TEST_CASE("a paste of a whole file is no edit") {
    Desk desk;
    std::string lines;
    for (int i = 0; i < 200; ++i) lines += "line " + std::to_string(i) + "\n";
    desk.splice(0, 0, lines);
    CHECK(desk.hunks().empty());
}

TEST_CASE("edits outlive their document, and only the last twenty are kept") {
    Desk desk;
    for (int i = 0; i < 30; ++i) {
        const std::string uri = "file:///w/" + std::to_string(i);
        desk.edits.changed(desk.open(uri, "alpha\n"), {AppliedChange{.inserted = "alpha\n", .whole = true}});
        desk.replace("alpha", "beta" + std::to_string(i), uri);
        desk.edits.closed(uri);
    }
    const auto edits = desk.edits.recent();
    REQUIRE(edits.size() == Edits::kMost);
    CHECK(edits.front().text == "-alpha\n+beta29\n");
    CHECK(edits.back().text == "-alpha\n+beta10\n");
}

TEST_CASE("a long line is cut between characters") {
    std::string line;
    for (int i = 0; i < 400; ++i) line += "\xC3\xA9";
    Desk desk{"x\n" + line + "\n"};
    desk.splice(2, 0, "a");
    for (const auto& edit : desk.edits.recent()) {
        CHECK(is_valid_utf8(edit.text));
        CHECK(edit.text.size() < 800);
    }
}

TEST_CASE("whatever is edited in whatever order, what an edit adds is in the text at its lines") {
    std::mt19937 random{7};
    for (int round = 0; round < 40; ++round) {
        Desk desk;
        for (int step = 0; step < 60; ++step) {
            const std::string text = desk.documents[Desk::kFile].text.to_string();
            const std::size_t at = random() % (text.size() + 1);
            const std::size_t removed = std::min<std::size_t>(random() % 6, text.size() - at);
            desk.splice(at, removed,
                        std::vector<std::string>{"", "a", "b\n", "\n\n", "word c"}[random() % 5]);
            desk.clock.advance(Milliseconds{random() % 3 == 0 ? 20'000 : 50});
            const auto edits = desk.edits.recent();
            if (edits.empty() || edits[0].overwritten) continue;
            const Text& now = desk.documents[Desk::kFile].text;
            const std::string place =
                now.slice(now.line_start(edits[0].first_line), now.line_start(edits[0].end_line));
            std::string added;
            for (const auto& line : lines_of_text(edits[0].text)) {
                if (line.starts_with('+')) added += line.substr(1) + "\n";
            }
            std::string telling;
            for (const auto& line : lines_of_text(place)) {
                if (line.find_first_not_of(" \t") != std::string::npos) telling += line + "\n";
            }
            CHECK(added == telling);
        }
    }
}
