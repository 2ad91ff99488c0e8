// Hunks of a document: untouched lines stay, line ends are the document's, secrets are not overwritten.
#include "server/edit/changes.h"

#include "server/edit/edit_prompt.h"
#include "tests/unit/edit/rows.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::edit;
using Catch::Matchers::ContainsSubstring;
using dragoman::test::marked;

namespace {

const std::string kKey = "AKIAQ3EGW5PTZ7HN2VLX", kOther = "AKIAJ7RWD4XKM6QS3BTN";

Changes changes(const std::string& text, const std::string& replacement) {
    const auto selection = marked(text).selection;
    const Masking masking{selection};
    return make_changes(selection, masking.restore(replacement), masking);
}

}  // namespace

TEST_CASE("Only lines that changed are in hunks") {
    const Changes found = changes("0\n«a\nb\nc\nd\n»e\n", "a\nB\nc\nd\nD\n");
    CHECK(found.hunks == std::vector<Hunk>{{2, 4, "B\n"}, {8, 8, "D\n"}});
    CHECK(found.text == "a\nB\nc\nd\nD\n");
    CHECK(changes("«a\nb\n»", "a\nb\n").hunks.empty());
    CHECK(changes("«a\nb\n»", "").hunks == std::vector<Hunk>{{0, 4, ""}});
}

TEST_CASE("New lines end as the document's do, and old ones keep their ends") {
    const Changes found = changes("x\r\n«a\r\nb\r\n»c\r\n", "a\nB\n");
    CHECK(found.hunks == std::vector<Hunk>{{3, 6, "B\r\n"}});
    CHECK(found.text == "a\r\nB\r\n");
    CHECK(changes("x\r\n«a\r\nb\nc\r\n»", "a\nb\nC\n").hunks == std::vector<Hunk>{{5, 8, "C\r\n"}});
    CHECK(changes("«a\r\nb»", "a\nb\nc").text == "a\r\nb\r\nc");
}

TEST_CASE("A secret is not sent, and its line stays when it comes back masked") {
    const auto selection = marked("«a();\naws = \"" + kKey + "\";\nb();\n»").selection;
    const Masking masking{selection};
    CHECK_THAT(masking.text(), !ContainsSubstring(kKey) && ContainsSubstring("********"));
    for (const auto& message : write_prompt({.instruction = "x"}, selection, masking))
        CHECK_THAT(message.text, !ContainsSubstring(kKey));
    std::string answer = masking.text();
    answer.replace(answer.find("b();"), 4, "c();");
    const Changes found = make_changes(selection, masking.restore(answer), masking);
    REQUIRE(found.hunks.size() == 1);
    CHECK(found.hunks[0].text == "c();\n");
    CHECK_THAT(found.text, ContainsSubstring(kKey));
    CHECK(found.withheld == 0);
}

TEST_CASE("A line that is written as a masked one looks stays what it is") {
    const std::string hidden = "key = \"" + kKey + "\";\n", written = "key = \"********\";\n";
    const std::string text = GENERATE_COPY(hidden + "a();\n" + written, written + "a();\n" + hidden);
    const auto selection = marked("«" + text + "»").selection;
    const Masking masking{selection};
    CHECK(make_changes(selection, masking.restore(masking.text()), masking).hunks.empty());
    std::string answer = masking.text();
    answer.replace(answer.find("a();"), 4, "b();");
    const Changes found = make_changes(selection, masking.restore(answer), masking);
    CHECK(found.hunks.size() == 1);
    std::string wanted = text;
    CHECK(found.text == wanted.replace(wanted.find("a();"), 4, "b();"));
    // With one of the two gone nobody knows which it was: neither is written over.
    for (const Hunk& hunk : make_changes(selection, masking.restore("b();\n" + written), masking).hunks)
        CHECK_THAT(hunk.text, !ContainsSubstring("********") && !ContainsSubstring(kKey));
}

TEST_CASE("A secret in an instruction is not sent, and a mask that comes back for it is withheld") {
    const auto selection = marked("«a();\nb();\n»").selection;
    const std::string instruction = "set the key to " + kKey;
    const Masking masking{selection, instruction};
    CHECK(masking.count() == 1);
    for (const auto& message : write_prompt({.instruction = instruction}, selection, masking))
        CHECK_THAT(message.text, !ContainsSubstring(kKey));
    const Changes found = make_changes(selection, "a();\nkey = \"********\";\n", masking);
    CHECK(found.hunks.empty());
    CHECK(found.withheld == 1);
}

TEST_CASE("A mask in a changed line is withheld, other changes go on") {
    const Changes found =
        changes("«a();\naws = \"" + kKey + "\";\nb();\n»", "A();\naws = \"********\";  // key\nB();\n");
    CHECK_THAT(found.text, ContainsSubstring(kKey) && !ContainsSubstring("********"));
    CHECK(found.withheld == 1);
}

TEST_CASE("Alike lines get their own secrets back, or none") {
    const std::string text = "«x(\"" + kKey + "\");\nx(\"" + kOther + "\");\n»";
    CHECK(changes(text, "x(\"********\");\nx(\"********\");\n").hunks.empty());
    const Changes one = changes(text, "x(\"********\");\n");
    CHECK_THAT(one.text, !ContainsSubstring("********"));
}

TEST_CASE("Asterisks that hide nothing are text like any other") {
    CHECK(changes("«// ******** a\n»", "// ******** b\n").text == "// ******** b\n");
}

TEST_CASE("A secret that the selection cuts through is masked on both sides") {
    const auto selection = marked("k = \"" + kKey.substr(0, 10) + "«" + kKey.substr(10) + "\";\n»").selection;
    const Masking masking{selection};
    CHECK_THAT(masking.before() + masking.text(),
               !ContainsSubstring(kKey.substr(0, 10)) && !ContainsSubstring(kKey.substr(10)));
}

TEST_CASE("The prompt shows whole lines of the selection, what is around, and what is reported") {
    const auto selection = marked("int a;\n    «b();»\nint c;\n").selection;
    const auto prompt = write_prompt({.instruction = "Do it.",
                                      .diagnostics = {{.line = 1, .severity = 2, .message = "unused\nb"}},
                                      .path = "src/a.cpp"},
                                     selection, Masking{selection});
    REQUIRE(prompt.size() == 2);
    CHECK_THAT(prompt[1].text, ContainsSubstring("int a;\n<selection>\n    b();\n</selection>\nint c;\n") &&
                                   ContainsSubstring("Path: src/a.cpp") &&
                                   ContainsSubstring("line 2, warning: unused b") &&
                                   ContainsSubstring("Instruction: Do it."));
}
