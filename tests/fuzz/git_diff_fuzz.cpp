// What git wrote, made fit for a model: valid text within its budget, nothing of a file that stays here, no
// secret, and what was asked whether it may leave is what git itself would have named.
#include "protocol/base/utf.h"
#include "server/git/diff_text.h"
#include "tests/fuzz/fuzz.h"

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

constexpr std::string_view kCanary = "kept-here-canary";
constexpr std::string_view kSecret = "AKIAQ3EGW5PTZ7HN2VLX";
constexpr std::size_t kFewTokens = 50;

std::string quoted(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else if (byte < 0x20 || byte >= 0x7F) {
            out += {'\\', static_cast<char>('0' + (byte >> 6U)), static_cast<char>('0' + (byte >> 3U & 7U)),
                    static_cast<char>('0' + (byte & 7U))};
        } else {
            out += c;
        }
    }
    return out + '"';
}

void check_shape(const git::DiffText& shaped) {
    claim(is_valid_utf8(shaped.text), "a prompt holds valid UTF-8");
    claim(shaped.kept_here.size() <= shaped.excluded, "names are told of files that stay here");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    const git::DiffText whole = git::shape_diff(input, {}),
                        few = git::shape_diff(input, {.excluded = {}, .most_tokens = kFewTokens});
    check_shape(whole);
    check_shape(few);
    claim(few.files + few.files_cut == whole.files + whole.files_cut, "each file is told or counted as cut");

    // All of it stays here, and so does a file that we put behind it.
    const auto all = [](const std::string&) { return true; };
    const git::DiffText none = git::shape_diff(input, {.excluded = all});
    claim(none.files == 0, "where every file stays here none is told");
    const std::string kept =
        "diff --git a/secret/x b/secret/x\n--- a/secret/x\n+++ b/secret/x\n@@ -1 +1 @@\n+" +
        std::string{kCanary} + "\n";
    if (input.find(kCanary) == std::string_view::npos && (input.empty() || input.ends_with('\n'))) {
        const auto secret = [](const std::string& path) { return path.starts_with("secret/"); };
        const git::DiffText shaped =
            git::shape_diff(std::string{input} + kept, {.excluded = secret, .most_tokens = 1U << 20U});
        claim(shaped.text.find(kCanary) == std::string::npos, "nothing of a file that stays here is told");
    }
    if (input.find(kSecret) == std::string_view::npos && (input.empty() || input.ends_with('\n'))) {
        const std::string line = "key = \"" + std::string{kSecret} + "\"\n";
        const std::string file =
            "diff --git a/open b/open\n--- a/open\n+++ b/open\n@@ -9 +9 @@ " + line + "-" + line + "+" + line;
        const git::DiffText shaped =
            git::shape_diff(std::string{input} + file, {.excluded = {}, .most_tokens = 1U << 20U});
        claim(shaped.text.find(kSecret) == std::string::npos, "a likely secret is told nowhere in a hunk");
    }
    claim(git::unquoted(quoted(input)) == input, "a name reads back from how git quotes it");
    return 0;
}
