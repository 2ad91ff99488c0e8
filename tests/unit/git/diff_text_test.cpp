#include "server/git/diff_text.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string change(const std::string& name, const std::string& hunk) {
    return "diff --git a/" + name + " b/" + name + "\nindex 1..2 100644\n--- a/" + name + "\n+++ b/" + name +
           "\n@@ -1 +1 @@\n" + hunk;
}

}  // namespace

TEST_CASE("A diff within the budget stays as it is") {
    const std::string raw = change("a b.txt", "-one\n+two\n") + change("c", "+diff --git a/x b/x\n");
    const auto shaped = git::shape_diff(raw, {});
    CHECK(shaped.text == raw);
    CHECK(shaped.files == 2);
}

TEST_CASE("What must stay on this machine is left out whatever its header looks like, and counted") {
    const std::string raw =
        GENERATE(change("secret/x", "+hidden\n"),
                 "diff --git \"a/secret/\\303\\274\" \"b/secret/\\303\\274\"\n@@\n+hidden\n",
                 "diff --git a/secret/x b/y\nrename from secret/x\nrename to y\n@@\n+hidden\n",
                 "diff --git a/y b/secret/x\nrename from y\nrename to secret/x\n@@\n+hidden\n",
                 "diff --cc secret/x\n@@@ @@@\n++hidden\n", "diff --git unreadable\n@@\n+hidden\n");
    const auto shaped =
        git::shape_diff(raw + change("open", "+shown\n"),
                        {.excluded = [](const std::string& path) { return path.starts_with("secret/"); }});
    CHECK(shaped.excluded == 1);
    CHECK_THAT(shaped.text, !ContainsSubstring("hidden") && !ContainsSubstring("secret/"));
    CHECK_THAT(shaped.text, ContainsSubstring("+shown") && ContainsSubstring("(1 file is left out"));
}

TEST_CASE("A secret is masked on either side of a change") {
    const char mark = GENERATE('+', '-', ' ');
    const auto shaped =
        git::shape_diff(change("a", std::string{mark} + "key = AKIAQ3EGRTUJ2KX7LM5N\n+after\n"), {});
    CHECK(shaped.masked == 1);
    CHECK_THAT(shaped.text, !ContainsSubstring("AKIAQ3EGRTUJ2KX7LM5N") && ContainsSubstring("\n+after\n"));
}

TEST_CASE("A secret in the line that git repeats behind a hunk's place is not told, nor half of one") {
    const std::string key = "AKIAQ3EGRTUJ2KX7LM5N", long_name(70, 'n');
    const auto shaped = git::shape_diff(change("a", "+x\n@@ -9 +9 @@ key = " + key + "\n+y\n"), {});
    CHECK(shaped.masked == 1);
    CHECK_THAT(shaped.text, !ContainsSubstring(key) && ContainsSubstring("@@ -9 +9 @@ key = ********\n+y\n"));
    // As git cuts it: behind 80 bytes, wherever these end.
    const auto cut = git::shape_diff(
        change("a", "+x\n@@ -9 +9 @@ " + (long_name + " = " + key).substr(0, 80) + "\n+y\n"), {});
    CHECK_THAT(cut.text, !ContainsSubstring("AKIA") && ContainsSubstring("@@ -9 +9 @@\n+y\n"));
    const auto plain =
        change("a", "+x\n@@ -9 +9 @@ int main() {\n+y\n") + change("b", "@@@ -1 -1 +1 @@@ f()\n++z\n");
    CHECK(git::shape_diff(plain, {}).text == plain);
}

TEST_CASE("A long file is cut with a note and a short one stays whole") {
    std::string many;
    for (int i = 0; i < 2000; ++i) many += "+line " + std::to_string(i) + "\n";
    const auto shaped = git::shape_diff(change("long", many) + change("short", "-x\n+y\n"),
                                        {.excluded = {}, .most_tokens = 500});
    CHECK(shaped.lines_cut > 1000);
    CHECK_THAT(shaped.text, ContainsSubstring("more lines of this file left out)") &&
                                ContainsSubstring("+line 0\n") && ContainsSubstring("-x\n+y\n"));
}
